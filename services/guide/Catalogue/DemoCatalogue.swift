import Foundation
import SocialDomain
import Storage

/// The catalogue that is shipped to look at: departments.json and items, a line each, in `ItemContent`'s form.
struct DemoCatalogue: Sendable {
    let folder: String
    static let division = "150402"
    private static let files = ["frequent-1.jsonl", "frequent-2.jsonl", "items.jsonl"]

    func departments() throws -> [Department] {
        try JSONDecoder().decode(
            [Department].self, from: Data(contentsOf: URL(fileURLWithPath: "\(folder)/departments.json")))
    }

    func items() throws -> [ItemContent] {
        let decoder = JSONDecoder()
        return try Self.files.flatMap { name in
            try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")).split(separator: 0x0A).map {
                try decoder.decode(ItemContent.self, from: $0)
            }
        }
    }

    /// Publishes every item in its first edition; the number of items, 0 where there were some.
    func load(into database: Database, at time: String) throws -> Int {
        let (departments, items) = (try departments(), try items())
        return try database.writeInBulkBlocking { db in
            guard try db.first("SELECT 1 AS one FROM item LIMIT 1") == nil else { return 0 }
            for department in departments { try CatalogueStore.put(department, division: Self.division, in: db) }
            let version = try CatalogueStore.nextVersion(in: db)
            for (index, content) in items.enumerated() {
                try PublishItem.first(
                    content, id: Int64(index + 1), division: Self.division, version: version, at: time, in: db)
            }
            return items.count
        }
    }
}
