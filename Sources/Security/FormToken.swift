import Crypto
import Foundation

/// CSRF tokens: HMAC-SHA256 of the session's id, so that a token serves in its own session only.
package struct FormToken: Sendable {
    private let key: SymmetricKey

    package init(key bytes: [UInt8]) throws(SecurityFault) {
        guard bytes.count == 32 else { throw .shortKey(version: 0) }
        key = SymmetricKey(data: bytes)
    }

    package func token(session: String) -> String {
        let message = lengthPrefixed(Array("form".utf8)) + lengthPrefixed(Array(session.utf8))
        return Data(HMAC<SHA256>.authenticationCode(for: message, using: key)).base64EncodedString()
    }

    package func accepts(_ token: String, session: String) -> Bool {
        constantTimeEqual(Array(token.utf8), Array(self.token(session: session).utf8))
    }
}
