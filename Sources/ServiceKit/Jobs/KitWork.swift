package import Logging
package import ServiceLifecycle
package import Storage

/// What every service does beside its requests: takes no tokens of accounts that were changed, runs its jobs, cleans up.
package enum KitWork {
    /// The inbox of a service; its own types are added to it.
    package static func inbox(_ database: Database) -> Inbox {
        var inbox = Inbox(database: database)
        inbox.on(AccountChanged.type) { event, db in try Revocations.handle(event, in: db) }
        return inbox
    }

    /// - Parameters:
    ///   - handlers: the service's own kinds of job.
    ///   - schedules: and when they run by themselves.
    package static func services(
        signIn: SignIn, database: Database, logger: Logger, handlers: [JobHandler] = [], schedules: [JobSchedule] = []
    ) async throws -> [any Service] {
        let watch = RevocationWatch(signIn: signIn, database: database, logger: logger)
        try await watch.load()
        return [
            watch,
            JobRunner(
                store: JobStore(database: database),
                handlers: [EventRetention.handler(database: database)] + handlers,
                schedules: [EventRetention.schedule] + schedules, logger: logger),
        ]
    }
}
