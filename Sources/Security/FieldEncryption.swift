import Crypto
import Foundation
package import SocialDomain

/// Where an encrypted value stands; a ciphertext opens in this place only.
package struct FieldPlace: Hashable, Sendable {
    package let table: String
    package let column: String
    package let row: String

    package init(table: String, column: String, row: String) {
        self.table = table
        self.column = column
        self.row = row
    }
}

/// Encrypts single fields with AES-256-GCM under versioned keys (NIST SP 800-38D).
///
/// A ciphertext is the key's version (4 bytes, big-endian), the nonce (12), the encrypted bytes and the tag (16).
package struct FieldEncryption: Sendable {
    package let activeVersion: UInt32
    private let keys: [UInt32: SymmetricKey]

    package init(keys: [(version: UInt32, bytes: [UInt8])], activeVersion: UInt32) throws(SecurityFault) {
        var ring: [UInt32: SymmetricKey] = [:]
        for key in keys {
            guard key.bytes.count == 32 else { throw .shortKey(version: key.version) }
            guard ring[key.version] == nil else { throw .duplicateKeyVersion(key.version) }
            ring[key.version] = SymmetricKey(data: key.bytes)
        }
        guard ring[activeVersion] != nil else { throw .unknownKeyVersion(activeVersion) }
        self.keys = ring
        self.activeVersion = activeVersion
    }

    package func seal(_ plain: [UInt8], at place: FieldPlace) throws(SecurityFault) -> [UInt8] {
        guard let key = keys[activeVersion] else { throw .unknownKeyVersion(activeVersion) }
        let head = bigEndianBytes(activeVersion)
        guard
            let box = try? AES.GCM.seal(plain, using: key, authenticating: head + associated(place)),
            let combined = box.combined
        else { throw .damagedCiphertext }
        return head + combined
    }

    package func open(_ sealed: [UInt8], at place: FieldPlace) throws(SecurityFault) -> [UInt8] {
        let version = try version(of: sealed)
        guard let key = keys[version] else { throw .unknownKeyVersion(version) }
        guard
            let box = try? AES.GCM.SealedBox(combined: sealed.dropFirst(4)),
            let plain = try? AES.GCM.open(box, using: key, authenticating: bigEndianBytes(version) + associated(place))
        else { throw .damagedCiphertext }
        return [UInt8](plain)
    }

    /// Whether the value was sealed under another key than the active one.
    package func needsRotation(_ sealed: [UInt8]) throws(SecurityFault) -> Bool {
        try version(of: sealed) != activeVersion
    }

    /// The value under the active key, or nil where it already is: a rotation writes only what it gets.
    package func rotated(_ sealed: [UInt8], at place: FieldPlace) throws(SecurityFault) -> [UInt8]? {
        guard try needsRotation(sealed) else { return nil }
        return try seal(open(sealed, at: place), at: place)
    }

    private func version(of sealed: [UInt8]) throws(SecurityFault) -> UInt32 {
        guard sealed.count >= 32 else { throw .damagedCiphertext }
        return sealed.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    private func associated(_ place: FieldPlace) -> [UInt8] {
        [place.table, place.column, place.row].flatMap { lengthPrefixed(Array($0.utf8)) }
    }
}

/// Keyed indexes for equality: HMAC-SHA256 with the workspace's key, separated by purpose.
package struct BlindIndex: Sendable {
    private let key: SymmetricKey

    package init(key bytes: [UInt8]) throws(SecurityFault) {
        guard bytes.count == 32 else { throw .shortKey(version: 0) }
        key = SymmetricKey(data: bytes)
    }

    package func index(_ value: [UInt8], table: String, column: String) -> [UInt8] {
        code(purpose: "field", [Array(table.utf8), Array(column.utf8), value])
    }

    /// The key on which services join a person, instead of on the number.
    package func personKey(_ id: CitizenID) -> [UInt8] {
        code(purpose: "person", [Array(id.text.utf8)])
    }

    private func code(purpose: String, _ parts: [[UInt8]]) -> [UInt8] {
        let message = ([Array(purpose.utf8)] + parts).flatMap(lengthPrefixed)
        return [UInt8](HMAC<SHA256>.authenticationCode(for: message, using: key))
    }
}
