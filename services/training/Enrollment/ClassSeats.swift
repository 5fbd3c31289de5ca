import ServiceKit
import SocialDomain
import Storage

/// A class as whoever gives its seats sees it, its row locked: the only place in which a seat is taken or given back.
///
/// Every change of who has a seat begins with `locked`, so that for one class changes stand in one order, the order of
/// their commits: on SQLite a transaction is alone anyway, on PostgreSQL the row is kept until the commit.
struct ClassSeats: Sendable {
    let id: Int64
    let program: Int64
    let school: Int64
    let division: String
    let title: String
    let trade: String
    let level: SkillLevel
    let policy: SeatPolicy
    let needsApproval: Bool
    let state: String
    let startsOn: String
    let endsOn: String
    let signUpUntil: String
    let isDrawn: Bool

    /// Nil where there is no such class, or none that citizens may see.
    static func locked(_ id: Int64, in db: Connection) throws -> ClassSeats? {
        try find(id, lock: db.engine == .postgres ? "FOR UPDATE OF c" : "", in: db)
    }

    static func find(_ id: Int64, lock: SQL = "", in db: Connection) throws -> ClassSeats? {
        try db.first(
            """
            SELECT c.class_id, c.program_id, c.school_id, c.division, c.title, c.policy, c.needs_approval, c.state,
                c.starts_on, c.ends_on, c.sign_up_until, c.lottery_drawn_at, p.trade, p.level
            FROM training_class c JOIN program p ON p.program_id = c.program_id
            WHERE c.class_id = \(id) AND c.state IN ('open', 'running', 'ended', 'cancelled') \(lock)
            """
        ).map { row in
            ClassSeats(
                id: try row.get("class_id"), program: try row.get("program_id"), school: try row.get("school_id"),
                division: try row.get("division"), title: try row.get("title"), trade: try row.get("trade"),
                level: SkillLevel(rawValue: try row.get("level")) ?? .special,
                policy: SeatPolicy(rawValue: try row.get("policy")) ?? .firstCome,
                needsApproval: try row.get("needs_approval"), state: try row.get("state"),
                startsOn: try row.get("starts_on"), endsOn: try row.get("ends_on"),
                signUpUntil: try row.get("sign_up_until"),
                isDrawn: try row.get("lottery_drawn_at", as: String?.self) != nil)
        }
    }

    /// Until when a seat is held that is offered now: some hours, but not beyond the class's first day; nil once that is over.
    func offerEnd(hours: Int64, after now: String) -> String? {
        guard let now = BeijingTime.seconds(iso8601: now), let start = CalendarDate(iso8601: startsOn) else {
            return nil
        }
        let last = BeijingTime.seconds(start.adding(days: 1), minute: 0)
        guard now < last else { return nil }
        return BeijingTime.iso8601(min(now + hours * 3600, last))
    }

    /// One of the class's seats; false where none is free. The schema's CHECK stands behind it.
    func take(in db: Connection) throws -> Bool {
        try db.execute(
            """
            UPDATE training_class SET seated = seated + 1
            WHERE class_id = \(id) AND seated < capacity AND state IN ('open', 'running')
            """) == 1
    }

    func giveBack(in db: Connection) throws {
        try db.execute("UPDATE training_class SET seated = seated - 1 WHERE class_id = \(id)")
    }

    /// The next number of a sign-up.
    func nextSequence(in db: Connection) throws -> Int64 {
        guard
            let row = try db.first(
                """
                UPDATE training_class SET last_sequence = last_sequence + 1 WHERE class_id = \(id)
                RETURNING last_sequence
                """)
        else { throw DatabaseFault.damaged }
        return try row.get("last_sequence")
    }

    /// Why nobody can sign up now, if so.
    func closure(on today: CalendarDate) -> EnrollmentRefusal? {
        switch state {
        case "cancelled": .classCancelled
        case "open": today.description > signUpUntil ? .signUpOver(until: signUpUntil) : nil
        default: .classBegan
        }
    }
}
