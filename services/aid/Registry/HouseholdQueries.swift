import GRDB
import SocialDomain

/// A member as the register has it.
struct HouseholdMember: Sendable {
    let id: String
    let name: String
    let idNumber: String?
    let sex: String
    let birthDate: CalendarDate?
    let relation: String

    /// From the birth date, else from the identity number, as indicators see it.
    func age(on day: CalendarDate) -> Int? {
        if let birthDate { return birthDate.fullYears(until: day) }
        guard let idNumber, let id = try? CitizenID(idNumber) else { return nil }
        return id.birthDate.fullYears(until: day)
    }
}

/// Everything that is known of one household.
struct HouseholdStory: Sendable {
    struct Signal: Sendable {
        let indicator: String
        let subject: String
        let points: Int
        let facts: SignalFacts
    }

    struct Alert: Sendable {
        let id: Int64
        let direction: String
        let state: String
        let tier: String
        let points: Int
        let openedAt: String
        let changedAt: String
        let signals: [Signal]
    }

    struct Change: Sendable {
        let alert: Int64
        let direction: String
        let run: Int64?
        let changedAt: String
        let change: String
        let tier: String
        let points: Int
        let note: String?
    }

    let id: String
    let division: String
    let settlement: String
    let category: String
    let incomePerCapita: Money?
    let enrolledOn: CalendarDate?
    /// False where an alert outlived the household's place in the register.
    let isRegistered: Bool
    let members: [HouseholdMember]
    /// What is not closed first, then by points.
    let alerts: [Alert]
    /// The newest first.
    let changes: [Change]
    let evidence: [EvidenceRow]
    /// The day that the last run looked from.
    let asOf: CalendarDate?
}

/// A line of a search's result; names in lists are masked.
struct HouseholdFound: Sendable {
    let id: String
    let name: String
    let division: String
    let category: String
}

struct HouseholdQueries: Sendable {
    let database: any DatabaseReader

    func story(_ id: String) async throws -> HouseholdStory? {
        try await database.read { db in
            let household = try Row.fetchOne(
                db,
                sql:
                    "SELECT division, settlement, category, income_per_capita, enrolled_on FROM household WHERE household_id = ?",
                arguments: [id])
            let alerts = try Self.alerts(db, id)
            guard household != nil || !alerts.isEmpty else { return nil }
            let evidence = try String.fetchOne(
                db, sql: "SELECT rows FROM evidence WHERE household_id = ?", arguments: [id])
            let asOf = try RunQueries(database: database).latestDone(db)?.asOf
            let income: Int64? = household?["income_per_capita"]
            let enrolled: String? = household?["enrolled_on"]
            return HouseholdStory(
                id: id, division: household?["division"] ?? "", settlement: household?["settlement"] ?? "",
                category: household?["category"] ?? "", incomePerCapita: income.map(Money.init(fen:)),
                enrolledOn: enrolled.flatMap { CalendarDate(iso8601: $0) }, isRegistered: household != nil,
                members: try Self.members(db, id), alerts: alerts, changes: try Self.changes(db, id),
                evidence: evidence.map(EvidenceRow.list(json:)) ?? [], asOf: asOf.flatMap { CalendarDate(iso8601: $0) })
        }
    }

    private static func members(_ db: Database, _ id: String) throws -> [HouseholdMember] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT person_id, name, id_number, sex, birth_date, relation FROM person
                WHERE household_id = ? ORDER BY position
                """,
            arguments: [id]
        ).map { row in
            let birth: String? = row["birth_date"]
            return HouseholdMember(
                id: row["person_id"], name: row["name"], idNumber: row["id_number"], sex: row["sex"],
                birthDate: birth.flatMap { CalendarDate(iso8601: $0) }, relation: row["relation"])
        }
    }

    private static func alerts(_ db: Database, _ id: String) throws -> [HouseholdStory.Alert] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT alert_id, direction, state, tier, points, opened_at, changed_at FROM alert WHERE household_id = ?
                ORDER BY CASE state WHEN 'open' THEN 0 WHEN 'cleared' THEN 1 ELSE 2 END, points DESC, alert_id DESC
                """,
            arguments: [id]
        ).map { row in
            let alert: Int64 = row["alert_id"]
            let signals = try Row.fetchAll(
                db,
                sql: """
                    SELECT indicator, subject, points, facts FROM alert_signal WHERE alert_id = ?
                    ORDER BY points DESC, indicator, subject
                    """,
                arguments: [alert])
            return HouseholdStory.Alert(
                id: alert, direction: row["direction"], state: row["state"], tier: row["tier"], points: row["points"],
                openedAt: row["opened_at"], changedAt: row["changed_at"],
                signals: signals.map { signal in
                    .init(
                        indicator: signal["indicator"], subject: signal["subject"], points: signal["points"],
                        facts: SignalFacts(json: signal["facts"]))
                })
        }
    }

    private static func changes(_ db: Database, _ id: String) throws -> [HouseholdStory.Change] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT c.alert_id, a.direction, c.run_id, c.changed_at, c.change, c.tier, c.points, c.note
                FROM alert a JOIN alert_change c USING (alert_id) WHERE a.household_id = ?
                ORDER BY c.changed_at DESC, c.alert_id DESC, c.number DESC LIMIT 200
                """,
            arguments: [id]
        ).map { row in
            HouseholdStory.Change(
                alert: row["alert_id"], direction: row["direction"], run: row["run_id"], changedAt: row["changed_at"],
                change: row["change"], tier: row["tier"], points: row["points"], note: row["note"])
        }
    }

    // MARK: - Search

    static let searchLimit = 50

    /// Households by their id, an identity number or a member's exact name.
    func search(_ text: String) async throws -> [HouseholdFound] {
        let condition: (sql: String, argument: String)
        if let id = try? CitizenID(text) {
            condition = ("p.id_number = ?", id.text)
        } else {
            condition = ("p.name = ?", text)
        }
        return try await database.read { db in
            var found = try Self.found(db, "h.household_id = ?", text)
            let people = try Self.found(
                db,
                "h.household_id IN (SELECT p.household_id FROM person p WHERE \(condition.sql) LIMIT \(Self.searchLimit + 1))",
                condition.argument)
            found += people.filter { one in !found.contains { $0.id == one.id } }
            return found
        }
    }

    private static func found(_ db: Database, _ condition: String, _ argument: String) throws -> [HouseholdFound] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT h.household_id, h.division, h.category,
                    (SELECT name FROM person WHERE household_id = h.household_id
                     ORDER BY relation <> 'head', position LIMIT 1) AS name
                FROM household h WHERE \(condition) ORDER BY h.household_id LIMIT \(searchLimit + 1)
                """,
            arguments: [argument]
        ).map { row in
            let name: String? = row["name"]
            return HouseholdFound(
                id: row["household_id"], name: PersonName.masked(name ?? ""), division: row["division"],
                category: row["category"])
        }
    }
}
