import Foundation
import Logging
import SocialDomain

/// Runs monitoring in the background, one run after the other, each on a thread of its own.
///
/// Progress is written to the run's record at most twice a second. Another process on the same data folder waits for its
/// turn.
actor RunJob {
    private let database: AidDatabase
    private let execute: ExecuteRun
    private let logger: Logger
    private var queue: [Int64] = []
    private var controls: [Int64: RunSwitch] = [:]
    private var worker: Task<Void, Never>?
    private var waiting: [Int64: [CheckedContinuation<Void, Never>]] = [:]

    init(database: AidDatabase, computation: RunComputation = .engine, logger: Logger = Logger(label: "aid.runs")) {
        self.database = database
        self.execute = ExecuteRun(database: database, computation: computation)
        self.logger = logger
    }

    private var store: RunStore { RunStore(database: database) }

    /// Ends the runs that a dead process left `running` (as failed, with words), mends half-received extracts, and, for
    /// the service, takes up what was still queued. The ids of the failed runs.
    @discardableResult
    func recover(takingUpQueued: Bool) async throws -> [Int64] {
        let (database, execute) = (database, execute)
        let (failed, queued) = try await onOwnThread {
            try FeedLibrary(database: database).recover()
            let store = RunStore(database: database)
            guard let lock = try RunLock(database.folder) else { return ([Int64](), [Int64]()) }
            let failed = try store.failAbandoned()
            for id in failed { execute.removeFolder(of: id) }
            _ = consume lock
            return (failed, takingUpQueued ? try store.queued() : [])
        }
        for id in failed { logger.warning("A run was abandoned", metadata: ["run": "\(id)"]) }
        for id in queued where controls[id] == nil { enqueue(id) }
        return failed
    }

    /// Asks for a run; it starts when those before it have ended.
    func submit(
        asOf: CalendarDate, along: @escaping AidActions.AlongRun = { _, _ in }
    ) async throws -> Int64 {
        let database = database
        let id = try await onOwnThread {
            let rules = try RuleFiles(folder: database.folder).load()
            return try RunStore(database: database).request(asOf: asOf, rules: rules, along: along)
        }
        enqueue(id)
        return id
    }

    /// Tells a queued or running run of this process to stop; false where there is none of this number.
    @discardableResult
    func stop(_ id: Int64) -> Bool {
        guard let control = controls[id] else { return false }
        control.stop()
        return true
    }

    /// The run that is being computed or waits longest, and how far it is.
    func progress(of id: Int64) -> MonitoringProgress? {
        controls[id]?.progress
    }

    /// Waits until the run has ended.
    func finished(_ id: Int64) async throws -> RunRecord {
        if controls[id] != nil {
            await withCheckedContinuation { waiting[id, default: []].append($0) }
        }
        let database = database
        guard let record = try await onOwnThread({ try RunStore(database: database).run(id) }) else {
            throw RunFailure.unknown(id)
        }
        return record
    }

    /// Stops the run that is being computed, leaves the others queued for the next start, and waits.
    func shutDown() async {
        let left = queue
        queue = []
        for id in left { release(id) }
        for control in controls.values { control.stop() }
        await worker?.value
    }

    private func enqueue(_ id: Int64) {
        controls[id] = RunSwitch()
        queue.append(id)
        if worker == nil { worker = Task { await work() } }
    }

    private func work() async {
        while !queue.isEmpty {
            let id = queue.removeFirst()
            guard let control = controls[id] else { continue }
            await run(id, control)
            release(id)
        }
        worker = nil
    }

    private func run(_ id: Int64, _ control: RunSwitch) async {
        let (database, execute) = (database, execute)
        let ticker = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(500))
                if let news = control.takeNews() {
                    try? await onOwnThread { try RunStore(database: database).note(news, of: id) }
                }
            }
        }
        do {
            try await onOwnThread { try execute(id, control: control) }
            logger.info("A run has ended", metadata: ["run": "\(id)"])
        } catch {
            // Its end could not be written; the next start marks it as abandoned.
            logger.error(
                "A run's end could not be recorded",
                metadata: ["run": "\(id)", "error": "\(RunFailure.words(for: error).en)"])
        }
        ticker.cancel()
    }

    private func release(_ id: Int64) {
        controls[id] = nil
        for continuation in waiting.removeValue(forKey: id) ?? [] { continuation.resume() }
    }
}

/// Runs work that blocks on a thread of its own, so that it never holds up the pool that requests run on.
func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        let thread = Thread { continuation.resume(with: Result(catching: body)) }
        thread.stackSize = 8 << 20
        thread.start()
    }
}
