import Storage
import TestDatabases
import Testing

struct GlanceTests {
    private static func put(_ id: String, in database: Database) async throws {
        _ = try await database.write { db in try db.execute("INSERT INTO household (household_id) VALUES (\(id))") }
    }

    private static func count(_ database: Database) async throws -> Int? {
        try await database.glance { db in
            try db.first("SELECT count(*) AS n FROM household")?.get("n", as: Int.self)
        }
    }

    @Test(arguments: TestServer.engines) func `a glance sees what was committed before it`(_ engine: Engine)
        async throws
    {
        try await TestServer.with(engine) { database in
            let before = try await Self.count(database)
            #expect(before == 0)
            try await Self.put("a", in: database)
            let count = try await Self.count(database)
            #expect(count == 1)
        }
    }

    @Test(arguments: TestServer.engines) func `a glance changes nothing`(_ engine: Engine) async throws {
        try await TestServer.with(engine) { database in
            await #expect(throws: DatabaseFault.self) {
                try await database.glance { db in
                    try db.execute("INSERT INTO household (household_id) VALUES ('a')")
                }
            }
            let count = try await Self.count(database)
            #expect(count == 0)
        }
    }

    @Test(arguments: TestServer.engines) func `a glance that throws leaves the connection as good as new`(
        _ engine: Engine
    ) async throws {
        struct Refusal: Error {}
        try await TestServer.with(engine) { database in
            for _ in 0..<20 {
                await #expect(throws: Refusal.self) {
                    try await database.glance { db -> Int in
                        _ = try db.rows("SELECT household_id FROM household")
                        throw Refusal()
                    }
                }
            }
            try await Self.put("a", in: database)
            let count = try await Self.count(database)
            #expect(count == 1)
        }
    }

    @Test(arguments: TestServer.engines) func `within the rows of a statement the same and others may be asked`(
        _ engine: Engine
    ) async throws {
        try await TestServer.with(engine) { database in
            try await Self.put("a", in: database)
            try await Self.put("b", in: database)
            let pairs = try await database.glance { db in
                var pairs: [String] = []
                let ids: SQL = "SELECT household_id FROM household ORDER BY household_id"
                try db.forEach(ids) { outer in
                    let left: String = try outer.get("household_id")
                    // More texts than a connection keeps prepared.
                    for number in 0..<250 { _ = try db.rows("SELECT \(trusted: "\(number)") AS n, \(left) AS id") }
                    try db.forEach(ids) { inner in pairs.append(left + (try inner.get("household_id"))) }
                }
                return pairs
            }
            #expect(pairs == ["aa", "ab", "ba", "bb"])
        }
    }

    @Test(arguments: TestServer.engines) func `a glance sees the columns that came meanwhile`(_ engine: Engine)
        async throws
    {
        try await TestServer.with(engine) { database in
            try await Self.put("a", in: database)
            let before = try await database.glance { db in try db.first("SELECT * FROM household")?.columns.count }
            _ = try await database.write { db in try db.execute("ALTER TABLE household ADD COLUMN later BIGINT") }
            _ = try await database.write { db in try db.execute("UPDATE household SET later = 7") }
            let row = try await database.glance { db in try db.first("SELECT * FROM household") }
            #expect(row?.columns.count == before.map { $0 + 1 })
            #expect(try row?.get("later", as: Int.self) == 7)
        }
    }

    @Test(arguments: TestServer.engines) func `more glances at once than connections all get their answer`(
        _ engine: Engine
    ) async throws {
        try await TestServer.with(engine) { database in
            try await Self.put("a", in: database)
            let counts = try await withThrowingTaskGroup(of: Int?.self) { group in
                for _ in 0..<200 { group.addTask { try await Self.count(database) } }
                return try await group.reduce(into: [Int?]()) { $0.append($1) }
            }
            #expect(counts == [Int?](repeating: 1, count: 200))
        }
    }

    @Test(arguments: TestServer.engines) func `a closed database is not glanced at`(_ engine: Engine) async throws {
        try await TestServer.with(engine) { database in
            _ = try await Self.count(database)
            database.close()
            await #expect(throws: DatabaseFault.closed) { try await Self.count(database) }
        }
    }

    @Test(arguments: TestServer.engines) func `a write without waiting tells its end`(_ engine: Engine) async throws {
        try await TestServer.with(engine) { database in
            let changed = try await Self.putWithoutWaiting("a", in: database)
            #expect(changed == 1)
            database.close()
            await #expect(throws: DatabaseFault.closed) { try await Self.putWithoutWaiting("b", in: database) }
        }
    }

    private static func putWithoutWaiting(_ id: String, in database: Database) async throws -> Int {
        try await withCheckedThrowingContinuation { continuation in
            database.write { db in
                try db.execute("INSERT INTO household (household_id) VALUES (\(id))")
            } done: { result in
                continuation.resume(with: result)
            }
        }
    }
}
