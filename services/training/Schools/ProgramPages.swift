import Contracts
import Foundation
import Hummingbird
import ServiceKit
import SocialDomain
import Storage

/// Programs: the list, one program, its form, and the steps from a draft to its approval.
struct ProgramPages: Sendable {
    let app: TrainingApplication
    static let path = "/training/programs"
    static let pageSize = 50

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.programList) { request, context in try await list(request, context) }
        routes.on(TrainingContract.programExport) { request, context in try await export(request, context) }
        routes.on(TrainingContract.programNew) { request, context in try await new(request, context) }
        routes.on(TrainingContract.programMake) { request, context in try await make(request, context) }
        routes.on(TrainingContract.programPage) { request, context in try await show(request, context) }
        routes.on(TrainingContract.programEdit) { request, context in
            let program = try await find(context)
            return form(request, context, Target(program)) { program.content.value($0) }
        }
        routes.on(TrainingContract.programSave) { request, context in try await save(request, context) }
        routes.on(TrainingContract.programSubmit) { request, context in
            let (id, form) = (try app.id("program", context), try await Form.read(request))
            let version = app.version(form)
            return try await acting(request, context) { try $0.submitProgram(id, version: version) }
        }
        routes.on(TrainingContract.programDecide) { request, context in
            let (id, form) = (try app.id("program", context), try await Form.read(request))
            let (version, note) = (app.version(form), form["note"] ?? "")
            guard let decision = form["decision"].flatMap(ChangeDesk.ProgramDecision.init) else {
                return try await show(
                    request, context, faults: [.decisionMissing], status: .unprocessableContent)
            }
            return try await acting(request, context) {
                try $0.decideProgram(id, decision, note: note, version: version)
            }
        }
    }

    static func address(_ id: Int64) -> String { "\(path)/\(id)" }

    private func find(_ context: KitContext) async throws -> TrainingProgram {
        let (id, scope) = (try app.id("program", context), try context.requireCaller().scope)
        let found = try await app.database.read { db in try SchoolQueries.program(id, within: scope, in: db) }
        guard let found else { throw Problem.notFound }
        return found
    }

    // MARK: - The form

    /// What a form is for: a new program of a school, or one there is.
    private struct Target {
        let school: Int64
        let schoolName: String
        let program: TrainingProgram?

        init(_ program: TrainingProgram) {
            (school, schoolName, self.program) = (program.school, program.schoolName, program)
        }

        init(_ school: School) {
            (self.school, schoolName, program) = (school.id, school.content.name, nil)
        }
    }

    private func form(
        _ request: Request, _ context: KitContext, _ target: Target, faults: [FieldFault] = [],
        status: HTTPResponse.Status = .ok, stale: StaleForm? = nil, key: String? = nil,
        _ value: @escaping (String) -> String
    ) -> Response {
        let words = app.site.words(context)
        let title = target.program.map { words("program.edit", ["name": $0.content.title]) } ?? words["program.new"]
        var page = Page("class-form", title: title, lead: target.schoolName, place: "schools")
        page.crumbs = [
            (words["schools.title"], SchoolPages.path), (target.schoolName, SchoolPages.address(target.school)),
        ]
        let address =
            target.program.map { Self.address($0.id) + "/edit" }
            ?? SchoolPages.address(target.school) + "/programs/new"
        page.addressAfterPost = address
        let view = FormView(words: words, area: "program", faults: faults, value: value)
        let levels = SkillLevel.allCases.sorted { $0.rawValue > $1.rawValue }.map {
            (value: "\($0.rawValue)", title: words[$0.title])
        }
        page.fields["inputs"] = [
            view.input("title", isNeeded: true), view.input("trade", isNeeded: true, most: 20),
            view.input("level", .choice(levels), isNeeded: true), view.input("hours", isNeeded: true, most: 6),
            view.input("price", isNeeded: true, most: 20), view.input("subsidy", isNeeded: true, most: 20),
            view.input("isDomestic", .tick), view.input("syllabus", .area, most: 5000),
        ]
        page.fields["action"] = address
        page.fields["version"] = target.program.map { "\($0.version)" }
        page.fields["key"] = target.program == nil ? key ?? UUID().uuidString : nil
        page.fields["verb"] = words[target.program == nil ? "program.make" : "form.save"]
        page.fields["backHref"] = target.program.map { Self.address($0.id) } ?? SchoolPages.address(target.school)
        page.fields["stale"] = stale?.fields(words)
        page.faults = faults
        page.status = status
        return app.site.page(page, request, context)
    }

    /// Empty, or like another program that the account may see.
    private func new(_ request: Request, _ context: KitContext) async throws -> Response {
        let school = try await SchoolPages(app: app).find(context)
        let scope = try context.requireCaller().scope
        let from = QueryItems(request.uri.query ?? "")["from"].flatMap(Int64.init) ?? 0
        let model = try await app.database.read { db in try SchoolQueries.program(from, within: scope, in: db) }
        return form(request, context, Target(school)) { field in
            model?.content.value(field) ?? (field == "level" ? "5" : "")
        }
    }

    private func make(_ request: Request, _ context: KitContext) async throws -> Response {
        let typed = try await Form.read(request)
        let school = try await SchoolPages(app: app).find(context)
        let key = typed["key"].map { String($0.prefix(60)) }
        var fields = TypedFields { typed[$0] }
        guard let content = ProgramContent(&fields, knows: app.knows) else {
            return form(
                request, context, Target(school), faults: fields.faults, status: .unprocessableContent, key: key
            ) { typed[$0] ?? "" }
        }
        do {
            let id = try await app.change(context) { try $0.makeProgram(content, for: school.id, key: key) }
            return app.seeOther(Self.address(id))
        } catch StepRefusal.unknown {
            throw Problem.notFound
        }
    }

    private func save(_ request: Request, _ context: KitContext) async throws -> Response {
        let typed = try await Form.read(request)
        let program = try await find(context)
        var fields = TypedFields { typed[$0] }
        guard let content = ProgramContent(&fields, knows: app.knows) else {
            return form(request, context, Target(program), faults: fields.faults, status: .unprocessableContent) {
                typed[$0] ?? ""
            }
        }
        let version = app.version(typed)
        do {
            try await app.change(context) { try $0.saveProgram(program.id, content, version: version) }
            return app.seeOther(Self.address(program.id))
        } catch StepRefusal.stale {
            let now = try await find(context)
            let stale = StaleForm(
                ProgramContent.fields, kept: now.content.value, typed: content.value, area: "program",
                words: app.site.words(context))
            return form(
                request, context, Target(now), faults: [StaleForm.fault], status: .conflict, stale: stale
            ) { content.value($0) }
        } catch let refusal as StepRefusal {
            return form(
                request, context, Target(program), faults: refusal.pageFaults("title"), status: refusal.pageStatus
            ) { typed[$0] ?? "" }
        }
    }

    // MARK: - One

    private func show(
        _ request: Request, _ context: KitContext, faults: [FieldFault] = [], status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let words = app.site.words(context)
        let program = try await find(context)
        let content = program.content
        var page = Page(
            "class-program", title: content.title, lead: words["program.state.\(program.state.rawValue)"],
            place: "schools")
        page.crumbs = [
            (words["schools.title"], SchoolPages.path), (program.schoolName, SchoolPages.address(program.school)),
        ]
        page.addressAfterPost = Self.address(program.id)
        page.fields["facts"] = TrainingApplication.facts([
            (words["program.field.trade"], app.tradeTitle(content.trade)),
            (words["program.field.level"], words[content.level.title]),
            (words["program.field.hours"], "\(content.hours)"), (words["program.field.price"], content.price.spoken),
            (words["program.field.subsidy"], content.subsidy.spoken),
            (words["program.field.isDomestic"], content.isDomestic ? words["yes"] : ""),
            (words["program.note"], program.note),
        ])
        let lines = content.syllabus.split(separator: "\n").map { ["line": String($0)] as Fields }
        page.fields["syllabus"] = lines.isEmpty ? nil : ["lines": lines] as Fields
        page.fields["address"] = Self.address(program.id)
        page.fields["version"] = "\(program.version)"
        let keeps = TrainingContract.keeping.allows(context.caller)
        let reviews = TrainingContract.reviewing.allows(context.caller)
        let isOwn = program.submittedBy != nil && program.submittedBy == context.caller?.id
        page.fields["mayEdit"] = keeps && (program.state == .draft || program.state == .withdrawn)
        page.fields["maySubmit"] = keeps && program.state == .draft
        page.fields["mayDecide"] = reviews && program.state == .submitted && !isOwn
        page.fields["mayWithdraw"] = reviews && program.state == .approved && !isOwn
        page.fields["isOwn"] = reviews && isOwn && program.state == .submitted
        page.fields["copyHref"] =
            keeps ? SchoolPages.address(program.school) + "/programs/new?from=\(program.id)" : nil
        page.fields["classHref"] =
            keeps && program.state == .approved ? "/training/classes/new?program=\(program.id)" : nil
        page.faults = faults
        page.status = status
        return app.site.page(page, request, context)
    }

    private func acting(
        _ request: Request, _ context: KitContext, _ work: @escaping @Sendable (ChangeDesk) throws -> Void
    ) async throws -> Response {
        do {
            try await app.change(context, work)
            return app.seeOther(Self.address(try app.id("program", context)))
        } catch StepRefusal.unknown {
            throw Problem.notFound
        } catch let refusal as StepRefusal {
            let field = refusal == .noteMissing ? "note" : "steps"
            return try await show(
                request, context, faults: refusal.pageFaults(field), status: refusal.pageStatus)
        }
    }
}

extension FieldFault {
    static let decisionMissing = FieldFault(
        field: "steps", message: LocalizedText(zh: "请选择通过或退回。", en: "Choose to approve or to return."))
}
