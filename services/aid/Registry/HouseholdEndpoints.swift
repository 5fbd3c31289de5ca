import Contracts
import Security
import ServiceKit
import SocialDomain
import Storage

/// `/aid/v1/households`: the same as the pages, for programs.
struct HouseholdEndpoints: Sendable {
    let app: AidApplication

    func addRoutes(to routes: inout RouteTable) {
        routes.on(AidContract.household) { call in try await household(call) }
        routes.on(AidContract.searchHouseholds) { call in try await search(call) }
    }

    private func household(_ call: Call<HouseholdReference, NoBody>) async throws -> Reply<HouseholdRecord> {
        let id = call.parameters.household
        let queries = HouseholdQueries(database: app.database, scope: call.scope, seal: app.seal)
        guard let record = try await queries.record(id) else { throw Problem.notFound }
        try await app.journal.record(call.event("household.look", subject: id, division: record.division))
        return Reply(record)
    }

    private func search(_ call: Call<NoParameters, HouseholdSearch>) async throws -> Reply<Listing<HouseholdLine>> {
        let queries = HouseholdQueries(database: app.database, scope: call.scope, seal: app.seal)
        let found = try await queries.search(TextForm.trimmed(call.body.query))
        // What was typed may be a name or a number: only how many it found is kept.
        let only = found.count == 1 ? found.first : nil
        try await app.journal.record(
            call.event(
                "household.search", subject: only?.id ?? "", division: only?.division ?? "", reason: "\(found.count)"))
        return Reply(
            Listing(
                items: found.prefix(HouseholdQueries.searchLimit).map {
                    HouseholdLine(id: $0.id, head: $0.name, division: $0.division, category: $0.category)
                }, next: nil))
    }
}

extension HouseholdQueries {
    /// A household as the API tells of it; nil where there is none that the account may see.
    func record(_ id: String) async throws -> HouseholdRecord? {
        let (division, seal) = (scope.division, seal)
        return try await database.glance { db in
            let household = try db.first(
                """
                SELECT division, settlement, category, income_per_capita, enrolled_on FROM household
                WHERE household_id = \(id) AND \(SQL.within(division, "division"))
                """)
            let alerts = try Self.alerts(db, id, within: division)
            guard household != nil || !alerts.isEmpty else { return nil }
            let income: Int64? = try household?.get("income_per_capita")
            return HouseholdRecord(
                id: id, division: try household?.get("division") ?? "",
                settlement: try Self.text("settlement", household),
                category: try Self.text("category", household),
                incomePerCapita: income.map { Money(fen: $0).decimal }, enrolledOn: try household?.get("enrolled_on"),
                isRegistered: household != nil,
                members: household == nil ? [] : try Self.members(db, id, seal).map(\.record),
                alerts: alerts.map(\.record))
        }
    }

    private static func text(_ column: String, _ row: Row?) throws -> String? {
        guard let text: String = try row?.get(column), !text.isEmpty else { return nil }
        return text
    }
}

extension HouseholdMember {
    fileprivate var record: HouseholdRecord.Member {
        HouseholdRecord.Member(
            id: id, name: name, idNumber: idNumber.map(CitizenIDMask.masked), sex: sex.isEmpty ? nil : sex,
            birthDate: birthDate?.description, relation: relation.isEmpty ? nil : relation)
    }
}

extension HouseholdStory.Alert {
    var record: AlertRecord {
        AlertRecord(
            id: id, household: household, direction: direction, state: state, tier: tier, points: points,
            openedAt: openedAt, changedAt: changedAt,
            signals: signals.map { signal in
                AlertRecord.Signal(
                    indicator: signal.indicator, subject: signal.subject, points: signal.points,
                    facts: Dictionary(signal.facts.values.map { ($0.name, $0.value.json) }) { _, last in last })
            })
    }
}

extension FactValue {
    fileprivate var json: JSONValue {
        switch self {
        case .whole(let number): .integer(Int64(number))
        case .decimal(let number): .number(number)
        case .absent: .null
        }
    }
}
