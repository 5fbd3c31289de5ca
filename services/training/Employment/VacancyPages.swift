import Contracts
import Hummingbird
import ServiceKit
import SocialDomain
import Storage

/// Vacancies, for everyone.
struct VacancyPages: Sendable {
    let app: TrainingApplication
    static let path = "/training/vacancies"
    private static let pageSize = 20

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.vacancyList) { request, context in try await list(request, context) }
        routes.on(TrainingContract.vacancyPage) { request, context in try await show(request, context) }
        routes.on(TrainingContract.applyForWork) { request, context in try await apply(request, context) }
    }

    private static let columns: SQL = """
        v.*, m.name AS employer, m.phone FROM vacancy v JOIN employer m ON m.employer_id = v.employer_id
        """

    static func pay(_ row: Row, _ words: Words) throws -> String {
        let (from, to): (Int64?, Int64?) = (try row.get("pay_from"), try row.get("pay_to"))
        let ends = [from, to].compactMap(\.self).map { Figures.amount(Money(fen: $0).yuan) }
        return ends.isEmpty ? words["vacancy.pay.open"] : words("vacancy.pay", ["n": ends.joined(separator: "–")])
    }

    private func card(_ row: Row, _ words: Words) throws -> Fields {
        let (places, filled): (Int, Int) = (try row.get("places"), try row.get("filled"))
        return [
            "href": "\(Self.path)/\(try row.get("vacancy_id", as: Int64.self))",
            "title": try row.get("title", as: String.self), "employer": try row.get("employer", as: String.self),
            "pay": try Self.pay(row, words), "places": words("vacancy.places", ["n": "\(places - filled)"]),
            "where": app.divisionName(try row.get("division")),
            "until": words("vacancy.until", ["date": Figures.date(try row.get("open_until"), in: words.language)]),
        ]
    }

    /// - Parameters:
    ///   - text: of a job, an employer or a trade.
    ///   - trades: occupation codes that the text means besides.
    private static func condition(
        _ text: String, trades: [String], division: DivisionCode?, on today: String
    ) -> SQL {
        var conditions: [SQL] = [
            "v.state = 'open' AND m.state = 'active' AND v.open_until >= \(today) AND v.filled < v.places",
            SQL.within(division, "v.division"),
        ]
        if !text.isEmpty {
            let like = "%" + ClassCatalogue.escaped(text) + "%"
            conditions.append(
                "(v.title LIKE \(like) ESCAPE '!' OR m.name LIKE \(like) ESCAPE '!' OR v.trade IN \(list: trades))")
        }
        return conditions.joined(by: " AND ")
    }

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        let text = TextForm.trimmed(String((query["q"] ?? "").prefix(50)))
        let trades = text.isEmpty ? [] : app.trades.find(text, limit: 5).map(\.occupation.code.description)
        let division = query["division"].flatMap { DivisionCode(prefix: $0) }
        let number = min(max(query["page"].flatMap { Int($0) } ?? 1, 1), 1000)
        let today = app.today.description
        let condition = Self.condition(text, trades: trades, division: division, on: today)
        let (rows, count, counties) = try await app.database.read { db in
            (
                try db.rows(
                    """
                    SELECT \(Self.columns) WHERE \(condition) ORDER BY v.vacancy_id DESC
                    LIMIT \(Self.pageSize) OFFSET \((number - 1) * Self.pageSize)
                    """),
                try db.first(
                    """
                    SELECT count(*) AS n FROM vacancy v JOIN employer m ON m.employer_id = v.employer_id WHERE \(condition)
                    """
                )?.get("n", as: Int.self) ?? 0,
                try db.rows(
                    """
                    SELECT DISTINCT substr(division, 1, 6) AS county FROM vacancy
                    WHERE state = 'open' AND open_until >= \(today) ORDER BY county
                    """
                ).compactMap { DivisionCode(prefix: try $0.get("county", as: String.self)) }
            )
        }
        var page = Page("vacancies", title: words["vacancies.title"], lead: words["vacancies.lead"])
        page.layout = .public
        page.fields["q"] = text
        page.fields["counties"] = counties.map { county -> Fields in
            ["value": county.prefix, "name": app.divisionName(county.prefix), "isChosen": county == division]
        }
        page.fields["count"] = words("vacancies.count", ["n": Figures.grouped(count)])
        page.fields["cards"] = try rows.map { try card($0, words) }
        page.fields["isEmpty"] = rows.isEmpty
        if number * Self.pageSize < count {
            page.fields["pages"] =
                ["nextHref": Self.path + query.setting("page", "\(number + 1)").suffix] as Fields
        }
        return app.site.page(page, request, context)
    }

    private func show(
        _ request: Request, _ context: KitContext, _ refusal: JobRefusal? = nil, typed: String = ""
    ) async throws -> Response {
        let id = try app.id("vacancy", context)
        let words = app.site.words(context)
        let found = try await app.database.read { db in
            try db.first("SELECT \(Self.columns) WHERE v.vacancy_id = \(id) AND m.state = 'active'")
        }
        guard let row = found else { throw Problem.notFound }
        var page = Page("vacancy", title: try row.get("title"), lead: try row.get("employer"))
        page.layout = .public
        page.crumbs = [(words["vacancies.title"], Self.path)]
        page.addressAfterPost = "\(Self.path)/\(id)"
        page.fields = try card(row, words)
        let level: Int64 = try row.get("level")
        page.fields["facts"] = TrainingApplication.facts([
            (words["offer.trade"], app.tradeTitle(try row.get("trade"))),
            (words["vacancy.level"], level == 0 ? "" : SkillLevel(rawValue: level).map { words[$0.title] } ?? ""),
            (words["vacancy.pay.label"], try Self.pay(row, words)),
            (words["offer.place"], app.divisionName(try row.get("division"))),
            (words["vacancy.about"], try row.get("description")), (words["signup.phone"], try row.get("phone")),
        ])
        let (places, filled, until): (Int, Int, String) =
            (try row.get("places"), try row.get("filled"), try row.get("open_until"))
        if try row.get("state", as: String.self) == "open", filled < places, until >= app.today.description {
            page.fields["action"] = "\(Self.path)/\(id)/apply"
        } else {
            page.fields["closed"] = words[JobRefusal.closed.explanation]
        }
        page.fields["typed"] = typed
        if let refusal {
            page.status = .unprocessableContent
            page.faults = [FieldFault(field: "own", message: refusal.explanation)]
        } else if QueryItems(request.uri.query ?? "")["done"] != nil {
            page.notice = words["vacancy.applied"]
        }
        return app.site.page(page, request, context)
    }

    private func apply(_ request: Request, _ context: KitContext) async throws -> Response {
        let id = try app.id("vacancy", context)
        let typed = String((try await Form.read(request)["own"] ?? "").prefix(300))
        let last = typed.split { "/?#".contains($0) }.last.map(String.init) ?? ""
        guard let token = LearnerToken(last) else {
            return try await show(request, context, .ownPageUnknown, typed: typed)
        }
        let (time, requestID) = (app.now(), context.requestID)
        do {
            _ = try await app.database.write { db in
                try JobDesk(db: db, caller: .stranger, time: time, request: requestID).apply(to: id, token)
            }
            return app.seeOther("\(Self.path)/\(id)?done=1")
        } catch let refusal as JobRefusal {
            return try await show(request, context, refusal, typed: typed)
        }
    }
}
