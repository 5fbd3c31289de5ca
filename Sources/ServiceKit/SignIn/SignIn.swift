import Foundation
package import Security
import Synchronization

/// How a service knows who asks.
package final class SignIn: Sendable {
    package enum Mode: Sendable {
        /// Whoever reaches the port is this machine: for loopback only.
        case off
        /// - Parameter gateway: where people sign in, `http://127.0.0.1:8100`.
        case tokens(TokenVerifier, gateway: String)
    }

    package let mode: Mode
    package let forms: FormToken
    let now: @Sendable () -> Int64
    /// Checking a signature takes 100 µs, looking it up less than one.
    private let verified = Mutex<[String: Verified]>([:])
    /// By account: the first second whose tokens are taken.
    private let revoked = Mutex<[String: Int64]>([:])
    private static let most = 10_000

    private struct Verified {
        let caller: Caller
        let issuedAt: Int64
    }

    /// - Parameter formKey: 32 bytes, the same in all copies of a service.
    package init(
        _ mode: Mode, formKey: [UInt8],
        now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
    ) throws(SecurityFault) {
        self.mode = mode
        forms = try FormToken(key: formKey)
        self.now = now
    }

    /// Without sign-in, for a service on loopback and for tests.
    package static func off() throws(SecurityFault) -> SignIn {
        try SignIn(.off, formKey: [UInt8](repeating: 0, count: 32))
    }

    package var isOff: Bool { if case .off = mode { true } else { false } }

    /// Nil for a token that is not taken.
    func caller(of token: String, _ verifier: TokenVerifier) async -> Caller? {
        let now = now()
        if let known = verified.withLock({ $0[token] }) {
            if now < known.caller.expires, !isRevoked(known) { return known.caller }
            verified.withLock { $0[token] = nil }
        }
        guard let claims = try? await verifier.claims(of: token, at: now), now < claims.exp,
            let caller = Caller(claims)
        else { return nil }
        let new = Verified(caller: caller, issuedAt: claims.iat)
        guard !isRevoked(new) else { return nil }
        verified.withLock { verified in
            if verified.count >= Self.most { verified = verified.filter { now < $0.value.caller.expires } }
            // Whoever fills it with valid tokens has signed in ten thousand times.
            if verified.count >= Self.most { verified.removeAll(keepingCapacity: true) }
            verified[token] = new
        }
        return caller
    }

    /// Takes no token any more of these accounts that was issued before their second. What was said earlier stays while a
    /// token may live: two that read the database at the same time do not undo each other.
    func revoke(_ seconds: [String: Int64]) {
        let oldest = now() - Revocations.longestLife
        revoked.withLock { revoked in
            revoked.merge(seconds, uniquingKeysWith: max)
            revoked = revoked.filter { $0.value > oldest }
        }
        verified.withLock { verified in
            verified = verified.filter { _, known in
                seconds[known.caller.id].map { known.issuedAt >= $0 || known.caller.kind != .person } ?? true
            }
        }
    }

    private func isRevoked(_ token: Verified) -> Bool {
        guard token.caller.kind == .person, let second = revoked.withLock({ $0[token.caller.id] }) else { return false }
        return token.issuedAt < second
    }
}
