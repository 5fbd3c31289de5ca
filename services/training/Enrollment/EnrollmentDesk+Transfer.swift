import Security
import ServiceKit
import SocialDomain
import Storage

extension EnrollmentDesk {
    /// Moves a learner to another class of the same program, in one transaction: the seat there is taken, the one here
    /// goes to whoever waits, and both rows stay.
    ///
    /// - Returns: the enrollment in the other class.
    func transfer(_ id: Int64, to other: Int64, _ act: Act) async throws -> Int64 {
        let (now, settings) = (now(), settings)
        return try await explained {
            try await database.writeByRows { db in
                let here = try db.first("SELECT class_id FROM enrollment WHERE enrollment_id = \(id)")
                    .map { try $0.get("class_id", as: Int64.self) }
                guard let here else { throw Problem.notFound }
                guard here != other else { throw EnrollmentRefusal.sameClass }
                // Two that move in opposite directions lock in one order.
                for place in [here, other].sorted() { _ = try ClassSeats.locked(place, in: db) }
                let found = try Self.find(id, .within(act.scope), in: db)
                if let version = act.version, version != found.version {
                    throw EnrollmentRefusal.changedMeanwhile(found.state)
                }
                guard found.state.isOpen else { throw EnrollmentRefusal.notPossible(found.state) }
                guard let target = try ClassSeats.find(other, in: db),
                    try act.scope.contains(target.division, school: target.school, in: db)
                else { throw Problem.notFound }
                guard target.program == found.seats.program else { throw EnrollmentRefusal.otherProgram }
                guard ["open", "running"].contains(target.state) else { throw EnrollmentRefusal.classBegan }
                let arrived = try Self.move(found, to: target, within: act.scope, at: now, in: db)
                let events = [
                    ("enrollment.transfer", found.id, found.seats.division, "enrollment:\(arrived)"),
                    ("enrollment.add", arrived, target.division, "transfer"),
                ]
                try AuditLog.append(
                    events.map { action, subject, division, reason in
                        AuditEvent(
                            action, subject: "enrollment:\(subject)", division: division, reason: reason,
                            by: act.caller, request: act.requestID)
                    }, in: db)
                try WaitingList(seats: found.seats, settings: settings, now: now).move(in: db)
                return arrived
            }
        }
    }

    private static func move(
        _ found: Found, to target: ClassSeats, within scope: Scope, at now: String, in db: Connection
    ) throws -> Int64 {
        // First out of the old class: both may be at the same hours.
        try db.execute(
            """
            UPDATE enrollment SET state = 'transferred', offered_until = NULL, transfer_wanted = NULL,
                reason = \(EnrollmentReason.otherClass.rawValue), changed_at = \(now), version = version + 1
            WHERE enrollment_id = \(found.id)
            """)
        if found.state.holdsSeat { try found.seats.giveBack(in: db) }
        if let clash = try EnrollmentFacts.clash(of: found.learner, with: target.id, within: scope, in: db) {
            throw clash
        }
        // Seats of a lottery are given by its draw.
        guard target.policy != .lottery || target.isDrawn, try target.take(in: db) else {
            throw EnrollmentRefusal.noSeat
        }
        let sequence = try target.nextSequence(in: db)
        guard
            let row = try db.first(
                """
                INSERT INTO enrollment (class_id, learner_id, division, state, sequence, priority, low_income,
                    low_income_at, source, residence, groups, created_at, changed_at)
                SELECT \(target.id), learner_id, \(target.division), 'seated', \(sequence), priority, low_income,
                    low_income_at, 'staff', residence, groups, \(now), \(now)
                FROM enrollment WHERE enrollment_id = \(found.id)
                ON CONFLICT (class_id, learner_id) DO UPDATE SET state = 'seated', sequence = excluded.sequence,
                    lottery_rank = NULL, offered_until = NULL, reason = '', note = '', transfer_wanted = NULL,
                    transferred_to = NULL, residence = excluded.residence, groups = excluded.groups,
                    changed_at = excluded.changed_at, version = enrollment.version + 1
                WHERE enrollment.state IN ('withdrawn', 'transferred', 'dropped', 'refused')
                RETURNING enrollment_id
                """)
        else { throw EnrollmentRefusal.sameClass }
        let arrived: Int64 = try row.get("enrollment_id")
        try db.execute("UPDATE enrollment SET transferred_to = \(arrived) WHERE enrollment_id = \(found.id)")
        try target.tellAid(.enrolled, learner: found.learner, arrived, on: BeijingTime.day(iso8601: now), in: db)
        return arrived
    }

    /// A new secret address for somebody who lost it or has a new phone, given by staff who have seen the person's card.
    func renewPage(_ id: Int64, phone: String?, _ act: Act) async throws -> LearnerToken {
        let token = LearnerToken.random()
        let register = register
        try await database.write { db in
            let inside = SQL.within(act.scope, division: "e.division", class: "e.class_id")
            guard
                let row = try db.first(
                    """
                    SELECT l.learner_id, l.number_index, e.division FROM enrollment e
                    JOIN learner l ON l.learner_id = e.learner_id WHERE e.enrollment_id = \(id) AND \(inside)
                    """)
            else { throw Problem.notFound }
            let learner: Int64 = try row.get("learner_id")
            try LearnerRegister.replaceToken(of: learner, with: token, in: db)
            if let phone {
                let sealed = try register.seal.seal(phone: phone, index: try row.get("number_index"))
                try db.execute("UPDATE learner SET phone_sealed = \(sealed) WHERE learner_id = \(learner)")
            }
            try AuditLog.append(
                [
                    AuditEvent(
                        "learner.renew-page", subject: "learner:\(learner)", division: try row.get("division"),
                        reason: phone == nil ? "" : "phone", by: act.caller, request: act.requestID)
                ], in: db)
        }
        return token
    }
}
