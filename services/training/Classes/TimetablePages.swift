import Contracts
import Hummingbird
import ServiceKit
import SocialDomain
import Storage

/// The timetable's forms: one session, a series, moving one, cancelling one.
struct TimetablePages: Sendable {
    let app: TrainingApplication

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.sessionAdd) { request, context in try await add(request, context) }
        routes.on(TrainingContract.sessionRepeat) { request, context in try await `repeat`(request, context) }
        routes.on(TrainingContract.sessionPage) { request, context in try await show(request, context) }
        routes.on(TrainingContract.sessionMove) { request, context in try await move(request, context) }
        routes.on(TrainingContract.sessionAskDrop) { request, context in try await askDrop(request, context) }
        routes.on(TrainingContract.sessionDrop) { request, context in
            let session = try app.id("session", context)
            return try await pages.acting(request, context) { try $0.dropSession(session, of: $1) }
        }
        routes.on(TrainingContract.timetableAskClear) { request, context in try await askClear(request, context) }
        routes.on(TrainingContract.timetableClear) { request, context in
            let version = app.version(try await Form.read(request))
            return try await pages.acting(request, context) { try $0.clearTimetable(of: $1, version: version) }
        }
    }

    private var pages: ClassPages { ClassPages(app: app) }

    /// What the database refused, in words: nil where it was no clash.
    static func clashes(
        _ fault: DatabaseFault, _ planned: [PlannedSession], of item: Int64, moved: Int64 = 0,
        _ app: TrainingApplication, _ caller: Caller
    ) async throws -> [FieldFault]? {
        guard let kind = TimetableClash.kind(of: fault) else { return nil }
        let scope = caller.scope
        let found = try await app.database.read { db in
            try TimetableClash.find(planned, of: item, moved: moved, within: scope, in: db)
        }
        return TimetableClash.faults(found, refused: kind)
    }

    // MARK: - Adding

    private func add(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        let item = try await pages.find(context)
        let typed = TimetableForms(item, typed: form, isSeries: false)
        var fields = TypedFields { form[$0] }
        guard let session = PlannedSession(&fields) else {
            return try await pages.show(
                request, context, faults: fields.faults, status: .unprocessableContent, planning: typed)
        }
        return try await adding([session], to: item, request, context, typed, prefix: "")
    }

    private func `repeat`(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        let item = try await pages.find(context)
        let typed = TimetableForms(item, typed: form, isSeries: true)
        var fields = TypedFields { form[$0] }
        let prefix = TimetableForms.seriesPrefix
        guard let series = SessionSeries(&fields) else {
            return try await pages.show(
                request, context, faults: Self.prefixed(fields.faults, prefix), status: .unprocessableContent,
                planning: typed)
        }
        let holidays = app.holidays
        do {
            let planned = try await app.change(context) { try $0.plan(series, of: item.id, holidays: holidays) }
            return try await adding(planned, to: item, request, context, typed, prefix: prefix)
        } catch let refusal as StepRefusal {
            guard refusal != .unknown else { throw Problem.notFound }
            return try await pages.show(
                request, context, faults: Self.prefixed(refusal.pageFaults("day"), prefix),
                status: refusal.pageStatus, planning: typed)
        }
    }

    private func adding(
        _ planned: [PlannedSession], to item: TrainingClass, _ request: Request, _ context: KitContext,
        _ typed: TimetableForms, prefix: String
    ) async throws -> Response {
        do {
            try await app.change(context) { _ = try $0.addSessions(planned, to: item.id) }
            return app.seeOther(ClassPages.address(item.id) + "#timetable")
        } catch let fault as DatabaseFault {
            let caller = try context.requireCaller()
            guard let faults = try await Self.clashes(fault, planned, of: item.id, app, caller) else { throw fault }
            return try await pages.show(
                request, context, faults: Self.prefixed(faults, prefix), status: .conflict, planning: typed)
        } catch let refusal as StepRefusal {
            guard refusal != .unknown else { throw Problem.notFound }
            return try await pages.show(
                request, context, faults: Self.prefixed(refusal.pageFaults("day"), prefix),
                status: refusal.pageStatus, planning: typed)
        }
    }

    private static func prefixed(_ faults: [FieldFault], _ prefix: String) -> [FieldFault] {
        prefix.isEmpty ? faults : faults.map { FieldFault(field: prefix + $0.field, message: $0.message) }
    }

    // MARK: - One session

    private func find(_ context: KitContext) async throws -> (TrainingClass, ClassSession) {
        let item = try await pages.find(context)
        let id = try app.id("session", context)
        let found = try await app.database.read { db in
            try ClassQueries.sessions(of: item.id, in: db).first { $0.id == id }
        }
        guard let found else { throw Problem.notFound }
        return (item, found)
    }

    private func show(
        _ request: Request, _ context: KitContext, faults: [FieldFault] = [], status: HTTPResponse.Status = .ok,
        typed: ((String) -> String)? = nil
    ) async throws -> Response {
        let words = app.site.words(context)
        let (item, session) = try await find(context)
        guard item.state.isChangeable, !session.isCancelled else {
            return app.seeOther(ClassPages.address(item.id))
        }
        let (rooms, instructors) = try await app.database.read { db in
            (
                try SchoolQueries.rooms(of: item.school, in: db),
                try SchoolQueries.instructors(of: item.school, in: db).filter {
                    $0.isActive || $0.id == session.instructor
                }
            )
        }
        var page = Page(
            "class-form", title: words["session.edit"],
            lead: "\(Figures.date(session.day, in: words.language)) \(session.clock)", place: "classes")
        let back = ClassPages.address(item.id)
        page.crumbs = [(words["classes.title"], ClassPages.path), (item.content.title, back)]
        page.addressAfterPost = back + "/sessions/\(session.id)/edit"
        let view = FormView(words: words, area: "session", faults: faults, value: typed ?? session.value)
        page.fields["inputs"] = TimetableForms.inputs(view, TimetableForms.Choices(rooms, instructors, words))
        page.fields["action"] = back + "/sessions/\(session.id)/edit"
        page.fields["version"] = "\(item.version)"
        page.fields["verb"] = words["form.save"]
        page.fields["backHref"] = back
        page.faults = faults
        page.status = status
        return app.site.page(page, request, context)
    }

    private func move(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        let (item, session) = (try app.id("class", context), try app.id("session", context))
        let typed: (String) -> String = { form[$0] ?? "" }
        var fields = TypedFields { form[$0] }
        guard let planned = PlannedSession(&fields) else {
            return try await show(
                request, context, faults: fields.faults, status: .unprocessableContent, typed: typed)
        }
        let version = app.version(form)
        do {
            try await app.change(context) { try $0.moveSession(session, of: item, to: planned, version: version) }
            return app.seeOther(ClassPages.address(item) + "#timetable")
        } catch StepRefusal.unknown {
            throw Problem.notFound
        } catch let fault as DatabaseFault {
            let caller = try context.requireCaller()
            guard
                let faults = try await Self.clashes(fault, [planned], of: item, moved: session, app, caller)
            else { throw fault }
            return try await show(request, context, faults: faults, status: .conflict, typed: typed)
        } catch let refusal as StepRefusal {
            return try await show(
                request, context, faults: refusal.pageFaults("day"), status: refusal.pageStatus, typed: typed)
        }
    }

    // MARK: - Questions

    private func askDrop(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let (item, session) = try await find(context)
        guard item.state.isChangeable, !session.isCancelled else {
            return app.seeOther(ClassPages.address(item.id))
        }
        let key = item.state == .draft ? "session.remove" : "session.cancel"
        let back = ClassPages.address(item.id)
        let time = "\(Figures.date(session.day, in: words.language)) \(session.clock)"
        var question = Confirmation(
            title: words("\(key).title", ["time": time]),
            effect: words("\(key).effect", ["hours": "\(session.hours)", "seated": "\(item.seated)"]), verb: words[key],
            action: back + "/sessions/\(session.id)/drop", back: back + "#timetable")
        question.place = "classes"
        question.crumbs = [(words["classes.title"], ClassPages.path), (item.content.title, back)]
        return app.site.page(question, request, context)
    }

    private func askClear(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let item = try await pages.find(context)
        guard item.state == .draft, item.plannedHours > 0 else { return app.seeOther(ClassPages.address(item.id)) }
        let back = ClassPages.address(item.id)
        var question = Confirmation(
            title: words["timetable.clear.title"],
            effect: words("timetable.clear.effect", ["hours": "\(item.plannedHours)"]), verb: words["timetable.clear"],
            action: back + "/sessions/clear", back: back + "#timetable")
        question.fields = [("version", "\(item.version)")]
        question.place = "classes"
        question.crumbs = [(words["classes.title"], ClassPages.path), (item.content.title, back)]
        return app.site.page(question, request, context)
    }
}
