import Contracts
import Hummingbird
import ServiceKit
import SocialDomain

/// What a citizen sees of the remote helper: asking, booking, the room.
struct HelpPages: Sendable {
    let app: GuideApplication
    let desk: HelpDesk

    func addRoutes(to routes: inout RouteTable) {
        routes.on(GuideContract.helpPage) { request, context in
            try await askPage(QueryItems(request.uri.query ?? "")["item"], Form(QueryItems()), [], request, context)
        }
        routes.on(GuideContract.askForHelp) { request, context in try await ask(request, context) }
        routes.on(GuideContract.bookingPage) { request, context in
            let query = QueryItems(request.uri.query ?? "")
            return try await bookingPage(query["item"], query["day"], Form(QueryItems()), [], request, context)
        }
        routes.on(GuideContract.bookHelp) { request, context in try await book(request, context) }
        routes.on(GuideContract.helpRoom) { request, context in try await room(request, context) }
        routes.on(GuideContract.arrive) { _, context in
            let token = try Self.token(context)
            try await desk.arrive(token)
            return Self.back(to: token)
        }
        routes.on(GuideContract.leave) { _, context in
            let token = try Self.token(context)
            try await desk.leave(token)
            return Self.back(to: token)
        }
        routes.on(GuideContract.rate) { request, context in try await rate(request, context) }
    }

    static func token(_ context: KitContext) throws -> RoomToken {
        RoomToken(text: QueryItems.decodedPath(try context.parameters.require("token")))
    }

    static func address(_ token: RoomToken) -> String { "/guide/help/rooms/\(QueryItems.encoded(token.text))" }

    static func back(to token: RoomToken) -> Response {
        Response(status: .seeOther, headers: [.location: address(token)])
    }

    private func page(_ template: String, _ words: Words, title: String, lead: String? = nil) -> Page {
        var page = Page(template, title: words[title], lead: lead)
        page.layout = .public
        return page
    }

    // MARK: - Asking now

    private func askPage(
        _ item: String?, _ form: Form, _ faults: [FieldFault], _ request: Request, _ context: KitContext
    ) async throws -> Response {
        let words = app.site.words(context)
        let outlook = try await desk.outlook(item: item)
        var page = page("help", words, title: "help.title", lead: words["help.lead"])
        page.crumbs = crumbs(item, words)
        page.fields = fields(form, item, faults, words)
        page.fields["outlook"] =
            outlook.waiting == 0
            ? words["help.outlook.none"]
            : words("help.outlook", ["n": "\(outlook.waiting)", "minutes": "\(outlook.minutes)"])
        page.fields["closed"] =
            outlook.isOpen ? nil : words("help.closed", ["hours": desk.settings.hoursText])
        page.fields["hours"] = words("help.hours", ["hours": desk.settings.hoursText])
        page.fields["bookingHref"] = "/guide/help/booking" + QueryItems().setting("item", item).suffix
        return finish(page, faults, "/guide/help", item, request, context)
    }

    private func ask(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        let faults = Self.faults(form)
        guard faults.isEmpty else { return try await askPage(form["item"], form, faults, request, context) }
        try desk.limitAsking(context.remoteAddress)
        return Self.back(to: try await desk.ask(Self.asked(form)))
    }

    // MARK: - Booking

    private func bookingPage(
        _ item: String?, _ asked: String?, _ form: Form, _ faults: [FieldFault], _ request: Request,
        _ context: KitContext
    ) async throws -> Response {
        let words = app.site.words(context)
        let days = desk.settings.days(at: desk.clock())
        let day = days.first { $0.description == asked } ?? days.first
        var page = page("help-booking", words, title: "help.booking.title", lead: words["help.booking.lead"])
        page.crumbs = crumbs(item, words)
        page.fields = fields(form, item, faults, words)
        page.fields["days"] = days.map { other -> Fields in
            let query = QueryItems().setting("item", item).setting("day", other.description)
            return [
                "href": "/guide/help/booking" + query.suffix, "isChosen": other == day,
                "name": Figures.date(other, in: context.language) + " " + words["help.weekday.\(other.weekday)"],
            ]
        }
        if let day {
            let places = try await desk.freePlaces(on: day, item: item)
            page.fields["slots"] = places.map { slot, free -> Fields in
                [
                    "value": "\(slot)", "time": BeijingTime.clock(slot), "isFull": free == 0,
                    "isChosen": form["slot"] == "\(slot)",
                    "free": free == 0 ? words["help.booking.full"] : words("help.booking.free", ["n": "\(free)"]),
                ]
            }
        }
        page.fields["isEmpty"] = days.isEmpty
        return finish(page, faults, "/guide/help/booking", item, request, context)
    }

