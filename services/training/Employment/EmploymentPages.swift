import Contracts
import Hummingbird
import Security
import ServiceKit
import SocialDomain
import Storage

/// `/training/employment`: applications to decide, follow-ups that are due, and new vacancies.
struct EmploymentPages: Sendable {
    let app: TrainingApplication
    private static let path = "/training/employment"
    private static let most = 100

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.employmentDesk) { request, context in try await list(request, context) }
        routes.on(TrainingContract.newVacancyPage) { request, context in
            try vacancyForm(Form(QueryItems("")), [], request, context)
        }
        routes.on(TrainingContract.makeVacancy) { request, context in try await makeVacancy(request, context) }
        routes.on(TrainingContract.applicationPage) { request, context in try await application(request, context) }
        routes.on(TrainingContract.decideApplication) { request, context in try await decide(request, context) }
        routes.on(TrainingContract.retentionPage) { request, context in try await placement(request, context) }
        routes.on(TrainingContract.noteRetention) { request, context in try await noteRetention(request, context) }
    }

    private func desk<Value: Sendable>(
        _ context: KitContext, _ work: @escaping @Sendable (JobDesk) throws -> Value
    ) async throws -> Value {
        let (caller, time, request) = (try context.requireCaller(), app.now(), context.requestID)
        return try await app.database.write { db in
            try work(JobDesk(db: db, caller: caller, time: time, request: request))
        }
    }

    // MARK: - What waits

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let (scope, today) = (try context.requireCaller().scope, app.today.description)
        let (applications, dues) = try await app.database.read { db in
            (
                try db.rows(
                    """
                    SELECT a.application_id, a.state, a.created_at, v.title, m.name AS employer, l.name
                    FROM job_application a JOIN vacancy v ON v.vacancy_id = a.vacancy_id
                    JOIN employer m ON m.employer_id = v.employer_id JOIN learner l ON l.learner_id = a.learner_id
                    WHERE a.state IN ('sent', 'interview') AND \(SQL.within(scope.division, "l.division"))
                    ORDER BY a.application_id LIMIT \(Self.most)
                    """),
                try db.rows(
                    """
                    SELECT r.placement_id, r.month, r.due_on, l.name, coalesce(m.name, '') AS employer
                    FROM retention_check r JOIN placement p ON p.placement_id = r.placement_id
                    JOIN learner l ON l.learner_id = p.learner_id LEFT JOIN employer m ON m.employer_id = p.employer_id
                    WHERE r.done_on IS NULL AND r.due_on <= \(today) AND p.ended_on IS NULL
                        AND \(SQL.within(scope.division, "p.division"))
                    ORDER BY r.due_on, r.placement_id LIMIT \(Self.most)
                    """)
            )
        }
        var page = Page(
            "employment", title: words["employment.title"], lead: words["employment.lead"], place: "employment")
        if QueryItems(request.uri.query ?? "")["done"] != nil { page.notice = words["employment.done"] }
        page.fields["applications"] = Table(
            caption: words["employment.applications"],
            columns: [
                .init(words["attend.learner"]), .init(words["vacancy.title"]), .init(words["vacancy.employer"]),
                .init(words["attend.state"], isShort: true), .init(words["employment.since"], isMinor: true),
            ],
            rows: try applications.map { row in
                let id: Int64 = try row.get("application_id")
                return [
                    .init(
                        PersonName.masked(try row.get("name", as: String.self)), href: "\(Self.path)/applications/\(id)"
                    ),
                    .init(try row.get("title")), .init(try row.get("employer")),
                    .init(ApplicationState(rawValue: try row.get("state")).map { words[$0.title] } ?? ""),
                    .init(Figures.moment(try row.get("created_at"), in: words.language)),
                ]
            }, emptiness: words["employment.applications.none"]
        ).fields()
        page.fields["dues"] = Table(
            caption: words["employment.dues"],
            columns: [
                .init(words["attend.learner"]), .init(words["vacancy.employer"]), .init(words["figures.month"]),
                .init(words["employment.due"], isShort: true),
            ],
            rows: try dues.map { row in
                [
                    .init(
                        PersonName.masked(try row.get("name", as: String.self)),
                        href: "\(Self.path)/placements/\(try row.get("placement_id", as: Int64.self))"),
                    .init(try row.get("employer")),
                    .init(words("figures.months", ["n": "\(try row.get("month", as: Int.self))"])),
                    .init(Figures.date(try row.get("due_on", as: String.self), in: words.language)),
                ]
            }, emptiness: words["employment.dues.none"]
        ).fields()
        return app.site.page(page, request, context)
    }

    // MARK: - A vacancy

    private func vacancyForm(
        _ form: Form, _ faults: [FieldFault], _ request: Request, _ context: KitContext
    ) throws -> Response {
        let words = app.site.words(context)
        var page = Page("vacancy-form", title: words["vacancy.new"], place: "employment")
        page.crumbs = [(words["employment.title"], Self.path)]
        page.faults = faults
        page.addressAfterPost = "\(Self.path)/new"
        if !faults.isEmpty { page.status = .unprocessableContent }
        let view = FormView(words: words, area: "vacancy", faults: faults) { form[$0] ?? "" }
        let places = FormView.divisions(app.divisions, within: try context.requireCaller().scope.division)
        page.fields["inputs"] = [
            view.input("creditCode", isNeeded: true, most: 18), view.input("employer", isNeeded: true),
            view.input("title", isNeeded: true), view.input("trade", isNeeded: true, most: 12),
            view.input("division", .choice(places.map { ($0.value, $0.title) }), isNeeded: true),
            view.input("places", isNeeded: true, most: 5), view.input("payFrom", most: 8), view.input("payTo", most: 8),
            view.input("openUntil", .day, isNeeded: true), view.input("description", .area, most: 1000),
        ]
        page.fields["formKey"] = form["formKey"] ?? context.requestID
        return app.site.page(page, request, context)
    }

    private func makeVacancy(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        var faults: [FieldFault] = []
        func fault(_ field: String, _ zh: String, _ en: String) {
            faults.append(FieldFault(field: field, message: LocalizedText(zh: zh, en: en)))
        }
        var code: UnifiedCreditCode?
        do { code = try UnifiedCreditCode(form["creditCode"] ?? "") } catch {
            faults.append(FieldFault(field: "creditCode", message: error.explanation))
        }
        let (employer, title) = (form["employer"] ?? "", form["title"] ?? "")
        if employer.isEmpty || employer.count > 100 { fault("employer", "请填写单位名称。", "Give the employer's name.") }
        if title.isEmpty || title.count > 100 { fault("title", "请填写岗位名称。", "Give the vacancy a title.") }
        let trade = form["trade"] ?? ""
        if app.tradeName(trade) == nil {
            fault("trade", "请填写职业分类代码，如 4-10-01-06；不知道可在“按职业找工种”里查。", "Give the occupation's code, such as 4-10-01-06.")
        }
        let scope = try context.requireCaller().scope
        let division = form["division"].flatMap { DivisionCode(prefix: $0) }
        if division.map(scope.contains) != true { fault("division", "请选择工作地点。", "Choose where the work is.") }
        let places = form["places"].flatMap { Int64($0) } ?? 0
        if !(1...10_000).contains(places) { fault("places", "人数为 1 至 10000。", "From 1 to 10,000 places.") }
        let day = form["openUntil"].flatMap { CalendarDate(iso8601: $0) }
        if day.map({ $0 >= app.today }) != true { fault("openUntil", "截止日期不能早于今天。", "Not before today.") }
        func pay(_ name: String) -> Money? {
            guard let text = form[name], !text.isEmpty else { return nil }
            guard let money = try? Money(parsing: text), money >= .zero else {
                fault(name, "请填写每月多少元，如 4500。", "Yuan a month, such as 4500.")
                return nil
            }
            return money
        }
        let (from, to) = (pay("payFrom"), pay("payTo"))
        if let from, let to, to < from { fault("payTo", "不能低于起薪。", "Not below where it begins.") }
        guard faults.isEmpty, let code, let division, let day else {
            return try vacancyForm(form, faults, request, context)
        }
        let (key, about) = (
            String((form["formKey"] ?? "").prefix(64)), String((form["description"] ?? "").prefix(1000))
        )
        try await desk(context) { desk in
            let db = desk.db
            try db.execute(
                """
                INSERT INTO employer (credit_code, name, division) VALUES (\(code.text), \(employer), \(division.prefix))
                ON CONFLICT (credit_code) DO NOTHING
                """)
            guard let row = try db.first("SELECT employer_id FROM employer WHERE credit_code = \(code.text)") else {
                throw DatabaseFault.damaged
            }
            let made = try db.execute(
                """
                INSERT INTO vacancy (employer_id, division, title, trade, places, pay_from, pay_to, description, open_until,
                    form_key)
                VALUES (\(try row.get("employer_id", as: Int64.self)), \(division.prefix), \(title), \(trade), \(places),
                    \(from?.fen), \(to?.fen), \(about), \(day.description), \(key)) ON CONFLICT (form_key) DO NOTHING
                """)
            guard made == 1 else { return }
            try AuditLog.append(
                [
                    AuditEvent(
                        "vacancy.make", subject: "employer:\(code.text)", division: division.prefix, by: desk.caller,
                        request: desk.request)
                ], in: db)
        }
        return app.seeOther("\(Self.path)?done=1")
    }

    // MARK: - An application

    private func application(
        _ request: Request, _ context: KitContext, _ refusal: JobRefusal? = nil
    ) async throws -> Response {
        let id = try app.id("application", context)
        let words = app.site.words(context)
        let found = try await desk(context) { desk in
            try desk.application(id).map { application in
                (
                    application: application,
                    learner: try desk.db.first("SELECT name FROM learner WHERE learner_id = \(application.learner)"),
                    certificates: try desk.db.rows(
                        """
                        SELECT number, trade FROM certificate
                        WHERE learner_id = \(application.learner) AND revoked_on IS NULL ORDER BY issued_on DESC LIMIT 10
                        """)
                )
            }
        }
        guard let found else { throw Problem.notFound }
        let one = found.application
        try await app.journal.record(
            AuditEvent("application.look", subject: "application:\(id)", division: one.home, in: context))
        var page = Page(
            "application", title: try found.learner?.get("name") ?? "", lead: "\(one.title) · \(one.employer)",
            place: "employment")
        page.crumbs = [(words["employment.title"], Self.path)]
        page.addressAfterPost = "\(Self.path)/applications/\(id)"
        if let refusal {
            page.status = .conflict
            page.faults = [FieldFault(field: "decision", message: refusal.explanation)]
        }
        page.fields["facts"] = TrainingApplication.facts([
            (words["attend.state"], words[one.state.title]), (words["enrollment.home"], app.divisionName(one.home)),
            (
                words["place.certificates"],
                try found.certificates.map { app.tradeTitle(try $0.get("trade")) }.joined(separator: "、")
            ),
        ])
        page.fields["action"] = "\(Self.path)/applications/\(id)"
        page.fields["version"] = "\(one.version)"
        page.fields["isOpen"] = one.state == .sent || one.state == .interview
        page.fields["reasons"] = RefusalReason.allCases.map {
            ["value": $0.rawValue, "name": words[$0.title]] as Fields
        }
        page.fields["today"] = app.today.description
        return app.site.page(page, request, context)
    }

    private func decide(_ request: Request, _ context: KitContext) async throws -> Response {
        let id = try app.id("application", context)
        let form = try await Form.read(request)
        let version = app.version(form)
        let income = form["income"].flatMap { try? Money(parsing: $0) }
        let day = form["startedOn"].flatMap { CalendarDate(iso8601: $0) }
        let (reason, note) = (form["refusal"].flatMap(RefusalReason.init(rawValue:)), form["note"] ?? "")
        let decision = form["decision"].flatMap(ApplicationState.init(rawValue:))
        do {
            try await desk(context) { desk in
                switch decision {
                case .interview: try desk.invite(id, version: version)
                case .accepted:
                    guard let day else { throw JobRefusal.dayMissing }
                    try desk.accept(id, version: version, startedOn: day, income: income)
                case .refused:
                    guard let reason, reason != .other || !note.isEmpty, note.count <= 200 else {
                        throw JobRefusal.reasonMissing
                    }
                    try desk.refuse(id, version: version, reason, note: note)
                default: throw JobRefusal.reasonMissing
                }
            }
            return app.seeOther("\(Self.path)?done=1")
        } catch let refusal as JobRefusal {
            return try await application(request, context, refusal)
        }
    }

    // MARK: - Follow-up

    private func placement(
        _ request: Request, _ context: KitContext, _ refusal: JobRefusal? = nil
    ) async throws -> Response {
        let id = try app.id("placement", context)
        let words = app.site.words(context)
        let (scope, today) = (try context.requireCaller().scope, app.today.description)
        let found = try await app.database.read { db in
            try db.first(
                """
                SELECT p.*, l.name, coalesce(m.name, '') AS employer FROM placement p
                JOIN learner l ON l.learner_id = p.learner_id LEFT JOIN employer m ON m.employer_id = p.employer_id
                WHERE p.placement_id = \(id) AND \(SQL.within(scope.division, "p.division"))
                """
            ).map { head in
                (
                    head: head,
                    checks: try db.rows("SELECT * FROM retention_check WHERE placement_id = \(id) ORDER BY month")
                )
            }
        }
        guard let found else { throw Problem.notFound }
        try await app.journal.record(
            AuditEvent(
                "placement.look", subject: "placement:\(id)", division: try found.head.get("division"), in: context))
        var page = Page(
            "placement", title: try found.head.get("name"), lead: try found.head.get("employer"), place: "employment")
        page.crumbs = [(words["employment.title"], Self.path)]
        page.addressAfterPost = "\(Self.path)/placements/\(id)"
        if let refusal {
            page.status = .conflict
            page.faults = [FieldFault(field: "outcome", message: refusal.explanation)]
        }
        page.fields["facts"] = TrainingApplication.facts([
            (words["offer.trade"], app.tradeTitle(try found.head.get("trade"))),
            (
                words["placement.from"],
                Figures.date(try found.head.get("started_on", as: String.self), in: words.language)
            ),
            (
                words["placement.until"],
                try found.head.get("ended_on", as: String?.self).map { Figures.date($0, in: words.language) } ?? ""
            ),
        ])
        page.fields["checks"] = Table(
            caption: words["figures.retention"],
            columns: [
                .init(words["figures.month"]), .init(words["employment.due"], isShort: true),
                .init(words["placement.outcome"]), .init(words["attend.reason"], isMinor: true),
            ],
            rows: try found.checks.map { row in
                let outcome = try row.get("outcome", as: String?.self).flatMap(RetentionOutcome.init(rawValue:))
                return [
                    .init(words("figures.months", ["n": "\(try row.get("month", as: Int.self))"])),
                    .init(Figures.date(try row.get("due_on", as: String.self), in: words.language)),
                    .init(outcome.map { words[$0.title] } ?? ""), .init(try row.get("note")),
                ]
            }
        ).fields()
        let due = try found.checks.first { row in
            try row.get("done_on", as: String?.self) == nil && row.get("due_on", as: String.self) <= today
        }
        if let due {
            let month: Int = try due.get("month")
            page.fields["form"] =
                [
                    "action": "\(Self.path)/placements/\(id)", "month": "\(month)",
                    "title": words("figures.months", ["n": "\(month)"]),
                    "outcomes": RetentionOutcome.allCases.map {
                        ["value": $0.rawValue, "name": words[$0.title]] as Fields
                    },
                    "whys": LeavingReason.allCases.map { ["value": $0.rawValue, "name": words[$0.title]] as Fields },
                ] as Fields
        }
        return app.site.page(page, request, context)
    }

    private func noteRetention(_ request: Request, _ context: KitContext) async throws -> Response {
        let id = try app.id("placement", context)
        let form = try await Form.read(request)
        let month = form["month"].flatMap { Int($0) } ?? 0
        let outcome = form["outcome"].flatMap(RetentionOutcome.init(rawValue:))
        let income = form["income"].flatMap { try? Money(parsing: $0) }
        let why = form["why"].flatMap(LeavingReason.init(rawValue:))
        let note = String((form["note"] ?? "").prefix(200))
        do {
            guard let outcome else { throw JobRefusal.reasonMissing }
            try await desk(context) { desk in
                try desk.followUp(id, month: month, outcome, income: income, why: why, note: note)
            }
            return app.seeOther("\(Self.path)?done=1")
        } catch let refusal as JobRefusal {
            return try await placement(request, context, refusal)
        }
    }
}
