import Contracts
import Foundation
import Hummingbird
import Security
import ServiceKit
import SocialDomain
import Storage

/// Where editors and reviewers work: what waits for whom, one item's state, and the steps of its life.
struct EditingPages: Sendable {
    let app: GuideApplication
    static let path = "/guide/editing"
    private static let pageSize = 50

    func addRoutes(to routes: inout RouteTable) {
        routes.on(GuideContract.workList) { request, context in try await list(request, context) }
        routes.on(GuideContract.freshnessPage) { request, context in try await freshness(request, context) }
        routes.on(GuideContract.newItemPage) { request, context in try await new(request, context, form: nil) }
        routes.on(GuideContract.beginItem) { request, context in try await begin(request, context) }
        routes.on(GuideContract.workItemPage) { request, context in try await show(request, context) }
        routes.on(GuideContract.previewPage) { request, context in try await preview(request, context) }
        routes.on(GuideContract.changesPage) { request, context in try await changes(request, context) }
        routes.on(GuideContract.claimItem) { request, context in try await step(request, context) { $0.claim } }
        routes.on(GuideContract.releaseItem) { request, context in try await step(request, context) { $0.release } }
        routes.on(GuideContract.restoreItem) { request, context in try await step(request, context) { $0.restore } }
        routes.on(GuideContract.confirmItem) { request, context in try await step(request, context) { $0.confirm } }
        addFormRoutes(to: &routes)
        ItemForm(app: app, pages: self).addRoutes(to: &routes)
    }

    private func addFormRoutes(to routes: inout RouteTable) {
        routes.on(GuideContract.submitItem) { request, context in
            let tag = try Self.tag(try await Form.read(request))
            return try await act(request, context) { try $0.submit($1, tag: tag) }
        }
        routes.on(GuideContract.takeBackItem) { request, context in
            let tag = try Self.tag(try await Form.read(request))
            return try await act(request, context) { try $0.takeBack($1, tag: tag) }
        }
        routes.on(GuideContract.reviewItem) { request, context in
            let form = try await Form.read(request)
            let (tag, note) = (try Self.tag(form), form["note"] ?? "")
            guard let decision = form["decision"].flatMap(ItemDesk.Decision.init) else {
                throw Problem.invalid([
                    FieldFault(
                        field: "decision", message: LocalizedText(zh: "请选择通过或退回。", en: "Choose approve or return."))
                ])
            }
            return try await act(request, context) { try $0.review($1, tag: tag, decision, note: note) }
        }
        routes.on(GuideContract.publishItem) { request, context in
            let form = try await Form.read(request)
            let (tag, text) = (try Self.tag(form), form["on"])
            let day = text.flatMap { CalendarDate(iso8601: $0) }
            guard text == nil || day != nil else {
                throw Problem.invalid([
                    FieldFault(
                        field: "on", message: LocalizedText(zh: "日期请写成 2026-06-30。", en: "Write the day as 2026-06-30.")
                    )
                ])
            }
            return try await act(request, context) { try $0.publish($1, tag: tag, on: day) }
        }
        routes.on(GuideContract.withdrawItem) { request, context in
            let reason = try await Form.read(request)["note"] ?? ""
            return try await act(request, context) { try $0.withdraw($1, reason: reason) }
        }
    }

    static func tag(_ form: Form) throws -> Int64 {
        guard let tag = form["tag"].flatMap(Int64.init) else { throw Problem.stale }
        return tag
    }

    static func code(_ context: KitContext) throws -> String {
        QueryItems.decodedPath(try context.parameters.require("code"))
    }

    static func address(_ code: String) -> String { "\(path)/items/\(QueryItems.encoded(code))" }

    private var today: CalendarDate { PublishItem.day(of: app.now()) }

    // MARK: - Steps

    private func step(
        _ request: Request, _ context: KitContext, _ method: @escaping @Sendable (ItemDesk) -> (String) throws -> Void
    ) async throws -> Response {
        try await act(request, context) { desk, code in try method(desk)(code) }
    }

