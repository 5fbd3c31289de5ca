import Contracts
import Hummingbird
import Security
import ServiceKit
import SocialDomain
import Storage

/// Schools for those who keep them: the list, one school with all it has, and the form.
struct SchoolPages: Sendable {
    let app: TrainingApplication
    static let path = "/training/schools"
    private static let pageSize = 50

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.schoolList) { request, context in try await list(request, context) }
        routes.on(TrainingContract.schoolExport) { request, context in try await export(request, context) }
        routes.on(TrainingContract.schoolNew) { request, context in new(request, context) }
        routes.on(TrainingContract.schoolMake) { request, context in try await make(request, context) }
        routes.on(TrainingContract.schoolPage) { request, context in try await show(request, context) }
        routes.on(TrainingContract.schoolEdit) { request, context in try await edit(request, context) }
        routes.on(TrainingContract.schoolSave) { request, context in try await save(request, context) }
        routes.on(TrainingContract.schoolAskSuspend) { request, context in try await askSuspend(request, context) }
        routes.on(TrainingContract.schoolSuspend) { request, context in
            try await set(.suspended, request, context)
        }
        routes.on(TrainingContract.schoolResume) { request, context in try await set(.active, request, context) }
        routes.on(TrainingContract.roomAdd) { request, context in try await room(nil, request, context) }
        routes.on(TrainingContract.roomEdit) { request, context in
            try await room(try app.id("room", context), request, context)
        }
    }

    static func address(_ id: Int64) -> String { "\(path)/\(id)" }

    func find(_ context: KitContext) async throws -> School {
        let (id, scope) = (try app.id("school", context), try context.requireCaller().scope)
        guard let school = try await app.database.read({ db in try SchoolQueries.school(id, within: scope, in: db) })
        else { throw Problem.notFound }
        return school
    }

    // MARK: - The list

    /// Within how many days a licence ends, where that is asked for.
    private static func days(_ query: QueryItems) -> Int? { query["licence"].flatMap { ["30": 30, "60": 60][$0] } }

    private func filter(_ query: QueryItems) -> SchoolQueries.Filter {
        var filter = SchoolQueries.Filter()
        filter.text = TextForm.trimmed(String((query["q"] ?? "").prefix(100)))
        filter.state = query["state"].flatMap(School.State.init)
        filter.endsBy = Self.days(query).map { app.today.adding(days: $0) }
        filter.after = query["after"].flatMap(Int64.init) ?? 0
        return filter
    }

    private func export(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let (filter, scope) = (filter(QueryItems(request.uri.query ?? "")), try context.requireCaller().scope)
        try await app.journal.record(AuditEvent("school.export", in: context))
        let (database, divisions) = (app.database, app.divisions)
        return ListExport.response(
            name: "schools-\(app.today)",
            header: SchoolContent.fields.map { words["school.field.\($0)"] }
                + [words["school.export.division"], words["school.state"]],
            id: \.id,
            row: { (school: School) in
                SchoolContent.fields.map(school.content.value)
                    + [
                        divisions.pathName(ofDigits: school.content.division),
                        words["school.state.\(school.state.rawValue)"],
                    ]
            },
            piece: { after in
                var asked = filter
                (asked.after, asked.limit) = (after, ListExport.pieceSize)
                let piece = asked
                return try await database.read { db in try SchoolQueries.schools(piece, within: scope, in: db) }
            })
    }

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        var filter = filter(query)
        filter.limit = Self.pageSize + 1
        let (asked, scope) = (filter, try context.requireCaller().scope)
        let schools = try await app.database.read { db in try SchoolQueries.schools(asked, within: scope, in: db) }
        var page = Page("class-schools", title: words["schools.title"], lead: words["schools.lead"], place: "schools")
        page.fields["list"] = Table(
            caption: words["schools.title"],
            columns: [
                .init(words["school.field.name"]), .init(words["school.field.creditCode"], isMinor: true),
                .init(words["school.field.division"], isMinor: true), .init(words["school.licence"]),
                .init(words["school.state"], isShort: true),
            ],
            rows: schools.prefix(Self.pageSize).map { school in
                [
                    .init(school.content.name, href: Self.address(school.id)), .init(school.content.creditCode),
                    .init(app.divisionName(school.content.division)), licence(school, words),
                    .init(words["school.state.\(school.state.rawValue)"]),
                ]
            },
            emptiness: words["schools.empty"]
        ).fields()
        page.fields["q"] = query["q"]
        page.fields["exportHref"] = Self.path + "/export.csv" + query.removing("after").suffix
        page.fields["states"] = School.State.allCases.map { state -> Fields in
            [
                "value": state.rawValue, "name": words["school.state.\(state.rawValue)"],
                "isChosen": state == filter.state,
            ]
        }
        page.fields["licences"] = ["30", "60"].map { (days: String) -> Fields in
            ["value": days, "name": words["school.licence.\(days)"], "isChosen": query["licence"] == days]
        }
        page.fields["active"] = TrainingApplication.active(
            Self.path, query,
            [
                ("q", query["q"].map { "“\($0.prefix(100))”" }),
                ("state", filter.state.map { words["school.state.\($0.rawValue)"] }),
                ("licence", Self.days(query).map { words["school.licence.\($0)"] }),
            ])
        page.fields["mayMake"] = TrainingContract.preparing.allows(context.caller)
        if schools.count > Self.pageSize {
            page.fields["pages"] =
                ["nextHref": Self.path + query.setting("after", "\(schools[Self.pageSize - 1].id)").suffix] as Fields
        }
        return app.site.page(page, request, context)
    }

    private func licence(_ school: School, _ words: Words) -> Table.Cell {
        let standing = Standing(until: school.content.licenceUntil, on: app.today)
        let day = school.content.licenceUntil.map { Figures.date($0, in: words.language) } ?? ""
        guard let badge = standing.html(words) else { return .init(day) }
        var cell = Table.Cell(html: badge)
        cell.note = day.isEmpty ? nil : day
        return cell
    }

    // MARK: - The form

    private func new(_ request: Request, _ context: KitContext) -> Response {
        let own = context.caller?.scope.division.map(\.prefix) ?? ""
        return form(request, context, school: nil) { $0 == "division" && own.utf8.count >= 6 ? own : "" }
    }

    private func form(
        _ request: Request, _ context: KitContext, school: School?, faults: [FieldFault] = [],
        status: HTTPResponse.Status = .ok, stale: StaleForm? = nil, _ value: @escaping (String) -> String
    ) -> Response {
        let words = app.site.words(context)
        var page = Page(
            "class-form", title: school.map { words("school.edit", ["name": $0.content.name]) } ?? words["school.new"],
            place: "schools")
        page.crumbs = [(words["schools.title"], Self.path)]
        if let school { page.crumbs.append((school.content.name, Self.address(school.id))) }
        let address = school.map { Self.address($0.id) + "/edit" } ?? Self.path + "/new"
        page.addressAfterPost = address
        let view = FormView(words: words, area: "school", faults: faults, value: value)
        let divisions = FormView.divisions(app.divisions, within: context.caller?.scope.division)
        page.fields["inputs"] = [
            view.input("name", isNeeded: true), view.input("creditCode", isNeeded: true, most: 30),
            view.input("division", .choice(divisions), isNeeded: true), view.input("address", most: 200),
            view.input("latitude", most: 20), view.input("longitude", most: 20), view.input("phone", most: 40),
            view.input("licenceNumber", most: 60), view.input("licenceFrom", .day), view.input("licenceUntil", .day),
        ]
        page.fields["action"] = address
        page.fields["version"] = school.map { "\($0.version)" }
        page.fields["verb"] = words[school == nil ? "school.make" : "form.save"]
        page.fields["backHref"] = school.map { Self.address($0.id) } ?? Self.path
        page.fields["stale"] = stale?.fields(words)
        page.faults = faults
        page.status = status
        return app.site.page(page, request, context)
    }

    private func make(_ request: Request, _ context: KitContext) async throws -> Response {
        let typed = try await Form.read(request)
        var fields = TypedFields { typed[$0] }
        guard let content = SchoolContent(&fields) else {
            return form(request, context, school: nil, faults: fields.faults, status: .unprocessableContent) {
                typed[$0] ?? ""
            }
        }
        do {
            let id = try await app.change(context) { try $0.makeSchool(content) }
            return app.seeOther(Self.address(id))
        } catch let refusal as StepRefusal {
            return form(
                request, context, school: nil, faults: refusal.pageFaults("name"), status: refusal.pageStatus
            ) { typed[$0] ?? "" }
        }
    }

    private func edit(_ request: Request, _ context: KitContext) async throws -> Response {
        let school = try await find(context)
        return form(request, context, school: school) { school.content.value($0) }
    }

    private func save(_ request: Request, _ context: KitContext) async throws -> Response {
        let typed = try await Form.read(request)
        let school = try await find(context)
        var fields = TypedFields { typed[$0] }
        guard let content = SchoolContent(&fields) else {
            return form(request, context, school: school, faults: fields.faults, status: .unprocessableContent) {
                typed[$0] ?? ""
            }
        }
        let version = app.version(typed)
        do {
            try await app.change(context) { try $0.saveSchool(school.id, content, version: version) }
            return app.seeOther(Self.address(school.id))
        } catch StepRefusal.stale {
            let now = try await find(context)
            let stale = StaleForm(
                SchoolContent.fields, kept: now.content.value, typed: content.value, area: "school",
                words: app.site.words(context))
            return form(request, context, school: now, faults: [StaleForm.fault], status: .conflict, stale: stale) {
                content.value($0)
            }
        } catch let refusal as StepRefusal {
            guard refusal != .unknown else { throw Problem.notFound }
            return form(
                request, context, school: school, faults: refusal.pageFaults("name"), status: refusal.pageStatus
            ) { typed[$0] ?? "" }
        }
    }

    // MARK: - Steps

    private func askSuspend(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let school = try await find(context)
        guard school.state == .active else { return app.seeOther(Self.address(school.id)) }
        var question = Confirmation(
            title: words("school.suspend.title", ["name": school.content.name]), effect: words["school.suspend.effect"],
            verb: words["school.suspend"], action: Self.address(school.id) + "/suspend", back: Self.address(school.id))
        question.fields = [("version", "\(school.version)")]
        question.place = "schools"
        question.crumbs = [(words["schools.title"], Self.path), (school.content.name, Self.address(school.id))]
        return app.site.page(question, request, context)
    }

    private func set(
        _ state: School.State, _ request: Request, _ context: KitContext
    ) async throws -> Response {
        let (id, version) = (try app.id("school", context), app.version(try await Form.read(request)))
        return try await acting(request, context, field: "steps") {
            try await app.change(context) { try $0.setSchool(id, state, version: version) }
        }
    }

    private func room(_ room: Int64?, _ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        let id = try app.id("school", context)
        var fields = TypedFields { form[$0] }
        let name = fields.text("name", most: 60, isNeeded: true)
        let seats = fields.number("seats", in: 1...1000)
        guard fields.faults.isEmpty, let seats else {
            let faults = fields.faults.map { FieldFault(field: "room-\($0.field)", message: $0.message) }
            return try await show(
                request, context, faults: faults, status: .unprocessableContent,
                typed: room == nil ? (form["name"] ?? "", form["seats"] ?? "") : nil)
        }
        return try await acting(request, context, field: "room-name") {
            try await app.change(context) { desk in
                if let room {
                    try desk.editRoom(room, name, seats: seats, of: id)
                } else {
                    try desk.addRoom(name, seats: seats, to: id)
                }
            }
        }
    }

    /// Leads back to the school; a refusal stands on its page.
    private func acting(
        _ request: Request, _ context: KitContext, field: String, _ action: () async throws -> Void
    ) async throws -> Response {
        do {
            try await action()
            return app.seeOther(Self.address(try app.id("school", context)))
        } catch StepRefusal.unknown {
            throw Problem.notFound
        } catch let refusal as StepRefusal {
            return try await show(
                request, context, faults: refusal.pageFaults(field), status: refusal.pageStatus)
        }
    }
}
