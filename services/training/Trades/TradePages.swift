import Contracts
import Hummingbird
import ServiceKit
import SocialDomain

/// `/training/trades`: which trade an everyday job title means, for everyone.
struct TradePages: Sendable {
    let app: TrainingApplication
    private static let most = 20

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.tradesPage) { request, context in page(request, context) }
        routes.on(TrainingContract.findTrades) { call in
            let hits = app.trades.find(call.parameters.q ?? "", limit: Self.most)
            return Reply(Listing(items: hits.map(\.record), next: nil))
        }
    }

    private func page(_ request: Request, _ context: KitContext) -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "")["q"] ?? ""
        // Guesses only where there is nothing better.
        let all = app.trades.find(query, limit: Self.most)
        let sure = all.filter { $0.score >= 0.15 }
        let hits = sure.isEmpty ? all : sure
        var page = Page("trades", title: words["trades.title"], lead: words["trades.lead"])
        page.layout = .public
        page.fields["q"] = query
        page.fields["isEmpty"] = !query.isEmpty && hits.isEmpty
        page.fields["hits"] = hits.map { hit -> Fields in
            let because = hit.words.filter { $0 != hit.occupation.name }.joined(separator: "、")
            var fields: Fields = [
                "name": hit.occupation.name, "code": hit.occupation.code.description,
                "groups": hit.occupation.parents.joined(separator: " › "), "definition": hit.occupation.definition,
            ]
            if !because.isEmpty { fields["because"] = because }
            return fields
        }
        return app.site.page(page, request, context)
    }
}

extension TradeHit {
    var record: TradeRecord {
        TradeRecord(
            code: occupation.code.description, name: occupation.name, definition: occupation.definition,
            groups: occupation.parents, because: words)
    }
}
