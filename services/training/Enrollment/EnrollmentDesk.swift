import Security
import ServiceKit
import SocialDomain
import Storage

/// What learners and staff do with an enrollment: each method is one use case in one transaction, in the class's order.
///
/// Everything runs with `writeByRows`: the class's row is locked first, so what is read of the class afterwards stays.
struct EnrollmentDesk: Sendable {
    let database: Database
    let register: LearnerRegister
    let settings: EnrollmentSettings
    let now: @Sendable () -> String

    /// Who acts, and on which version of what.
    struct Act: Sendable {
        let caller: Caller
        var requestID = ""
        /// Nil for learners, who see one state on their page and change nothing else.
        var version: Int64?

        var scope: Scope { caller.scope }
    }

    /// Whose enrollment it may be.
    enum Owner: Sendable {
        case within(Scope)
        case learner(LearnerToken)
    }

    struct Found: Sendable {
        let id: Int64
        let learner: Int64
        let state: EnrollmentState
        let offeredUntil: String?
        let source: String
        let enteredBy: String
        let version: Int64
        let seats: ClassSeats
    }

    // MARK: - Signing up

    /// Nil where there is no such class to be seen.
    func signUp(_ request: SignUp.Request, within scope: Scope? = nil) async throws -> SignUp.Outcome? {
        let signUp = SignUp(register: register, settings: settings, now: now())
        return try await explained {
            try await database.writeByRows { db in
                if let scope {
                    guard let seats = try ClassSeats.find(request.classID, in: db),
                        try scope.contains(seats.division, school: seats.school, in: db)
                    else { return nil }
                }
                return try signUp.run(request, in: db)
            }
        }
    }

    // MARK: - Learners

    func accept(_ id: Int64, _ token: LearnerToken, requestID: String) async throws {
        try await change(id, .learner(token), Act(caller: .stranger, requestID: requestID)) { found, now, db in
            if found.state == .seated { return nil }
            guard found.state == .offered else { throw EnrollmentRefusal.notPossible(found.state) }
            guard let until = found.offeredUntil, now < until else { throw EnrollmentRefusal.offerLapsed }
            try Self.set(.seated, found, at: now, in: db)
            try found.seats.tellAid(
                .enrolled, learner: found.learner, found.id, on: BeijingTime.day(iso8601: now), in: db)
            return ("enrollment.accept", "")
        }
    }

    /// Before the class begins; afterwards the school notes that somebody dropped out.
    func leave(_ id: Int64, _ token: LearnerToken, requestID: String) async throws {
        try await change(id, .learner(token), Act(caller: .stranger, requestID: requestID)) { found, now, db in
            if found.state == .withdrawn { return nil }
            guard found.state.isOpen, found.seats.state == "open" else {
                throw EnrollmentRefusal.notPossible(found.state)
            }
            try end(found, .withdrawn, .ownWish, note: "", at: now, in: db)
            return ("enrollment.withdraw", EnrollmentReason.ownWish.rawValue)
        }
    }

    /// The learner asks to be moved; nil takes the wish back. The school decides.
    func wishTransfer(_ id: Int64, to other: Int64?, _ token: LearnerToken, requestID: String) async throws {
        try await change(id, .learner(token), Act(caller: .stranger, requestID: requestID)) { found, now, db in
            guard found.state.isOpen else { throw EnrollmentRefusal.notPossible(found.state) }
            if let other {
                guard other != found.seats.id else { throw EnrollmentRefusal.sameClass }
                guard let wanted = try ClassSeats.find(other, in: db), wanted.program == found.seats.program else {
                    throw EnrollmentRefusal.otherProgram
                }
                if let closure = wanted.closure(on: BeijingTime.day(iso8601: now)) { throw closure }
            }
            try db.execute(
                """
                UPDATE enrollment SET transfer_wanted = \(other), changed_at = \(now), version = version + 1
                WHERE enrollment_id = \(id)
                """)
            return ("enrollment.transfer-wish", other.map { "class:\($0)" } ?? "none")
        }
    }

    // MARK: - Staff

    func approve(_ id: Int64, _ act: Act) async throws {
        try await change(id, .within(act.scope), act) { found, now, db in
            guard found.state == .applied, found.seats.policy != .lottery else {
                throw EnrollmentRefusal.notPossible(found.state)
            }
            guard found.enteredBy.isEmpty || found.enteredBy != act.caller.id else { throw EnrollmentRefusal.ownEntry }
            if let clash = try EnrollmentFacts.clash(
                of: found.learner, with: found.seats.id, within: act.scope, in: db)
            {
                throw clash
            }
            let someoneWaits =
                try db.first(
                    "SELECT 1 AS one FROM enrollment WHERE class_id = \(found.seats.id) AND state = 'waiting' LIMIT 1")
                != nil
            let isSeated = try !someoneWaits && found.seats.take(in: db)
            try Self.set(isSeated ? .seated : .waiting, found, at: now, in: db)
            if isSeated {
                try found.seats.tellAid(
                    .enrolled, learner: found.learner, found.id, on: BeijingTime.day(iso8601: now), in: db)
            }
            return ("enrollment.approve", isSeated ? "seated" : "waiting")
        }
    }

