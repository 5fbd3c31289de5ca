import Foundation
package import Storage
import Synchronization

/// What a job's work and its runner share: what was asked for, how far it is, whether it is to stop.
package final class JobControl: Sendable {
    enum Stop: Hashable, Sendable {
        case asked
        /// The service stops; the job goes on after the next start, or in another copy.
        case shutDown
        case lost
    }

    private struct State {
        var progress: JobProgress
        var isNew = false
        var stop: Stop?
        var cancel: (@Sendable () -> Void)?
    }

    package var job: Job { lease.job }
    let lease: JobLease
    private let store: JobStore
    private let state: Mutex<State>

    init(_ lease: JobLease, store: JobStore) {
        self.lease = lease
        self.store = store
        state = Mutex(State(progress: lease.job.progress))
    }

    package func parameters<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(job.parameters.utf8))
    }

    /// What an earlier attempt has saved last; nil in the first.
    package func checkpoint<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value? {
        try job.checkpoint.map { try JSONDecoder().decode(Value.self, from: Data($0.utf8)) }
    }

    /// Costs next to nothing: it is written once a second at most.
    package func report(_ phase: String, done: Int = 0, total: Int = 0) {
        state.withLock { state in
            state.progress = JobProgress(phase: phase, done: done, total: total)
            state.isNew = true
        }
    }

    /// Whether the work is to end soon; its task is cancelled then too.
    package var isCancelled: Bool { state.withLock { $0.stop != nil } }

    package func checkStopped() throws {
        if isCancelled { throw CancellationError() }
    }

    /// Saves what a later attempt begins with. What the closure writes is saved with it: it is done once, however often the
    /// job is tried. Throws where another runner has taken the job over.
    package func save(
        _ checkpoint: some Encodable, _ body: @escaping @Sendable (Connection) throws -> Void = { _ in }
    ) async throws {
        do {
            try await store.save(JobRequest.json(checkpoint), of: lease, body)
        } catch let lost as JobLost {
            end(.lost)
            throw lost
        }
    }

    // MARK: - For the runner

    var stop: Stop? { state.withLock { $0.stop } }
    var progress: JobProgress { state.withLock { $0.progress } }

    /// Whether something was reported since the last time.
    func takeNews() -> Bool {
        state.withLock { state in
            defer { state.isNew = false }
            return state.isNew
        }
    }

    func onStop(_ cancel: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            state.cancel = cancel
            return state.stop != nil
        }
        if isLate { cancel() }
    }

    /// The first reason stays, but for a loss.
    func end(_ reason: Stop) {
        let cancel = state.withLock { state in
            if state.stop == nil || reason == .lost { state.stop = reason }
            return state.cancel
        }
        cancel?()
    }
}
