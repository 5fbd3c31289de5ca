import Contracts
import Foundation
import Hummingbird
import ServiceKit
import SocialDomain
import Storage

/// Classes: the list and its file, the application, and the steps to its approval and its first lesson.
struct ClassPages: Sendable {
    let app: TrainingApplication
    static let path = "/training/classes"
    private static let pageSize = 50

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.classList) { request, context in try await list(request, context) }
        routes.on(TrainingContract.classExport) { request, context in try await export(request, context) }
        routes.on(TrainingContract.timetableExport) { request, context in try await exportTimetable(request, context) }
        routes.on(TrainingContract.classPage) { request, context in try await show(request, context) }
        routes.on(TrainingContract.classSubmit) { request, context in
            try await step(request, context) { $0.submitClass }
        }
        routes.on(TrainingContract.classTakeBack) { request, context in
            try await step(request, context) { $0.takeBackClass }
        }
        routes.on(TrainingContract.classStart) { request, context in
            try await step(request, context) { $0.startClass }
        }
        routes.on(TrainingContract.classDecide) { request, context in
            let form = try await Form.read(request)
            let (version, note) = (app.version(form), form["note"] ?? "")
            guard let decision = form["decision"].flatMap(ChangeDesk.ClassDecision.init) else {
                return try await show(request, context, faults: [.decisionMissing], status: .unprocessableContent)
            }
            return try await acting(request, context) { desk, id in
                try desk.decideClass(id, decision, note: note, version: version)
            }
        }
        ClassForm(app: app).addRoutes(to: &routes)
    }

    static func address(_ id: Int64) -> String { "\(path)/\(id)" }

    func find(_ context: KitContext) async throws -> TrainingClass {
        let (id, scope) = (try app.id("class", context), try context.requireCaller().scope)
        let found = try await app.database.read { db in try ClassQueries.trainingClass(id, within: scope, in: db) }
        guard let found else { throw Problem.notFound }
        return found
    }

    // MARK: - Steps

    private func step(
        _ request: Request, _ context: KitContext,
        _ method: @escaping @Sendable (ChangeDesk) -> (Int64, Int64) throws -> Void
    ) async throws -> Response {
        let version = app.version(try await Form.read(request))
        return try await acting(request, context) { desk, id in try method(desk)(id, version) }
    }

    /// Leads back to the class; a refusal stands on its page, which shows it as it is now.
    func acting(
        _ request: Request, _ context: KitContext, _ work: @escaping @Sendable (ChangeDesk, Int64) throws -> Void
    ) async throws -> Response {
        let id = try app.id("class", context)
        do {
            try await app.change(context) { try work($0, id) }
            return app.seeOther(Self.address(id))
        } catch StepRefusal.unknown {
            throw Problem.notFound
        } catch let refusal as StepRefusal {
            let field = refusal == .noteMissing ? "note" : "steps"
            return try await show(request, context, faults: refusal.pageFaults(field), status: refusal.pageStatus)
        }
    }

    // MARK: - The list

    static func filter(_ query: QueryItems) -> ClassQueries.Filter {
        var filter = ClassQueries.Filter()
        filter.text = TextForm.trimmed(String((query["q"] ?? "").prefix(100)))
        filter.state = query["state"].flatMap(TrainingClass.State.init)
        filter.school = query["school"].flatMap(Int64.init)
        filter.program = query["program"].flatMap(Int64.init)
        filter.from = query["from"].flatMap { try? CalendarDate(parsing: $0) }
        filter.to = query["to"].flatMap { try? CalendarDate(parsing: $0) }
        filter.after = query["after"].flatMap(Int64.init) ?? 0
        return filter
    }

    static func table(
        _ classes: [TrainingClass], _ app: TrainingApplication, _ words: Words, withSchool: Bool = true
    ) -> Table {
        var columns: [Table.Column] = [.init(words["class.field.title"])]
        if withSchool { columns.append(.init(words["program.school"], isMinor: true)) }
        columns += [
            .init(words["class.program"], isMinor: true), .init(words["class.days"]),
            .init(words["class.hours"], isFigure: true), .init(words["class.seats"], isFigure: true),
            .init(words["class.state"], isShort: true),
        ]
        return Table(
            caption: words["classes.title"], columns: columns,
            rows: classes.map { item in
                var row: [Table.Cell] = [.init(item.content.title, href: address(item.id))]
                if withSchool { row.append(.init(item.schoolName, href: SchoolPages.address(item.school))) }
                return row + [
                    .init(item.programTitle), .init(days(item, words)), .init(item.hoursText),
                    .init("\(item.seated) / \(item.content.capacity)"),
                    .init(words["class.state.\(item.state.rawValue)"]),
                ]
            },
            emptiness: words["classes.empty"])
    }

    static func days(_ item: TrainingClass, _ words: Words) -> String {
        let (first, last) = (item.content.startsOn, item.content.endsOn)
        let from = Figures.date(first, in: words.language)
        return first == last ? from : "\(from)–\(Figures.date(last, in: words.language))"
    }

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        var filter = Self.filter(query)
        filter.limit = Self.pageSize + 1
        let (asked, scope) = (filter, try context.requireCaller().scope)
        let classes = try await app.database.read { db in try ClassQueries.classes(asked, within: scope, in: db) }
        var page = Page("class-list", title: words["classes.title"], lead: words["classes.lead"], place: "classes")
        page.fields["list"] = Self.table(Array(classes.prefix(Self.pageSize)), app, words).fields()
        for name in ["q", "from", "to", "school", "program"] { page.fields[name] = query[name] }
        page.fields["states"] = TrainingClass.State.allCases.map { state -> Fields in
            [
                "value": state.rawValue, "name": words["class.state.\(state.rawValue)"],
                "isChosen": state == filter.state,
            ]
        }
        page.fields["active"] = TrainingApplication.active(
            Self.path, query,
            [
                ("q", query["q"].map { "“\($0.prefix(100))”" }),
                ("state", filter.state.map { words["class.state.\($0.rawValue)"] }),
                ("from", filter.from.map { "\(words["classes.from"]) \(Figures.date($0, in: words.language))" }),
                ("to", filter.to.map { "\(words["classes.to"]) \(Figures.date($0, in: words.language))" }),
                ("school", filter.school.map { id in classes.first?.schoolName ?? "\(words["program.school"]) \(id)" }),
                (
                    "program",
                    filter.program.map { id in classes.first?.programTitle ?? "\(words["class.program"]) \(id)" }
                ),
            ])
        page.fields["mayMake"] = TrainingContract.keeping.allows(context.caller)
        page.fields["exportHref"] = Self.path + "/export.csv" + query.removing("after").suffix
        if classes.count > Self.pageSize {
            page.fields["pages"] =
                ["nextHref": Self.path + query.setting("after", "\(classes[Self.pageSize - 1].id)").suffix] as Fields
        }
        return app.site.page(page, request, context)
    }

    /// With the filters of the list; formulas are defused.
    private func export(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let (filter, scope) = (
            Self.filter(QueryItems(request.uri.query ?? "")), try context.requireCaller().scope
        )
        try await app.journal.record(AuditEvent("class.export", in: context))
        let (database, divisions) = (app.database, app.divisions)
        return ListExport.response(
            name: "classes-\(app.today)", header: Self.exportColumns.map { words["class.export.\($0)"] }, id: \.id,
            row: { Self.exportRow($0, words, divisions) },
            piece: { after in
                var asked = filter
                (asked.after, asked.limit) = (after, ListExport.pieceSize)
                let piece = asked
                return try await database.read { db in try ClassQueries.classes(piece, within: scope, in: db) }
            })
    }

    private func exportTimetable(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let item = try await find(context)
        let sessions = try await app.database.read { db in try ClassQueries.sessions(of: item.id, in: db) }
        let header = ["day", "from", "to", "room", "instructor", "hours", "topic"].map { words["session.field.\($0)"] }
        return ListExport.response(
            name: "class-\(item.id)-timetable",
            [header + [words["class.state"]]]
                + sessions.map { session in
                    [
                        session.day.description, session.value("from"), session.value("to"), session.roomName,
                        session.instructorName, "\(session.hours)", session.topic,
                        session.isCancelled ? words["session.cancelled"] : "",
                    ]
                })
    }

    private static let exportColumns = [
        "id", "title", "school", "program", "trade", "level", "division", "divisionName", "place", "startsOn", "endsOn",
        "signUpUntil", "capacity", "seated", "plannedHours", "hours", "audience", "policy", "state", "cancelledWhy",
    ]

    private static func exportRow(_ item: TrainingClass, _ words: Words, _ divisions: DivisionTree) -> [String] {
        let content = item.content
        return [
            "\(item.id)", content.title, item.schoolName, item.programTitle, item.trade, words[item.level.title],
            content.division, divisions.pathName(ofDigits: content.division), content.place,
            content.startsOn.description, content.endsOn.description, content.signUpUntil.description,
            "\(content.capacity)", "\(item.seated)", "\(item.plannedHours)", "\(item.hours)",
            words["class.audience.\(content.audience.rawValue)"], words["class.policy.\(content.policy.rawValue)"],
            words["class.state.\(item.state.rawValue)"], item.cancelledWhy ?? "",
        ]
    }
}
