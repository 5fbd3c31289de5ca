import Security
import ServiceKit
import SocialDomain
import Storage

/// Why a step on the way to work was not taken.
enum JobRefusal: ExplainedFault, Hashable {
    case closed
    case ownPageUnknown
    case changedMeanwhile
    case decided(ApplicationState)
    case noPlace
    case alreadyPlaced
    case reasonMissing
    case dayMissing
    case notDue
    case notCompleted
    case ended
    case refusedBefore
    case tooEarly

    var explanation: LocalizedText {
        switch self {
        case .closed: LocalizedText(zh: "这个岗位已经截止或招满。", en: "This vacancy is closed or filled.")
        case .ownPageUnknown:
            LocalizedText(
                zh: "没有找到这个学员页面。请粘贴您报名时得到的地址，或带身份证到人社部门补发。",
                en:
                    "No learner's page has this address: paste the one you got when you signed up, or ask the employment office for a new one."
            )
        case .changedMeanwhile:
            LocalizedText(
                zh: "刚才已被改动，没有再改。请刷新后再决定。", en: "It was changed meanwhile; nothing was done. Reload and decide again.")
        case .decided(let state):
            LocalizedText(zh: "已登记为“\(state.title.zh)”。", en: "It is “\(state.title.en)” already.")
        case .noPlace: LocalizedText(zh: "岗位已招满，没有登记。", en: "Every place is filled; nothing was noted.")
        case .alreadyPlaced:
            LocalizedText(zh: "这名学员已有在岗记录，先登记离职。", en: "The learner is at work already: note the end of that first.")
        case .reasonMissing: LocalizedText(zh: "请选择原因；选“其他”时写明说明。", en: "Choose a reason; for “other”, say why.")
        case .dayMissing: LocalizedText(zh: "请填写上岗日期，不能晚于今天。", en: "Give the first day of work, not after today.")
        case .notCompleted:
            LocalizedText(
                zh: "结业以后才能登记就业；未结业的请先登记考核结果。",
                en: "Only who has completed the class is placed from here: enter the results first.")
        case .ended: LocalizedText(zh: "这份工作已登记离职。", en: "The end of this work is noted already.")
        case .refusedBefore:
            LocalizedText(
                zh: "您应聘过这个岗位，没有被录用。可以看看别的岗位。", en: "You applied here before and were not taken: look at others.")
        case .tooEarly:
            LocalizedText(
                zh: "日期太早：上岗日期不早于两年前，离职日期不早于上岗日期。",
                en: "Too early: work begins at most two years ago, and ends no earlier than it began.")
        case .notDue: LocalizedText(zh: "这一次跟踪还没有到期，或已经登记。", en: "This follow-up is not due yet, or is noted already.")
        }
    }
}

/// Applications, placements and their follow-up, each step in the caller's transaction and division.
struct JobDesk {
    let db: Connection
    let caller: Caller
    /// ISO 8601 in UTC.
    let time: String
    let request: String

    private var today: CalendarDate { BeijingTime.day(iso8601: time) }
    /// Of a first day of work: two years ago.
    private var earliest: CalendarDate { today.adding(days: -730) }

    // MARK: - Learners

    /// The same application for whoever presses twice.
    func apply(to vacancy: Int64, _ token: LearnerToken) throws {
        guard let learner = try LearnerRegister.learner(with: token, in: db) else { throw JobRefusal.ownPageUnknown }
        let open = try db.first(
            """
            SELECT v.division FROM vacancy v JOIN employer m ON m.employer_id = v.employer_id
            WHERE v.vacancy_id = \(vacancy) AND v.state = 'open' AND m.state = 'active' AND v.filled < v.places
                AND v.open_until >= \(today.description)
            """)
        guard let open else { throw JobRefusal.closed }
        let added = try db.execute(
            """
            INSERT INTO job_application (vacancy_id, learner_id, state, created_at, changed_at)
            VALUES (\(vacancy), \(learner), 'sent', \(time), \(time)) ON CONFLICT (vacancy_id, learner_id) DO NOTHING
            """)
        guard added == 1 else {
            let before = try db.first(
                "SELECT state FROM job_application WHERE vacancy_id = \(vacancy) AND learner_id = \(learner)")
            guard try before?.get("state", as: String.self) != ApplicationState.refused.rawValue else {
                throw JobRefusal.refusedBefore
            }
            return
        }
        try note("application.add", "vacancy:\(vacancy)", try open.get("division"))
    }

