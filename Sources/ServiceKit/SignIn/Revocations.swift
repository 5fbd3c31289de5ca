import Foundation
package import Logging
import ServiceLifecycle
package import Storage

/// That an account has changed: `cn.minsheng.account.changed`, its subject the account's id.
package struct AccountChanged: Codable, Hashable, Sendable {
    package static let type = "cn.minsheng.account.changed"

    /// In seconds since 1970; a token issued before is not taken any more.
    package let revokedBefore: Int64

    package init(revokedBefore: Int64) {
        self.revokedBefore = revokedBefore
    }
}

/// The accounts whose older tokens are not taken, in the service's own database.
package enum Revocations {
    /// Within the caller's transaction; an earlier second never replaces a later one.
    package static func add(_ account: String, before second: Int64, in db: Connection) throws {
        try db.execute(
            """
            INSERT INTO token_revocation VALUES (\(account), \(second))
            ON CONFLICT (account) DO UPDATE SET revoked_before = \(second)
                WHERE token_revocation.revoked_before < \(second)
            """)
        db.afterCommit { added.ring() }
    }

    static let added = Signal()

    /// As the handler of `AccountChanged`.
    package static func handle(_ event: CloudEvent, in db: Connection) throws {
        // Accounts are the gateway's: no other service may shut anybody out.
        guard event.source == CloudEvent.source(of: "gateway") else { throw Problem.notYours }
        try add(event.subject, before: try event.data(as: AccountChanged.self).revokedBefore, in: db)
    }

    /// The first second whose tokens are taken of an account.
    package static func second(of account: String, in database: Database) async throws -> Int64? {
        try await database.read { db in try second(of: account, in: db) }
    }

    package static func second(of account: String, in db: Connection) throws -> Int64? {
        try db.first("SELECT revoked_before FROM token_revocation WHERE account = \(account)")?.get("revoked_before")
    }

    /// Those that tokens may still be alive of.
    static func all(in database: Database, at second: Int64) async throws -> [String: Int64] {
        let oldest = second - longestLife
        return try await database.read { db in
            var all: [String: Int64] = [:]
            try db.forEach("SELECT account, revoked_before FROM token_revocation WHERE revoked_before > \(oldest)") {
                all[try $0.get("account")] = try $0.get("revoked_before", as: Int64.self)
            }
            return all
        }
    }

    /// A token lives an hour at most, and clocks may differ by a minute twice.
    static let longestLife: Int64 = 3720
}

/// Keeps a process's `SignIn` up to date: at once with what this process stores, within two seconds with what other copies
/// of the service do.
package struct RevocationWatch: Service {
    private let signIn: SignIn
    private let database: Database
    private let logger: Logger

    package init(signIn: SignIn, database: Database, logger: Logger = Logger(label: "sign-in")) {
        self.signIn = signIn
        self.database = database
        self.logger = logger
    }

    /// Before the first request is answered, so that a restart forgets nothing.
    package func load() async throws {
        signIn.revoke(try await Revocations.all(in: database, at: signIn.now()))
    }

    /// As `load`, for what is tried again soon anyway.
    package func refresh() async {
        do {
            try await load()
        } catch {
            logger.error("Revocations cannot be read", metadata: ["error": "\(type(of: error))"])
        }
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let rings = Revocations.added.rings
                await refresh()
                await Revocations.added.wait(beyond: rings, atMost: .seconds(2))
            }
        }
    }
}
