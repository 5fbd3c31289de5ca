import Contracts
import Hummingbird
import ServiceKit
import SocialDomain

/// Guided questions for citizens: one question a page, the answers in the address, at the end what to settle.
struct FlowPages: Sendable {
    let app: GuideApplication

    func addRoutes(to routes: inout RouteTable) {
        routes.on(GuideContract.flows) { request, context in try await list(request, context) }
        routes.on(GuideContract.flowPage) { request, context in
            let id = QueryItems.decodedPath(try context.parameters.require("flow"))
            guard let flow = try await app.flows.published(id) else { throw Problem.notFound }
            return try await show(flow, path: "/guide/flows/\(flow.id)", isCounted: true, request, context)
        }
    }

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let flows = try await app.flows.published()
        var page = ReadingPages.page("flows", title: words["flows.title"], lead: words["flows.lead"])
        page.crumbs = [(words["place.home"], "/guide/")]
        page.fields["flows"] = flows.map { flow -> Fields in
            ["href": "/guide/flows/\(flow.id)", "name": flow.title[words.language], "lead": flow.lead[words.language]]
        }
        if flows.isEmpty { page.fields["isEmpty"] = true }
        return app.site.page(page, request, context)
    }

    /// - Parameters:
    ///   - path: where the page's links lead, with `keeping` in their query.
    ///   - isCounted: whether coming to the end is counted.
    func show(
        _ flow: Flow, path: String, keeping: QueryItems = QueryItems(), isCounted: Bool, _ request: Request,
        _ context: KitContext
    ) async throws -> Response {
        let words = app.site.words(context)
        let walk = FlowWalk(flow, answers: QueryItems(request.uri.query ?? "")["a"] ?? "")
        func address(_ answers: String) -> String {
            path + keeping.setting("a", answers.isEmpty ? nil : answers).suffix
        }
        var page = walk.end == nil ? question(walk, words, address) : try await ending(walk, words)
        page.crumbs = [(words["flows.title"], "/guide/flows"), (flow.title[words.language], address(""))]
        page.fields["flow"] = flow.title[words.language]
        if walk.isCutShort { page.fields["cutShort"] = true }
        page.fields["again"] = walk.given.isEmpty ? nil : address("")
        page.fields["back"] = walk.given.isEmpty ? nil : address(walk.answers(first: walk.given.count - 1))
        page.fields["given"] = walk.given.enumerated().map { index, answer -> Fields in
            [
                "question": flow.nodes[answer.node]?.question[words.language] ?? "",
                "answer": answer.option.label[words.language],
                "href": address(walk.answers(first: index)),
            ]
        }
        page.fields["hasGiven"] = !walk.given.isEmpty
        if isCounted, walk.end != nil { app.tally.count(.flow, flow.id, for: request) }
        return app.site.page(page, request, context)
    }

    private func question(_ walk: FlowWalk, _ words: Words, _ address: (String) -> String) -> Page {
        guard let node = walk.node else {
            return ReadingPages.page("flow-question", title: walk.flow.title[words.language])
        }
        var page = ReadingPages.page(
            "flow-question", title: node.question[words.language], lead: node.hint?[words.language])
        let left = walk.mostLeft - 1
        page.fields["progress"] =
            left == 0
            ? words("flow.progress.last", ["n": "\(walk.given.count + 1)"])
            : words("flow.progress", ["n": "\(walk.given.count + 1)", "left": "\(left)"])
        page.fields["options"] = node.options.map { option -> Fields in
            ["href": address(walk.answers(adding: option)), "label": option.label[words.language]]
        }
        return page
    }

    // MARK: - The end

    private func ending(_ walk: FlowWalk, _ words: Words) async throws -> Page {
        let wanted = walk.wanted
        let items = try await app.flows.items(named: Set(wanted.map(\.item)))
        let plan = FlowPlan(wanted, items: items)
        var page = ReadingPages.page(
            "flow-end", title: walk.end?.title[words.language] ?? "", lead: walk.flow.title[words.language])
        page.fields["endNote"] = walk.end?.note?[words.language]
        page.fields["steps"] = plan.steps.enumerated().map { index, step in stepFields(index + 1, step, words) }
        page.fields["hasSteps"] = !plan.steps.isEmpty
        // A published item may have been withdrawn since the flow was checked.
        let missing = wanted.map(\.item).filter { items[$0] == nil }
        page.fields["missing"] =
            missing.isEmpty ? nil : words("flow.missing", ["items": missing.joined(separator: words["list.comma"])])
        let bring = plan.materials.filter { !$0.needs.isEmpty }
        page.fields["materials"] = bring.map { materialFields($0, words) }
        page.fields["hasMaterials"] = !bring.isEmpty
        let waived = plan.materials.filter { $0.needs.isEmpty }
        page.fields["waived"] =
            waived.isEmpty
            ? nil : words("flow.waived", ["names": waived.map(\.name).joined(separator: words["list.comma"])])
        page.fields["checklist"] = "flow \(walk.flow.id)"
        return page
    }

    private func stepFields(_ number: Int, _ step: FlowPlan.Step, _ words: Words) -> Fields {
        let content = step.item.content
        var query = QueryItems()
        query = query.setting("variant", content.variants.count > 1 ? step.variant?.id : nil)
        var fields: Fields = [
            "number": "\(number)", "name": content.plainName.isEmpty ? content.name : content.plainName,
            "official": content.name, "href": "/guide/items/\(QueryItems.encoded(content.code))" + query.suffix,
            "department": app.catalogue.snapshot.departmentName(content.department),
        ]
        if content.variants.count > 1, let variant = step.variant { fields["variant"] = variant.name }
        fields["reason"] = step.reason?[words.language]
        fields["days"] = content.promisedDays.map {
            $0 == 0 ? words["item.atOnce"] : words("item.days", ["n": "\($0)"])
        }
        if let place = content.places.first {
            fields["place"] = [place.name, place.window].filter { !$0.isEmpty }.joined(separator: " · ")
            fields["phone"] = place.phone.isEmpty ? nil : place.phone
        }
        return fields
    }

    private func materialFields(_ material: FlowPlan.Material, _ words: Words) -> Fields {
        func numbers(_ list: [Int]) -> String { list.map(String.init).joined(separator: words["list.comma"]) }
        var fields: Fields = [
            "name": material.name, "isOptional": !material.isRequired, "source": material.source,
            "serves": words("flow.serves", ["n": numbers(material.needs)]),
        ]
        var copies: [String] = []
        if material.originals > 0 { copies.append(words("item.originals", ["n": "\(material.originals)"])) }
        if material.copies > 0 { copies.append(words("item.copies", ["n": "\(material.copies)"])) }
        fields["copies"] = copies.isEmpty ? nil : copies.joined(separator: words["list.comma"])
        fields["note"] = material.note
        fields["waivedFor"] = material.waived.isEmpty ? nil : words("flow.waivedFor", ["n": numbers(material.waived)])
        fields["comesFrom"] = material.comesFrom.map { words("flow.comesFrom", ["n": "\($0)"]) }
        return fields
    }
}

extension Flow.Text {
    subscript(language: Language) -> String { language == .zh ? zh : en }
}
