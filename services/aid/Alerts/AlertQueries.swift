import Security
import SocialDomain
import Storage

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
    let database: Database
    let scope: Scope

    /// Counting stops here: how many more there are changes nothing for the reader and costs time.
    static let countLimit = 10_000

    /// The next lines after a position.
    func page(
        _ filter: AlertFilter, order: AlertOrder, after position: AlertPosition?, limit: Int
    ) async throws -> [AlertLine] {
        let queries = self
        return try await database.read { db in
            try queries.page(db, filter, order: order, after: position, limit: limit)
        }
    }

    func page(
        _ db: Connection, _ filter: AlertFilter, order: AlertOrder, after position: AlertPosition?, limit: Int
    ) throws -> [AlertLine] {
        // One stream a direction, each in the order of an index; merged, so that nothing is sorted in the database.
        let directions = filter.direction.map { [$0] } ?? AlertTerms.directions.sorted()
        let isRare = try Self.isRare(db, filter)
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
        try Self.addPeople(db, &lines)
        try Self.addIndicators(db, &lines)
        return lines
    }

    /// How many there are, at most one more than `countLimit`.
    func count(_ filter: AlertFilter) async throws -> Int {
        let queries = self
        return try await database.read { db in
            var conditions = queries.conditions(filter, isRare: true)
            if let direction = filter.direction { conditions.append("a.direction = \(direction)") }
            let index: SQL =
                queries.narrowest(filter) != nil
                ? db.reading(by: "alert_by_division") : filter.indicator != nil ? db.readingWithoutIndex() : ""
            return try db.first(
                """
                SELECT count(*) AS n FROM (SELECT 1 AS one FROM alert a \(index)
                    WHERE \(conditions.joined(by: " AND ")) LIMIT \(Self.countLimit + 1)) AS found
                """)?.get("n") ?? 0
        }
    }

    /// The divisions to choose from: the way down to the current one, itself, and those below it with households.
    func divisionChoices(_ current: String?) async throws -> [String] {
        let (database, top) = (database, scope.division?.prefix)
        return try await database.read { db in
            guard let run = try RunQueries(database: database).latestDone(db) else { return [] }
            let inside = current.flatMap { $0.hasPrefix(top ?? "") ? $0 : nil }
            let start = try inside ?? top ?? DashboardQueries.smallestWhole(db, run)
            var choices = [2, 4, 6, 9].filter { $0 <= start.utf8.count }.map { String(start.prefix($0)) }
            if !start.isEmpty, choices.last != start { choices.append(start) }
            choices.removeAll { !$0.hasPrefix(top ?? "") }
            if let digits = DashboardQueries.digits(below: start) {
                choices += try DashboardQueries.childPopulation(db, run.id, of: start, digits: digits).keys.sorted()
            }
            return choices
        }
    }

    // MARK: - SQL

    /// - Parameter isRare: Whether the indicator's own alerts are looked up, and not all of them asked for it.
    private func conditions(_ filter: AlertFilter, isRare: Bool) -> [SQL] {
        var parts: [SQL] = ["a.state = \(filter.state)", SQL.within(scope.division, "a.division")]
        // Said twice, so that the partial index over all but closed alerts can be used.
        if filter.state != "closed" { parts.append("a.state <> 'closed'") }
        if let tier = filter.tier { parts.append("a.tier = \(tier)") }
        if let division = filter.division {
            parts.append("a.division >= \(division) AND a.division < \(division + ":")")
        }
        if let indicator = filter.indicator {
            parts.append(
                isRare
                    ? "a.alert_id IN (SELECT s.alert_id FROM alert_signal s WHERE s.indicator = \(indicator))"
                    : """
                    EXISTS (SELECT 1 FROM alert_signal s WHERE s.indicator = \(indicator) AND s.alert_id = a.alert_id)
                    """)
        }
        return parts
    }

    /// The digits that every division on the list begins with, as far as they narrow it.
    private func narrowest(_ filter: AlertFilter) -> String? {
        let top = scope.division?.prefix
        guard let division = filter.division else { return top?.utf8.count ?? 0 > 2 ? top : nil }
        return division.utf8.count >= top?.utf8.count ?? 0 ? division : top
    }

    /// The index to read by. SQLite's planner has no statistics: it would rather sort a whole league than read on in
    /// order.
    private func index(_ db: Connection, _ filter: AlertFilter, _ order: AlertOrder, isRare: Bool) -> SQL {
        if let division = narrowest(filter), division.utf8.count >= 6 { return db.reading(by: "alert_by_division") }
        if isRare { return db.readingWithoutIndex() }
        switch order.key {
        case .points: return db.reading(by: filter.tier == nil ? "alert_by_points" : "alert_by_tier")
        case .household: return filter.state == "closed" ? "" : db.reading(by: "alert_not_closed")
        }
    }

    /// Below this many signals it is quicker to look them all up.
    private static let rareLimit = 20_000

    private static func isRare(_ db: Connection, _ filter: AlertFilter) throws -> Bool {
        guard let indicator = filter.indicator else { return false }
        let count: Int =
            try db.first(
                """
                SELECT count(*) AS n FROM (SELECT 1 AS one FROM alert_signal
                    WHERE indicator = \(indicator) LIMIT \(rareLimit + 1)) AS found
                """)?.get("n") ?? 0
        return count <= rareLimit
    }

    private func stream(
        _ db: Connection, _ filter: AlertFilter, isRare: Bool, direction: String, order: AlertOrder,
        after position: AlertPosition?, limit: Int
    ) throws -> [AlertLine] {
        var conditions = conditions(filter, isRare: isRare)
        conditions.append("a.direction = \(direction)")
        if let position { conditions.append(Self.past(position, direction: direction, order: order)) }
        let (up, fall): (SQL, SQL) = order.isReversed ? ("DESC", "ASC") : ("ASC", "DESC")
        let by: SQL =
            switch order.key {
            case .points: "a.points \(fall), a.household_id \(up), a.alert_id \(up)"
            case .household: "a.household_id \(up), a.alert_id \(up)"
            }
        let rows = try db.rows(
            """
            SELECT a.alert_id, a.household_id, a.division, a.direction, a.state, a.tier, a.points, a.changed_at
            FROM alert a \(index(db, filter, order, isRare: isRare))
            WHERE \(conditions.joined(by: " AND ")) ORDER BY \(by) LIMIT \(limit)
            """)
        return try rows.map { row in
            AlertLine(
                id: try row.get("alert_id"), household: try row.get("household_id"),
                division: try row.get("division"), direction: try row.get("direction"), state: try row.get("state"),
                tier: try row.get("tier"), points: try row.get("points"), changedAt: try row.get("changed_at"))
        }
    }

    /// What comes after a position in the stream of a direction.
    private static func past(_ position: AlertPosition, direction: String, order: AlertOrder) -> SQL {
        let (next, nextOrSame, down): (SQL, SQL, SQL) =
            order.isReversed ? ("<", "<=", ">") : (">", ">=", "<")
        let past: SQL
        let isLaterStream = order.isReversed ? direction < position.direction : direction > position.direction
        if direction == position.direction {
            past = "(a.household_id, a.alert_id) \(next) (\(position.household), \(position.id))"
        } else {
            past = "a.household_id \(isLaterStream ? nextOrSame : next) \(position.household)"
        }
        return switch order.key {
        case .points: "a.points \(down)= \(position.points) AND (a.points \(down) \(position.points) OR \(past))"
        case .household: past
        }
    }

    private static func isBefore(_ left: AlertLine, _ right: AlertLine, _ key: AlertOrder.Key) -> Bool {
        if key == .points, left.points != right.points { return left.points > right.points }
        // By bytes, as the database compares.
        if left.household != right.household {
            return left.household.utf8.lexicographicallyPrecedes(right.household.utf8)
        }
        if left.direction != right.direction { return left.direction < right.direction }
        return left.id < right.id
    }

    private static func addPeople(_ db: Connection, _ lines: inout [AlertLine]) throws {
        let ids = Set(lines.map(\.household)).sorted()
        guard !ids.isEmpty else { return }
        var heads: [String: String] = [:]
        let people = try db.rows(
            """
            SELECT household_id, name, relation FROM person WHERE household_id IN \(list: ids)
            ORDER BY household_id, position
            """)
        for row in people {
            let household: String = try row.get("household_id")
            if try heads[household] == nil || row.get("relation", as: String.self) == "head" {
                heads[household] = PersonName.masked(try row.get("name", as: String.self))
            }
        }
        var categories: [String: String] = [:]
        for row in try db.rows("SELECT household_id, category FROM household WHERE household_id IN \(list: ids)") {
            categories[try row.get("household_id")] = try row.get("category")
        }
        for index in lines.indices {
            lines[index].head = heads[lines[index].household] ?? ""
            lines[index].category = categories[lines[index].household] ?? ""
        }
    }

    private static func addIndicators(_ db: Connection, _ lines: inout [AlertLine]) throws {
        guard !lines.isEmpty else { return }
        var found: [Int64: [String]] = [:]
        let rows = try db.rows(
            """
            SELECT DISTINCT alert_id, indicator FROM alert_signal WHERE alert_id IN \(list: lines.map(\.id))
            ORDER BY alert_id, indicator
            """)
        for row in rows { found[try row.get("alert_id"), default: []].append(try row.get("indicator")) }
        for index in lines.indices { lines[index].indicators = found[lines[index].id] ?? [] }
    }
}
