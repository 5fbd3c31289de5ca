import Crypto
import Foundation

/// One-time codes of RFC 6238 with HMAC-SHA1, 30 seconds a step.
package struct TimeBasedCode: Sendable {
    private let key: SymmetricKey
    private let digits: Int

    package init(secret: [UInt8], digits: Int = 6) {
        key = SymmetricKey(data: secret)
        self.digits = min(max(digits, 6), 8)
    }

    package func code(atStep step: UInt64) -> String {
        let mac = [UInt8](HMAC<Insecure.SHA1>.authenticationCode(for: bigEndianBytes(step), using: key))
        let offset = Int(mac[19] & 0x0f)
        let number = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        let modulus = (0..<digits).reduce(UInt32(1)) { product, _ in product * 10 }
        let text = String(number % modulus)
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// The step whose code this is, one step early or late allowed (RFC 6238 §5.2); nil for a wrong code and for any step
    /// up to the last one used. The caller stores the step in the transaction that signs in.
    package func acceptedStep(_ code: String, atSecond second: UInt64, lastUsed: UInt64?) -> UInt64? {
        let now = second / 30
        let steps = (now == 0 ? 0 : now - 1)...(now + 1)
        return steps.first { step in
            if let lastUsed, step <= lastUsed { return false }
            return constantTimeEqual(Array(code.utf8), Array(self.code(atStep: step).utf8))
        }
    }
}
