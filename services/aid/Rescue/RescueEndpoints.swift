import Contracts
import HTTPTypes
import Security
import ServiceKit
import SocialDomain
import Storage

/// What other services ask aid about people, and a household's chain for programs.
struct RescueEndpoints: Sendable {
    let app: AidApplication

    func addRoutes(to routes: inout RouteTable) {
        routes.on(AidContract.status) { call in try await status(call) }
        routes.on(AidContract.person) { call in try await person(call) }
        routes.on(AidContract.householdChain) { call in try await chain(call) }
    }

    // MARK: - Statuses

    private func status(_ call: Call<NoParameters, StatusQuestion>) async throws -> Reply<StatusAnswer> {
        let number: CitizenID
        do {
            number = try CitizenID(call.body.idNumber)
        } catch {
            throw Problem.invalid([FieldFault(field: "/idNumber", message: error.explanation)])
        }
        let index = app.seal.index(of: number.text)
        let rows = try await app.database.read { db in
            try db.rows(
                """
                SELECT p.person_id, h.division, h.category FROM person p JOIN household h ON h.household_id = p.household_id
                WHERE p.id_number_index = \(index) OR p.id_number = \(number.text) ORDER BY p.position
                """
            ).map { row in
                (
                    person: try row.get("person_id", as: String.self),
                    division: try row.get("division", as: String.self),
                    category: try row.get("category", as: String.self)
                )
            }
        }
        let found = rows.first { HouseholdCategory(rawValue: $0.category)?.isCovered == true } ?? rows.first
        let isLowIncome = found.flatMap { HouseholdCategory(rawValue: $0.category) }?.isCovered ?? false
        // What was asked stands nowhere, whom it found and the answer do.
        try await app.journal.record(
            call.event(
                "status.ask", subject: found?.person ?? "", division: found?.division ?? "",
                reason: isLowIncome ? "yes" : "no"))
        return Reply(StatusAnswer(isLowIncome: isLowIncome, category: found?.category))
    }

    // MARK: - People

    private func person(_ call: Call<PersonReference, NoBody>) async throws -> Reply<PersonRecord> {
        guard call.caller.kind == .system || call.caller.id == "training" else { throw Problem.notAllowed }
        let (id, seal) = (call.parameters.person, app.seal)
        let found = try await app.database.read { db in
            try db.first(
                """
                SELECT p.household_id, h.division, h.settlement, h.category, p.name, p.id_number, p.id_number_sealed
                FROM training_request r JOIN person p ON p.person_id = r.person_id
                JOIN household h ON h.household_id = p.household_id WHERE r.person_id = \(id)
                """
            ).map { row in
                let settlement: String = try row.get("settlement")
                return PersonRecord(
                    person: id, household: try row.get("household_id"), division: try row.get("division"),
                    settlement: settlement.isEmpty ? nil : settlement, name: try row.get("name"),
                    idNumber: try seal.number(in: row, person: id) ?? "",
                    isLowIncome: HouseholdCategory(rawValue: try row.get("category"))?.isCovered ?? false)
            }
        }
        guard let found else { throw Problem.notFound }
        guard !found.idNumber.isEmpty else { throw Problem.numberMissing }
        try await app.journal.record(
            call.event(
                "person.disclose", subject: id, division: found.division, reason: call.parameters.purpose))
        return Reply(found)
    }

    // MARK: - The chain

    private func chain(_ call: Call<HouseholdReference, NoBody>) async throws -> Reply<Listing<ChainEntryRecord>> {
        let (id, division) = (call.parameters.household, call.scope.division)
        let entries = try await app.database.read { db in
            try RescueChain.stored(of: id, within: division, in: db)
        }
        guard let last = entries.first else { throw Problem.notFound }
        try await app.journal.record(
            call.event("household.look", subject: id, division: last.entry.division, reason: "chain"))
        return Reply(Listing(items: entries.map { ChainEntryRecord($0.entry, hash: $0.hash) }, next: nil))
    }
}

extension ChainEntryRecord {
    fileprivate init(_ entry: RescueEntry, hash: [UInt8]) {
        self.init(
            sequence: Int64(entry.sequence), kind: entry.kind, day: entry.day,
            person: entry.person.isEmpty ? nil : entry.person, title: entry.title, source: entry.source,
            actor: entry.actor.isEmpty ? nil : entry.actor, reference: entry.reference, recordedAt: entry.recordedAt,
            hash: hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }
}

extension Problem {
    fileprivate static let numberMissing = Problem(
        .conflict, code: "number-missing",
        title: LocalizedText(zh: "名册里没有此人的身份证号", en: "The register has no identity number of the person"),
        detail: LocalizedText(
            zh: "请先在救助系统的名册里补正身份证号。", en: "Correct the identity number in aid's register first."))
}
