import Contracts
import Hummingbird
import Security
import ServiceKit
import SocialDomain

/// Plates for those who look after them: list, make, put right, move, replace, retire.
struct PlateKeepingPages: Sendable {
    let app: GuideApplication
    static let path = "/guide/manage/plates"
    private static let pageSize = 50

    func addRoutes(to routes: inout RouteTable) {
        routes.on(GuideContract.plates) { request, context in try await list(request, context) }
        routes.on(GuideContract.newPlate) { request, context in new(request, context, typed: nil, faults: []) }
        routes.on(GuideContract.makePlate) { request, context in try await make(request, context) }
        routes.on(GuideContract.onePlate) { request, context in try await show(request, context, typed: nil) }
        routes.on(GuideContract.editPlate) { request, context in try await edit(request, context) }
        routes.on(GuideContract.movePlate) { request, context in try await move(request, context) }
        routes.on(GuideContract.replacePlate) { request, context in
            let code = try code(context)
            return try await acting(request, context, code) {
                try await app.plates.replace(code, try change("plate.replace", context))
            }
        }
        routes.on(GuideContract.retirePlate) { request, context in
            let code = try code(context)
            return try await acting(request, context, code) {
                try await app.plates.retire(code, try change("plate.retire", context))
                return code
            }
        }
    }

    private func code(_ context: KitContext) throws -> String {
        QueryItems.decodedPath(try context.parameters.require("code"))
    }

    func change(_ action: String, _ context: KitContext) throws -> PlateStore.Change {
        let caller = try context.requireCaller()
        let request = context.requestID
        return PlateStore.Change(
            scope: caller.scope, time: app.now(),
            event: { code, division in
                AuditEvent(action, subject: code, division: division, by: caller, request: request)
            })
    }

    static func mayKeep(_ context: KitContext) -> Bool { GuideContract.makePlate.access.allows(context.caller) }

    // MARK: - The list

