import Foundation
import Security
import ServiceKit
import Storage
import TestDatabases
import Testing

@Suite struct KeyWorkTests {
    private static let columns = [
        SealedColumn("note", "sealed", keys: ["room", "number"]) { row in
            place(try row.get("room"), try row.get("number"))
        }
    ]

    private static func place(_ room: String, _ number: Int64) -> FieldPlace {
        FieldPlace(table: "note", column: "text", row: "\(room)/\(number)")
    }

    private static func store(_ engine: Engine, rows: Int) throws -> ServiceStore {
        let folder = FileManager.default.temporaryDirectory.path + "/keys-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let database = try Database(TestServer.emptyDatabase(engine))
        try KitMigrations.apply(to: database, at: "2026-06-30T02:00:00Z")
        let file = FieldKeyFile(folder + "/keys")
        try file.make()
        let store = ServiceStore(service: "test", folder: folder, database: database, ring: try FieldKeyRing(file))
        try database.writeBlocking { db in
            try db.execute(
                "CREATE TABLE note (room TEXT NOT NULL, number BIGINT NOT NULL, sealed BYTEA, PRIMARY KEY (room, number))"
            )
            for index in 0..<rows {
                let (room, number) = ("room\(index % 3)", Int64(index))
                let sealed = try store.ring.seal(Array("said \(index)".utf8), at: place(room, number))
                try db.execute("INSERT INTO note (room, number, sealed) VALUES (\(room), \(number), \(sealed))")
            }
            try db.execute("INSERT INTO note (room, number, sealed) VALUES ('empty', 1, NULL)")
        }
        return store
    }

    private static func texts(_ store: ServiceStore) throws -> Set<String> {
        try store.database.readBlocking { db in
            Set(
                try db.rows("SELECT room, number, sealed FROM note WHERE sealed IS NOT NULL").map { row in
                    String(
                        decoding: try store.ring.open(
                            row.get("sealed"), at: place(row.get("room"), row.get("number"))), as: UTF8.self)
                })
        }
    }

    @Test(arguments: TestServer.engines) func `a rotation brings every value under the new key and loses none`(
        _ engine: Engine
    ) async throws {
        let store = try Self.store(engine, rows: 1203)
        let work = KeyWork(store, Self.columns)
        let before = try Self.texts(store)
        #expect(try work.waiting() == 0)

        try await work.rotate()

        #expect(store.ring.current.encryption.activeVersion == 2)
        #expect(try work.waiting() == 0)
        #expect(try Self.texts(store) == before)
        #expect(before.count == 1203)
    }

    @Test(arguments: TestServer.engines) func `a rotation that was stopped goes on under the key that it made`(
        _ engine: Engine
    ) async throws {
        let store = try Self.store(engine, rows: 10)
        let work = KeyWork(store, Self.columns)
        _ = try store.ring.file.addKey()
        try store.ring.reload()
        #expect(try work.waiting() == 10)

        try await work.rotate()

        #expect(store.ring.current.encryption.activeVersion == 2)
        #expect(try work.waiting() == 0)
    }

    @Test(arguments: TestServer.engines) func `a value that belongs elsewhere stops the rotation`(
        _ engine: Engine
    ) async throws {
        let store = try Self.store(engine, rows: 3)
        try store.database.writeBlocking { db in
            _ = try db.execute("UPDATE note SET number = 99 WHERE number = 1")
        }

        await #expect(throws: SecurityFault.self) { try await KeyWork(store, Self.columns).rotate() }
    }
}
