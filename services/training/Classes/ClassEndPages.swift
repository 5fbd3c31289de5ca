import Contracts
import Hummingbird
import ServiceKit
import SocialDomain
import Storage

/// How a class ends, and what is to be done for the people of one that was cancelled.
struct ClassEndPages: Sendable {
    let app: TrainingApplication

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.classAskEnd) { request, context in try await askEnd(request, context) }
        routes.on(TrainingContract.classEnd) { request, context in
            let version = app.version(try await Form.read(request))
            return try await pages.acting(request, context) { try $0.endClass($1, version: version) }
        }
        routes.on(TrainingContract.classAskCancel) { request, context in try await askCancel(request, context) }
        routes.on(TrainingContract.classCancel) { request, context in try await cancel(request, context) }
        routes.on(TrainingContract.classAffected) { request, context in try await affected(request, context) }
        routes.on(TrainingContract.classAffectedExport) { request, context in try await export(request, context) }
    }

    private var pages: ClassPages { ClassPages(app: app) }

    private func askEnd(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let item = try await pages.find(context)
        let back = ClassPages.address(item.id)
        guard item.state == .running else { return app.seeOther(back) }
        let people = try await app.database.read { db in try ClassQueries.people(of: item.id, in: db) }
        let waiting = [EnrollmentState.applied, .waiting, .offered].reduce(Int64(0)) { $0 + (people[$1] ?? 0) }
        var question = Confirmation(
            title: words("class.end.title", ["name": item.content.title]),
            effect: words("class.end.effect", ["seated": "\(people[.seated] ?? 0)", "waiting": "\(waiting)"]),
            verb: words["class.end"], action: back + "/end", back: back)
        question.fields = [("version", "\(item.version)")]
        question.place = "classes"
        question.crumbs = [(words["classes.title"], ClassPages.path), (item.content.title, back)]
        return app.site.page(question, request, context)
    }

    // MARK: - Cancelling

    private static func reason(_ text: String?) -> String { TextForm.trimmed(text ?? "") }

    private func askCancel(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let item = try await pages.find(context)
        let back = ClassPages.address(item.id)
        if item.state == .cancelled { return app.seeOther(back + "/affected") }
        guard item.state != .ended else { return app.seeOther(back) }
        let why = Self.reason(QueryItems(request.uri.query ?? "")["reason"])
        guard !why.isEmpty, why.count <= 500 else {
            return try await pages.show(
                request, context, faults: StepRefusal.noteMissing.pageFaults("reason"), status: .unprocessableContent)
        }
        let people = try await app.database.read { db in try ClassQueries.people(of: item.id, in: db) }
        let waiting = [EnrollmentState.applied, .waiting, .offered].reduce(Int64(0)) { $0 + (people[$1] ?? 0) }
        var question = Confirmation(
            title: words("class.cancel.title", ["name": item.content.title]),
            effect: words(
                "class.cancel.effect",
                ["seated": "\(people[.seated] ?? 0)", "waiting": "\(waiting)", "reason": why]),
            verb: words["class.cancel"], action: back + "/cancel", back: back)
        question.fields = [("version", "\(item.version)"), ("reason", why)]
        question.place = "classes"
        question.crumbs = [(words["classes.title"], ClassPages.path), (item.content.title, back)]
        return app.site.page(question, request, context)
    }

    private func cancel(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        let (version, why) = (app.version(form), Self.reason(form["reason"]))
        let answer = try await pages.acting(request, context) { try $0.cancelClass($1, why: why, version: version) }
        guard answer.status == .seeOther else { return answer }
        return app.seeOther(ClassPages.address(try app.id("class", context)) + "/affected")
    }

    // MARK: - Those concerned

    private func people(_ context: KitContext, _ action: String) async throws -> (TrainingClass, [AffectedLearner]) {
        let item = try await pages.find(context)
        guard item.state == .cancelled else { throw Problem.notFound }
        let people = try await app.database.read { db in try AffectedLearner.of(item.id, in: db) }
        try await app.journal.record(
            AuditEvent(action, subject: item.subject, division: item.content.division, in: context))
        return (item, people)
    }

    private func affected(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let (item, people) = try await people(context, "class.affected")
        let (today, scope) = (app.today, try context.requireCaller().scope)
        let others = try await app.database.read { db in
            try ClassQueries.instead(of: item, on: today, within: scope, in: db)
        }
        let back = ClassPages.address(item.id)
        var page = Page(
            "class-affected", title: words("class.affected.title", ["name": item.content.title]),
            lead: words("class.affected.lead", ["count": "\(people.count)"]), place: "classes")
        page.crumbs = [(words["classes.title"], ClassPages.path), (item.content.title, back)]
        page.fields["why"] = item.cancelledWhy
        page.fields["people"] = Table(
            caption: words["class.affected.people"],
            columns: [
                .init(words["learner.name"]), .init(words["learner.number"]), .init(words["learner.phone"]),
                .init(words["class.field.division"], isMinor: true),
            ],
            rows: try people.map { person in
                [
                    .init(person.name), .init((try? CitizenID(number(person)).masked) ?? "–"),
                    .init(Self.masked(try phone(person))), .init(app.divisionName(person.division)),
                ]
            },
            emptiness: words["class.affected.empty"]
        ).fields()
        page.fields["exportHref"] = people.isEmpty ? nil : back + "/affected.csv"
        var table = ClassPages.table(others, app, words)
        table.emptiness = words["class.affected.others.empty"]
        page.fields["others"] = table.fields()
        return app.site.page(page, request, context)
    }

    /// With whole phones: these people are to be called.
    private func export(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let (item, people) = try await people(context, "class.affectedExport")
        let header = [
            words["learner.name"], words["learner.number"], words["learner.phone"], words["class.field.division"],
            words["class.field.title"], words["class.cancelledWhy"],
        ]
        let rows = try people.map { person in
            [
                person.name, (try? CitizenID(number(person)).masked) ?? "", try phone(person),
                app.divisionName(person.division), item.content.title, item.cancelledWhy ?? "",
            ]
        }
        return ListExport.response(name: "class-\(item.id)-affected", [header] + rows)
    }

    private func number(_ person: AffectedLearner) throws -> String {
        try app.seal.openNumber(person.numberSealed, index: person.numberIndex)
    }

    private func phone(_ person: AffectedLearner) throws -> String {
        guard let sealed = person.phoneSealed else { return "" }
        return try app.seal.openPhone(sealed, index: person.numberIndex)
    }

    /// `138****1234`
    private static func masked(_ phone: String) -> String {
        phone.count > 7 ? "\(phone.prefix(3))****\(phone.suffix(4))" : phone.isEmpty ? "–" : "****"
    }
}
