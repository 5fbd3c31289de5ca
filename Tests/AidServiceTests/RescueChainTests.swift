import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import Testing

@testable import AidService

/// The hashes, computed beside this program: SHA-256 over the bytes that RescueEntry describes.
struct RescueHashTests {
    private static let zeros = [UInt8](repeating: 0, count: 32)
    private static let found = RescueEvent(
        household: "H1", division: "150402001002", kind: .alertFound, day: "2026-06-30", title: "发现预警",
        reference: "alert:1:run:1", payload: #"{"alert":1}"#)
    private static let offered = RescueEvent(
        household: "H1", division: "150402001002", kind: .offered, day: "2026-07-01", person: "P1", title: "育婴员一班",
        source: "training", reference: "offered:enrollment:17:3", payload: #"{"level":5}"#)
    private static let firstHash = "e83d2099e41b2ac09c184bb23cea4218372f835dc388ae08cd384af30132c45f"
    private static let secondHash = "6ef84de69827dfd2e683d7a46109098acebbfc3322db9a32f7152a73007df3dd"
    private static let firstLink = "d590113b2e997e51233554de8964a204747feb08efbe253b0ab0cafb0f289c9d"
    private static let secondLink = "60031288f8b721319505d6b68ee0cdc38195c490e13ffbb924dbe428138f0ef5"

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test func `an entry's hash is that of its canonical form and the hash before`() {
        let first = RescueEntry(Self.found, sequence: 1, recordedAt: "2026-06-30T08:00:00Z").hash(after: Self.zeros)
        let second = RescueEntry(Self.offered, sequence: 2, recordedAt: "2026-07-01T08:00:00Z").hash(after: first)

        #expect(Self.hex(first) == Self.firstHash)
        #expect(Self.hex(second) == Self.secondHash)
    }

    @Test(arguments: TestServer.engines)
    func `the database keeps these hashes and the links between all entries`(_ engine: Engine) async throws {
        let sample = try await RescueSample(engine)

        try sample.database.write { db in
            try RescueChain.append([Self.found], at: "2026-06-30T08:00:00Z", in: db)
            try RescueChain.append([Self.offered], at: "2026-07-01T08:00:00Z", in: db)
        }

        let rows = try sample.database.read { db in
            try db.rows("SELECT hash, link FROM chain_entry ORDER BY position").map {
                [Self.hex(try $0.get("hash")), Self.hex(try $0.get("link"))]
            }
        }
        #expect(rows == [[Self.firstHash, Self.firstLink], [Self.secondHash, Self.secondLink]])
    }

    @Test func `a text that moves from one field to the next changes the hash`() {
        var left = Self.offered
        left.person = "P1育"
        let other = RescueEvent(
            household: "H1", division: "150402001002", kind: .offered, day: "2026-07-01", person: "P1育",
            title: "婴员一班", source: "training", reference: "offered:enrollment:17:3", payload: #"{"level":5}"#)
        let hash = RescueEntry(other, sequence: 2, recordedAt: "2026-07-01T08:00:00Z").hash(after: Self.zeros)

        #expect(
            hash != RescueEntry(Self.offered, sequence: 2, recordedAt: "2026-07-01T08:00:00Z").hash(after: Self.zeros))
        #expect(hash != RescueEntry(left, sequence: 2, recordedAt: "2026-07-01T08:00:00Z").hash(after: Self.zeros))
    }
}

struct RescueChainTests {
    @Test(arguments: TestServer.engines)
    func `each household has its own numbers, and all together are in the order of commit`(_ engine: Engine)
        async throws
    {
        let sample = try await RescueSample(engine)

        try sample.append([RescueSample.event("H1", 1), RescueSample.event("H2", 2), RescueSample.event("H1", 3)])
        try sample.append([RescueSample.event("H1", 4)])

        #expect(
            try sample.database.lines("SELECT position, household_id, sequence FROM chain_entry ORDER BY position") == [
                "1|H1|1", "2|H2|1", "3|H1|2", "4|H1|3",
            ])
        let outcome = try sample.verify()
        #expect(outcome.findings.isEmpty)
        #expect([outcome.entries, outcome.households] == [4, 2])
    }

    @Test(arguments: TestServer.engines)
    func `a transaction that fails leaves no entry, and the next one goes on`(_ engine: Engine) async throws {
        let sample = try await RescueSample(engine)
        struct Stop: Error {}

        #expect(throws: Stop.self) {
            try sample.database.write { db in
                try RescueChain.append([RescueSample.event("H1", 1)], at: RescueSample.time, in: db)
                throw Stop()
            }
        }
        try sample.append([RescueSample.event("H1", 2)])

        #expect(try sample.chain() == ["H1|1|alert-found|2026-06-30||事项2|aid||test:2"])
        #expect(try sample.findings().isEmpty)
    }

