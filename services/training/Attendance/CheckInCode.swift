import Crypto
import Foundation

/// The code that a session's list shows: six digits, new every 20 seconds.
///
/// The code of a window is HMAC-SHA256 with the session's own secret over the session's number and the window's number
/// (seconds since 1970, divided by 20), each as 8 bytes with the highest first; of the digest the 31 bits at the place
/// that its last half byte names, modulo a million (as RFC 4226 §5.3 cuts its own). The current window's code and that of
/// the window before are taken: a code lives for 20 to 40 seconds.
struct CheckInCode: Sendable {
    static let window: Int64 = 20
    /// How many windows back a code is still known as an old one: five minutes.
    private static let remembered: Int64 = 15
    /// How long a phone that showed a good code may take to press the button.
    private static let proofWindows: Int64 = 9

    private let key: SymmetricKey
    private let session: Int64

    init(secret: [UInt8], session: Int64) {
        key = SymmetricKey(data: secret)
        self.session = session
    }

    static func step(_ second: Int64) -> Int64 { second / window }

    static func newSecret() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    func text(atStep step: Int64) -> String {
        let mac = Array(HMAC<SHA256>.authenticationCode(for: Self.bytes(session) + Self.bytes(step), using: key))
        let offset = Int(mac[31] & 0x0f)
        let number = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        let digits = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    enum Verdict: Hashable, Sendable {
        case good(step: Int64)
        /// It was shown in the last five minutes.
        case old
        case wrong
    }

    func verdict(_ code: String, at second: Int64) -> Verdict {
        let now = Self.step(second)
        for step in [now, now - 1] where text(atStep: step) == code { return .good(step: step) }
        let past = (now - Self.remembered)..<(now - 1)
        return past.contains { text(atStep: $0) == code } ? .old : .wrong
    }

    // MARK: - Proof

    /// What a phone keeps that showed a good code in time: bound to session, learner, device and window, so that another
    /// phone or another learner cannot use it.
    func proof(enrollment: Int64, device: [UInt8], step: Int64) -> String {
        let mac = HMAC<SHA256>.authenticationCode(for: proofBytes(enrollment, device, step), using: key)
        return "\(step)." + mac.map { String(format: "%02x", $0) }.joined()
    }

    func accepts(proof: String, enrollment: Int64, device: [UInt8], at second: Int64) -> Bool {
        let parts = proof.split(separator: ".")
        guard parts.count == 2, let step = Int64(parts[0]) else { return false }
        let now = Self.step(second)
        guard step <= now, now - step <= Self.proofWindows else { return false }
        let expected = self.proof(enrollment: enrollment, device: device, step: step)
        guard expected.utf8.count == proof.utf8.count else { return false }
        return zip(expected.utf8, proof.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private func proofBytes(_ enrollment: Int64, _ device: [UInt8], _ step: Int64) -> [UInt8] {
        Array("check-in".utf8) + Self.bytes(session) + Self.bytes(enrollment) + Self.bytes(step) + device
    }

    private static func bytes(_ number: Int64) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
}
