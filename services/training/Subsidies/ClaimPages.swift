import Contracts
import Foundation
import Hummingbird
import NIOCore
import Security
import ServiceKit
import SocialDomain
import Storage

/// Claims: which classes can be claimed, the sheet of each, and the steps from the draft to the approval.
struct ClaimPages: Sendable {
    let app: TrainingApplication
    static let path = "/training/subsidies"
    private static let pageSize = 50
    private static let classesShown = 30

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.claims) { request, context in try await list(request, context) }
        routes.on(TrainingContract.makeClaim) { request, context in try await make(request, context) }
        routes.on(TrainingContract.claim) { request, context in try await show(request, context) }
        routes.on(TrainingContract.submitClaim) { request, context in
            let form = try await Form.read(request)
            let (version, digest) = (Self.version(form), form["sheet"] ?? "")
            return try await act(request, context) { try $0.submit($1, version: version, digest: digest) }
        }
        routes.on(TrainingContract.reviewClaim) { request, context in
            let form = try await Form.read(request)
            let (version, note) = (Self.version(form), form["note"] ?? "")
            guard let decision = form["decision"].flatMap(ClaimDesk.Decision.init) else {
                throw Problem.invalid([
                    FieldFault(
                        field: "decision",
                        message: LocalizedText(zh: "请选择公示、退回或不予补贴。", en: "Choose notice, return or refuse."))
                ])
            }
            return try await act(request, context) { try $0.review($1, version: version, decision, note: note) }
        }
        routes.on(TrainingContract.askApproveClaim) { request, context in try await askApprove(request, context) }
        routes.on(TrainingContract.approveClaim) { request, context in
            let version = Self.version(try await Form.read(request))
            return try await act(request, context) { try $0.approve($1, version: version) }
        }
        routes.on(TrainingContract.claimSheet) { _, context in try await export(context) }
    }

    private static func version(_ form: Form) -> Int64 { form["version"].flatMap { Int64($0) } ?? -1 }

    private static func id(_ context: KitContext) throws -> String {
        QueryItems.decodedPath(try context.parameters.require("claim"))
    }

    static func address(_ id: String) -> String { "\(path)/\(QueryItems.encoded(id))" }

    /// A short id that tells the day: `S20260630A1B2C3`.
    static func newID(_ letter: String, on day: CalendarDate) -> String {
        let random = (0..<4).map { _ in UInt8.random(in: 0...255) }.hexadecimal.uppercased()
        return letter + day.description.replacing("-", with: "") + random
    }

    // MARK: - The list

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        let caller = try context.requireCaller()
        let filter = ClaimStore.Filter(
            state: query["state"].flatMap(ClaimState.init), after: query["after"] ?? "", limit: Self.pageSize + 1)
        let scope = caller.scope
        let mayMake = TrainingContract.makeClaim.access.allows(caller)
        let (claims, counts, classes) = try await app.database.read { db in
            (
                try ClaimStore.claims(filter, within: scope, in: db),
                try ClaimStore.counts(within: scope, in: db),
                mayMake ? try ClaimStore.classesToClaim(within: scope, limit: Self.classesShown, in: db) : []
            )
        }
        let view = ClaimView(words: words, divisions: app.divisions)
        var page = Page("subsidy-list", title: words["subsidy.title"], lead: words["subsidy.lead"], place: "subsidies")
        page.fields = view.table(Array(claims.prefix(Self.pageSize))).fields()
        page.fields["tabs"] = view.tabs(chosen: filter.state, counts: counts)
        page.fields["money"] = TrainingContract.budgets.access.allows(caller)
        page.fields["hasClasses"] = !classes.isEmpty
        page.fields["classes"] = classes.map { view.endedClass($0) }
        if claims.count > Self.pageSize {
            let next = query.setting("after", claims[Self.pageSize - 1].id).suffix
            page.fields["pages"] = ["nextHref": Self.path + next] as Fields
        }
        return app.site.page(page, request, context)
    }

    private func make(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        guard let classID = form["class"].flatMap({ Int64($0) }) else { throw Problem.notFound }
        let id = Self.newID("S", on: app.today)
        let made = try await perform(context) { try $0.draft(of: classID, id: id) }
        return Response(status: .seeOther, headers: [.location: Self.address(made)])
    }

    // MARK: - One claim

    private func show(
        _ request: Request, _ context: KitContext, faults: [FieldFault] = []
    ) async throws -> Response {
        let words = app.site.words(context)
        let (id, caller) = (try Self.id(context), try context.requireCaller())
        let desk = desk(context, caller)
        let found = try await app.database.read { db in
            let desk = desk(db)
            let claim = try desk.find(id)
            let kept = try ClaimStore.lines(of: id, in: db)
            // While it is open the page shows what would be handed in, and how that differs from the draft.
            let now = claim.state.isOpen ? try desk.sheet(of: claim.classID, claim: id).sheet : nil
            let signals = try SignalStore.signals(ofClass: claim.classID, within: caller.scope, in: db)
            return (claim, kept, now, signals)
        }
        let (claim, kept, now, signals) = found
        try await app.journal.record(
            try AuditEvent("claim.look", subject: id, division: claim.division, in: context))
        var page = Page(
            "subsidy-claim", title: words("subsidy.claim", ["class": claim.classTitle]), place: "subsidies")
        page.crumbs = [(words["subsidy.title"], Self.path)]
        page.addressAfterPost = Self.address(id)
        let view = ClaimView(words: words, divisions: app.divisions)
        page.lead = view.lead(claim, on: app.today)
        page.fields = view.claim(claim, kept: kept, now: now, signals: signals)
        let isOwn = caller.id == claim.preparedBy || caller.id == claim.submittedBy
        let mayReview = TrainingContract.reviewClaim.access.allows(caller)
        page.fields["canSubmit"] =
            claim.state.isOpen && TrainingContract.submitClaim.access.allows(caller) && now?.total ?? .zero > .zero
        page.fields["canReview"] = mayReview && !isOwn && (claim.state == .submitted || claim.state == .noticed)
        page.fields["canNotice"] = claim.state == .submitted
        page.fields["canApprove"] =
            mayReview && !isOwn && claim.state == .noticed && claim.noticeUntil.map { app.today > $0 } ?? false
        page.fields["isOwn"] = mayReview && isOwn && (claim.state == .submitted || claim.state == .noticed)
        page.faults = faults
        if !faults.isEmpty { page.status = .conflict }
        return app.site.page(page, request, context)
    }

    private func askApprove(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let (id, caller) = (try Self.id(context), try context.requireCaller())
        let desk = desk(context, caller)
        let claim = try await app.database.read { db in try desk(db).find(id) }
        guard claim.state == .noticed else {
            return Response(status: .seeOther, headers: [.location: Self.address(id)])
        }
        var question = Confirmation(
            title: words("subsidy.approve.title", ["class": claim.classTitle]),
            effect: words("subsidy.approve.effect", ["total": claim.total.spoken]), verb: words["subsidy.approve"],
            action: "\(Self.address(id))/approve", back: Self.address(id))
        question.fields = [("version", "\(claim.version)")]
        question.place = "subsidies"
        question.crumbs = [(words["subsidy.title"], Self.path), (claim.classTitle, Self.address(id))]
        return app.site.page(question, request, context)
    }

    private func export(_ context: KitContext) async throws -> Response {
        let (id, caller) = (try Self.id(context), try context.requireCaller())
        let desk = desk(context, caller)
        let (claim, lines) = try await app.database.read { db in
            (try desk(db).find(id), try ClaimStore.lines(of: id, in: db))
        }
        try await app.journal.record(
            try AuditEvent("claim.export", subject: id, division: claim.division, in: context))
        return Self.download(SheetExport.bytes(claim, lines, words: app.site.words(context)), name: "\(claim.id).csv")
    }

    static func download(_ bytes: [UInt8], name: String) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8",
                .contentDisposition: "attachment; filename=\"\(name)\"",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    // MARK: - Steps

    private func desk(_ context: KitContext, _ caller: Caller) -> @Sendable (Connection) -> ClaimDesk {
        let (time, request, settings) = (app.now(), context.requestID, app.subsidies)
        return { ClaimDesk(db: $0, caller: caller, time: time, request: request, settings: settings) }
    }

    private func perform<Value: Sendable>(
        _ context: KitContext, _ work: @escaping @Sendable (ClaimDesk) throws -> Value
    ) async throws -> Value {
        let desk = desk(context, try context.requireCaller())
        return try await app.database.writeOnce { db in try work(desk(db)) }
    }

    /// A refused step shows the claim as it stands now with the reason above it.
    private func act(
        _ request: Request, _ context: KitContext, _ work: @escaping @Sendable (ClaimDesk, String) throws -> Void
    ) async throws -> Response {
        let id = try Self.id(context)
        do {
            try await perform(context) { try work($0, id) }
        } catch let refusal as ClaimRefusal {
            return try await show(
                request, context, faults: [FieldFault(field: "steps", message: refusal.explanation)])
        } catch let problem as Problem where problem.code == Problem.stale.code {
            return try await show(request, context, faults: [FieldFault(field: "steps", message: Self.staleWords)])
        }
        return Response(status: .seeOther, headers: [.location: Self.address(id)])
    }

    private static let staleWords = LocalizedText(
        zh: "您打开页面之后，这份申报已经变了，没有改动任何数据。下面是现在的状态。",
        en: "The claim has changed since you opened the page; nothing was done. Below it stands as it is now.")
}

extension Database {
    /// As `write`; where another transaction took the same place in a unique index at the same moment, the closure runs
    /// again and sees what that one did.
    func writeOnce<Value: Sendable>(_ body: @escaping @Sendable (Connection) throws -> Value) async throws -> Value {
        for _ in 0..<3 {
            do {
                return try await write(body)
            } catch DatabaseFault.constraint(let violation) where violation.kind == .unique {
                continue
            }
        }
        return try await write(body)
    }
}
