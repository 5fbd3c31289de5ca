import GRDB
import SocialDomain

/// An alert as a line of a list: of the people only the head's masked name.
struct AlertLine: Sendable {
    let id: Int64
    let household: String
    let division: String
    let direction: String
    let state: String
    let tier: String
    let points: Int
    let changedAt: String
    var head = ""
    var category = ""
    /// Ids, sorted, each once.
    var indicators: [String] = []

    var position: AlertPosition { AlertPosition(points: points, household: household, direction: direction, id: id) }
}

struct AlertQueries: Sendable {
    let database: any DatabaseReader

    /// Counting stops here: how many more there are changes nothing for the reader and costs time.
    static let countLimit = 10_000

    /// The next lines after a position.
    func page(
        _ filter: AlertFilter, order: AlertOrder, after position: AlertPosition?, limit: Int
    ) async throws -> [AlertLine] {
        try await database.read { db in try Self.page(db, filter, order: order, after: position, limit: limit) }
    }

    static func page(
        _ db: Database, _ filter: AlertFilter, order: AlertOrder, after position: AlertPosition?, limit: Int
    ) throws -> [AlertLine] {
        // One stream a direction, each in the order of an index; merged, so that nothing is sorted in the database.
        let directions = filter.direction.map { [$0] } ?? AlertTerms.directions.sorted()
        let isRare = try isRare(db, filter)
        var lines: [AlertLine] = []
        for direction in directions {
            lines += try stream(
                db, filter, isRare: isRare, direction: direction, order: order, after: position, limit: limit)
        }
        lines.sort { left, right in
            let isBefore = Self.isBefore(left, right, order.key)
            return order.isReversed ? !isBefore : isBefore
        }
        lines = Array(lines.prefix(limit))
        try addPeople(db, &lines)
        try addIndicators(db, &lines)
        return lines
    }

    /// How many there are, at most one more than `countLimit`.
    func count(_ filter: AlertFilter) async throws -> Int {
        try await database.read { db in
            var conditions = Conditions(filter, isRare: true)
            let index =
                filter.division != nil ? "INDEXED BY alert_by_division" : filter.indicator != nil ? "NOT INDEXED" : ""
            if let direction = filter.direction { conditions.add("a.direction = ?", direction) }
            return try Int.fetchOne(
                db,
                sql:
                    "SELECT count(*) FROM (SELECT 1 FROM alert a \(index) WHERE \(conditions.sql) LIMIT \(Self.countLimit + 1))",
                arguments: conditions.arguments) ?? 0
        }
    }

    /// The divisions to choose from: the way down to the current one, itself, and those below it with households.
    func divisionChoices(_ current: String?) async throws -> [String] {
        try await database.read { db in
            guard let run = try RunQueries(database: database).latestDone(db) else { return [] }
            let start = try current ?? DashboardQueries.smallestWhole(db, run)
            var choices = [2, 4, 6, 9].filter { $0 <= start.utf8.count }.map { String(start.prefix($0)) }
            if !start.isEmpty, choices.last != start { choices.append(start) }
            if let digits = DashboardQueries.digits(below: start) {
                choices += try DashboardQueries.childPopulation(db, run.id, of: start, digits: digits).keys.sorted()
            }
            return choices
        }
    }

    // MARK: - SQL

    private struct Conditions {
        var parts: [String] = []
        var arguments: StatementArguments = []

        /// - Parameter isRare: Whether the indicator's own alerts are looked up, and not all of them asked for it.
        init(_ filter: AlertFilter, isRare: Bool) {
            add("a.state = ?", filter.state)
            // Said twice, so that the partial index over all but closed alerts can be used.
            if filter.state != "closed" { parts.append("a.state <> 'closed'") }
            if let tier = filter.tier { add("a.tier = ?", tier) }
            if let division = filter.division {
                add("a.division >= ?", division)
                add("a.division < ?", division + ":")
            }
            if let indicator = filter.indicator {
                add(
                    isRare
                        ? "a.alert_id IN (SELECT s.alert_id FROM alert_signal s WHERE s.indicator = ?)"
                        : "EXISTS (SELECT 1 FROM alert_signal s WHERE s.indicator = ? AND s.alert_id = a.alert_id)",
                    indicator)
            }
        }

        mutating func add(_ part: String, _ argument: (any DatabaseValueConvertible)...) {
            parts.append(part)
            arguments += StatementArguments(argument)
        }

        var sql: String { parts.joined(separator: " AND ") }
    }

    /// The index to read by. The planner has no statistics: it would rather sort a whole league than read on in order.
    private static func index(_ filter: AlertFilter, _ order: AlertOrder, isRare: Bool) -> String {
        if let division = filter.division, division.utf8.count >= 6 { return "INDEXED BY alert_by_division" }
        if isRare { return "NOT INDEXED" }
        switch order.key {
        case .points: return filter.tier == nil ? "INDEXED BY alert_by_points" : "INDEXED BY alert_by_tier"
        case .household: return filter.state == "closed" ? "" : "INDEXED BY alert_not_closed"
        }
    }

