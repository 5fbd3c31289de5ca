import CoreMetrics
import Synchronization

/// Counts and times by host: `http_client_requests_total` (with the outcome: a status class or a fault's code),
/// `http_client_duration_seconds` (to the end of a whole answer, to the head of a streamed one),
/// `http_client_bodies_broken_total` (streamed ones), `http_client_retries_total`, `http_client_circuit_opened_total`.
final class ClientMetrics: Sendable {
    private struct Key: Hashable {
        let label: String
        let host: String
        let outcome: String
    }

    private struct Instruments {
        var counters: [Key: Counter] = [:]
        var timers: [String: CoreMetrics.Timer] = [:]
    }

    /// Hosts come from configuration, so there are few; this only keeps a mistake from filling the memory.
    private static let limit = 4096

    private let factory: any MetricsFactory
    private let instruments = Mutex(Instruments())

    /// Nil for the process's own factory.
    init(factory: (any MetricsFactory)?) {
        self.factory = factory ?? MetricsSystem.factory
    }

    func note(_ outcome: String, of host: String, after duration: Duration) {
        count("http_client_requests_total", host, outcome)
        let timer = instruments.withLock { instruments in
            if let timer = instruments.timers[host] { return timer }
            let timer = CoreMetrics.Timer(
                label: "http_client_duration_seconds", dimensions: [("host", host)], factory: factory)
            if instruments.timers.count < Self.limit { instruments.timers[host] = timer }
            return timer
        }
        timer.recordNanoseconds(Int64(duration / .nanoseconds(1)))
    }

    func noteBreak(_ outcome: String, of host: String) { count("http_client_bodies_broken_total", host, outcome) }

    func noteRetry(of host: String) { count("http_client_retries_total", host, "") }

    func noteOpening(of host: String) { count("http_client_circuit_opened_total", host, "") }

    private func count(_ label: String, _ host: String, _ outcome: String) {
        let key = Key(label: label, host: host, outcome: outcome)
        let counter = instruments.withLock { instruments in
            if let counter = instruments.counters[key] { return counter }
            let dimensions = [("host", host)] + (outcome.isEmpty ? [] : [("outcome", outcome)])
            let counter = Counter(label: label, dimensions: dimensions, factory: factory)
            if instruments.counters.count < Self.limit { instruments.counters[key] = counter }
            return counter
        }
        counter.increment()
    }
}
