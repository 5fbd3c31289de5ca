import Contracts
import Hummingbird
import ServiceKit
import SocialDomain

/// `/aid/`: how things stand, where, whether it grows, and what to do next.
struct DashboardPage: Sendable {
    let app: AidApplication

    func addRoutes(to routes: inout RouteTable) {
        routes.on(AidContract.Pages.dashboard) { request, context in try await show(request, context) }
    }

    private func show(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let asked = QueryItems(request.uri.query ?? "")["division"] ?? ""
        guard asked.utf8.count <= 12, asked.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw Problem.notFound
        }
        let queries = DashboardQueries(database: app.database, scope: try app.scope(context))
        guard let figures = try await queries.figures(division: asked) else { throw Problem.notFound }
        let place =
            figures.division.isEmpty
            ? words["dashboard.everywhere"] : app.divisions.placeName(ofDigits: figures.division)
        var page = Page("dashboard", title: words("dashboard.title", ["place": place]), place: "dashboard")
        page.crumbs = crumbs(figures.division, words)
        page.fields["start"] = RunPages.startForm(asOf: app.actions.today().description)
        page.fields["steps"] = NextSteps(figures: figures, words: words).list()
        if let run = figures.run {
            let view = DashboardView(figures: figures, run: run, divisions: app.divisions, words: words)
            page.lead = view.lead()
            page.fields["figures"] = view.fields()
        } else {
            page.lead = words["dashboard.lead.none"]
        }
        page.fields["runs"] = RunTable(words: words).table(figures.recentRuns).fields()
        return app.site.page(page, request, context)
    }

    /// From the region down to the parent; a county by itself has no way up that shows more.
    private func crumbs(_ division: String, _ words: Words) -> [(name: String, href: String)] {
        guard let code = DivisionCode(prefix: division), division.utf8.count > 2 else { return [] }
        return app.divisions.path(of: code).dropLast().map { above in
            (above.name, "/aid/?division=\(above.code.prefix)")
        }
    }
}
