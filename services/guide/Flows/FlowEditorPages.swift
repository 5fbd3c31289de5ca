import Contracts
import Foundation
import Hummingbird
import ServiceKit
import SocialDomain

/// Flows for those who write and publish them: the JSON in a text area, check, preview, two people.
struct FlowEditorPages: Sendable {
    let app: GuideApplication
    static let path = "/guide/manage/flows"

    func addRoutes(to routes: inout RouteTable) {
        routes.on(GuideContract.flowList) { request, context in try await list(request, context) }
        routes.on(GuideContract.newFlow) { request, context in new(request, context, Draft(), checked: nil) }
        routes.on(GuideContract.addFlow) { request, context in try await save(nil, request, context) }
        routes.on(GuideContract.editFlowPage) { request, context in
            try await edit(try id(context), request, context)
        }
        routes.on(GuideContract.saveFlow) { request, context in try await save(try id(context), request, context) }
        routes.on(GuideContract.flowPreview) { request, context in try await preview(request, context) }
        routes.on(GuideContract.submitFlow) { request, context in
            try await step("flow.submit", request, context) { flow, _, change in
                try await app.flows.submit(flow, change)
            }
        }
        routes.on(GuideContract.publishFlow) { request, context in
            try await step("flow.publish", request, context) { flow, note, change in
                try await app.flows.publish(flow, note: note, change)
            }
        }
        routes.on(GuideContract.returnFlow) { request, context in
            try await step("flow.return", request, context) { flow, note, change in
                try await app.flows.giveBack(flow, note: note, change)
            }
        }
        routes.on(GuideContract.withdrawFlow) { request, context in
            try await step("flow.withdraw", request, context) { flow, _, change in
                try await app.flows.withdraw(flow, change)
            }
        }
    }

    private func id(_ context: KitContext) throws -> String {
        QueryItems.decodedPath(try context.parameters.require("flow"))
    }

    private func change(_ action: String, _ flow: String, _ context: KitContext) throws -> FlowStore.Change {
        let caller = try context.requireCaller()
        return FlowStore.Change(
            caller: caller, time: app.now(),
            event: AuditEvent(action, subject: flow, by: caller, request: context.requestID))
    }

