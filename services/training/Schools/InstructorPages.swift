import Contracts
import Hummingbird
import ServiceKit
import SocialDomain
import Storage

/// Those who teach: added once with their number, then changed without it.
struct InstructorPages: Sendable {
    let app: TrainingApplication
    private static let path = "/training/instructors"

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.instructorNew) { request, context in
            let school = try await SchoolPages(app: app).find(context)
            return new(request, context, school) { $0 == "isActive" ? "yes" : "" }
        }
        routes.on(TrainingContract.instructorAdd) { request, context in try await add(request, context) }
        routes.on(TrainingContract.instructorPage) { request, context in try await show(request, context) }
        routes.on(TrainingContract.instructorSave) { request, context in try await save(request, context) }
    }

    static func address(_ id: Int64) -> String { "\(path)/\(id)" }

    // MARK: - A new one

    private func new(
        _ request: Request, _ context: KitContext, _ school: School, faults: [FieldFault] = [],
        status: HTTPResponse.Status = .ok, _ value: @escaping (String) -> String
    ) -> Response {
        let words = app.site.words(context)
        var page = Page(
            "class-form", title: words["instructor.new"], lead: words["instructor.new.lead"], place: "schools")
        let school = (name: school.content.name, address: SchoolPages.address(school.id))
        page.crumbs = [(words["schools.title"], SchoolPages.path), (school.name, school.address)]
        page.addressAfterPost = school.address + "/instructors/new"
        let view = FormView(words: words, area: "instructor", faults: faults, value: value)
        page.fields["inputs"] = [
            view.input("name", isNeeded: true, most: 60), view.input("number", isNeeded: true, most: 30),
            view.input("trades", most: 300), view.input("credential"), view.input("credentialUntil", .day),
        ]
        page.fields["action"] = school.address + "/instructors/new"
        page.fields["verb"] = words["instructor.add"]
        page.fields["backHref"] = school.address
        page.faults = faults
        page.status = status
        return app.site.page(page, request, context)
    }

    private func add(_ request: Request, _ context: KitContext) async throws -> Response {
        let typed = try await Form.read(request)
        let school = try await SchoolPages(app: app).find(context)
        var fields = TypedFields { $0 == "isActive" ? "yes" : typed[$0] }
        let content = InstructorContent(&fields, knows: app.knows)
        var number: CitizenID?
        do throws(CitizenIDFault) {
            number = try CitizenID(typed["number"] ?? "")
        } catch {
            fields.fault("number", error.explanation)
        }
        guard fields.faults.isEmpty, let content, let number else {
            return new(request, context, school, faults: fields.faults, status: .unprocessableContent) {
                typed[$0] ?? ""
            }
        }
        let (seal, person) = (app.seal, number)
        do {
            let id = try await app.change(context) {
                try $0.addInstructor(content, number: person, seal: seal, to: school.id)
            }
            return app.seeOther(Self.address(id))
        } catch let refusal as StepRefusal {
            guard refusal != .unknown else { throw Problem.notFound }
            return new(
                request, context, school, faults: refusal.pageFaults("name"), status: refusal.pageStatus
            ) { typed[$0] ?? "" }
        }
    }

    // MARK: - One

    private func show(
        _ request: Request, _ context: KitContext, faults: [FieldFault] = [], status: HTTPResponse.Status = .ok,
        stale: StaleForm? = nil, typed: ((String) -> String)? = nil
    ) async throws -> Response {
        let words = app.site.words(context)
        let (id, scope) = (try app.id("instructor", context), try context.requireCaller().scope)
        let minute = TimetableMinute.of(BeijingTime.seconds(iso8601: app.now()) ?? 0)
        let found = try await app.database.read { db in
            guard let (instructor, school) = try SchoolQueries.instructor(id, within: scope, in: db) else {
                return (Instructor, School, FormerTraining, [(title: String, session: ClassSession)])?.none
            }
            let former = try SchoolQueries.training(of: instructor.numberIndex, school: school, in: db)
            let ahead = try ClassQueries.ahead(of: instructor.numberIndex, after: minute, within: scope, in: db)
            return (instructor, school, former, ahead)
        }
        guard let (instructor, school, former, ahead) = found else { throw Problem.notFound }
        try await app.journal.record(
            AuditEvent(
                "instructor.look", subject: "instructor-\(id)", division: school.content.division, in: context))
        let number = try app.seal.openNumber(instructor.numberSealed, index: instructor.numberIndex)
        var page = Page("class-instructor", title: instructor.name, lead: school.content.name, place: "schools")
        page.crumbs = [
            (words["schools.title"], SchoolPages.path), (school.content.name, SchoolPages.address(school.id)),
        ]
        page.addressAfterPost = Self.address(id)
        page.fields["facts"] = TrainingApplication.facts([
            (words["instructor.field.number"], (try? CitizenID(number).masked) ?? "–"),
            (words["instructor.former"], former.key.map { words[$0] } ?? ""),
            (words["instructor.field.trades"], instructor.trades.map(app.tradeTitle).joined(separator: "、")),
            (words["instructor.state"], words[instructor.isActive ? "instructor.active" : "instructor.inactive"]),
        ])
        let standing = Standing(until: instructor.credentialUntil, on: app.today)
        page.fields["warning"] = standing.badge(words).map {
            ["text": words("instructor.credential.warning", ["standing": $0.text]), "tier": $0.tier] as Fields
        }
        page.fields["ahead"] = Table(
            caption: words["instructor.ahead"],
            columns: [
                .init(words["session.field.day"]), .init(words["session.time"], isShort: true),
                .init(words["class.field.title"]), .init(words["session.field.room"]),
            ],
            rows: ahead.map { title, session in
                [
                    .init(Figures.date(session.day, in: words.language)), .init(session.clock),
                    .init(title, href: ClassPages.address(session.trainingClass)), .init(session.roomName),
                ]
            },
            emptiness: words["instructor.ahead.empty"]
        ).fields()
        let view = FormView(words: words, area: "instructor", faults: faults, value: typed ?? instructor.value)
        page.fields["inputs"] = [
            view.input("name", isNeeded: true, most: 60), view.input("trades", most: 300), view.input("credential"),
            view.input("credentialUntil", .day), view.input("isActive", .tick),
        ]
        page.fields["action"] = Self.address(id)
        page.fields["version"] = "\(instructor.version)"
        page.fields["verb"] = words["form.save"]
        page.fields["stale"] = stale?.fields(words)
        page.faults = faults
        page.status = status
        return app.site.page(page, request, context)
    }

    private func save(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        let (id, version) = (try app.id("instructor", context), app.version(form))
        let typed: (String) -> String = { form[$0] ?? "" }
        var fields = TypedFields { form[$0] }
        guard let content = InstructorContent(&fields, knows: app.knows) else {
            return try await show(
                request, context, faults: fields.faults, status: .unprocessableContent, typed: typed)
        }
        do {
            try await app.change(context) { try $0.saveInstructor(id, content, version: version) }
            return app.seeOther(Self.address(id))
        } catch StepRefusal.unknown {
            throw Problem.notFound
        } catch StepRefusal.stale {
            let scope = try context.requireCaller().scope
            let now = try await app.database.read { db in
                try SchoolQueries.instructor(id, within: scope, in: db)?.instructor
            }
            let stale = StaleForm(
                InstructorContent.fields, kept: { now?.value($0) ?? "" }, typed: typed, area: "instructor",
                words: app.site.words(context))
            return try await show(
                request, context, faults: [StaleForm.fault], status: .conflict, stale: stale, typed: typed)
        } catch let refusal as StepRefusal {
            return try await show(
                request, context, faults: refusal.pageFaults("name"), status: refusal.pageStatus, typed: typed)
        }
    }
}
