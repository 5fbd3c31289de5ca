import Foundation
package import Storage
import Synchronization

/// Records looks before they are answered: those that come while a transaction is under way go into the next one
/// together, so that many readers share one write to the disk.
package final class AuditJournal: Sendable {
    private struct Entry {
        let event: AuditEvent
        let done: CheckedContinuation<Void, any Error>
    }

    private struct Queue {
        var waiting: [Entry] = []
        var isWriting = false
    }

    /// Where so many looked at once, more are on their way: the next transaction waits a moment for them, as each costs the
    /// disk the same however many looks it holds.
    private static let crowd = 4
    private static let moment: TimeInterval = 0.0004

    private let log: AuditLog
    private let queue = Mutex(Queue())

    package init(database: Database) {
        log = AuditLog(database: database)
    }

    /// Returns once the entry is on disk. Whoever cannot be recorded may not look.
    package func record(_ event: AuditEvent) async throws {
        try await withCheckedThrowingContinuation { done in
            let isFirst = queue.withLock { queue in
                queue.waiting.append(Entry(event: event, done: done))
                defer { queue.isWriting = true }
                return !queue.isWriting
            }
            if isFirst { write() }
        }
    }

    /// What waits by now goes into one transaction; what came meanwhile into the next.
    private func write() {
        let batch = queue.withLock { queue -> [Entry] in
            defer { queue.waiting = [] }
            if queue.waiting.isEmpty { queue.isWriting = false }
            return queue.waiting
        }
        if batch.isEmpty { return }
        let events = batch.map(\.event)
        log.database.write { db in
            try AuditLog.append(events, in: db)
        } done: { [self] result in
            for entry in batch { entry.done.resume(with: result) }
            // What was written was so on the writer's thread, which may block.
            if batch.count >= Self.crowd, case .success = result { Thread.sleep(forTimeInterval: Self.moment) }
            write()
        }
    }
}