    static func filter(_ query: QueryItems) -> PlateStore.Filter {
        PlateStore.Filter(
            kind: query["kind"].flatMap(Plate.Kind.init), state: query["state"].flatMap(Plate.State.init),
            text: TextForm.trimmed(String((query["q"] ?? "").prefix(100))))
    }

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        let plates = try await app.plates.list(
            Self.filter(query), within: try context.requireCaller().scope, after: query["after"],
            limit: Self.pageSize + 1)
        var page = Page("plates", title: words["plates.title"], lead: words["plates.lead"], place: "plates")
        page.fields = Table(
            caption: words["plates.title"],
            columns: [
                .init(words["plates.name"]), .init(words["plates.code"], isShort: true), .init(words["plates.kind"]),
                .init(words["plates.trade"], isMinor: true), .init(words["plates.address"], isMinor: true),
                .init(words["plates.state"]),
            ],
            rows: plates.prefix(Self.pageSize).map { plate in
                [
                    .init(plate.content.name, href: "\(Self.path)/\(plate.code)"), .init(plate.printedCode),
                    .init(words["plate.kind.\(plate.content.kind.rawValue)"]), .init(plate.content.trade),
                    .init(plate.content.address), .init(words["plate.state.\(plate.state.rawValue)"]),
                ]
            },
            emptiness: words["plates.empty"]
        ).fields()
        page.fields["q"] = query["q"]
        page.fields["kinds"] = Plate.Kind.allCases.map { kind -> Fields in
            ["value": kind.rawValue, "name": words["plate.kind.\(kind)"], "isChosen": query["kind"] == kind.rawValue]
        }
        page.fields["states"] = Plate.State.allCases.map { state -> Fields in
            [
                "value": state.rawValue, "name": words["plate.state.\(state)"],
                "isChosen": query["state"] == state.rawValue,
            ]
        }
        page.fields["mayKeep"] = Self.mayKeep(context)
        let rest = query.removing("after", "size")
        page.fields["sheetA4"] = "\(Self.path)/sheet" + rest.setting("size", "a4").suffix
        page.fields["sheetA5"] = "\(Self.path)/sheet" + rest.setting("size", "a5").suffix
        if plates.count > Self.pageSize {
            page.fields["pages"] =
                ["nextHref": Self.path + query.setting("after", plates[Self.pageSize - 1].code).suffix] as Fields
        }
        return app.site.page(page, request, context)
    }

    // MARK: - A new one

    private func new(
        _ request: Request, _ context: KitContext, typed: Form?, faults: [PlateRefusal]
    ) -> Response {
        let words = app.site.words(context)
        var page = Page("plate-new", title: words["plate.new"], lead: words["plate.new.lead"], place: "plates")
        page.crumbs = [(words["plates.title"], Self.path)]
        page.addressAfterPost = "\(Self.path)/new"
        let typed = typed ?? Form(QueryItems(request.uri.query ?? ""))
        page.fields = PlateForm.fields({ typed[$0] ?? "" }, faults: faults, words)
        page.faults = faults.map { FieldFault(field: $0.field, message: $0.explanation) }
        if !faults.isEmpty { page.status = .unprocessableContent }
        return app.site.page(page, request, context)
    }

    private func make(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        let (content, faults) = PlateContent.read { form[$0] }
        guard let content else { return new(request, context, typed: form, faults: faults) }
        do {
            let codes = try await app.plates.make([content], try change("plate.make", context))
            return Response(status: .seeOther, headers: [.location: "\(Self.path)/\(codes.first ?? "")"])
        } catch let refusal as PlateRefusal {
            return new(request, context, typed: form, faults: [refusal])
        }
    }

    // MARK: - One

    private func show(
        _ request: Request, _ context: KitContext, typed: Form?, faults: [PlateRefusal] = []
    ) async throws -> Response {
        let words = app.site.words(context)
        let code = try code(context)
        guard let plate = try await app.plates.plate(code, within: try context.requireCaller().scope) else {
            throw Problem.notFound
        }
        var page = Page(
            "plate-one", title: plate.content.name,
            lead: words(
                "plate.one.lead",
                ["code": plate.printedCode, "state": words["plate.state.\(plate.state.rawValue)"]]), place: "plates")
        page.crumbs = [(words["plates.title"], Self.path)]
        page.addressAfterPost = "\(Self.path)/\(plate.code)"
        let kept = PlateForm.values(plate)
        page.fields = PlateForm.fields(
            { field in typed.map { $0[field] ?? "" } ?? kept[field] ?? "" }, faults: faults, words)
        page.fields["action"] = "\(Self.path)/\(plate.code)"
        page.fields["mayEdit"] = plate.state == .active && Self.mayKeep(context)
        page.fields["isActive"] = plate.state == .active
        let address = app.publicAddress(of: plate, request)
        page.fields["address"] = address
        page.fields["pageHref"] = "/guide/d/\(plate.code)"
        page.fields["qr"] = QRCode(address, correction: .high)?.svg(
            label: words("plate.qr", ["code": plate.printedCode]))
        page.fields["successor"] = plate.successor.map {
            ["href": "\(Self.path)/\($0)", "code": (try? PlateCode($0))?.printed ?? $0] as Fields
        }
        page.faults = faults.map { FieldFault(field: $0.field, message: $0.explanation) }
        if !faults.isEmpty { page.status = .unprocessableContent }
        return app.site.page(page, request, context)
    }

    private func edit(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        let (content, faults) = PlateContent.read { form[$0] }
        guard let content else { return try await show(request, context, typed: form, faults: faults) }
        let code = try code(context)
        return try await acting(request, context, code, typed: form) {
            try await app.plates.edit(
                code, content, version: form["version"].flatMap { Int64($0) } ?? 0,
                try change("plate.edit", context))
            return code
        }
    }

    private func move(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        let code = try code(context)
        guard let plate = try await app.plates.plate(code, within: try context.requireCaller().scope) else {
            throw Problem.notFound
        }
        // What is not asked for stays; the reader of the form finds what is wrong with the rest.
        let kept = PlateForm.values(plate)
        let own: Set = ["address", "division", "longitude", "latitude"]
        let (content, faults) = PlateContent.read { own.contains($0) ? form[$0] : kept[$0] }
        guard let content else {
            return try await show(request, context, typed: nil, faults: faults)
        }
        return try await acting(request, context, code) {
            try await app.plates.move(
                code, to: content.address, in: content.division, at: content.position,
                try change("plate.move", context))
        }
    }

    /// Leads on to the plate that the action names; a refusal stands on the plate's own page.
    private func acting(
        _ request: Request, _ context: KitContext, _ code: String, typed: Form? = nil,
        _ action: () async throws -> String
    ) async throws -> Response {
        do {
            let next = try await action()
            return Response(status: .seeOther, headers: [.location: "\(Self.path)/\(QueryItems.encoded(next))"])
        } catch PlateRefusal.unknown {
            throw Problem.notFound
        } catch let refusal as PlateRefusal {
            return try await show(request, context, typed: typed, faults: [refusal])
        }
    }
}
