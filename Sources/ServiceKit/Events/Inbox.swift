package import Foundation
import HTTPTypes
import SocialDomain
package import Storage

/// The events that come in. Each is handled once, in the transaction that remembers it; each subject's in their order.
package struct Inbox: Sendable {
    /// Works on the connection only: it may run again after a conflict. What it throws refuses the event: the sender tries
    /// again, or gives up where it is a `Problem` that repetition does not mend (422, for example).
    package typealias Handler = @Sendable (CloudEvent, Connection) throws -> Void

    package enum Receipt: String, Hashable, Sendable {
        case handled
        /// Of a type that is not known here: remembered, and nothing else.
        case ignored
        case repeated
    }

    package let database: Database
    private let now: @Sendable () -> Date
    private var handlers: [String: Handler] = [:]

    package init(database: Database, now: @escaping @Sendable () -> Date = { Date() }) {
        self.database = database
        self.now = now
    }

    package mutating func on(_ type: String, _ handler: @escaping Handler) {
        handlers[type] = handler
    }

    /// - Parameter caller: a service speaks for itself only.
    package func receive(_ event: CloudEvent, from caller: Caller) async throws -> Receipt {
        guard caller.kind == .service, event.source == CloudEvent.source(of: caller.id) else { throw Problem.notYours }
        let (handler, now) = (handlers[event.type], now().unixMilliseconds)
        return try await database.write { db in
            let known = try db.first(
                "SELECT 1 AS one FROM inbox_event WHERE source = \(event.source) AND event_id = \(event.id)")
            if known != nil { return .repeated }
            // A copy of the service that takes another event of the subject at this moment waits here, or is in conflict
            // and runs again.
            let lock: SQL = db.engine == .postgres ? "FOR UPDATE" : ""
            let reached = try db.first(
                """
                SELECT sequence FROM inbox_subject
                WHERE source = \(event.source) AND subject = \(event.subject) \(lock)
                """)?.get("sequence", as: Int64.self)
            guard event.previous <= reached ?? 0 else { throw OutOfOrder(expected: (reached ?? 0) + 1) }
            let state = handler == nil ? "ignored" : "handled"
            try db.execute(
                """
                INSERT INTO inbox_event (source, event_id, type, subject, sequence, received_at, state)
                VALUES (\(event.source), \(event.id), \(event.type), \(event.subject), \(event.sequence), \(now), \(state))
                """)
            try handler?(event, db)
            let sequence = max(event.sequence, reached ?? 0)
            try db.execute(
                """
                INSERT INTO inbox_subject VALUES (\(event.source), \(event.subject), \(sequence))
                ON CONFLICT (source, subject) DO UPDATE SET sequence = \(sequence)
                """)
            return handler == nil ? .ignored : .handled
        }
    }

    /// An event came before one that must come first.
    struct OutOfOrder: Error, Hashable {
        let expected: Int64
    }

    // MARK: - Reading

    package struct Entry: Hashable, Sendable {
        package let event: String
        package let source: String
        package let type: String
        package let subject: String
        package let sequence: Int64
        /// In milliseconds since 1970.
        package let receivedAt: Int64
        package let isIgnored: Bool
    }

    /// The newest first.
    package func list(limit: Int) async throws -> [Entry] {
        try await database.read { db in
            try db.rows("SELECT * FROM inbox_event ORDER BY received_at DESC, event_id LIMIT \(limit)").map { row in
                Entry(
                    event: try row.get("event_id"), source: try row.get("source"), type: try row.get("type"),
                    subject: try row.get("subject"), sequence: try row.get("sequence"),
                    receivedAt: try row.get("received_at"), isIgnored: try row.get("state") == "ignored")
            }
        }
    }

    /// Forgets what came in before that time; returns how many events, at most `limit`.
    func forget(before milliseconds: Int64, limit: Int) async throws -> Int {
        try await database.write { db in
            try db.execute(
                """
                DELETE FROM inbox_event WHERE (source, event_id) IN (
                    SELECT source, event_id FROM inbox_event WHERE received_at < \(milliseconds)
                    ORDER BY received_at LIMIT \(limit))
                """)
        }
    }
}

extension Problem {
    static let notYours = Problem(
        .forbidden, code: "event-not-yours",
        title: LocalizedText(zh: "不能代别的服务发送事件", en: "An event of another service"),
        detail: LocalizedText(
            zh: "事件只能由它的来源服务用自己的令牌发送。",
            en: "An event is sent by the service that is its source, with that service's own token."))

    static func outOfOrder(expected: Int64) -> Problem {
        var problem = Problem(
            .conflict, code: "event-out-of-order",
            title: LocalizedText(zh: "事件先后不对", en: "The event came too early"),
            detail: LocalizedText(
                zh: "这一对象先要收到第 \(expected) 号及以后的事件。",
                en: "Events of this subject from number \(expected) on must come first."))
        if let name = HTTPField.Name(EventTransport.expectedHeader) { problem.headers[name] = "\(expected)" }
        return problem
    }
}
