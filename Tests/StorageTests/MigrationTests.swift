import Storage
import TestDatabases
import Testing

struct MigrationTests {
    private static let time = "2026-01-01T00:00:00Z"
    private static let second = Migration(
        number: 2, title: "second", sql: "CREATE TABLE second (id BIGINT PRIMARY KEY)")

    @Test(arguments: TestServer.engines) func `only what is missing is applied`(_ engine: Engine) async throws {
        try await TestServer.with(engine) { database in
            let applied = try database.migrate([.sample, Self.second], at: Self.time)
            let again = try database.migrate([.sample, Self.second], at: Self.time)

            #expect(applied.map(\.number) == [2])
            #expect(again.isEmpty)
        }
    }

    @Test(arguments: TestServer.engines) func `a schema from the future is refused`(_ engine: Engine) async throws {
        try await TestServer.with(engine) { database in
            try database.migrate([.sample, Self.second], at: Self.time)

            #expect(throws: DatabaseFault.fromTheFuture(found: 2, known: 1)) {
                try database.migrate([.sample], at: Self.time)
            }
        }
    }

    @Test(arguments: TestServer.engines) func `a migration that was changed is refused`(_ engine: Engine) async throws {
        try await TestServer.with(engine) { database in
            let changed = Migration(number: 1, title: "sample", sql: "SELECT 1")

            #expect(throws: DatabaseFault.migrationChanged(number: 1)) {
                try database.migrate([changed], at: Self.time)
            }
        }
    }

    @Test(arguments: TestServer.engines) func `a migration that fails leaves nothing behind`(_ engine: Engine)
        async throws
    {
        try await TestServer.with(engine) { database in
            let broken = Migration(
                number: 2, title: "x", sql: "CREATE TABLE half (id BIGINT); CREATE TABLE half (id BIGINT)")

            #expect(throws: DatabaseFault.self) { try database.migrate([.sample, broken], at: Self.time) }
            #expect(throws: DatabaseFault.self) { try database.readBlocking { try $0.rows("SELECT * FROM half") } }
        }
    }

    @Test(arguments: TestServer.engines) func `several that start at once apply each step once`(_ engine: Engine)
        async throws
    {
        try await TestServer.with(engine) { database in
            let applied = try await withThrowingTaskGroup { group in
                for _ in 0..<4 {
                    group.addTask { try database.migrate([.sample, Self.second], at: Self.time).count }
                }
                return try await group.reduce(0, +)
            }

            #expect(applied == 1)
        }
    }
}
