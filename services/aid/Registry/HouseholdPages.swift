import Contracts
import Hummingbird
import ServiceKit
import SocialDomain

/// `/aid/households`: find a household, and its one page.
///
/// What is searched for never stands in an address: a search is a POST, and its answer is not kept.
struct HouseholdPages: Sendable {
    let app: AidApplication

    private func queries(_ context: KitContext) throws -> HouseholdQueries {
        HouseholdQueries(database: app.database, scope: try app.scope(context), seal: app.seal)
    }

    func addRoutes(to routes: inout RouteTable) {
        routes.on(AidContract.Pages.households) { request, context in
            app.site.page(searchPage(context), request, context)
        }
        routes.on(AidContract.Pages.findHousehold) { request, context in try await search(request, context) }
        routes.on(AidContract.Pages.oneHousehold) { request, context in try await show(request, context) }
        routes.on(AidContract.Pages.closeAlert) { request, context in try await close(request, context) }
        routes.on(AidContract.Pages.askTraining) { request, context in try await askTraining(request, context) }
    }

    private func searchPage(_ context: KitContext) -> Page {
        let words = app.site.words(context)
        var page = Page(
            "households", title: words["households.title"], lead: words["households.lead"], place: "households")
        page.addressAfterPost = "/aid/households"
        return page
    }

    private func search(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let form = try await Form.read(request)
        var page = searchPage(context)
        guard let text = form["who"], text.utf8.count <= 200 else {
            let fault = FieldFault(
                field: "who",
                message: LocalizedText(
                    zh: "请输入姓名、身份证号或家庭编号。", en: "Type a name, an identity number or a household's number."))
            page.faults = [fault]
            page.fields["whoFault"] = words[fault.message]
            page.status = .unprocessableContent
            return app.site.page(page, request, context)
        }
        let found = try await queries(context).search(text)
        // What was typed may be a name or a number: only how many it found is kept.
        try await app.journal.record(
            AuditEvent(
                "household.search", subject: found.count == 1 ? found[0].id : "",
                division: found.count == 1 ? found[0].division : "", reason: "\(found.count)", in: context))
        if found.count == 1 {
            return Response(
                status: .seeOther, headers: [.location: "/aid/households/\(QueryItems.encoded(found[0].id))"])
        }
        page.fields = Table(
            caption: words("households.found", ["n": Figures.grouped(min(found.count, HouseholdQueries.searchLimit))]),
            columns: [
                .init(words["column.household"]), .init(words["column.category"]), .init(words["column.division"]),
            ],
            rows: found.prefix(HouseholdQueries.searchLimit).map { one in
                [
                    .init(
                        one.name.isEmpty ? one.id : one.name, href: "/aid/households/\(QueryItems.encoded(one.id))",
                        note: one.name.isEmpty ? nil : one.id),
                    .init(HouseholdCategory(rawValue: one.category).map { words[$0.title] } ?? one.category),
                    .init(app.divisions.placeName(ofDigits: one.division)),
                ]
            },
            emptiness: words["households.none"]
        ).fields()
        page.fields["whoTyped"] = text
        if found.count > HouseholdQueries.searchLimit { page.fields["tooMany"] = words["households.tooMany"] }
        return app.site.page(page, request, context)
    }

    func show(
        _ request: Request, _ context: KitContext, refused: RefusedClosing? = nil, faults: [FieldFault] = []
    ) async throws -> Response {
        let words = app.site.words(context)
        let id = QueryItems.decodedPath(try context.parameters.require("id"))
        guard let story = try await queries(context).story(id) else { throw Problem.notFound }
        try await app.journal.record(
            AuditEvent("household.look", subject: id, division: story.division, in: context))
        let view = HouseholdView(
            story: story, rules: try await app.actions.rules(), divisions: app.divisions,
            today: story.asOf ?? app.actions.today(), words: words,
            mayAskTraining: AidContract.working.allows(context.caller), refused: refused)
        var page = Page("household", title: view.title, lead: view.lead, place: "households")
        page.crumbs = [(words["place.households"], "/aid/households")]
        page.fields = view.fields()
        if !faults.isEmpty {
            page.faults = faults
            page.fields["personFault"] = faults.first.map { words[$0.message] }
            page.status = .conflict
            page.addressAfterPost = "/aid/households/\(QueryItems.encoded(id))"
        }
        if let refused {
            // Someone else may have closed it meanwhile: then its form is gone.
            let isThere = story.alerts.contains { $0.id == refused.alert && $0.state == "cleared" }
            page.faults = [FieldFault(field: isThere ? "note-\(refused.alert)" : "main", message: refused.why)]
            page.status = .unprocessableContent
            page.addressAfterPost = "/aid/households/\(QueryItems.encoded(id))"
        }
        return app.site.page(page, request, context)
    }

    private func close(_ request: Request, _ context: KitContext) async throws -> Response {
        let id = QueryItems.decodedPath(try context.parameters.require("id"))
        let form = try await Form.read(request)
        guard let alert = form["alert"].flatMap(Int64.init) else { throw Problem.notFound }
        var refused = RefusedClosing(
            alert: alert, note: form["note"] ?? "",
            why: LocalizedText(
                zh: "请写明关闭的理由，不超过500字。", en: "Say why it is closed, in at most 500 characters."))
        guard let note = form["note"], note.count <= 500 else {
            return try await show(request, context, refused: refused)
        }
        do {
            try await app.actions.closeAlert(
                alert, note, try app.scope(context),
                AuditEvent("alert.close", reason: note, in: context))
        } catch let fault as any ExplainedFault {
            refused.why = fault.explanation
            return try await show(request, context, refused: refused)
        }
        return Response(status: .seeOther, headers: [.location: "/aid/households/\(QueryItems.encoded(id))"])
    }
}

/// What was typed to close an alert, and why that was refused.
struct RefusedClosing: Sendable {
    let alert: Int64
    let note: String
    var why: LocalizedText
}
