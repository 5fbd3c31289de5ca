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
        let only: SQL = isOnlyFrequent ? "AND i.is_frequent" : ""
        return try await database.read { db in
            try db.rows(
                """
                SELECT i.item_id, i.division, i.confirmed_on, e.number, e.content, e.published_at
                FROM item i JOIN edition e ON e.item_id = i.item_id AND e.number = i.published_number
                WHERE i.withdrawn_at IS NULL AND i.item_id > \(id) \(only) ORDER BY i.item_id LIMIT \(Self.pieceSize)
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

/// The whole export in pieces of text.
struct CPSVExport: Sendable {
    enum Format: String, CaseIterable, Sendable {
        case turtle = "cpsv-ttl"
        case jsonLD = "cpsv-jsonld"

        var writer: any RDFWriter {
            switch self {
            case .turtle: TurtleWriter()
            case .jsonLD: JSONLDWriter()
            }
        }
    }

    let services: PublishedServices
    let addresses: GuideAddresses
    let format: Format

    /// The number of items.
    @discardableResult
    func write(_ body: (String) async throws -> Void) async throws -> Int {
        let writer = format.writer
        var catalogue = CPSVCatalogue(addresses: addresses, authorities: try await services.authorities())
        var (last, count, isFirst) = (Int64.min, 0, true)
        try await body(writer.head)
        while true {
            let piece = try await services.services(after: last)
            guard let end = piece.last else { break }
            var text = ""
            for service in piece {
                for node in catalogue.describe(service) {
                    text += writer.text(of: node, isFirst: isFirst)
                    isFirst = false
                }
            }
            try await body(text)
            (last, count) = (end.item.id, count + piece.count)
        }
        try await body(writer.tail)
        return count
    }
}
