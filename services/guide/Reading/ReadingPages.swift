import Contracts
import Hummingbird
import ServiceKit
import SocialDomain

/// What a citizen reads, on a phone: find an item, see what it needs.
struct ReadingPages: Sendable {
    let app: GuideApplication
    private static let pageSize = 20
    private static let longestQuery = 200

    func addRoutes(to routes: inout RouteTable) {
        routes.on(GuideContract.home) { request, context in home(request, context) }
        routes.on(GuideContract.searchPage) { request, context in search(request, context) }
        routes.on(GuideContract.itemPage) { request, context in try await item(request, context) }
        routes.on(GuideContract.departmentPages) { request, context in departments(request, context) }
    }

    static func page(_ template: String, title: String, lead: String? = nil) -> Page {
        var page = Page(template, title: title, lead: lead)
        page.layout = .public
        page.scripts = ["guide.js"]
        return page
    }

    // MARK: - Finding

    private func home(_ request: Request, _ context: KitContext) -> Response {
        let words = app.site.words(context)
        let snapshot = app.catalogue.snapshot
        var page = Self.page("home", title: words["home.title"], lead: words["home.lead"])
        // The high-frequency ones on top, by what people come for.
        let frequent = snapshot.cards.sorted { $0.key < $1.key }.map(\.value).filter(\.isFrequent)
        var themes: [(name: String, cards: [LiveCatalogue.Card])] = []
        for card in frequent {
            let theme = card.themes.first ?? words["home.other"]
            if let index = themes.firstIndex(where: { $0.name == theme }) {
                themes[index].cards.append(card)
            } else {
                themes.append((theme, [card]))
            }
        }
        page.fields["themes"] = themes.map { theme -> Fields in
            ["name": theme.name, "items": theme.cards.map(Self.link)]
        }
        page.fields["count"] = Figures.grouped(snapshot.cards.count)
        if snapshot.cards.isEmpty { page.fields["isEmpty"] = true }
        return app.site.page(page, request, context)
    }

    static func link(_ card: LiveCatalogue.Card) -> Fields {
        [
            "href": "/guide/items/\(QueryItems.encoded(card.code))",
            "name": card.plainName.isEmpty ? card.name : card.plainName, "official": card.name,
        ]
    }

    private func search(_ request: Request, _ context: KitContext) -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        // More than that says nothing that the first words did not.
        let text = query["q"].map { String($0.prefix(Self.longestQuery)) } ?? ""
        let filter = ItemFilter(
            department: query["department"], audience: query["audience"], channel: query["channel"])
        let snapshot = app.catalogue.snapshot
        let number = max(1, min(50, query["page"].flatMap { Int($0) } ?? 1))
        let result = snapshot.index.search(
            text, filter: filter.search(snapshot), limit: number * Self.pageSize + 1)
        if number == 1, request.method == .get { app.tally.countSearch(text, result.quality, for: request.headers) }
        let hits = result.hits.dropFirst((number - 1) * Self.pageSize).prefix(Self.pageSize)

        var page = Self.page(
            "search", title: text.isEmpty ? words["search.title"] : words("search.titleOf", ["q": text]))
        page.fields["q"] = text
        page.fields["hits"] = hits.compactMap { hit in
            snapshot.cards[hit.id].map { card -> Fields in
                var fields = Self.link(card)
                fields["department"] = snapshot.departmentName(card.department)
                fields["summary"] = card.summary
                fields["isSample"] = card.isSample
                return fields
            }
        }
        switch result.quality {
        case .found: break
        case .nearest: page.fields["nearest"] = words["search.nearest"]
        case .nothing: page.fields["nothing"] = words[text.isEmpty ? "search.empty" : "search.nothing"]
        }
        page.fields["corrected"] = result.correctedQuery.map { words("search.corrected", ["q": $0]) }
        page.fields["filters"] = filterFields(query, filter, snapshot, words)
        let path = ListAddress(path: "/guide/search", query: query, sorts: [], defaultSort: "").path
        if result.hits.count > number * Self.pageSize {
            page.fields["next"] = path + query.setting("page", "\(number + 1)").suffix
        }
        return app.site.page(page, request, context)
    }

    private func filterFields(
        _ query: QueryItems, _ filter: ItemFilter, _ snapshot: LiveCatalogue.Snapshot, _ words: Words
    ) -> Fields {
        func option(_ value: String, _ name: String, _ chosen: String?) -> Fields {
            ["value": value, "name": name, "isChosen": value == chosen]
        }
        return [
            "departments": snapshot.departments.map {
                option($0.id, $0.short.isEmpty ? $0.name : $0.short, filter.department)
            },
            "channels": ItemContent.allChannels.map { option($0, words["channel.\($0)"], filter.channel) },
        ]
    }

    private func departments(_ request: Request, _ context: KitContext) -> Response {
        let words = app.site.words(context)
        let snapshot = app.catalogue.snapshot
        var counts: [String: Int] = [:]
        for card in snapshot.cards.values { counts[card.department, default: 0] += 1 }
        var page = Self.page("departments", title: words["departments.title"], lead: words["departments.lead"])
        page.crumbs = [(words["place.home"], "/guide/")]
        page.fields["list"] = snapshot.departments.map { department -> Fields in
            [
                "name": department.name, "count": "\(counts[department.id] ?? 0)",
                "href":
                    "/guide/search?q=\(QueryItems.encoded(department.short.isEmpty ? department.name : department.short))"
                    + "&department=\(QueryItems.encoded(department.id))",
                "phone": department.phone,
            ]
        }
        return app.site.page(page, request, context)
    }

    // MARK: - One item

    private func item(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let code = QueryItems.decodedPath(try context.parameters.require("code"))
        guard let item = try await app.items.published(code: code) else { throw Problem.notFound }
        let query = QueryItems(request.uri.query ?? "")
        let view = ItemView(
            item: item, department: app.catalogue.snapshot.departmentName(item.content.department), query: query,
            words: words)
        var page = Self.page("item", title: item.content.name, lead: item.content.summary)
        page.crumbs = [(words["place.home"], "/guide/")]
        page.fields = view.fields()
        page.notice = FeedbackPages.notice(query, words)
        page.fields["feedback"] = FeedbackPages.fields(code: code)
        if query["variant"] == nil, query["channel"] == nil, query["said"] == nil {
            app.tally.count(.item, item.content.code, for: request)
        }
        // Relative where the service does not know how others reach it.
        let addresses = GuideAddresses(base: app.publicAddress ?? "")
        page.canonical = addresses.item(item.content.code)
        page.fields["structured"] =
            GovernmentService(
                item: item, authority: app.catalogue.snapshot.authorityName(item.content.department),
                addresses: addresses
            ).json
        return app.site.page(page, request, context)
    }
}