    // MARK: - Staff

    struct Application: Sendable {
        let id: Int64
        let vacancy: Int64
        let learner: Int64
        let state: ApplicationState
        let version: Int64
        let title: String
        let employer: String
        let employerID: Int64
        let trade: String
        let level: Int64
        let home: String
    }

    /// Nil where there is none that the caller decides on.
    func application(_ id: Int64) throws -> Application? {
        let inScope = SQL.applications(
            within: caller.scope, home: "l.division", work: "v.division", employer: "v.employer_id")
        return try db.first(
            """
            SELECT a.*, v.title, v.trade, v.level, v.employer_id, m.name AS employer, l.division AS home
            FROM job_application a JOIN vacancy v ON v.vacancy_id = a.vacancy_id
            JOIN employer m ON m.employer_id = v.employer_id JOIN learner l ON l.learner_id = a.learner_id
            WHERE a.application_id = \(id) AND \(inScope)
            """
        ).map { row in
            Application(
                id: id, vacancy: try row.get("vacancy_id"), learner: try row.get("learner_id"),
                state: ApplicationState(rawValue: try row.get("state")) ?? .sent, version: try row.get("version"),
                title: try row.get("title"), employer: try row.get("employer"),
                employerID: try row.get("employer_id"), trade: try row.get("trade"), level: try row.get("level"),
                home: try row.get("home"))
        }
    }

    /// Nil where it stands there already: a form that is sent twice.
    private func open(_ id: Int64, version: Int64, to state: ApplicationState) throws -> Application? {
        guard let found = try application(id) else { throw Problem.notFound }
        if found.state == state { return nil }
        guard found.version == version else { throw JobRefusal.changedMeanwhile }
        guard found.state == .sent || found.state == .interview else { throw JobRefusal.decided(found.state) }
        return found
    }

    /// That it was decided in the same way.
    private func require(_ same: SQL, _ state: ApplicationState) throws {
        guard try db.first(same) != nil else { throw JobRefusal.decided(state) }
    }

    func invite(_ id: Int64, version: Int64) throws {
        guard let found = try open(id, version: version, to: .interview) else { return }
        try set(found, .interview, refusal: nil, note: "")
        try note("application.interview", "application:\(id)", found.home)
    }

    func refuse(_ id: Int64, version: Int64, _ reason: RefusalReason, note text: String) throws {
        guard let found = try open(id, version: version, to: .refused) else {
            return try require(
                "SELECT 1 AS one FROM job_application WHERE application_id = \(id) AND refusal = \(reason.rawValue)",
                .refused)
        }
        try set(found, .refused, refusal: reason, note: text)
        try note("application.refuse", "application:\(id)", found.home, reason.rawValue)
    }

    /// The learner has the place: the vacancy is never filled beyond its places, and a person has one open placement.
    func accept(_ id: Int64, version: Int64, startedOn day: CalendarDate, income: Money?) throws {
        guard let found = try open(id, version: version, to: .accepted) else {
            return try require(
                """
                SELECT 1 AS one FROM job_application a JOIN placement p ON p.vacancy_id = a.vacancy_id
                    AND p.learner_id = a.learner_id
                WHERE a.application_id = \(id) AND p.started_on = \(day.description)
                """, .accepted)
        }
        guard day <= today else { throw JobRefusal.dayMissing }
        guard day >= earliest else { throw JobRefusal.tooEarly }
        let taken = try db.execute(
            """
            UPDATE vacancy SET filled = filled + 1, version = version + 1
            WHERE vacancy_id = \(found.vacancy) AND filled < places
            """)
        guard taken == 1 else { throw JobRefusal.noPlace }
        guard
            try db.first("SELECT 1 AS one FROM placement WHERE learner_id = \(found.learner) AND ended_on IS NULL")
                == nil
        else { throw JobRefusal.alreadyPlaced }
        try set(found, .accepted, refusal: nil, note: "")
        // The training that led to it: the newest one completed for this trade, else the newest at all.
        let enrollment = try db.first(
            """
            SELECT e.enrollment_id FROM enrollment e JOIN training_class c ON c.class_id = e.class_id
            JOIN program p ON p.program_id = c.program_id
            WHERE e.learner_id = \(found.learner) AND e.state = 'completed'
            ORDER BY CASE WHEN p.trade = \(found.trade) THEN 0 ELSE 1 END, c.ends_on DESC LIMIT 1
            """
        ).map { try $0.get("enrollment_id", as: Int64.self) }
        let placement = try begin(
            Start(
                learner: found.learner, home: found.home, enrollment: enrollment, employer: found.employerID,
                employerName: found.employer, vacancy: found.vacancy, trade: found.trade,
                level: SkillLevel(rawValue: found.level) ?? .special, day: day, income: income))
        try note("application.accept", "application:\(id)", found.home, "placement:\(placement)")
    }

