import Security
import ServiceKit
import SocialDomain
import Storage

/// A span of days, both ends in it.
struct Period: Hashable, Sendable {
    let from: CalendarDate
    let to: CalendarDate

    /// The last days up to today.
    init(days: Int, until today: CalendarDate) {
        from = today.adding(days: 1 - days)
        to = today
    }

    init(from: CalendarDate, to: CalendarDate) {
        self.from = from
        self.to = to
    }

    var dayCount: Int { Int(to.dayNumber - from.dayNumber) + 1 }
    /// Every day in turn.
    var days: [CalendarDate] { (0..<max(0, dayCount)).map { from.adding(days: $0) } }
}

/// The sums in the database.
struct UsageStore: Sendable {
    let database: Database

    struct Sum: Hashable, Sendable {
        let subject: String
        let total: Int
    }

    /// Each day's sum, days without any left out. Scans are of plates within the scope's division.
    static func byDay(
        _ kind: UsageKind, _ period: Period, within scope: Scope = .ownMachine, in db: Connection
    ) throws -> [String: Int] {
        let (from, to) = (period.from.description, period.to.description)
        let part = inScope(kind, scope)
        let rows = try db.rows(
            """
            SELECT day, CAST(SUM(total) AS BIGINT) AS total FROM usage_count
            WHERE kind = \(kind.rawValue) AND day BETWEEN \(from) AND \(to) AND \(part) GROUP BY day
            """)
        return try Dictionary(
            uniqueKeysWithValues: rows.map { (try $0.get("day", as: String.self), try $0.get("total", as: Int.self)) })
    }

    /// The greatest first.
    static func bySubject(
        _ kind: UsageKind, _ period: Period, within scope: Scope = .ownMachine, limit: Int = 1_000_000,
        in db: Connection
    ) throws -> [Sum] {
        let (from, to) = (period.from.description, period.to.description)
        let part = inScope(kind, scope)
        return try db.rows(
            """
            SELECT subject, CAST(SUM(total) AS BIGINT) AS total FROM usage_count
            WHERE kind = \(kind.rawValue) AND day BETWEEN \(from) AND \(to) AND \(part)
            GROUP BY subject ORDER BY total DESC, subject LIMIT \(limit)
            """
        ).map { Sum(subject: try $0.get("subject"), total: try $0.get("total")) }
    }

    private static func inScope(_ kind: UsageKind, _ scope: Scope) -> SQL {
        guard kind == .scan, scope.division != nil else { return "1 = 1" }
        let inside = SQL.within(scope.division, "division")
        return "subject IN (SELECT code FROM plate WHERE \(inside))"
    }

    // MARK: - What search takes from it

    /// How often each item was opened in the last 90 days, by code.
    static func itemViews(until today: CalendarDate, in db: Connection) throws -> [String: Int] {
        let sums = try bySubject(.item, Period(days: 90, until: today), in: db)
        return Dictionary(uniqueKeysWithValues: sums.map { ($0.subject, $0.total) })
    }

    // MARK: - Freshness

    /// How well a department keeps its items.
    struct Freshness: Hashable, Sendable {
        let department: String
        let published: Int
        /// Confirmed to be right within the last twelve months.
        let confirmed: Int
        /// To be confirmed by a day that is over.
        let overdue: Int
    }

    /// By department, the one with most overdue first.
    static func freshness(on today: CalendarDate, within scope: Scope, in db: Connection) throws -> [Freshness] {
        let yearAgo = today.adding(months: -PublishItem.reviewMonths).description
        let inside = SQL.within(scope.division, "i.division")
        let rows = try db.rows(
            """
            SELECT d.name, d.short_name, COUNT(*) AS published,
                CAST(SUM(CASE WHEN i.confirmed_on >= \(yearAgo) THEN 1 ELSE 0 END) AS BIGINT) AS confirmed,
                CAST(SUM(CASE WHEN i.review_by < \(today.description) THEN 1 ELSE 0 END) AS BIGINT) AS overdue
            FROM item i JOIN department d ON d.department_id = i.department_id
            WHERE i.published_number IS NOT NULL AND i.withdrawn_at IS NULL AND \(inside)
            GROUP BY d.department_id, d.name, d.short_name ORDER BY overdue DESC, d.department_id
            """)
        return try rows.map { row in
            let short: String = try row.get("short_name")
            return Freshness(
                department: short.isEmpty ? try row.get("name") : short, published: try row.get("published"),
                confirmed: try row.get("confirmed"), overdue: try row.get("overdue"))
        }
    }
}
