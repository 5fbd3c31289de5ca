import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage

/// An edition of a flow.
struct FlowEdition: Hashable, Sendable {
    enum State: String, Sendable {
        case draft
        case submitted
        case published
        case returned
    }

    let flow: String
    let number: Int64
    let state: State
    /// JSON.
    let content: String
    let version: Int64
    let editedBy: String
    let editedName: String
    let editedAt: String
    let reviewedName: String?
    let reviewedAt: String?
    let note: String
}

/// A flow as the editors' list shows it.
struct FlowEntry: Hashable, Sendable {
    let id: String
    let title: Flow.Text
    let publishedNumber: Int64?
    let isWithdrawn: Bool
    /// Of the edition that is being worked on.
    let openState: FlowEdition.State?
}

/// Flows in the database.
struct FlowStore: Sendable {
    let database: Database

    // MARK: - For citizens

    /// The flows on show, in the order in which they were made.
    func published() async throws -> [Flow] {
        try await database.read { db in
            try db.rows("\(Self.onShow) ORDER BY f.made_at, f.flow_id").map { try Self.flow($0.get("content")) }
        }
    }

    func published(_ id: String) async throws -> Flow? {
        try await database.read { db in
            try db.first("\(Self.onShow) AND f.flow_id = \(id)").map { try Self.flow($0.get("content")) }
        }
    }

    private static let onShow: SQL = """
        SELECT e.content FROM flow f JOIN flow_edition e ON e.flow_id = f.flow_id AND e.number = f.published_number
        WHERE f.withdrawn_at IS NULL
        """

    static func flow(_ json: String) throws -> Flow { try JSONDecoder().decode(Flow.self, from: Data(json.utf8)) }

    /// The published items that a flow calls for, by what it calls them.
    func items(named names: some Collection<String> & Sendable) async throws -> [String: PublishedItem] {
        let names = Array(names)
        let found = try await database.read { db in try CatalogueStore.published(named: names, in: db) }
        var items: [String: PublishedItem] = [:]
        for item in found {
            for name in [item.content.name, item.content.code] where names.contains(name) { items[name] = item }
        }
        return items
    }

    // MARK: - For editors

    func list() async throws -> [FlowEntry] {
        try await database.read { db in
            try db.rows(
                """
                SELECT f.*, e.state AS open_state FROM flow f
                LEFT JOIN flow_edition e ON e.flow_id = f.flow_id AND e.state IN ('draft', 'submitted')
                ORDER BY f.made_at, f.flow_id
                """
            ).map { row in
                FlowEntry(
                    id: try row.get("flow_id"),
                    title: try JSONDecoder().decode(
                        Flow.Text.self, from: Data(row.get("title", as: String.self).utf8)),
                    publishedNumber: try row.get("published_number"),
                    isWithdrawn: try row.get("withdrawn_at", as: String?.self) != nil,
                    openState: try row.get("open_state", as: String?.self).flatMap(FlowEdition.State.init))
            }
        }
    }

    /// The editions, newest first; none where there is no such flow.
    func editions(_ flow: String) async throws -> [FlowEdition] {
        try await database.read { db in
            try db.rows("SELECT * FROM flow_edition WHERE flow_id = \(flow) ORDER BY number DESC").map(Self.edition)
        }
    }

    func entry(_ flow: String) async throws -> FlowEntry? { try await list().first { $0.id == flow } }

    /// What a check of this flow needs to know of the catalogue.
    func checkItems(for flow: Flow) async throws -> FlowCheck.Items {
        let names = Array(flow.wanted)
        return try await database.read { db in try Self.checkItems(names, in: db) }
    }

    static func checkItems(_ names: [String], in db: Connection) throws -> FlowCheck.Items {
        FlowCheck.Items(
            try CatalogueStore.published(named: names, in: db).map { item in
                FlowCheck.Items.Entry(
                    code: item.content.code, name: item.content.name, variants: item.content.variants.map(\.id))
            })
    }

    static func edition(_ row: Row) throws -> FlowEdition {
        guard let state = FlowEdition.State(rawValue: try row.get("state")) else { throw DatabaseFault.damaged }
        return FlowEdition(
            flow: try row.get("flow_id"), number: try row.get("number"), state: state, content: try row.get("content"),
            version: try row.get("version"), editedBy: try row.get("edited_by"), editedName: try row.get("edited_name"),
            editedAt: try row.get("edited_at"), reviewedName: try row.get("reviewed_name"),
            reviewedAt: try row.get("reviewed_at"), note: try row.get("note"))
    }
}

extension CatalogueStore {
    /// The published items that citizens see under one of these names or codes.
    static func published(named names: [String], in db: Connection) throws -> [PublishedItem] {
        // An item's row has the newest edition's name; one that is being worked on may still be public under another.
        try db.rows(
            """
            \(Self.published) AND (i.name IN \(list: names) OR i.code IN \(list: names) OR EXISTS
                (SELECT 1 FROM edition n WHERE n.item_id = i.item_id AND n.number > i.published_number))
            ORDER BY i.item_id
            """
        ).map(Self.item).filter { names.contains($0.content.name) || names.contains($0.content.code) }
    }
}
