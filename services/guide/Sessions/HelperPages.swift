import Contracts
import Hummingbird
import ServiceKit
import SocialDomain

/// What helpers work with: one queue for walk-ins, callers and video, and the page of a session.
struct HelperPages: Sendable {
    let app: GuideApplication
    let desk: HelpDesk
    private static let queue = "/guide/helper"

    func addRoutes(to routes: inout RouteTable) {
        routes.on(GuideContract.helperQueue) { request, context in try await queue(request, context) }
        routes.on(GuideContract.takeNext) { _, context in
            let audit = try AuditEvent("session.take", in: context)
            return Self.back(to: try await desk.takeNext(try context.requireCaller(), audit: audit))
        }
        routes.on(GuideContract.newSessionPage) { request, context in
            newSession(Form(QueryItems()), [], request, context)
        }
        routes.on(GuideContract.addSession) { request, context in try await add(request, context) }
        routes.on(GuideContract.sessionPage) { request, context in try await session(request, context) }
        routes.on(GuideContract.takeSession) { _, context in
            let id = try Self.id(context)
            try await desk.take(
                id, try context.requireCaller(), audit: try AuditEvent("session.take", in: context))
            return Self.back(to: id)
        }
        routes.on(GuideContract.missSession) { _, context in
            try await desk.miss(
                try Self.id(context), try context.requireCaller(),
                audit: try AuditEvent("session.no-show", in: context))
            return Self.toQueue()
        }
        routes.on(GuideContract.noteSession) { request, context in try await note(request, context, ends: false) }
        routes.on(GuideContract.endSession) { request, context in try await note(request, context, ends: true) }
        routes.on(GuideContract.handOver) { request, context in
            let form = try await Form.read(request)
            try await desk.handOver(
                try Self.id(context), to: form["to"], try context.requireCaller(),
                audit: try AuditEvent("session.hand-over", in: context))
            return Self.toQueue()
        }
    }

    static func id(_ context: KitContext) throws -> HelpSessionID {
        HelpSessionID(QueryItems.decodedPath(try context.parameters.require("session")))
    }

    static func address(_ id: HelpSessionID) -> String { "\(queue)/sessions/\(QueryItems.encoded(id.rawValue))" }

    static func back(to id: HelpSessionID) -> Response {
        Response(status: .seeOther, headers: [.location: address(id)])
    }

    private static func toQueue() -> Response { Response(status: .seeOther, headers: [.location: queue]) }

    // MARK: - The queue

    private func queue(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let board = try await desk.board(for: try context.requireCaller())
        let now = desk.clock()
        var page = Page("helper", title: words["helper.title"], place: "helper")
        page.lead =
            board.waiting.isEmpty
            ? words["helper.lead.none"] : words("helper.lead", ["n": "\(board.waiting.count)"])
        page.scripts = ["session.js"]
        func fields(_ lines: [HelpDesk.Line]) -> Fields? {
            lines.isEmpty
                ? nil
                : ["lines": lines.map { line($0, at: now, words, context.language) }]
        }
        page.fields["waiting"] = fields(board.waiting)
        page.fields["mine"] = fields(board.mine)
        page.fields["booked"] = fields(board.booked)
        page.fields["followUps"] = fields(board.followUps)
        page.fields["someoneWaits"] = !board.waiting.isEmpty
        return app.site.page(page, request, context)
    }

    private func line(_ line: HelpDesk.Line, at now: Int64, _ words: Words, _ language: Language) -> Fields {
        let session = line.session
        var fields: Fields = [
            "ticket": "\(session.ticket)", "name": line.name,
            "channel": words["helper.channel.\(session.channel.rawValue)"],
            "item": session.itemName.isEmpty ? words["helper.noItem"] : session.itemName,
            "href": Self.address(session.id),
            "waits": words("helper.waits", ["n": "\(max(0, now - (session.waitingSince ?? now)) / 60)"]),
        ]
        if session.state == .waiting, !session.isPresent(at: now) { fields["away"] = words["helper.away"] }
        fields["slot"] = session.bookedFor.map { words("helper.slot", ["time": BeijingTime.clock($0)]) }
        fields["followUp"] = session.followUpOn.map { Figures.date($0, in: language) }
        return fields
    }

    // MARK: - By hand

    private func newSession(
        _ form: Form, _ faults: [FieldFault], _ request: Request, _ context: KitContext
    ) -> Response {
        let words = app.site.words(context)
        var page = Page("helper-new", title: words["helper.new.title"], lead: words["helper.new.lead"], place: "helper")
        page.crumbs = [(words["helper.title"], Self.queue)]
        page.faults = faults
        if !faults.isEmpty { page.status = .unprocessableContent }
        page.addressAfterPost = "\(Self.queue)/new"
        page.fields = [
            "name": form["name"] ?? "", "phone": form["phone"] ?? "", "topic": form["topic"] ?? "",
            "item": form["item"] ?? QueryItems(request.uri.query ?? "")["item"] ?? "",
            "isPhone": form["channel"] == "phone",
        ]
        for fault in faults { page.fields["\(fault.field)Fault"] = words[fault.message] }
        return app.site.page(page, request, context)
    }

