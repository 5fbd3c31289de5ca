import Foundation
import SocialDomain
import Storage
import TestDatabases
import Testing

@testable import AidService

struct StorageTests {
    @Test func `the data folder and the database are closed to others`() throws {
        let data = try SampleData()

        let database = try data.database()
        try database.insertRun(1)

        #expect(try data.mode(of: data.folder.path) == 0o700)
        #expect(try data.mode(of: data.folder.database) == 0o600)
        #expect(try data.mode(of: data.folder.database + "-wal") == 0o600)
    }

    @Test func `opening a second time applies nothing`() throws {
        let data = try SampleData()
        let first = try data.database()

        let second = try data.database()

        #expect(first.applied.map(\.number).first == 1)
        #expect(second.applied.isEmpty)
    }

    @Test func `a database of an earlier number is brought forward and keeps its rows`() throws {
        let data = try SampleData()
        let one = Migration(number: 1, title: "one", sql: "CREATE TABLE thing (name TEXT)")
        let two = Migration(number: 2, title: "two", sql: "ALTER TABLE thing ADD COLUMN size INTEGER DEFAULT 7")
        let old = try AidDatabase(data.folder, clock: SampleData.clock, migrations: [one])
        try old.run("INSERT INTO thing (name) VALUES ('kept')")

        let new = try AidDatabase(data.folder, clock: SampleData.clock, migrations: [one, two])

        #expect(new.applied == [two])
        #expect(try new.lines("SELECT name, size FROM thing") == ["kept|7"])
        #expect(
            try new.lines("SELECT number, title, applied_at FROM schema_migration") == [
                "1|one|2026-06-30T08:00:00Z", "2|two|2026-06-30T08:00:00Z",
            ])
    }

    @Test func `a migration that fails leaves the schema as it was`() throws {
        let data = try SampleData()
        let one = Migration(number: 1, title: "one", sql: "CREATE TABLE thing (name TEXT)")
        let broken = Migration(number: 2, title: "two", sql: "CREATE TABLE other (name TEXT); CREATE NONSENSE")
        _ = try AidDatabase(data.folder, clock: SampleData.clock, migrations: [one])

        #expect(throws: DatabaseFault.self) {
            try AidDatabase(data.folder, clock: SampleData.clock, migrations: [one, broken])
        }

        let again = try AidDatabase(data.folder, clock: SampleData.clock, migrations: [one])
        #expect(try again.lines("SELECT name FROM sqlite_master WHERE name = 'other'").isEmpty)
    }

    @Test func `data of a newer version is refused with both numbers`() throws {
        let data = try SampleData()
        let one = Migration(number: 1, title: "one", sql: "CREATE TABLE thing (name TEXT)")
        let two = Migration(number: 2, title: "two", sql: "CREATE TABLE other (name TEXT)")
        _ = try AidDatabase(data.folder, clock: SampleData.clock, migrations: [one, two])

        #expect(throws: DatabaseFault.fromTheFuture(found: 2, known: 1)) {
            try AidDatabase(data.folder, clock: SampleData.clock, migrations: [one])
        }
    }

    @Test func `a migration whose text was changed after it was applied is refused`() throws {
        let data = try SampleData()
        let one = Migration(number: 1, title: "one", sql: "CREATE TABLE thing (name TEXT)")
        let other = Migration(number: 1, title: "one", sql: "CREATE TABLE thing (title TEXT)")
        _ = try AidDatabase(data.folder, clock: SampleData.clock, migrations: [one])

        #expect(throws: DatabaseFault.migrationChanged(number: 1)) {
            try AidDatabase(data.folder, clock: SampleData.clock, migrations: [other])
        }
    }

    @Test func `a file that is no database is named as such`() throws {
        let data = try SampleData()
        try data.write(String(repeating: "this is no database ", count: 500), to: "data/aid.sqlite")

        let fault = #expect(throws: DatabaseFault.self) { try data.database() }

        #expect(fault == .notADatabase)
    }

    @Test func `a full disk is told as such and changes nothing`() throws {
        let database = try SampleData().database()
        try database.write { db in
            let pages: Int = try db.first("PRAGMA page_count")?.get("page_count") ?? 0
            _ = try db.rows("PRAGMA max_page_count = \(trusted: String(pages + 2))")
        }

        #expect(throws: DatabaseFault.diskFull) {
            try database.run(
                "INSERT INTO evidence (household_id, run_id, rows) VALUES ('H1', 1, hex(zeroblob(100000)))")
        }
        #expect(try database.lines("SELECT count(*) FROM evidence") == ["0"])
    }

    @Test func `a database that another program holds is told as locked once patience ends`() throws {
        let data = try SampleData()
        let first = try data.database()
        let second = try AidDatabase(data.folder, clock: SampleData.clock, patience: .zero)

        let fault = try first.write { _ in
            #expect(throws: DatabaseFault.self) { try second.insertRun(1) }
        }

        #expect(fault == .locked)
    }

    @Test func `a data folder that is a file is refused`() throws {
        let data = try SampleData()
        try data.write("", to: "data")

        #expect(throws: FileFault.notAFolder(path: data.folder.path)) { try data.database() }
    }

    @Test(arguments: TestServer.engines) func `a bulk write that ends with a broken reference is undone`(
        _ engine: Engine
    ) throws {
        let database = try SampleData().database(engine)

        #expect(throws: DatabaseFault.self) {
            try database.writeInBulk(checkingAtEnd: ["person"]) { db in
                try db.execute("INSERT INTO person (person_id, household_id, position) VALUES ('P1', 'H9', 0)")
            }
        }

        #expect(try database.lines("SELECT count(*) FROM person") == ["0"])
        #expect(throws: DatabaseFault.self) {
            try database.run("INSERT INTO person (person_id, household_id, position) VALUES ('P1', 'H9', 0)")
        }
    }

    @Test func `today is Beijing's day`() {
        let clock = ServiceClock(now: { Date(timeIntervalSince1970: 1_782_835_200) })

        #expect(clock.timestamp() == "2026-06-30T16:00:00Z")
        #expect(clock.today().description == "2026-07-01")
    }
}
