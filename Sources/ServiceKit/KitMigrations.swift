package import Storage

/// The tables that every service has in its own database: audit, events, jobs.
package enum KitMigrations {
    package static let history = "kit_migration"

    /// Brings the kit's tables forward, beside the service's own.
    package static func apply(to database: Database, at time: String) throws {
        try database.migrate(
            Migration.inFolder(KitResources.folder + "/migrations", for: database.engine), at: time, history: history)
    }
}
