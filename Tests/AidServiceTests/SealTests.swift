import Foundation
import Security
import SocialDomain
import Storage
import TestDatabases
import Testing

@testable import AidService

struct SealTests {
    private static let number = "11010519491231002X"

    private static func imported(_ engine: Engine, _ data: SampleData) throws -> AidDatabase {
        let database = try data.database(engine)
        _ = try ImportRegister(database: database)(folder: try data.writeRegister(), through: .command)
        return database
    }

    private static func queries(_ database: AidDatabase) -> HouseholdQueries {
        HouseholdQueries(database: database.database, scope: .ownMachine, seal: database.seal)
    }

    @Test(arguments: TestServer.engines) func `an imported number is found and read, and stands nowhere plainly`(
        _ engine: Engine
    ) async throws {
        let data = try SampleData()
        let database = try Self.imported(engine, data)

        #expect(try database.lines("SELECT id_number FROM person WHERE id_number IS NOT NULL").isEmpty)
        #expect(try await Self.queries(database).search(Self.number).map(\.id) == ["H2"])
        #expect(try await Self.queries(database).story("H2")?.members.map(\.idNumber) == [Self.number, nil])
        if engine == .sqlite {
            for file in try data.names(in: data.folder.path) where file.hasPrefix("aid.sqlite") {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: data.folder.path + "/" + file))
                #expect(bytes.range(of: Data(Self.number.utf8)) == nil)
            }
        }
    }

    @Test(arguments: TestServer.engines) func `the register comes back from its sealed form as it went in`(
        _ engine: Engine
    ) throws {
        let database = try Self.imported(engine, try SampleData())

        let register = try RegisterStore(database: database).load()

        var bodies: [UInt64?] = []
        register.forEachPerson { _, _, body, _, _, _, _ in bodies.append(body) }
        #expect(bodies == [11_010_519_491_231_002, nil, nil])
    }

    @Test(arguments: TestServer.engines) func `what an earlier version stored plainly is sealed, once`(
        _ engine: Engine
    ) async throws {
        let database = try SampleData().database(engine)
        try database.run(PageSample.rows)
        #expect(try await Self.queries(database).search(Self.number).map(\.id) == ["H1"])

        let first = try SealRecords(database: database)()
        let second = try SealRecords(database: database)()

        #expect(first == (2, 2))
        #expect(second == (0, 0))
        #expect(try database.lines("SELECT id_number FROM person WHERE id_number IS NOT NULL").isEmpty)
        #expect(try database.lines("SELECT rows FROM evidence") == [""])
        #expect(try await Self.queries(database).search(Self.number).map(\.id) == ["H1"])
        #expect(try await Self.queries(database).story("H1")?.evidence.map(\.line) == [77])
    }

    @Test(arguments: TestServer.engines) func `a rotation leaves nothing under the old key, and a service reads on`(
        _ engine: Engine
    ) async throws {
        let data = try SampleData()
        let database = try Self.imported(engine, data)
        // The service's own ring, which has not heard of the new key.
        let serving = Self.queries(database)
        let ring = try FieldKeyRing(database.seal.ring.file)
        let before = HouseholdQueries(
            database: database.database, scope: .ownMachine, seal: RecordSeal(ring: ring))

        #expect(try database.seal.ring.file.addKey() == 2)
        try database.seal.ring.reload()
        #expect(try SealRecords(database: database).waiting() == (0, 1))
        let done = try SealRecords(database: database)()

        #expect(done == (1, 0))
        #expect(try SealRecords(database: database).waiting() == (0, 0))
        #expect(try await before.story("H2")?.members.first?.idNumber == Self.number)
        #expect(try await serving.story("H2")?.members.first?.idNumber == Self.number)
    }

    @Test func `a rotation that is stopped goes on where it stood`() throws {
        let data = try SampleData()
        let database = try Self.imported(.sqlite, data)
        _ = try database.seal.ring.file.addKey()
        try database.seal.ring.reload()

        let stopped = try SealRecords(database: database)(isStopped: { true })
        let resumed = try SealRecords(database: database)()

        #expect(stopped == (0, 0))
        #expect(resumed == (1, 0))
    }

    @Test func `a database with sealed values refuses to open without its keys`() throws {
        let data = try SampleData()
        _ = try Self.imported(.sqlite, data)
        try FileManager.default.removeItem(atPath: data.folder.keys)

        #expect(throws: SecurityFault.keysMissing(path: data.folder.keys)) { try data.database() }
        #expect(try data.names(in: data.folder.path + "/keys").isEmpty)
    }

    @Test func `a key file that others may read is refused`() throws {
        let data = try SampleData()
        _ = try data.database()
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: data.folder.keys)

        #expect(throws: SecurityFault.keysExposed(path: data.folder.keys)) { try data.database() }
    }

    @Test(arguments: [("1 AAAA\n", 1), ("index \(key)\n2 \(key)\nx \(key)\n", 3), ("1 \(key)\n", 2), ("", 1)])
    func `a damaged key file is told with its line`(text: String, line: Int) throws {
        let data = try SampleData()
        let path = try data.write(text, to: "some.keys")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)

        #expect(throws: SecurityFault.keysDamaged(path: path, line: line)) { try FieldKeyFile(path).read() }
    }

    private static let key = Data(repeating: 7, count: 32).base64EncodedString()
}
