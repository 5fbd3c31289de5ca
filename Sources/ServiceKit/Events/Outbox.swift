package import Foundation
package import Storage

/// The events that leave a service, in its own database: written in the transaction that causes them, sent by
/// `EventSender`.
package struct Outbox: Sendable {
    package let database: Database

    /// Rings when this process has committed an event.
    package static let added = Signal()

    package init(database: Database) {
        self.database = database
    }

    /// Adds events within the caller's transaction, a delivery for each receiver that wants the type. What nobody wants
    /// is not kept.
    package static func add(_ events: [OutgoingEvent], in db: Connection, at time: Date = Date()) throws {
        let receivers = try receivers(in: db)
        let now = time.unixMilliseconds
        var isAdded = false
        for event in events {
            let names = receivers.filter { $0.types.contains(event.type) }.map(\.name)
            if names.isEmpty { continue }
            isAdded = true
            let row = try db.first(
                """
                INSERT INTO outbox_subject (subject, sequence) VALUES (\(event.subject), 1)
                ON CONFLICT (subject) DO UPDATE SET sequence = outbox_subject.sequence + 1
                RETURNING sequence
                """)
            guard let sequence = try row?.get("sequence", as: Int64.self) else { throw DatabaseFault.damaged }
            try db.execute(
                """
                INSERT INTO outbox_event (event_id, type, subject, sequence, occurred_at, data)
                VALUES (\(event.id), \(event.type), \(event.subject), \(sequence), \(now), \(event.data))
                """)
            for name in names {
                try db.execute(
                    """
                    INSERT INTO event_delivery (event_id, receiver, subject, sequence, state, changed_at)
                    VALUES (\(event.id), \(name), \(event.subject), \(sequence), 'queued', \(now))
                    """)
                // A lane that waits after a failure goes on waiting.
                try db.execute(
                    """
                    INSERT INTO event_lane (receiver, subject, due_at) VALUES (\(name), \(event.subject), \(now))
                    ON CONFLICT (receiver, subject) DO UPDATE SET due_at = COALESCE(event_lane.due_at, \(now))
                    """)
            }
        }
        if isAdded { db.afterCommit { added.ring() } }
    }

    // MARK: - Receivers

    /// Makes these the receivers, for every process that works on the database. What waits for one that is left out stays
    /// and goes on when it is named again.
    package func setReceivers(_ receivers: [EventReceiver]) async throws {
        try await database.write { db in
            if try Set(Self.receivers(in: db)) == Set(receivers) { return }
            try db.execute("DELETE FROM event_receiver")
            for receiver in receivers {
                let types = receiver.types.sorted().map { "\($0) " }.joined()
                try db.execute(
                    "INSERT INTO event_receiver VALUES (\(receiver.name), \(receiver.address), \(" " + types))")
            }
        }
    }

    /// Whether anyone wants events of the type.
    package static func isWanted(_ type: String, in db: Connection) throws -> Bool {
        try receivers(in: db).contains { $0.types.contains(type) }
    }

    static func receivers(in db: Connection) throws -> [EventReceiver] {
        try db.rows("SELECT receiver, address, types FROM event_receiver ORDER BY receiver").map { row in
            EventReceiver(
                name: try row.get("receiver"), address: try row.get("address"),
                types: Set(try row.get("types", as: String.self).split(separator: " ").map(String.init)))
        }
    }
}