    /// Work that a learner found without one of our vacancies: at an employer, or the learner's own.
    ///
    /// - Parameters:
    ///   - employer: nil for one's own business.
    ///   - evidence: contract, licence, insurance record, visit.
    /// - Returns: the placement's number; the same one for whoever sends the form twice.
    func place(
        enrollment id: Int64, at employer: NamedEmployer?, trade: String, startedOn day: CalendarDate, income: Money?,
        evidence: String
    ) throws -> Int64 {
        let found = try db.first(
            """
            SELECT e.learner_id, e.state, l.division, p.level FROM enrollment e
            JOIN learner l ON l.learner_id = e.learner_id JOIN training_class c ON c.class_id = e.class_id
            JOIN program p ON p.program_id = c.program_id
            WHERE e.enrollment_id = \(id) AND \(SQL.within(caller.scope.division, "e.division"))
            """)
        guard let row = found else { throw Problem.notFound }
        guard day >= earliest else { throw JobRefusal.tooEarly }
        guard try row.get("state", as: String.self) == EnrollmentState.completed.rawValue else {
            throw JobRefusal.notCompleted
        }
        let (learner, home): (Int64, String) = (try row.get("learner_id"), try row.get("division"))
        let number = try employer.map {
            try ChangeDesk(db: db, caller: caller, time: time, request: request).employer(
                $0, division: home, isHiring: false)
        }
        let open = try db.first("SELECT * FROM placement WHERE learner_id = \(learner) AND ended_on IS NULL")
        if let open {
            let isSame =
                try open.get("enrollment_id", as: Int64?.self) == id
                && open.get("employer_id", as: Int64?.self) == number
                && open.get("started_on", as: String.self) == day.description
            guard isSame else { throw JobRefusal.alreadyPlaced }
            return try open.get("placement_id")
        }
        let placement = try begin(
            Start(
                learner: learner, home: home, enrollment: id, employer: number,
                employerName: employer?.name ?? LocalizedText.ownBusiness.zh, trade: trade,
                level: SkillLevel(rawValue: try row.get("level")) ?? .special, day: day, income: income,
                evidence: evidence))
        try note("placement.make", "placement:\(placement)", home, number == nil ? "own" : "employer")
        return placement
    }

    /// What a placement begins with.
    private struct Start {
        let learner: Int64
        let home: String
        let enrollment: Int64?
        let employer: Int64?
        let employerName: String
        var vacancy: Int64?
        let trade: String
        let level: SkillLevel
        let day: CalendarDate
        let income: Money?
        var evidence = ""
    }

    /// The placement, its follow-ups, and word to aid.
    private func begin(_ start: Start) throws -> Int64 {
        let brand = try DivisionCode(prefix: start.home).flatMap { home in
            try BrandQueries.brand(of: start.trade, employer: start.employer, home: home, in: db)
        }
        guard
            let row = try db.first(
                """
                INSERT INTO placement (learner_id, division, enrollment_id, employer_id, vacancy_id, brand_id, trade,
                    started_on, monthly_income, evidence, created_at)
                VALUES (\(start.learner), \(start.home), \(start.enrollment), \(start.employer), \(start.vacancy),
                    \(brand), \(start.trade), \(start.day.description), \(start.income?.fen), \(start.evidence),
                    \(time)) RETURNING placement_id
                """)
        else { throw DatabaseFault.damaged }
        let placement: Int64 = try row.get("placement_id")
        for month in RetentionCheck.months {
            try db.execute(
                """
                INSERT INTO retention_check (placement_id, month, due_on)
                VALUES (\(placement), \(month), \(Self.due(start.day, months: month).description))
                """)
        }
        try Milestone.placed.record(
            of: start.learner, on: start.day, title: start.employerName, trade: start.trade, level: start.level,
            reference: "placement:\(placement)", in: db)
        return placement
    }