    func refuse(_ id: Int64, _ reason: EnrollmentReason, note: String, _ act: Act) async throws {
        try await change(id, .within(act.scope), act) { found, now, db in
            guard [.applied, .waiting].contains(found.state) else { throw EnrollmentRefusal.notPossible(found.state) }
            guard found.enteredBy.isEmpty || found.enteredBy != act.caller.id else { throw EnrollmentRefusal.ownEntry }
            try end(found, .refused, reason, note: note, at: now, in: db)
            return ("enrollment.refuse", reason.rawValue)
        }
    }

    func withdraw(_ id: Int64, _ reason: EnrollmentReason, note: String, _ act: Act) async throws {
        try await change(id, .within(act.scope), act) { found, now, db in
            guard found.state.isOpen else { throw EnrollmentRefusal.notPossible(found.state) }
            try end(found, .withdrawn, reason, note: note, at: now, in: db)
            return ("enrollment.withdraw", reason.rawValue)
        }
    }

    /// Somebody who had a seat does not come any more.
    func drop(_ id: Int64, _ reason: EnrollmentReason, note: String, _ act: Act) async throws {
        try await change(id, .within(act.scope), act) { found, now, db in
            guard found.state == .seated, ["running", "ended"].contains(found.seats.state) else {
                throw EnrollmentRefusal.notPossible(found.state)
            }
            try end(found, .dropped, reason, note: note, at: now, in: db)
            try found.seats.tellAid(
                .droppedOut, learner: found.learner, found.id, on: BeijingTime.day(iso8601: now), in: db)
            return ("enrollment.drop", reason.rawValue)
        }
    }

    // MARK: - One change

    /// Locks the class, reads the enrollment anew, lets the body act, and offers what became free.
    ///
    /// - Parameter body: what the log says; nil where it was done already.
    func change(
        _ id: Int64, _ owner: Owner, _ act: Act,
        _ body: @escaping @Sendable (Found, String, Connection) throws -> (action: String, reason: String)?
    ) async throws {
        let (now, settings) = (now(), settings)
        try await explained {
            try await database.writeByRows { db in
                let found = try Self.find(id, owner, in: db)
                if let version = act.version, version != found.version {
                    throw EnrollmentRefusal.changedMeanwhile(found.state)
                }
                guard let done = try body(found, now, db) else { return }
                try AuditLog.append(
                    [
                        AuditEvent(
                            done.action, subject: "enrollment:\(id)", division: found.seats.division,
                            reason: done.reason, by: act.caller, request: act.requestID)
                    ], in: db)
                try WaitingList(seats: found.seats, settings: settings, now: now).move(in: db)
            }
        }
    }

    /// The database's own guard against two places at once speaks as the look before it does.
    func explained<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch DatabaseFault.constraint(let violation) where violation.name == "learner_clash" {
            throw EnrollmentRefusal.clash(title: "另一个班 another class", when: "–")
        }
    }

    /// Not found is the same for what is not there and for what another division or person has.
    static func find(_ id: Int64, _ owner: Owner, in db: Connection) throws -> Found {
        let isOwn: SQL =
            switch owner {
            case .within(let scope): SQL.within(scope, division: "e.division", class: "e.class_id")
            case .learner(let token): "l.token_digest = \(token.digest)"
            }
        let source: SQL = "FROM enrollment e JOIN learner l ON l.learner_id = e.learner_id"
        let condition: SQL = "e.enrollment_id = \(id) AND \(isOwn)"
        guard
            let place = try db.first("SELECT e.class_id \(source) WHERE \(condition)"),
            let seats = try ClassSeats.locked(place.get("class_id"), in: db),
            let row = try db.first("SELECT e.* \(source) WHERE \(condition)")
        else { throw Problem.notFound }
        return Found(
            id: id, learner: try row.get("learner_id"),
            state: EnrollmentState(rawValue: try row.get("state")) ?? .withdrawn,
            offeredUntil: try row.get("offered_until"), source: try row.get("source"),
            enteredBy: try row.get("entered_by"), version: try row.get("version"), seats: seats)
    }

    static func set(_ state: EnrollmentState, _ found: Found, at now: String, in db: Connection) throws {
        try db.execute(
            """
            UPDATE enrollment SET state = \(state.rawValue), offered_until = NULL, changed_at = \(now),
                version = version + 1 WHERE enrollment_id = \(found.id)
            """)
    }

    /// Ends an enrollment and gives its seat back.
    func end(
        _ found: Found, _ state: EnrollmentState, _ reason: EnrollmentReason, note: String, at now: String,
        in db: Connection
    ) throws {
        try db.execute(
            """
            UPDATE enrollment SET state = \(state.rawValue), offered_until = NULL, transfer_wanted = NULL,
                reason = \(reason.rawValue), note = \(note), changed_at = \(now), version = version + 1
            WHERE enrollment_id = \(found.id)
            """)
        if found.state.holdsSeat { try found.seats.giveBack(in: db) }
        guard state == .withdrawn else { return }
        if found.state == .seated {
            try found.seats.tellAid(
                .droppedOut, learner: found.learner, found.id, on: BeijingTime.day(iso8601: now), in: db)
        } else if found.state == .offered {
            try NeedStore.reopen(learner: found.learner, in: db)
        }
    }
}
