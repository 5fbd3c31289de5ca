package import Foundation
package import SocialDomain
import Storage

/// One event on its way to one receiver.
package struct Delivery: Hashable, Sendable {
    package enum State: String, Hashable, Sendable, CaseIterable {
        case queued
        case dead
        case delivered
    }

    package let event: String
    package let receiver: String
    package let type: String
    package let subject: String
    package let sequence: Int64
    package let state: State
    package let attempts: Int
    /// The last failure's code: an HTTP status (`http-500`) or the client's own word.
    package let reason: String
    /// In milliseconds since 1970.
    package let occurredAt: Int64
    package let changedAt: Int64
}

/// Why an event was not put back into the queue.
package enum ResendRefusal: ExplainedFault, Hashable {
    case notDead

    package var explanation: LocalizedText {
        LocalizedText(
            zh: "没有这样的死信：它可能已经重新发送。", en: "there is no such dead letter: it may have been sent again already")
    }
}

extension Outbox {
    package struct Counts: Hashable, Sendable {
        package let queued: Int
        package let dead: Int
        package let delivered: Int
        /// When the oldest queued event happened, in milliseconds since 1970.
        package let oldest: Int64?
    }

    /// - Parameter isWhole: delivered ones may be many; without them it is quick.
    package func counts(ofDelivered isWhole: Bool = true) async throws -> Counts {
        try await database.read { db in
            var counts: [String: Int] = [:]
            let states = ["queued", "dead"] + (isWhole ? ["delivered"] : [])
            for row in try db.rows(
                "SELECT state, count(*) AS n FROM event_delivery WHERE state IN \(list: states) GROUP BY state")
            {
                counts[try row.get("state")] = try row.get("n", as: Int.self)
            }
            let oldest = try db.first(
                """
                SELECT min(e.occurred_at) AS oldest
                FROM event_delivery d JOIN outbox_event e ON e.event_id = d.event_id WHERE d.state = 'queued'
                """)?.get("oldest", as: Int64?.self)
            return Counts(
                queued: counts["queued"] ?? 0, dead: counts["dead"] ?? 0, delivered: counts["delivered"] ?? 0,
                oldest: oldest.flatMap(\.self))
        }
    }

    /// Those of a state, the latest change first.
    package func list(_ state: Delivery.State, limit: Int) async throws -> [Delivery] {
        try await database.read { db in
            try db.rows(
                """
                SELECT d.*, e.type, e.occurred_at FROM event_delivery d JOIN outbox_event e ON e.event_id = d.event_id
                WHERE d.state = \(state.rawValue)
                ORDER BY d.changed_at DESC, d.event_id, d.receiver LIMIT \(limit)
                """
            ).map { row in
                Delivery(
                    event: try row.get("event_id"), receiver: try row.get("receiver"), type: try row.get("type"),
                    subject: try row.get("subject"), sequence: try row.get("sequence"), state: state,
                    attempts: try row.get("attempts"), reason: try row.get("reason"),
                    occurredAt: try row.get("occurred_at"), changedAt: try row.get("changed_at"))
            }
        }
    }

    /// Puts a dead letter back into the queue, and that someone did so into the log, in one transaction.
    ///
    /// - Parameter receiver: all that did not get it, if it is nil.
    package func resend(
        _ event: String, to receiver: String? = nil, by caller: Caller, request: String = "", at time: Date = Date()
    ) async throws {
        let now = time.unixMilliseconds
        try await database.write { db in
            let rows = try db.rows(
                """
                SELECT receiver, subject FROM event_delivery
                WHERE event_id = \(event) AND state = 'dead' AND (\(receiver ?? "") = '' OR receiver = \(receiver ?? ""))
                ORDER BY receiver
                """)
            if rows.isEmpty { throw ResendRefusal.notDead }
            for row in rows {
                let (name, subject): (String, String) = (try row.get("receiver"), try row.get("subject"))
                try db.execute(
                    """
                    UPDATE event_delivery SET state = 'queued', attempts = 0, tried_at = NULL, changed_at = \(now)
                    WHERE event_id = \(event) AND receiver = \(name)
                    """)
                try db.execute(
                    """
                    UPDATE event_lane SET due_at = \(now) WHERE receiver = \(name) AND subject = \(subject)
                    """)
                try AuditLog.append(
                    [AuditEvent("event.resend", subject: event, reason: name, by: caller, request: request, at: time)],
                    in: db)
            }
            db.afterCommit { Self.added.ring() }
        }
    }

    /// Removes what was delivered before that time; returns how many deliveries went, at most `limit`.
    func removeDelivered(before milliseconds: Int64, limit: Int) async throws -> Int {
        try await database.write { db in
            let count = try db.execute(
                """
                DELETE FROM event_delivery WHERE state = 'delivered' AND (event_id, receiver) IN (
                    SELECT event_id, receiver FROM event_delivery
                    WHERE state = 'delivered' AND changed_at < \(milliseconds) ORDER BY changed_at LIMIT \(limit))
                """)
            if count > 0 {
                try db.execute(
                    """
                    DELETE FROM outbox_event WHERE occurred_at < \(milliseconds) AND NOT EXISTS (
                        SELECT 1 FROM event_delivery d WHERE d.event_id = outbox_event.event_id)
                    """)
            }
            return count
        }
    }
}
