import Foundation
import JWTKit

/// The two small JSON documents that tokens bring.
enum JSONDecoding {
    private struct Header: Decodable {
        let alg: String
        let kid: String
    }

    /// The key's name; nil for any algorithm but EdDSA.
    static func header(_ bytes: [UInt8]) -> String? {
        guard let header = try? JSONDecoder().decode(Header.self, from: Data(bytes)), header.alg == "EdDSA" else {
            return nil
        }
        return header.kid
    }

    static func jwks(_ json: String) throws -> JWKS {
        try JSONDecoder().decode(JWKS.self, from: Data(json.utf8))
    }
}
