import Contracts
import Foundation
import Hummingbird
import ServiceKit
import SocialDomain
import Storage

/// What citizens see of classes: the list with filters, one class, and the sign-up in one page.
struct CataloguePages: Sendable {
    let app: TrainingApplication
    private static let path = "/training/open"
    /// Sign-ups of one address: a village's officer helps many, a program may not try numbers.
    private static let limit = RateLimit(perSecond: 20, burst: 1000)

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.catalogue) { request, context in try await list(request, context) }
        routes.on(TrainingContract.openClassPage) { request, context in try await show(request, context) }
        routes.on(TrainingContract.signUpPage) { request, context in
            try await form(Form(QueryItems("")), [], request, context)
        }
        routes.on(TrainingContract.signUp) { request, context in try await signUp(request, context) }
        routes.on(TrainingContract.lotteryPage) { request, context in try await lottery(request, context) }
        routes.on(TrainingContract.openClasses) { call in try await records(call) }
    }

    private func view(_ context: KitContext) -> CatalogueView {
        CatalogueView(words: app.site.words(context), divisions: app.divisions)
    }

    // MARK: - The list

    private func find(_ filter: CatalogueFilter) async throws -> (hits: [ClassCatalogue.Hit], count: Int) {
        let trades =
            filter.text.isEmpty ? [] : app.trades.find(filter.text, limit: 5).map(\.occupation.code.description)
        return try await app.catalogue.find(filter, trades: trades, on: app.today)
    }

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let view = view(context)
        let query = QueryItems(request.uri.query ?? "")
        let filter = CatalogueFilter(query)
        let (hits, count) = try await find(filter)
        var page = Page("open-list", title: view.words["open.title"], lead: view.words["open.lead"])
        page.layout = .public
        page.scripts = ["training.js"]
        page.usesPlace = true
        page.fields = view.filters(filter, counties: try await app.catalogue.counties(on: app.today))
        page.fields["active"] = view.active(filter, query)
        page.fields["cards"] = hits.map(view.card)
        page.fields["count"] = view.words("open.count", ["n": "\(count)"])
        page.fields["isEmpty"] = hits.isEmpty
        if filter.page * ClassCatalogue.pageSize < count {
            page.fields["nextHref"] = Self.path + query.setting("page", "\(filter.page + 1)").suffix
        }
        return app.site.page(page, request, context)
    }

    private func records(_ call: Call<CatalogueQuery, NoBody>) async throws -> Reply<Listing<OpenClassRecord>> {
        let asked = call.parameters
        var query = QueryItems("")
        for (name, value) in [
            ("q", asked.q), ("division", asked.division), ("lat", asked.lat), ("lon", asked.lon),
            ("within", asked.within), ("audience", asked.audience), ("days", asked.days), ("free", asked.free),
            ("page", asked.page),
        ] {
            query = query.setting(name, value)
        }
        return Reply(Listing(items: try await find(CatalogueFilter(query)).hits.map(\.offer.record), next: nil))
    }

    // MARK: - One class

    private func offer(_ context: KitContext) async throws -> CatalogueClass {
        guard let offer = try await app.catalogue.offer(try app.id("class", context)) else { throw Problem.notFound }
        return offer
    }

    private func show(_ request: Request, _ context: KitContext) async throws -> Response {
        let offer = try await offer(context)
        let view = view(context)
        var page = Page("open-class", title: offer.title, lead: view.program(offer))
        page.layout = .public
        page.crumbs = [(view.words["open.title"], Self.path)]
        page.fields = view.money(offer)
        page.fields["facts"] = TrainingApplication.facts([
            (view.words["offer.trade"], app.tradeTitle(offer.trade)),
            (
                view.words["offer.time"],
                view.words(
                    "offer.when",
                    ["from": view.date(offer.startsOn), "to": view.date(offer.endsOn), "n": "\(offer.hours)"])
            ),
            (view.words["offer.place"], view.place(offer)), (view.words["offer.seats"], view.seats(offer)),
            (view.words["offer.audience"], view.words["offer.audience.\(offer.audience.rawValue)"]),
            (view.words["offer.school"], [offer.schoolName, offer.schoolPhone].joined(separator: " ")),
            (view.words["offer.until.label"], view.date(offer.signUpUntil)),
            (view.words["offer.syllabus"], offer.syllabus),
        ])
        page.fields["policy"] =
            (view.policy(offer, app.enrollment) + [view.ages(app.enrollment)]).map { ["text": $0] as Fields }
        page.fields["lessons"] = view.timetable(try await app.catalogue.lessons(of: offer.id)).fields()
        if let closed = closure(offer) {
            page.fields["closed"] = view.words[closed.explanation]
        } else {
            page.fields["signUpHref"] = "\(Self.path)/\(offer.id)/sign-up"
            page.fields["isFull"] = view.isFull(offer)
        }
        if offer.isDrawn { page.fields["lotteryHref"] = "\(Self.path)/\(offer.id)/lottery" }
        return app.site.page(page, request, context)
    }

    private func closure(_ offer: CatalogueClass) -> EnrollmentRefusal? {
        switch offer.state {
        case "cancelled": .classCancelled
        case "open": app.today.description > offer.signUpUntil ? .signUpOver(until: offer.signUpUntil) : nil
        default: .classBegan
        }
    }

    // MARK: - Signing up

    private func form(
        _ form: Form, _ faults: [FieldFault], _ request: Request, _ context: KitContext
    ) async throws -> Response {
        let offer = try await offer(context)
        if let closure = closure(offer) { throw closure }
        let view = view(context)
        var page = Page("sign-up", title: view.words("signup.title", ["class": offer.title]))
        page.lead = "\(view.place(offer)) · \(view.seats(offer))"
        page.layout = .public
        page.crumbs = [(view.words["open.title"], Self.path), (offer.title, "\(Self.path)/\(offer.id)")]
        page.faults = faults
        if !faults.isEmpty { page.status = .unprocessableContent }
        page.addressAfterPost = "\(Self.path)/\(offer.id)/sign-up"
        let league = DivisionCode(prefix: offer.division)?.ancestor(at: .prefecture)
        page.fields = SignUpForm(form: form, divisions: app.divisions).fields(
            near: league, faults: faults, words: view.words)
        page.fields["action"] = "\(Self.path)/\(offer.id)/sign-up"
        page.fields["token"] = form["token"].flatMap { LearnerToken($0) }?.text ?? LearnerToken.random().text
        return app.site.page(page, request, context)
    }

    private func signUp(_ request: Request, _ context: KitContext) async throws -> Response {
        let seconds = Double(DispatchTime.now().uptimeNanoseconds) / 1e9
        if let wait = app.signUpBuckets.take(context.remoteAddress ?? "", Self.limit, now: seconds) {
            throw Problem.tooManyRequests(after: Int(wait.rounded(.up)))
        }
        let id = try app.id("class", context)
        let typed = try await Form.read(request)
        let (person, faults) = SignUpForm(form: typed, divisions: app.divisions).read()
        guard let person else { return try await form(typed, faults, request, context) }
        let token = typed["token"].flatMap { LearnerToken($0) } ?? LearnerToken.random()
        do {
            let lowIncome = await app.aidStatus.ask(person.number)
            let outcome = try await app.desk.signUp(
                SignUp.Request(
                    classID: id, person: try app.desk.register.sealed(person), token: token, lowIncome: lowIncome,
                    source: .own, caller: context.caller ?? .stranger, requestID: context.requestID))
            guard let outcome else { throw Problem.notFound }
            return try await answer(outcome, token, request, context)
        } catch let refusal as EnrollmentRefusal {
            let field: String? =
                switch refusal {
                case .tooYoung, .otherPerson, .refusedBefore: "number"
                default: nil
                }
            guard let field else { return try await refused(refusal, request, context) }
            return try await form(typed, [FieldFault(field: field, message: refusal.explanation)], request, context)
        }
    }

    private func refused(
        _ refusal: EnrollmentRefusal, _ request: Request, _ context: KitContext
    ) async throws -> Response {
        let view = view(context)
        let id = try app.id("class", context)
        var page = Page("sign-up-done", title: view.words["signup.refused.title"])
        page.layout = .public
        page.status = .conflict
        page.fields["lead"] = view.words[refusal.explanation]
        page.fields["openHref"] = Self.path
        page.fields["classHref"] = "\(Self.path)/\(id)"
        return app.site.page(page, request, context)
    }

    /// The verdict at once, and the address that is the learner's own.
    private func answer(
        _ outcome: SignUp.Outcome, _ token: LearnerToken, _ request: Request, _ context: KitContext
    ) async throws -> Response {
        let view = view(context)
        var page = Page("sign-up-done", title: view.words["signup.state.\(outcome.state.rawValue)"])
        page.layout = .public
        if outcome.state == .waiting {
            let id = outcome.enrollment
            let place = try await app.database.read { db -> Int? in
                guard let row = try db.first("SELECT class_id FROM enrollment WHERE enrollment_id = \(id)"),
                    let seats = try ClassSeats.find(row.get("class_id"), in: db)
                else { return nil }
                return try EnrollmentFacts.place(of: id, policy: seats.policy, in: db)
            }
            page.fields["lead"] = place.map { view.words("signup.place", ["n": "\($0)"]) }
        } else {
            page.fields["lead"] = view.words["signup.lead.\(outcome.state.rawValue)"]
        }
        page.fields["number"] = view.words("attend.enrollment.number", ["n": "\(outcome.enrollment)"])
        page.fields["verdict"] = outcome.verdict.lines.map { line -> Fields in
            ["tone": line.tone.rawValue, "text": view.words[line.text]]
        }
        page.fields["isPaid"] = outcome.verdict.isSubsidised
        page.fields["isOwnCost"] = !outcome.verdict.isSubsidised
        if outcome.ownsPage {
            let address = app.publicStart(request) + token.path
            page.fields["own"] =
                [
                    "href": token.path, "address": address,
                    "qr": QRCode(address, correction: .medium)?.svg(label: view.words["signup.qr"]) ?? "",
                ] as Fields
        } else {
            page.fields["elsewhere"] = view.words["signup.elsewhere"]
        }
        page.fields["openHref"] = Self.path
        return app.site.page(page, request, context)
    }

    // MARK: - The lottery

    private func lottery(_ request: Request, _ context: KitContext) async throws -> Response {
        let id = try app.id("class", context)
        let found = try await app.database.read { db in try LotteryResult.read(class: id, in: db) }
        guard let found else { throw Problem.notFound }
        let words = app.site.words(context)
        var page = Page("lottery", title: words("lottery.title", ["class": found.title]), lead: words["lottery.lead"])
        page.layout = .public
        page.crumbs = [(found.title, "\(Self.path)/\(id)")]
        page.fields["facts"] = TrainingApplication.facts([
            (words["lottery.seed"], found.seed), (words["lottery.source"], found.source),
            (words["lottery.drawn"], Figures.moment(found.drawnAt, in: words.language)),
            (words["lottery.participants"], "\(found.ranked.count)"),
        ])
        page.fields["list"] = Table(
            caption: words["lottery.ranks"],
            columns: [
                .init(words["lottery.rank"], isFigure: true), .init(words["lottery.reference"]),
                .init(words["lottery.digest"], isMinor: true),
            ],
            rows: found.ranked.enumerated().map { index, reference in
                [
                    .init("\(index + 1)"), .init(reference),
                    .init(String(Lottery.digest(seed: found.seed, reference: reference).prefix(16)) + "…"),
                ]
            }
        ).fields()
        return app.site.page(page, request, context)
    }
}

extension CatalogueClass {
    var record: OpenClassRecord {
        OpenClassRecord(
            id: id, title: title, school: schoolName, trade: trade, level: level.rawValue, division: division,
            startsOn: startsOn, endsOn: endsOn, signUpUntil: signUpUntil, free: free, capacity: capacity,
            waiting: waiting, price: price.decimal, subsidy: subsidy.decimal)
    }
}
