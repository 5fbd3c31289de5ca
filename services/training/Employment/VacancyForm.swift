import Contracts
import Foundation
import Hummingbird
import Security
import ServiceKit
import SocialDomain
import Storage

/// A vacancy as staff enter it, change it, close it and open it again.
struct VacancyForm: Sendable {
    let app: TrainingApplication
    static let newPath = "/training/employment/new"

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.newVacancyPage) { request, context in try await new(request, context) }
        routes.on(TrainingContract.makeVacancy) { request, context in try await make(request, context) }
        routes.on(TrainingContract.vacancyEdit) { request, context in
            let vacancy = try await find(context)
            return form(request, context, of: vacancy) { vacancy.content.value($0) }
        }
        routes.on(TrainingContract.vacancySave) { request, context in try await save(request, context) }
        routes.on(TrainingContract.vacancyAskClose) { request, context in try await askClose(request, context) }
        routes.on(TrainingContract.vacancyClose) { request, context in
            try await set(isOpen: false, request, context)
        }
        routes.on(TrainingContract.vacancyOpen) { request, context in try await set(isOpen: true, request, context) }
    }

    static func address(_ id: Int64) -> String { "/training/employment/vacancies/\(id)" }

    // MARK: - A new one

    private func new(_ request: Request, _ context: KitContext) async throws -> Response {
        let scope = try context.requireCaller().scope
        let asked = QueryItems(request.uri.query ?? "")["employer"].flatMap(Int64.init)
        let employer = try await app.database.read { db in
            try asked.flatMap { try EmploymentQueries.employer($0, within: scope, in: db) }
                ?? EmploymentQueries.own(scope, in: db)
        }
        return form(request, context, key: UUID().uuidString) { field in
            switch field {
            case "creditCode": employer?.creditCode ?? scope.organisation ?? ""
            case "employer": employer?.content.name ?? ""
            case "division": employer?.content.division ?? ""
            default: ""
            }
        }
    }

    private func make(_ request: Request, _ context: KitContext) async throws -> Response {
        let typed = try await Form.read(request)
        let key = typed["key"].map { String($0.prefix(60)) }
        var fields = TypedFields { typed[$0] }
        let employer = NamedEmployer(&fields)
        let content = VacancyContent(&fields, trades: app.trades)
        guard let employer, let content else {
            return form(request, context, faults: fields.faults, status: .unprocessableContent, key: key) {
                typed[$0] ?? ""
            }
        }
        do {
            let id = try await app.change(context) { try $0.makeVacancy(content, at: employer, key: key) }
            return app.seeOther("\(EmploymentPages.path)?done=\(id)")
        } catch let refusal as StepRefusal {
            return form(
                request, context, faults: refusal.pageFaults("title"), status: refusal.pageStatus, key: key
            ) { typed[$0] ?? "" }
        }
    }

    // MARK: - One there is

    private func find(_ context: KitContext) async throws -> Vacancy {
        let (id, scope) = (try app.id("vacancy", context), try context.requireCaller().scope)
        let found = try await app.database.read { db in try EmploymentQueries.vacancy(id, within: scope, in: db) }
        guard let found else { throw Problem.notFound }
        return found
    }

    private func save(_ request: Request, _ context: KitContext) async throws -> Response {
        let typed = try await Form.read(request)
        let vacancy = try await find(context)
        var fields = TypedFields { typed[$0] }
        guard let content = VacancyContent(&fields, trades: app.trades) else {
            return form(request, context, of: vacancy, faults: fields.faults, status: .unprocessableContent) {
                typed[$0] ?? ""
            }
        }
        let version = app.version(typed)
        do {
            try await app.change(context) { try $0.saveVacancy(vacancy.id, content, version: version) }
            return app.seeOther("\(EmployerPages.address(vacancy.employer))?done=1")
        } catch StepRefusal.stale {
            let now = try await find(context)
            let stale = StaleForm(
                VacancyContent.fields, kept: now.content.value, typed: content.value, area: "vacancy",
                words: app.site.words(context))
            return form(
                request, context, of: now, faults: [StaleForm.fault], status: .conflict, stale: stale
            ) { content.value($0) }
        } catch let refusal as StepRefusal {
            guard refusal != .unknown else { throw Problem.notFound }
            return form(
                request, context, of: vacancy, faults: refusal.pageFaults("title"), status: refusal.pageStatus
            ) { typed[$0] ?? "" }
        }
    }

    private func askClose(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let vacancy = try await find(context)
        let address = Self.address(vacancy.id)
        guard vacancy.isOpen else { return app.seeOther(address) }
        var question = Confirmation(
            title: words("vacancy.close.title", ["name": vacancy.content.title]), effect: words["vacancy.close.effect"],
            verb: words["vacancy.close"], action: "\(address)/close", back: address)
        question.fields = [("version", "\(vacancy.version)")]
        question.place = "employment"
        question.crumbs = crumbs(of: vacancy, words, context)
        return app.site.page(question, request, context)
    }

    private func set(isOpen: Bool, _ request: Request, _ context: KitContext) async throws -> Response {
        let version = app.version(try await Form.read(request))
        let vacancy = try await find(context)
        do {
            try await app.change(context) { try $0.setVacancy(vacancy.id, isOpen: isOpen, version: version) }
            return app.seeOther("\(EmployerPages.address(vacancy.employer))?done=1")
        } catch let refusal as StepRefusal {
            guard refusal != .unknown else { throw Problem.notFound }
            return form(
                request, context, of: vacancy, faults: refusal.pageFaults("title"), status: refusal.pageStatus
            ) { vacancy.content.value($0) }
        }
    }

    // MARK: - The form

    private func crumbs(
        of vacancy: Vacancy, _ words: Words, _ context: KitContext
    ) -> [(name: String, href: String)] {
        var crumbs = [(name: words["employment.title"], href: EmploymentPages.path)]
        if TrainingContract.preparing.allows(context.caller) {
            crumbs.append((words["employers.title"], EmployerPages.path))
        }
        return crumbs + [(vacancy.employerName, EmployerPages.address(vacancy.employer))]
    }

    private func form(
        _ request: Request, _ context: KitContext, of vacancy: Vacancy? = nil, faults: [FieldFault] = [],
        status: HTTPResponse.Status = .ok, stale: StaleForm? = nil, key: String? = nil,
        _ value: @escaping (String) -> String
    ) -> Response {
        let words = app.site.words(context)
        var page = Page(
            "vacancy-form", title: vacancy?.content.title ?? words["vacancy.new"], lead: vacancy?.employerName,
            place: "employment")
        page.crumbs =
            vacancy.map { crumbs(of: $0, words, context) } ?? [(words["employment.title"], EmploymentPages.path)]
        let address = vacancy.map { Self.address($0.id) } ?? Self.newPath
        page.addressAfterPost = address
        let view = FormView(words: words, area: "vacancy", faults: faults, value: value)
        let places = FormView.divisions(app.divisions, within: context.caller?.scope.division)
        let levels =
            [(value: "0", title: words["vacancy.level.none"])]
            + SkillLevel.allCases.filter { $0.rawValue > 0 }.map { (value: "\($0.rawValue)", title: words[$0.title]) }
        var inputs: [Fields] = []
        if vacancy == nil {
            inputs += [view.input("creditCode", isNeeded: true, most: 30), view.input("employer", isNeeded: true)]
        }
        inputs += [
            view.input("title", isNeeded: true), view.input("trade", isNeeded: true, most: 50),
            view.input("level", .choice(levels)), view.input("division", .choice(places), isNeeded: true),
            view.input("places", isNeeded: true, most: 5), view.input("payFrom", most: 10),
            view.input("payTo", most: 10), view.input("openUntil", .day, isNeeded: true),
            view.input("description", .area, most: 1000),
        ]
        page.fields["inputs"] = inputs
        page.fields["action"] = address
        page.fields["version"] = vacancy.map { "\($0.version)" }
        page.fields["key"] = vacancy == nil ? key : nil
        page.fields["verb"] = words[vacancy == nil ? "vacancy.save" : "form.save"]
        page.fields["backHref"] = vacancy.map { EmployerPages.address($0.employer) } ?? EmploymentPages.path
        page.fields["stale"] = stale?.fields(words)
        if let vacancy {
            page.fields["closeHref"] = vacancy.isOpen ? "\(address)/close" : nil
            page.fields["openAction"] = vacancy.isOpen ? nil : "\(address)/open"
            page.fields["publicHref"] = "\(VacancyPages.path)/\(vacancy.id)"
        }
        page.faults = faults
        page.status = status
        return app.site.page(page, request, context)
    }
}
