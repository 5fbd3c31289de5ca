import Security
import SocialDomain
import Storage

/// A claim of a class's subsidies, as it stands.
struct Claim: Hashable, Sendable {
    let id: String
    let classID: Int64
    let classTitle: String
    let schoolName: String
    let trade: String
    let level: Int64
    let division: String
    let budgetDivision: String
    let budgetYear: Int64?
    let state: ClaimState
    let round: Int64
    let total: Money
    let digest: String
    let changes: [SheetChange]
    let preparedBy: String
    let submittedBy: String?
    let submittedAt: String?
    let decidedBy: String?
    let decidedAt: String?
    let noticeFrom: CalendarDate?
    let noticeUntil: CalendarDate?
    let approvedAt: String?
    let note: String
    let version: Int64

    var budget: Ledger.Key? { budgetYear.map { Ledger.Key(division: budgetDivision, year: $0) } }
}

/// Reads claims; every method of what is not public takes the reader's division.
enum ClaimStore {
    private static let columns: SQL = """
        c.claim_id, c.class_id, c.division, c.budget_division, c.budget_year, c.state, c.round, c.total, c.digest,
        c.changes, c.prepared_by, c.submitted_by, c.submitted_at, c.decided_by, c.decided_at, c.notice_from,
        c.notice_until, c.approved_at, c.note, c.version, k.title, s.name, p.trade, p.level
        """
    private static let tables: SQL = """
        subsidy_claim c JOIN training_class k ON k.class_id = c.class_id JOIN program p ON p.program_id = k.program_id
        JOIN school s ON s.school_id = c.school_id
        """

    static func claim(_ id: String, within scope: Scope, in db: Connection) throws -> Claim? {
        try db.first(
            """
            SELECT \(columns) FROM \(tables)
            WHERE c.claim_id = \(id) AND \(SQL.within(scope, division: "c.division", school: "c.school_id"))
            """
        ).map(claim)
    }

    /// The claim of a class that is under way.
    static func openClaim(of classID: Int64, within scope: Scope, in db: Connection) throws -> Claim? {
        try db.first(
            """
            SELECT \(columns) FROM \(tables)
            WHERE c.class_id = \(classID) AND c.state IN ('draft', 'submitted', 'returned', 'noticed')
                AND \(SQL.within(scope, division: "c.division", school: "c.school_id"))
            """
        ).map(claim)
    }

    struct Filter: Sendable {
        var state: ClaimState?
        /// A claim's id; those after it.
        var after = ""
        var limit = 50
    }

    static func claims(_ filter: Filter, within scope: Scope, in db: Connection) throws -> [Claim] {
        let state: SQL = filter.state.map { "c.state = \($0.rawValue)" } ?? "1 = 1"
        return try db.rows(
            """
            SELECT \(columns) FROM \(tables)
            WHERE \(SQL.within(scope, division: "c.division", school: "c.school_id")) AND \(state) AND c.claim_id > \(filter.after)
            ORDER BY c.claim_id LIMIT \(filter.limit)
            """
        ).map(claim)
    }

    static func counts(within scope: Scope, in db: Connection) throws -> [ClaimState: Int] {
        var counts: [ClaimState: Int] = [:]
        let rows = try db.rows(
            """
            SELECT c.state, count(*) AS n FROM subsidy_claim c WHERE \(SQL.within(scope, division: "c.division", school: "c.school_id"))
            GROUP BY c.state
            """)
        for row in rows { counts[ClaimState(rawValue: try row.get("state")) ?? .draft] = try row.get("n") }
        return counts
    }

    /// What may be read by everyone, as long as the notice runs.
    static func notices(on day: CalendarDate, limit: Int, in db: Connection) throws -> [Claim] {
        try db.rows(
            """
            SELECT \(columns) FROM \(tables)
            WHERE c.state = 'noticed' AND c.notice_from <= \(day.description) AND c.notice_until >= \(day.description)
            ORDER BY c.notice_until DESC, c.claim_id LIMIT \(limit)
            """
        ).map(claim)
    }

