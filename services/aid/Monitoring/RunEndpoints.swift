import Contracts
import ServiceKit
import SocialDomain
import Storage

/// `/aid/v1/runs`: start a run, watch it, stop it, for programs.
struct RunEndpoints: Sendable {
    let app: AidApplication
    private var queries: RunQueries { RunQueries(database: app.database) }
    private static let defaultLimit = 50

    func addRoutes(to routes: inout RouteTable) {
        routes.on(AidContract.runs) { call in try await list(call) }
        routes.on(AidContract.run) { call in
            guard let run = try await queries.run(call.parameters.run) else { throw Problem.notFound }
            return Reply(run.entry(in: call.context.language))
        }
        routes.on(AidContract.startRun) { call in try await start(call) }
        routes.on(AidContract.stopRun) { call in try await stop(call) }
    }

    private func list(_ call: Call<RunListParameters, NoBody>) async throws -> Reply<Listing<RunEntry>> {
        let (queries, limit, below) = (
            queries, call.parameters.limit ?? Self.defaultLimit, call.parameters.cursor
        )
        let runs = try await app.database.read { db in try queries.recent(db, below: below, limit: limit + 1) }
        let page = runs.prefix(limit)
        return Reply(
            Listing(
                items: page.map { $0.entry(in: call.context.language) },
                next: runs.count > limit ? page.last.map { "\($0.id)" } : nil))
    }

    private func start(_ call: Call<NoParameters, RunRequest>) async throws -> Reply<RunEntry> {
        let asOf = call.body.asOf.flatMap { CalendarDate(iso8601: $0) } ?? app.actions.today()
        let (queries, language) = (queries, call.context.language)
        let made: @Sendable (Int64, Connection) throws -> Reply<RunEntry> = { id, db in
            guard let run = try queries.run(id, in: db) else { throw Problem.notFound }
            return Reply(run.entry(in: language), location: "/aid/v1/runs/\(id)")
        }
        let event = call.event("run.start", reason: asOf.description)
        return try await call.once(app.database) { keep in
            let id = try await app.actions.startRun(asOf) { id, db in
                var event = event
                event.subject = "\(id)"
                try AuditLog.append([event], in: db)
                try keep(made(id, db), db)
            }
            return try await app.database.read { db in try made(id, db) }
        }
    }

    private func stop(_ call: Call<RunReference, NoBody>) async throws -> Reply<RunEntry> {
        let id = call.parameters.run
        guard try await queries.run(id) != nil else { throw Problem.notFound }
        try await app.journal.record(call.event("run.stop", subject: "\(id)"))
        try await app.actions.stopRun(id)
        guard let run = try await queries.run(id) else { throw Problem.notFound }
        return Reply(run.entry(in: call.context.language), location: "/aid/v1/runs/\(id)")
    }
}

extension RunSummary {
    fileprivate func entry(in language: Language) -> RunEntry {
        RunEntry(
            id: id, state: state, asOf: asOf, rules: rulesVersion, requestedAt: requestedAt, finishedAt: finishedAt,
            phase: phase, done: doneUnits, total: totalUnits, failure: failure?[language], opened: opened,
            updated: updated, cleared: cleared, reopened: reopened, unchanged: unchanged)
    }
}
