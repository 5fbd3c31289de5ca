import Crypto
import CryptoExtras
import Foundation

/// The cost of scrypt (RFC 7914 §2).
package struct ScryptCost: Hashable, Sendable {
    package let rounds: Int
    package let blockSize: Int
    package let parallelism: Int

    /// 16 MiB for a hash.
    package static let standard = ScryptCost(rounds: 16_384, blockSize: 8, parallelism: 1)
    private static let mostMemory = 64 << 20

    package init(rounds: Int, blockSize: Int, parallelism: Int) {
        self.rounds = rounds
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// Each bound is tested alone first, so that the product cannot overflow.
    var isAllowed: Bool {
        (2...1 << 20).contains(rounds) && rounds & (rounds - 1) == 0 && (1...32).contains(blockSize)
            && (1...16).contains(parallelism) && 128 * rounds * blockSize <= Self.mostMemory
    }
}

/// A password's scrypt hash with the salt and the cost it was made with.
package struct PasswordHash: Hashable, Sendable {
    package let cost: ScryptCost
    package let salt: [UInt8]
    package let hash: [UInt8]

    package init(cost: ScryptCost, salt: [UInt8], hash: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.hash = hash
    }

    package static func make(
        _ password: String, salt: [UInt8], cost: ScryptCost = .standard, byteCount: Int = 32
    ) throws(SecurityFault) -> PasswordHash {
        guard cost.isAllowed else { throw .costTooHigh }
        guard
            let key = try? KDF.Scrypt.deriveKey(
                from: Array(password.utf8), salt: salt, outputByteCount: byteCount, rounds: cost.rounds,
                blockSize: cost.blockSize, parallelism: cost.parallelism)
        else { throw .damagedHash }
        return PasswordHash(cost: cost, salt: salt, hash: key.withUnsafeBytes { [UInt8]($0) })
    }

    package func matches(_ password: String) throws(SecurityFault) -> Bool {
        guard hash.count >= 32 else { throw .damagedHash }
        let other = try Self.make(password, salt: salt, cost: cost, byteCount: hash.count)
        return constantTimeEqual(hash, other.hash)
    }

    /// Whether to hash anew at the next sign-in.
    package func needsUpgrade(to wanted: ScryptCost) -> Bool {
        cost.rounds < wanted.rounds || cost.blockSize < wanted.blockSize || cost.parallelism < wanted.parallelism
    }
}
