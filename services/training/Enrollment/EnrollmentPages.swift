import Contracts
import Foundation
import Hummingbird
import Security
import ServiceKit
import SocialDomain
import Storage

/// Enrollments, for those who decide them.
struct EnrollmentPages: Sendable {
    let app: TrainingApplication
    static let path = "/training/enrollments"
    private static let pageSize = 50

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.enrollmentList) { request, context in try await list(request, context) }
        routes.on(TrainingContract.findEnrollments) { request, context in try await search(request, context) }
        routes.on(TrainingContract.enrollmentExport) { request, context in try await export(request, context) }
        addSteps(to: &routes)
    }

    private func filter(_ query: QueryItems) -> EnrollmentList.Filter {
        var filter = EnrollmentList.Filter()
        filter.classID = query["class"].flatMap { Int64($0) }
        filter.state = query["state"].flatMap(EnrollmentState.init(rawValue:))
        filter.lowIncome = query["low"].flatMap(LowIncome.init(rawValue:))
        filter.before = query["after"].flatMap { Int64($0) }
        return filter
    }

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        var filter = filter(query)
        filter.limit = Self.pageSize + 1
        let (asked, scope) = (filter, try context.requireCaller().scope)
        let lines = try await app.database.read { db in try EnrollmentList.find(asked, within: scope, in: db) }
        var page = page(words, asked)
        page.fields["class"] = query["class"]
        page.fields["active"] = TrainingApplication.active(
            Self.path, query,
            [
                ("class", query["class"].map { words("enrollments.class", ["n": String($0.prefix(20))]) }),
                ("state", asked.state.map { words[$0.title] }), ("low", asked.lowIncome.map { words[$0.title] }),
            ])
        let shown = Array(lines.prefix(Self.pageSize))
        page.fields["list"] = table(shown, words)
        if lines.count > Self.pageSize, let last = shown.last {
            page.fields["pages"] = ["nextHref": Self.path + query.setting("after", "\(last.id)").suffix] as Fields
        }
        page.fields["exportHref"] = "\(Self.path).csv" + query.removing("after").suffix
        return app.site.page(page, request, context)
    }

    private func page(_ words: Words, _ chosen: EnrollmentList.Filter = .init()) -> Page {
        var page = Page(
            "enrollments", title: words["enrollments.title"], lead: words["enrollments.lead"], place: "enrollments")
        page.fields["states"] = EnrollmentState.allCases.map { state -> Fields in
            ["value": state.rawValue, "name": words[state.title], "isChosen": state == chosen.state]
        }
        page.fields["lows"] = LowIncome.allCases.map { low -> Fields in
            ["value": low.rawValue, "name": words[low.title], "isChosen": low == chosen.lowIncome]
        }
        return page
    }

    private func table(_ shown: [EnrollmentLine], _ words: Words) -> Fields {
        Table(
            caption: words["enrollments.title"],
            columns: [
                .init(words["attend.enrollment"], isFigure: true), .init(words["attend.learner"]),
                .init(words["attend.day.class"]), .init(words["attend.state"], isShort: true),
                .init(words["enrollments.low"], isMinor: true), .init(words["enrollments.since"], isMinor: true),
            ],
            rows: shown.map { line in
                [
                    .init("\(line.id)"),
                    .init(
                        PersonName.masked(line.name), href: "\(Self.path)/\(line.id)",
                        note: line.wanted == nil ? nil : words["enrollments.wants"]),
                    .init(line.classTitle, href: ClassPages.address(line.classID)), .init(words[line.state.title]),
                    .init(words[line.lowIncome.title]),
                    .init(Figures.moment(line.createdAt, in: words.language)),
                ]
            },
            emptiness: words["enrollments.empty"]
        ).fields()
    }

    /// One person's enrollments. Who is searched for stands in no address, and only how many were found is kept.
    private func search(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        var page = page(words)
        page.addressAfterPost = Self.path
        guard let text = try await Form.read(request)["who"], text.count <= 50 else {
            let fault = FieldFault(
                field: "who", message: LocalizedText(zh: "请输入姓名或身份证号码。", en: "Type a name or an identity number."))
            page.faults = [fault]
            page.fields["whoFault"] = words[fault.message]
            page.status = .unprocessableContent
            return app.site.page(page, request, context)
        }
        var filter = EnrollmentList.Filter()
        if let number = try? CitizenID(text) {
            filter.numberIndex = app.seal.index(of: number)
        } else {
            filter.name = text
        }
        filter.limit = Self.pageSize
        let (asked, scope) = (filter, try context.requireCaller().scope)
        let lines = try await app.database.read { db in try EnrollmentList.find(asked, within: scope, in: db) }
        try await app.journal.record(AuditEvent("enrollment.search", reason: "\(lines.count)", in: context))
        if let only = lines.first, lines.count == 1 { return app.seeOther("\(Self.path)/\(only.id)") }
        page.fields["found"] = words("enrollments.found", ["n": "\(lines.count)"])
        page.fields["list"] = table(lines, words)
        return app.site.page(page, request, context)
    }

    private func export(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "").removing("after")
        let (filter, scope) = (filter(query), try context.requireCaller().scope)
        // Of what was taken the filter is kept: it holds numbers of classes and states, no person.
        try await app.journal.record(
            AuditEvent("enrollment.export", reason: String(query.suffix.prefix(200)), in: context))
        let header = [
            words["attend.enrollment"], words["attend.learner"], words["attend.day.class"], words["attend.state"],
            words["enrollments.low"], words["enrollments.since"],
        ]
        let database = app.database
        return ListExport.response(
            name: "enrollments", header: header,
            row: { (line: EnrollmentLine) in
                [
                    "\(line.id)", line.name, line.classTitle, words[line.state.title], words[line.lowIncome.title],
                    line.createdAt,
                ]
            },
            piece: { last in
                var asked = filter
                (asked.before, asked.limit) = (last?.id, ListExport.pieceSize)
                let piece = asked
                return try await database.read { db in try EnrollmentList.find(piece, within: scope, in: db) }
            })
    }
}
