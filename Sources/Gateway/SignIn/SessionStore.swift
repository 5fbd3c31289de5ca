import Crypto
import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage

/// A sign-in that lasts.
struct Session: Hashable, Sendable {
    let id: String
    let account: String
    let begunAt: Int64
    let seenAt: Int64
    let agent: String
}

/// The sessions in the database, known by a digest of what the browser keeps.
struct SessionStore: Sendable {
    let database: Database
    /// A working day.
    static let lifetime: Int64 = 12 * 3600
    static let idleTime: Int64 = 2 * 3600

    static func digest(_ secret: String) -> [UInt8] {
        [UInt8](SHA256.hash(data: Data(secret.utf8)))
    }

    static func insert(
        id: String, secret: String, account: String, agent: String, at now: Int64, in db: Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO session (session_id, digest, account_id, begun_at, seen_at, expires_at, agent)
            VALUES (\(id), \(digest(secret)), \(account), \(now), \(now), \(now + lifetime), \(String(agent.prefix(200))))
            """)
    }

    /// The session and its account, noted as seen; nil where it has ended, idled too long, or its account is blocked.
    func take(_ secret: String, at now: Int64) async throws -> (session: Session, account: Account)? {
        try await database.write { db in
            let row = try db.first(
                """
                SELECT session_id, account_id, begun_at, seen_at, agent FROM session
                WHERE digest = \(Self.digest(secret)) AND ended_at IS NULL AND expires_at > \(now)
                    AND seen_at > \(now - Self.idleTime)
                """)
            guard let row else { return nil }
            let session = try Self.session(row)
            guard let account = try AccountStore.account(id: session.account, within: .ownMachine, in: db),
                !account.isBlocked
            else { return nil }
            try db.execute("UPDATE session SET seen_at = \(now) WHERE session_id = \(session.id)")
            return (session, account)
        }
    }

    /// Those of an account that still last, the newest first.
    func list(of account: String, at now: Int64) async throws -> [Session] {
        try await database.read { db in
            try db.rows(
                """
                SELECT session_id, account_id, begun_at, seen_at, agent FROM session
                WHERE account_id = \(account) AND ended_at IS NULL AND expires_at > \(now)
                    AND seen_at > \(now - Self.idleTime)
                ORDER BY begun_at DESC, session_id
                """
            ).map(Self.session)
        }
    }

    /// - Parameter event: who ended it; nil where its own browser did. With it the services are told, so that a token
    ///   issued in that session is refused as well.
    func end(_ id: String, of account: String, at now: Int64, audit event: AuditEvent? = nil) async throws {
        try await database.write { db in
            let ended = try db.execute(
                """
                UPDATE session SET ended_at = \(now)
                WHERE session_id = \(id) AND account_id = \(account) AND ended_at IS NULL
                """)
            guard ended == 1, let event else { return }
            try AccountStore.tellOfChange(account, at: now, in: db)
            try AccountStore.note(event, of: account, in: db)
        }
    }

    func endAll(of account: String, at now: Int64, audit event: AuditEvent) async throws {
        try await database.write { db in
            try Self.endAll(of: account, but: nil, at: now, in: db)
            try AccountStore.tellOfChange(account, at: now, in: db)
            try AccountStore.note(event, of: account, in: db)
        }
    }

    static func endAll(of account: String, but kept: String?, at now: Int64, in db: Connection) throws {
        try db.execute(
            """
            UPDATE session SET ended_at = \(now)
            WHERE account_id = \(account) AND ended_at IS NULL AND session_id <> \(kept ?? "")
            """)
    }

    private static func session(_ row: Row) throws -> Session {
        Session(
            id: try row.get("session_id"), account: try row.get("account_id"), begunAt: try row.get("begun_at"),
            seenAt: try row.get("seen_at"), agent: try row.get("agent"))
    }
}
