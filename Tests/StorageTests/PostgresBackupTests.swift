import Foundation
import TestDatabases
import Testing

@testable import Storage

/// Backups of PostgreSQL by its own programs, on a real server.
@Suite(.enabled(if: TestServer.address != nil, "PostgreSQL is not installed"))
struct PostgresBackupTests {
    private static func path(_ name: String = UUID().uuidString) -> String {
        FileManager.default.temporaryDirectory.path + "/backup-\(name)"
    }

    @Test func `a backup of a database that is being written to is one snapshot and comes back`() async throws {
        try await TestServer.with(.postgres) { database in
            try await database.write { db in
                _ = try db.execute("INSERT INTO household (household_id, income) VALUES ('乌兰', 7)")
            }
            let writer = Task.detached {
                var number: Int64 = 0
                while !Task.isCancelled {
                    number += 1
                    let id = number
                    try await database.write { db in
                        try db.execute("INSERT INTO household (household_id) VALUES (\("h\(id)"))")
                        try db.execute(
                            "INSERT INTO person (person_id, household_id, name) VALUES (\(id), \("h\(id)"), '巴特尔')")
                    }
                }
            }
            let path = Self.path()
            defer { try? FileManager.default.removeItem(atPath: path) }

            try await database.backUp(to: path)
            writer.cancel()
            _ = try? await writer.value
            let copy = try Database(TestServer.emptyDatabase(.postgres))
            defer { copy.close() }
            try await copy.restore(from: path)

            let income = try await copy.read { db in
                try db.first("SELECT income FROM household WHERE household_id = '乌兰'")?.get("income", as: Int64.self)
            }
            let halves = try await copy.read { db in
                try db.first(
                    """
                    SELECT count(*) AS n FROM household h WHERE household_id <> '乌兰'
                        AND (SELECT count(*) FROM person p WHERE p.household_id = h.household_id) <> 1
                    """)?.get("n", as: Int.self)
            }
            #expect(income == 7 && halves == 0)
            // The constraints came along.
            let fault = await #expect(throws: DatabaseFault.self) {
                try await copy.write { db in
                    _ = try db.execute("INSERT INTO household (household_id, income) VALUES ('x', -1)")
                }
            }
            #expect(fault?.code == "database-constraint")
        }
    }

    @Test func `a database with tables is not restored over`() async throws {
        try await TestServer.with(.postgres) { database in
            let path = Self.path()
            defer { try? FileManager.default.removeItem(atPath: path) }
            try await database.backUp(to: path)

            let fault = await #expect(throws: DatabaseFault.self) { try await database.restore(from: path) }
            #expect(fault == .notEmpty)
        }
    }

    @Test func `a damaged archive leaves the database empty`() async throws {
        try await TestServer.with(.postgres) { database in
            let path = Self.path()
            defer { try? FileManager.default.removeItem(atPath: path) }
            try await database.backUp(to: path)
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            try whole.prefix(whole.count - 300).write(to: URL(fileURLWithPath: path))
            let copy = try Database(TestServer.emptyDatabase(.postgres))
            defer { copy.close() }

            let fault = await #expect(throws: DatabaseFault.self) { try await copy.restore(from: path) }
            #expect(fault?.code == "database-backup")
            let tables = try await copy.read { db in
                try db.first("SELECT count(*) AS n FROM pg_tables WHERE schemaname = 'public'")?.get("n", as: Int.self)
            }
            #expect(tables == 0)
        }
    }

    @Test func `without pg_dump the backup says what to install`() async throws {
        let folder = Self.path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var options = DatabaseOptions()
        options.programs = folder

        try await TestServer.with(.postgres, options: options) { database in
            let fault = await #expect(throws: DatabaseFault.self) { try await database.backUp(to: folder + "/copy") }
            #expect(fault == .toolMissing("pg_dump"))
        }
    }

    @Test func `a pg_dump that is older than the server is refused before it runs`() async throws {
        let folder = Self.path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data("#!/bin/sh\necho 'pg_dump (PostgreSQL) 12.22'\n".utf8)
            .write(to: URL(fileURLWithPath: folder + "/pg_dump"))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder + "/pg_dump")
        var options = DatabaseOptions()
        options.programs = folder

        try await TestServer.with(.postgres, options: options) { database in
            let fault = await #expect(throws: DatabaseFault.self) { try await database.backUp(to: folder + "/copy") }
            #expect(fault?.code == "database-tool-too-old")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["pg_dump"])
    }

    @Test func `a backup that cannot be written leaves nothing and says so`() async throws {
        try await TestServer.with(.postgres) { database in
            let fault = await #expect(throws: DatabaseFault.self) { try await database.backUp(to: "/nowhere/copy") }
            #expect(fault?.code == "database-backup")
            #expect(!FileManager.default.fileExists(atPath: "/nowhere"))
        }
    }

    @Test func `a password goes into the environment and never onto a command line`() throws {
        let options = try ConnectionOptions("postgres://aid:g%27h%5Ci@db.example:5433/aid?sslmode=require")
        let query = try ConnectionOptions("postgres:///aid?user=o%27neil&password=secret")

        #expect(
            Set(options.open.split(separator: " "))
                == ["user='aid'", "host='db.example'", "port='5433'", "dbname='aid'", "sslmode='require'"])
        #expect(options.secret == ["PGPASSWORD": #"g'h\i"#])
        #expect(Set(query.open.split(separator: " ")) == [#"user='o\'neil'"#, "dbname='aid'"])
        #expect(query.secret == ["PGPASSWORD": "secret"])
    }

    @Test func `the server's words lose the values that they quote`() {
        #expect(
            PostgresTool.failure(in: #"pg_restore: error: invalid input for type bigint: "150402199001011234""#)
                == "invalid input for type bigint: …")
        #expect(PostgresTool.failure(in: "pg_dump: dumping contents") == nil)
    }
}
