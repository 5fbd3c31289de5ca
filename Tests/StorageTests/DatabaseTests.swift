import Foundation
import Storage
import Synchronization
import TestDatabases
import Testing

struct DatabaseTests {
    @Test(.disabled(if: TestServer.address != nil, "it is installed"))
    func `PostgreSQL is not installed, its half of the suite is skipped`() {
        withKnownIssue("apt-get install postgresql, or set MINSHENG_TEST_POSTGRES") { #expect(Bool(false)) }
    }

    @Test(arguments: TestServer.engines) func `every type comes back as it was bound`(_ engine: Engine) async throws {
        try await TestServer.with(engine) { database in
            let id = "户'\"\\1"
            let income: Int64 = -9_223_372_036_854_775_808
            let photo: [UInt8] = [0, 255, 39, 92]

            let row = try await database.write { db in
                try db.execute(
                    "INSERT INTO household (household_id, share, is_open, photo) VALUES (\(id), \(0.1), \(true), \(photo))"
                )
                return try db.first(
                    """
                    SELECT household_id, share, is_open, photo, income, CAST(\(income) AS BIGINT) AS least FROM household
                    """)
            }

            #expect(try row?.get("household_id") == "户'\"\\1")
            #expect(try row?.get("share") == 0.1)
            #expect(try row?.get("is_open") == true)
            #expect(try row?.get("photo") == [UInt8]([0, 255, 39, 92]))
            #expect(try row?.get("income", as: Int64?.self) == .some(nil))
            #expect(try row?.get("least") == Int64.min)
        }
    }

    @Test(arguments: TestServer.engines) func `an empty list matches nothing and excludes nothing`(_ engine: Engine)
        async throws
    {
        try await TestServer.with(engine) { database in
            _ = try await database.write { db in
                try db.execute("INSERT INTO household (household_id) VALUES ('a'), ('b'), ('c')")
            }

            let counts = try await database.read { db in
                try [
                    "household_id IN \(list: [String]())", "household_id NOT IN \(list: [String]())",
                    "household_id IN \(list: ["a", "c"])",
                ].map { (condition: SQL) in
                    try db.first("SELECT count(*) AS n FROM household WHERE \(condition)")?.get("n", as: Int.self)
                }
            }

            #expect(counts == [0, 3, 2])
        }
    }

    @Test(arguments: TestServer.engines) func `a closure that throws changes nothing`(_ engine: Engine) async throws {
        struct Refusal: Error {}
        try await TestServer.with(engine) { database in
            await #expect(throws: Refusal.self) {
                try await database.write { db in
                    try db.execute("INSERT INTO household (household_id) VALUES ('a')")
                    throw Refusal()
                }
            }

            let left = try await count(database)
            #expect(left == 0)
        }
    }

