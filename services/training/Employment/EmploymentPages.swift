import Contracts
import Hummingbird
import Security
import ServiceKit
import SocialDomain
import Storage

/// `/training/employment`: applications to decide, and follow-ups that are due.
struct EmploymentPages: Sendable {
    let app: TrainingApplication
    static let path = "/training/employment"
    private static let most = 100

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.employmentDesk) { request, context in try await list(request, context) }
        routes.on(TrainingContract.applicationPage) { request, context in try await application(request, context) }
        routes.on(TrainingContract.decideApplication) { request, context in try await decide(request, context) }
    }

    // MARK: - What waits

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let (scope, today) = (try context.requireCaller().scope, app.today.description)
        let waiting = SQL.applications(
            within: scope, home: "l.division", work: "v.division", employer: "v.employer_id")
        let isOfficer = TrainingContract.preparing.allows(context.caller)
        let given = QueryItems(request.uri.query ?? "")
        let query = given.removing("done")
        let (after, due) = (query["after"].flatMap(Int64.init) ?? 0, DueKey(query["due"] ?? ""))
        let (own, applications, count, dues) = try await app.database.read { db in
            (
                try EmploymentQueries.own(scope, in: db),
                try db.rows(
                    """
                    SELECT a.application_id, a.state, a.created_at, v.title, m.name AS employer, l.name
                    FROM job_application a JOIN vacancy v ON v.vacancy_id = a.vacancy_id
                    JOIN employer m ON m.employer_id = v.employer_id JOIN learner l ON l.learner_id = a.learner_id
                    WHERE a.state IN ('sent', 'interview') AND a.application_id > \(after) AND \(waiting)
                    ORDER BY a.application_id LIMIT \(Self.most + 1)
                    """),
                !isOfficer
                    ? 0
                    : try db.first(
                        """
                        SELECT count(*) AS n FROM retention_check r JOIN placement p ON p.placement_id = r.placement_id
                        WHERE r.done_on IS NULL AND r.due_on <= \(today) AND p.ended_on IS NULL
                            AND \(SQL.within(scope.division, "p.division"))
                        """)?.get("n", as: Int.self) ?? 0,
                !isOfficer
                    ? []
                    : try db.rows(
                        """
                        SELECT r.placement_id, r.month, r.due_on, l.name, coalesce(m.name, '') AS employer
                        FROM retention_check r JOIN placement p ON p.placement_id = r.placement_id
                        JOIN learner l ON l.learner_id = p.learner_id LEFT JOIN employer m ON m.employer_id = p.employer_id
                        WHERE r.done_on IS NULL AND r.due_on <= \(today) AND p.ended_on IS NULL
                            AND \(SQL.within(scope.division, "p.division")) AND \(due?.later ?? "1 = 1")
                        ORDER BY r.due_on, r.placement_id, r.month LIMIT \(Self.most + 1)
                        """)
            )
        }
        var page = Page(
            "employment", title: words["employment.title"],
            lead: words[isOfficer ? "employment.lead" : "employment.lead.employer"],
            place: "employment")
        if given["done"] != nil { page.notice = words["employment.done"] }
        page.fields["isOfficer"] = isOfficer
        page.fields["ownHref"] = own.map { EmployerPages.address($0.id) }
        page.fields["applications"] = Table(
            caption: words["employment.applications"],
            columns: [
                .init(words["attend.learner"]), .init(words["vacancy.title"]), .init(words["vacancy.employer"]),
                .init(words["attend.state"], isShort: true), .init(words["employment.since"], isMinor: true),
            ],
            rows: try applications.prefix(Self.most).map { row in
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
        if after > 0 { page.fields["firstPeople"] = Self.path + query.removing("after").suffix }
        if applications.count > Self.most {
            let last: Int64 = try applications[Self.most - 1].get("application_id")
            page.fields["morePeople"] = Self.path + query.setting("after", "\(last)").suffix
        }
        guard isOfficer else { return app.site.page(page, request, context) }
        page.fields["dues"] = Table(
            caption: words("employment.dues.caption", ["n": Figures.grouped(count)]),
            columns: [
                .init(words["attend.learner"]), .init(words["vacancy.employer"]), .init(words["figures.month"]),
                .init(words["employment.due"], isShort: true),
            ],
            rows: try dues.prefix(Self.most).map { row in
                let employer: String = try row.get("employer")
                return [
                    .init(
                        PersonName.masked(try row.get("name", as: String.self)),
                        href: "\(Self.path)/placements/\(try row.get("placement_id", as: Int64.self))"),
                    .init(employer.isEmpty ? words["placing.own"] : employer),
                    .init(words("figures.months", ["n": "\(try row.get("month", as: Int.self))"])),
                    .init(Figures.date(try row.get("due_on", as: String.self), in: words.language)),
                ]
            }, emptiness: words["employment.dues.none"]
        ).fields()
        if due != nil { page.fields["firstDues"] = Self.path + query.removing("due").suffix }
        if dues.count > Self.most {
            let last = try DueKey(dues[Self.most - 1])
            page.fields["moreDues"] = Self.path + query.setting("due", last.text).suffix
        }
        return app.site.page(page, request, context)
    }

    // MARK: - An application

    private func application(
        _ request: Request, _ context: KitContext, _ refusal: JobRefusal? = nil, faults: [FieldFault] = [],
        typed: Form? = nil
    ) async throws -> Response {
        let id = try app.id("application", context)
        let words = app.site.words(context)
        let found = try await app.job(context) { desk in
            try desk.application(id).map { application in
                (
                    application: application,
                    learner: try desk.db.first(
                        "SELECT name, phone_sealed, number_index FROM learner WHERE learner_id = \(application.learner)"
                    ),
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
        page.faults = faults
        if !faults.isEmpty { page.status = .unprocessableContent }
        if let refusal {
            page.status = .conflict
            page.faults = [FieldFault(field: "decision", message: refusal.explanation)]
        }
        let sealed = try found.learner?.get("phone_sealed", as: [UInt8]?.self) ?? nil
        let phone = try sealed.map { try app.seal.openPhone($0, index: found.learner?.get("number_index") ?? []) } ?? ""
        page.fields["facts"] = TrainingApplication.facts([
            (words["attend.state"], words[one.state.title]), (words["enrollment.phone"], phone),
            (words["enrollment.home"], app.divisionName(one.home)),
            (
                words["place.certificates"],
                try found.certificates.map { app.tradeTitle(try $0.get("trade")) }.joined(separator: "、")
            ),
        ])
        page.fields["action"] = "\(Self.path)/applications/\(id)"
        page.fields["version"] = "\(one.version)"
        page.fields["isOpen"] = one.state == .sent || one.state == .interview
        page.fields["reasons"] = RefusalReason.allCases.map {
            ["value": $0.rawValue, "name": words[$0.title], "isChosen": typed?["refusal"] == $0.rawValue] as Fields
        }
        // A decision that was refused loses nothing of what was typed.
        for name in ["startedOn", "income", "note"] { page.fields[name] = typed?[name] }
        page.fields["today"] = app.today.description
        return app.site.page(page, request, context)
    }

    private func decide(_ request: Request, _ context: KitContext) async throws -> Response {
        let id = try app.id("application", context)
        let form = try await Form.read(request)
        let version = app.version(form)
        var fields = TypedFields { form[$0] }
        let income = fields.optionalMoney("income")
        let day = fields.day("startedOn")
        guard fields.faults.isEmpty else {
            return try await application(request, context, faults: fields.faults, typed: form)
        }
        let (reason, note) = (form["refusal"].flatMap(RefusalReason.init(rawValue:)), form["note"] ?? "")
        let decision = form["decision"].flatMap(ApplicationState.init(rawValue:))
        do {
            try await app.job(context) { desk in
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
            return try await application(request, context, refusal, typed: form)
        }
    }
}

/// Where a page of the follow-ups ends: its last one's day, placement and month.
private struct DueKey {
    let day: CalendarDate
    let placement: Int64
    let month: Int

    init?(_ text: String) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, let day = CalendarDate(iso8601: String(parts[0])), let placement = Int64(parts[1]),
            let month = Int(parts[2])
        else { return nil }
        (self.day, self.placement, self.month) = (day, placement, month)
    }

    init(_ row: Row) throws {
        guard let day = CalendarDate(iso8601: try row.get("due_on", as: String.self)) else {
            throw DatabaseFault.damaged
        }
        (self.day, placement, month) = (day, try row.get("placement_id"), try row.get("month"))
    }

    var text: String { "\(day)_\(placement)_\(month)" }

    /// Of the follow-ups those behind it.
    var later: SQL {
        """
        (r.due_on > \(day.description) OR (r.due_on = \(day.description) AND (r.placement_id > \(placement)
            OR (r.placement_id = \(placement) AND r.month > \(month)))))
        """
    }
}
