import Dispatch
import Foundation
import Synchronization

/// Threads of their own for calls that block, so that they never hold one of Swift's own. A thread starts when there is work that none of
/// those that run is free for.
final class Workers: Sendable {
    private struct Queue {
        var jobs: [@Sendable () -> Void] = []
        var next = 0
        var threads = 0
        var free = 0
        var isClosed = false

        var waiting: Int { jobs.count - next }
    }

    private enum Answer { case closed, queued, needsThread }

    private let queue = Mutex(Queue())
    private let ready = DispatchSemaphore(value: 0)
    private let count: Int
    private let name: String

    /// - Parameter count: how many threads at most.
    init(count: Int, name: String) {
        self.count = count
        self.name = name
    }

    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try Task.checkCancellation()
        return try await withCheckedThrowingContinuation { continuation in
            submit(
                { continuation.resume(with: Result(catching: body)) },
                refused: { continuation.resume(throwing: DatabaseFault.closed) })
        }
    }

    /// - Parameter refused: called at once where the threads have been told to end.
    func submit(_ job: @escaping @Sendable () -> Void, refused: () -> Void) {
        let answer = queue.withLock { queue -> Answer in
            if queue.isClosed { return .closed }
            queue.jobs.append(job)
            guard queue.waiting > queue.free, queue.threads < count else { return .queued }
            queue.threads += 1
            queue.free += 1
            return .needsThread
        }
        switch answer {
        case .closed: return refused()
        case .needsThread: start()
        case .queued: break
        }
        ready.signal()
    }

    /// What was asked before is still done.
    func close() {
        let threads = queue.withLock { queue -> Int in
            defer { queue.isClosed = true }
            return queue.isClosed ? 0 : queue.threads
        }
        for _ in 0..<threads { ready.signal() }
    }

    private func start() {
        // The thread keeps the queue alive until it is closed.
        let thread = Thread { self.work() }
        thread.name = name
        thread.start()
    }

    private func work() {
        while true {
            ready.wait()
            let job = queue.withLock { queue -> (@Sendable () -> Void)? in
                guard queue.waiting > 0 else { return nil }
                let job = queue.jobs[queue.next]
                queue.next += 1
                queue.free -= 1
                if queue.next > 1024 || queue.next == queue.jobs.count {
                    queue.jobs.removeFirst(queue.next)
                    queue.next = 0
                }
                return job
            }
            // Each job has its signal; one without a job is the close.
            guard let job else { return }
            job()
            queue.withLock { $0.free += 1 }
        }
    }
}
