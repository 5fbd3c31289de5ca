import Contracts
import Hummingbird
import ServiceKit
import SocialDomain

/// `/aid/alerts`: the list to work from.
struct AlertPages: Sendable {
    let app: AidApplication
    static let pageSize = 50

    func queries(_ context: KitContext) throws -> AlertQueries {
        AlertQueries(database: app.database, scope: try app.scope(context))
    }

    func addRoutes(to routes: inout RouteTable) {
        routes.on(AidContract.Pages.alerts) { request, context in try await list(request, context) }
        routes.on(AidContract.Pages.alertsCSV) { request, context in try await exportCSV(request, context) }
        routes.on(AidContract.Pages.alertsWorkbook) { request, context in try await exportWorkbook(request, context)
        }
    }

    static func address(_ query: QueryItems) -> ListAddress {
        ListAddress(
            path: "/aid/alerts", query: query, sorts: ["points", "household"], defaultSort: "-points",
            startsDescending: ["points"])
    }

    /// Points run from the top by nature, households from the bottom.
    static func order(_ address: ListAddress) -> AlertOrder {
        address.sort == "household"
            ? AlertOrder(key: .household, isReversed: address.isDescending)
            : AlertOrder(key: .points, isReversed: !address.isDescending)
    }

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        let filter = AlertFilter(query)
        let address = Self.address(query)
        let after = query["after"].flatMap(AlertPosition.init)
        let queries = try queries(context)
        let lines = try await queries.page(
            filter, order: Self.order(address), after: after, limit: Self.pageSize + 1)
        let count = try await queries.count(filter)
        let rules = try await app.actions.rules()
        let view = AlertListView(
            filter: filter, address: address, rules: rules, divisions: app.divisions, words: words)

        var page = Page("alerts", title: words["alerts.title"], place: "alerts")
        page.lead = view.lead(count: count)
        page.fields = view.table(Array(lines.prefix(Self.pageSize))).fields(list: address)
        page.fields["active"] = view.activeFilters()
        page.fields["form"] = view.form(divisions: try await queries.divisionChoices(filter.division))
        page.fields["exports"] =
            lines.isEmpty
            ? nil
            : [
                "csvHref": "/aid/alerts/export.csv" + query.removing("after").suffix,
                "xlsxHref": "/aid/alerts/export.xlsx" + query.removing("after").suffix,
            ] as Fields
        var pages = Fields()
        if after != nil { pages["firstHref"] = address.page(after: nil) }
        if lines.count > Self.pageSize {
            pages["nextHref"] = address.page(after: lines[Self.pageSize - 1].position.text)
        }
        page.fields["pages"] = pages.isEmpty ? nil : pages
        return app.site.page(page, request, context)
    }
}
