import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit
import SocialDomain
import Storage

/// `/training/needs`: people for whom aid asks training, and the classes that suit them.
struct NeedPages: Sendable {
    let app: TrainingApplication
    private static let pageSize = 50

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.needsPage) { request, context in try await list(request, context) }
        routes.on(TrainingContract.needsExport) { request, context in try await export(request, context) }
        routes.on(TrainingContract.needPage) { request, context in try await show(request, context) }
        routes.on(TrainingContract.setNeed) { request, context in try await set(request, context) }
        routes.on(TrainingContract.offerPlace) { request, context in try await offer(request, context) }
    }

    private func view(_ context: KitContext) -> NeedView {
        NeedView(words: app.site.words(context), divisions: app.divisions, today: app.today)
    }

    private static func person(_ context: KitContext) throws -> String {
        QueryItems.decodedPath(try context.parameters.require("person"))
    }

    // MARK: - The list

    private static func filter(_ query: QueryItems) -> NeedStore.Filter {
        var filter = NeedStore.Filter()
        let state = query["state"] ?? TrainingNeed.State.open.rawValue
        // Anything else shows all.
        filter.state = TrainingNeed.State(rawValue: state)
        filter.after = String((query["after"] ?? "").prefix(100))
        return filter
    }

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        let (scope, day) = (try context.requireCaller().scope, app.today)
        var filter = Self.filter(query)
        filter.limit = Self.pageSize + 1
        let asked = filter
        let (found, counts, places, classes) = try await app.database.read { db in
            let found = try NeedStore.list(asked, within: scope, in: db)
            return (
                found, try NeedStore.counts(within: scope, in: db),
                try NeedStore.places(of: found.compactMap(\.learner), in: db),
                try NeedStore.openClasses(within: scope, on: day, in: db)
            )
        }
        let shown = Array(found.prefix(Self.pageSize))
        var page = Page("needs-list", title: words["needs.title"], lead: words["needs.lead"], place: "needs")
        page.fields = view(context).table(
            shown, places: places, classes: classes,
            emptiness: words[counts.isEmpty ? "needs.empty" : "needs.empty.state"]
        ).fields()
        page.fields["states"] = TrainingNeed.State.allCases.map { state -> Fields in
            [
                "href": "\(NeedView.path)?state=\(state.rawValue)", "name": words[state.title],
                "count": Figures.grouped(counts[state] ?? 0), "isChosen": state == filter.state,
            ]
        }
        page.fields["allHref"] = "\(NeedView.path)?state=all"
        page.fields["allCount"] = Figures.grouped(counts.values.reduce(0, +))
        page.fields["isAll"] = filter.state == nil
        page.fields["exportHref"] = "\(NeedView.path)/export.csv?state=\(filter.state?.rawValue ?? "all")"
        if found.count > Self.pageSize, let last = shown.last {
            page.fields["pages"] =
                ["nextHref": NeedView.path + query.setting("after", last.person).suffix] as Fields
        }
        return app.site.page(page, request, context)
    }

    /// Neither names nor numbers are in it: training does not have them.
    private func export(_ request: Request, _ context: KitContext) async throws -> Response {
        let scope = try context.requireCaller().scope
        var filter = Self.filter(QueryItems(request.uri.query ?? ""))
        filter.limit = 100_000
        let asked = filter
        let needs = try await app.database.read { db in try NeedStore.list(asked, within: scope, in: db) }
        try await app.journal.record(AuditEvent("need.export", reason: "\(needs.count)", in: context))
        var text = "\u{FEFF}person,household,division,birth_year,sex,asked_at,wish,schooling,state,note\r\n"
        for need in needs {
            text +=
                [
                    need.person, need.household, need.division, "\(need.birthYear)", need.sex?.rawValue ?? "",
                    need.askedAt,
                    need.wish.rawValue, need.schooling.rawValue, need.state.rawValue, need.note,
                ].map(Self.field).joined(separator: ",") + "\r\n"
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8",
                .contentDisposition: "attachment; filename=\"training-needs.csv\"",
            ], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    private static func field(_ text: String) -> String {
        var text = text
        // A spreadsheet would run these as formulas.
        if let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) { text = "'" + text }
        guard text.contains(where: { "\",\r\n".contains($0) || $0 == "\r\n" }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    // MARK: - One person

    private func show(
        _ request: Request, _ context: KitContext, refused: NeedRefusal? = nil, faults: [FieldFault] = [],
        tokenAddress: String? = nil
    ) async throws -> Response {
        let words = app.site.words(context)
        let (person, scope, day) = (try Self.person(context), try context.requireCaller().scope, app.today)
        let found = try await app.database.read { db in
            try NeedStore.need(of: person, within: scope, in: db).map { need in
                (
                    need, try need.learner.flatMap { try NeedStore.places(of: [$0], in: db)[$0] } ?? [],
                    try NeedStore.openClasses(within: scope, on: day, in: db)
                )
            }
        }
        guard let (need, places, classes) = found else { throw Problem.notFound }
        try await app.journal.record(
            AuditEvent("need.look", subject: need.person, division: need.division, in: context))
        let view = view(context)
        var page = Page(
            "needs-one", title: words("needs.one", ["person": need.person]), lead: view.about(need), place: "needs")
        page.crumbs = [(words["needs.title"], NeedView.path)]
        page.addressAfterPost = NeedView.address(need.person)
        page.fields = view.fields(need, places: places, classes: classes)
        page.faults = faults
        if !faults.isEmpty { page.status = .unprocessableContent }
        if let refused {
            page.faults = [FieldFault(field: "main", message: refused.explanation)]
            page.status = refused.isPassing ? .serviceUnavailable : .conflict
        }
        if let tokenAddress {
            page.notice = words["needs.offered"]
            page.fields["address"] = ["secret": tokenAddress] as Fields
        }
        return app.site.page(page, request, context)
    }

    private func set(_ request: Request, _ context: KitContext) async throws -> Response {
        let person = try Self.person(context)
        let form = try await Form.read(request)
        let note = form["note"] ?? ""
        var faults: [FieldFault] = []
        let wish = form["wish"].flatMap(WorkWish.init)
        let schooling = form["schooling"].flatMap(Schooling.init)
        if wish == nil {
            faults.append(FieldFault(field: "wish", message: LocalizedText(zh: "请选择就业愿望。", en: "Choose the wish.")))
        }
        if schooling == nil {
            faults.append(
                FieldFault(field: "schooling", message: LocalizedText(zh: "请选择学历。", en: "Choose the schooling.")))
        }
        if note.count > 500 {
            faults.append(
                FieldFault(
                    field: "note", message: LocalizedText(zh: "备注不超过 500 字。", en: "A note has at most 500 characters."))
            )
        }
        guard let wish, let schooling, faults.isEmpty, let version = form["version"].flatMap(Int64.init) else {
            if faults.isEmpty { throw Problem.stale }
            return try await show(request, context, faults: faults)
        }
        let setting = NeedStore.Setting(
            wish: wish, schooling: schooling, isDeclined: form["declined"] == "yes", note: note)
        let scope = try context.requireCaller().scope
        let event = try AuditEvent(
            "need.set", reason: "\(wish.rawValue) \(schooling.rawValue)\(setting.isDeclined ? " declined" : "")",
            in: context)
        do {
            try await app.database.write { db in
                try NeedStore.set(setting, for: person, version: version, within: scope, audit: event, in: db)
            }
        } catch let refusal as NeedRefusal {
            return try await show(request, context, refused: refusal)
        }
        return Response(status: .seeOther, headers: [.location: NeedView.address(person)])
    }

    // MARK: - Offers

    private func offer(_ request: Request, _ context: KitContext) async throws -> Response {
        let person = try Self.person(context)
        let form = try await Form.read(request)
        guard let classID = form["class"].flatMap(Int64.init), let version = form["version"].flatMap(Int64.init) else {
            throw Problem.stale
        }
        let (caller, time, seal) = (try context.requireCaller(), app.now(), app.seal)
        do {
            try await refuseEarly(person, version: version, caller: caller)
            guard let people = app.people else { throw NeedRefusal.aidNotConnected }
            let record = try await people.ask(person)
            guard record.person == person else { throw NeedRefusal.aidRefuses }
            let token = Self.newToken()
            let outcome = try await app.database.write { db in
                try OfferPlace(
                    db: db, seal: seal, scope: caller.scope, time: time, caller: caller, request: context.requestID
                )(record, classID: classID, version: version, token: token)
            }
            guard outcome.takesToken else {
                return Response(status: .seeOther, headers: [.location: NeedView.address(person)])
            }
            let base = app.publicAddress ?? "http://\(request.head.authority ?? "")"
            let address = "\(base)/training/my/\(token)"
            return try await show(request, context, tokenAddress: address)
        } catch let refusal as NeedRefusal {
            return try await show(request, context, refused: refusal)
        }
    }

    /// Nobody's name is asked for where it can be seen before that nothing will come of it.
    private func refuseEarly(_ person: String, version: Int64, caller: Caller) async throws {
        let scope = caller.scope
        let need = try await app.database.read { db in try NeedStore.need(of: person, within: scope, in: db) }
        guard let need else { throw Problem.notFound }
        guard need.version == version else { throw NeedRefusal.changed(need) }
        guard need.state.takesOffers else { throw NeedRefusal.notOpen(need.state) }
    }

    /// 258 random bits, as addresses of learners' pages have.
    private static func newToken() -> String {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
        return String((0..<43).map { _ in alphabet[Int(random.next() & 63)] })
    }
}
