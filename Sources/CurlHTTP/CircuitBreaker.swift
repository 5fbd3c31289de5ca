import Synchronization

/// Leaves a host alone for a while that failed again and again.
final class CircuitBreaker: Sendable {
    enum Outcome: Sendable {
        case success
        case failure
        /// Says nothing about the host: cancelled, for example.
        case none
    }

    private struct Host {
        var failures = 0
        var openUntil: ContinuousClock.Instant?
        var isTrying = false
    }

    private let settings: ClientOptions.Breaker
    private let hosts = Mutex<[String: Host]>([:])

    init(_ settings: ClientOptions.Breaker) {
        self.settings = settings
    }

    /// False where the circuit is open. After the pause one caller is let through; all others wait for its outcome.
    func admits(_ host: String, at now: ContinuousClock.Instant) -> Bool {
        hosts.withLock { hosts in
            guard var state = hosts[host], let until = state.openUntil else { return true }
            if now < until || state.isTrying { return false }
            state.isTrying = true
            hosts[host] = state
            return true
        }
    }

    /// True where this outcome opened the circuit.
    @discardableResult
    func note(_ outcome: Outcome, of host: String, at now: ContinuousClock.Instant) -> Bool {
        hosts.withLock { hosts in
            switch outcome {
            case .success:
                hosts[host] = nil
                return false
            case .none:
                hosts[host]?.isTrying = false
                return false
            case .failure:
                var state = hosts[host] ?? Host()
                state.failures += 1
                state.isTrying = false
                let isOpening = state.failures >= settings.failures
                if isOpening { state.openUntil = now + settings.pause }
                hosts[host] = state
                return isOpening
            }
        }
    }
}
