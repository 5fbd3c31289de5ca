import Contracts
import Hummingbird
import Security
import ServiceKit
import SocialDomain
import Storage

/// Employers for those who place people: the list, and one with its vacancies and its form.
struct EmployerPages: Sendable {
    let app: TrainingApplication
    static let path = "/training/employment/employers"
    private static let pageSize = 50

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.employerList) { request, context in try await list(request, context) }
        routes.on(TrainingContract.employerPage) { request, context in try await show(request, context) }
        routes.on(TrainingContract.saveEmployer) { request, context in try await save(request, context) }
    }

    static func address(_ id: Int64) -> String { "\(path)/\(id)" }

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        let text = TextForm.trimmed(String((query["q"] ?? "").prefix(50)))
        let (after, scope) = (query["after"].flatMap(Int64.init) ?? 0, try context.requireCaller().scope)
        let found = try await app.database.read { db in
            try EmploymentQueries.employers(
                named: text, after: after, limit: Self.pageSize + 1, within: scope, in: db)
        }
        var page = Page(
            "employers", title: words["employers.title"], lead: words["employers.lead"], place: "employment")
        page.crumbs = [(words["employment.title"], EmploymentPages.path)]
        page.fields["q"] = text
        page.fields["active"] = TrainingApplication.active(
            Self.path, query, [("q", text.isEmpty ? nil : "“\(text)”")])
        page.fields["list"] = Table(
            caption: words["employers.title"],
            columns: [
                .init(words["employer.field.name"]), .init(words["employer.creditCode"], isMinor: true),
                .init(words["employer.field.division"], isMinor: true),
                .init(words["employers.open"], isFigure: true), .init(words["employers.working"], isFigure: true),
            ],
            rows: found.prefix(Self.pageSize).map { line in
                let content = line.employer.content
                return [
                    .init(
                        content.name, href: Self.address(line.employer.id),
                        note: content.state == .active ? nil : words["employer.state.suspended"]),
                    .init(line.employer.creditCode), .init(app.divisionName(content.division)),
                    .init("\(line.open)"), .init("\(line.working)"),
                ]
            }, emptiness: words["employers.empty"]
        ).fields()
        if found.count > Self.pageSize {
            let last = found[Self.pageSize - 1].employer.id
            page.fields["pages"] = ["nextHref": Self.path + query.setting("after", "\(last)").suffix] as Fields
        }
        return app.site.page(page, request, context)
    }

    // MARK: - One

    private func find(_ context: KitContext) async throws -> Employer {
        let (id, scope) = (try app.id("employer", context), try context.requireCaller().scope)
        let found = try await app.database.read { db in try EmploymentQueries.hiring(id, within: scope, in: db) }
        guard let found else { throw Problem.notFound }
        return found
    }

    private func show(_ request: Request, _ context: KitContext) async throws -> Response {
        let employer = try await find(context)
        return try await show(employer, request, context) { employer.content.value($0) }
    }

    private func show(
        _ employer: Employer, _ request: Request, _ context: KitContext, faults: [FieldFault] = [],
        status: HTTPResponse.Status = .ok, stale: StaleForm? = nil, _ value: @escaping (String) -> String
    ) async throws -> Response {
        let words = app.site.words(context)
        let (id, scope) = (employer.id, try context.requireCaller().scope)
        let vacancies = try await app.database.read { db in
            try EmploymentQueries.vacancies(of: id, within: scope, in: db)
        }
        var page = Page("employer", title: employer.content.name, lead: employer.creditCode, place: "employment")
        let isOfficer = TrainingContract.preparing.allows(context.caller)
        page.crumbs = [(words["employment.title"], EmploymentPages.path)]
        if isOfficer { page.crumbs.append((words["employers.title"], Self.path)) }
        page.addressAfterPost = Self.address(id)
        page.faults = faults
        page.status = status
        if QueryItems(request.uri.query ?? "")["done"] != nil { page.notice = words["employment.done"] }
        page.fields["newHref"] = "\(VacancyForm.newPath)?employer=\(id)"
        page.fields["vacancies"] = Table(
            caption: words["employer.vacancies"],
            columns: [
                .init(words["vacancy.title"]), .init(words["offer.trade"], isMinor: true),
                .init(words["employer.filled"], isFigure: true), .init(words["vacancy.field.openUntil"], isShort: true),
                .init(words["attend.state"], isShort: true),
            ],
            rows: vacancies.map { vacancy in
                [
                    .init(vacancy.content.title, href: VacancyForm.address(vacancy.id)),
                    .init(app.tradeTitle(vacancy.content.trade)),
                    .init("\(vacancy.filled) / \(vacancy.content.places)"),
                    .init(Figures.date(vacancy.content.openUntil.description, in: words.language)),
                    .init(words[vacancy.isOpen ? "vacancy.state.open" : "vacancy.state.closed"]),
                ]
            }, emptiness: words["employer.vacancies.none"]
        ).fields()
        // An employer that is on record elsewhere is changed there.
        let isWithin = DivisionCode(prefix: employer.content.division).map(scope.contains) ?? false
        let view = FormView(words: words, area: "employer", faults: faults, value: value)
        let contact = [view.input("address", most: 200), view.input("phone", most: 40)]
        let content = employer.content
        let (division, state) = (
            (words["employer.field.division"], app.divisionName(content.division)),
            (words["employer.field.state"], words["employer.state.\(content.state.rawValue)"])
        )
        if isOfficer, isWithin {
            let places = FormView.divisions(app.divisions, within: scope.division)
            let states = EmployerContent.State.allCases.map { ($0.rawValue, words["employer.state.\($0.rawValue)"]) }
            page.fields["inputs"] =
                [view.input("name", isNeeded: true), view.input("division", .choice(places), isNeeded: true)]
                + contact + [view.input("state", .choice(states), isNeeded: true)]
        } else if !isOfficer, isWithin, OrganisationScope(scope) == .one(employer.creditCode) {
            page.fields["facts"] = TrainingApplication.facts([division, state])
            page.fields["inputs"] = contact
        } else {
            page.fields["facts"] = TrainingApplication.facts([
                division, (words["employer.field.address"], content.address),
                (words["employer.field.phone"], content.phone), state,
            ])
            return app.site.page(page, request, context)
        }
        page.fields["hasForm"] = true
        page.fields["action"] = Self.address(id)
        page.fields["version"] = "\(employer.version)"
        page.fields["verb"] = words["form.save"]
        page.fields["backHref"] = isOfficer ? Self.path : EmploymentPages.path
        page.fields["stale"] = stale?.fields(words)
        return app.site.page(page, request, context)
    }

    private func save(_ request: Request, _ context: KitContext) async throws -> Response {
        let typed = try await Form.read(request)
        let employer = try await find(context)
        let isOfficer = TrainingContract.preparing.allows(context.caller)
        // An employer's own account cannot say who it is, where, and whether it is suspended.
        let own = isOfficer ? [] : ["name", "division", "state"]
        var fields = TypedFields { own.contains($0) ? employer.content.value($0) : typed[$0] }
        guard let content = EmployerContent(&fields) else {
            return try await show(
                employer, request, context, faults: fields.faults, status: .unprocessableContent
            ) { typed[$0] ?? "" }
        }
        let version = app.version(typed)
        do {
            try await app.change(context) { try $0.saveEmployer(employer.id, content, version: version) }
            return app.seeOther("\(Self.address(employer.id))?done=1")
        } catch StepRefusal.stale {
            let now = try await find(context)
            let stale = StaleForm(
                EmployerContent.fields, kept: now.content.value, typed: content.value, area: "employer",
                words: app.site.words(context))
            return try await show(
                now, request, context, faults: [StaleForm.fault], status: .conflict, stale: stale
            ) { content.value($0) }
        } catch let refusal as StepRefusal {
            guard refusal != .unknown else { throw Problem.notFound }
            return try await show(
                employer, request, context, faults: refusal.pageFaults("name"), status: refusal.pageStatus
            ) { typed[$0] ?? "" }
        }
    }
}