    /// Below this many signals it is quicker to look them all up.
    private static let rareLimit = 20_000

    private static func isRare(_ db: Database, _ filter: AlertFilter) throws -> Bool {
        guard let indicator = filter.indicator else { return false }
        let count = try Int.fetchOne(
            db, sql: "SELECT count(*) FROM (SELECT 1 FROM alert_signal WHERE indicator = ? LIMIT \(rareLimit + 1))",
            arguments: [indicator])
        return (count ?? 0) <= rareLimit
    }

    private static func stream(
        _ db: Database, _ filter: AlertFilter, isRare: Bool, direction: String, order: AlertOrder,
        after position: AlertPosition?, limit: Int
    ) throws -> [AlertLine] {
        var conditions = Conditions(filter, isRare: isRare)
        conditions.add("a.direction = ?", direction)
        let (next, nextOrSame, down) = order.isReversed ? ("<", "<=", ">") : (">", ">=", "<")
        if let position {
            let past: String
            let isLaterStream = order.isReversed ? direction < position.direction : direction > position.direction
            if direction == position.direction {
                past = "(a.household_id, a.alert_id) \(next) (?, ?)"
            } else {
                past = "a.household_id \(isLaterStream ? nextOrSame : next) ?"
            }
            var values: [any DatabaseValueConvertible] = [position.household]
            if direction == position.direction { values.append(position.id) }
            switch order.key {
            case .points:
                conditions.parts.append("a.points \(down)= ? AND (a.points \(down) ? OR \(past))")
                conditions.arguments += StatementArguments([position.points, position.points] + values)
            case .household:
                conditions.parts.append(past)
                conditions.arguments += StatementArguments(values)
            }
        }
        let (up, fall) = order.isReversed ? ("DESC", "ASC") : ("ASC", "DESC")
        let by =
            switch order.key {
            case .points: "a.points \(fall), a.household_id \(up), a.alert_id \(up)"
            case .household: "a.household_id \(up), a.alert_id \(up)"
            }
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT a.alert_id, a.household_id, a.division, a.direction, a.state, a.tier, a.points, a.changed_at
                FROM alert a \(index(filter, order, isRare: isRare)) WHERE \(conditions.sql) ORDER BY \(by) LIMIT \(limit)
                """,
            arguments: conditions.arguments)
        return rows.map { row in
            AlertLine(
                id: row["alert_id"], household: row["household_id"], division: row["division"],
                direction: row["direction"], state: row["state"], tier: row["tier"], points: row["points"],
                changedAt: row["changed_at"])
        }
    }

    private static func isBefore(_ left: AlertLine, _ right: AlertLine, _ key: AlertOrder.Key) -> Bool {
        if key == .points, left.points != right.points { return left.points > right.points }
        // By bytes, as SQLite compares.
        if left.household != right.household {
            return left.household.utf8.lexicographicallyPrecedes(right.household.utf8)
        }
        if left.direction != right.direction { return left.direction < right.direction }
        return left.id < right.id
    }

    private static func addPeople(_ db: Database, _ lines: inout [AlertLine]) throws {
        let ids = Array(Set(lines.map(\.household)))
        guard !ids.isEmpty else { return }
        let marks = databaseQuestionMarks(count: ids.count)
        var heads: [String: String] = [:]
        let people = try Row.fetchCursor(
            db,
            sql:
                "SELECT household_id, name, relation FROM person WHERE household_id IN (\(marks)) ORDER BY household_id, position",
            arguments: StatementArguments(ids))
        while let row = try people.next() {
            let household: String = row["household_id"]
            let relation: String = row["relation"]
            if heads[household] == nil || relation == "head" {
                heads[household] = PersonName.masked(row["name"] as String)
            }
        }
        let categories = try Row.fetchAll(
            db, sql: "SELECT household_id, category FROM household WHERE household_id IN (\(marks))",
            arguments: StatementArguments(ids))
        let byID = Dictionary(categories.map { ($0["household_id"] as String, $0["category"] as String) }) { first, _ in
            first
        }
        for index in lines.indices {
            lines[index].head = heads[lines[index].household] ?? ""
            lines[index].category = byID[lines[index].household] ?? ""
        }
    }

    private static func addIndicators(_ db: Database, _ lines: inout [AlertLine]) throws {
        guard !lines.isEmpty else { return }
        var found: [Int64: [String]] = [:]
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT DISTINCT alert_id, indicator FROM alert_signal
                WHERE alert_id IN (\(databaseQuestionMarks(count: lines.count))) ORDER BY alert_id, indicator
                """,
            arguments: StatementArguments(lines.map(\.id)))
        while let row = try rows.next() { found[row["alert_id"], default: []].append(row["indicator"]) }
        for index in lines.indices { lines[index].indicators = found[lines[index].id] ?? [] }
    }
}
