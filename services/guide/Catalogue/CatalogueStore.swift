import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage

/// A department of the hall.
struct Department: Hashable, Sendable, Codable {
    var id: String
    var name: String
    var short: String
    var phone: String
    var address: String
    var hours: String
}

/// An item with the edition that citizens see.
struct PublishedItem: Hashable, Sendable {
    let id: Int64
    let content: ItemContent
    let number: Int64
    let publishedAt: String
    let confirmedOn: String?
}

/// The catalogue in the database: departments, items, their published editions.
struct CatalogueStore: Sendable {
    let database: Database

    // MARK: - Reading, for everyone

    /// Nil where there is no such item, or it is not published.
    func published(code: String) async throws -> PublishedItem? {
        try await database.read { db in
            try db.first("\(Self.published) AND i.code = \(code)").map(Self.item)
        }
    }

    /// Every published item, in the order of the catalogue.
    func allPublished(in db: Connection, _ body: (PublishedItem) throws -> Void) throws {
        try db.forEach("\(Self.published) ORDER BY i.item_id") { row in try body(Self.item(row)) }
    }

    /// What citizens see changed after a version: items to show anew, and those to show no more.
    func changes(after version: Int64, in db: Connection) throws -> (shown: [PublishedItem], gone: [Int64]) {
        let shown = try db.rows("\(Self.published) AND i.changed_version > \(version) ORDER BY i.item_id").map(
            Self.item)
        let gone = try db.rows(
            """
            SELECT item_id FROM item WHERE changed_version > \(version)
                AND (withdrawn_at IS NOT NULL OR published_number IS NULL)
            """
        ).map { try $0.get("item_id", as: Int64.self) }
        return (shown, gone)
    }

    static func version(in db: Connection) throws -> Int64 {
        try db.first("SELECT version FROM catalogue_state WHERE only_row = 1")?.get("version") ?? 0
    }

    static func departments(in db: Connection) throws -> [Department] {
        try db.rows("SELECT * FROM department ORDER BY department_id").map { row in
            Department(
                id: try row.get("department_id"), name: try row.get("name"), short: try row.get("short_name"),
                phone: try row.get("phone"), address: try row.get("address"), hours: try row.get("hours"))
        }
    }

    static let published: SQL = """
        SELECT i.item_id, i.confirmed_on, e.number, e.content, e.published_at
        FROM item i JOIN edition e ON e.item_id = i.item_id AND e.number = i.published_number
        WHERE i.withdrawn_at IS NULL
        """

    static func item(_ row: Row) throws -> PublishedItem {
        PublishedItem(
            id: try row.get("item_id"), content: try content(row.get("content", as: String.self)),
            number: try row.get("number"), publishedAt: try row.get("published_at") ?? "",
            confirmedOn: try row.get("confirmed_on"))
    }

    static func content(_ json: String) throws -> ItemContent {
        try JSONDecoder().decode(ItemContent.self, from: Data(json.utf8))
    }

    static func json(_ content: ItemContent) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(content), as: UTF8.self)
    }

    // MARK: - Changing

    /// The next version of what citizens see, for the item that is being changed in this transaction.
    static func nextVersion(in db: Connection) throws -> Int64 {
        try db.execute("UPDATE catalogue_state SET version = version + 1 WHERE only_row = 1")
        return try version(in: db)
    }

    static func put(_ department: Department, division: String, in db: Connection) throws {
        try db.execute(
            """
            INSERT INTO department (department_id, name, short_name, phone, address, hours, division)
            VALUES (\(department.id), \(department.name), \(department.short), \(department.phone),
                \(department.address), \(department.hours), \(division))
            ON CONFLICT (department_id) DO UPDATE SET name = excluded.name, short_name = excluded.short_name,
                phone = excluded.phone, address = excluded.address, hours = excluded.hours
            """)
    }
}
