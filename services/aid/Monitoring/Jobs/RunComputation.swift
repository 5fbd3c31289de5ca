import Foundation
import SocialDomain

/// What a run is computed from.
struct RunInput: Sendable {
    let register: Register
    let feeds: [FeedFile]
    let rules: LoadedRules
    let asOf: CalendarDate
    let control: RunSwitch
}

/// What a computed run hands over to be recorded.
protocol RunOutcome {
    /// Writes `alerts.jsonl`, `rejects.csv`, `conflicts.csv` and `report.json`: all or nothing.
    func write(to folder: String, isStopped: () -> Bool) throws
    func forEachAlert(_ body: (FoundAlert) throws -> Void) throws
    func forEachEvidence(
        _ body: (_ household: String, _ rowsJSON: UnsafeBufferPointer<UInt8>) throws -> Void) throws
}

extension MonitoringOutcome: RunOutcome {}

/// How a run is computed: by the engine; tests put another in its place to see a run stop, fail or wait.
struct RunComputation: Sendable {
    let outcome: @Sendable (RunInput) throws -> any RunOutcome

    static let engine = RunComputation { input in
        let control = input.control
        return try MonitoringRun(
            rules: input.rules.book, kinds: input.rules.kinds, asOf: input.asOf,
            threads: ProcessInfo.processInfo.activeProcessorCount, keepsEvidence: true
        ).execute(
            register: input.register, feeds: input.feeds, progress: { control.report($0) },
            isStopped: { control.isStopped })
    }
}
