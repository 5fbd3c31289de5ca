import Foundation
import Storage

/// A receiver's queue of one subject, under this holder's lease.
struct EventLane: Sendable {
    struct Item: Sendable {
        let id: String
        let type: String
        let sequence: Int64
        let attempts: Int
        /// Of the first attempt, in milliseconds since 1970.
        let triedAt: Int64?
        let occurredAt: Int64
        let data: String
    }

    let receiver: EventReceiver
    let subject: String
    let holder: String
    /// The sequence of the last that arrived; 0 before the first.
    let delivered: Int64
    let items: [Item]
}

/// What became of a lane's events.
struct LaneOutcome: Sendable {
    var delivered: [EventLane.Item] = []
    var dead: [(item: EventLane.Item, reason: String)] = []
    /// The event that holds up the rest: why, when it is tried again, and whether the attempt counts.
    var waiting: (item: EventLane.Item, reason: String, until: Int64, counts: Bool)?
    /// The receiver lacks events from this sequence on that had arrived once: it was restored from a backup.
    var rewindsTo: Int64?
}

extension Outbox {
    /// Whether anything is due, and how many milliseconds from now the next is; nil where nothing waits.
    func nextDue(at now: Int64) async throws -> Int64? {
        try await database.read { db in
            try db.first(
                """
                SELECT min(CASE WHEN l.lease_until > l.due_at THEN l.lease_until ELSE l.due_at END) AS due
                FROM event_lane l JOIN event_receiver r ON r.receiver = l.receiver WHERE l.due_at IS NOT NULL
                """)?.get("due", as: Int64?.self)
        }
    }

    /// Takes the lanes that are due and that nobody holds, the longest due first.
    ///
    /// Claiming and settling hold the lane's row from their first statement on; whoever adds to the lane waits for it.
    func claim(_ count: Int, batch: Int, lease: Duration, at now: Int64) async throws -> [EventLane] {
        try await database.writeByRows { db in
            let lock: SQL = db.engine == .postgres ? "FOR UPDATE OF l SKIP LOCKED" : ""
            let rows = try db.rows(
                """
                SELECT l.receiver, l.subject, l.delivered, r.address, r.types
                FROM event_lane l JOIN event_receiver r ON r.receiver = l.receiver
                WHERE l.due_at <= \(now) AND (l.lease_until IS NULL OR l.lease_until <= \(now))
                ORDER BY l.due_at, l.subject LIMIT \(count) \(lock)
                """)
            return try rows.map { row in
                let receiver = EventReceiver(
                    name: try row.get("receiver"), address: try row.get("address"),
                    types: Set(try row.get("types", as: String.self).split(separator: " ").map(String.init)))
                let subject: String = try row.get("subject")
                let holder = UUID().uuidString
                try db.execute(
                    """
                    UPDATE event_lane SET lease_holder = \(holder), lease_until = \(now + lease.milliseconds)
                    WHERE receiver = \(receiver.name) AND subject = \(subject)
                    """)
                let items = try db.rows(
                    """
                    SELECT d.event_id, d.sequence, d.attempts, d.tried_at, e.type, e.occurred_at, e.data
                    FROM event_delivery d JOIN outbox_event e ON e.event_id = d.event_id
                    WHERE d.receiver = \(receiver.name) AND d.subject = \(subject) AND d.state = 'queued'
                    ORDER BY d.sequence LIMIT \(batch)
                    """
                ).map(Self.item)
                return EventLane(
                    receiver: receiver, subject: subject, holder: holder, delivered: try row.get("delivered"),
                    items: items)
            }
        }
    }

    /// Writes down what became of a lane's events and lets go of it. Where the lease was lost meanwhile only what arrived
    /// is noted: another copy has the lane.
    func settle(_ lane: EventLane, _ outcome: LaneOutcome, at now: Int64) async throws {
        let name = lane.receiver.name
        try await database.writeByRows { db in
            let isHeld =
                try db.execute(
                    """
                    UPDATE event_lane SET lease_holder = NULL, lease_until = NULL
                    WHERE receiver = \(name) AND subject = \(lane.subject) AND lease_holder = \(lane.holder)
                    """) == 1
            for item in outcome.delivered {
                try Self.set(item, of: name, "delivered", reason: "", attempts: item.attempts + 1, at: now, in: db)
            }
            if let last = outcome.delivered.map(\.sequence).max() {
                try db.execute(
                    """
                    UPDATE event_lane SET delivered = \(last)
                    WHERE receiver = \(name) AND subject = \(lane.subject) AND delivered < \(last)
                    """)
            }
            guard isHeld else { return }
            for (item, reason) in outcome.dead {
                try Self.set(item, of: name, "dead", reason: reason, attempts: item.attempts + 1, at: now, in: db)
            }
            if let (item, reason, _, counts) = outcome.waiting {
                let attempts = item.attempts + (counts ? 1 : 0)
                try Self.set(item, of: name, "queued", reason: reason, attempts: attempts, at: now, in: db)
            }
            if let sequence = outcome.rewindsTo {
                try db.execute(
                    """
                    UPDATE event_delivery SET state = 'queued', attempts = 0, tried_at = NULL, changed_at = \(now)
                    WHERE receiver = \(name) AND subject = \(lane.subject) AND state = 'delivered'
                        AND sequence >= \(sequence)
                    """)
                try db.execute(
                    """
                    UPDATE event_lane SET delivered = \(sequence - 1)
                    WHERE receiver = \(name) AND subject = \(lane.subject)
                    """)
            }
            let rest = try db.first(
                """
                SELECT 1 AS one FROM event_delivery
                WHERE receiver = \(name) AND subject = \(lane.subject) AND state = 'queued' LIMIT 1
                """)
            let due: Int64? = rest == nil ? nil : outcome.waiting?.until ?? now
            try db.execute(
                "UPDATE event_lane SET due_at = \(due) WHERE receiver = \(name) AND subject = \(lane.subject)")
        }
    }

    private static func set(
        _ item: EventLane.Item, of receiver: String, _ state: String, reason: String, attempts: Int, at now: Int64,
        in db: Connection
    ) throws {
        try db.execute(
            """
            UPDATE event_delivery SET state = \(state), reason = \(reason), attempts = \(attempts),
                tried_at = COALESCE(tried_at, \(now)), changed_at = \(now)
            WHERE event_id = \(item.id) AND receiver = \(receiver) AND state = 'queued'
            """)
    }

    private static func item(_ row: Row) throws -> EventLane.Item {
        EventLane.Item(
            id: try row.get("event_id"), type: try row.get("type"), sequence: try row.get("sequence"),
            attempts: try row.get("attempts"), triedAt: try row.get("tried_at"),
            occurredAt: try row.get("occurred_at"), data: try row.get("data"))
    }
}
