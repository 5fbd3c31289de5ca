import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage

/// Why a flow was not changed.
enum FlowRefusal: ExplainedFault, Hashable {
    case unknown
    case changedMeanwhile
    case underReview
    case nothingToReview
    case ownWork
    case faults(Int)
    case known(String)

    var explanation: LocalizedText {
        switch self {
        case .unknown: LocalizedText(zh: "没有这件事，或这一版不在了。", en: "There is no such flow, or no such edition.")
        case .changedMeanwhile:
            LocalizedText(zh: "别人刚刚改过。请重新打开后再改。", en: "Somebody else has just changed it: open it again.")
        case .underReview:
            LocalizedText(
                zh: "这一版正在等待审核，退回以后才能改。", en: "It is with a reviewer and can be changed once it is given back.")
        case .nothingToReview: LocalizedText(zh: "没有等待审核的版本。", en: "No edition waits for a review.")
        case .ownWork:
            LocalizedText(zh: "不能审核自己写的内容，请另一个人来发布。", en: "Nobody reviews their own work: another person publishes it.")
        case .faults(let count):
            LocalizedText(zh: "检查还有 \(count) 处问题，改好才能送审。", en: "The check finds \(count) faults: mend them first.")
        case .known(let id):
            LocalizedText(zh: "已经有编号为 \(id) 的一件事。", en: "There is a flow with the id \(id) already.")
        }
    }
}

extension FlowStore {
    /// By whom, when, and the entry that the log gets.
    struct Change: Sendable {
        let caller: Caller
        let time: String
        let event: AuditEvent
        /// The edition that was looked at and the version of its draft, where the page says so: nobody publishes what they
        /// have not seen.
        var number: Int64?
        var version: Int64?

        func requireSeen(_ edition: FlowEdition) throws(FlowRefusal) {
            guard number ?? edition.number == edition.number, version ?? edition.version == edition.version else {
                throw .changedMeanwhile
            }
        }
    }

    /// Keeps a draft: a new flow, a new edition after a published or returned one, or the draft that there is.
    ///
    /// - Parameter version: of the draft that was opened; nil where none was.
    func save(_ flow: Flow, json: String, isNew: Bool, version: Int64?, _ change: Change) async throws {
        let title = try Self.json(flow.title)
        try await database.write { db in
            let known = try db.first("SELECT 1 AS one FROM flow WHERE flow_id = \(flow.id)") != nil
            guard known != isNew else { throw isNew ? FlowRefusal.known(flow.id) : FlowRefusal.unknown }
            if isNew {
                try db.execute(
                    "INSERT INTO flow (flow_id, title, made_at) VALUES (\(flow.id), \(title), \(change.time))")
            }
            let latest = try Self.latest(flow.id, in: db)
            switch latest?.state {
            case .submitted: throw FlowRefusal.underReview
            case .draft:
                guard latest?.version == version else { throw FlowRefusal.changedMeanwhile }
                try db.execute(
                    """
                    UPDATE flow_edition SET content = \(json), version = version + 1, edited_by = \(change.caller.id),
                        edited_name = \(change.caller.name), edited_at = \(change.time)
                    WHERE flow_id = \(flow.id) AND state = 'draft'
                    """)
            case .published, .returned, nil:
                try db.execute(
                    """
                    INSERT INTO flow_edition (flow_id, number, state, content, edited_by, edited_name, edited_at)
                    VALUES (\(flow.id), \((latest?.number ?? 0) + 1), 'draft', \(json), \(change.caller.id),
                        \(change.caller.name), \(change.time))
                    """)
            }
            try db.execute("UPDATE flow SET title = \(title) WHERE flow_id = \(flow.id)")
            if let written = try Self.latest(flow.id, in: db) {
                try Self.noteWriter(change.caller, of: written, in: db)
            }
            try AuditLog.append([change.event], in: db)
        }
    }

    /// Hands a draft without faults to another person.
    func submit(_ flow: String, _ change: Change) async throws {
        try await database.write { db in
            guard let draft = try Self.latest(flow, in: db), draft.state == .draft else { throw FlowRefusal.unknown }
            try change.requireSeen(draft)
            try Self.requireSound(draft, in: db)
            try Self.noteWriter(change.caller, of: draft, in: db)
            try db.execute(
                "UPDATE flow_edition SET state = 'submitted' WHERE flow_id = \(flow) AND number = \(draft.number)")
            try AuditLog.append([change.event], in: db)
        }
    }