    private func book(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        var faults = Self.faults(form)
        // Up to the end of the year 9999: days are counted in 32 bits.
        let slot = form["slot"].flatMap { Int64($0) }.flatMap { (0...253_402_300_799).contains($0) ? $0 : nil }
        if slot == nil {
            faults.append(
                FieldFault(field: "slot", message: LocalizedText(zh: "请选择一个时段。", en: "Choose a time.")))
        }
        let day = slot.map { BeijingTime.day($0).description }
        guard faults.isEmpty, let slot else {
            return try await bookingPage(form["item"], day, form, faults, request, context)
        }
        try desk.limitAsking(context.remoteAddress)
        do {
            return Self.back(to: try await desk.book(Self.asked(form), slot: slot))
        } catch let refusal as SessionRefusal where refusal == .slotTaken || refusal == .noSuchSlot {
            let fault = FieldFault(field: "slot", message: refusal.explanation)
            return try await bookingPage(form["item"], day, form, [fault], request, context)
        }
    }

    // MARK: - Forms

    /// What a form says of who asks.
    static func asked(_ form: Form) -> HelpDesk.Request {
        HelpDesk.Request(
            words: SessionWords(name: form["name"] ?? "", phone: form["phone"] ?? "", topic: form["topic"] ?? ""),
            itemCode: form["item"])
    }

    static func faults(_ form: Form) -> [FieldFault] {
        var faults: [FieldFault] = []
        func fault(_ field: String, _ zh: String, _ en: String) {
            faults.append(FieldFault(field: field, message: LocalizedText(zh: zh, en: en)))
        }
        let name = form["name"] ?? ""
        if name.isEmpty { fault("name", "请填写怎么称呼您，可以是昵称。", "Say what to call you; any name will do.") }
        if name.unicodeScalars.count > 50 { fault("name", "称呼最多 50 个字。", "The name has at most 50 characters.") }
        if let phone = form["phone"] {
            let digits = phone.unicodeScalars.filter { ("0"..."9").contains($0) }.count
            let isPhone = phone.unicodeScalars.allSatisfy {
                ("0"..."9").contains($0) || "+- ".unicodeScalars.contains($0)
            }
            if !isPhone || !(5...20).contains(digits) {
                fault("phone", "请填写电话号码，只用数字；不想留可以空着。", "Write a phone number in digits, or leave it empty.")
            }
        }
        if (form["topic"] ?? "").unicodeScalars.count > 500 {
            fault("topic", "最多 500 个字。", "It has at most 500 characters.")
        }
        return faults
    }

    private func fields(_ form: Form, _ item: String?, _ faults: [FieldFault], _ words: Words) -> Fields {
        var fields: Fields = [
            "name": form["name"] ?? "", "phone": form["phone"] ?? "", "topic": form["topic"] ?? "",
        ]
        for fault in faults { fields["\(fault.field)Fault"] = words[fault.message] }
        if let item, let card = app.catalogue.snapshot.cards.values.first(where: { $0.code == item }) {
            fields["item"] =
                ["code": item, "itemName": card.plainName.isEmpty ? card.name : card.plainName] as Fields
        }
        fields["keepDays"] = words("help.kept", ["n": "\(desk.settings.keepDays)"])
        return fields
    }

    private func crumbs(_ item: String?, _ words: Words) -> [(name: String, href: String)] {
        var crumbs = [(words["place.home"], "/guide/")]
        if let item, let card = app.catalogue.snapshot.cards.values.first(where: { $0.code == item }) {
            crumbs.append(
                (card.plainName.isEmpty ? card.name : card.plainName, "/guide/items/\(QueryItems.encoded(item))"))
        }
        return crumbs
    }

