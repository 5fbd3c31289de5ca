import Security
import ServiceKit
import SocialDomain
import Storage

/// Asks the training service for places, once for each person: the request, its entry in the rescue chain and the event
/// stand or fall together.
struct AskTraining {
    let db: Connection
    let seal: RecordSeal
    /// ISO 8601 in UTC.
    let time: String

    private var today: CalendarDate { BeijingTime.day(iso8601: time) }

    /// For everyone whom the alerts that are open now find, and for whom it was not asked yet. Where no training service is
    /// connected nobody is asked for; the next run with one asks.
    ///
    /// - Returns: how many it was asked for.
    @discardableResult
    func forFindings(of run: Int64) throws -> Int {
        guard try Outbox.isWanted(TrainingNeed.eventType, in: db) else { return 0 }
        let rows = try db.rows(
            """
            SELECT DISTINCT p.person_id, p.household_id, h.division, h.category, p.birth_date, p.sex, p.id_number,
                p.id_number_sealed
            FROM alert_signal s JOIN alert a ON a.alert_id = s.alert_id AND a.state = 'open'
            JOIN person p ON p.person_id = s.subject JOIN household h ON h.household_id = p.household_id
            WHERE s.indicator IN \(list: TrainingNeed.indicators)
                AND NOT EXISTS (SELECT 1 FROM training_request r WHERE r.person_id = p.person_id)
            ORDER BY p.person_id
            """)
        let needs = try rows.compactMap { row in
            do {
                return try need(row)
            } catch is TrainingRefusal {
                return nil
            }
        }
        try ask(needs, by: nil, run: run)
        return needs.count
    }

    /// An officer asks for one member of a household.
    ///
    /// - Parameter event: who asks; subject and division are filled in here.
    func forMember(_ person: String, of household: String, within scope: Scope, audit event: AuditEvent) throws {
        guard
            let home = try db.first(
                """
                SELECT 1 AS one FROM household
                WHERE household_id = \(household) AND \(SQL.within(scope.division, "division"))
                """), try home.get("one", as: Int64.self) == 1
        else { throw Problem.notFound }
        guard
            let row = try db.first(
                """
                SELECT p.person_id, p.household_id, h.division, h.category, p.birth_date, p.sex, p.id_number,
                    p.id_number_sealed
                FROM person p JOIN household h ON h.household_id = p.household_id
                WHERE p.person_id = \(person) AND p.household_id = \(household)
                """)
        else { throw TrainingRefusal.notInHousehold }
        if let earlier = try db.first("SELECT asked_at FROM training_request WHERE person_id = \(person)") {
            throw TrainingRefusal.askedAlready(on: BeijingTime.day(iso8601: try earlier.get("asked_at")))
        }
        let need = try need(row)
        guard try Outbox.isWanted(TrainingNeed.eventType, in: db) else { throw TrainingRefusal.notConnected }
        try ask([need], by: event, run: nil)
        var event = event
        event.subject = household
        event.division = need.division
        try AuditLog.append([event], in: db)
    }

    private func ask(_ needs: [TrainingNeed], by event: AuditEvent?, run: Int64?) throws {
        let insert = try db.prepare(
            """
            INSERT INTO training_request (person_id, household_id, division, asked_at, asked_by, run_id)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """)
        for need in needs {
            insert.bind(1, need.person)
            insert.bind(2, need.household)
            insert.bind(3, need.division)
            insert.bind(4, time)
            insert.bind(5, event?.actor ?? "")
            insert.bind(6, run)
            try insert.run()
        }
        let day = today.description
        try RescueChain.append(
            needs.map { need in
                RescueEvent(
                    household: need.household, division: need.division, kind: .trainingAsked, day: day,
                    person: need.person, title: "请求职业技能培训", actor: event?.name ?? "",
                    reference: "training:\(need.person)", payload: run.map { #"{"run":\#($0)}"# } ?? "{}")
            }, at: time, in: db)
        try Outbox.add(try needs.map { try $0.event }, in: db)
    }

    /// Whether training may be asked for the person of a row.
    private func need(_ row: Row) throws -> TrainingNeed {
        let category = HouseholdCategory(rawValue: try row.get("category"))
        guard category?.isCovered == true else { throw TrainingRefusal.notLowIncome }
        let person: String = try row.get("person_id")
        let birth: String? = try row.get("birth_date")
        var born = birth.flatMap { CalendarDate(iso8601: $0) }
        if born == nil { born = try seal.number(in: row, person: person).flatMap { try? CitizenID($0) }?.birthDate }
        guard let born else { throw TrainingRefusal.ageUnknown }
        let age = born.fullYears(until: today)
        guard TrainingNeed.ages.contains(age) else { throw TrainingRefusal.age(age) }
        return TrainingNeed(
            person: person, household: try row.get("household_id"), division: try row.get("division"),
            birthYear: born.year, sex: Sex(rawValue: try row.get("sex"))?.rawValue)
    }
}