    // MARK: - The list

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let entries = try await app.flows.list()
        var page = Page("flow-list", title: words["flows.manage"], lead: words["flows.manage.lead"], place: "flows")
        page.fields = Table(
            caption: words["flows.manage"],
            columns: [
                .init(words["flows.column.title"]), .init(words["flows.column.id"], isShort: true),
                .init(words["flows.column.public"]), .init(words["flows.column.open"]),
            ],
            rows: entries.map { entry in
                let shown =
                    entry.isWithdrawn
                    ? words["flow.withdrawn"]
                    : entry.publishedNumber.map { words("flow.edition", ["n": "\($0)"]) } ?? words["flow.notPublic"]
                return [
                    .init(entry.title[words.language], href: "\(Self.path)/\(entry.id)"), .init(entry.id), .init(shown),
                    .init(entry.openState.map { words["flow.state.\($0.rawValue)"] } ?? "–"),
                ]
            },
            emptiness: words["flows.empty"]
        ).fields()
        page.fields["mayEdit"] = GuideContract.addFlow.access.allows(context.caller)
        return app.site.page(page, request, context)
    }

    // MARK: - The editor

    /// What stands in the text area.
    private struct Draft {
        var json = ""
        var version: Int64?
    }

    private func new(
        _ request: Request, _ context: KitContext, _ draft: Draft, checked: [FlowFault]?,
        refusal: FlowRefusal? = nil
    ) -> Response {
        let words = app.site.words(context)
        var page = Page("flow-edit", title: words["flow.new"], lead: words["flow.new.lead"], place: "flows")
        page.crumbs = [(words["flows.manage"], Self.path)]
        page.addressAfterPost = "\(Self.path)/new"
        page.fields["action"] = "\(Self.path)/new"
        page.fields["mayEdit"] = true
        page.fields["json"] = draft.json
        fill(&page, checked, refusal, words)
        return app.site.page(page, request, context)
    }

    private func edit(
        _ flow: String, _ request: Request, _ context: KitContext, typed: Draft? = nil, checked: [FlowFault]? = nil,
        refusal: FlowRefusal? = nil
    ) async throws -> Response {
        let words = app.site.words(context)
        let editions = try await app.flows.editions(flow)
        guard let latest = editions.first, let entry = try await app.flows.entry(flow) else { throw Problem.notFound }
        var page = Page(
            "flow-edit", title: entry.title[words.language],
            lead: words(
                "flow.edit.lead", ["n": "\(latest.number)", "state": words["flow.state.\(latest.state.rawValue)"]]),
            place: "flows")
        page.crumbs = [(words["flows.manage"], Self.path)]
        let here = "\(Self.path)/\(flow)"
        page.addressAfterPost = here
        page.fields["action"] = here
        page.fields["json"] = typed?.json ?? latest.content
        page.fields["number"] = "\(latest.number)"
        page.fields["seenVersion"] = "\(latest.version)"
        page.fields["version"] = latest.state == .draft ? "\(typed?.version ?? latest.version)" : ""
        let caller = context.caller
        page.fields["mayEdit"] = latest.state != .submitted && GuideContract.saveFlow.access.allows(caller)
        page.fields["maySubmit"] = latest.state == .draft && GuideContract.submitFlow.access.allows(caller)
        let mayReview = GuideContract.publishFlow.access.allows(caller)
        page.fields["mayReview"] = latest.state == .submitted && mayReview && latest.editedBy != caller?.id
        page.fields["isOwn"] = latest.state == .submitted && latest.editedBy == caller?.id
        page.fields["mayWithdraw"] = mayReview && entry.publishedNumber != nil && !entry.isWithdrawn
        page.fields["preview"] = "\(here)/preview?edition=\(latest.number)"
        page.fields["publicHref"] = entry.publishedNumber != nil && !entry.isWithdrawn ? "/guide/flows/\(flow)" : nil
        page.fields["editions"] = editions.map { edition -> Fields in
            var fields: Fields = [
                "name": words("flow.edition", ["n": "\(edition.number)"]),
                "state": words["flow.state.\(edition.state.rawValue)"], "by": edition.editedName,
                "at": Figures.moment(edition.editedAt, in: words.language),
                "href": "\(here)/preview?edition=\(edition.number)",
            ]
            if !edition.note.isEmpty { fields["note"] = edition.note }
            fields["reviewer"] = edition.reviewedName.flatMap { name in
                name.isEmpty ? nil : words("flow.reviewer", ["name": name])
            }
            return fields
        }
        page.fields["hasEditions"] = true
        fill(&page, checked, refusal, words)
        return app.site.page(page, request, context)
    }

    private func fill(_ page: inout Page, _ checked: [FlowFault]?, _ refusal: FlowRefusal?, _ words: Words) {
        if let checked, checked.isEmpty, refusal == nil { page.notice = words["flow.sound"] }
        page.faults = (checked ?? []).prefix(40).map { FieldFault(field: "content", message: $0.explanation) }
        if let refusal { page.faults.insert(FieldFault(field: "content", message: refusal.explanation), at: 0) }
        if !page.faults.isEmpty { page.status = .unprocessableContent }
    }

    /// Checks, or checks and keeps.
    private func save(_ flow: String?, _ request: Request, _ context: KitContext) async throws -> Response {
        let reader = UploadReader(folder: "\(app.store.folder)/incoming", sizeLimit: 256 << 10, fileLimit: 0)
        let upload = try await reader.read(request, context)
        // A browser ends lines of a text area with CR LF.
        let json = (upload.fields["content"] ?? "").replacing("\r\n", with: "\n")
        let draft = Draft(json: json, version: upload.fields["version"].flatMap { Int64($0) })
        func again(_ checked: [FlowFault]?, _ refusal: FlowRefusal? = nil) async throws -> Response {
            if let flow {
                return try await edit(flow, request, context, typed: draft, checked: checked, refusal: refusal)
            }
            return new(request, context, draft, checked: checked, refusal: refusal)
        }
        let read: Flow
        do {
            read = try FlowStore.flow(json)
        } catch {
            return try await again([FlowFault(error)])
        }
        var faults = FlowCheck(items: try await app.flows.checkItems(for: read)).faults(of: read)
        if let flow, read.id != flow {
            faults.insert(
                FlowFault("id", "编号不能改，应为“\(flow)”。", "The id cannot be changed: it is “\(flow)”."), at: 0)
        }
        guard upload.fields["do"] == "save" else { return try await again(faults) }
        // A draft may be unfinished, but its id must be its own.
        guard FlowCheck.isID(read.id), flow == nil || flow == read.id, read.id != "new" else {
            return try await again(faults)
        }
        do {
            try await app.flows.save(
                read, json: json, isNew: flow == nil, version: draft.version, try change("flow.save", read.id, context))
        } catch let refusal as FlowRefusal {
            return try await again(nil, refusal)
        }
        return Response(status: .seeOther, headers: [.location: "\(Self.path)/\(read.id)"])
    }

    private func step(
        _ action: String, _ request: Request, _ context: KitContext,
        _ work: (_ flow: String, _ note: String, _ change: FlowStore.Change) async throws -> Void
    ) async throws -> Response {
        let flow = try id(context)
        let form = try await Form.read(request)
        do {
            var change = try change(action, flow, context)
            change.number = form["number"].flatMap { Int64($0) }
            change.version = form["version"].flatMap { Int64($0) }
            try await work(flow, String((form["note"] ?? "").prefix(500)), change)
        } catch let refusal as FlowRefusal {
            return try await edit(flow, request, context, refusal: refusal)
        }
        return Response(status: .seeOther, headers: [.location: "\(Self.path)/\(QueryItems.encoded(flow))"])
    }

    /// As citizens will see it, without counting.
    private func preview(_ request: Request, _ context: KitContext) async throws -> Response {
        let flow = try id(context)
        let query = QueryItems(request.uri.query ?? "")
        let editions = try await app.flows.editions(flow)
        guard let edition = editions.first(where: { "\($0.number)" == query["edition"] }) ?? editions.first else {
            throw Problem.notFound
        }
        let read = try FlowStore.flow(edition.content)
        let keeping = QueryItems().setting("edition", "\(edition.number)")
        return try await FlowPages(app: app).show(
            read, path: "\(Self.path)/\(flow)/preview", keeping: keeping, isCounted: false, request, context)
    }
}
