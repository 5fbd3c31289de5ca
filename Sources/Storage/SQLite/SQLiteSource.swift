import CSQLiteSetup
import Foundation
import GRDB
import GRDBSQLite

#if canImport(Glibc)
    import Glibc
#endif

/// SQLite in write-ahead mode: one writer, pooled readers, each commit on disk before it is acknowledged.
struct SQLiteSource: TransactionSource {
    private let pool: DatabasePool
    private let glances: SQLiteGlances
    /// Once a process, before its first connection: threads that read and write would wait for each other at every
    /// allocation, four times a request.
    private static let setup: Void = { _ = sqlite_setup_without_memory_count() }()

    init(path: String, options: DatabaseOptions) throws(DatabaseFault) {
        Self.setup
        // SQLite would make the file readable by all; its companions take over its mode.
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw errno == ENOSPC || errno == EDQUOT ? .diskFull : .cannotOpen }
        Glibc.close(file)
        do {
            var configuration = Configuration()
            configuration.label = "storage"
            configuration.busyMode = .timeout(Double(options.patience.components.seconds))
            configuration.foreignKeysEnabled = true
            configuration.maximumReaderCount = options.readers
            glances = SQLiteGlances(
                path: path, patience: Int(options.patience / .milliseconds(1)), most: options.readers)
            pool = try DatabasePool(path: path, configuration: configuration)
            // The pool has set NORMAL, under which a commit may be lost when the power goes.
            try pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864")
            }
        } catch {
            throw DatabaseFault(sqlite: error)
        }
    }

    func read<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        try explained {
            try pool.read { db in
                let connection = Connection(SQLiteSession(db))
                let value = try body(connection)
                if let failure = connection.failure { throw failure }
                return value
            }
        }
    }

    /// Nil where it would have to wait for a connection.
    func glance<Value>(_ body: (Connection) throws -> Value) throws -> Value? {
        try explained { try glances.read(body) }
    }

    func write<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        try explained {
            try pool.writeWithoutTransaction { db in
                var value: Value?
                let connection = Connection(SQLiteSession(db))
                try db.inTransaction(.immediate) {
                    value = try body(connection)
                    if let failure = connection.failure { throw failure }
                    return .commit
                }
                guard let value else { throw DatabaseFault.closed }
                connection.hasCommitted()
                return value
            }
        }
    }

    func writeByRows<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        try write(body)
    }

    func migrate<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        try write(body)
    }

    func writeInBulk<Value>(checkingAtEnd tables: [String], _ body: (Connection) throws -> Value) throws -> Value {
        try explained {
            try pool.writeWithoutTransaction { db in
                // A quarter of a gigabyte for the indexes' pages.
                try db.execute(sql: "PRAGMA cache_size = -262144")
                if !tables.isEmpty { try db.execute(sql: "PRAGMA foreign_keys = OFF") }
                defer {
                    try? db.execute(sql: "PRAGMA foreign_keys = ON; PRAGMA cache_size = -2000; PRAGMA shrink_memory")
                }
                var value: Value?
                let connection = Connection(SQLiteSession(db))
                try db.inTransaction(.immediate) {
                    value = try body(connection)
                    if let failure = connection.failure { throw failure }
                    for table in tables { try db.checkForeignKeys(in: table) }
                    return .commit
                }
                guard let value else { throw DatabaseFault.closed }
                connection.hasCommitted()
                return value
            }
        }
    }

    func compact() throws {
        try explained {
            try pool.writeWithoutTransaction { db in
                try db.execute(sql: "VACUUM")
                _ = try db.checkpoint(.truncate)
            }
        }
    }

    /// A backup is the database itself: it is put back by copying the file.
    func restore(from path: String, on workers: Workers, progress: (String) -> Void) async throws {
        throw DatabaseFault.backupFailed("an SQLite database is put back as a file")
    }

    func backUp(to path: String, on workers: Workers, progress: @escaping @Sendable (String) -> Void) async throws {
        try await workers.run { try copy(to: path) }
    }

    private func copy(to path: String) throws {
        let draft = path + ".draft"
        do {
            guard !FileManager.default.fileExists(atPath: path) else {
                throw DatabaseFault.backupFailed("the file exists already")
            }
            try? FileManager.default.removeItem(atPath: draft)
            let file = open(draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard file >= 0 else { throw DatabaseFault.cannotOpen }
            Glibc.close(file)
            let copy = try DatabaseQueue(path: draft)
            try pool.backup(to: copy)
            try copy.writeWithoutTransaction { db in
                // A copy in write-ahead mode would need its companion files.
                try db.execute(sql: "PRAGMA journal_mode = DELETE")
                guard try String.fetchAll(db, sql: "PRAGMA integrity_check") == ["ok"],
                    try GRDB.Row.fetchOne(db, sql: "PRAGMA foreign_key_check") == nil
                else { throw DatabaseFault.backupFailed("the copy did not pass its check") }
            }
            try copy.close()
            try LastingFile.rename(draft, to: path)
        } catch {
            try? FileManager.default.removeItem(atPath: draft)
            throw DatabaseFault(sqlite: error)
        }
    }

    func close() {
        glances.close()
        try? pool.close()
    }

    /// Database errors become faults with words; every other error passes as it is.
    private func explained<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw DatabaseFault(sqlite: error)
        }
    }
}