    private func finish(
        _ page: Page, _ faults: [FieldFault], _ path: String, _ item: String?, _ request: Request, _ context: KitContext
    ) -> Response {
        var page = page
        page.faults = faults
        if !faults.isEmpty { page.status = .unprocessableContent }
        page.addressAfterPost = path + QueryItems().setting("item", item).suffix
        return app.site.page(page, request, context)
    }

    // MARK: - The room

    private func room(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let token = try Self.token(context)
        guard let room = try await desk.room(token) else { throw Problem.roomGone }
        let session = room.session
        let address = Self.address(token)
        var page = page("help-room", words, title: "help.room.title.\(session.state.rawValue)")
        page.fields = [
            "address": address, "itemName": session.itemName, "ticket": "\(session.ticket)",
            session.state.rawValue: true,
        ]
        if session.itemName.isEmpty { page.fields["itemName"] = nil }
        page.fields["itemHref"] = session.itemCode.map { "/guide/items/\(QueryItems.encoded($0))" }
        let view = RoomView(session: session, words: words, settings: desk.settings, side: .citizen)
        switch session.state {
        case .booked:
            page.lead = session.bookedFor.map {
                words("help.room.booked", ["when": Figures.moment(BeijingTime.iso8601($0), in: context.language)])
            }
            page.fields["early"] = words("help.room.early", ["n": "\(desk.settings.earlyMinutes)"])
        case .waiting:
            page.fields["place"] = room.place.map { view.place($0) }
            page.fields["ticketText"] = words("help.room.ticket", ["n": "\(session.ticket)"])
            page.scripts = ["session.js"]
            page.fields["call"] = view.follow(
                signal: "/guide/v1/help/rooms/\(token.text)/messages",
                events: "/guide/v1/help/rooms/\(token.text)/events")
        case .serving:
            page.lead = words("help.room.serving", ["name": view.helperName])
            page.scripts = ["session.js"]
            page.usesCamera = true
            page.fields["call"] = view.call(
                room.conversation, address: address, signal: "/guide/v1/help/rooms/\(token.text)/messages",
                events: "/guide/v1/help/rooms/\(token.text)/events")
        case .ended:
            page.lead = words["help.room.ended.\(session.ending?.rawValue ?? "done")"]
            page.fields["conversation"] = view.conversation(room.conversation, address: address)
            if session.startedAt != nil {
                page.fields[session.rating == nil ? "unrated" : "rated"] = true
                page.fields["stars"] = (1...5).map { star -> Fields in
                    ["value": "\(star)", "name": words["help.stars.\(star)"]]
                }
            }
            page.fields["againHref"] = "/guide/help" + QueryItems().setting("item", session.itemCode).suffix
        }
        return app.site.page(page, request, context)
    }

    private func rate(_ request: Request, _ context: KitContext) async throws -> Response {
        let token = try Self.token(context)
        let form = try await Form.read(request)
        guard let stars = form["stars"].flatMap({ Int64($0) }), (1...5).contains(stars) else {
            throw Problem.invalid([
                FieldFault(field: "stars", message: LocalizedText(zh: "请选择一到五。", en: "Choose one to five."))
            ])
        }
        try await desk.rate(token, stars: stars, word: form["word"].map { String($0.prefix(200)) })
        return Self.back(to: token)
    }
}

extension Problem {
    static let roomGone = Problem(
        .notFound, code: "not-found",
        title: LocalizedText(zh: "这次会话已经找不到了", en: "The session is not there any more"),
        detail: LocalizedText(
            zh: "地址可能不完整，或者会话早已结束，内容已按规定清除。需要帮助请重新提问，或拨打 12345。",
            en: "The address may be incomplete, or the session ended long ago and was removed. Ask anew, or call 12345."
        ))

    static let pictureTooLarge = Problem(
        .contentTooLarge, code: "too-large", title: LocalizedText(zh: "图片太大", en: "The picture is too large"),
        detail: SessionRefusal.pictureTooLarge.explanation)
}