    /// A refused step shows the item with the reason above it.
    private func act(
        _ request: Request, _ context: KitContext, _ work: @escaping @Sendable (ItemDesk, String) throws -> Void
    ) async throws -> Response {
        let code = try Self.code(context)
        do {
            try await perform(context) { try work($0, code) }
        } catch let refusal as EditingRefusal {
            return try await show(
                request, context, fault: FieldFault(field: "steps", message: refusal.explanation))
        } catch let problem as Problem where problem.code == Problem.stale.code {
            return try await show(request, context, fault: FieldFault(field: "steps", message: problem.detail))
        }
        return Response(status: .seeOther, headers: [.location: Self.address(code)])
    }

    func perform(_ context: KitContext, _ work: @escaping @Sendable (ItemDesk) throws -> Void) async throws {
        let (caller, time, request) = (try context.requireCaller(), app.now(), context.requestID)
        try await app.database.write { db in
            try work(ItemDesk(db: db, caller: caller, time: time, request: request))
        }
        // It is committed; where this read fails the follower takes it over.
        try? await app.catalogue.refresh()
    }

    func find(_ context: KitContext) async throws -> EditedItem {
        let (code, scope) = (try Self.code(context), try context.requireCaller().scope)
        let found = try await app.database.read { db in try EditingStore.item(code: code, within: scope, in: db) }
        guard let found else { throw Problem.notFound }
        return found
    }

