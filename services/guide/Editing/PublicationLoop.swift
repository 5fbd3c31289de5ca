import Foundation
import Logging
import Security
import ServiceKit
import SocialDomain
import Storage

/// Publishes what was approved for a day, once the day has come. Every copy of the service may run it: of several that
/// find the same edition one publishes it.
struct PublicationLoop: Sendable {
    let database: Database
    let now: @Sendable () -> String
    static let interval = Duration.seconds(20)
    private static let caller = Caller(kind: .system, id: "schedule", name: "", scope: .ownMachine)

    /// Runs until the task is cancelled.
    func run(logger: Logger) async {
        while !Task.isCancelled {
            do {
                let count = try await publishDue()
                if count > 0 { logger.info("published on schedule", metadata: ["items": "\(count)"]) }
            } catch {
                // The next round tries again.
                logger.warning("scheduled publication failed", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: Self.interval)
        }
    }

    /// The number of editions that this call published.
    @discardableResult
    func publishDue() async throws -> Int {
        let time = now()
        let today = PublishItem.day(of: time).description
        let due = try await database.read { db in
            try db.rows(
                """
                SELECT i.code, e.number FROM edition e JOIN item i ON i.item_id = e.item_id
                WHERE e.state = 'approved' AND e.publish_on <= \(today) AND i.withdrawn_at IS NULL
                ORDER BY e.publish_on, i.item_id
                """
            ).map { (code: try $0.get("code", as: String.self), number: try $0.get("number", as: Int64.self)) }
        }
        var count = 0
        for (code, number) in due {
            count += try await database.write { db in
                let desk = ItemDesk(db: db, caller: Self.caller, time: time, request: "")
                let item = try desk.find(code)
                // Another copy was faster, or the edition was taken back.
                guard item.head.number == number, item.head.state == .approved, item.withdrawnAt == nil,
                    let day = item.head.publishOn, day <= today
                else { return 0 }
                try desk.publishNow(item)
                return 1
            }
        }
        return count
    }
}
