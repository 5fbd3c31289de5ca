import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage

/// The service's database and the folder with its files.
///
/// Several processes may hold both open: the service, and an operator's command beside it.
struct AidDatabase: Sendable {
    let folder: DataFolder
    let database: Database
    let clock: ServiceClock
    let seal: RecordSeal
    /// The migrations that opening the database applied.
    let applied: [Migration]

    /// Makes the folder where it is missing, opens the database and brings its schema forward.
    ///
    /// - Parameters:
    ///   - address: `aid.sqlite` in the folder where none is given.
    ///   - keys: the key file; `keys/aid.keys` in the folder where none is given. It is made for a database that has
    ///     nothing sealed yet.
    ///   - patience: how long a write waits for another process's transaction. The region's register takes about half a
    ///     minute.
    init(
        _ folder: DataFolder, address: DatabaseAddress? = nil, keys: String? = nil, clock: ServiceClock = .system,
        migrations: [Migration]? = nil, patience: Duration = .seconds(90)
    ) throws {
        self.folder = folder
        self.clock = clock
        try folder.create()
        var options = DatabaseOptions()
        options.patience = patience
        database = try Database(address ?? DatabaseAddress(sqliteFile: folder.database), options: options)
        applied = try database.migrate(
            migrations ?? Self.migrations(for: database.engine), at: clock.timestamp())
        if migrations == nil { try KitMigrations.apply(to: database, at: clock.timestamp()) }
        let file = FieldKeyFile(keys ?? folder.keys)
        if !file.exists {
            guard try migrations != nil || !Self.hasSealedValues(database) else {
                throw SecurityFault.keysMissing(path: file.path)
            }
            try file.make()
        }
        seal = RecordSeal(ring: try FieldKeyRing(file))
    }

    private static func hasSealedValues(_ database: Database) throws -> Bool {
        try database.readBlocking { db in
            try db.first("SELECT 1 AS one FROM person WHERE id_number_sealed IS NOT NULL LIMIT 1") != nil
                || db.first("SELECT 1 AS one FROM evidence WHERE sealed IS NOT NULL LIMIT 1") != nil
        }
    }

    /// The steps that come with this program.
    static func migrations(for engine: Engine) throws -> [Migration] {
        try Migration.inFolder(Bundle.module.bundlePath + "/Migrations", for: engine)
    }

    /// On the caller's thread, as everything here.
    func read<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        try database.readBlocking(body)
    }

    /// One transaction: all of it or, where the body throws, nothing. The body may run again after a conflict.
    func write<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        try database.writeBlocking(body)
    }

    /// One long transaction with room in memory for its indexes.
    func writeInBulk<Value>(
        checkingAtEnd tables: [String] = [], _ body: (Connection) throws -> Value
    ) throws -> Value {
        try database.writeInBulkBlocking(checkingAtEnd: tables, body)
    }
}
