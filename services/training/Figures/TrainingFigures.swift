import Security
import ServiceKit
import SocialDomain
import Storage

/// What training did in half a year, within a division.
///
/// A person-time (人次) is an enrollment that has a seat or was completed, of a class that began in the half year; whoever attended two
/// classes counts twice. Certificates, placements, money and incomes are those of these enrollments, whenever they came.
struct TrainingFigures: Hashable, Sendable {
    /// A group's counts.
    struct Counts: Hashable, Sendable {
        var urban = 0
        var rural = 0
        var domestic = 0
        var certificates = 0
        var placements = 0

        var personTimes: Int { urban + rural }
    }

    struct Group: Hashable, Sendable {
        let key: String
        var counts: Counts
    }

    struct Brand: Hashable, Sendable {
        let name: String
        let placements: Int
    }

    struct Retention: Hashable, Sendable {
        let month: Int
        let due: Int
        let done: Int
        let working: Int
    }

    let half: HalfYear
    var total = Counts()
    var trades: [Group] = []
    var schools: [Group] = []
    var brands: [Brand] = []
    var retention: [Retention] = []
    /// What was paid for these enrollments, to schools and learners.
    var paid = Money.zero
    /// Medians in fen a month of those whose income is known before and after; nil below five people.
    var incomeBefore: Money?
    var incomeAfter: Money?
    var incomePeople = 0

    /// Below it a median would tell of single people.
    static let fewestPeople = 5

    /// Rounded to the fen, halves up; nil where nobody was placed.
    var costPerPlacement: Money? {
        guard total.placements > 0 else { return nil }
        let count = Int64(total.placements)
        return Money(fen: (paid.fen * 2 + count) / (2 * count))
    }

    static func read(_ half: HalfYear, within scope: Scope, on today: CalendarDate, in db: Connection) throws
        -> TrainingFigures
    {
        var figures = TrainingFigures(half: half)
        let source: SQL = """
            training_class c JOIN enrollment e ON e.class_id = c.class_id AND e.state IN ('seated', 'completed')
            """
        let condition: SQL = """
            c.starts_on >= \(half.first.description) AND c.starts_on <= \(half.last.description)
                AND \(SQL.within(scope, division: "c.division", school: "c.school_id"))
            """
        let rows = try db.rows(
            """
            SELECT p.trade, s.name AS school, coalesce(e.residence, l.residence) AS home, p.is_domestic, count(*) AS n, count(t.number) AS certificates,
                count(w.enrollment_id) AS placements
            FROM \(source) JOIN program p ON p.program_id = c.program_id JOIN school s ON s.school_id = c.school_id
            JOIN learner l ON l.learner_id = e.learner_id
            LEFT JOIN certificate t ON t.enrollment_id = e.enrollment_id AND t.revoked_on IS NULL
            LEFT JOIN (SELECT DISTINCT enrollment_id FROM placement) w ON w.enrollment_id = e.enrollment_id
            WHERE \(condition) GROUP BY p.trade, s.name, coalesce(e.residence, l.residence), p.is_domestic
            """)
        var trades: [String: Counts] = [:]
        var schools: [String: Counts] = [:]
        for row in rows {
            var counts = Counts()
            let number: Int = try row.get("n")
            if try row.get("home", as: String.self) == "urban" {
                counts.urban = number
            } else {
                counts.rural = number
            }
            if try row.get("is_domestic", as: Int64.self) == 1 { counts.domestic = number }
            counts.certificates = try row.get("certificates")
            counts.placements = try row.get("placements")
            figures.total.add(counts)
            trades[try row.get("trade"), default: Counts()].add(counts)
            schools[try row.get("school"), default: Counts()].add(counts)
        }
        figures.trades = sorted(trades)
        figures.schools = sorted(schools)
        try figures.readMoney(source, condition, in: db)
        try figures.readWork(source, condition, on: today, in: db)
        return figures
    }

    private static func sorted(_ groups: [String: Counts]) -> [Group] {
        groups.map { Group(key: $0, counts: $1) }
            .sorted { ($1.counts.personTimes, $0.key) < ($0.counts.personTimes, $1.key) }
    }

    private mutating func readMoney(_ source: SQL, _ condition: SQL, in db: Connection) throws {
        let row = try db.first(
            """
            SELECT CAST(coalesce(sum(p.amount), 0) AS BIGINT) AS fen FROM training_class c
            JOIN subsidy_claim k ON k.class_id = c.class_id JOIN subsidy_due d ON d.claim_id = k.claim_id
            JOIN payment p ON p.due_id = d.due_id AND p.state = 'paid' WHERE \(condition)
            """)
        paid = Money(fen: try row?.get("fen") ?? 0)
    }

    private mutating func readWork(_ source: SQL, _ condition: SQL, on today: CalendarDate, in db: Connection) throws {
        brands = try db.rows(
            """
            SELECT b.name, count(*) AS n FROM \(source) JOIN placement w ON w.enrollment_id = e.enrollment_id
            JOIN labour_brand b ON b.brand_id = w.brand_id WHERE \(condition) GROUP BY b.name ORDER BY n DESC, b.name
            """
        ).map { Brand(name: try $0.get("name"), placements: try $0.get("n")) }
        retention = try db.rows(
            """
            SELECT r.month, count(*) AS due, count(r.done_on) AS done,
                count(CASE WHEN r.outcome IN ('working', 'changed') THEN 1 END) AS working
            FROM \(source) JOIN placement w ON w.enrollment_id = e.enrollment_id
            JOIN retention_check r ON r.placement_id = w.placement_id
                AND (r.done_on IS NOT NULL OR (r.due_on <= \(today.description) AND w.ended_on IS NULL))
            WHERE \(condition) GROUP BY r.month ORDER BY r.month
            """
        ).map {
            Retention(
                month: try $0.get("month"), due: try $0.get("due"), done: try $0.get("done"),
                working: try $0.get("working"))
        }
        let incomes = try db.rows(
            """
            SELECT l.monthly_income_before AS before, w.monthly_income AS after FROM \(source)
            JOIN placement w ON w.enrollment_id = e.enrollment_id JOIN learner l ON l.learner_id = e.learner_id
            WHERE \(condition) AND l.monthly_income_before IS NOT NULL AND w.monthly_income IS NOT NULL
            """
        ).map { (before: try $0.get("before", as: Int64.self), after: try $0.get("after", as: Int64.self)) }
        incomePeople = incomes.count
        guard incomes.count >= Self.fewestPeople else { return }
        incomeBefore = Self.median(incomes.map(\.before))
        incomeAfter = Self.median(incomes.map(\.after))
    }

    /// The middle one; of two, the mean rounded down.
    static func median(_ values: [Int64]) -> Money? {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return nil }
        let middle = sorted.count / 2
        return Money(fen: sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2)
    }
}

extension TrainingFigures.Counts {
    fileprivate mutating func add(_ other: TrainingFigures.Counts) {
        urban += other.urban
        rural += other.rural
        domestic += other.domestic
        certificates += other.certificates
        placements += other.placements
    }
}
