import Security
import SocialDomain
import Storage

/// What the records say about a class and its learners at one moment: all that a sheet is computed from.
struct SubsidyEvidence: Hashable, Sendable {
    struct Person: Hashable, Sendable {
        struct Certificate: Hashable, Sendable {
            var number: String
            var trade: String
            var level: Int64
            var revokedOn: String?
        }

        var enrollment: Int64
        var learner: Int64
        var name: String
        var groups: [LearnerGroup]
        /// What aid said: `yes`, `no`, `unchecked` or `unasked`.
        var lowIncome: String
        var hours: Int64 = 0
        var days: Int64 = 0
        var certificate: Certificate?
    }

    /// A training subsidy that stands, of any class but in another claim.
    struct Earlier: Hashable, Sendable {
        var claim: String
        var learner: Int64
        var trade: String
        var level: Int64
        var year: Int64
        var slot: Int64
    }

    struct Granted: Hashable, Sendable {
        var enrollment: Int64
        var kind: SubsidyKind
    }

    var classID: Int64
    var classTitle: String
    var classState: String
    /// The class's.
    var division: String
    var schoolID: Int64
    var schoolName: String
    var creditCode: String
    var trade: String
    var level: Int64
    /// What the learner paid.
    var price: Money
    var standard: Money
    /// Of all sessions that were not cancelled.
    var hoursHeld: Int64
    /// In which the training ended, in Beijing.
    var year: Int64
    var people: [Person]
    var earlier: [Earlier] = []
    var granted: Set<Granted> = []

    /// Budgets are the county's; a class that a league holds itself is paid by the league.
    static func budgetDivision(_ division: String) -> String { String(division.prefix(6)) }
}

extension SubsidyEvidence {
    /// - Parameters:
    ///   - claim: whose own lines do not stand in its way.
    ///   - scope: nil where the claim was found within the scope before.
    static func read(
        classID: Int64, claim: String, within scope: Scope, in db: Connection
    ) throws -> SubsidyEvidence? {
        let head = try db.first(
            """
            SELECT c.title, c.state, c.division, c.ends_on, c.school_id, s.name AS school_name, s.credit_code,
                p.trade, p.level, p.price, p.subsidy
            FROM training_class c JOIN school s ON s.school_id = c.school_id
            JOIN program p ON p.program_id = c.program_id
            WHERE c.class_id = \(classID) AND \(SQL.within(scope, division: "c.division", school: "c.school_id"))
            """)
        guard let head else { return nil }
        let held = try db.first(
            """
            SELECT CAST(coalesce(sum(hours), 0) AS BIGINT) AS hours, max(ends_at) AS ended FROM class_session
            WHERE class_id = \(classID) AND is_cancelled = 0
            """)
        let ended: Int64? = try held?.get("ended")
        var evidence = SubsidyEvidence(
            classID: classID, classTitle: try head.get("title"), classState: try head.get("state"),
            division: try head.get("division"), schoolID: try head.get("school_id"),
            schoolName: try head.get("school_name"), creditCode: try head.get("credit_code"),
            trade: try head.get("trade"), level: try head.get("level"), price: Money(fen: try head.get("price")),
            standard: Money(fen: try head.get("subsidy")), hoursHeld: try held?.get("hours") ?? 0,
            year: year(ended: ended, endsOn: try head.get("ends_on")), people: try people(classID, in: db))
        try evidence.readEarlier(claim: claim, in: db)
        return evidence
    }

    /// A session that ends at midnight belongs to the day before.
    static func year(ended minute: Int64?, endsOn: String) -> Int64 {
        guard let minute else { return Int64(CalendarDate(iso8601: endsOn)?.year ?? 0) }
        return Int64(CalendarDate(dayNumber: Int32(clamping: (minute - 1) / 1440)).year)
    }

    /// In the order in which they signed up. Late and made-up hours count as attended; days are those of the sessions.
    private static func people(_ classID: Int64, in db: Connection) throws -> [Person] {
        var attended: [Int64: (hours: Int64, days: Int64)] = [:]
        let hours = try db.rows(
            """
            SELECT a.enrollment_id, CAST(sum(s.hours) AS BIGINT) AS hours, count(DISTINCT s.starts_at / 1440) AS days
            FROM attendance a JOIN class_session s ON s.session_id = a.session_id AND s.is_cancelled = 0
            WHERE a.class_id = \(classID) AND s.class_id = \(classID) AND a.state IN ('present', 'late', 'made-up')
            GROUP BY a.enrollment_id
            """)
        for row in hours {
            attended[try row.get("enrollment_id")] = (try row.get("hours"), try row.get("days"))
        }
        return try db.rows(
            """
            SELECT e.enrollment_id, e.learner_id, e.low_income, l.name, coalesce(e.groups, l.groups) AS declared, t.number, t.trade, t.level, t.revoked_on
            FROM enrollment e JOIN learner l ON l.learner_id = e.learner_id
            LEFT JOIN certificate t ON t.number = (SELECT z.number FROM certificate z
                WHERE z.enrollment_id = e.enrollment_id
                ORDER BY CASE WHEN z.revoked_on IS NULL THEN 0 ELSE 1 END, z.revoked_on DESC, z.number LIMIT 1)
            WHERE e.class_id = \(classID) AND e.state IN ('seated', 'completed', 'dropped') ORDER BY e.sequence
            """
        ).map { row in
            let groups: String = try row.get("declared")
            let enrollment: Int64 = try row.get("enrollment_id")
            var person = Person(
                enrollment: enrollment, learner: try row.get("learner_id"), name: try row.get("name"),
                groups: groups.split(separator: ",").compactMap { LearnerGroup(rawValue: String($0)) },
                lowIncome: try row.get("low_income"), hours: attended[enrollment]?.hours ?? 0,
                days: attended[enrollment]?.days ?? 0)
            if let number: String = try row.get("number") {
                person.certificate = Person.Certificate(
                    number: number, trade: try row.get("trade"), level: try row.get("level"),
                    revokedOn: try row.get("revoked_on"))
            }
            return person
        }
    }

    private mutating func readEarlier(claim: String, in db: Connection) throws {
        earlier = try db.rows(
            """
            SELECT n.claim_id, n.learner_id, n.trade, n.level, n.year, n.slot FROM subsidy_line n
            WHERE n.is_counted = 1 AND n.kind = 'training' AND n.claim_id <> \(claim)
                AND n.learner_id IN (SELECT e.learner_id FROM enrollment e WHERE e.class_id = \(classID))
            ORDER BY n.learner_id, n.year, n.slot
            """
        ).map { row in
            Earlier(
                claim: try row.get("claim_id"), learner: try row.get("learner_id"), trade: try row.get("trade"),
                level: try row.get("level"), year: try row.get("year"), slot: try row.get("slot"))
        }
        let rows = try db.rows(
            """
            SELECT n.enrollment_id, n.kind FROM subsidy_line n
            WHERE n.is_counted = 1 AND n.claim_id <> \(claim)
                AND n.enrollment_id IN (SELECT e.enrollment_id FROM enrollment e WHERE e.class_id = \(classID))
            """)
        granted = Set(
            try rows.compactMap { row in
                let kind: String = try row.get("kind")
                return try SubsidyKind(rawValue: kind).map {
                    Granted(enrollment: try row.get("enrollment_id"), kind: $0)
                }
            })
    }
}