    private func add(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        var faults = HelpPages.faults(form)
        let channel = form["channel"].flatMap(HelpSession.Channel.init(rawValue:))
        if channel == nil || channel == .video {
            faults.append(
                FieldFault(
                    field: "channel", message: LocalizedText(zh: "请选择现场或电话。", en: "Choose walk-in or phone.")))
        }
        if let item = form["item"], try await app.items.published(code: item) == nil {
            faults.append(
                FieldFault(
                    field: "item",
                    message: LocalizedText(
                        zh: "没有这个事项编码；不清楚可以空着。", en: "There is no such item; leave it empty if unsure.")
                ))
        }
        guard faults.isEmpty, let channel else { return newSession(form, faults, request, context) }
        let caller = try context.requireCaller()
        _ = try await desk.add(
            HelpPages.asked(form), channel: channel, within: caller.scope,
            audit: try AuditEvent("session.add", in: context))
        return Self.toQueue()
    }

    // MARK: - One session

    private func session(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let caller = try context.requireCaller()
        let id = try Self.id(context)
        guard let table = try await desk.table(id, for: caller) else { throw Problem.notFound }
        let session = table.session
        try await app.journal.record(try AuditEvent("session.look", in: context).about(session))
        let address = Self.address(id)
        var page = Page(
            "helper-session",
            title: words("helper.session.title", ["n": "\(session.ticket)", "name": table.words.name]), place: "helper")
        page.crumbs = [(words["helper.title"], Self.queue)]
        page.lead = session.itemName.isEmpty ? words["helper.noItem"] : session.itemName
        page.fields = [
            "address": address, "channel": words["helper.channel.\(session.channel.rawValue)"],
            "notes": table.words.notes, "followUpOn": session.followUpOn ?? "", "isServing": session.state == .serving,
        ]
        page.fields["phone"] = table.words.phone.isEmpty ? nil : table.words.phone
        page.fields["topic"] = table.words.topic.isEmpty ? nil : table.words.topic
        page.fields["word"] = table.words.word.isEmpty ? nil : table.words.word
        page.fields["rating"] = session.rating.map { words["help.stars.\($0)"] }
        page.fields["itemHref"] = session.itemCode.map { "/guide/items/\(QueryItems.encoded($0))" }
        page.fields["outcomes"] = HelpSession.outcomes.map { outcome -> Fields in
            ["value": outcome, "name": words["helper.outcome.\(outcome)"], "isChosen": outcome == session.outcome]
        }
        page.fields["others"] = table.others.map { other -> Fields in
            ["value": other.account, "name": other.name.isEmpty ? words["help.helper"] : other.name]
        }
        let view = RoomView(session: session, words: words, settings: desk.settings, side: .helper)
        if session.state == .serving, session.channel == .video {
            page.scripts = ["session.js"]
            page.usesCamera = true
            let api = "/guide/v1/helper/sessions/\(QueryItems.encoded(id.rawValue))"
            page.fields["call"] = view.call(
                table.conversation, address: address, signal: "\(api)/messages", events: "\(api)/events",
                expires: caller.kind == .person ? caller.expires - desk.clock() : nil)
        } else {
            page.fields["conversation"] = view.conversation(table.conversation, address: address)
        }
        return app.site.page(page, request, context)
    }

    private func note(_ request: Request, _ context: KitContext, ends: Bool) async throws -> Response {
        let form = try await Form.read(request)
        var faults: [FieldFault] = []
        if let day = form["follow_up_on"], CalendarDate(iso8601: day) == nil {
            faults.append(
                FieldFault(
                    field: "follow_up_on",
                    message: LocalizedText(zh: "回访日期应如 2026-06-30。", en: "The day is written 2026-06-30.")))
        }
        if let outcome = form["outcome"], !HelpSession.outcomes.contains(outcome) {
            faults.append(
                FieldFault(field: "outcome", message: LocalizedText(zh: "没有这种结果。", en: "There is no such outcome.")))
        }
        if (form["notes"] ?? "").unicodeScalars.count > 5000 {
            faults.append(
                FieldFault(
                    field: "notes",
                    message: LocalizedText(zh: "记录最多 5000 个字。", en: "Notes have at most 5000 characters."))
            )
        }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let id = try Self.id(context)
        try await desk.note(
            id, HelpDesk.Notes(text: form["notes"], outcome: form["outcome"], followUpOn: form["follow_up_on"]),
            ends: ends, try context.requireCaller(),
            audit: try AuditEvent(ends ? "session.end" : "session.note", in: context))
        return ends ? Self.toQueue() : Self.back(to: id)
    }
}
