import Contracts
import Hummingbird
import ServiceKit
import SocialDomain

/// The page behind a plate: what its trade needs, the nearest window, its helper.
struct PlatePages: Sendable {
    let app: GuideApplication
    private static let mostItems = 8

    func addRoutes(to routes: inout RouteTable) {
        routes.on(GuideContract.platePage) { request, context in try await show(request, context) }
        routes.on(GuideContract.plate) { call in
            guard let code = try? PlateCode(call.parameters.code), let plate = try await app.plates.plate(code) else {
                throw Problem.notFound
            }
            return Reply(plate.record)
        }
    }

    private func show(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let typed = QueryItems.decodedPath(try context.parameters.require("code"))
        let code: PlateCode
        do throws(PlateCode.Fault) {
            code = try PlateCode(typed)
        } catch {
            return lost("mistyped", status: .notFound, words, request, context)
        }
        guard let plate = try await app.plates.plate(code) else {
            return lost("unknown", status: .notFound, words, request, context)
        }
        switch plate.state {
        case .active: break
        case .retired:
            app.tally.count(.scan, plate.code, for: request)
            return lost("retired", status: .gone, name: plate.content.name, words, request, context)
        case .moved, .replaced:
            app.tally.count(.scan, plate.code, for: request)
            return try await lead(from: plate, words, request, context)
        }
        app.tally.count(.scan, plate.code, for: request)
        let content = plate.content
        var page = ReadingPages.page(
            "plate", title: content.name, lead: content.address.isEmpty ? nil : content.address)
        page.crumbs = [(words["place.home"], "/guide/")]
        page.fields = findFields(words)
        page.fields["items"] = items(for: content).map(ReadingPages.link)
        page.fields["trade"] = content.trade.isEmpty ? nil : words("plate.trade", ["trade": content.trade])
        if let window = try await app.plates.window(near: plate) {
            page.fields["window"] = windowFields(window.plate, metres: window.metres, words)
        }
        if !content.helperName.isEmpty || !content.helperPhone.isEmpty {
            var helper: Fields = ["name": content.helperName, "phoneHref": ItemView.dial(content.helperPhone)]
            helper["phone"] = content.helperPhone.isEmpty ? nil : content.helperPhone
            page.fields["helper"] = helper
        }
        page.fields["number"] = words("plate.number", ["code": plate.printedCode])
        return app.site.page(page, request, context)
    }

    /// What the catalogue has for the trade's words.
    private func items(for content: PlateContent) -> [LiveCatalogue.Card] {
        guard !content.trade.isEmpty else { return [] }
        let snapshot = app.catalogue.snapshot
        // Several trades stand apart: 餐饮、烟酒.
        let parts = content.trade.split { "、，,;；/ ".contains($0) }.prefix(4)
        let share = max(3, Self.mostItems / max(1, parts.count))
        var seen: Set<Int64> = []
        return parts.flatMap { part in
            snapshot.index.search(String(part), limit: share).hits.compactMap { hit in
                seen.insert(hit.id).inserted ? snapshot.cards[hit.id] : nil
            }
        }
    }

    private func windowFields(_ window: Plate, metres: Int?, _ words: Words) -> Fields {
        var fields: Fields = [
            "name": window.content.name, "address": window.content.address, "href": "/guide/d/\(window.code)",
        ]
        fields["distance"] = metres.map { Self.distance($0, words) }
        if !window.content.helperPhone.isEmpty {
            fields["phone"] = window.content.helperPhone
            fields["phoneHref"] = ItemView.dial(window.content.helperPhone)
        }
        return fields
    }

    /// To ten metres below a kilometre, to a tenth of a kilometre above.
    static func distance(_ metres: Int, _ words: Words) -> String {
        if metres < 995 { return words("plate.metres", ["n": "\(max(10, (metres + 5) / 10 * 10))"]) }
        let tenths = (metres + 50) / 100
        return words("plate.kilometres", ["n": tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"])
    }

    // MARK: - Plates that are not in use

    /// Moved and replaced: what happened, and the way to the plate that stands for it now.
    private func lead(
        from plate: Plate, _ words: Words, _ request: Request, _ context: KitContext
    ) async throws -> Response {
        guard let next = try await app.plates.latest(after: plate), next.state == .active else {
            return lost("retired", status: .gone, name: plate.content.name, words, request, context)
        }
        let kind = plate.state.rawValue
        var page = ReadingPages.page(
            "plate-lost", title: words("plate.\(kind).title", ["name": plate.content.name]),
            lead: words(
                "plate.\(kind).lead",
                ["address": next.content.address, "day": Figures.day(plate.changedAt, in: words.language)]))
        page.crumbs = [(words["place.home"], "/guide/")]
        page.fields = findFields(words)
        page.fields["next"] =
            [
                "href": "/guide/d/\(next.code)",
                "name": words("plate.\(kind).next", ["name": next.content.name]),
            ] as Fields
        return app.site.page(page, request, context)
    }

    private func lost(
        _ kind: String, status: HTTPResponse.Status, name: String = "", _ words: Words, _ request: Request,
        _ context: KitContext
    ) -> Response {
        var page = ReadingPages.page(
            "plate-lost", title: words("plate.\(kind).title", ["name": name]), lead: words["plate.\(kind).lead"])
        page.status = status
        page.crumbs = [(words["place.home"], "/guide/")]
        page.fields = findFields(words)
        return app.site.page(page, request, context)
    }

    /// The search box, and the frequent items on demand.
    private func findFields(_ words: Words) -> Fields {
        let frequent = app.catalogue.snapshot.cards.filter(\.value.isFrequent).sorted { $0.key < $1.key }.map(\.value)
        guard !frequent.isEmpty else { return [:] }
        return [
            "frequent": [
                "title": words("plate.frequent", ["n": "\(frequent.count)"]), "list": frequent.map(ReadingPages.link),
            ] as Fields
        ]
    }
}

extension Plate {
    var record: PlateRecord {
        PlateRecord(
            code: code, kind: content.kind.rawValue, name: content.name, trade: content.trade,
            address: content.address, division: content.division.prefix, state: state.rawValue, successor: successor)
    }
}
