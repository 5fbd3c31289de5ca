package import ArgumentParser
import Foundation
package import Security
package import Storage

/// Where a service keeps its database and its keys, as every command of it is told.
package struct ServiceFolder: ParsableArguments {
    @Option(name: .customLong("data"), help: "The data folder of the service.")
    package var path = "data"

    @Option(
        name: .customLong("database"),
        help: "sqlite:///path or postgres://user@host/name; SERVICE.sqlite in the data folder if it is not given.")
    package var address: String?

    @Option(
        name: .customLong("keys"),
        help: "The file with the keys of sealed fields; keys/SERVICE.keys in the data folder if it is not given.")
    package var keys: String?

    package init() {}

    /// Opens the database, brings its schema forward, and reads the keys; what is missing is made.
    ///
    /// - Parameters:
    ///   - migrations: the folder with the service's own steps.
    ///   - isSealed: whether the database holds sealed values, for which new keys would be of no use.
    package func open(
        service: String, migrations folder: String, isSealed: (Connection) throws -> Bool
    ) throws -> ServiceStore {
        let place = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let database = try Database(
            address.map { text in try DatabaseAddress(text) }
                ?? DatabaseAddress(sqliteFile: "\(place)/\(service).sqlite"))
        let time = Date().formatted(.iso8601)
        try database.migrate(Migration.inFolder(folder, for: database.engine), at: time)
        try KitMigrations.apply(to: database, at: time)
        let file = FieldKeyFile(keys ?? "\(place)/keys/\(service).keys")
        if !file.exists {
            guard try !database.readBlocking(isSealed) else { throw SecurityFault.keysMissing(path: file.path) }
            try file.make()
        }
        return ServiceStore(service: service, folder: place, database: database, ring: try FieldKeyRing(file))
    }
}

/// An opened database with the keys of its sealed fields.
package struct ServiceStore: Sendable {
    package let service: String
    package let folder: String
    package let database: Database
    package let ring: FieldKeyRing

    package init(service: String, folder: String, database: Database, ring: FieldKeyRing) {
        self.service = service
        self.folder = folder
        self.database = database
        self.ring = ring
    }

    /// The service's own signing keys, made where they are missing.
    package func signingKeys() throws -> SigningKeys {
        try SigningKeyFile("\(folder)/keys/\(service).signing.keys", issuer: service).readOrMake()
    }

    /// How far the audit log was verified.
    package var auditCheckpoint: String { "\(folder)/keys/audit.checkpoint" }
}
