import Foundation
import SocialDomain

/// Takes one queued run through to its end, on the thread that calls it; whatever goes wrong ends the run with words.
struct ExecuteRun: Sendable {
    let database: AidDatabase
    let computation: RunComputation

    private var store: RunStore { RunStore(database: database) }

    func callAsFunction(_ id: Int64, control: RunSwitch) throws {
        do {
            let lock = try RunLock.wait(for: database.folder, control)
            for abandoned in try store.failAbandoned() { removeFolder(of: abandoned) }
            try compute(id, control: control)
            _ = consume lock
        } catch {
            let isStopped = control.isStopped
            let words = isStopped ? RunFailure.stopped.explanation : RunFailure.words(for: error)
            try store.end(id, as: isStopped ? .stopped : .failed, words: words)
        }
    }

    private func compute(_ id: Int64, control: RunSwitch) throws {
        guard let record = try store.run(id), let asOf = CalendarDate(iso8601: record.asOf) else {
            throw RunFailure.unknown(id)
        }
        let rules = try RuleFiles(folder: database.folder).load()
        guard try store.begin(id, rules: rules) else { return }
        control.enter("register")
        guard try RegisterStore(database: database).hasHouseholds() else { throw RunFailure.noRegister }
        let register = try RegisterStore(database: database).load()
        try control.checkStopped()
        let input = RunInput(
            register: register, feeds: try FeedLibrary(database: database).files(), rules: rules, asOf: asOf,
            control: control)
        let outcome = try computation.outcome(input)
        try control.checkStopped()
        try RecordRun(database: database)(id, outcome, control: control)
    }

    /// What a run that died has written is of no use.
    func removeFolder(of id: Int64) {
        try? FileManager.default.removeItem(atPath: database.folder.run(id))
    }
}
