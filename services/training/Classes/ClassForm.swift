import Contracts
import Foundation
import Hummingbird
import Security
import ServiceKit
import SocialDomain
import Storage

/// The application for a class: a program is chosen first, then the rest is filled in.
struct ClassForm: Sendable {
    let app: TrainingApplication

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.classNew) { request, context in try await new(request, context) }
        routes.on(TrainingContract.classMake) { request, context in try await make(request, context) }
        routes.on(TrainingContract.classEdit) { request, context in
            let item = try await ClassPages(app: app).find(context)
            guard item.state.isChangeable else { return app.seeOther(ClassPages.address(item.id)) }
            return form(request, context, of: item) { item.content.value($0) }
        }
        routes.on(TrainingContract.classSave) { request, context in try await save(request, context) }
    }

    // MARK: - A new one

    private func new(_ request: Request, _ context: KitContext) async throws -> Response {
        let asked = QueryItems(request.uri.query ?? "")["program"]
        return try await new(request, context) { $0 == "program" ? asked ?? "" : "" }
    }

    /// With the approved programs of active schools to choose from; what the program says fills what was not typed.
    private func new(
        _ request: Request, _ context: KitContext, faults: [FieldFault] = [], status: HTTPResponse.Status = .ok,
        key: String? = nil, _ value: @escaping (String) -> String
    ) async throws -> Response {
        let scope = try context.requireCaller().scope
        let chosen = Int64(value("program")) ?? 0
        let (programs, school) = try await app.database.read { db in
            var filter = SchoolQueries.ProgramFilter()
            (filter.state, filter.limit) = (.approved, 500)
            let program = try SchoolQueries.program(chosen, within: scope, in: db)
            return (
                try SchoolQueries.programs(filter, within: scope, in: db),
                try program.flatMap { try SchoolQueries.school($0.school, within: scope, in: db) }
            )
        }
        let isFirst = faults.isEmpty
        let options = programs.map { (value: "\($0.id)", title: "\($0.content.title) · \($0.schoolName)") }
        return form(
            request, context, programs: options, faults: faults, status: status, key: key ?? UUID().uuidString
        ) { field in
            let typed = value(field)
            guard isFirst, typed.isEmpty else { return typed }
            switch field {
            case "title": return programs.first { $0.id == chosen }?.content.title ?? ""
            case "division": return school?.content.division ?? ""
            case "place": return school?.content.address ?? ""
            case "latitude", "longitude": return school?.content.value(field) ?? ""
            case "audience": return WorkWish.any.rawValue
            case "policy": return TrainingClass.Policy.firstCome.rawValue
            default: return ""
            }
        }
    }

    private func make(_ request: Request, _ context: KitContext) async throws -> Response {
        let typed = try await Form.read(request)
        let key = typed["key"].map { String($0.prefix(60)) }
        let value: (String) -> String = { typed[$0] ?? "" }
        var fields = TypedFields { typed[$0] }
        let program = typed["program"].flatMap(Int64.init)
        let content = ClassContent(&fields)
        guard let program, let content else {
            let faults = (program == nil ? [FieldFault.programUnknown] : []) + fields.faults
            return try await new(
                request, context, faults: faults, status: .unprocessableContent, key: key, value)
        }
        do {
            let id = try await app.change(context) { try $0.makeClass(content, of: program, key: key) }
            return app.seeOther(ClassPages.address(id))
        } catch let refusal as StepRefusal {
            guard refusal != .unknown else { throw Problem.notFound }
            return try await new(
                request, context, faults: refusal.pageFaults("title"), status: refusal.pageStatus, key: key, value)
        }
    }

    // MARK: - One there is

    private func save(_ request: Request, _ context: KitContext) async throws -> Response {
        let typed = try await Form.read(request)
        let item = try await ClassPages(app: app).find(context)
        var fields = TypedFields { typed[$0] }
        guard let content = ClassContent(&fields) else {
            return form(request, context, of: item, faults: fields.faults, status: .unprocessableContent) {
                typed[$0] ?? ""
            }
        }
        let version = app.version(typed)
        do {
            try await app.change(context) { try $0.saveClass(item.id, content, version: version) }
            return app.seeOther(ClassPages.address(item.id))
        } catch StepRefusal.stale {
            let now = try await ClassPages(app: app).find(context)
            let stale = StaleForm(
                ClassContent.fields, kept: now.content.value, typed: content.value, area: "class",
                words: app.site.words(context))
            return form(
                request, context, of: now, faults: [StaleForm.fault], status: .conflict, stale: stale
            ) { content.value($0) }
        } catch let refusal as StepRefusal {
            guard refusal != .unknown else { throw Problem.notFound }
            return form(
                request, context, of: item, faults: refusal.pageFaults("title"), status: refusal.pageStatus
            ) { typed[$0] ?? "" }
        }
    }

    private func form(
        _ request: Request, _ context: KitContext, of item: TrainingClass? = nil,
        programs: [(value: String, title: String)] = [], faults: [FieldFault] = [],
        status: HTTPResponse.Status = .ok, stale: StaleForm? = nil, key: String? = nil,
        _ value: @escaping (String) -> String
    ) -> Response {
        let words = app.site.words(context)
        var page = Page(
            "class-form", title: item.map { words("class.edit", ["name": $0.content.title]) } ?? words["class.new"],
            lead: item.map { "\($0.schoolName) · \($0.programTitle)" } ?? words["class.new.lead"], place: "classes")
        page.crumbs = [(words["classes.title"], ClassPages.path)]
        if let item { page.crumbs.append((item.content.title, ClassPages.address(item.id))) }
        let address = item.map { ClassPages.address($0.id) + "/edit" } ?? ClassPages.path + "/new"
        page.addressAfterPost = address
        let view = FormView(words: words, area: "class", faults: faults, value: value)
        let divisions = FormView.divisions(app.divisions, within: context.caller?.scope.division)
        let audiences = WorkWish.allCases.map { (value: $0.rawValue, title: words["class.audience.\($0.rawValue)"]) }
        let policies = TrainingClass.Policy.allCases.map {
            (value: $0.rawValue, title: words["class.policy.\($0.rawValue)"])
        }
        var inputs: [Fields] = []
        if item == nil {
            let choose = (value: "", title: words["class.program.choose"])
            inputs.append(view.input("program", .choice([choose] + programs), isNeeded: true))
        }
        inputs += [
            view.input("title", isNeeded: true), view.input("division", .choice(divisions), isNeeded: true),
            view.input("place", isNeeded: true, most: 200), view.input("latitude", most: 20),
            view.input("longitude", most: 20), view.input("audience", .choice(audiences), isNeeded: true),
            view.input("capacity", isNeeded: true, most: 5), view.input("startsOn", .day, isNeeded: true),
            view.input("endsOn", .day, isNeeded: true), view.input("signUpUntil", .day, isNeeded: true),
            view.input("policy", .choice(policies), isNeeded: true), view.input("needsApproval", .tick),
        ]
        page.fields["inputs"] = inputs
        page.fields["action"] = address
        page.fields["version"] = item.map { "\($0.version)" }
        page.fields["key"] = item == nil ? key : nil
        page.fields["verb"] = words[item == nil ? "class.make" : "form.save"]
        page.fields["backHref"] = item.map { ClassPages.address($0.id) } ?? ClassPages.path
        page.fields["stale"] = stale?.fields(words)
        page.faults = faults
        page.status = status
        return app.site.page(page, request, context)
    }
}
