import Dispatch
import Foundation
import Synchronization

/// Threads of their own for calls that block, so that they never hold one of Swift's own.
final class Workers: Sendable {
    private struct Queue {
        var jobs: [@Sendable () -> Void] = []
        var next = 0
        var isClosed = false
    }

    private let queue = Mutex(Queue())
    private let ready = DispatchSemaphore(value: 0)
    private let count: Int

    init(count: Int, name: String) {
        self.count = count
        for _ in 0..<count {
            // The thread keeps the queue alive until it is closed.
            let thread = Thread { self.work() }
            thread.name = name
            thread.start()
        }
    }

    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try Task.checkCancellation()
        return try await withCheckedThrowingContinuation { continuation in
            let isTaken = queue.withLock { queue in
                if queue.isClosed { return false }
                queue.jobs.append { continuation.resume(with: Result(catching: body)) }
                return true
            }
            if isTaken { ready.signal() } else { continuation.resume(throwing: DatabaseFault.closed) }
        }
    }

    /// What was asked before is still done.
    func close() {
        let isFirst = queue.withLock { queue in
            defer { queue.isClosed = true }
            return !queue.isClosed
        }
        if isFirst {
            for _ in 0..<count { ready.signal() }
        }
    }

    private func work() {
        while true {
            ready.wait()
            let job = queue.withLock { queue -> (@Sendable () -> Void)? in
                guard queue.next < queue.jobs.count else { return nil }
                let job = queue.jobs[queue.next]
                queue.next += 1
                if queue.next > 1024 || queue.next == queue.jobs.count {
                    queue.jobs.removeFirst(queue.next)
                    queue.next = 0
                }
                return job
            }
            // Each job has its signal; one without a job is the close.
            guard let job else { return }
            job()
        }
    }
}
