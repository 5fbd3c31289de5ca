import Crypto
import Foundation

/// An entry of a chain: its hash takes in the hash of the one before.
package protocol ChainedEntry: Sendable {
    /// Its place in the chain, from 1, without gaps.
    var sequence: UInt64 { get }

    /// - Parameter previous: the hash of the entry before; 32 zero bytes before the first.
    func hash(after previous: [UInt8]) -> [UInt8]
}

/// Who did what to whom, why and when; the subject is a person key or an id, never a raw number.
package struct AuditEntry: ChainedEntry, Hashable {
    package var sequence: UInt64
    /// An account's id or a service's name.
    package var actor: String
    /// As it was at the time.
    package var name: String
    package var role: String
    package var action: String
    package var subject: String
    /// The digits of the subject's division, or nothing.
    package var division: String
    package var reason: String
    package var unixMilliseconds: Int64
    package var requestID: String

    package init(
        sequence: UInt64, actor: String, name: String = "", role: String, action: String, subject: String,
        division: String = "", reason: String, unixMilliseconds: Int64, requestID: String
    ) {
        self.sequence = sequence
        self.actor = actor
        self.name = name
        self.role = role
        self.action = action
        self.subject = subject
        self.division = division
        self.reason = reason
        self.unixMilliseconds = unixMilliseconds
        self.requestID = requestID
    }

    package var canonicalBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(400)
        add(sequence, to: &bytes)
        add(unixMilliseconds, to: &bytes)
        add(actor, to: &bytes)
        add(name, to: &bytes)
        add(role, to: &bytes)
        add(action, to: &bytes)
        add(subject, to: &bytes)
        add(division, to: &bytes)
        add(reason, to: &bytes)
        add(requestID, to: &bytes)
        return bytes
    }

    /// As `bigEndianBytes`.
    private func add(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// As `lengthPrefixed`.
    private func add(_ text: String, to bytes: inout [UInt8]) {
        add(UInt64(text.utf8.count), to: &bytes)
        bytes.append(contentsOf: text.utf8)
    }

    /// SHA-256 of the hash before and this entry; 32 zero bytes stand before the first.
    package func hash(after previous: [UInt8]) -> [UInt8] {
        [UInt8](SHA256.hash(data: lengthPrefixed(previous) + canonicalBytes))
    }
}

/// A signed statement of how far the chain reached: a tail that is cut off afterwards is missed.
package struct AuditCheckpoint: Hashable, Sendable {
    package let sequence: UInt64
    package let hash: [UInt8]
    package let code: [UInt8]

    package init(sequence: UInt64, hash: [UInt8], key: [UInt8]) {
        self.sequence = sequence
        self.hash = hash
        code = [UInt8](
            HMAC<SHA256>.authenticationCode(
                for: bigEndianBytes(sequence) + hash, using: SymmetricKey(data: key)))
    }

    package init(sequence: UInt64, hash: [UInt8], code: [UInt8]) {
        self.sequence = sequence
        self.hash = hash
        self.code = code
    }

    package func isGenuine(key: [UInt8]) -> Bool {
        constantTimeEqual(code, AuditCheckpoint(sequence: sequence, hash: hash, key: key).code)
    }
}

package enum AuditFinding: Hashable, Sendable {
    case changed(sequence: UInt64)
    case removed(from: UInt64, through: UInt64)
    case insertedOrReordered(sequence: UInt64)
    case chainRewritten(upTo: UInt64)
    case forgedCheckpoint(sequence: UInt64)
}

/// Follows a chain entry by entry from sequence 1 and keeps nothing but the last hash and the findings.
package struct AuditVerifier: Sendable {
    package private(set) var findings: [AuditFinding] = []
    private var expected: UInt64 = 1
    private var last = [UInt8](repeating: 0, count: 32)
    private let checkpoint: AuditCheckpoint?

    /// Without a checkpoint: a tail that was cut off is not missed.
    package init() {
        checkpoint = nil
    }

    package init(latestCheckpoint: AuditCheckpoint?, key: [UInt8]) {
        if let latestCheckpoint, !latestCheckpoint.isGenuine(key: key) {
            findings.append(.forgedCheckpoint(sequence: latestCheckpoint.sequence))
            checkpoint = nil
        } else {
            checkpoint = latestCheckpoint
        }
    }

    package mutating func take(_ entry: some ChainedEntry, storedHash: [UInt8]) {
        if entry.sequence < expected {
            findings.append(.insertedOrReordered(sequence: entry.sequence))
            return
        }
        if entry.sequence > expected {
            findings.append(.removed(from: expected, through: entry.sequence - 1))
        } else if entry.hash(after: last) != storedHash {
            findings.append(.changed(sequence: entry.sequence))
        }
        if let checkpoint, checkpoint.sequence == entry.sequence, checkpoint.hash != storedHash {
            findings.append(.chainRewritten(upTo: entry.sequence))
        }
        expected = entry.sequence + 1
        last = storedHash
    }

    package mutating func finish() -> [AuditFinding] {
        if let checkpoint, checkpoint.sequence >= expected {
            findings.append(.removed(from: expected, through: checkpoint.sequence))
        }
        return findings
    }
}
