import Foundation
package import Security
import SocialDomain
package import Storage

/// The chain of entries in a service's database.
package struct AuditLog: Sendable {
    package let database: Database

    package init(database: Database) {
        self.database = database
    }

    /// Adds to the chain within the caller's transaction: what is done and that it was done stand or fall together. The
    /// row that holds the chain's end is locked until the commit.
    package static func append(_ events: [AuditEvent], in db: Connection) throws {
        guard !events.isEmpty else { return }
        let lock: SQL = db.engine == .postgres ? "FOR UPDATE" : ""
        guard let head = try db.first("SELECT sequence, hash FROM audit_head WHERE only_row = 1 \(lock)") else {
            throw DatabaseFault.damaged
        }
        var sequence = UInt64(try head.get("sequence", as: Int64.self))
        var hash: [UInt8] = try head.get("hash")
        for event in events {
            sequence += 1
            let entry = event.entry(sequence)
            hash = entry.hash(after: hash)
            try db.execute(
                """
                INSERT INTO audit_entry (sequence, occurred_at, actor, name, kind, action, subject, division, reason,
                    request_id, hash)
                VALUES (\(Int64(sequence)), \(entry.unixMilliseconds), \(entry.actor), \(entry.name), \(entry.role),
                    \(entry.action), \(entry.subject), \(entry.division), \(entry.reason), \(entry.requestID), \(hash))
                """)
        }
        try db.execute("UPDATE audit_head SET sequence = \(Int64(sequence)), hash = \(hash) WHERE only_row = 1")
    }

    package func append(_ event: AuditEvent) async throws {
        try await database.write { db in try Self.append([event], in: db) }
    }

    // MARK: - Reading

    /// What a reader of the log asks for; what is empty is not asked for.
    package struct Filter: Hashable, Sendable {
        package var actor = ""
        package var action = ""
        package var subject = ""
        /// Since 1970, in milliseconds: from this time, before that one.
        package var from: Int64?
        package var before: Int64?

        package init() {}
    }

    /// The newest first, within the reader's division.
    package func entries(
        _ filter: Filter, within scope: Scope, below sequence: UInt64? = nil, limit: Int
    ) async throws -> [AuditEntry] {
        var conditions: [SQL] = [SQL.within(scope.division, "division")]
        if !filter.actor.isEmpty { conditions.append("(actor = \(filter.actor) OR name = \(filter.actor))") }
        if !filter.action.isEmpty { conditions.append("action = \(filter.action)") }
        if !filter.subject.isEmpty { conditions.append("subject = \(filter.subject)") }
        if let from = filter.from { conditions.append("occurred_at >= \(from)") }
        if let before = filter.before { conditions.append("occurred_at < \(before)") }
        if let sequence { conditions.append("sequence < \(Int64(sequence))") }
        let condition = conditions.joined(by: " AND ")
        return try await database.read { db in
            try db.rows("SELECT * FROM audit_entry WHERE \(condition) ORDER BY sequence DESC LIMIT \(limit)")
                .map(Self.entry)
        }
    }

    /// Follows the whole chain; what was changed, removed, put in or reordered, and how far the chain reaches.
    package func verify(
        since checkpoint: AuditCheckpoint?, key: [UInt8]
    ) throws -> (findings: [AuditFinding], latest: AuditCheckpoint) {
        try database.readBlocking { db in
            var verifier = AuditVerifier(latestCheckpoint: checkpoint, key: key)
            var last: (sequence: UInt64, hash: [UInt8]) = (0, [UInt8](repeating: 0, count: 32))
            try db.forEach("SELECT * FROM audit_entry ORDER BY sequence") { row in
                let entry = try Self.entry(row)
                let hash: [UInt8] = try row.get("hash")
                verifier.take(entry, storedHash: hash)
                last = (entry.sequence, hash)
            }
            return (verifier.finish(), AuditCheckpoint(sequence: last.sequence, hash: last.hash, key: key))
        }
    }

    static func entry(_ row: Row) throws -> AuditEntry {
        AuditEntry(
            sequence: UInt64(try row.get("sequence", as: Int64.self)), actor: try row.get("actor"),
            name: try row.get("name"), role: try row.get("kind"), action: try row.get("action"),
            subject: try row.get("subject"), division: try row.get("division"), reason: try row.get("reason"),
            unixMilliseconds: try row.get("occurred_at"), requestID: try row.get("request_id"))
    }
}
