import Security
import ServiceKit
import SocialDomain
import Storage

/// Items and editions as editors read them, within their division.
enum EditingStore {
    private static let edition: SQL = """
        e.number, e.state, e.version, e.content, e.edited_by, e.edited_name, e.edited_at, e.submitted_at, e.reviewed_by,
        e.reviewed_name, e.reviewed_at, e.note, e.publish_on, e.published_at
        """

    private static let head: SQL = """
        FROM item i JOIN edition e ON e.item_id = i.item_id
            AND e.number = (SELECT max(n.number) FROM edition n WHERE n.item_id = i.item_id)
        """

    static func item(code: String, within scope: Scope, in db: Connection) throws -> EditedItem? {
        try db.first(
            """
            SELECT i.*, \(edition) \(head)
            WHERE i.code = \(code) AND \(SQL.within(scope.division, "i.division"))
            """
        ).map(Self.item)
    }

    /// Every edition, the newest first.
    static func editions(of item: Int64, in db: Connection) throws -> [Edition] {
        try db.rows("SELECT \(edition) FROM edition e WHERE e.item_id = \(item) ORDER BY e.number DESC").map(
            Self.edition)
    }

    static func edition(_ number: Int64, of item: Int64, in db: Connection) throws -> Edition? {
        try db.first(
            "SELECT \(edition) FROM edition e WHERE e.item_id = \(item) AND e.number = \(number)"
        ).map(Self.edition)
    }

    static func hasWritten(_ account: String, at number: Int64, of item: Int64, in db: Connection) throws -> Bool {
        try db.first(
            """
            SELECT 1 AS one FROM edition_editor
            WHERE item_id = \(item) AND number = \(number) AND account = \(account)
            """) != nil
    }

    static func noteWriter(_ account: String, at number: Int64, of item: Int64, in db: Connection) throws {
        try db.execute(
            """
            INSERT INTO edition_editor (item_id, number, account) VALUES (\(item), \(number), \(account))
            ON CONFLICT DO NOTHING
            """)
    }

    static func department(_ id: String, within scope: Scope, in db: Connection) throws -> (
        name: String, division: String
    )? {
        try db.first(
            """
            SELECT name, division FROM department
            WHERE department_id = \(id) AND \(SQL.within(scope.division, "division"))
            """
        ).map { (try $0.get("name"), try $0.get("division")) }
    }

    static func nextItemID(in db: Connection) throws -> Int64 {
        try db.first("SELECT COALESCE(max(item_id), 0) + 1 AS next FROM item")?.get("next") ?? 1
    }

    // MARK: - Lists

    /// What a list of work holds.
    enum Work: String, CaseIterable, Sendable {
        case mine
        case review
        case overdue
        case scheduled
        case unclaimed
        case withdrawn
        case all
    }

    struct ListFilter: Hashable, Sendable {
        var work = Work.mine
        var department: String?
        /// Part of a name, or the beginning of a code.
        var text: String?
        var after: Int64 = 0
        var limit = 50
    }

    /// A line of a list: without the content, which is long.
    struct Line: Hashable, Sendable {
        let id: Int64
        let code: String
        let name: String
        let department: String
        let score: Int
        let state: EditionState
        let claimedName: String?
        let isClaimed: Bool
        let isPublished: Bool
        let isWithdrawn: Bool
        let reviewBy: String?
        let publishOn: String?
    }

    static func list(
        _ filter: ListFilter, caller: Caller, today: String, in db: Connection
    ) throws -> [Line] {
        let condition = conditions(filter, caller: caller, today: today).joined(by: " AND ")
        return try db.rows(
            """
            SELECT i.item_id, i.code, i.name, i.department_id, i.score, i.claimed_by, i.claimed_name, i.published_number,
                i.withdrawn_at, i.review_by, e.state, e.publish_on
            \(source(of: filter.work)) WHERE \(condition) AND i.item_id > \(filter.after)
            ORDER BY i.item_id LIMIT \(Int64(filter.limit))
            """
        ).map(Self.line)
    }

    static func count(_ filter: ListFilter, caller: Caller, today: String, in db: Connection) throws -> Int {
        let condition = conditions(filter, caller: caller, today: today).joined(by: " AND ")
        let counted: SQL =
            filter.work == .review || filter.work == .scheduled ? source(of: filter.work) : "FROM item i"
        let count: Int64? = try db.first("SELECT count(*) AS n \(counted) WHERE \(condition)")?.get("n")
        return Int(count ?? 0)
    }

    /// What is handed in or approved is always the newest edition, and there are few of them: they are found by their
    /// state, and not by looking at every item.
    private static func source(of work: Work) -> SQL {
        work == .review || work == .scheduled ? "FROM edition e JOIN item i ON i.item_id = e.item_id" : head
    }

