import SocialDomain
import Storage

/// Classes that citizens may see.
struct ClassCatalogue: Sendable {
    let database: Database
    static let pageSize = 20
    /// So many are open at one time in no league; the nearest of them are sorted in memory.
    private static let most = 3000

    struct Hit: Hashable, Sendable {
        let offer: CatalogueClass
        let metres: Double?
    }

    /// Open classes, the nearest first where a place is known, else the ones that begin first.
    ///
    /// - Parameter trades: occupation codes that the text means besides.
    func find(
        _ filter: CatalogueFilter, trades: [String], on today: CalendarDate
    ) async throws -> (hits: [Hit], count: Int) {
        var conditions: [SQL] = ["c.state = 'open'", "c.sign_up_until >= \(today.description)"]
        conditions.append(SQL.within(filter.division, "c.division"))
        if filter.audience != .any { conditions.append("c.audience IN ('any', \(filter.audience.rawValue))") }
        if let days = filter.days { conditions.append("c.starts_on <= \(today.adding(days: days).description)") }
        if filter.hasFreeSeats {
            conditions.append(
                """
                c.seated < c.capacity AND NOT EXISTS (
                    SELECT 1 FROM enrollment w WHERE w.class_id = c.class_id AND w.state = 'waiting')
                """)
        }
        for word in filter.text.split(separator: " ").prefix(5) {
            let like = "%" + Self.escaped(word) + "%"
            conditions.append(
                """
                (c.title LIKE \(like) ESCAPE '!' OR p.title LIKE \(like) ESCAPE '!' OR p.trade LIKE \(like) ESCAPE '!'
                    OR s.name LIKE \(like) ESCAPE '!' OR p.trade IN \(list: trades))
                """)
        }
        let condition = conditions.joined(by: " AND ")
        let offers = try await database.read { db in
            try db.rows(
                """
                SELECT \(CatalogueClass.columns) WHERE \(condition) ORDER BY c.starts_on, c.class_id LIMIT \(Self.most)
                """
            ).map(CatalogueClass.init)
        }
        var hits = offers.map { offer in
            Hit(offer: offer, metres: filter.point.flatMap { point in offer.point.map { point.metres(to: $0) } })
        }
        if let within = filter.within { hits = hits.filter { ($0.metres ?? .infinity) <= Double(within) * 1000 } }
        if filter.point != nil {
            // What has no place on the map comes last, in the order of time.
            hits = hits.enumerated().sorted {
                ($0.element.metres ?? .infinity, $0.offset) < ($1.element.metres ?? .infinity, $1.offset)
            }.map(\.element)
        }
        let start = min(hits.count, (filter.page - 1) * Self.pageSize)
        return (Array(hits[start..<min(hits.count, start + Self.pageSize)]), hits.count)
    }

    func offer(_ id: Int64) async throws -> CatalogueClass? {
        try await database.read { db in try Self.offer(id, in: db) }
    }

    static func offer(_ id: Int64, in db: Connection) throws -> CatalogueClass? {
        try db.first(
            """
            SELECT \(CatalogueClass.columns) WHERE c.class_id = \(id)
                AND c.state IN ('open', 'running', 'ended', 'cancelled')
            """
        ).map(CatalogueClass.init)
    }

    func lessons(of id: Int64) async throws -> [CatalogueLesson] {
        try await database.read { db in
            try db.rows(
                """
                SELECT s.starts_at, s.ends_at, s.topic, r.name AS room, i.name AS instructor FROM class_session s
                JOIN room r ON r.room_id = s.room_id JOIN instructor i ON i.instructor_id = s.instructor_id
                WHERE s.class_id = \(id) AND s.is_cancelled = 0 ORDER BY s.starts_at LIMIT 500
                """
            ).map { row in
                CatalogueLesson(
                    startsAt: try row.get("starts_at"), endsAt: try row.get("ends_at"), topic: try row.get("topic"),
                    room: try row.get("room"), instructor: try row.get("instructor"))
            }
        }
    }

    /// Other classes of the same program that take sign-ups.
    func siblings(of offer: CatalogueClass, on today: CalendarDate) async throws -> [CatalogueClass] {
        try await database.read { db in
            try db.rows(
                """
                SELECT \(CatalogueClass.columns) WHERE c.program_id = \(offer.program) AND c.class_id <> \(offer.id)
                    AND c.state = 'open' AND c.sign_up_until >= \(today.description)
                ORDER BY c.starts_on, c.class_id LIMIT 20
                """
            ).map(CatalogueClass.init)
        }
    }

    /// The counties in which classes are open, for the choice of a place.
    func counties(on today: CalendarDate) async throws -> [DivisionCode] {
        try await database.read { db in
            try db.rows(
                """
                SELECT DISTINCT substr(division, 1, 6) AS county FROM training_class
                WHERE state = 'open' AND sign_up_until >= \(today.description) ORDER BY county
                """
            ).compactMap { DivisionCode(prefix: try $0.get("county", as: String.self)) }
        }
    }

    static func escaped(_ word: some StringProtocol) -> String {
        String(word).replacing("!", with: "!!").replacing("%", with: "!%").replacing("_", with: "!_")
    }
}
