import Dispatch
import Synchronization

/// The alerts of all households, made in blocks side by side and put together in order.
struct AlertBlocks: Sendable {
    /// Lines of alerts.jsonl.
    let blocks: [[UInt8]]
    let counts: [Direction: [Tier: Int]]
    let failures: [MonitoringReport.Failure]

    private struct Block: Sendable {
        var lines: [UInt8] = []
        var counts: [Direction: [Tier: Int]] = [:]
        var failures = FailureCounts()
    }

    static let blockSize = 4096

    static func evaluate(_ context: EvaluationContext, threads: Int) -> AlertBlocks {
        let total = context.register.householdCount
        let blockCount = (total + blockSize - 1) / blockSize
        let next = Atomic<Int>(0)
        let done = Mutex([Block?](repeating: nil, count: blockCount))
        let lines = AlertLines(context)
        if blockCount > 0 {
            DispatchQueue.concurrentPerform(iterations: min(threads, blockCount)) { _ in
                let evaluator = HouseholdEvaluator(context)
                while true {
                    let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard number < blockCount else { return }
                    let households = number * blockSize..<min(total, (number + 1) * blockSize)
                    let block = evaluate(households, evaluator, lines, context)
                    done.withLock { $0[number] = block }
                }
            }
        }
        let blocks = done.withLock { $0 }.compactMap { $0 }
        var counts: [Direction: [Tier: Int]] = [:]
        var failures = FailureCounts()
        for block in blocks {
            for (direction, tiers) in block.counts {
                counts[direction, default: [:]].merge(tiers, uniquingKeysWith: +)
            }
            failures.append(block.failures)
        }
        let indicators = context.rules.indicators
        return AlertBlocks(
            blocks: blocks.map(\.lines), counts: counts,
            failures: indicators.indices.compactMap { index in
                failures.failure(index, of: .indicator(indicators[index].id))
            })
    }

    private static func evaluate(
        _ households: Range<Int>, _ evaluator: HouseholdEvaluator, _ lines: AlertLines, _ context: EvaluationContext
    ) -> Block {
        var block = Block()
        var json = JSONBytes()
        var counts = [Int](repeating: 0, count: 6)
        for household in households {
            evaluator.evaluate(household) { found in
                lines.write(found, to: &json)
                counts[
                    (found.direction == .review ? 0 : 3) + (found.tier == .red ? 0 : found.tier == .orange ? 1 : 2)] +=
                    1
            }
            for failure in evaluator.failures {
                block.failures.add(failure.indicator) {
                    failure.person < 0
                        ? context.register.householdIDs.text(household)
                        : context.register.personIDs.text(failure.person)
                }
            }
        }
        for (place, count) in counts.enumerated() where count > 0 {
            let tier: Tier = [.red, .orange, .yellow][place % 3]
            block.counts[place < 3 ? .review : .support, default: [:]][tier] = count
        }
        block.lines = json.bytes
        return block
    }
}

/// How often each expression failed, and its first hundred subjects.
struct FailureCounts: Sendable {
    private var counts: [Int: Int] = [:]
    private var subjects: [Int: [String]] = [:]
    static let shown = 100

    mutating func add(_ expression: Int, subject: () -> String) {
        let count = counts[expression, default: 0]
        counts[expression] = count + 1
        if count < Self.shown { subjects[expression, default: []].append(subject()) }
    }

    mutating func append(_ later: FailureCounts) {
        for (expression, count) in later.counts {
            let known = subjects[expression] ?? []
            subjects[expression] = known + (later.subjects[expression] ?? []).prefix(Self.shown - known.count)
            counts[expression, default: 0] += count
        }
    }

    func failure(_ expression: Int, of name: MonitoringReport.Failure.Expression) -> MonitoringReport.Failure? {
        counts[expression].map {
            MonitoringReport.Failure(expression: name, count: $0, subjects: subjects[expression] ?? [])
        }
    }
}
