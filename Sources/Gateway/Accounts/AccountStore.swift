import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage

/// The accounts in the database. Who looks after accounts sees those of the own division only; what is done to one stands in
/// the log of the same transaction.
struct AccountStore: Sendable {
    let database: Database

    private static let columns: SQL = """
        account_id, login, name, division, organisation, must_change, totp_secret IS NOT NULL AS has_authenticator, failures,
        locked_until, blocked_at
        """

    func add(
        id: String, login: String, name: String, division: DivisionCode, grant: AccountGrant,
        password: PasswordHash, mustChange: Bool, at now: Int64, audit event: AuditEvent
    ) async throws {
        try await database.write { db in
            guard try db.first("SELECT 1 AS one FROM account WHERE login = \(login)") == nil else {
                throw AccountRefusal.loginTaken(login)
            }
            try db.execute(
                """
                INSERT INTO account (account_id, login, name, division, organisation, salt, hash, rounds, block_size, parallelism,
                    must_change, created_at, changed_at)
                VALUES (\(id), \(login), \(name), \(division.prefix), \(grant.organisation), \(password.salt), \(password.hash),
                    \(password.cost.rounds), \(password.cost.blockSize), \(password.cost.parallelism), \(mustChange),
                    \(now), \(now))
                """)
            try Self.insert(grant.roles, of: id, in: db)
            try Self.note(event, of: id, in: db)
        }
    }

    func account(login: String, within scope: Scope) async throws -> Account? {
        try await database.read { db in
            try db.first(
                """
                SELECT \(Self.columns) FROM account
                WHERE login = \(login) AND \(SQL.within(scope.division, "division"))
                """
            ).map { try Self.account($0, in: db) }
        }
    }

    func account(id: String, within scope: Scope) async throws -> Account? {
        try await database.read { db in try Self.account(id: id, within: scope, in: db) }
    }

    static func account(id: String, within scope: Scope, in db: Connection) throws -> Account? {
        try db.first(
            "SELECT \(columns) FROM account WHERE account_id = \(id) AND \(SQL.within(scope.division, "division"))"
        ).map { try account($0, in: db) }
    }

    /// By login.
    func list(within scope: Scope) async throws -> [Account] {
        try await database.read { db in
            try db.rows(
                "SELECT \(Self.columns) FROM account WHERE \(SQL.within(scope.division, "division")) ORDER BY login"
            ).map { try Self.account($0, in: db) }
        }
    }

    /// The password's hash; nil for an account that is not there.
    func password(ofLogin login: String) async throws -> (id: String, hash: PasswordHash)? {
        try await database.read { db in
            try db.first(
                """
                SELECT account_id, salt, hash, rounds, block_size, parallelism FROM account WHERE login = \(login)
                """
            ).map { row in
                (
                    try row.get("account_id"),
                    PasswordHash(
                        cost: ScryptCost(
                            rounds: try row.get("rounds"), blockSize: try row.get("block_size"),
                            parallelism: try row.get("parallelism")),
                        salt: try row.get("salt"), hash: try row.get("hash"))
                )
            }
        }
    }

    /// A new password ends every session but one.
    func setPassword(
        _ password: PasswordHash, of id: String, mustChange: Bool, keeping session: String?, at now: Int64,
        audit event: AuditEvent
    ) async throws {
        try await database.write { db in
            try db.execute(
                """
                UPDATE account SET salt = \(password.salt), hash = \(password.hash), rounds = \(password.cost.rounds),
                    block_size = \(password.cost.blockSize), parallelism = \(password.cost.parallelism),
                    must_change = \(mustChange), failures = 0, locked_until = NULL, changed_at = \(now)
                WHERE account_id = \(id)
                """)
            try SessionStore.endAll(of: id, but: session, at: now, in: db)
            try Self.tellOfChange(id, at: now, in: db)
            try Self.note(event, of: id, in: db)
        }
    }

    func setRoles(
        _ grant: AccountGrant, of id: String, within scope: Scope, at now: Int64, audit event: AuditEvent
    ) async throws {
        try await database.write { db in
            guard let account = try Self.account(id: id, within: scope, in: db) else { throw AccountRefusal.unknown }
            if account.isAdministrator, grant.roles["gateway"]?.contains("administrator") != true {
                try Self.requireAnotherAdministrator(than: id, in: db)
            }
            try db.execute("DELETE FROM account_role WHERE account_id = \(id)")
            try Self.insert(grant.roles, of: id, in: db)
            try db.execute(
                """
                UPDATE account SET organisation = \(grant.organisation), changed_at = \(now) WHERE account_id = \(id)
                """)
            try Self.tellOfChange(id, at: now, in: db)
            try Self.note(event, of: id, in: db)
        }
    }

    /// Blocked by an administrator, until one lifts it; ends every session.
    func block(_ id: String, within scope: Scope, at now: Int64, audit event: AuditEvent) async throws {
        try await database.write { db in
            guard let account = try Self.account(id: id, within: scope, in: db) else { throw AccountRefusal.unknown }
            if account.isAdministrator { try Self.requireAnotherAdministrator(than: id, in: db) }
            try db.execute(
                "UPDATE account SET blocked_at = \(now), changed_at = \(now) WHERE account_id = \(id)")
            try SessionStore.endAll(of: id, but: nil, at: now, in: db)
            try Self.tellOfChange(id, at: now, in: db)
            try Self.note(event, of: id, in: db)
        }
    }