    private static func conditions(_ filter: ListFilter, caller: Caller, today: String) -> [SQL] {
        var conditions: [SQL] = [SQL.within(caller.scope.division, "i.division")]
        switch filter.work {
        case .mine: conditions.append("i.claimed_by = \(caller.id)")
        case .review:
            conditions.append("e.state = 'submitted'")
            conditions.append(
                """
                NOT EXISTS (SELECT 1 FROM edition_editor w
                    WHERE w.item_id = e.item_id AND w.number = e.number AND w.account = \(caller.id))
                """)
        case .overdue: conditions.append(overdue(today))
        case .scheduled: conditions.append("e.state = 'approved'")
        case .unclaimed: conditions.append("i.claimed_by IS NULL AND i.withdrawn_at IS NULL")
        case .withdrawn: conditions.append("i.withdrawn_at IS NOT NULL")
        case .all: break
        }
        if let department = filter.department { conditions.append("i.department_id = \(department)") }
        if let text = filter.text {
            // `like` differs in case between the engines; a name's characters have none.
            conditions.append(
                "(i.name LIKE \(pattern(text, isPrefix: false)) ESCAPE '!' OR i.code LIKE \(pattern(text, isPrefix: true)) ESCAPE '!')"
            )
        }
        return conditions
    }

    private static func pattern(_ text: String, isPrefix: Bool) -> String {
        var escaped = ""
        for character in text {
            if "%_!".contains(character) { escaped.append("!") }
            escaped.append(character)
        }
        return (isPrefix ? "" : "%") + escaped + "%"
    }

    private static func overdue(_ today: String) -> SQL {
        "i.review_by < \(today) AND i.published_number IS NOT NULL AND i.withdrawn_at IS NULL"
    }

    /// How fresh each department's items are.
    struct Freshness: Hashable, Sendable {
        let department: String
        let name: String
        let published: Int
        let overdue: Int
        /// The day by which the oldest had to be confirmed.
        let oldest: String?
        /// The mean completeness.
        let score: Int
    }

    /// By department, those with the most overdue items first.
    static func freshness(within scope: Scope, today: String, in db: Connection) throws -> [Freshness] {
        try db.rows(
            """
            SELECT d.department_id, d.name, count(i.item_id) AS published,
                COALESCE(sum(CASE WHEN i.review_by < \(today) THEN 1 ELSE 0 END), 0) AS overdue,
                min(CASE WHEN i.review_by < \(today) THEN i.review_by END) AS oldest,
                COALESCE(CAST(sum(i.score) AS BIGINT) / NULLIF(count(i.item_id), 0), 0) AS score
            FROM department d LEFT JOIN item i ON i.department_id = d.department_id
                AND i.published_number IS NOT NULL AND i.withdrawn_at IS NULL
            WHERE \(SQL.within(scope.division, "d.division"))
            GROUP BY d.department_id, d.name
            ORDER BY 4 DESC, d.department_id
            """
        ).map { row in
            Freshness(
                department: try row.get("department_id"), name: try row.get("name"),
                published: Int(try row.get("published", as: Int64.self)),
                overdue: Int(try row.get("overdue", as: Int64.self)), oldest: try row.get("oldest"),
                score: Int(try row.get("score", as: Int64.self)))
        }
    }

    // MARK: - Rows

    private static func line(_ row: Row) throws -> Line {
        let claimed: String? = try row.get("claimed_by")
        let published: Int64? = try row.get("published_number")
        let withdrawn: String? = try row.get("withdrawn_at")
        return Line(
            id: try row.get("item_id"), code: try row.get("code"), name: try row.get("name"),
            department: try row.get("department_id"), score: Int(try row.get("score", as: Int64.self)),
            state: try state(row), claimedName: try row.get("claimed_name"), isClaimed: claimed != nil,
            isPublished: published != nil, isWithdrawn: withdrawn != nil, reviewBy: try row.get("review_by"),
            publishOn: try row.get("publish_on"))
    }

    private static func item(_ row: Row) throws -> EditedItem {
        EditedItem(
            id: try row.get("item_id"), code: try row.get("code"), name: try row.get("name"),
            department: try row.get("department_id"), division: try row.get("division"),
            score: Int(try row.get("score", as: Int64.self)), claimedBy: try row.get("claimed_by"),
            claimedName: try row.get("claimed_name"), publishedNumber: try row.get("published_number"),
            withdrawnAt: try row.get("withdrawn_at"), withdrawnWhy: try row.get("withdrawn_why"),
            confirmedOn: try row.get("confirmed_on"), reviewBy: try row.get("review_by"), head: try edition(row))
    }

    private static func edition(_ row: Row) throws -> Edition {
        Edition(
            number: try row.get("number"), state: try state(row), version: try row.get("version"),
            content: try CatalogueStore.content(row.get("content")), editedBy: try row.get("edited_by"),
            editedName: try row.get("edited_name"), editedAt: try row.get("edited_at"),
            submittedAt: try row.get("submitted_at"), reviewedBy: try row.get("reviewed_by"),
            reviewedName: try row.get("reviewed_name"), reviewedAt: try row.get("reviewed_at"),
            note: try row.get("note"), publishOn: try row.get("publish_on"), publishedAt: try row.get("published_at"))
    }

    private static func state(_ row: Row) throws -> EditionState {
        guard let state = EditionState(rawValue: try row.get("state")) else { throw DatabaseFault.damaged }
        return state
    }
}
