import Foundation
import GRDB
import SocialDomain

#if canImport(Glibc)
    import Glibc
#endif

/// The service's database: SQLite in write-ahead mode, one writer and pooled readers, each commit on disk before it is
/// acknowledged.
///
/// Several processes may hold it open: the service, and an operator's command beside it.
struct AidDatabase: Sendable {
    let folder: DataFolder
    let pool: DatabasePool
    let clock: ServiceClock

    /// Makes the folder where it is missing, opens the database and brings its schema forward.
    ///
    /// - Parameter patience: how long a write waits for another process's transaction. The region's register takes
    ///   about half a minute.
    init(
        _ folder: DataFolder, clock: ServiceClock = .system, migrations: [Migration]? = nil,
        patience: Duration = .seconds(90)
    ) throws(DatabaseFault) {
        self.folder = folder
        self.clock = clock
        do {
            try folder.create()
            try Self.createFile(folder.database)
            var configuration = Configuration()
            configuration.label = "aid"
            configuration.busyMode = .timeout(Double(patience.components.seconds))
            configuration.foreignKeysEnabled = true
            configuration.maximumReaderCount = 8
            pool = try DatabasePool(path: folder.database, configuration: configuration)
            // The pool has set NORMAL, under which a commit may be lost when the power goes.
            try pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864")
            }
            let history = SchemaHistory(migrations: try migrations ?? Migration.shipped())
            applied = try history.migrate(pool, at: clock.timestamp())
        } catch {
            throw DatabaseFault(error)
        }
    }

    /// The migrations that opening the database applied.
    let applied: [Migration]

    /// SQLite would make the file readable by all; its companions take over its mode.
    private static func createFile(_ path: String) throws(FileFault) {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw FileFault(errno: errno, path: path) }
        close(file)
    }

    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try explained { try pool.read(body) }
    }

    /// One transaction: all of it or, where the body throws, nothing.
    func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try explained { try pool.write(body) }
    }

    /// One long transaction with room in memory for its indexes.
    ///
    /// - Parameter tables: where it names any, foreign keys are not checked row by row, but once for these tables
    ///   before the commit.
    func writeInBulk<Value>(checkingAtEnd tables: [String] = [], _ body: (Database) throws -> Value) throws -> Value {
        try explained {
            try pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA cache_size = -262144")
                if !tables.isEmpty { try db.execute(sql: "PRAGMA foreign_keys = OFF") }
                defer {
                    try? db.execute(sql: "PRAGMA foreign_keys = ON; PRAGMA cache_size = -2000; PRAGMA shrink_memory")
                }
                var value: Value?
                try db.inTransaction(.immediate) {
                    value = try body(db)
                    for table in tables {
                        try db.checkForeignKeys(in: table)
                    }
                    return .commit
                }
                guard let value else { throw DatabaseFault.sqlite(code: 21, message: "no value") }
                return value
            }
        }
    }

    /// Database errors become faults with words; every other error passes as it is.
    private func explained<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw DatabaseFault(error)
        }
    }
}
