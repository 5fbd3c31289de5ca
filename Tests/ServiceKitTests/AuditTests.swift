import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import Testing

struct AuditTests {
    private static let key = [UInt8](repeating: 8, count: 32)
    private static let clerk = Caller(kind: .person, id: "a1", name: "张伟", scope: .ownMachine)

    private static func log(_ engine: Engine, entries: Int = 0) async throws -> AuditLog {
        let database = try Database(TestServer.emptyDatabase(engine))
        try KitMigrations.apply(to: database, at: "2026-06-30T08:00:00Z")
        let log = AuditLog(database: database)
        for number in 0..<entries { try await log.append(event(number)) }
        return log
    }

    private static func event(_ number: Int, division: String = "150402001002") -> AuditEvent {
        AuditEvent(
            "household.look", subject: "H\(number)", division: division, by: clerk, request: "r\(number)",
            at: Date(timeIntervalSince1970: 1_782_806_400 + Double(number)))
    }

    private static func findings(_ log: AuditLog, since checkpoint: AuditCheckpoint? = nil) throws -> [AuditFinding] {
        try log.verify(since: checkpoint, key: key).findings
    }

    /// As someone would who has the database in hand.
    private static func tamper(_ log: AuditLog, _ sql: String) throws {
        try log.database.writeBlocking { db in
            if db.engine == .sqlite {
                try db.execute("DROP TRIGGER audit_entry_is_not_changed")
                try db.execute("DROP TRIGGER audit_entry_is_not_removed")
            } else {
                try db.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
            }
            for statement in sql.split(separator: ";") { try db.execute(SQL(trusted: String(statement))) }
        }
    }

    @Test(arguments: TestServer.engines) func `an untouched log verifies`(_ engine: Engine) async throws {
        let log = try await Self.log(engine, entries: 5)

        let result = try log.verify(since: nil, key: Self.key)

        #expect(result.findings.isEmpty)
        #expect(result.latest.sequence == 5)
    }

    @Test(arguments: TestServer.engines) func `the database refuses to change or remove an entry`(_ engine: Engine)
        async throws
    {
        let log = try await Self.log(engine, entries: 2)

        await #expect(throws: DatabaseFault.self) {
            try await log.database.write { db in _ = try db.execute("UPDATE audit_entry SET subject = 'H9'") }
        }
        await #expect(throws: DatabaseFault.self) {
            try await log.database.write { db in _ = try db.execute("DELETE FROM audit_entry") }
        }

        #expect(try Self.findings(log).isEmpty)
    }

    @Test(
        arguments: TestServer.engines,
        [
            "UPDATE audit_entry SET subject = 'H9' WHERE sequence = 3",
            "UPDATE audit_entry SET actor = 'a2' WHERE sequence = 3",
            "UPDATE audit_entry SET name = '别人' WHERE sequence = 3",
            "UPDATE audit_entry SET division = '150403' WHERE sequence = 3",
            "UPDATE audit_entry SET occurred_at = occurred_at + 1 WHERE sequence = 3",
            "UPDATE audit_entry SET reason = 'x' WHERE sequence = 3",
        ])
    func `a changed entry is named`(_ engine: Engine, _ sql: String) async throws {
        let log = try await Self.log(engine, entries: 5)

        try Self.tamper(log, sql)

        #expect(try Self.findings(log) == [.changed(sequence: 3)])
    }

    @Test(arguments: TestServer.engines) func `removed entries are named`(_ engine: Engine) async throws {
        let log = try await Self.log(engine, entries: 6)

        try Self.tamper(log, "DELETE FROM audit_entry WHERE sequence IN (3, 4)")

        #expect(try Self.findings(log) == [.removed(from: 3, through: 4)])
    }

    @Test(arguments: TestServer.engines) func `two entries that changed places are named`(_ engine: Engine)
        async throws
    {
        let log = try await Self.log(engine, entries: 5)

        try Self.tamper(
            log,
            """
            UPDATE audit_entry SET sequence = 100 WHERE sequence = 2;
            UPDATE audit_entry SET sequence = 2 WHERE sequence = 3;
            UPDATE audit_entry SET sequence = 3 WHERE sequence = 100
            """)

        #expect(try Self.findings(log).first == .changed(sequence: 2))
    }

    @Test(arguments: TestServer.engines) func `a tail that was cut off is missed by the checkpoint`(_ engine: Engine)
        async throws
    {
        let log = try await Self.log(engine, entries: 5)
        let checkpoint = try log.verify(since: nil, key: Self.key).latest

        try Self.tamper(log, "DELETE FROM audit_entry WHERE sequence > 3")

        #expect(try Self.findings(log).isEmpty)
        #expect(try Self.findings(log, since: checkpoint) == [.removed(from: 4, through: 5)])
    }

    @Test func `a checkpoint is kept in a file and a forged one is told`() async throws {
        let log = try await Self.log(.sqlite, entries: 3)
        let path = FileManager.default.temporaryDirectory.path + "/checkpoint-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = AuditCheckpointFile(path)
        let latest = try log.verify(since: nil, key: Self.key).latest

        try file.write(latest)
        let forged = AuditCheckpoint(sequence: 3, hash: latest.hash, key: [UInt8](repeating: 9, count: 32))

        #expect(try file.read() == latest)
        #expect(try Self.findings(log, since: file.read()).isEmpty)
        #expect(try Self.findings(log, since: forged) == [.forgedCheckpoint(sequence: 3)])
    }

    @Test(arguments: TestServer.engines) func `many that record at once make one chain`(_ engine: Engine) async throws {
        let log = try await Self.log(engine)
        // Two copies of the service.
        let journals = [AuditJournal(database: log.database), AuditJournal(database: log.database)]

        try await withThrowingTaskGroup { group in
            for number in 0..<60 {
                group.addTask { try await journals[number % 2].record(Self.event(number)) }
            }
            try await group.waitForAll()
        }

        #expect(try log.verify(since: nil, key: Self.key).latest.sequence == 60)
        #expect(try Self.findings(log).isEmpty)
    }

    @Test(arguments: TestServer.engines) func `an entry whose transaction fails leaves no gap`(_ engine: Engine)
        async throws
    {
        let log = try await Self.log(engine, entries: 2)

        await #expect(throws: CancellationError.self) {
            try await log.database.write { db in
                try AuditLog.append([Self.event(7)], in: db)
                throw CancellationError()
            }
        }
        try await log.append(Self.event(8))

        #expect(try log.verify(since: nil, key: Self.key).latest.sequence == 3)
        #expect(try Self.findings(log).isEmpty)
    }

    @Test(arguments: TestServer.engines) func `an auditor reads the own division's entries, the newest first`(
        _ engine: Engine
    ) async throws {
        let log = try await Self.log(engine, entries: 3)
        try await log.append(Self.event(9, division: "150403001"))
        let county = Scope(roles: ["aid": ["auditor"]], division: DivisionCode(prefix: "150402"))
        var filter = AuditLog.Filter()
        filter.subject = "H1"

        #expect(try await log.entries(.init(), within: county, limit: 9).map(\.subject) == ["H2", "H1", "H0"])
        #expect(try await log.entries(filter, within: county, limit: 9).map(\.sequence) == [2])
        #expect(try await log.entries(.init(), within: county, below: 3, limit: 1).map(\.sequence) == [2])
        #expect(try await log.entries(.init(), within: .ownMachine, limit: 9).count == 4)
    }
}