    // MARK: - Lists

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        let caller = try context.requireCaller()
        var filter = EditingStore.ListFilter()
        filter.work = query["list"].flatMap(EditingStore.Work.init) ?? .mine
        filter.department = query["department"]
        filter.text = query["q"].map { String($0.prefix(100)) }
        filter.after = query["after"].flatMap(Int64.init) ?? 0
        filter.limit = Self.pageSize + 1
        let day = today.description
        let (asked, departments) = (filter, app.catalogue.snapshot.departments)
        let (lines, counts) = try await app.database.read { db in
            let counts = try EditingStore.Work.allCases.map { work in
                var filter = EditingStore.ListFilter()
                filter.work = work
                return try EditingStore.count(filter, caller: caller, today: day, in: db)
            }
            return (try EditingStore.list(asked, caller: caller, today: day, in: db), counts)
        }
        var page = Page("editing", title: words["editing.title"], lead: words["editing.lead"], place: "editing")
        let view = EditingView(words: words, today: day, departments: departments)
        page.fields = view.table(Array(lines.prefix(Self.pageSize)), work: filter.work).fields()
        page.fields["lists"] = zip(EditingStore.Work.allCases, counts).map { work, count -> Fields in
            [
                "href": "\(Self.path)?list=\(work.rawValue)", "name": words["editing.list.\(work.rawValue)"],
                "count": Figures.grouped(count), "isChosen": work == filter.work,
            ]
        }
        page.fields["list"] = filter.work.rawValue
        page.fields["q"] = filter.text
        page.fields["departments"] = view.options(departments.map { ($0.id, $0.name) }, chosen: filter.department)
        page.fields["canEdit"] = GuideContract.editing.allows(caller)
        page.fields["canImport"] = GuideContract.operating.allows(caller)
        if lines.count > Self.pageSize, let last = lines.dropLast().last {
            page.fields["pages"] = ["nextHref": Self.path + query.setting("after", "\(last.id)").suffix] as Fields
        }
        return app.site.page(page, request, context)
    }

    private func freshness(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let (scope, day) = (try context.requireCaller().scope, today.description)
        let lines = try await app.database.read { db in
            try EditingStore.freshness(within: scope, today: day, in: db)
        }
        var page = Page(
            "editing-freshness", title: words["freshness.title"], lead: words["freshness.lead"], place: "editing")
        page.crumbs = [(words["editing.title"], Self.path)]
        page.fields = EditingView(words: words, today: day, departments: []).freshness(lines).fields()
        return app.site.page(page, request, context)
    }

    // MARK: - A new item

    private func new(
        _ request: Request, _ context: KitContext, form: Form?, faults: [FieldFault] = []
    ) async throws -> Response {
        let words = app.site.words(context)
        var page = Page("editing-new", title: words["editing.new"], lead: words["editing.new.lead"], place: "editing")
        page.crumbs = [(words["editing.title"], Self.path)]
        page.addressAfterPost = "\(Self.path)/new"
        page.fields["code"] = form?["code"]
        page.fields["name"] = form?["name"]
        let view = EditingView(words: words, today: "", departments: app.catalogue.snapshot.departments)
        page.fields["departments"] = view.options(
            app.catalogue.snapshot.departments.map { ($0.id, $0.name) }, chosen: form?["department"])
        for fault in faults { page.fields["\(fault.field)Fault"] = words[fault.message] }
        page.faults = faults
        if !faults.isEmpty { page.status = .unprocessableContent }
        return app.site.page(page, request, context)
    }

    private func begin(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        let (code, name, department) = (form["code"] ?? "", form["name"] ?? "", form["department"] ?? "")
        do {
            try await perform(context) { try $0.begin(code: code, name: name, department: department) }
        } catch let refusal as EditingRefusal {
            return try await new(
                request, context, form: form, faults: [FieldFault(field: "code", message: refusal.explanation)])
        } catch let problem as Problem where problem.code == "invalid" {
            return try await new(request, context, form: form, faults: problem.errors)
        }
        return Response(status: .seeOther, headers: [.location: Self.address(code) + "/edit"])
    }

    // MARK: - One item

    private func show(_ request: Request, _ context: KitContext, fault: FieldFault? = nil) async throws -> Response {
        let words = app.site.words(context)
        let (item, caller) = (try await find(context), try context.requireCaller())
        let (editions, hasWritten) = try await app.database.read { db in
            (
                try EditingStore.editions(of: item.id, in: db),
                try EditingStore.hasWritten(caller.id, at: item.head.number, of: item.id, in: db)
            )
        }
        var page = Page("editing-item", title: item.name, lead: item.code, place: "editing")
        page.crumbs = [(words["editing.title"], Self.path)]
        page.addressAfterPost = Self.address(item.code)
        let view = EditingView(
            words: words, today: today.description, departments: app.catalogue.snapshot.departments)
        page.fields = view.item(item, editions: editions, caller: caller, hasWritten: hasWritten)
        if let fault {
            page.faults = [fault]
            page.status = fault.message == Problem.stale.detail ? .preconditionFailed : .conflict
        }
        return app.site.page(page, request, context)
    }

    private func preview(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let (item, query) = (try await find(context), QueryItems(request.uri.query ?? ""))
        let edition = try await edition(query["edition"], of: item) ?? item.head
        let shown = PublishedItem(
            id: item.id, content: edition.content, number: edition.number,
            publishedAt: edition.publishedAt ?? edition.editedAt, confirmedOn: item.confirmedOn)
        let path = Self.address(item.code)
        let view = ItemView(
            item: shown, department: app.catalogue.snapshot.departmentName(edition.content.department), query: query,
            words: words, path: path + "/preview")
        var page = Page("item", title: edition.content.name, lead: edition.content.summary)
        page.layout = .public
        page.crumbs = [(words["editing.title"], Self.path), (item.name, path)]
        page.fields = view.fields()
        page.notice = nil
        page.fields["isPreview"] = words(
            "editing.preview.note", ["n": "\(edition.number)", "state": words["edition.\(edition.state.rawValue)"]])
        return app.site.page(page, request, context)
    }

    private func edition(_ number: String?, of item: EditedItem) async throws -> Edition? {
        guard let number = number.flatMap(Int64.init) else { return nil }
        let found = try await app.database.read { db in try EditingStore.edition(number, of: item.id, in: db) }
        guard let found else { throw Problem.notFound }
        return found
    }

    private func changes(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let (item, query) = (try await find(context), QueryItems(request.uri.query ?? ""))
        let new = try await edition(query["to"], of: item) ?? item.head
        let asked = query["from"] ?? item.publishedNumber.map { "\($0)" }
        let old = try await edition(asked ?? "\(max(1, new.number - 1))", of: item) ?? item.head
        var page = Page(
            "editing-changes", title: words("changes.title", ["from": "\(old.number)", "to": "\(new.number)"]),
            lead: item.name, place: "editing")
        page.crumbs = [(words["editing.title"], Self.path), (item.name, Self.address(item.code))]
        page.fields["changes"] = EditingView(
            words: words, today: "", departments: app.catalogue.snapshot.departments
        ).changes(ItemDiff(from: old.content, to: new.content))
        return app.site.page(page, request, context)
    }
}
