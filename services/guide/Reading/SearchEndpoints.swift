import Contracts
import Foundation
import HTTPTypes
import ServiceKit

/// `/guide/v1/search`, `/guide/v1/suggestions`, `/guide/v1/items`: what citizens' pages show, for programs.
struct SearchEndpoints: Sendable {
    let app: GuideApplication

    func addRoutes(to routes: inout RouteTable) {
        routes.on(GuideContract.search) { call in Reply(search(call.parameters, call.headers)) }
        routes.on(GuideContract.suggestions) { call in Reply(suggest(call.parameters.q)) }
        routes.on(GuideContract.item) { call in
            guard let item = try await app.items.published(code: call.parameters.code) else { throw Problem.notFound }
            app.tally.count(.item, item.content.code, for: call.headers)
            return Reply(try record(item), version: item.number)
        }
    }

    private func search(_ parameters: SearchParameters, _ headers: HTTPFields) -> SearchAnswer {
        let snapshot = app.catalogue.snapshot
        let isExplained = parameters.explain ?? false
        let filter = ItemFilter(
            department: parameters.department, audience: parameters.audience, channel: parameters.channel)
        let result = snapshot.index.search(
            parameters.q, filter: filter.search(snapshot), limit: parameters.limit ?? 20, explain: isExplained)
        app.tally.countSearch(parameters.q, result.quality, for: headers)
        return SearchAnswer(
            quality: result.quality.rawValue, corrected: result.correctedQuery,
            items: result.hits.compactMap { hit in
                snapshot.cards[hit.id].map { card in
                    SearchAnswer.Hit(
                        code: card.code, name: card.name, department: snapshot.departmentName(card.department),
                        summary: card.summary, score: Double(hit.score),
                        reasons: isExplained ? hit.explanation.map(\.entry) : nil)
                }
            })
    }

    private func suggest(_ text: String) -> Listing<SuggestionEntry> {
        let snapshot = app.catalogue.snapshot
        return Listing(
            items: snapshot.index.suggest(text).compactMap { suggestion in
                snapshot.cards[suggestion.id].map { SuggestionEntry(code: $0.code, name: $0.name) }
            }, next: nil)
    }

    private func record(_ item: PublishedItem) throws -> ItemRecord {
        let json = try JSONEncoder().encode(item.content)
        return ItemRecord(
            code: item.content.code, name: item.content.name,
            department: app.catalogue.snapshot.departmentName(item.content.department), edition: item.number,
            publishedAt: item.publishedAt, confirmedOn: item.confirmedOn,
            elements: try JSONDecoder().decode(JSONValue.self, from: json))
    }
}

extension SearchResult.Reason {
    fileprivate var entry: SearchAnswer.Reason {
        SearchAnswer.Reason(kind: kind.rawValue, term: term, field: field.map { "\($0)" }, points: Double(points))
    }
}

/// What a list of items is narrowed to.
struct ItemFilter: Hashable, Sendable {
    var department: String?
    var audience: String?
    var channel: String?

    /// As the index knows it, which goes by departments' names.
    func search(_ snapshot: LiveCatalogue.Snapshot) -> SearchFilter {
        SearchFilter(
            departments: department.map { [snapshot.departmentName($0)] } ?? [], audiences: audience.map { [$0] } ?? [],
            channels: channel.map { [$0] } ?? [])
    }
}
