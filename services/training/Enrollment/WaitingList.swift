import Security
import ServiceKit
import SocialDomain
import Storage

/// Offers free seats to those who wait, in the class's order.
struct WaitingList: Sendable {
    let seats: ClassSeats
    let settings: EnrollmentSettings
    /// ISO 8601 in UTC.
    let now: String

    /// Takes back what was not accepted in time, then offers every free seat. The class's row is locked.
    ///
    /// - Returns: how many were offered a seat.
    @discardableResult
    func move(in db: Connection) throws -> Int {
        try lapse(in: db)
        guard seats.state == "open" || seats.state == "running",
            let until = seats.offerEnd(hours: settings.offerHours, after: now)
        else { return 0 }
        var offered = 0
        var passed: [Int64] = []
        while let next = try first(after: passed, in: db) {
            // Whoever sits elsewhere at the same time keeps the place and is passed over.
            guard try EnrollmentFacts.clash(of: next.learner, with: seats.id, in: db) == nil else {
                passed.append(next.id)
                continue
            }
            do {
                let isTaken = try db.savepoint {
                    guard try seats.take(in: db) else { return false }
                    try db.execute(
                        """
                        UPDATE enrollment SET state = 'offered', offered_until = \(until), changed_at = \(now),
                            version = version + 1
                        WHERE enrollment_id = \(next.id)
                        """)
                    return true
                }
                guard isTaken else { return offered }
            } catch DatabaseFault.constraint(let violation) where violation.name == "learner_clash" {
                passed.append(next.id)
                continue
            }
            try AuditLog.append([event("enrollment.offer", next.id)], in: db)
            offered += 1
        }
        return offered
    }

    private func lapse(in db: Connection) throws {
        let lapsed = try db.rows(
            """
            SELECT enrollment_id, learner_id FROM enrollment
            WHERE class_id = \(seats.id) AND state = 'offered' AND offered_until <= \(now)
            ORDER BY sequence
            """)
        for row in lapsed {
            let id: Int64 = try row.get("enrollment_id")
            try db.execute(
                """
                UPDATE enrollment SET state = 'withdrawn', offered_until = NULL, transfer_wanted = NULL,
                    reason = \(EnrollmentReason.offerLapsed.rawValue), changed_at = \(now), version = version + 1
                WHERE enrollment_id = \(id)
                """)
            try seats.giveBack(in: db)
            try NeedStore.reopen(learner: row.get("learner_id"), in: db)
            try AuditLog.append([event("enrollment.lapse", id)], in: db)
        }
    }

    private func first(after passed: [Int64], in db: Connection) throws -> (id: Int64, learner: Int64)? {
        // A lottery's list begins with the draw.
        guard seats.policy != .lottery || seats.isDrawn else { return nil }
        let others: SQL = passed.isEmpty ? "" : "AND e.enrollment_id NOT IN \(list: passed)"
        return try db.first(
            """
            SELECT e.enrollment_id, e.learner_id FROM enrollment e
            WHERE e.class_id = \(seats.id) AND e.state = 'waiting' \(others)
            ORDER BY \(trusted: seats.policy.waitingOrder) LIMIT 1
            """
        ).map { (try $0.get("enrollment_id"), try $0.get("learner_id")) }
    }

    private func event(_ action: String, _ id: Int64) -> AuditEvent {
        AuditEvent(action, subject: "enrollment:\(id)", division: seats.division, by: .upkeep)
    }
}

extension Caller {
    /// What the service does by itself.
    static let upkeep = Caller(kind: .system, id: "upkeep", name: "", scope: .ownMachine)
}
