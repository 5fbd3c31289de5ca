import Security
import ServiceKit
import SocialDomain
import Storage

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
        let household: String
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
    /// What was done for the household, the newest first.
    let chain: [RescueEntry]
    /// Members for whom training was asked; nil where no training service is connected.
    let trainingAsked: Set<String>?
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
    let database: Database
    let scope: Scope
    let seal: RecordSeal

    /// Nil where there is no such household, or none that the account may see.
    func story(_ id: String) async throws -> HouseholdStory? {
        let (database, division, seal) = (database, scope.division, seal)
        return try await database.glance { db in
            let household = try db.first(
                """
                SELECT division, settlement, category, income_per_capita, enrolled_on FROM household
                WHERE household_id = \(id) AND \(SQL.within(division, "division"))
                """)
            let alerts = try Self.alerts(db, id, within: division)
            let chain = try RescueChain.entries(of: id, within: division, in: db)
            guard household != nil || !alerts.isEmpty || !chain.isEmpty else { return nil }
            // A household that moved away: its file is elsewhere, what was found here stays.
            let isElsewhere =
                try household == nil && db.first("SELECT 1 AS one FROM household WHERE household_id = \(id)") != nil
            let evidence = try isElsewhere ? nil : Self.evidence(db, id, seal)
            let asOf = try RunQueries(database: database).latestDone(db)?.asOf
            let income: Int64? = try household?.get("income_per_capita")
            let enrolled: String? = try household?.get("enrolled_on")
            let members = try household == nil ? [] : Self.members(db, id, seal)
            return HouseholdStory(
                id: id, division: try household?.get("division") ?? "",
                settlement: try household?.get("settlement") ?? "", category: try household?.get("category") ?? "",
                incomePerCapita: income.map(Money.init(fen:)),
                enrolledOn: enrolled.flatMap { CalendarDate(iso8601: $0) }, isRegistered: household != nil,
                members: members, alerts: alerts,
                changes: try Self.changes(db, id, within: division),
                evidence: evidence.map(EvidenceRow.list(json:)) ?? [],
                chain: chain,
                trainingAsked: try Self.trainingAsked(db, members), asOf: asOf.flatMap { CalendarDate(iso8601: $0) })
        }
    }

    private static func trainingAsked(_ db: Connection, _ members: [HouseholdMember]) throws -> Set<String>? {
        guard try Outbox.isWanted(TrainingNeed.eventType, in: db) else { return nil }
        return Set(
            try db.rows(
                "SELECT person_id FROM training_request WHERE person_id IN \(list: members.map(\.id))"
            ).map { try $0.get("person_id", as: String.self) })
    }

    private static func evidence(_ db: Connection, _ id: String, _ seal: RecordSeal) throws -> String? {
        guard let row = try db.first("SELECT rows, sealed FROM evidence WHERE household_id = \(id)") else { return nil }
        if let sealed: [UInt8] = try row.get("sealed") { return try seal.openEvidence(sealed, household: id) }
        return try row.get("rows")
    }

    static func members(
        _ db: Connection, _ id: String, _ seal: RecordSeal
    ) throws -> [HouseholdMember] {
        try db.rows(
            """
            SELECT person_id, name, id_number, id_number_sealed, sex, birth_date, relation FROM person
            WHERE household_id = \(id) ORDER BY position
            """
        ).map { row in
            let birth: String? = try row.get("birth_date")
            let person: String = try row.get("person_id")
            return HouseholdMember(
                id: person, name: try row.get("name"), idNumber: try seal.number(in: row, person: person),
                sex: try row.get("sex"), birthDate: birth.flatMap { CalendarDate(iso8601: $0) },
                relation: try row.get("relation"))
        }
    }

    /// What is not closed first, then by points.
    static func alerts(
        _ db: Connection, _ id: String, within division: DivisionCode?
    ) throws -> [HouseholdStory.Alert] {
        try alerts(db, where: "household_id = \(id)", within: division)
    }

    static func alerts(
        _ db: Connection, where condition: SQL, within division: DivisionCode?
    ) throws -> [HouseholdStory.Alert] {
        let rows = try db.rows(
            """
            SELECT alert_id, household_id, direction, state, tier, points, opened_at, changed_at FROM alert
            WHERE \(condition) AND \(SQL.within(division, "division"))
            ORDER BY CASE state WHEN 'open' THEN 0 WHEN 'cleared' THEN 1 ELSE 2 END, points DESC, alert_id DESC
            """)
        guard !rows.isEmpty else { return [] }
        let ids = try rows.map { try $0.get("alert_id", as: Int64.self) }
        var signals: [Int64: [HouseholdStory.Signal]] = [:]
        for row in try db.rows(
            """
            SELECT alert_id, indicator, subject, points, facts FROM alert_signal WHERE alert_id IN \(list: ids)
            ORDER BY points DESC, indicator, subject
            """)
        {
            signals[try row.get("alert_id"), default: []].append(
                HouseholdStory.Signal(
                    indicator: try row.get("indicator"), subject: try row.get("subject"),
                    points: try row.get("points"), facts: SignalFacts(json: try row.get("facts"))))
        }
        return try rows.map { row in
            let alert: Int64 = try row.get("alert_id")
            return HouseholdStory.Alert(
                id: alert, household: try row.get("household_id"), direction: try row.get("direction"),
                state: try row.get("state"), tier: try row.get("tier"), points: try row.get("points"),
                openedAt: try row.get("opened_at"), changedAt: try row.get("changed_at"), signals: signals[alert] ?? [])
        }
    }

    private static func changes(
        _ db: Connection, _ id: String, within division: DivisionCode?
    ) throws -> [HouseholdStory.Change] {
        try db.rows(
            """
            SELECT c.alert_id, a.direction, c.run_id, c.changed_at, c.change, c.tier, c.points, c.note
            FROM alert a JOIN alert_change c ON c.alert_id = a.alert_id
            WHERE a.household_id = \(id) AND \(SQL.within(division, "a.division"))
            ORDER BY c.changed_at DESC, c.alert_id DESC, c.number DESC LIMIT 200
            """
        ).map { row in
            HouseholdStory.Change(
                alert: try row.get("alert_id"), direction: try row.get("direction"), run: try row.get("run_id"),
                changedAt: try row.get("changed_at"), change: try row.get("change"), tier: try row.get("tier"),
                points: try row.get("points"), note: try row.get("note"))
        }
    }

    // MARK: - Search

    static let searchLimit = 50

    /// Households by their id, an identity number or a member's exact name.
    func search(_ text: String) async throws -> [HouseholdFound] {
        let condition: SQL
        if let id = try? CitizenID(text) {
            condition = "(p.id_number_index = \(seal.index(of: id.text)) OR p.id_number = \(id.text))"
        } else {
            condition = "p.name = \(text)"
        }
        let division = scope.division
        return try await database.read { db in
            let within = SQL.within(division, "h.division")
            var found = try Self.found(db, "h.household_id = \(text) AND \(within)")
            // The limit counts households that may be seen: another division's namesakes must not hide them.
            let people = try Self.found(
                db,
                """
                h.household_id IN (SELECT p.household_id FROM person p JOIN household h ON h.household_id = p.household_id
                    WHERE \(condition) AND \(within) LIMIT \(Self.searchLimit + 1))
                """)
            found += people.filter { one in !found.contains { $0.id == one.id } }
            return found
        }
    }

    private static func found(_ db: Connection, _ condition: SQL) throws -> [HouseholdFound] {
        try db.rows(
            """
            SELECT h.household_id, h.division, h.category,
                (SELECT name FROM person WHERE household_id = h.household_id
                 ORDER BY relation <> 'head', position LIMIT 1) AS name
            FROM household h WHERE \(condition) ORDER BY h.household_id LIMIT \(searchLimit + 1)
            """
        ).map { row in
            HouseholdFound(
                id: try row.get("household_id"), name: PersonName.masked(try row.get("name", as: String?.self) ?? ""),
                division: try row.get("division"), category: try row.get("category"))
        }
    }
}
