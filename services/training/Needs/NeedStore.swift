import Contracts
import Foundation
import HTTPTypes
import Security
import ServiceKit
import SocialDomain
import Storage

/// The people for whom aid asked training, in the database.
enum NeedStore {
    private static let columns: SQL = "n.*, l.latitude, l.longitude"

    // MARK: - In

    private struct Body: Decodable {
        let household: String
        let division: String
        let birthYear: Int
        let sex: String?
    }

    static let eventType = "cn.minsheng.aid.training-needed"

    /// Takes what aid asks, once for each person; a person who was placed and is without work again is open again.
    ///
    /// - Parameter time: ISO 8601 in UTC.
    static func handle(_ event: CloudEvent, at time: String, in db: Connection) throws {
        guard event.source == CloudEvent.source(of: "aid") else { throw Problem.notAids }
        let body: Body = try event.data()
        guard let division = DivisionCode(body.division), (1900...2200).contains(body.birthYear),
            event.subject.utf8.count <= 100, body.household.utf8.count <= 100
        else { throw Problem.badNeed }
        let sex = body.sex.flatMap(Sex.init)?.rawValue
        try db.execute(
            """
            INSERT INTO training_need (aid_person, division, household, birth_year, sex, asked_at)
            VALUES (\(event.subject), \(division.text), \(body.household), \(body.birthYear), \(sex), \(time))
            ON CONFLICT (aid_person) DO UPDATE SET division = excluded.division, household = excluded.household,
                asked_at = excluded.asked_at, version = training_need.version + 1,
                state = CASE training_need.state WHEN 'closed' THEN 'open' ELSE training_need.state END
            WHERE training_need.state = 'closed' OR training_need.division <> excluded.division
                OR training_need.household <> excluded.household
            """)
    }

    /// An offer that came to nothing leaves the need as it was.
    static func reopen(learner: Int64, in db: Connection) throws {
        try db.execute(
            """
            UPDATE training_need SET state = 'open', version = version + 1
            WHERE learner_id = \(learner) AND state = 'offered'
            """)
    }

    // MARK: - Reading

    struct Filter: Hashable, Sendable {
        var state: TrainingNeed.State?
        /// The last person of the page before.
        var after = ""
        var limit = 50
    }

    static func list(_ filter: Filter, within scope: Scope, in db: Connection) throws -> [TrainingNeed] {
        var conditions: [SQL] = [SQL.within(scope.division, "n.division"), "n.aid_person > \(filter.after)"]
        if let state = filter.state { conditions.append("n.state = \(state.rawValue)") }
        return try db.rows(
            """
            SELECT \(columns) FROM training_need n LEFT JOIN learner l ON l.learner_id = n.learner_id
            WHERE \(conditions.joined(by: " AND ")) ORDER BY n.aid_person LIMIT \(filter.limit)
            """
        ).map(TrainingNeed.init)
    }

    static func counts(within scope: Scope, in db: Connection) throws -> [TrainingNeed.State: Int] {
        var counts: [TrainingNeed.State: Int] = [:]
        for row in try db.rows(
            """
            SELECT state, count(*) AS n FROM training_need WHERE \(SQL.within(scope.division, "division")) GROUP BY state
            """)
        {
            guard let state = TrainingNeed.State(rawValue: try row.get("state")) else { continue }
            counts[state] = try row.get("n", as: Int.self)
        }
        return counts
    }

    /// Nil where there is none that the account may see.
    static func need(of person: String, within scope: Scope, in db: Connection) throws -> TrainingNeed? {
        try db.first(
            """
            SELECT \(columns) FROM training_need n LEFT JOIN learner l ON l.learner_id = n.learner_id
            WHERE n.aid_person = \(person) AND \(SQL.within(scope.division, "n.division"))
            """
        ).map(TrainingNeed.init)
    }