    @Test(arguments: TestServer.engines)
    func `the database refuses to change or remove an entry, and one told twice`(_ engine: Engine) async throws {
        let sample = try await RescueSample(engine)
        try sample.appendSix()

        for sql in [
            "UPDATE chain_entry SET title = 'x' WHERE position = 1", "DELETE FROM chain_entry WHERE position = 6",
        ] {
            #expect(throws: DatabaseFault.self) { try sample.database.run(sql) }
        }
        #expect(throws: DatabaseFault.self) { try sample.append([RescueSample.event("H1", 6)]) }
        #expect(try sample.chain().count == 6)
    }

    @Test(arguments: TestServer.engines)
    func `transactions at the same time make one whole chain`(_ engine: Engine) async throws {
        let sample = try await RescueSample(engine)

        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for turn in 0..<10 {
                        let number = worker * 10 + turn
                        try await sample.database.database.write { db in
                            try RescueChain.append(
                                [RescueSample.event("H\(number % 3)", number)], at: RescueSample.time, in: db)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }

        #expect(try sample.database.lines("SELECT count(*), max(position) FROM chain_entry") == ["80|80"])
        #expect(
            try sample.database.lines(
                "SELECT household_id, count(*), max(sequence) FROM chain_entry GROUP BY household_id ORDER BY household_id"
            )
                == ["H0|27|27", "H1|27|27", "H2|26|26"])
        #expect(try sample.findings().isEmpty)
    }
}

/// What `chain verify` finds.
struct RescueTamperTests {
    @Test(
        arguments: TestServer.engines,
        [
            "division", "kind", "day", "person_id", "title", "source", "actor", "reference",
            "payload", "recorded_at",
        ])
    func `a change of any column is found`(_ engine: Engine, _ column: String) async throws {
        let sample = try await RescueSample(engine)
        try sample.appendSix()

        try sample.tamper(
            "UPDATE chain_entry SET \(column) = \(column == "kind" ? "'placed'" : "'2026'") WHERE position = 3")

        #expect(try sample.findings() == [.household("H1", .changed(sequence: 2))])
        #expect(try sample.verify(household: "H1").findings == [.household("H1", .changed(sequence: 2))])
        #expect(try sample.verify(household: "H2").findings.isEmpty)
    }

