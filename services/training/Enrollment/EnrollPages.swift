import Contracts
import Hummingbird
import Security
import ServiceKit
import SocialDomain
import Storage

/// Signing somebody up at the counter, and the draw of a lottery, both for staff.
struct EnrollPages: Sendable {
    let app: TrainingApplication

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.enrollPage) { request, context in
            try await form(Form(QueryItems("")), [], request, context)
        }
        routes.on(TrainingContract.enroll) { request, context in try await enroll(request, context) }
        routes.on(TrainingContract.drawPage) { request, context in try await draw(request, context) }
        routes.on(TrainingContract.enterSeed) { request, context in try await enterSeed(request, context) }
    }

    private func find(_ context: KitContext) async throws -> CatalogueClass {
        let (id, scope) = (try app.id("class", context), try context.requireCaller().scope)
        let isWithin = try await app.database.read { db in
            try ClassSeats.find(id, in: db).map { try scope.contains($0.division, school: $0.school, in: db) } ?? false
        }
        guard isWithin, let offer = try await app.catalogue.offer(id) else { throw Problem.notFound }
        return offer
    }

    // MARK: - At the counter

    private func form(
        _ form: Form, _ faults: [FieldFault], _ request: Request, _ context: KitContext
    ) async throws -> Response {
        let offer = try await find(context)
        let words = app.site.words(context)
        let path = "\(ClassPages.address(offer.id))/enroll"
        var page = Page(
            "sign-up", title: words("signup.title", ["class": offer.title]), lead: words["enroll.lead"],
            place: "enrollments")
        page.crumbs = [(offer.title, ClassPages.address(offer.id))]
        page.faults = faults
        if !faults.isEmpty { page.status = .unprocessableContent }
        page.addressAfterPost = path
        let league = DivisionCode(prefix: offer.division)?.ancestor(at: .prefecture)
        page.fields = SignUpForm(form: form, divisions: app.divisions).fields(
            near: league, faults: faults, words: words)
        page.fields["action"] = path
        return app.site.page(page, request, context)
    }

    private func enroll(_ request: Request, _ context: KitContext) async throws -> Response {
        let offer = try await find(context)
        let typed = try await Form.read(request)
        let (person, faults) = SignUpForm(form: typed, divisions: app.divisions).read()
        guard let person else { return try await form(typed, faults, request, context) }
        let caller = try context.requireCaller()
        do {
            let outcome = try await app.desk.signUp(
                SignUp.Request(
                    classID: offer.id, person: try app.desk.register.sealed(person), token: nil,
                    lowIncome: await app.aidStatus.ask(person.number), source: .staff, caller: caller,
                    requestID: context.requestID), within: caller.scope)
            guard let outcome else { throw Problem.notFound }
            return app.seeOther("/training/enrollments/\(outcome.enrollment)?done=added")
        } catch let refusal as EnrollmentRefusal {
            return try await form(
                typed, [FieldFault(field: "number", message: refusal.explanation)], request, context)
        }
    }

    // MARK: - The draw

    private func draw(
        _ request: Request, _ context: KitContext, _ refusal: EnrollmentRefusal? = nil
    ) async throws -> Response {
        let offer = try await find(context)
        let words = app.site.words(context)
        let id = offer.id
        let entered = try await app.database.read { db in
            try db.first("SELECT source, entered_by, confirmed_at FROM lottery_draw WHERE class_id = \(id)").map {
                row in
                (
                    source: try row.get("source", as: String.self), by: try row.get("entered_by", as: String.self),
                    isDone: try row.get("confirmed_at", as: String?.self) != nil
                )
            }
        }
        var page = Page(
            "draw", title: words("lottery.title", ["class": offer.title]), lead: words["draw.lead"],
            place: "enrollments")
        page.crumbs = [(offer.title, ClassPages.address(id))]
        page.addressAfterPost = "\(ClassPages.address(id))/lottery"
        if let refusal {
            page.status = .conflict
            page.faults = [FieldFault(field: "seed", message: refusal.explanation)]
        }
        page.fields["applied"] = words("draw.applied", ["n": "\(offer.applied)", "seats": "\(offer.capacity)"])
        page.fields["action"] = "\(ClassPages.address(id))/lottery"
        if let entered, entered.isDone {
            page.fields["resultHref"] = "/training/open/\(id)/lottery"
        } else if let entered {
            let isOwn = entered.by == (try context.requireCaller()).id
            page.fields["waits"] = words(isOwn ? "draw.waits.own" : "draw.waits", ["source": entered.source])
            if isOwn { page.fields["first"] = true } else { page.fields["second"] = true }
        } else {
            page.fields["first"] = true
        }
        return app.site.page(page, request, context)
    }

    private func enterSeed(_ request: Request, _ context: KitContext) async throws -> Response {
        let offer = try await find(context)
        let form = try await Form.read(request)
        let seed = String((form["seed"] ?? "").prefix(200))
        let act = EnrollmentDesk.Act(caller: try context.requireCaller(), requestID: context.requestID)
        do {
            guard !seed.isEmpty else { throw EnrollmentRefusal.lotteryDiffers }
            if let source = form["source"], !source.isEmpty {
                try await app.desk.enterSeed(seed, source: String(source.prefix(200)), class: offer.id, act)
            } else {
                try await app.desk.draw(seed, class: offer.id, act)
            }
            return app.seeOther("\(ClassPages.address(offer.id))/lottery")
        } catch let refusal as EnrollmentRefusal {
            return try await draw(request, context, refusal)
        }
    }
}
