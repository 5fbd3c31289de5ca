import Contracts
import Hummingbird
import Security
import ServiceKit
import SocialDomain
import Storage

/// Budgets by county and year, and the ledger of each.
struct BudgetPages: Sendable {
    let app: TrainingApplication
    static let path = "/training/budgets"
    private static let ledgerPath = "/training/ledger"
    private static let postingsShown = 100

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.budgets) { request, context in try await list(request, context) }
        routes.on(TrainingContract.setBudget) { request, context in try await set(request, context) }
        routes.on(TrainingContract.ledger) { request, context in try await ledger(request, context) }
    }

    private func list(
        _ request: Request, _ context: KitContext, typed: Form? = nil, faults: [FieldFault] = [],
        status: HTTPResponse.Status? = nil
    ) async throws -> Response {
        let words = app.site.words(context)
        let caller = try context.requireCaller()
        let division = caller.scope.division
        let budgets = try await app.database.read { db in try BudgetDesk.list(within: division, in: db) }
        var page = Page("subsidy-budgets", title: words["budget.title"], lead: words["budget.lead"], place: "subsidies")
        page.crumbs = [(words["subsidy.title"], ClaimPages.path)]
        page.addressAfterPost = Self.path
        let mayChange = TrainingContract.setBudget.access.allows(caller)
        page.fields = Table(
            caption: words["budget.title"],
            columns: [
                .init(words["budget.division"]), .init(words["budget.year"], isShort: true),
                .init(words["budget.amount"], isFigure: true), .init(words["budget.committed"], isFigure: true),
                .init(words["budget.paid"], isFigure: true), .init(words["budget.free"], isFigure: true),
            ],
            rows: budgets.map { budget in
                [
                    .init(
                        name(budget.division),
                        href: "\(Self.ledgerPath)?division=\(budget.division)&year=\(budget.year)"),
                    .init("\(budget.year)"), .init(budget.amount.spoken), .init(budget.committed.spoken),
                    .init(budget.paid.spoken), .init(budget.free.spoken),
                ]
            },
            emptiness: words["budget.empty"]
        ).fields()
        if mayChange {
            page.fields["forms"] = budgets.prefix(20).map { form(of: $0, typed: typed) }
            page.fields["new"] = newForm(typed, own: division)
        }
        for fault in faults { page.fields["fault"] = words[fault.message] }
        page.faults = faults
        if !faults.isEmpty { page.status = status ?? .unprocessableContent }
        return app.site.page(page, request, context)
    }

    private func name(_ division: String) -> String {
        let name = app.divisions.pathName(ofDigits: division)
        return name.isEmpty ? division : name
    }

    private func form(of budget: Budget, typed: Form?) -> Fields {
        let isTyped = typed?["division"] == budget.division && typed?["year"] == "\(budget.year)"
        return [
            "division": budget.division, "year": "\(budget.year)", "version": "\(budget.version)",
            "name": "\(name(budget.division)) \(budget.year)", "field": "amount-\(budget.division)-\(budget.year)",
            "amount": isTyped ? typed?["amount"] ?? "" : budget.amount.decimal,
        ]
    }

    private func newForm(_ typed: Form?, own: DivisionCode?) -> Fields {
        let isTyped = typed?["version"] == "0"
        let code = own.map { $0.level >= .county ? String($0.text.prefix(6)) : "" } ?? ""
        return [
            "division": isTyped ? typed?["division"] ?? "" : code,
            "year": isTyped ? typed?["year"] ?? "" : "\(app.today.year)",
            "amount": isTyped ? typed?["amount"] ?? "" : "",
        ]
    }

    private func set(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        var faults: [FieldFault] = []
        let year = form["year"].flatMap { Int64($0) }
        if year.map({ !(2000...2200).contains($0) }) ?? true {
            faults.append(
                FieldFault(field: "year", message: LocalizedText(zh: "年度请写成 2026。", en: "Write the year as 2026.")))
        }
        var amount = Money.zero
        do throws(MoneyFault) {
            amount = try Money(parsing: form["amount"] ?? "")
        } catch {
            faults.append(FieldFault(field: "amount", message: error.explanation))
        }
        guard faults.isEmpty, let year else {
            return try await list(request, context, typed: form, faults: faults)
        }
        let key = Ledger.Key(division: form["division"] ?? "", year: year)
        let version = form["version"].flatMap { Int64($0) } ?? -1
        let (caller, time, asked, sum) = (try context.requireCaller(), app.now(), context.requestID, amount)
        do {
            try await app.database.writeOnce { db in
                try BudgetDesk(db: db, caller: caller, time: time, request: asked).set(key, to: sum, version: version)
            }
        } catch let refusal as ClaimRefusal {
            let field = refusal == .unknownDivision ? "division" : "amount"
            return try await list(
                request, context, typed: form, faults: [FieldFault(field: field, message: refusal.explanation)])
        } catch let problem as Problem where problem.code == Problem.stale.code {
            let words = LocalizedText(
                zh: "这个预算已经被改过，没有改动任何数据。上面是现在的数额，请核对后再填。",
                en: "This budget was changed meanwhile; nothing was done. Above it stands as it is now.")
            return try await list(
                request, context, faults: [FieldFault(field: "amount", message: words)], status: .conflict)
        }
        return Response(status: .seeOther, headers: [.location: Self.path])
    }

    // MARK: - The ledger

    private func ledger(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        let scope = try context.requireCaller().scope
        let key = Ledger.Key(division: query["division"] ?? "", year: query["year"].flatMap { Int64($0) } ?? 0)
        let before = query["before"].flatMap { Int64($0) } ?? .max
        let found = try await app.database.read { db in
            let budget = try BudgetDesk.list(within: scope.division, year: key.year, in: db).first {
                $0.division == key.division
            }
            return try budget.map { budget in
                (
                    budget, try Ledger.balances(of: key, in: db),
                    try Ledger.postings(of: key, before: before, limit: Self.postingsShown + 1, in: db)
                )
            }
        }
        // A budget that is not there, or not the reader's, is chosen from the list.
        guard let (budget, balances, postings) = found else { return app.seeOther(Self.path) }
        let title = words("ledger.title", ["budget": "\(name(budget.division)) \(budget.year)"])
        var page = Page("subsidy-ledger", title: title, lead: words["ledger.lead"], place: "subsidies")
        page.crumbs = [(words["subsidy.title"], ClaimPages.path), (words["budget.title"], Self.path)]
        page.fields["balances"] = Table(
            caption: words["ledger.balances"],
            columns: [.init(words["ledger.account"]), .init(words["ledger.balance"], isFigure: true)],
            rows: Ledger.Account.allCases.map { account in
                [.init(words[account.title]), .init((balances[account] ?? .zero).spoken)]
            } + [[.init(words["ledger.sum"]), .init(try Money.sum(of: balances.values).spoken)]]
        ).fields()
        page.fields["postings"] = Table(
            caption: words["ledger.postings"],
            columns: [
                .init(words["ledger.time"], isShort: true), .init(words["ledger.kind"]), .init(words["ledger.from"]),
                .init(words["ledger.to"]), .init(words["ledger.reference"], isMinor: true),
                .init(words["ledger.amount"], isFigure: true),
            ],
            rows: postings.prefix(Self.postingsShown).map { posting in
                [
                    .init(Figures.moment(posting.postedAt, in: words.language)),
                    .init(Ledger.Kind(rawValue: posting.kind).map { words[$0.title] } ?? posting.kind),
                    .init(Ledger.Account(rawValue: posting.credit).map { words[$0.title] } ?? posting.credit),
                    .init(Ledger.Account(rawValue: posting.debit).map { words[$0.title] } ?? posting.debit),
                    .init(posting.reference), .init(posting.amount.spoken),
                ]
            },
            emptiness: words["ledger.empty"]
        ).fields()
        if postings.count > Self.postingsShown {
            let next = query.setting("before", "\(postings[Self.postingsShown - 1].id)").suffix
            page.fields["pages"] = ["nextHref": Self.ledgerPath + next] as Fields
        }
        return app.site.page(page, request, context)
    }
}
