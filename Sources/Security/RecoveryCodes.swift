import Crypto
import Foundation

/// Codes to sign in with once each where the phone that makes one-time codes is lost: ten of 80 random bits.
package enum RecoveryCodes {
    /// No I, L, O, U and no digits that look like them (Crockford's base 32).
    private static let signs = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    package static func make(count: Int = 10) -> [String] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in
            let text = (0..<16).map { _ in signs[Int.random(in: 0..<32, using: &generator)] }
            return stride(from: 0, to: 16, by: 4).map { String(text[$0..<$0 + 4]) }.joined(separator: "-")
        }
    }

    /// What is kept of a code; 80 random bits need no slow hash.
    package static func digest(_ code: String) -> [UInt8] {
        let plain = code.uppercased().filter { signs.contains($0) }
        return [UInt8](SHA256.hash(data: Data(plain.utf8)))
    }
}

/// What an authenticator takes in: the secret in base 32 (RFC 4648 §6) and the address behind its QR code.
package enum AuthenticatorSetup {
    package static func secret() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<20).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    package static func base32(_ bytes: [UInt8]) -> String {
        let signs = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var text = ""
        var (buffer, bits) = (UInt32(0), 0)
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(signs[Int(buffer >> UInt32(bits)) & 31])
                buffer &= (1 << UInt32(bits)) - 1
            }
        }
        if bits > 0 { text.append(signs[Int(buffer << UInt32(5 - bits)) & 31]) }
        return text
    }

    /// `otpauth://totp/Minsheng:NAME?secret=…`
    package static func address(secret: [UInt8], account: String) -> String {
        let name = account.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return "otpauth://totp/Minsheng:\(name)?secret=\(base32(secret))&issuer=Minsheng&digits=6&period=30"
    }
}