    /// Classes of the account's division that take people still and have a free seat. Where seats are drawn by lot they
    /// are not given away before the draw.
    static func openClasses(within scope: Scope, on day: CalendarDate, in db: Connection) throws -> [OpenClass] {
        try db.rows(
            """
            SELECT c.class_id, c.title, c.division, c.audience, c.place, c.latitude, c.longitude,
                c.capacity - c.seated AS free, c.starts_on, c.ends_on, p.trade, p.level, s.name AS school
            FROM training_class c JOIN program p ON p.program_id = c.program_id JOIN school s ON s.school_id = c.school_id
            WHERE c.state = 'open' AND c.seated < c.capacity AND c.sign_up_until >= \(day.description)
                AND c.starts_on >= \(day.description) AND s.state = 'active'
                AND (c.policy <> 'lottery' OR c.lottery_drawn_at IS NOT NULL)
                AND \(SQL.within(scope.division, "c.division"))
            ORDER BY c.starts_on, c.class_id LIMIT 2000
            """
        ).compactMap { row in
            guard let starts = CalendarDate(iso8601: try row.get("starts_on", as: String.self)),
                let ends = CalendarDate(iso8601: try row.get("ends_on", as: String.self)),
                let level = SkillLevel(rawValue: try row.get("level"))
            else { return nil }
            return OpenClass(
                id: try row.get("class_id"), title: try row.get("title"), school: try row.get("school"),
                division: try row.get("division"), audience: WorkWish(rawValue: try row.get("audience")) ?? .any,
                place: try row.get("place"),
                point: GeoPoint(latitude: try row.get("latitude"), longitude: try row.get("longitude")),
                freeSeats: try row.get("free"), startsOn: starts, endsOn: ends, trade: try row.get("trade"),
                level: level)
        }
    }

    /// A person's place in a class.
    struct Place: Hashable, Sendable {
        let classID: Int64
        let title: String
        let state: EnrollmentState
        let offeredUntil: String?

        /// No other place is offered beside it.
        var isHeld: Bool { [.applied, .waiting, .offered, .seated].contains(state) }
    }

    /// The places of these learners, each one's newest first.
    static func places(of learners: [Int64], in db: Connection) throws -> [Int64: [Place]] {
        var places: [Int64: [Place]] = [:]
        for row in try db.rows(
            """
            SELECT e.learner_id, e.class_id, e.state, e.offered_until, c.title
            FROM enrollment e JOIN training_class c ON c.class_id = e.class_id
            WHERE e.learner_id IN \(list: learners) ORDER BY e.changed_at DESC, e.enrollment_id DESC
            """)
        {
            guard let state = EnrollmentState(rawValue: try row.get("state")) else { continue }
            places[try row.get("learner_id"), default: []].append(
                Place(
                    classID: try row.get("class_id"), title: try row.get("title"), state: state,
                    offeredUntil: try row.get("offered_until")))
        }
        return places
    }

    // MARK: - Changing

    /// What an officer may set.
    struct Setting: Hashable, Sendable {
        let wish: WorkWish
        let schooling: Schooling
        /// The person does not want to; else offers go on.
        let isDeclined: Bool
        let note: String
    }

    static func set(
        _ setting: Setting, for person: String, version: Int64, within scope: Scope, audit event: AuditEvent,
        in db: Connection
    ) throws {
        guard let need = try need(of: person, within: scope, in: db) else { throw Problem.notFound }
        guard need.version == version else { throw NeedRefusal.changed(need) }
        let state: TrainingNeed.State =
            setting.isDeclined ? .declined : need.state == .declined ? .open : need.state
        try db.execute(
            """
            UPDATE training_need SET wish = \(setting.wish.rawValue), schooling = \(setting.schooling.rawValue),
                state = \(state.rawValue), note = \(setting.note), handled_by = \(event.actor), version = version + 1
            WHERE aid_person = \(person)
            """)
        var event = event
        event.subject = person
        event.division = need.division
        try AuditLog.append([event], in: db)
    }
}

extension Problem {
    fileprivate static let notAids = Problem(
        .forbidden, code: "event-not-yours",
        title: LocalizedText(zh: "只有社会救助服务可以请求", en: "Only the aid service asks this"),
        detail: LocalizedText(
            zh: "培训需求只由社会救助服务告知。", en: "People who need training are named by the aid service only."))

    fileprivate static let badNeed = Problem(
        .unprocessableContent, code: "need-unreadable",
        title: LocalizedText(zh: "培训需求不完整", en: "Not a whole need"),
        detail: LocalizedText(zh: "区划或出生年不符合约定。", en: "The division or the year of birth is not as agreed."))
}