    /// The same day some months later, the month's last where it has no such day.
    static func due(_ day: CalendarDate, months: Int) -> CalendarDate {
        let (year, month, number) = day.civil
        let index = month - 1 + months
        let (later, name) = (year + index / 12, index % 12 + 1)
        let last = CalendarDate.daysInMonth(year: later, month: name)
        return CalendarDate(dayNumber: CalendarDate.dayNumber(year: later, month: name, day: min(number, last)))
    }

    // MARK: - Follow-up

    func followUp(
        _ placement: Int64, month: Int, _ outcome: RetentionOutcome, income: Money?, why: LeavingReason?,
        note text: String
    ) throws {
        let row = try db.first(
            """
            SELECT p.learner_id, p.division, p.trade, p.ended_on, coalesce(m.name, '') AS employer FROM placement p
            LEFT JOIN employer m ON m.employer_id = p.employer_id
            WHERE p.placement_id = \(placement) AND \(SQL.within(caller.scope.division, "p.division"))
            """)
        guard let row else { throw Problem.notFound }
        guard try row.get("ended_on", as: String?.self) == nil else { throw JobRefusal.ended }
        if outcome == .left, why == nil { throw JobRefusal.reasonMissing }
        let noted = try db.execute(
            """
            UPDATE retention_check SET done_on = \(today.description), outcome = \(outcome.rawValue),
                monthly_income = \(income?.fen), note = \(text), checked_by = \(caller.id)
            WHERE placement_id = \(placement) AND month = \(month) AND done_on IS NULL AND due_on <= \(today.description)
            """)
        guard noted == 1 else { throw JobRefusal.notDue }
        if outcome == .left {
            try db.execute(
                """
                UPDATE placement SET ended_on = \(today.description), ended_why = \(why?.rawValue), version = version + 1
                WHERE placement_id = \(placement) AND ended_on IS NULL
                """)
        } else if outcome != .unreachable {
            try Milestone.retained.record(
                of: row.get("learner_id"), on: today, title: row.get("employer"), trade: row.get("trade"),
                level: .special,
                reference: "placement:\(placement):\(month)", in: db)
        }
        try note(
            "placement.follow-up", "placement:\(placement)", try row.get("division"), "\(month) \(outcome.rawValue)")
    }

    /// Somebody left between the follow-ups; noted twice it stands there once.
    func end(_ placement: Int64, on day: CalendarDate, why: LeavingReason) throws {
        let row = try db.first(
            """
            SELECT division, started_on, ended_on FROM placement
            WHERE placement_id = \(placement) AND \(SQL.within(caller.scope.division, "division"))
            """)
        guard let row else { throw Problem.notFound }
        if let ended = try row.get("ended_on", as: String?.self) {
            guard ended == day.description else { throw JobRefusal.ended }
            return
        }
        guard day <= today else { throw JobRefusal.dayMissing }
        guard try day.description >= row.get("started_on", as: String.self) else { throw JobRefusal.tooEarly }
        try db.execute(
            """
            UPDATE placement SET ended_on = \(day.description), ended_why = \(why.rawValue), version = version + 1
            WHERE placement_id = \(placement)
            """)
        try note("placement.end", "placement:\(placement)", try row.get("division"), why.rawValue)
    }

    private func set(_ found: Application, _ state: ApplicationState, refusal: RefusalReason?, note text: String) throws
    {
        try db.execute(
            """
            UPDATE job_application SET state = \(state.rawValue), refusal = \(refusal?.rawValue), note = \(text),
                changed_at = \(time), version = version + 1 WHERE application_id = \(found.id)
            """)
    }

    private func note(_ action: String, _ subject: String, _ division: String, _ reason: String = "") throws {
        try AuditLog.append(
            [
                AuditEvent(
                    action, subject: subject, division: division, reason: reason, by: caller, request: request)
            ], in: db)
    }
}

extension LocalizedText {
    static let ownBusiness = LocalizedText(zh: "自主创业", en: "Own business")
}

extension TrainingApplication {
    /// One step on the way to work, in one transaction.
    func job<Value: Sendable>(
        _ context: KitContext, _ work: @escaping @Sendable (JobDesk) throws -> Value
    ) async throws -> Value {
        let (caller, time, request) = (try context.requireCaller(), now(), context.requestID)
        return try await database.write { db in
            try work(JobDesk(db: db, caller: caller, time: time, request: request))
        }
    }
}
