import Foundation
import ServiceKit
import SocialDomain
import Storage
import Synchronization

/// What citizens see, in memory: the search index and a card for each item. Every copy of the service follows the
/// catalogue's version in the database, so that a publication is seen everywhere within a second.
final class LiveCatalogue: Sendable {
    /// An item as lists show it.
    struct Card: Hashable, Sendable {
        let code: String
        let name: String
        let plainName: String
        let department: String
        let summary: String
        let isFrequent: Bool
        let isSample: Bool
        let themes: [String]
    }

    struct Snapshot: Sendable {
        var version: Int64
        var index: SearchIndex
        var cards: [Int64: Card]
        var departments: [Department]
        /// How often each item was opened of late, by code: what many open stands higher.
        var views: [String: Int] = [:]

        /// The official name, as other systems know it.
        func authorityName(_ id: String) -> String { departments.first { $0.id == id }?.name ?? id }

        func departmentName(_ id: String) -> String { Self.name(of: id, in: departments) }

        static func name(of id: String, in departments: [Department]) -> String {
            departments.first { $0.id == id }.map { $0.short.isEmpty ? $0.name : $0.short } ?? id
        }
    }

    private let store: CatalogueStore
    private let current: Mutex<Snapshot>
    private static let interval = Duration.milliseconds(500)

    /// - Parameter today: the day up to which openings count.
    init(store: CatalogueStore, resources: String, today: CalendarDate) throws {
        self.store = store
        let folder = "\(resources)/search"
        let tables = try CharacterTables(folder: URL(fileURLWithPath: folder))
        let lexicon = try Lexicon(
            json: Data(contentsOf: URL(fileURLWithPath: "\(folder)/synonyms.json")), tables: tables)
        let snapshot = try store.database.readBlocking { db in
            let departments = try CatalogueStore.departments(in: db)
            let views = try UsageStore.itemViews(until: today, in: db)
            var documents: [SearchDocument] = []
            var cards: [Int64: Card] = [:]
            try store.allPublished(in: db) { item in
                documents.append(Self.document(item, departments, views))
                cards[item.id] = Self.card(item)
            }
            return Snapshot(
                version: try CatalogueStore.version(in: db),
                index: SearchIndex(documents, tables: tables, lexicon: lexicon), cards: cards,
                departments: departments, views: views)
        }
        current = Mutex(snapshot)
    }

    var snapshot: Snapshot { current.withLock { $0 } }

    /// Looks for changes until the task is cancelled.
    func follow() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.interval)
            // A database that does not answer now is asked again.
            try? await refresh()
        }
    }

    /// Takes over what changed since the last time.
    func refresh() async throws {
        let known = snapshot
        let store = store
        let news = try await store.database.read { db -> (Int64, [PublishedItem], [Int64], [Department])? in
            let version = try CatalogueStore.version(in: db)
            guard version != known.version else { return nil }
            let (shown, gone) = try store.changes(after: known.version, in: db)
            return (version, shown, gone, try CatalogueStore.departments(in: db))
        }
        guard let (version, shown, gone, departments) = news else { return }
        var next = known
        next.version = version
        next.departments = departments
        next.index = known.index.updating(
            shown.map { Self.document($0, departments, known.views) }, removing: gone)
        if next.index.isFragmented { next.index = try await whole(known.views, known.index) }
        for item in shown { next.cards[item.id] = Self.card(item) }
        for id in gone { next.cards[id] = nil }
        // Two refreshes at once bring the same; the newer one stays.
        current.withLock { current in
            if next.version > current.version { current = next }
        }
    }

    /// Takes over how often items were opened; as that moves slowly, once a day is enough.
    func refreshPopularity(today: CalendarDate) async throws {
        let known = snapshot
        let views = try await store.database.read { db in try UsageStore.itemViews(until: today, in: db) }
        let index = try await whole(views, known.index)
        current.withLock { current in
            // A publication meanwhile stays; the next day brings its popularity.
            guard current.version == known.version else { return }
            current.index = index
            current.views = views
        }
    }

    /// The index of everything that is published, built anew: thousands of changes leave one in many pieces.
    private func whole(_ views: [String: Int], _ index: SearchIndex) async throws -> SearchIndex {
        let store = store
        let documents = try await store.database.read { db in
            let departments = try CatalogueStore.departments(in: db)
            var documents: [SearchDocument] = []
            try store.allPublished(in: db) { documents.append(Self.document($0, departments, views)) }
            return documents
        }
        return SearchIndex(documents, tables: index.tables, lexicon: index.lexicon)
    }

    private static func card(_ item: PublishedItem) -> Card {
        let content = item.content
        return Card(
            code: content.code, name: content.name, plainName: content.plainName, department: content.department,
            summary: content.summary, isFrequent: content.isFrequent, isSample: content.isSample,
            themes: content.themes)
    }

    private static func document(
        _ item: PublishedItem, _ departments: [Department], _ views: [String: Int]
    ) -> SearchDocument {
        let content = item.content
        return SearchDocument(
            id: item.id, code: content.code, name: content.name,
            aliases: content.aliases + (content.plainName.isEmpty ? [] : [content.plainName]),
            department: Snapshot.name(of: content.department, in: departments), kind: content.kind,
            audiences: content.audience,
            channels: content.channels,
            keywords: content.materials.map(\.name) + content.results + content.themes + content.variants.map(\.name),
            summary: ([content.summary] + content.questions.map(\.question)).joined(separator: " "),
            popularity: (content.isFrequent ? 1000 : 0) + (views[content.code] ?? 0))
    }
}
