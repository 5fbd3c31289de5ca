import SocialDomain
import Storage

/// What is published, read piece by piece, so that a slow reader of a long export holds no transaction open.
struct PublishedServices: Sendable {
    let database: Database
    /// The high-frequency items only.
    var isOnlyFrequent = false
    private static let pieceSize = 100

    /// In the order of the catalogue; empty after the last.
    func services(after id: Int64) async throws -> [PublishedService] {
        try await read("AND i.item_id > \(id) ORDER BY i.item_id LIMIT \(Int64(Self.pieceSize))")
    }

    func services(in range: Range<Int>) async throws -> [PublishedService] {
        try await read("ORDER BY i.item_id LIMIT \(Int64(range.count)) OFFSET \(Int64(range.lowerBound))")
    }

    private func read(_ rest: SQL) async throws -> [PublishedService] {
        let only: SQL = isOnlyFrequent ? "AND i.is_frequent" : ""
        return try await database.read { db in
            try db.rows(
                """
                SELECT i.item_id, i.division, i.confirmed_on, e.number, e.content, e.published_at
                FROM item i JOIN edition e ON e.item_id = i.item_id AND e.number = i.published_number
                WHERE i.withdrawn_at IS NULL \(only) \(rest)
                """
            ).map { row in
                PublishedService(
                    item: PublishedItem(
                        id: try row.get("item_id"),
                        content: try CatalogueStore.content(row.get("content", as: String.self)),
                        number: try row.get("number"), publishedAt: try row.get("published_at") ?? "",
                        confirmedOn: try row.get("confirmed_on")), division: try row.get("division"))
            }
        }
    }

    func authorities() async throws -> [String: CompetentAuthority] {
        try await database.read { db in
            let departments = try CatalogueStore.departments(in: db)
            var divisions: [String: String] = [:]
            for row in try db.rows("SELECT department_id, division FROM department") {
                divisions[try row.get("department_id", as: String.self)] = try row.get("division", as: String.self)
            }
            return Dictionary(
                departments.map {
                    ($0.id, CompetentAuthority(department: $0, division: divisions[$0.id] ?? ""))
                }, uniquingKeysWith: { first, _ in first })
        }
    }

    func count() async throws -> Int {
        try await database.read { db in
            Int(try db.first("SELECT count(*) AS n FROM item i \(Self.shown)")?.get("n", as: Int64.self) ?? 0)
        }
    }

    func sitemapEntries(_ range: Range<Int>) async throws -> [Sitemap.Entry] {
        try await database.read { db in
            try db.rows(
                """
                SELECT i.code, e.published_at
                FROM item i JOIN edition e ON e.item_id = i.item_id AND e.number = i.published_number
                WHERE i.withdrawn_at IS NULL ORDER BY i.item_id LIMIT \(Int64(range.count))
                    OFFSET \(Int64(range.lowerBound))
                """
            ).map { row in
                Sitemap.Entry(code: try row.get("code"), publishedAt: try row.get("published_at") ?? "")
            }
        }
    }

    private static let shown: SQL = "WHERE i.withdrawn_at IS NULL AND i.published_number IS NOT NULL"
}
