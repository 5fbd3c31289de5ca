import Contracts
import Foundation
import Hummingbird
import Security
import ServiceKit
import SocialDomain
import Storage

/// Labour brands for those who keep them: the list, a new one, and one with its form.
struct BrandForm: Sendable {
    let app: TrainingApplication
    static let path = "/training/employment/brands"
    static let newPath = "\(path)/new"
    private static let pageSize = 50

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.keptBrandList) { request, context in try await list(request, context) }
        routes.on(TrainingContract.newBrandPage) { request, context in
            let own = try context.requireCaller().scope.division?.prefix ?? ""
            return form(request, context, key: UUID().uuidString) { field in
                switch field {
                case "division": own.utf8.count >= 6 ? own : ""
                case "state": BrandContent.State.active.rawValue
                default: ""
                }
            }
        }
        routes.on(TrainingContract.makeBrand) { request, context in try await make(request, context) }
        routes.on(TrainingContract.keptBrandPage) { request, context in
            let brand = try await find(context)
            return form(request, context, of: brand, value(brand.content))
        }
        routes.on(TrainingContract.saveBrand) { request, context in try await save(request, context) }
    }

    static func address(_ id: Int64) -> String { "\(path)/\(id)" }

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        let (after, scope) = (query["after"] ?? "", try context.requireCaller().scope)
        let found = try await app.database.read { db in
            try BrandQueries.brands(after: after, limit: Self.pageSize + 1, within: scope, in: db)
        }
        var page = Page(
            "kept-brands", title: words["brands.keep.title"], lead: words["brands.keep.lead"], place: "employment")
        page.crumbs = [(words["employment.title"], EmploymentPages.path)]
        if query["done"] != nil { page.notice = words["brands.keep.done"] }
        page.fields["newHref"] = Self.newPath
        page.fields["list"] = Table(
            caption: words["brands.title"],
            columns: [
                .init(words["brand.field.name"]), .init(words["brand.field.division"], isMinor: true),
                .init(words["brand.field.trades"]), .init(words["brand.field.employers"], isFigure: true),
                .init(words["brand.placed.title"], isFigure: true),
            ],
            rows: found.prefix(Self.pageSize).map { brand in
                let content = brand.content
                return [
                    .init(
                        content.name, href: Self.address(brand.id),
                        note: content.state == .active ? nil : words["brand.state.ended"]),
                    .init(app.divisionName(content.division)),
                    .init(content.trades.map { app.tradeName($0) ?? $0 }.joined(separator: "、")),
                    .figure(content.employers.count), .figure(Int(brand.placed)),
                ]
            }, emptiness: words["brands.keep.empty"]
        ).fields()
        if found.count > Self.pageSize {
            let last = found[Self.pageSize - 1].content.name
            page.fields["pages"] = ["nextHref": Self.path + query.setting("after", last).suffix] as Fields
        }
        return app.site.page(page, request, context)
    }

    // MARK: - A new one

    private func make(_ request: Request, _ context: KitContext) async throws -> Response {
        let typed = try await Form.read(request)
        let key = typed["key"].map { String($0.prefix(60)) }
        var fields = TypedFields { typed[$0] }
        guard let content = BrandContent(&fields, trades: app.trades) else {
            return form(request, context, faults: fields.faults, status: .unprocessableContent, key: key) {
                typed[$0] ?? ""
            }
        }
        do {
            _ = try await app.change(context) { try $0.makeBrand(content, key: key) }
            return app.seeOther("\(Self.path)?done=1")
        } catch let refusal as StepRefusal {
            return form(
                request, context, faults: refusal.pageFaults("name"), status: refusal.pageStatus, key: key
            ) { typed[$0] ?? "" }
        }
    }

    // MARK: - One there is

    private func find(_ context: KitContext) async throws -> LabourBrand {
        let (id, scope) = (try app.id("brand", context), try context.requireCaller().scope)
        let found = try await app.database.read { db in try BrandQueries.brand(id, within: scope, in: db) }
        guard let found else { throw Problem.notFound }
        return found
    }

    private func save(_ request: Request, _ context: KitContext) async throws -> Response {
        let typed = try await Form.read(request)
        let brand = try await find(context)
        var fields = TypedFields { typed[$0] }
        guard let content = BrandContent(&fields, trades: app.trades) else {
            return form(request, context, of: brand, faults: fields.faults, status: .unprocessableContent) {
                typed[$0] ?? ""
            }
        }
        let version = app.version(typed)
        do {
            try await app.change(context) { try $0.saveBrand(brand.id, content, version: version) }
            return app.seeOther("\(Self.path)?done=1")
        } catch StepRefusal.stale {
            let now = try await find(context)
            let stale = StaleForm(
                BrandContent.fields, kept: value(now.content), typed: value(content), area: "brand",
                words: app.site.words(context))
            return form(
                request, context, of: now, faults: [StaleForm.fault], status: .conflict, stale: stale, value(content))
        } catch let refusal as StepRefusal {
            guard refusal != .unknown else { throw Problem.notFound }
            return form(
                request, context, of: brand, faults: refusal.pageFaults("name"), status: refusal.pageStatus
            ) { typed[$0] ?? "" }
        }
    }

    // MARK: - The form

    private func value(_ content: BrandContent) -> (String) -> String {
        { content.value($0, tradeName: app.tradeName) }
    }

    private func form(
        _ request: Request, _ context: KitContext, of brand: LabourBrand? = nil, faults: [FieldFault] = [],
        status: HTTPResponse.Status = .ok, stale: StaleForm? = nil, key: String? = nil,
        _ value: @escaping (String) -> String
    ) -> Response {
        let words = app.site.words(context)
        var page = Page(
            "brand-form", title: brand?.content.name ?? words["brand.new"],
            lead: brand.map { words("brand.placed", ["n": Figures.grouped(Int($0.placed))]) }, place: "employment")
        page.crumbs = [
            (words["employment.title"], EmploymentPages.path), (words["brands.keep.title"], Self.path),
        ]
        let address = brand.map { Self.address($0.id) } ?? Self.newPath
        page.addressAfterPost = address
        let view = FormView(words: words, area: "brand", faults: faults, value: value)
        let places = FormView.divisions(app.divisions, within: context.caller?.scope.division)
        let states = BrandContent.State.allCases.map { ($0.rawValue, words["brand.state.\($0.rawValue)"]) }
        page.fields["inputs"] = [
            view.input("name", isNeeded: true, most: 40), view.input("division", .choice(places), isNeeded: true),
            view.input("summary", .area, most: 500), view.input("trades", .area, isNeeded: true, most: 4000),
            view.input("employers", .area, most: 8000), view.input("state", .choice(states), isNeeded: true),
        ]
        page.fields["action"] = address
        page.fields["version"] = brand.map { "\($0.version)" }
        page.fields["key"] = brand == nil ? key : nil
        page.fields["verb"] = words["form.save"]
        page.fields["backHref"] = Self.path
        page.fields["stale"] = stale?.fields(words)
        if let brand, brand.content.state == .active { page.fields["publicHref"] = "\(BrandPages.path)/\(brand.id)" }
        page.faults = faults
        page.status = status
        return app.site.page(page, request, context)
    }
}
