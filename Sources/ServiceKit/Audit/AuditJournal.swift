package import Storage

/// Records looks before they are answered: those that come while a transaction is under way go into the next one
/// together, so that many readers share one write to the disk.
package actor AuditJournal {
    private let log: AuditLog
    private var waiting: [(event: AuditEvent, done: CheckedContinuation<Void, any Error>)] = []
    private var isWriting = false

    package init(database: Database) {
        log = AuditLog(database: database)
    }

    /// Returns once the entry is on disk. Whoever cannot be recorded may not look.
    package func record(_ event: AuditEvent) async throws {
        try await withCheckedThrowingContinuation { done in
            waiting.append((event, done))
            if !isWriting {
                isWriting = true
                Task { await write() }
            }
        }
    }

    private func write() async {
        while !waiting.isEmpty {
            let batch = waiting
            waiting = []
            let events = batch.map(\.event)
            do {
                try await log.database.write { db in try AuditLog.append(events, in: db) }
                for entry in batch { entry.done.resume() }
            } catch {
                for entry in batch { entry.done.resume(throwing: error) }
            }
        }
        isWriting = false
    }
}