    @Test(arguments: TestServer.engines) func `a failed statement ends the transaction though it is caught`(
        _ engine: Engine
    ) async throws {
        try await TestServer.with(engine) { database in
            await #expect(throws: DatabaseFault.self) {
                try await database.write { db in
                    try db.execute("INSERT INTO household (household_id) VALUES ('a')")
                    _ = try? db.execute("INSERT INTO household (household_id) VALUES ('a')")
                }
            }

            let left = try await count(database)
            #expect(left == 0)
        }
    }

    @Test(arguments: TestServer.engines) func `a savepoint is undone and the transaction goes on`(_ engine: Engine)
        async throws
    {
        try await TestServer.with(engine) { database in
            try await database.write { db in
                try db.execute("INSERT INTO household (household_id) VALUES ('a')")
                _ = try? db.savepoint {
                    try db.execute("INSERT INTO household (household_id) VALUES ('b')")
                    try db.execute("INSERT INTO household (household_id) VALUES ('a')")
                }
                try db.execute("INSERT INTO household (household_id) VALUES ('c')")
            }

            let left = try await count(database)
            #expect(left == 2)
        }
    }

    @Test(arguments: TestServer.engines) func `a broken constraint is named, without its values`(_ engine: Engine)
        async throws
    {
        try await TestServer.with(engine) { database in
            _ = try await database.write { try $0.execute("INSERT INTO household (household_id) VALUES ('a')") }

            let unique = await fault(database, "INSERT INTO household (household_id) VALUES ('a')")
            let check = await fault(database, "INSERT INTO household (household_id, income) VALUES ('b', -1)")
            let missing = await fault(database, "INSERT INTO person VALUES (1, 'a', NULL)")
            let foreign = await fault(database, "INSERT INTO person VALUES (1, 'nowhere', 'x')")

            #expect(unique?.kind == .unique && unique?.table == "household" && unique?.columns == ["household_id"])
            #expect(check?.kind == .check && check?.name == "income_not_negative")
            #expect(missing?.kind == .notNull && missing?.table == "person" && missing?.columns == ["name"])
            #expect(foreign?.kind == .foreignKey)
        }
    }

    @Test(arguments: TestServer.engines) func `a missing and an ill-typed column are named`(_ engine: Engine)
        async throws
    {
        try await TestServer.with(engine) { database in
            let row = try #require(try await database.read { try $0.first("SELECT 'x' AS name") })

            #expect(throws: DatabaseFault.columnMissing(column: "nam", present: ["name"])) {
                try row.get("nam", as: String.self)
            }
            #expect(throws: DatabaseFault.columnType(column: "name", expected: "Int64", found: "TEXT")) {
                try row.get("name", as: Int64.self)
            }
        }
    }

    @Test(arguments: TestServer.engines) func `a bulk load keeps what needs escaping, and streams back in order`(
        _ engine: Engine
    ) async throws {
        try await TestServer.with(engine) { database in
            let seen = try await database.write { db in
                try db.load(into: "household", columns: ["household_id", "income", "is_open", "photo"]) { rows in
                    for number in 0..<2500 {
                        let blob: [UInt8]? = number == 0 ? nil : [0, 92, UInt8(number % 256)]
                        try rows.add("\(10_000 + number)\t\\N\r\n", number == 1 ? nil : Int64(number), true, blob)
                    }
                }
                var last = ""
                var count = 0
                var sum = 0
                try db.forEach("SELECT household_id, income FROM household WHERE is_open ORDER BY household_id") {
                    row in
                    last = try row.get("household_id")
                    sum += try row.get("income", as: Int?.self) ?? 0
                    count += 1
                }
                return "\(count) \(sum) \(last)"
            }

            #expect(seen == "2500 3123749 12499\t\\N\r\n")
        }
    }

    @Test(arguments: TestServer.engines) func `increments at the same time are all counted`(_ engine: Engine)
        async throws
    {
        try await TestServer.with(engine) { database in
            _ = try await database.write {
                try $0.execute("INSERT INTO household (household_id, income) VALUES ('a', 0)")
            }

            try await withThrowingTaskGroup { group in
                for _ in 0..<40 {
                    group.addTask {
                        try await database.write { db in
                            let income: Int = try db.first("SELECT income FROM household")?.get("income") ?? 0
                            try db.execute("UPDATE household SET income = \(income + 1)")
                        }
                    }
                }
                try await group.waitForAll()
            }

            let income = try await database.read {
                try $0.first("SELECT income FROM household")?.get("income", as: Int.self)
            }
            #expect(income == 40)
        }
    }

    @Test func `an address that names no engine is refused`() {
        #expect(throws: DatabaseFault.badAddress) { try DatabaseAddress("mysql://x") }
    }

    @Test func `an address is described without its password`() throws {
        let address = try DatabaseAddress("postgres://app:secret@db.example/aid?password=secret")

        #expect(address.description == "postgres://app@db.example/aid")
    }

    @Test func `a server that is not there is said at once`() throws {
        #expect(throws: DatabaseFault.serverGone) { try Database(DatabaseAddress("postgres://app@127.0.0.1:1/aid")) }
    }

    @Test(.enabled(if: TestServer.isOwn, "PostgreSQL is not installed, or is not the suite's own"))
    func `a wrong and a missing password are told as such, the right one opens`() async throws {
        let own = try #require(TestServer.address)
        try await TestServer.with(.postgres) { database in
            _ = try await database.write { db in
                try db.execute("CREATE ROLE guarded LOGIN PASSWORD 'right'")
            }
        }
        func open(_ sign: String) throws {
            try Database(DatabaseAddress(own.replacing("//app@", with: "//\(sign)@"))).close()
        }

        #expect(throws: DatabaseFault.wrongPassword) { try open("guarded:wrong") }
        #expect(throws: DatabaseFault.wrongPassword) { try open("guarded") }
        try open("guarded:right")
    }

    @Test(.enabled(if: TestServer.address != nil, "PostgreSQL is not installed"))
    func `connections that the server ended are replaced`() async throws {
        try await TestServer.with(.postgres) { database in
            try await database.check()
            let address = try #require(TestServer.address)
            TestServer.run(
                "/usr/bin/psql",
                [
                    address, "-qc",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'minsheng'",
                ])

            let left = try await count(database)
            #expect(left == 0)
        }
    }

    @Test func `an online backup opens with the same rows`() async throws {
        try await TestServer.with(.sqlite) { database in
            _ = try await database.write { try $0.execute("INSERT INTO household (household_id) VALUES ('a')") }
            let path = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).sqlite"
            defer { try? FileManager.default.removeItem(atPath: path) }

            try await database.backUp(to: path)

            let copy = try Database(DatabaseAddress(sqliteFile: path))
            let left = try await count(copy)
            #expect(left == 1)
            copy.close()
        }
    }

    @Test(arguments: TestServer.engines) func `what is to follow a commit follows it, and no rollback`(_ engine: Engine)
        async throws
    {
        try await TestServer.with(engine) { database in
            let done = Mutex([String]())
            try await database.write { db in
                db.afterCommit { done.withLock { $0.append("first") } }
                try db.execute("INSERT INTO household (household_id) VALUES ('H1')")
                #expect(done.withLock { $0.isEmpty })
            }
            await #expect(throws: CancellationError.self) {
                try await database.write { db in
                    db.afterCommit { done.withLock { $0.append("second") } }
                    throw CancellationError()
                }
            }
            try database.writeInBulkBlocking { db in db.afterCommit { done.withLock { $0.append("third") } } }

            #expect(done.withLock { $0 } == ["first", "third"])
        }
    }

    private func count(_ database: Database) async throws -> Int? {
        try await database.read { try $0.first("SELECT count(*) AS n FROM household")?.get("n", as: Int.self) }
    }

    private func fault(_ database: Database, _ sql: SQL) async -> ConstraintViolation? {
        do {
            try await database.write { _ = try $0.execute(sql) }
            return nil
        } catch DatabaseFault.constraint(let violation) {
            return violation
        } catch {
            return nil
        }
    }
}
