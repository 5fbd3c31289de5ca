import Foundation
import NIOPosix
import Security
import ServiceKit
import SocialDomain
import Storage

/// What is done to accounts, by pages and commands alike; who does it brings the scope.
struct AccountActions: Sendable {
    let database: Database
    let ring: FieldKeyRing
    var cost = ScryptCost.standard

    private var store: AccountStore { AccountStore(database: database) }

    /// Makes an account with a password that is shown once and must be changed at the first sign-in.
    func add(
        login: String, name: String, division: String, grant: AccountGrant, within scope: Scope, at now: Int64,
        audit event: AuditEvent
    ) async throws -> (account: String, password: String) {
        let login = login.lowercased()
        guard (3...64).contains(login.utf8.count), login.utf8.allSatisfy(Self.isLoginByte) else {
            throw AccountRefusal.badLogin
        }
        let name = TextForm.trimmed(name)
        guard !name.isEmpty else { throw AccountRefusal.nameMissing }
        guard let code = DivisionCode(prefix: division) else { throw AccountRefusal.badDivision }
        guard scope.contains(code) else { throw AccountRefusal.outsideDivision }
        let password = Self.givenOutPassword()
        let id = UUID().uuidString.lowercased()
        try await store.add(
            id: id, login: login, name: name, division: code, grant: grant,
            password: try await hash(password), mustChange: true, at: now, audit: event)
        return (id, password)
    }

    /// A new password that is shown once; the old one and every session end.
    func reset(
        _ id: String, within scope: Scope, at now: Int64, audit event: AuditEvent
    ) async throws -> String {
        guard try await store.account(id: id, within: scope) != nil else { throw AccountRefusal.unknown }
        let password = Self.givenOutPassword()
        try await store.setPassword(
            try await hash(password), of: id, mustChange: true, keeping: nil, at: now, audit: event)
        return password
    }

    /// The person's own change.
    func change(
        _ account: Account, from old: String, to new: String, session: String?, at now: Int64, audit event: AuditEvent
    ) async throws {
        guard let stored = try await store.password(ofLogin: account.login) else { throw AccountRefusal.unknown }
        let isRight = try await NIOThreadPool.singleton.runIfActive {
            try stored.hash.matches(String(old.prefix(PasswordRules.most)))
        }
        guard isRight else { throw AccountRefusal.wrongPassword }
        try PasswordRules.check(new, account: account.login)
        try await store.setPassword(
            try await hash(new), of: account.id, mustChange: false, keeping: session, at: now, audit: event)
    }

    // MARK: - Authenticator

    /// A secret to be taken in by an authenticator; it serves once its first code was shown.
    func beginAuthenticator(_ account: Account) async throws -> [UInt8] {
        let place = AuthenticatorPlace.of(account.id)
        if let pending = try await store.secret(of: account.id, isPending: true) {
            return try ring.open(pending, at: place)
        }
        let secret = AuthenticatorSetup.secret()
        try await store.setPending(try ring.seal(secret, at: place), of: account.id)
        return secret
    }

    /// The recovery codes, shown once.
    func confirmAuthenticator(
        _ account: Account, code: String, at now: Int64, audit event: AuditEvent
    ) async throws -> [String] {
        let place = AuthenticatorPlace.of(account.id)
        guard let sealed = try await store.secret(of: account.id, isPending: true) else { throw AccountRefusal.unknown }
        let secret = try ring.open(sealed, at: place)
        let digits = code.filter { !$0.isWhitespace }
        guard
            let step = TimeBasedCode(secret: secret).acceptedStep(digits, atSecond: UInt64(now), lastUsed: nil)
        else { throw AccountRefusal.wrongCode }
        let codes = RecoveryCodes.make()
        try await store.confirm(
            sealed, of: account.id, step: step, codes: codes.map(RecoveryCodes.digest), at: now,
            audit: event)
        return codes
    }

    private func hash(_ password: String) async throws -> PasswordHash {
        try await NIOThreadPool.singleton.runIfActive { [cost] in
            try PasswordHash.make(password, salt: SignInPerson.random(16), cost: cost)
        }
    }

    private static func isLoginByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }

    /// 75 random bits in signs that cannot be mistaken for each other.
    private static func givenOutPassword() -> String {
        String((RecoveryCodes.make(count: 1).first ?? "").dropLast(1)).lowercased()
    }
}
