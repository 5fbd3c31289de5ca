package import ArgumentParser
package import Storage

/// A service's data folder, as the commands that every service has (`StoreCommands`) open it.
package protocol StoreFolder: ParsableArguments {
    /// `training`.
    static var service: String { get }
    /// The folder with the service's own steps of the schema.
    static var migrations: String { get }
    /// What `keys rotate` goes through.
    static var sealed: [SealedColumn] { get }
    var folder: ServiceFolder { get }

    /// Whether new keys would be of no use to the database.
    static func hasSealedValues(_ db: Connection) throws -> Bool
}

extension StoreFolder {
    package func open() throws -> ServiceStore {
        try folder.open(service: Self.service, migrations: Self.migrations) { db in try Self.hasSealedValues(db) }
    }
}
