import Contracts
import Hummingbird
import ServiceKit
import SocialDomain
import Storage

/// Labour brands, for everyone: the list, and one from its trades to the people placed.
struct BrandPages: Sendable {
    let app: TrainingApplication
    static let path = "/training/brands"
    private static let most = 100

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.brandList) { request, context in try await list(request, context) }
        routes.on(TrainingContract.brandPage) { request, context in try await show(request, context) }
    }

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let rows = try await app.database.read { db in
            try db.rows(
                """
                SELECT b.brand_id, b.name, b.summary,
                    (SELECT count(*) FROM placement p WHERE p.brand_id = b.brand_id) AS placed,
                    (SELECT count(*) FROM labour_brand_employer e JOIN employer m ON m.employer_id = e.employer_id
                        WHERE e.brand_id = b.brand_id AND m.state = 'active') AS employers
                FROM labour_brand b WHERE b.state = 'active' ORDER BY placed DESC, b.brand_id LIMIT \(Self.most)
                """)
        }
        var page = Page("brands", title: words["brands.title"], lead: words["brands.lead"])
        page.layout = .public
        page.fields["brands"] = try rows.map { row -> Fields in
            [
                "href": "\(Self.path)/\(try row.get("brand_id", as: Int64.self))",
                "name": try row.get("name", as: String.self), "summary": try row.get("summary", as: String.self),
                "placed": words("brand.placed", ["n": "\(try row.get("placed", as: Int.self))"]),
                "employers": words("brand.employers", ["n": "\(try row.get("employers", as: Int.self))"]),
            ]
        }
        page.fields["isEmpty"] = rows.isEmpty
        return app.site.page(page, request, context)
    }

    /// Brand, trades, classes, employers, people placed by year.
    private func show(_ request: Request, _ context: KitContext) async throws -> Response {
        let id = try app.id("brand", context)
        let words = app.site.words(context)
        let found = try await app.database.read { db in
            try db.first("SELECT name, summary, division FROM labour_brand WHERE brand_id = \(id) AND state = 'active'")
                .map {
                    head in
                    (
                        head: head,
                        trades: try db.rows(
                            "SELECT trade FROM labour_brand_trade WHERE brand_id = \(id) ORDER BY trade"),
                        employers: try db.rows(
                            """
                            SELECT m.name FROM labour_brand_employer e JOIN employer m ON m.employer_id = e.employer_id
                            WHERE e.brand_id = \(id) AND m.state = 'active' ORDER BY m.name
                            """),
                        classes: try db.first(
                            """
                            SELECT count(*) AS n FROM training_class c JOIN program p ON p.program_id = c.program_id
                            WHERE c.state IN ('open', 'running', 'ended')
                                AND \(SQL.within(DivisionCode(prefix: try head.get("division", as: String.self)), "c.division"))
                                AND p.trade IN (SELECT trade FROM labour_brand_trade WHERE brand_id = \(id))
                            """),
                        years: try db.rows(
                            """
                            SELECT substr(started_on, 1, 4) AS year, count(*) AS n FROM placement WHERE brand_id = \(id)
                            GROUP BY substr(started_on, 1, 4) ORDER BY year DESC
                            """)
                    )
                }
        }
        guard let found else { throw Problem.notFound }
        var page = Page("brand", title: try found.head.get("name"), lead: try found.head.get("summary"))
        page.layout = .public
        page.crumbs = [(words["brands.title"], Self.path)]
        page.fields["trades"] = try found.trades.map { row -> Fields in
            let code: String = try row.get("trade")
            return ["name": app.tradeTitle(code), "href": "/training/open?q=\(QueryItems.encoded(code))"]
        }
        page.fields["classes"] = words("brand.classes", ["n": "\(try found.classes?.get("n", as: Int.self) ?? 0)"])
        page.fields["employers"] = try found.employers.map { row -> Fields in
            let name: String = try row.get("name")
            return ["name": name, "href": "\(VacancyPages.path)?q=\(QueryItems.encoded(name))"]
        }
        page.fields["years"] = Table(
            caption: words["brand.years"],
            columns: [.init(words["brand.year"]), .init(words["figures.placements"], isFigure: true)],
            rows: try found.years.map { [.init(try $0.get("year")), .figure(try $0.get("n"))] },
            emptiness: words["figures.none"]
        ).fields()
        return app.site.page(page, request, context)
    }
}