    /// Lifts a block and a lock-out alike.
    func unlock(_ id: String, within scope: Scope, at now: Int64, audit event: AuditEvent) async throws {
        try await database.write { db in
            guard try Self.account(id: id, within: scope, in: db) != nil else { throw AccountRefusal.unknown }
            try db.execute(
                """
                UPDATE account SET blocked_at = NULL, failures = 0, locked_until = NULL, changed_at = \(now)
                WHERE account_id = \(id)
                """)
            try Self.note(event, of: id, in: db)
        }
    }

    // MARK: - Authenticator

    func setPending(_ sealed: [UInt8], of id: String) async throws {
        try await database.write { db in
            _ = try db.execute("UPDATE account SET totp_pending = \(sealed) WHERE account_id = \(id)")
        }
    }

    /// The sealed secret in use or waiting for its first code.
    func secret(of id: String, isPending: Bool) async throws -> [UInt8]? {
        try await database.read { db in
            try db.first("SELECT totp_secret, totp_pending FROM account WHERE account_id = \(id)")?
                .get(isPending ? "totp_pending" : "totp_secret", as: [UInt8]?.self)
        }
    }

    func confirm(
        _ sealed: [UInt8], of id: String, step: UInt64, codes: [[UInt8]], at now: Int64, audit event: AuditEvent
    ) async throws {
        try await database.write { db in
            try db.execute(
                """
                UPDATE account SET totp_secret = \(sealed), totp_pending = NULL, totp_step = \(Int64(step)),
                    changed_at = \(now)
                WHERE account_id = \(id)
                """)
            try db.execute("DELETE FROM recovery_code WHERE account_id = \(id)")
            for code in codes {
                try db.execute("INSERT INTO recovery_code (account_id, digest) VALUES (\(id), \(code))")
            }
            try Self.note(event, of: id, in: db)
        }
    }

    func removeAuthenticator(of id: String, at now: Int64, audit event: AuditEvent) async throws {
        try await database.write { db in
            try db.execute(
                """
                UPDATE account SET totp_secret = NULL, totp_pending = NULL, totp_step = NULL, changed_at = \(now)
                WHERE account_id = \(id)
                """)
            try db.execute("DELETE FROM recovery_code WHERE account_id = \(id)")
            try Self.note(event, of: id, in: db)
        }
    }

    // MARK: - Rows

    /// Takes the account's tokens of this second and before, here and in every service that is told.
    static func tellOfChange(_ id: String, at now: Int64, in db: Connection) throws {
        // After a change a token is from the next second; a second change within this one must reach it too.
        let last = try Revocations.second(of: id, in: db) ?? 0
        let change = AccountChanged(revokedBefore: max(now, last) + 1)
        try Revocations.add(id, before: change.revokedBefore, in: db)
        try Outbox.add(
            [OutgoingEvent(AccountChanged.type, subject: id, data: change)], in: db,
            at: Date(timeIntervalSince1970: Double(now)))
    }

    /// The entry with the account that it is about.
    static func note(_ event: AuditEvent, of id: String, in db: Connection) throws {
        var event = event
        event.subject = id
        event.division = try db.first("SELECT division FROM account WHERE account_id = \(id)")?.get("division") ?? ""
        try AuditLog.append([event], in: db)
    }

    private static func insert(_ roles: [String: Set<String>], of id: String, in db: Connection) throws {
        for (service, names) in roles.sorted(by: { $0.key < $1.key }) {
            for role in names.sorted() {
                try db.execute(
                    "INSERT INTO account_role (account_id, service, role) VALUES (\(id), \(service), \(role))")
            }
        }
    }

    private static func requireAnotherAdministrator(than id: String, in db: Connection) throws {
        let other = try db.first(
            """
            SELECT 1 AS one FROM account a JOIN account_role r ON r.account_id = a.account_id
            WHERE a.account_id <> \(id) AND a.blocked_at IS NULL AND r.service = 'gateway'
                AND r.role = 'administrator' LIMIT 1
            """)
        guard other != nil else { throw AccountRefusal.onlyAdministrator }
    }

    private static func account(_ row: Row, in db: Connection) throws -> Account {
        let id: String = try row.get("account_id")
        let roles = try db.rows("SELECT service, role FROM account_role WHERE account_id = \(id)").map {
            (service: try $0.get("service", as: String.self), role: try $0.get("role", as: String.self))
        }
        guard let division = DivisionCode(prefix: try row.get("division", as: String.self)) else {
            throw AccountRefusal.badDivision
        }
        return Account(
            id: id, login: try row.get("login"), name: try row.get("name"), division: division,
            roles: Roles.grouped(roles), organisation: try row.get("organisation"),
            mustChange: try row.get("must_change"),
            hasAuthenticator: try row.get("has_authenticator"),
            lockOut: LockOut(failures: try row.get("failures"), lockedUntil: try row.get("locked_until")),
            isBlocked: try row.get("blocked_at", as: Int64?.self) != nil)
    }
}

extension Account {
    var isAdministrator: Bool { roles["gateway"]?.contains("administrator") ?? false }
}
