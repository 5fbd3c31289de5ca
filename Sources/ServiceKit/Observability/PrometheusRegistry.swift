package import CoreMetrics
import Synchronization

/// Keeps what swift-metrics is told and writes it as Prometheus text (exposition format 0.0.4).
package final class PrometheusRegistry: MetricsFactory {
    private struct Key: Hashable {
        let label: String
        let dimensions: [Dimension]
    }

    fileprivate struct Dimension: Hashable {
        let name: String
        let value: String
    }

    private struct Kept {
        var counters: [Key: PrometheusCounter] = [:]
        var gauges: [Key: PrometheusGauge] = [:]
        var histograms: [Key: PrometheusHistogram] = [:]
    }

    private let kept = Mutex(Kept())

    package init() {}

    private static func key(_ label: String, _ dimensions: [(String, String)]) -> Key {
        Key(label: label, dimensions: dimensions.map { Dimension(name: $0.0, value: $0.1) })
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        gauge(label, dimensions)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        aggregate ? histogram(label, dimensions) : gauge(label, dimensions)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions)
    }

    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> PrometheusCounter {
        kept.withLock { kept in
            let key = Self.key(label, dimensions)
            if let known = kept.counters[key] { return known }
            let new = PrometheusCounter()
            kept.counters[key] = new
            return new
        }
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> PrometheusGauge {
        kept.withLock { kept in
            let key = Self.key(label, dimensions)
            if let known = kept.gauges[key] { return known }
            let new = PrometheusGauge()
            kept.gauges[key] = new
            return new
        }
    }

    /// Of seconds, or of whatever a recorder records.
    package func histogram(_ label: String, _ dimensions: [(String, String)]) -> PrometheusHistogram {
        kept.withLock { kept in
            let key = Self.key(label, dimensions)
            if let known = kept.histograms[key] { return known }
            let new = PrometheusHistogram()
            kept.histograms[key] = new
            return new
        }
    }

    // MARK: - Text

    /// Everything, by name; what the system says of the process stands below.
    package func text() -> String {
        let (counters, gauges, histograms) = kept.withLock { ($0.counters, $0.gauges, $0.histograms) }
        var families: [String: (type: String, lines: [String])] = [:]
        func add(_ name: String, _ type: String, _ lines: [String]) {
            families[name, default: (type, [])].lines += lines
        }
        for (key, counter) in counters {
            let name = Self.name(key.label) + (key.label.hasSuffix("_total") ? "" : "_total")
            add(name, "counter", ["\(name)\(Self.labels(key.dimensions)) \(counter.value)"])
        }
        for (key, gauge) in gauges {
            let name = Self.name(key.label)
            add(name, "gauge", ["\(name)\(Self.labels(key.dimensions)) \(Self.number(gauge.value))"])
        }
        for (key, histogram) in histograms {
            let name = Self.name(key.label)
            let state = histogram.state
            var sum = 0
            var lines = zip(PrometheusHistogram.bounds, state.counts).map { bound, count in
                sum += count
                let dimensions = key.dimensions + [Dimension(name: "le", value: Self.number(bound))]
                return "\(name)_bucket\(Self.labels(dimensions)) \(sum)"
            }
            let all = key.dimensions + [Dimension(name: "le", value: "+Inf")]
            lines.append("\(name)_bucket\(Self.labels(all)) \(state.count)")
            lines.append("\(name)_sum\(Self.labels(key.dimensions)) \(Self.number(state.sum))")
            lines.append("\(name)_count\(Self.labels(key.dimensions)) \(state.count)")
            add(name, "histogram", lines)
        }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text += "# TYPE \(name) \(family.type)\n"
            // A histogram's own lines keep their order, from the smallest bound up.
            let lines = family.type == "histogram" ? family.lines : family.lines.sorted()
            text += lines.map { $0 + "\n" }.joined()
        }
        return text + ProcessFigures.text()
    }

    private static func name(_ label: String) -> String {
        String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "_" ? $0 : "_" })
    }

    private static func labels(_ dimensions: [Dimension]) -> String {
        guard !dimensions.isEmpty else { return "" }
        let pairs = dimensions.map { dimension in
            let value = dimension.value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                .replacing("\n", with: "\\n")
            return "\(name(dimension.name))=\"\(value)\""
        }
        return "{\(pairs.joined(separator: ","))}"
    }

    static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}

package final class PrometheusCounter: CounterHandler {
    private let count = Atomic<Int64>(0)
    var value: Int64 { count.load(ordering: .relaxed) }

    package func increment(by amount: Int64) { count.wrappingAdd(amount, ordering: .relaxed) }
    package func reset() { count.store(0, ordering: .relaxed) }
}

package final class PrometheusGauge: FloatingPointCounterHandler, MeterHandler, RecorderHandler {
    private let kept = Mutex(0.0)
    var value: Double { kept.withLock { $0 } }

    package func increment(by amount: Double) { kept.withLock { $0 += amount } }
    package func decrement(by amount: Double) { kept.withLock { $0 -= amount } }
    package func set(_ value: Int64) { kept.withLock { $0 = Double(value) } }
    package func set(_ value: Double) { kept.withLock { $0 = value } }
    package func record(_ value: Int64) { set(value) }
    package func record(_ value: Double) { set(value) }
    package func reset() { set(0.0) }
}

package final class PrometheusHistogram: RecorderHandler, TimerHandler {
    /// Seconds; from a page out of memory to a long upload.
    static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

    struct State {
        var counts = [Int](repeating: 0, count: PrometheusHistogram.bounds.count)
        var count = 0
        var sum = 0.0
    }

    private let kept = Mutex(State())
    var state: State { kept.withLock { $0 } }

    package func record(_ value: Double) {
        kept.withLock { state in
            state.count += 1
            state.sum += value
            if let index = Self.bounds.firstIndex(where: { value <= $0 }) { state.counts[index] += 1 }
        }
    }

    package func record(_ value: Int64) { record(Double(value)) }
    package func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
}
