import Security
import SocialDomain
import Storage

/// Alerts of one division by direction and tier.
struct TierCounts: Sendable, Equatable {
    private var counts: [String: Int] = [:]

    subscript(direction: String, tier: String) -> Int {
        get { counts["\(direction)/\(tier)"] ?? 0 }
        set { counts["\(direction)/\(tier)"] = newValue }
    }

    func total(_ direction: String) -> Int { AlertTerms.tiers.reduce(0) { $0 + self[direction, $1] } }
    var total: Int { AlertTerms.directions.reduce(0) { $0 + total($1) } }
    func tier(_ tier: String) -> Int { AlertTerms.directions.reduce(0) { $0 + self[$1, tier] } }
}

/// The people of one division.
struct PopulationCounts: Sendable, Equatable {
    var households = 0
    var persons = 0
    var covered = 0
}

/// What the dashboard shows of one division.
struct DashboardFigures: Sendable {
    struct Child: Sendable {
        /// 2, 4, 6 or 9 digits.
        let division: String
        let population: PopulationCounts
        let alerts: TierCounts
    }

    struct TrendPoint: Sendable {
        let run: Int64
        let asOf: String
        let alerts: TierCounts
    }

    var run: RunSummary?
    var division = ""
    var population = PopulationCounts()
    var alerts = TierCounts()
    var children: [Child] = []
    /// The oldest first.
    var trend: [TrendPoint] = []
    var recentRuns: [RunSummary] = []
    var hasRegister = false
    var hasFeeds = false
    var clearedAlerts = 0
}

struct DashboardQueries: Sendable {
    let database: Database
    let scope: Scope

    /// - Parameter asked: The division asked for; empty for the smallest that holds everyone the account may see, so that
    ///   a county's own service begins with the county. Nil where the account may not see it.
    func figures(division asked: String) async throws -> DashboardFigures? {
        let scope = scope
        let top = scope.division?.prefix ?? ""
        guard asked.isEmpty || asked.hasPrefix(top) else { return nil }
        return try await database.read { db in
            var figures = DashboardFigures()
            let runs = RunQueries(database: database)
            figures.recentRuns = try runs.recent(db, limit: 5)
            figures.hasRegister = try db.first("SELECT 1 AS one FROM household LIMIT 1") != nil
            figures.hasFeeds =
                try db.first("SELECT 1 AS one FROM import WHERE kind = 'feed' AND replaced_at IS NULL LIMIT 1") != nil
            guard let run = try runs.latestDone(db) else { return figures }
            figures.run = run
            figures.clearedAlerts =
                try db.first(
                    """
                    SELECT count(*) AS n FROM (SELECT 1 AS one FROM alert
                        WHERE state = 'cleared' AND \(SQL.within(scope.division, "division")) LIMIT 10001) AS found
                    """)?.get("n") ?? 0
            figures.division = try asked.isEmpty ? (top.isEmpty ? Self.smallestWhole(db, run) : top) : asked
            try Self.fill(&figures, db, run)
            return figures
        }
    }

    /// Goes down from the top while one division holds every household.
    static func smallestWhole(_ db: Connection, _ run: RunSummary) throws -> String {
        var division = ""
        while let digits = digits(below: division) {
            let children = try childPopulation(db, run.id, of: division, digits: digits)
            guard children.count == 1, let only = children.first, only.value.households == run.households else { break }
            division = only.key
            // A county is where its townships are compared: never start below it.
            if digits == 6 { break }
        }
        return division
    }

    static func digits(below division: String) -> Int? {
        switch division.utf8.count {
        case 0: 2
        case 2: 4
        case 4: 6
        case 6: 9
        default: nil
        }
    }

    private static func fill(_ figures: inout DashboardFigures, _ db: Connection, _ run: RunSummary) throws {
        let division = figures.division
        if let digits = digits(below: division) {
            let population = try childPopulation(db, run.id, of: division, digits: digits)
            let alerts = try childAlerts(db, run.id, of: division, digits: digits)
            figures.children = population.keys.sorted().map { key in
                .init(division: key, population: population[key] ?? .init(), alerts: alerts[key] ?? .init())
            }
        }
        if division.isEmpty {
            figures.population = PopulationCounts(
                households: run.households, persons: run.persons, covered: run.covered)
            for child in figures.children { figures.alerts.add(child.alerts) }
        } else {
            let row = try db.first(
                """
                SELECT households, persons, covered FROM run_population
                WHERE run_id = \(run.id) AND division = \(division)
                """)
            figures.population = try row.map(PopulationCounts.init) ?? .init()
        }
        figures.trend = try trend(db, of: division)
        if let last = figures.trend.last, last.run == run.id { figures.alerts = last.alerts }
    }

    static func childPopulation(
        _ db: Connection, _ run: Int64, of division: String, digits: Int
    ) throws -> [String: PopulationCounts] {
        let rows = try db.rows(
            """
            SELECT division, households, persons, covered FROM run_population
            WHERE run_id = \(run) AND division > \(division) AND division < \(division + ":")
                AND length(division) = \(digits)
            """)
        var found: [String: PopulationCounts] = [:]
        for row in rows { found[try row.get("division")] = try PopulationCounts(row) }
        return found
    }

    private static func childAlerts(
        _ db: Connection, _ run: Int64, of division: String, digits: Int
    ) throws -> [String: TierCounts] {
        let rows = try db.rows(
            """
            SELECT division, direction, tier, alerts FROM run_figure
            WHERE run_id = \(run) AND division > \(division) AND division < \(division + ":")
                AND length(division) = \(digits)
            """)
        var found: [String: TierCounts] = [:]
        for row in rows { try found[row.get("division"), default: TierCounts()].set(row) }
        return found
    }

    /// The last twelve runs that ended well.
    private static func trend(_ db: Connection, of division: String) throws -> [DashboardFigures.TrendPoint] {
        let runs = try db.rows("SELECT run_id, as_of FROM run WHERE state = 'done' ORDER BY run_id DESC LIMIT 12")
        return try runs.reversed().map { run in
            let id: Int64 = try run.get("run_id")
            var counts = TierCounts()
            let rows = try db.rows(
                division.isEmpty
                    ? """
                    SELECT direction, tier, sum(alerts) AS alerts FROM run_figure
                    WHERE run_id = \(id) AND length(division) = 2 AND division <> \(division) GROUP BY direction, tier
                    """
                    : """
                    SELECT direction, tier, alerts FROM run_figure
                    WHERE run_id = \(id) AND division = \(division)
                    """)
            for row in rows { try counts.set(row) }
            return .init(run: id, asOf: try run.get("as_of"), alerts: counts)
        }
    }
}

extension TierCounts {
    fileprivate mutating func set(_ row: Row) throws {
        self[try row.get("direction"), try row.get("tier")] = try row.get("alerts")
    }

    fileprivate mutating func add(_ other: TierCounts) {
        for direction in AlertTerms.directions {
            for tier in AlertTerms.tiers { self[direction, tier] += other[direction, tier] }
        }
    }
}

extension PopulationCounts {
    fileprivate init(_ row: Row) throws {
        self.init(
            households: try row.get("households"), persons: try row.get("persons"), covered: try row.get("covered"))
    }
}
