import Storage
import TestDatabases
import Testing

struct BulkStatementTests {
    @Test(arguments: TestServer.engines)
    func `empty, long and foreign texts, numbers, blobs and absent values come back`(_ engine: Engine) async throws {
        try await TestServer.with(engine) { database in
            let long = String(repeating: "乌兰察布", count: 40)

            try database.writeBlocking { db in
                let insert = try db.prepare(
                    "INSERT INTO household (household_id, income, photo) VALUES (?1, ?2, ?3)")
                insert.bind(1, "")
                insert.bind(2, Int64?.none)
                insert.bind(3, blob: [])
                try insert.run()
                insert.bind(1, long)
                insert.bind(2, Int64.max)
                insert.bind(3, blob: [0, 255, 92, 39])
                try insert.run()
            }

            let found = try database.readBlocking { db in
                let rows = try db.prepare("SELECT household_id, income, photo FROM household ORDER BY household_id")
                var found: [String] = []
                while try rows.step() {
                    found.append("\(rows.text(0))|\(rows.isNull(1) ? "-" : "\(rows.integer(1))")|\(rows.blob(2))")
                }
                return found
            }
            #expect(found == ["|-|[]", "\(long)|9223372036854775807|[0, 255, 92, 39]"])
        }
    }

    @Test(arguments: TestServer.engines)
    func `ten thousand rows are written and stepped through in order`(_ engine: Engine) async throws {
        try await TestServer.with(engine) { database in
            try database.writeInBulkBlocking(checkingAtEnd: ["person"]) { db in
                let insert = try db.prepare("INSERT INTO household (household_id, income) VALUES (?, ?)")
                for number in 0..<10_000 {
                    insert.bind(1, "H\(number)")
                    insert.bind(2, Int64(number))
                    try insert.run()
                }
            }

            let (count, isInOrder) = try database.readBlocking { db in
                let rows = try db.prepare("SELECT income FROM household ORDER BY income")
                var count: Int64 = 0
                var isInOrder = true
                while try rows.step() {
                    isInOrder = isInOrder && rows.integer(0) == count
                    count += 1
                }
                return (count, isInOrder)
            }
            #expect(count == 10_000)
            #expect(isInOrder)
        }
    }

    @Test(arguments: TestServer.engines)
    func `a row that breaks the schema undoes the transaction, even where the closure caught it`(_ engine: Engine)
        async throws
    {
        try await TestServer.with(engine) { database in
            #expect(throws: DatabaseFault.self) {
                try database.writeBlocking { db in
                    let insert = try db.prepare("INSERT INTO household (household_id, income) VALUES (?1, ?2)")
                    for income in [1, -1, 2] as [Int64] {
                        insert.bind(1, "H\(income)")
                        insert.bind(2, income)
                        try? insert.run()
                    }
                }
            }

            let left = try database.readBlocking { db in try db.rows("SELECT * FROM household") }
            #expect(left.isEmpty)
        }
    }

    @Test(arguments: TestServer.engines)
    func `other statements of the transaction see what was written in bulk`(_ engine: Engine) async throws {
        try await TestServer.with(engine) { database in
            let seen: Int = try database.writeBlocking { db in
                let insert = try db.prepare("INSERT INTO household (household_id) VALUES (?1)")
                insert.bind(1, "H1")
                try insert.run()
                return try db.first("SELECT count(*) AS n FROM household")?.get("n") ?? 0
            }

            #expect(seen == 1)
        }
    }

    @Test(
        arguments: TestServer.engines,
        [("a", "b", -1), ("b", "a", 1), ("a", "a", 0), ("a", "ab", -1), ("", "", 0), ("é", "z", 1)])
    func `texts are compared bytewise`(_ engine: Engine, _ sample: (stored: String, other: String, order: Int))
        async throws
    {
        try await TestServer.with(engine) { database in
            let result = try database.readBlocking { db in
                let row = try db.prepare("SELECT CAST('\(trusted: sample.stored)' AS TEXT)")
                _ = try row.step()
                return row.compare(0, with: sample.other).signum()
            }

            #expect(result == sample.order)
        }
    }

    @Test(arguments: TestServer.engines)
    func `indexes that were taken away for a bulk load are there again after it`(_ engine: Engine) async throws {
        try await TestServer.with(engine) { database in
            let applied = try database.writeInBulkBlocking { db in
                try db.execute("CREATE INDEX household_by_income ON household (income)")
                return try db.withoutIndexes(of: ["household"]) {
                    try db.execute("INSERT INTO household (household_id, income) VALUES ('H1', 3)")
                }
            }

            #expect(applied == 1)
            #expect(throws: DatabaseFault.self) {
                try database.writeBlocking { db in
                    _ = try db.execute("CREATE INDEX household_by_income ON household (income)")
                }
            }
        }
    }

    @Test(arguments: TestServer.engines)
    func `two histories of migrations stand side by side`(_ engine: Engine) async throws {
        try await TestServer.with(engine) { database in
            let kit = Migration(number: 1, title: "kit", sql: "CREATE TABLE kit (id BIGINT PRIMARY KEY)")

            let first = try database.migrate([kit], at: "2026-01-01T00:00:00Z", history: "kit_migration")
            let again = try database.migrate([kit], at: "2026-01-01T00:00:00Z", history: "kit_migration")

            #expect(first == [kit])
            #expect(again.isEmpty)
            let own = try database.migrate([.sample], at: "2026-01-01T00:00:00Z")
            #expect(own.isEmpty)
        }
    }
}
