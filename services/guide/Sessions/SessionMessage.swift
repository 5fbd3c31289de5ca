import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage

/// One thing that one side of a room tells the other.
struct SessionMessage: Hashable, Sendable {
    enum Sender: String, Sendable {
        case citizen
        case helper
        case service
    }

    enum Kind {
        static let chat = "chat"
        static let picture = "picture"
        /// The session's state or its helper changed.
        static let state = "state"
        /// Of use while the call lasts only.
        static let signals = ["hello", "welcome", "description", "candidate", "media", "typing", "hang-up"]
        static let lasting = [chat, picture, state]
    }

    let sequence: Int64
    let sender: Sender
    /// Of the helper who said it; another may have taken over since.
    let name: String
    let kind: String
    let page: String
    let recipient: String
    let content: String
    let sentAt: Int64
}

/// As it stands in the stream.
struct MessageEvent: Codable, Hashable, Sendable {
    let sequence: Int64
    let sender: String
    let name: String
    let kind: String
    let page: String
    let to: String
    let content: String
    let at: String

    init(_ message: SessionMessage) {
        sequence = message.sequence
        sender = message.sender.rawValue
        name = message.name
        kind = message.kind
        page = message.page
        to = message.recipient
        content = message.content
        at = BeijingTime.clock(message.sentAt)
    }
}

extension SessionStore {
    /// More than these nobody types.
    private static let mostMessages: Int64 = 20_000

    /// Adds to what the room was told; its sequence number.
    func post(
        _ kind: String, _ content: String, by sender: SessionMessage.Sender, name: String = "", page: String = "",
        to recipient: String = "",
        in room: HelpSessionID, at now: Int64, db: Connection
    ) throws -> Int64 {
        try db.execute(
            "UPDATE help_session SET last_sequence = last_sequence + 1 WHERE session_id = \(room.rawValue)")
        guard
            let sequence: Int64 = try db.first(
                "SELECT last_sequence FROM help_session WHERE session_id = \(room.rawValue)")?.get("last_sequence")
        else { throw SessionRefusal.notServing }
        guard sequence <= Self.mostMessages || sender == .service else { throw SessionRefusal.tooManyMessages }
        let sealed =
            content.isEmpty
            ? nil : try seal.ring.seal(Array(content.utf8), at: SessionSeal.message(room, sequence))
        try db.execute(
            """
            INSERT INTO help_message (session_id, sequence, sender, sender_name, kind, page, recipient, content_sealed,
                sent_at)
            VALUES (\(room.rawValue), \(sequence), \(sender.rawValue), \(name), \(kind), \(page), \(recipient),
                \(sealed), \(now))
            """)
        return sequence
    }

    /// Tells both sides' pages what the session is now.
    func postState(_ session: HelpSession, at now: Int64, in db: Connection) throws {
        let state = ["state": session.state.rawValue, "helper": session.helperName ?? ""]
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        _ = try post(
            SessionMessage.Kind.state, String(decoding: encoder.encode(state), as: UTF8.self), by: .service,
            in: session.id, at: now, db: db)
    }

    func messages(of room: HelpSessionID, after sequence: Int64, limit: Int, in db: Connection) throws
        -> [SessionMessage]
    {
        try db.rows(
            """
            SELECT * FROM help_message WHERE session_id = \(room.rawValue) AND sequence > \(sequence)
            ORDER BY sequence LIMIT \(limit)
            """
        ).map { try decode($0, of: room) }
    }

    /// What was said and shown, for a page.
    /// What a page shows; what was said before stays in the database.
    private static let longestConversation = 500

    func conversation(of room: HelpSessionID, in db: Connection) throws -> [SessionMessage] {
        try db.rows(
            """
            SELECT * FROM (
                SELECT * FROM help_message
                WHERE session_id = \(room.rawValue)
                    AND kind IN \(list: [SessionMessage.Kind.chat, SessionMessage.Kind.picture])
                ORDER BY sequence DESC LIMIT \(Self.longestConversation)) AS latest
            ORDER BY sequence
            """
        ).map { try decode($0, of: room) }
    }

    private func decode(_ row: Row, of room: HelpSessionID) throws -> SessionMessage {
        let sequence: Int64 = try row.get("sequence")
        let sealed: [UInt8]? = try row.get("content_sealed")
        let content = try sealed.map { try seal.ring.open($0, at: SessionSeal.message(room, sequence)) } ?? []
        return SessionMessage(
            sequence: sequence, sender: SessionMessage.Sender(rawValue: try row.get("sender")) ?? .service,
            name: try row.get("sender_name"), kind: try row.get("kind"), page: try row.get("page"),
            recipient: try row.get("recipient"),
            content: String(decoding: content, as: UTF8.self), sentAt: try row.get("sent_at"))
    }

    /// The last sequence number of each room.
    static func lastSequences(_ rooms: [HelpSessionID], in db: Connection) throws -> [HelpSessionID: Int64] {
        var last: [HelpSessionID: Int64] = [:]
        try db.forEach(
            "SELECT session_id, last_sequence FROM help_session WHERE session_id IN \(list: rooms.map(\.rawValue))"
        ) { row in last[HelpSessionID(try row.get("session_id", as: String.self))] = try row.get("last_sequence") }
        return last
    }

    /// Signals are worth nothing after so many seconds.
    private static let signalLife: Int64 = 600

    static func forgetSignals(before now: Int64, in db: Connection) throws {
        try db.execute(
            """
            DELETE FROM help_message
            WHERE kind IN \(list: SessionMessage.Kind.signals) AND sent_at < \(now - signalLife)
            """)
    }
}
