import Security
import ServiceKit
import SocialDomain
import Storage

/// Everything that the figures' page and its exports show, read in one snapshot.
struct FigureReport: Sendable {
    let period: Period
    let scans: [String: Int]
    let searchResults: [UsageStore.Sum]
    let searchDays: [String: Int]
    let itemDays: [String: Int]
    let items: [UsageStore.Sum]
    let itemNames: [String: String]
    let missing: [UsageStore.Sum]
    let plates: [UsageStore.Sum]
    let plateNames: [String: String]
    let flows: Int
    let freshness: [UsageStore.Freshness]
    /// The latest day on which a text found nothing.
    let lastMissed: [String: String]

    var scanTotal: Int { scans.values.reduce(0, +) }
    var searchTotal: Int { searchResults.reduce(0) { $0 + $1.total } }
    var foundTotal: Int { searchResults.first { $0.subject == "found" }?.total ?? 0 }
    var itemTotal: Int { itemDays.values.reduce(0, +) }

    init(_ period: Period, today: CalendarDate, within scope: Scope, in db: Connection) throws {
        self.period = period
        scans = try UsageStore.byDay(.scan, period, within: scope, in: db)
        searchResults = try UsageStore.bySubject(.search, period, in: db)
        searchDays = try UsageStore.byDay(.search, period, in: db)
        itemDays = try UsageStore.byDay(.item, period, in: db)
        items = try UsageStore.bySubject(.item, period, limit: 1000, in: db)
        missing = try UsageStore.bySubject(.missing, period, limit: 1000, in: db)
        plates = try UsageStore.bySubject(.scan, period, within: scope, limit: 1000, in: db)
        flows = try UsageStore.byDay(.flow, period, in: db).values.reduce(0, +)
        freshness = try UsageStore.freshness(on: today, within: scope, in: db)
        itemNames = try Self.names("SELECT code, name FROM item WHERE code IN \(list: items.map(\.subject))", in: db)
        plateNames = try Self.names("SELECT code, name FROM plate WHERE code IN \(list: plates.map(\.subject))", in: db)
        let texts = missing.map(\.subject)
        lastMissed = try Self.names(
            """
            SELECT subject AS code, MAX(day) AS name FROM usage_count
            WHERE kind = 'missing' AND subject IN \(list: texts)
                AND day BETWEEN \(period.from.description) AND \(period.to.description) GROUP BY subject
            """, in: db)
    }

    private static func names(_ sql: SQL, in db: Connection) throws -> [String: String] {
        Dictionary(
            try db.rows(sql).map { (try $0.get("code", as: String.self), try $0.get("name", as: String.self)) }
        ) { first, _ in first }
    }

    /// The tables that can be exported.
    enum Table: String, CaseIterable, Sendable {
        case days
        case items
        case missing
        case plates
        case freshness
    }
}
