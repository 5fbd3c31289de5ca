package import Foundation
package import Storage

/// Removes events that were delivered long ago, what the inbox remembers longer than any repetition, answers kept under
/// idempotency keys, and old jobs: every night at 02:30, once among all copies of a service.
package enum EventRetention {
    package static let kind = "events.clean-up"
    private static let piece = 1000

    package static func handler(
        database: Database, options: EventOptions = EventOptions(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) -> JobHandler {
        JobHandler(kind) { control in
            let (outbox, inbox, jobs) = (
                Outbox(database: database), Inbox(database: database), JobStore(database: database)
            )
            let time = now().unixMilliseconds
            var result = Removed()
            control.report("delivered")
            while true {
                try control.checkStopped()
                let count = try await outbox.removeDelivered(
                    before: time - options.keepsDelivered.milliseconds, limit: piece)
                result.delivered += count
                if count < piece { break }
            }
            control.report("received")
            while true {
                try control.checkStopped()
                let count = try await inbox.forget(before: time - options.remembers.milliseconds, limit: piece)
                result.received += count
                if count < piece { break }
            }
            control.report("jobs")
            try await database.write { db in try Idempotency.forget(before: time / 1000, in: db) }
            result.jobs = try await jobs.removeEnded(before: time - JobStore.keeps.milliseconds)
            return result
        }
    }

    package static let schedule = JobSchedule(kind: kind, .daily(hour: 2, minute: 30))

    private struct Removed: Encodable {
        var delivered = 0
        var received = 0
        var jobs = 0
    }
}
