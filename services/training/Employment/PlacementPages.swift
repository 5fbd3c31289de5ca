import Contracts
import Hummingbird
import Security
import ServiceKit
import SocialDomain
import Storage

/// People at work: who found it without a vacancy of ours, and what each follow-up finds.
struct PlacementPages: Sendable {
    let app: TrainingApplication
    private static let path = "/training/employment/placements"

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.retentionPage) { request, context in try await placement(request, context) }
        routes.on(TrainingContract.noteRetention) { request, context in try await noteRetention(request, context) }
        routes.on(TrainingContract.endPlacement) { request, context in try await end(request, context) }
        routes.on(TrainingContract.placingPage) { request, context in
            let trade = try await learner(context).trade
            return try await form(request, context) { ["trade": trade, "kind": "employer"][$0] ?? "" }
        }
        routes.on(TrainingContract.placeLearner) { request, context in try await place(request, context) }
    }

    // MARK: - Follow-up

    private func placement(
        _ request: Request, _ context: KitContext, _ refusal: JobRefusal? = nil, faults: [FieldFault] = []
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
        let employer: String = try found.head.get("employer")
        let income = try found.head.get("monthly_income", as: Int64?.self).map { Money(fen: $0) }
        var page = Page("placement", title: try found.head.get("name"), place: "employment")
        page.crumbs = [(words["employment.title"], EmploymentPages.path)]
        page.addressAfterPost = "\(Self.path)/\(id)"
        page.faults = faults
        if !faults.isEmpty { page.status = .unprocessableContent }
        if let refusal {
            page.status = .conflict
            page.faults = [FieldFault(field: "outcome", message: refusal.explanation)]
        }
        page.fields["facts"] = TrainingApplication.facts([
            (words["vacancy.employer"], employer.isEmpty ? words["placing.own"] : employer),
            (words["offer.trade"], app.tradeTitle(try found.head.get("trade"))),
            (
                words["placement.from"],
                Figures.date(try found.head.get("started_on", as: String.self), in: words.language)
            ),
            (
                words["placement.until"],
                try found.head.get("ended_on", as: String?.self).map { Figures.date($0, in: words.language) } ?? ""
            ),
            (words["application.income"], income.map { Figures.amount($0.yuan) } ?? ""),
            (words["placing.field.evidence"], try found.head.get("evidence")),
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
        let isOver = try found.head.get("ended_on", as: String?.self) != nil
        let due =
            isOver
            ? nil
            : try found.checks.first { row in
                try row.get("done_on", as: String?.self) == nil && row.get("due_on", as: String.self) <= today
            }
        if let due {
            let month: Int = try due.get("month")
            page.fields["form"] =
                [
                    "action": "\(Self.path)/\(id)", "month": "\(month)",
                    "title": words("figures.months", ["n": "\(month)"]),
                    "outcomes": RetentionOutcome.allCases.map {
                        ["value": $0.rawValue, "name": words[$0.title]] as Fields
                    },
                    "whys": LeavingReason.allCases.map { ["value": $0.rawValue, "name": words[$0.title]] as Fields },
                ] as Fields
        }
        if !isOver {
            page.fields["end"] =
                [
                    "action": "\(Self.path)/\(id)/end", "today": today,
                    "whys": LeavingReason.allCases.map { ["value": $0.rawValue, "name": words[$0.title]] as Fields },
                ] as Fields
        }
        return app.site.page(page, request, context)
    }

    private func end(_ request: Request, _ context: KitContext) async throws -> Response {
        let id = try app.id("placement", context)
        let form = try await Form.read(request)
        var fields = TypedFields { form[$0] }
        let day = fields.day("endedOn", isNeeded: true)
        let why = fields.choice("endedWhy", LeavingReason.self)
        guard let day, let why else { return try await placement(request, context, faults: fields.faults) }
        do {
            try await app.job(context) { desk in try desk.end(id, on: day, why: why) }
            return app.seeOther("\(Self.path)/\(id)")
        } catch let refusal as JobRefusal {
            return try await placement(request, context, refusal)
        }
    }

    private func noteRetention(_ request: Request, _ context: KitContext) async throws -> Response {
        let id = try app.id("placement", context)
        let form = try await Form.read(request)
        let month = form["month"].flatMap { Int($0) } ?? 0
        let outcome = form["outcome"].flatMap(RetentionOutcome.init(rawValue:))
        var fields = TypedFields { form[$0] }
        let income = fields.optionalMoney("income")
        guard fields.faults.isEmpty else { return try await placement(request, context, faults: fields.faults) }
        let why = form["why"].flatMap(LeavingReason.init(rawValue:))
        let note = String((form["note"] ?? "").prefix(200))
        do {
            guard let outcome else { throw JobRefusal.reasonMissing }
            try await app.job(context) { desk in
                try desk.followUp(id, month: month, outcome, income: income, why: why, note: note)
            }
            return app.seeOther("\(EmploymentPages.path)?done=1")
        } catch let refusal as JobRefusal {
            return try await placement(request, context, refusal)
        }
    }

    // MARK: - Work found without a vacancy

    private struct Learner {
        let enrollment: Int64
        let name: String
        let classTitle: String
        let trade: String
    }

    private func learner(_ context: KitContext) async throws -> Learner {
        let (id, scope) = (try app.id("enrollment", context), try context.requireCaller().scope)
        let found = try await app.database.read { db in
            try db.first(
                """
                SELECT l.name, c.title, p.trade FROM enrollment e JOIN learner l ON l.learner_id = e.learner_id
                JOIN training_class c ON c.class_id = e.class_id JOIN program p ON p.program_id = c.program_id
                WHERE e.enrollment_id = \(id) AND \(SQL.within(scope, division: "e.division", class: "e.class_id"))
                """
            ).map { row in
                Learner(
                    enrollment: id, name: try row.get("name"), classTitle: try row.get("title"),
                    trade: try row.get("trade"))
            }
        }
        guard let found else { throw Problem.notFound }
        return found
    }

    private func form(
        _ request: Request, _ context: KitContext, faults: [FieldFault] = [], status: HTTPResponse.Status = .ok,
        _ value: @escaping (String) -> String
    ) async throws -> Response {
        let words = app.site.words(context)
        let learner = try await learner(context)
        let back = "\(EnrollmentPages.path)/\(learner.enrollment)"
        var page = Page(
            "class-form", title: words("placing.title", ["name": learner.name]), lead: learner.classTitle,
            place: "employment")
        page.crumbs = [(words["enrollments.title"], EnrollmentPages.path), (learner.name, back)]
        page.addressAfterPost = "\(back)/placement"
        let view = FormView(words: words, area: "placing", faults: faults, value: value)
        let kinds = ["employer", "own"].map { ($0, words["placing.\($0)"]) }
        page.fields["inputs"] = [
            view.input("kind", .choice(kinds), isNeeded: true), view.input("creditCode", most: 30),
            view.input("employer"), view.input("trade", isNeeded: true, most: 50),
            view.input("startedOn", .day, isNeeded: true), view.input("income", most: 10),
            view.input("evidence", isNeeded: true, most: 200),
        ]
        page.fields["action"] = "\(back)/placement"
        page.fields["verb"] = words["placing.save"]
        page.fields["backHref"] = back
        page.faults = faults
        page.status = status
        return app.site.page(page, request, context)
    }

    private func place(_ request: Request, _ context: KitContext) async throws -> Response {
        let id = try app.id("enrollment", context)
        let typed = try await Form.read(request)
        var fields = TypedFields { typed[$0] }
        let kind = fields.value("kind") ?? ""
        if !["employer", "own"].contains(kind) {
            fields.fault("kind", "请从列出的选项中选一个。", "Choose one of those listed.")
        }
        let employer = kind == "employer" ? NamedEmployer(&fields) : nil
        let trade = fields.trade(among: app.trades)
        let day = fields.day("startedOn", isNeeded: true)
        if let day, day > app.today { fields.fault("startedOn", JobRefusal.dayMissing.explanation) }
        let income = fields.optionalMoney("income")
        let evidence = fields.text("evidence", most: 200, isNeeded: true)
        guard fields.faults.isEmpty, let day else {
            return try await form(request, context, faults: fields.faults, status: .unprocessableContent) {
                typed[$0] ?? ""
            }
        }
        do {
            let placement = try await app.job(context) { desk in
                try desk.place(
                    enrollment: id, at: employer, trade: trade, startedOn: day, income: income, evidence: evidence)
            }
            // The placement is its home county's to follow; here there is the enrollment in any case.
            let scope = try context.requireCaller().scope
            let isWithin = try await app.database.read { db in
                try db.first(
                    """
                    SELECT 1 AS one FROM placement p
                    WHERE p.placement_id = \(placement) AND \(SQL.within(scope.division, "p.division"))
                    """) != nil
            }
            return app.seeOther(isWithin ? "\(Self.path)/\(placement)" : "\(EnrollmentPages.path)/\(id)")
        } catch StepRefusal.faults(let faults) {
            return try await form(request, context, faults: faults, status: .unprocessableContent) { typed[$0] ?? "" }
        } catch let refusal as any ExplainedFault {
            let fault = FieldFault(field: "kind", message: refusal.explanation)
            return try await form(request, context, faults: [fault], status: .conflict) { typed[$0] ?? "" }
        }
    }
}
