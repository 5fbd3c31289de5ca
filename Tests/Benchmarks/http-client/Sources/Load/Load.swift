import Glibc

/// The same work for every client: so many tasks that each ask again as soon as they were answered.
package struct Load: Sendable {
    package let url: String
    package let inFlight: Int
    /// How many connections the client may open; nil leaves it to the client.
    package let connections: Int?
    private let seconds: Int

    private static let warmUp = Duration.milliseconds(300)

    package struct BadArguments: Error {}

    /// `URL IN-FLIGHT SECONDS [CONNECTIONS]`.
    package init(_ arguments: [String]) throws {
        guard (4...5).contains(arguments.count), let inFlight = Int(arguments[2]), let seconds = Int(arguments[3])
        else { throw BadArguments() }
        url = arguments[1]
        self.inFlight = inFlight
        self.seconds = seconds
        connections = arguments.count == 5 ? Int(arguments[4]) : nil
    }

    /// `ask` gives the answer's status and the length of its body. Prints requests a second, failures, processor
    /// seconds of the measured time and the peak of resident memory in KB.
    package func run(_ ask: @escaping @Sendable () async throws -> (status: Int, length: Int)) async {
        _ = await round(for: Self.warmUp, ask)
        let before = usage()
        let start = ContinuousClock.now
        let (answers, failures) = await round(for: .seconds(seconds), ask)
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        let after = usage()
        let used = Int((after.seconds - before.seconds) * 100)
        print(
            "\(Int(Double(answers) / elapsed)) \(failures) \(used / 100).\(used % 100 / 10)\(used % 10) \(after.peak)")
    }

    private func round(
        for duration: Duration, _ ask: @escaping @Sendable () async throws -> (status: Int, length: Int)
    ) async -> (answers: Int, failures: Int) {
        let end = ContinuousClock.now + duration
        return await withTaskGroup(of: (Int, Int).self) { group in
            for _ in 0..<inFlight {
                group.addTask {
                    var (answers, failures) = (0, 0)
                    while ContinuousClock.now < end {
                        if let answer = try? await ask(), answer.status == 200, answer.length > 0 {
                            answers += 1
                        } else {
                            failures += 1
                        }
                    }
                    return (answers, failures)
                }
            }
            return await group.reduce(into: (0, 0)) { $0 = ($0.0 + $1.0, $0.1 + $1.1) }
        }
    }

    private func usage() -> (seconds: Double, peak: Int) {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let micro = Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
        return (Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + micro / 1e6, usage.ru_maxrss)
    }
}