    /// An ended class without a claim under way and with someone who was not paid for.
    struct EndedClass: Hashable, Sendable {
        let id: Int64
        let title: String
        let schoolName: String
        let endsOn: String
        let people: Int64
    }

    static func classesToClaim(
        within scope: Scope, limit: Int, in db: Connection
    ) throws -> [EndedClass] {
        try db.rows(
            """
            SELECT k.class_id, k.title, k.ends_on, s.name,
                (SELECT count(*) FROM enrollment e WHERE e.class_id = k.class_id
                    AND e.state IN ('seated', 'completed', 'dropped') AND NOT EXISTS (
                        SELECT 1 FROM subsidy_line n WHERE n.enrollment_id = e.enrollment_id AND n.is_counted = 1)) AS people
            FROM training_class k JOIN school s ON s.school_id = k.school_id
            WHERE k.state = 'ended' AND \(SQL.within(scope, division: "k.division", school: "k.school_id")) AND NOT EXISTS (
                SELECT 1 FROM subsidy_claim c WHERE c.class_id = k.class_id
                    AND c.state IN ('draft', 'submitted', 'returned', 'noticed'))
            ORDER BY k.ends_on DESC, k.class_id LIMIT \(limit)
            """
        ).map { row in
            EndedClass(
                id: try row.get("class_id"), title: try row.get("title"), schoolName: try row.get("name"),
                endsOn: try row.get("ends_on"), people: try row.get("people"))
        }.filter { $0.people > 0 }
    }

    /// The sheet as it was kept last, in the order of sign-up.
    static func lines(of claim: String, in db: Connection) throws -> [SubsidyLine] {
        try db.rows(
            """
            SELECT n.enrollment_id, n.learner_id, n.kind, n.slot, n.to_learner, n.to_school, n.refused_by, n.evidence, l.name
            FROM subsidy_line n JOIN enrollment e ON e.enrollment_id = n.enrollment_id
            JOIN learner l ON l.learner_id = n.learner_id
            WHERE n.claim_id = \(claim) ORDER BY e.sequence, n.kind DESC
            """
        ).map { row in
            let (kind, refusal, json): (String, String?, String) = (
                try row.get("kind"), try row.get("refused_by"), try row.get("evidence")
            )
            return SubsidyLine(
                enrollment: try row.get("enrollment_id"), learner: try row.get("learner_id"), name: try row.get("name"),
                kind: SubsidyKind(rawValue: kind) ?? .training, slot: try row.get("slot"),
                toLearner: Money(fen: try row.get("to_learner")), toSchool: Money(fen: try row.get("to_school")),
                refusal: refusal.flatMap(SubsidyRule.init), basis: try .init(json: json))
        }
    }

    private static func claim(_ row: Row) throws -> Claim {
        let (from, until): (String?, String?) = (try row.get("notice_from"), try row.get("notice_until"))
        return Claim(
            id: try row.get("claim_id"), classID: try row.get("class_id"), classTitle: try row.get("title"),
            schoolName: try row.get("name"), trade: try row.get("trade"), level: try row.get("level"),
            division: try row.get("division"), budgetDivision: try row.get("budget_division"),
            budgetYear: try row.get("budget_year"), state: ClaimState(rawValue: try row.get("state")) ?? .draft,
            round: try row.get("round"), total: Money(fen: try row.get("total")), digest: try row.get("digest"),
            changes: SheetChange.read(try row.get("changes")), preparedBy: try row.get("prepared_by"),
            submittedBy: try row.get("submitted_by"), submittedAt: try row.get("submitted_at"),
            decidedBy: try row.get("decided_by"), decidedAt: try row.get("decided_at"),
            noticeFrom: from.flatMap { CalendarDate(iso8601: $0) },
            noticeUntil: until.flatMap { CalendarDate(iso8601: $0) },
            approvedAt: try row.get("approved_at"), note: try row.get("note"), version: try row.get("version"))
    }
}
