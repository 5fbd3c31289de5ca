import Contracts
import Hummingbird
import Security
import ServiceKit
import SocialDomain
import Storage

/// The programs as a list and as a file.
extension ProgramPages {
    static func table(
        _ programs: [TrainingProgram], _ app: TrainingApplication, _ words: Words, withSchool: Bool = true
    ) -> Table {
        var columns: [Table.Column] = [.init(words["program.field.title"])]
        if withSchool { columns.append(.init(words["program.school"])) }
        columns += [
            .init(words["program.field.trade"], isMinor: true), .init(words["program.field.level"]),
            .init(words["program.field.hours"], isFigure: true), .init(words["program.field.price"], isFigure: true),
            .init(words["program.field.subsidy"], isFigure: true), .init(words["program.state"], isShort: true),
        ]
        return Table(
            caption: words["programs.title"], columns: columns,
            rows: programs.map { program in
                var row: [Table.Cell] = [.init(program.content.title, href: address(program.id))]
                if withSchool { row.append(.init(program.schoolName, href: SchoolPages.address(program.school))) }
                return row + [
                    .init(app.tradeTitle(program.content.trade)), .init(words[program.content.level.title]),
                    .figure(Int(program.content.hours)), .init(program.content.price.spoken),
                    .init(program.content.subsidy.spoken), .init(words["program.state.\(program.state.rawValue)"]),
                ]
            },
            emptiness: words["programs.empty"])
    }

    private static func filter(_ query: QueryItems) -> SchoolQueries.ProgramFilter {
        var filter = SchoolQueries.ProgramFilter()
        filter.text = TextForm.trimmed(String((query["q"] ?? "").prefix(100)))
        filter.state = query["state"].flatMap(TrainingProgram.State.init)
        filter.trade = query["trade"]
        filter.after = query["after"].flatMap(Int64.init) ?? 0
        return filter
    }

    func export(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let (filter, scope) = (Self.filter(QueryItems(request.uri.query ?? "")), try context.requireCaller().scope)
        try await app.journal.record(AuditEvent("program.export", in: context))
        let (database, app) = (app.database, app)
        return ListExport.response(
            name: "programs-\(app.today)",
            header: [
                words["program.school"], words["program.field.title"], words["program.field.trade"],
                words["program.field.level"], words["program.field.hours"], words["program.field.price"],
                words["program.field.subsidy"], words["program.field.isDomestic"], words["program.state"],
            ],
            id: \.id,
            row: { (program: TrainingProgram) in
                let content = program.content
                return [
                    program.schoolName, content.title, app.tradeTitle(content.trade), words[content.level.title],
                    "\(content.hours)", content.price.decimal, content.subsidy.decimal,
                    content.isDomestic ? words["yes"] : "", words["program.state.\(program.state.rawValue)"],
                ]
            },
            piece: { after in
                var asked = filter
                (asked.after, asked.limit) = (after, ListExport.pieceSize)
                let piece = asked
                return try await database.read { db in try SchoolQueries.programs(piece, within: scope, in: db) }
            })
    }

    func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        var filter = Self.filter(query)
        filter.limit = Self.pageSize + 1
        let (asked, scope) = (filter, try context.requireCaller().scope)
        let programs = try await app.database.read { db in try SchoolQueries.programs(asked, within: scope, in: db) }
        var page = Page(
            "class-programs", title: words["programs.title"], lead: words["programs.lead"], place: "schools")
        page.crumbs = [(words["schools.title"], SchoolPages.path)]
        page.fields["list"] = Self.table(Array(programs.prefix(Self.pageSize)), app, words).fields()
        page.fields["q"] = query["q"]
        page.fields["exportHref"] = Self.path + "/export.csv" + query.removing("after").suffix
        page.fields["trade"] = query["trade"]
        page.fields["active"] = TrainingApplication.active(
            Self.path, query,
            [
                ("q", query["q"].map { "“\($0.prefix(100))”" }), ("trade", query["trade"].map(app.tradeTitle)),
                ("state", filter.state.map { words["program.state.\($0.rawValue)"] }),
            ])
        page.fields["states"] = TrainingProgram.State.allCases.map { state -> Fields in
            [
                "value": state.rawValue, "name": words["program.state.\(state.rawValue)"],
                "isChosen": state == filter.state,
            ]
        }
        if programs.count > Self.pageSize {
            page.fields["pages"] =
                ["nextHref": Self.path + query.setting("after", "\(programs[Self.pageSize - 1].id)").suffix] as Fields
        }
        return app.site.page(page, request, context)
    }
}
