import Crypto
import Foundation

/// A service's Ed25519 keys for signing tokens (RFC 8032), in a file that only its owner may read (0600): one key a line, a
/// number, a space, the 32-byte seed in Base64. The highest number signs; the others still verify.
package struct SigningKeyFile: Hashable, Sendable {
    package let path: String
    /// The service's name; its keys are known as `NAME.NUMBER`.
    package let issuer: String
    private var file: SecretFile { SecretFile(path) }

    package init(_ path: String, issuer: String) {
        self.path = path
        self.issuer = issuer
    }

    package func read() throws(SecurityFault) -> SigningKeys {
        let lines = try file.lines()
        var seeds: [(number: UInt32, seed: [UInt8])] = []
        for (index, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
            let parts = line.split(separator: " ")
            guard parts.count == 2, let number = UInt32(parts[0]), let data = Data(base64Encoded: String(parts[1])),
                data.count == 32, !seeds.contains(where: { $0.number == number })
            else { throw .keysDamaged(path: path, line: index + 1) }
            seeds.append((number, [UInt8](data)))
        }
        guard !seeds.isEmpty else { throw .keysDamaged(path: path, line: lines.count) }
        return try SigningKeys(issuer: issuer, seeds: seeds.sorted { $0.number < $1.number })
    }

    /// The keys; made first where there is no file.
    package func readOrMake() throws(SecurityFault) -> SigningKeys {
        if !file.exists {
            try file.write("# Secret. Signs the tokens of \(issuer).\n1 \(SecretFile.newKey())\n", isNew: true)
        }
        return try read()
    }
}

/// The keys as they are used.
package struct SigningKeys: Sendable {
    package let issuer: String
    let seeds: [(number: UInt32, seed: [UInt8])]

    package init(issuer: String, seeds: [(number: UInt32, seed: [UInt8])]) throws(SecurityFault) {
        guard seeds.allSatisfy({ $0.seed.count == 32 }) else { throw .shortKey(version: 0) }
        self.issuer = issuer
        self.seeds = seeds
    }

    /// The public keys as a JSON Web Key Set (RFC 7517, RFC 8037).
    package func jwks() throws -> String {
        let keys = try seeds.map { entry in
            let key = try Curve25519.Signing.PrivateKey(rawRepresentation: entry.seed)
            let x = Base64URL.text([UInt8](key.publicKey.rawRepresentation))
            return
                #"{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","use":"sig","kid":"\#(issuer).\#(entry.number)","x":"\#(x)"}"#
        }
        return #"{"keys":["# + keys.joined(separator: ",") + "]}"
    }

    /// A secret of the same service for another purpose (HKDF-SHA256, RFC 5869).
    package func derived(_ purpose: String) -> [UInt8] {
        let key = SymmetricKey(data: seeds.last?.seed ?? [])
        return HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Array(purpose.utf8), outputByteCount: 32)
            .withUnsafeBytes { [UInt8]($0) }
    }
}

/// Base64 for addresses and tokens, without padding (RFC 4648 §5).
enum Base64URL {
    static func text(_ bytes: [UInt8]) -> String {
        String(
            Data(bytes).base64EncodedString().compactMap { sign in
                switch sign {
                case "+": "-"
                case "/": "_"
                case "=": nil
                default: sign
                }
            })
    }

    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        var plain = text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        while plain.count % 4 != 0 { plain.append("=") }
        return Data(base64Encoded: String(plain)).map { [UInt8]($0) }
    }
}