    @Test(arguments: TestServer.engines) func `a removed entry is found`(_ engine: Engine) async throws {
        let sample = try await RescueSample(engine)
        try sample.appendSix()

        try sample.tamper("DELETE FROM chain_entry WHERE position = 3")

        #expect(
            try sample.findings() == [
                .household("H1", .removed(from: 2, through: 2)), .whole(.removed(from: 3, through: 3), household: nil),
            ])
    }

    @Test(arguments: TestServer.engines)
    func `a household's last entry that was cut off is found without a checkpoint`(_ engine: Engine) async throws {
        let sample = try await RescueSample(engine)
        try sample.appendSix()

        try sample.tamper("DELETE FROM chain_entry WHERE position = 5")

        #expect(try sample.findings() == [.whole(.removed(from: 5, through: 5), household: nil)])
        #expect(
            try sample.verify(household: "H1").findings == [.whole(.removed(from: 5, through: 5), household: nil)])
    }

    @Test(arguments: TestServer.engines)
    func `the tail of all is missed by the end that the last transaction left`(_ engine: Engine) async throws {
        let sample = try await RescueSample(engine)
        try sample.appendSix()

        try sample.tamper("DELETE FROM chain_entry WHERE position >= 5")

        #expect(try sample.findings() == [.whole(.removed(from: 5, through: 6), household: nil)])
    }

    @Test(arguments: TestServer.engines)
    func `where that end was moved back too, a checkpoint misses the tail`(_ engine: Engine) async throws {
        let sample = try await RescueSample(engine)
        try sample.appendSix()
        let checkpoint = try sample.verify().latest

        try sample.tamper(
            """
            DELETE FROM chain_entry WHERE position >= 5;
            UPDATE chain_end SET position = 4, link = (SELECT link FROM chain_entry WHERE position = 4)
            """)

        #expect(checkpoint.sequence == 6)
        #expect(try sample.findings().isEmpty)
        #expect(
            try sample.findings(since: checkpoint) == [.whole(.removed(from: 5, through: 6), household: nil)])
    }

    @Test(arguments: TestServer.engines) func `entries that changed places are found`(_ engine: Engine) async throws {
        let sample = try await RescueSample(engine)
        try sample.appendSix()

        try sample.tamper(
            """
            UPDATE chain_entry SET sequence = 9 WHERE position = 1;
            UPDATE chain_entry SET sequence = 1 WHERE position = 3;
            UPDATE chain_entry SET sequence = 2 WHERE position = 1
            """)

        #expect(
            try sample.findings() == [
                .household("H1", .changed(sequence: 1)), .household("H1", .changed(sequence: 2)),
                .household("H1", .changed(sequence: 3)),
            ])
    }

    @Test(arguments: TestServer.engines)
    func `an entry given to another household is found in both`(_ engine: Engine) async throws {
        let sample = try await RescueSample(engine)
        try sample.appendSix()

        try sample.tamper("UPDATE chain_entry SET household_id = 'H2', sequence = 4 WHERE position = 5")

        #expect(try sample.findings() == [.household("H2", .changed(sequence: 4))])
        #expect(try sample.verify(household: "H2").findings == [.household("H2", .changed(sequence: 4))])
    }

    @Test(arguments: TestServer.engines)
    func `a household's chain written anew, hashes and all, does not fit the chain of all`(_ engine: Engine)
        async throws
    {
        let sample = try await RescueSample(engine)
        try sample.appendSix()
        let zeros = [UInt8](repeating: 0, count: 32)
        let forged = RescueEntry(
            RescueEvent(
                household: "H3", division: "150402001002", kind: .placed, day: "2026-06-30", title: "从未发生",
                reference: "test:forged"), sequence: 1, recordedAt: RescueSample.time)
        let hash = forged.hash(after: zeros)

        try sample.tamper("DELETE FROM chain_entry WHERE position = 6")
        _ = try sample.database.write { db in
            try db.execute(
                """
                INSERT INTO chain_entry (position, household_id, sequence, division, kind, day, person_id, title, source,
                    actor, reference, payload, recorded_at, hash, link)
                VALUES (6, 'H3', 1, \(forged.division), \(forged.kind), \(forged.day), '', \(forged.title), 'aid', '',
                    \(forged.reference), '{}', \(RescueSample.time), \(hash), \(zeros))
                """)
        }

        #expect(
            try sample.findings() == [
                .whole(.changed(sequence: 6), household: "H3"), .whole(.chainRewritten(upTo: 6), household: nil),
            ])
    }

    @Test func `a checkpoint of somebody else is refused`() async throws {
        let sample = try await RescueSample(.sqlite)
        try sample.appendSix()
        let forged = AuditCheckpoint(
            sequence: 6, hash: [UInt8](repeating: 1, count: 32), key: [UInt8](repeating: 9, count: 32))

        #expect(
            try sample.findings(since: forged) == [.whole(.forgedCheckpoint(sequence: 6), household: nil)])
    }

    @Test func `every finding has words in both languages that name the place`() {
        let household = VerifyRescueChain.Finding.household("H1", .changed(sequence: 2)).words
        let whole = VerifyRescueChain.Finding.whole(.changed(sequence: 6), household: "H3").words

        #expect(household.en == "household H1: entry 2 of its chain was changed")
        #expect(household.zh == "家庭 H1 的救助链第 2 条被改动过。")
        #expect(whole.en == "entry 6 of the whole chain (household H3) was changed")
        #expect(whole.zh == "总链第 6 条（家庭 H3）被改动过。")
    }
}
