import Logging
import ServiceKit
import Storage

/// What a running service does to enrollments by itself: offers that lapsed go to the next, seats that became free are
/// offered, aid is asked again. Every copy may do it: the class's row is locked, and what is done is found done.
struct EnrollmentUpkeep: Sendable {
    let database: Database
    let settings: EnrollmentSettings
    let aid: AidStatus
    let now: @Sendable () -> String
    private static let interval = Duration.seconds(20)

    /// Until the task is cancelled.
    func follow(_ logger: Logger) async {
        while !Task.isCancelled {
            do {
                let (offered, checked) = try await once()
                if offered + checked > 0 {
                    logger.info(
                        "enrollments were looked after",
                        metadata: ["offered": "\(offered)", "checked": "\(checked)"])
                }
            } catch {
                // A database that does not answer now is asked again.
                logger.error("enrollments could not be looked after", metadata: ["error": "\(type(of: error))"])
            }
            try? await Task.sleep(for: Self.interval)
        }
    }

    func once() async throws -> (offered: Int, checked: Int) {
        var offered = 0
        for id in try await dueClasses() {
            let (settings, now) = (settings, now())
            offered += try await database.writeByRows { db in
                guard let seats = try ClassSeats.locked(id, in: db) else { return 0 }
                return try WaitingList(seats: seats, settings: settings, now: now).move(in: db)
            }
        }
        return (offered, try await aid.askAgain(settings))
    }

    /// Classes with an offer that lapsed, or with a free seat for which somebody waits.
    private func dueClasses() async throws -> [Int64] {
        let now = now()
        return try await database.read { db in
            try db.rows(
                """
                SELECT e.class_id FROM enrollment e WHERE e.state = 'offered' AND e.offered_until <= \(now)
                UNION
                SELECT c.class_id FROM training_class c
                WHERE c.state IN ('open', 'running') AND c.seated < c.capacity
                    AND EXISTS (SELECT 1 FROM enrollment w WHERE w.class_id = c.class_id AND w.state = 'waiting')
                """
            ).map { try $0.get("class_id") }
        }
    }
}
