import ServiceKit
import SocialDomain
import Storage

/// A person asks for a seat: one transaction in the class's order.
struct SignUp: Sendable {
    let register: LearnerRegister
    let settings: EnrollmentSettings
    /// ISO 8601 in UTC.
    let now: String

    enum Source: String, Sendable {
        case own = "self"
        case staff
    }

    struct Request: Sendable {
        let classID: Int64
        let person: LearnerRegister.Sealed
        let token: LearnerToken?
        let lowIncome: LowIncome
        let source: Source
        let caller: Caller
        let requestID: String
    }

    struct Outcome: Hashable, Sendable {
        let enrollment: Int64
        let learner: Int64
        let state: EnrollmentState
        /// The same person was here before: nothing was added.
        let isRepeated: Bool
        let ownsPage: Bool
        let verdict: Verdict
    }

    /// Nil where citizens may see no such class.
    func run(_ request: Request, in db: Connection) throws -> Outcome? {
        guard let seats = try ClassSeats.locked(request.classID, in: db) else { return nil }
        let today = BeijingTime.day(iso8601: now)
        let person = request.person.person
        let learner = try register.findOrAdd(
            request.person, token: request.token, byStaff: request.source == .staff, at: now, in: db)
        let history =
            learner.isNew
            ? Verdict.History()
            : try EnrollmentFacts.history(
                of: learner.id, trade: seats.trade, level: seats.level, year: today.year, in: db)
        let verdict = try Verdict.judge(
            Verdict.Person(
                bornOn: person.number.birthDate, sex: person.number.sex, groups: person.groups,
                lowIncome: request.lowIncome),
            history: history, settings: settings, on: today)
        let before =
            learner.isNew
            ? nil
            : try db.first(
                """
                SELECT enrollment_id, state FROM enrollment
                WHERE class_id = \(seats.id) AND learner_id = \(learner.id)
                """
            ).map { row in
                (
                    id: try row.get("enrollment_id", as: Int64.self),
                    state: EnrollmentState(rawValue: try row.get("state")) ?? .withdrawn
                )
            }
        if let before, !before.state.mayComeAgain {
            guard before.state != .refused || request.source == .staff else { throw EnrollmentRefusal.refusedBefore }
            if before.state != .refused {
                return Outcome(
                    enrollment: before.id, learner: learner.id, state: before.state, isRepeated: true,
                    ownsPage: learner.ownsPage, verdict: verdict)
            }
        }
        if let closure = seats.closure(on: today), request.source == .own || seats.state != "running" { throw closure }
        if !learner.isNew,
            let clash = try EnrollmentFacts.clash(
                of: learner.id, with: seats.id, within: request.source == .staff ? request.caller.scope : nil, in: db)
        {
            throw clash
        }

        let sequence = try seats.nextSequence(in: db)
        let state = try firstState(seats, in: db)
        let priority = settings.priority(groups: person.groups, lowIncome: request.lowIncome)
        let enrollment = try write(
            request, seats, learner.id, before?.id, state: state, sequence: sequence, priority: priority, in: db)
        if state == .seated { try seats.tellAid(.enrolled, learner: learner.id, enrollment, on: today, in: db) }
        try AuditLog.append(
            [
                AuditEvent(
                    "enrollment.add", subject: "enrollment:\(enrollment)", division: seats.division,
                    reason: state.rawValue, by: request.caller, request: request.requestID)
            ], in: db)
        return Outcome(
            enrollment: enrollment, learner: learner.id, state: state, isRepeated: false, ownsPage: learner.ownsPage,
            verdict: verdict)
    }

    /// A seat where one is free and nobody waits for it; else the waiting list, or the school's approval, or the draw.
    private func firstState(_ seats: ClassSeats, in db: Connection) throws -> EnrollmentState {
        if seats.needsApproval || (seats.policy == .lottery && !seats.isDrawn) { return .applied }
        let someoneWaits =
            try db.first(
                "SELECT 1 AS one FROM enrollment WHERE class_id = \(seats.id) AND state = 'waiting' LIMIT 1") != nil
        return try !someoneWaits && seats.take(in: db) ? .seated : .waiting
    }

    private func write(
        _ request: Request, _ seats: ClassSeats, _ learner: Int64, _ before: Int64?, state: EnrollmentState,
        sequence: Int64, priority: Int64, in db: Connection
    ) throws -> Int64 {
        let askedAt = request.lowIncome == .yes || request.lowIncome == .no ? now : nil
        let account = request.source == .staff ? request.caller.id : ""
        if let before {
            try db.execute(
                """
                UPDATE enrollment SET state = \(state.rawValue), sequence = \(sequence), priority = \(priority),
                    lottery_rank = NULL, offered_until = NULL, low_income = \(request.lowIncome.rawValue),
                    low_income_at = \(askedAt), source = \(request.source.rawValue), reason = '', note = '',
                    transfer_wanted = NULL, transferred_to = NULL, entered_by = \(account),
                    residence = \(request.person.person.residence.rawValue),
                    groups = \(request.person.person.groupsText), changed_at = \(now),
                    version = version + 1
                WHERE enrollment_id = \(before)
                """)
            return before
        }
        guard
            let row = try db.first(
                """
                INSERT INTO enrollment (class_id, learner_id, division, state, sequence, priority, low_income,
                    low_income_at, source, entered_by, residence, groups, created_at, changed_at)
                VALUES (\(seats.id), \(learner), \(seats.division), \(state.rawValue), \(sequence), \(priority),
                    \(request.lowIncome.rawValue), \(askedAt), \(request.source.rawValue), \(account),
                    \(request.person.person.residence.rawValue), \(request.person.person.groupsText), \(now), \(now))
                RETURNING enrollment_id
                """)
        else { throw DatabaseFault.damaged }
        return try row.get("enrollment_id")
    }
}

extension EnrollmentState {
    /// A row in this state is used again when the person comes back.
    var mayComeAgain: Bool { self == .withdrawn || self == .transferred || self == .dropped }
    /// The learner may still leave.
    var isOpen: Bool { self == .applied || self == .waiting || self == .offered || self == .seated }
}

extension ClassSeats {
    /// Whoever comes back in the row of then has another place in the order, and another reference.
    func tellAid(
        _ milestone: Milestone, learner: Int64, _ enrollment: Int64, on day: CalendarDate, in db: Connection
    ) throws {
        let row = try db.first("SELECT sequence FROM enrollment WHERE enrollment_id = \(enrollment)")
        guard let sequence: Int64 = try row?.get("sequence") else { throw DatabaseFault.damaged }
        try milestone.record(
            of: learner, on: day, title: title, trade: trade, level: level,
            reference: "enrollment:\(enrollment):\(sequence)", in: db)
    }
}
