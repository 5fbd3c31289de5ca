import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import Testing

@testable import AidService

struct BackupTests {
    /// A service with a register, an extract, and its keys.
    private static func service(_ engine: Engine = .sqlite) throws -> (data: SampleData, database: AidDatabase) {
        let data = try SampleData()
        let database = try data.database(engine)
        _ = try ImportRegister(database: database)(folder: try data.writeRegister(), through: .command)
        _ = try FeedLibrary(database: database).takeIn(
            file: try data.write("abc", to: "in/relief-2026.csv"), through: .command)
        return (data, database)
    }

    private static func backUp(_ data: SampleData, _ database: AidDatabase) async throws -> String {
        let out = data.path + "/backup"
        try await AidBackup.make(out, of: database)
        return out
    }

    private static func restore(
        _ out: String, to folder: DataFolder, into address: DatabaseAddress? = nil
    ) async throws -> Int {
        try await BackupFolder(out).restore(service: "aid", into: address) { name in
            name == "database" ? folder.database : "\(folder.path)/\(name)"
        }
    }

    @Test(arguments: TestServer.engines) func `a backup of a database that is being written to is whole and comes back`(
        _ engine: Engine
    ) async throws {
        let (data, database) = try Self.service(engine)
        let writer = Task.detached {
            var count = 0
            while !Task.isCancelled {
                try await AuditLog(database: database.database).append(AuditEvent("test", by: .machine))
                count += 1
            }
            return count
        }

        let out = try await Self.backUp(data, database)
        writer.cancel()
        _ = try? await writer.value
        let other = DataFolder(data.path + "/restored")
        let address = engine == .sqlite ? nil : try TestServer.emptyDatabase(engine)
        #expect(try await Self.restore(out, to: other, into: address) == 2)
        try FileManager.default.createDirectory(
            atPath: other.path + "/keys", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: data.folder.keys, toPath: other.keys)

        let restored = try AidDatabase(other, address: address, clock: SampleData.clock)
        let queries = HouseholdQueries(
            database: restored.database, scope: .ownMachine, seal: restored.seal)
        #expect(try await queries.search("11010519491231002X").map(\.id) == ["H2"])
        #expect(try data.text(of: other.feeds + "/relief-2026.csv") == "abc")
        let log = try AuditLog(database: restored.database).verify(since: nil, key: [UInt8](repeating: 1, count: 32))
        #expect(log.findings.isEmpty)
        // The log goes on where it stood, and keys that the database gives out too.
        try await AuditLog(database: restored.database).append(AuditEvent("test", by: .machine))
        _ = try FeedLibrary(database: restored).takeIn(
            file: try data.write("x", to: "in/relief-2025.csv"), through: .command)
        #expect(
            try restored.lines("SELECT file FROM import WHERE kind = 'feed' ORDER BY import_id") == [
                "relief-2026.csv", "relief-2025.csv",
            ])
    }

    @Test(.enabled(if: TestServer.address != nil))
    func `a backup of one engine is refused where the other is meant`() async throws {
        let (data, database) = try Self.service(.postgres)
        let out = try await Self.backUp(data, database)
        let (small, sqlite) = try Self.service()
        let file = try await Self.backUp(small, sqlite)
        let other = DataFolder(data.path + "/restored")
        let address = try TestServer.emptyDatabase(.postgres)

        await #expect(throws: BackupFault.needsPostgres) { try await Self.restore(out, to: other) }
        await #expect(throws: BackupFault.needsSQLite) { try await Self.restore(file, to: other, into: address) }
        #expect(!FileManager.default.fileExists(atPath: other.path))
    }

    @Test(.enabled(if: TestServer.address != nil))
    func `a restore into a database with tables changes neither it nor the folder`() async throws {
        let (data, database) = try Self.service(.postgres)
        let out = try await Self.backUp(data, database)
        let other = DataFolder(data.path + "/restored")

        await #expect(throws: DatabaseFault.notEmpty) {
            try await Self.restore(out, to: other, into: database.database.address)
        }
        #expect(try database.lines("SELECT count(*) FROM household") == ["2"])
        #expect(!FileManager.default.fileExists(atPath: other.path))
    }

    @Test func `a backup without its keys opens nothing`() async throws {
        let (data, database) = try Self.service()
        let out = try await Self.backUp(data, database)
        let other = DataFolder(data.path + "/restored")
        _ = try await Self.restore(out, to: other)

        #expect(throws: SecurityFault.keysMissing(path: other.keys)) { try AidDatabase(other) }
    }

    @Test func `a damaged backup is refused before anything is written`() async throws {
        let (data, database) = try Self.service()
        let out = try await Self.backUp(data, database)
        try Data("abd".utf8).write(to: URL(fileURLWithPath: out + "/feeds/relief-2026.csv"))
        let other = DataFolder(data.path + "/restored")

        await #expect(throws: BackupFault.damaged("feeds/relief-2026.csv")) { try await Self.restore(out, to: other) }
        #expect(!FileManager.default.fileExists(atPath: other.path))
    }

    @Test func `a restore replaces nothing`() async throws {
        let (data, database) = try Self.service()
        let out = try await Self.backUp(data, database)

        await #expect(throws: BackupFault.exists(data.folder.database)) { try await Self.restore(out, to: data.folder) }
        #expect(try database.lines("SELECT count(*) FROM household") == ["2"])
    }

    @Test func `an extract that changed beneath the copy fails the backup and leaves nothing`() async throws {
        let (data, database) = try Self.service()
        try data.write("other", to: "data/feeds/relief-2026.csv")

        await #expect(throws: BackupFault.changedMeanwhile("relief-2026.csv")) {
            try await Self.backUp(data, database)
        }
        #expect(try data.names(in: data.path).filter { $0.hasPrefix("backup") }.isEmpty)
    }

    @Test func `a backup of another service is refused`() async throws {
        let (data, database) = try Self.service()
        let out = try await Self.backUp(data, database)

        await #expect(throws: BackupFault.otherService("aid")) {
            try await BackupFolder(out).restore(service: "care") { _ in data.path + "/x" }
        }
    }
}
