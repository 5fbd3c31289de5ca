import Security
import SocialDomain
import Testing

struct FieldEncryptionTests {
    private let place = FieldPlace(table: "person", column: "phone", row: "7")
    private let old: [UInt8] = .init(repeating: 1, count: 32)
    private let new: [UInt8] = .init(repeating: 2, count: 32)

    @Test func `a sealed value opens in its own place`() throws {
        let ring = try FieldEncryption(keys: [(1, old)], activeVersion: 1)

        let sealed = try ring.seal([1, 2, 3], at: place)

        #expect(try ring.open(sealed, at: place) == [1, 2, 3])
    }

    @Test func `a ciphertext moved to another row does not open`() throws {
        let ring = try FieldEncryption(keys: [(1, old)], activeVersion: 1)

        let sealed = try ring.seal([1, 2, 3], at: place)

        #expect(throws: SecurityFault.damagedCiphertext) {
            try ring.open(sealed, at: FieldPlace(table: "person", column: "phone", row: "8"))
        }
    }

    @Test func `rotation re-encrypts an old value once`() throws {
        let before = try FieldEncryption(keys: [(1, old)], activeVersion: 1)
        let after = try FieldEncryption(keys: [(1, old), (2, new)], activeVersion: 2)
        let sealed = try before.seal([9], at: place)

        let rotated = try #require(try after.rotated(sealed, at: place))

        #expect(try after.open(rotated, at: place) == [9])
        #expect(try after.rotated(rotated, at: place) == nil)
    }

    @Test func `a value under a key that is not in the ring is refused by its version`() throws {
        let sealed = try FieldEncryption(keys: [(3, old)], activeVersion: 3).seal([9], at: place)
        let ring = try FieldEncryption(keys: [(1, old)], activeVersion: 1)

        #expect(throws: SecurityFault.unknownKeyVersion(3)) { try ring.open(sealed, at: place) }
    }
}

struct TimeBasedCodeTests {
    /// RFC 6238 appendix B, the SHA-1 rows.
    @Test(
        arguments: [
            (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
        ] as [(UInt64, String)])
    func `codes are those of the RFC`(second: UInt64, code: String) {
        let codes = TimeBasedCode(secret: Array("12345678901234567890".utf8), digits: 8)

        #expect(codes.code(atStep: second / 30) == code)
    }

    @Test func `a used step is refused`() {
        let codes = TimeBasedCode(secret: Array("12345678901234567890".utf8), digits: 8)

        #expect(codes.acceptedStep("94287082", atSecond: 59, lastUsed: nil) == 1)
        #expect(codes.acceptedStep("94287082", atSecond: 59, lastUsed: 1) == nil)
    }
}

struct PasswordHashTests {
    /// RFC 7914 §12, the second vector, its first 8 bytes.
    @Test func `a hash is that of the RFC`() throws {
        let cost = ScryptCost(rounds: 1024, blockSize: 8, parallelism: 16)

        let made = try PasswordHash.make("password", salt: Array("NaCl".utf8), cost: cost, byteCount: 64)

        #expect(made.hash.prefix(8) == [0xfd, 0xba, 0xbe, 0x1c, 0x9d, 0x34, 0x72, 0x00])
        #expect(try made.matches("password"))
        #expect(try !made.matches("Password"))
    }

    @Test func `a cost beyond the memory bound is refused`() {
        let cost = ScryptCost(rounds: 1 << 20, blockSize: 8, parallelism: 1)

        #expect(throws: SecurityFault.costTooHigh) { try PasswordHash.make("x", salt: [1], cost: cost) }
    }
}

struct AuditVerifierTests {
    private let key = [UInt8](repeating: 7, count: 32)

    private func chain() -> [(entry: AuditEntry, hash: [UInt8])] {
        var last = [UInt8](repeating: 0, count: 32)
        return (UInt64(1)...4).map { number in
            let entry = AuditEntry(
                sequence: number, actor: "a", role: "clerk", action: "look", subject: "s", reason: "r",
                unixMilliseconds: 5, requestID: "q")
            last = entry.hash(after: last)
            return (entry, last)
        }
    }

    private func verify(_ rows: [(entry: AuditEntry, hash: [UInt8])]) -> [AuditFinding] {
        let end = AuditCheckpoint(sequence: 4, hash: chain()[3].hash, key: key)
        var verifier = AuditVerifier(latestCheckpoint: end, key: key)
        for row in rows { verifier.take(row.entry, storedHash: row.hash) }
        return verifier.finish()
    }

    @Test func `a whole chain has no findings`() {
        #expect(verify(chain()) == [])
    }

    @Test func `a changed entry is named`() {
        var rows = chain()
        rows[1].entry.reason = "other"

        #expect(verify(rows) == [.changed(sequence: 2)])
    }

    @Test func `a removed entry is named`() {
        var rows = chain()
        rows.remove(at: 1)

        #expect(verify(rows) == [.removed(from: 2, through: 2)])
    }

    @Test func `a tail cut off is found by the checkpoint`() {
        #expect(verify(Array(chain().prefix(2))) == [.removed(from: 3, through: 4)])
    }

    @Test func `an entry that stands twice is found`() {
        var rows = chain()
        rows.insert(rows[1], at: 3)

        #expect(verify(rows) == [.insertedOrReordered(sequence: 2)])
    }
}
