import Foundation
import NIOPosix
import Security
import ServiceKit
import SocialDomain
import Storage
import Synchronization

/// Why nobody was signed in. All of it is told with the same words: a stranger must not learn which accounts exist.
enum SignInRefusal: ExplainedFault, Hashable {
    case refused

    var explanation: LocalizedText {
        LocalizedText(
            zh: "账号、密码或动态码不对；连续输错会暂时锁定。请核对后再试，或请本单位管理员重置。",
            en:
                "The account, the password or the code is wrong; several wrong attempts lock it for a while. Check them "
                + "and try again, or ask your office's administrator to reset it.")
    }
}

/// Signs a person in: password, then the authenticator's code where one is set up, then a session.
struct SignInPerson: Sendable {
    let database: Database
    let ring: FieldKeyRing
    let addresses: AddressLocks
    let cost: ScryptCost
    /// Compared with where no account is found, so that the answer takes the same time.
    private let nobody: PasswordHash

    init(database: Database, ring: FieldKeyRing, cost: ScryptCost = .standard) throws {
        self.database = database
        self.ring = ring
        self.cost = cost
        addresses = AddressLocks()
        nobody = try PasswordHash.make("nobody's password", salt: Self.random(16), cost: cost)
    }

    struct Entry: Sendable {
        let login: String
        let password: String
        /// Six digits, or a recovery code.
        let code: String?
        let address: String?
        let agent: String
        let request: String
    }

    /// What the browser keeps, and the session behind it.
    func callAsFunction(_ entry: Entry, at now: Int64) async throws -> (
        secret: String, session: String, account: Account
    ) {
        let login = entry.login.lowercased()
        guard !addresses.isLocked(entry.address, at: now) else { throw SignInRefusal.refused }
        let found = try await AccountStore(database: database).password(ofLogin: login)
        let hash = found?.hash ?? nobody
        let password = String(entry.password.prefix(PasswordRules.most))
        // scrypt takes its time and memory: not on Swift's own threads.
        let isRight = try await NIOThreadPool.singleton.runIfActive { try hash.matches(password) }
        let renewed =
            isRight && found != nil && hash.needsUpgrade(to: cost)
            ? try await NIOThreadPool.singleton.runIfActive { [cost] in
                try PasswordHash.make(password, salt: Self.random(16), cost: cost)
            } : nil
        let (secret, session) = (Self.secret(), UUID().uuidString.lowercased())
        let ring = ring
        let account: Account? = try await database.write { db in
            guard let id = found?.id, let account = try AccountStore.account(id: id, within: .ownMachine, in: db) else {
                return nil
            }
            var lockOut = account.lockOut
            guard !account.isBlocked, !lockOut.isLocked(at: now) else { return nil }
            guard isRight, try Self.accepts(entry.code, of: account, at: now, ring: ring, in: db) else {
                lockOut.fail(at: now)
                try db.execute(
                    """
                    UPDATE account SET failures = \(lockOut.failures), locked_until = \(lockOut.lockedUntil)
                    WHERE account_id = \(id)
                    """)
                return nil
            }
            try db.execute("UPDATE account SET failures = 0, locked_until = NULL WHERE account_id = \(id)")
            if let renewed {
                try db.execute(
                    """
                    UPDATE account SET salt = \(renewed.salt), hash = \(renewed.hash), rounds = \(renewed.cost.rounds),
                        block_size = \(renewed.cost.blockSize), parallelism = \(renewed.cost.parallelism)
                    WHERE account_id = \(id)
                    """)
            }
            try SessionStore.insert(id: session, secret: secret, account: id, agent: entry.agent, at: now, in: db)
            let caller = Caller(kind: .person, id: id, name: account.name, scope: .ownMachine)
            try AccountStore.note(
                AuditEvent(
                    "account.sign-in", reason: entry.address ?? "", by: caller, request: entry.request),
                of: id, in: db)
            return account
        }
        guard let account else {
            addresses.fail(entry.address, at: now)
            throw SignInRefusal.refused
        }
        addresses.succeed(entry.address)
        return (secret, session, account)
    }

    /// A code is used up in the transaction that signs in.
    private static func accepts(
        _ code: String?, of account: Account, at now: Int64, ring: FieldKeyRing, in db: Connection
    ) throws -> Bool {
        guard account.hasAuthenticator else { return true }
        guard let code else { return false }
        let row = try db.first("SELECT totp_secret, totp_step FROM account WHERE account_id = \(account.id)")
        guard let sealed: [UInt8] = try row?.get("totp_secret") else { return false }
        let secret = try ring.open(sealed, at: AuthenticatorPlace.of(account.id))
        let last = try row?.get("totp_step", as: Int64?.self).map(UInt64.init)
        let digits = code.filter { !$0.isWhitespace }
        if let step = TimeBasedCode(secret: secret).acceptedStep(digits, atSecond: UInt64(now), lastUsed: last) {
            try db.execute("UPDATE account SET totp_step = \(Int64(step)) WHERE account_id = \(account.id)")
            return true
        }
        let used = try db.execute(
            """
            UPDATE recovery_code SET used_at = \(now)
            WHERE account_id = \(account.id) AND digest = \(RecoveryCodes.digest(code)) AND used_at IS NULL
            """)
        return used == 1
    }

    func matches(_ password: String, _ hash: PasswordHash) async throws -> Bool {
        let password = String(password.prefix(PasswordRules.most))
        return try await NIOThreadPool.singleton.runIfActive { try hash.matches(password) }
    }

    static func random(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// 256 random bits.
    private static func secret() -> String {
        random(32).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

/// Where an account's authenticator secret is sealed to.
enum AuthenticatorPlace {
    static func of(_ account: String) -> FieldPlace {
        FieldPlace(table: "account", column: "totp_secret", row: account)
    }
}

/// Wrong attempts by address, in memory: whoever tries many accounts waits as well.
final class AddressLocks: Sendable {
    private let locks = Mutex<[String: LockOut]>([:])
    private static let most = 10_000
    /// An office behind one address may mistype now and then.
    private static let grace = 20

    func isLocked(_ address: String?, at now: Int64) -> Bool {
        guard let address else { return false }
        return locks.withLock { $0[address]?.isLocked(at: now) ?? false }
    }

    func fail(_ address: String?, at now: Int64) {
        guard let address else { return }
        locks.withLock { locks in
            if locks.count >= Self.most { locks = locks.filter { $0.value.isLocked(at: now) } }
            if locks.count >= Self.most { locks.removeAll() }
            // The first mistakes count less than an account's own.
            var lock = locks[address] ?? LockOut(failures: 4 - Self.grace)
            lock.fail(at: now)
            locks[address] = lock
        }
    }

    func succeed(_ address: String?) {
        guard let address else { return }
        locks.withLock { $0[address] = nil }
    }
}
