import Foundation
package import Storage
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// The PostgreSQL that the suite runs on: `MINSHENG_TEST_POSTGRES` (an address whose role may create databases), or a
/// throw-away cluster from Debian's packages behind a Unix socket.
package enum TestServer {
    /// `nil` where PostgreSQL is not installed.
    package static let address: String? =
        ProcessInfo.processInfo.environment["MINSHENG_TEST_POSTGRES"] ?? startCluster()

    /// Whether it is the throw-away one, whose role `guarded` is asked for its password.
    package static let isOwn = ProcessInfo.processInfo.environment["MINSHENG_TEST_POSTGRES"] == nil && address != nil

    private static let folder = "/tmp/minsheng-pg-\(ProcessInfo.processInfo.processIdentifier)"
    private static let counter = Mutex(0)

    package static var engines: [Engine] { address == nil ? [.sqlite] : [.sqlite, .postgres] }

    private static func startCluster() -> String? {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        guard let version = versions.compactMap(Int.init).max(), version >= 15 else { return nil }
        let programs = "/usr/lib/postgresql/\(version)/bin"
        // The server refuses to run as root; the guard ends it when this process is gone.
        let script = """
            set -e
            as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
            rm -rf \(folder); mkdir -p \(folder); chmod 755 \(folder)
            if [ "$(id -u)" = 0 ]; then chown postgres \(folder); fi
            cd \(folder)
            as \(programs)/initdb -N -D \(folder)/data -U app --auth=trust -E UTF8 --locale=C.UTF-8
            # One role needs its password.
            as sed -i '1i local all guarded scram-sha-256' \(folder)/data/pg_hba.conf
            as \(programs)/pg_ctl -D \(folder)/data -l \(folder)/log -w start \
                -o "-c listen_addresses= -c unix_socket_directories=\(folder) -c shared_buffers=32MB -c max_connections=600 -c fsync=off"
            (
                trap '' INT HUP
                while kill -0 \(ProcessInfo.processInfo.processIdentifier) 2>/dev/null; do sleep 1; done
                as \(programs)/pg_ctl -D \(folder)/data -m immediate -w stop; rm -rf \(folder)
            ) >/dev/null 2>&1 </dev/null &
            """
        guard run("/bin/bash", ["-c", script]) == 0 else { return nil }
        return "postgres://app@/postgres?host=\(folder)"
    }

    @discardableResult
    package static func run(_ program: String, _ arguments: [String]) -> Int32 {
        // Foundation's Process would wait for the server too, which inherits its descriptors.
        var arguments: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        for file: Int32 in 0...2 { posix_spawn_file_actions_addopen(&files, file, "/dev/null", O_RDWR, 0) }
        var process: pid_t = 0
        guard posix_spawn(&process, program, &files, nil, arguments, environ) == 0 else { return -1 }
        var status: Int32 = 0
        guard waitpid(process, &status, 0) == process else { return -1 }
        return status
    }

    /// This process's SQLite files; what an earlier process of the same number left there is taken away.
    private static let files: String = {
        let path =
            FileManager.default.temporaryDirectory.path
            + "/minsheng-tests-\(ProcessInfo.processInfo.processIdentifier)"
        try? FileManager.default.removeItem(atPath: path)
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(atPath: TestServer.files) }
        return path
    }()

    /// An empty database of its own for one test.
    package static func emptyDatabase(_ engine: Engine) throws -> DatabaseAddress {
        let number = counter.withLock { number in
            number += 1
            return number
        }
        let name = "test_\(ProcessInfo.processInfo.processIdentifier)_\(number)"
        guard engine == .postgres, let address else {
            return DatabaseAddress(sqliteFile: "\(files)/\(name).sqlite")
        }
        let created = run(
            "/usr/bin/psql", [address, "-qc", "CREATE DATABASE \(name) TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"])
        guard created == 0 else { throw DatabaseFault.serverGone }
        return try DatabaseAddress(address.replacing("/postgres", with: "/\(name)", maxReplacements: 1))
    }

    /// A database with a few tables, gone after the closure.
    package static func with<Value>(
        _ engine: Engine, options: DatabaseOptions = DatabaseOptions(), _ body: (Database) async throws -> Value
    ) async throws -> Value {
        let address = try emptyDatabase(engine)
        let database = try Database(address, options: options)
        defer {
            database.close()
            if engine == .sqlite {
                let path = String(address.description.dropFirst("sqlite://".count))
                for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
            }
        }
        try database.migrate([.sample], at: "2026-01-01T00:00:00Z")
        return try await body(database)
    }
}

extension Migration {
    package static let sample = Migration(
        number: 1, title: "sample",
        sql: """
            CREATE TABLE household (household_id TEXT PRIMARY KEY, income BIGINT, share DOUBLE PRECISION,
                is_open BOOLEAN NOT NULL DEFAULT FALSE, photo BYTEA,
                CONSTRAINT income_not_negative CHECK (income >= 0));
            CREATE TABLE person (person_id BIGINT PRIMARY KEY,
                household_id TEXT NOT NULL REFERENCES household (household_id), name TEXT NOT NULL);
            """)
}