    /// Puts what another person wrote before the citizens; the catalogue may have changed since, so it is checked again.
    func publish(_ flow: String, note: String, _ change: Change) async throws {
        try await review(flow, as: .published, note: note, change) { edition, db in
            try Self.requireSound(edition, in: db)
            try db.execute(
                """
                UPDATE flow SET published_number = \(edition.number), withdrawn_at = NULL WHERE flow_id = \(flow)
                """)
        }
    }

    func giveBack(_ flow: String, note: String, _ change: Change) async throws {
        try await review(flow, as: .returned, note: note, change) { _, _ in }
    }

    private func review(
        _ flow: String, as state: FlowEdition.State, note: String, _ change: Change,
        _ also: @escaping @Sendable (FlowEdition, Connection) throws -> Void
    ) async throws {
        try await database.write { db in
            guard let edition = try Self.latest(flow, in: db), edition.state == .submitted else {
                throw FlowRefusal.nothingToReview
            }
            let isWriter =
                try db.first(
                    """
                    SELECT 1 AS one FROM flow_writer
                    WHERE flow_id = \(flow) AND number = \(edition.number) AND account = \(change.caller.id)
                    """) != nil
            guard !isWriter, edition.editedBy != change.caller.id else { throw FlowRefusal.ownWork }
            try change.requireSeen(edition)
            try also(edition, db)
            try db.execute(
                """
                UPDATE flow_edition SET state = \(state.rawValue), reviewed_by = \(change.caller.id),
                    reviewed_name = \(change.caller.name), reviewed_at = \(change.time), note = \(note)
                WHERE flow_id = \(flow) AND number = \(edition.number)
                """)
            try AuditLog.append([change.event], in: db)
        }
    }

    func withdraw(_ flow: String, _ change: Change) async throws {
        try await database.write { db in
            let count = try db.execute(
                """
                UPDATE flow SET withdrawn_at = \(change.time)
                WHERE flow_id = \(flow) AND published_number IS NOT NULL AND withdrawn_at IS NULL
                """)
            guard count == 1 else { throw FlowRefusal.unknown }
            try AuditLog.append([change.event], in: db)
        }
    }

    /// A flow that comes with the program, published at once; nothing where it is known.
    static func addShipped(_ flow: Flow, json: String, at time: String, in db: Connection) throws {
        guard try db.first("SELECT 1 AS one FROM flow WHERE flow_id = \(flow.id)") == nil else { return }
        try db.execute(
            """
            INSERT INTO flow (flow_id, title, published_number, made_at)
            VALUES (\(flow.id), \(self.json(flow.title)), 1, \(time))
            """)
        try db.execute(
            """
            INSERT INTO flow_edition (flow_id, number, state, content, edited_by, edited_name, edited_at)
            VALUES (\(flow.id), 1, 'published', \(json), 'import', '', \(time))
            """)
    }

    /// Nobody who had a hand in an edition reviews it, whoever changed it last.
    private static func noteWriter(_ caller: Caller, of edition: FlowEdition, in db: Connection) throws {
        guard !caller.id.isEmpty else { return }
        try db.execute(
            """
            INSERT INTO flow_writer (flow_id, number, account)
            VALUES (\(edition.flow), \(edition.number), \(caller.id)) ON CONFLICT DO NOTHING
            """)
    }

    private static func latest(_ flow: String, in db: Connection) throws -> FlowEdition? {
        try db.first("SELECT * FROM flow_edition WHERE flow_id = \(flow) ORDER BY number DESC LIMIT 1").map(edition)
    }

    private static func requireSound(_ edition: FlowEdition, in db: Connection) throws {
        let flow = try flow(edition.content)
        let faults = FlowCheck(items: try checkItems(Array(flow.wanted), in: db)).faults(of: flow)
        guard faults.isEmpty else { throw FlowRefusal.faults(faults.count) }
    }

    private static func json(_ text: Flow.Text) throws -> String {
        String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    }
}
