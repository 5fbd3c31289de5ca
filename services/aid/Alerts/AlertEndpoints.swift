import Contracts
import Security
import ServiceKit
import Storage

/// `/aid/v1/alerts`: the list to work from, for programs.
struct AlertEndpoints: Sendable {
    let app: AidApplication
    private static let defaultLimit = 50

    func addRoutes(to routes: inout RouteTable) {
        routes.on(AidContract.alerts) { call in try await list(call) }
        routes.on(AidContract.alert) { call in try await show(call) }
        routes.on(AidContract.closeAlert) { call in try await close(call) }
    }

    private func list(_ call: Call<AlertListParameters, NoBody>) async throws -> Reply<Listing<AlertEntry>> {
        let parameters = call.parameters
        var position: AlertPosition?
        if let cursor = parameters.cursor {
            position = AlertPosition(cursor)
            guard position != nil else { throw Problem.badCursor }
        }
        let limit = parameters.limit ?? Self.defaultLimit
        let lines = try await AlertQueries(database: app.database, scope: call.scope).page(
            AlertFilter(parameters), order: AlertOrder(key: parameters.sort == "household" ? .household : .points),
            after: position, limit: limit + 1)
        let page = lines.prefix(limit)
        return Reply(
            Listing(items: page.map(\.entry), next: lines.count > limit ? page.last?.position.text : nil))
    }

    private func show(_ call: Call<AlertReference, NoBody>) async throws -> Reply<AlertRecord> {
        let (id, division) = (call.parameters.alert, call.scope.division)
        let found = try await app.database.read { db in
            try HouseholdQueries.alerts(db, where: "alert_id = \(id)", within: division).first.map { alert in
                (alert.record, try Self.version(of: id, in: db))
            }
        }
        guard let (record, version) = found else { throw Problem.notFound }
        try await app.journal.record(
            call.event("household.look", subject: record.household, reason: "alert \(id)"))
        return Reply(record, version: version)
    }

    private func close(_ call: Call<AlertReference, AlertClosing>) async throws -> Reply<AlertRecord> {
        let (id, scope, time) = (call.parameters.alert, call.scope, app.actions.now())
        let (version, note) = (try call.requireVersion(), call.body.note)
        let event = call.event("alert.close", reason: note)
        return try await call.write(app.database) { db in
            do {
                try AlertStore.close(
                    id, note: note, version: version, at: time, within: scope, audit: event, in: db)
            } catch AlertRefusal.unknown {
                throw Problem.notFound
            }
            guard
                let alert = try HouseholdQueries.alerts(db, where: "alert_id = \(id)", within: scope.division).first
            else { throw Problem.notFound }
            return Reply(alert.record, version: try Self.version(of: id, in: db))
        }.reply
    }

    /// The number of its last change.
    private static func version(of id: Int64, in db: Connection) throws -> Int64 {
        try db.first("SELECT COALESCE(max(number), 0) AS n FROM alert_change WHERE alert_id = \(id)")?.get("n") ?? 0
    }
}

extension AlertFilter {
    /// The contract has checked every value.
    init(_ parameters: AlertListParameters) {
        self.init()
        direction = parameters.direction
        tier = parameters.tier
        division = parameters.division
        indicator = parameters.indicator
        state = parameters.state ?? "open"
    }
}

extension AlertLine {
    fileprivate var entry: AlertEntry {
        AlertEntry(
            id: id, household: household, head: head, division: division, category: category, direction: direction,
            state: state, tier: tier, points: points, indicators: indicators, changedAt: changedAt)
    }
}
