import Contracts
import Foundation
import Hummingbird
import Security
import ServiceKit
import SocialDomain

/// Account administration, within the administrator's own division.
struct AccountPages: Sendable {
    let app: GatewayApplication

    func addRoutes(to routes: inout RouteTable) {
        routes.on(GatewayContract.accounts) { call in try await entries(call) }
        routes.on(GatewayContract.Pages.accounts) { request, context in try await list(request, context) }
        routes.on(GatewayContract.Pages.newAccount) { request, context in new(request, context, form: nil) }
        routes.on(GatewayContract.Pages.addAccount) { request, context in try await add(request, context) }
        routes.on(GatewayContract.Pages.oneAccount) { request, context in try await show(request, context) }
        routes.on(GatewayContract.Pages.setRoles) { request, context in
            try await setRoles(request, context)
        }
        routes.on(GatewayContract.Pages.block) { request, context in
            try await acting("block", request, context) {
                try await app.accounts.block($0, within: $1, at: app.now(), audit: $2)
            }
        }
        routes.on(GatewayContract.Pages.unlock) { request, context in
            try await acting("unlock", request, context) {
                try await app.accounts.unlock($0, within: $1, at: app.now(), audit: $2)
            }
        }
        routes.on(GatewayContract.Pages.endSessions) { request, context in
            try await acting("sessions", request, context) { id, scope, event in
                guard try await app.accounts.account(id: id, within: scope) != nil else { throw AccountRefusal.unknown }
                try await app.sessions.endAll(of: id, at: app.now(), audit: event)
            }
        }
        routes.on(GatewayContract.Pages.reset) { request, context in
            try await reset(request, context)
        }
        for (endpoint, what, path) in [
            (GatewayContract.Pages.askBlock, "block", "block"),
            (GatewayContract.Pages.askEndSessions, "sessions.end", "sessions/end"),
            (GatewayContract.Pages.askReset, "reset", "reset"),
        ] {
            routes.on(endpoint) { request, context in try await ask(what, path, request, context) }
        }
    }

    private func scope(_ context: KitContext) throws -> Scope { try context.requireCaller().scope }

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let accounts = try await app.accounts.list(within: try scope(context))
        var page = Page("accounts", title: words["accounts.title"], lead: words["accounts.lead"], place: "accounts")
        page.fields = Table(
            caption: words("accounts.caption", ["n": "\(accounts.count)"]),
            columns: [
                .init(words["accounts.column.login"]), .init(words["accounts.column.name"]),
                .init(words["accounts.column.division"]), .init(words["accounts.column.roles"]),
                .init(words["accounts.column.state"]),
            ],
            rows: accounts.map { account in
                let view = AccountView(account: account, divisions: app.divisions, words: words)
                return [
                    .init(account.login, href: "/gateway/accounts/\(account.id)"), .init(account.name),
                    .init(view.place, note: account.organisation), .init(view.rolesText), .init(view.state),
                ]
            },
            emptiness: words["accounts.empty"]
        ).fields()
        return app.site.page(page, request, context)
    }

    private func entries(_ call: Call<NoParameters, NoBody>) async throws -> Reply<Listing<AccountEntry>> {
        let accounts = try await app.accounts.list(within: call.scope)
        return Reply(Listing(items: accounts.map(\.entry), next: nil))
    }

    // MARK: - A new account

    private func new(_ request: Request, _ context: KitContext, form: Form?, fault: FieldFault? = nil) -> Response {
        let words = app.site.words(context)
        var page = Page(
            "account-new", title: words["accounts.new"], lead: words["accounts.new.lead"], place: "accounts")
        page.crumbs = [(words["accounts.title"], "/gateway/accounts")]
        page.addressAfterPost = "/gateway/accounts/new"
        for field in ["login", "name", "division", "organisation"] { page.fields[field] = form?[field] }
        page.fields["groups"] = Self.groups(words, chosen: form.map(Self.roles) ?? [])
        if let fault {
            page.faults = [fault]
            page.fields["\(fault.field)Fault"] = words[fault.message]
            page.status = .unprocessableContent
        }
        return app.site.page(page, request, context)
    }

    private func add(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        do {
            let grant = try AccountGrant(Self.roles(in: form), organisation: form["organisation"] ?? "")
            let made = try await app.actions.add(
                login: form["login"] ?? "", name: form["name"] ?? "", division: form["division"] ?? "", grant: grant,
                within: try scope(context), at: app.now(),
                audit: AuditEvent("account.add", reason: grant.reason, in: context))
            return try await show(request, context, id: made.account, password: made.password)
        } catch let refusal as AccountRefusal {
            let field =
                switch refusal {
                case .nameMissing: "name"
                case .badDivision, .outsideDivision: "division"
                default: Self.place(of: refusal) ?? "login"
                }
            return new(request, context, form: form, fault: FieldFault(field: field, message: refusal.explanation))
        }
    }

    // MARK: - One account

    private func show(
        _ request: Request, _ context: KitContext, id given: String? = nil, password: String? = nil,
        fault: AccountRefusal? = nil, at field: String = "more", typed: Form? = nil
    ) async throws -> Response {
        let words = app.site.words(context)
        let id = try given ?? context.parameters.require("id")
        guard let account = try await app.accounts.account(id: id, within: try scope(context)) else {
            throw Problem.notFound
        }
        var page = Page("account-one", title: account.name, place: "accounts")
        page.crumbs = [(words["accounts.title"], "/gateway/accounts")]
        page.addressAfterPost = "/gateway/accounts/\(id)"
        page.fields = AccountView(account: account, divisions: app.divisions, words: words).fields()
        page.fields["password"] = password
        page.fields["sessionCount"] = "\(try await app.sessions.list(of: id, at: app.now()).count)"
        if let typed { page.fields["organisation"] = typed["organisation"] }
        page.fields["groups"] = Self.groups(
            words,
            chosen: typed.map(Self.roles)
                ?? account.roles.flatMap { service, roles in roles.map { "\(service):\($0)" } })
        if let fault {
            page.faults = [FieldFault(field: field, message: fault.explanation)]
            page.fields["\(field)Fault"] = words[fault.explanation]
            page.status = .unprocessableContent
        }
        return app.site.page(page, request, context)
    }

    /// Asks before something is done that takes work away from someone.
    private func ask(
        _ what: String, _ path: String, _ request: Request, _ context: KitContext
    ) async throws -> Response {
        let words = app.site.words(context)
        let id = try context.parameters.require("id")
        guard let account = try await app.accounts.account(id: id, within: try scope(context)) else {
            throw Problem.notFound
        }
        let own = "/gateway/accounts/\(id)"
        var question = Confirmation(
            title: words("accounts.\(what).ask", ["name": account.name]), effect: words["accounts.\(what).effect"],
            verb: words["accounts.\(what)"], action: "\(own)/\(path)", back: own)
        question.place = "accounts"
        question.crumbs = [(words["accounts.title"], "/gateway/accounts"), (account.name, own)]
        return app.site.page(question, request, context)
    }

    private func setRoles(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        let id = try context.parameters.require("id")
        do {
            let grant = try AccountGrant(Self.roles(in: form), organisation: form["organisation"] ?? "")
            try await app.accounts.setRoles(
                grant, of: id, within: try scope(context), at: app.now(),
                audit: AuditEvent("account.roles", reason: grant.reason, in: context))
        } catch AccountRefusal.unknown {
            throw Problem.notFound
        } catch let refusal as AccountRefusal {
            return try await show(request, context, fault: refusal, at: Self.place(of: refusal) ?? "roles", typed: form)
        }
        return Response(status: .seeOther, headers: [.location: "/gateway/accounts/\(id)"])
    }

    /// The field that a refusal of a grant is about.
    private static func place(of refusal: AccountRefusal) -> String? {
        switch refusal {
        case .organisationMissing, .badOrganisation, .notForOrganisations: "organisation"
        default: nil
        }
    }

    private func acting(
        _ action: String, _ request: Request, _ context: KitContext,
        _ body: (String, Scope, AuditEvent) async throws -> Void
    ) async throws -> Response {
        let id = try context.parameters.require("id")
        do {
            try await body(id, try scope(context), AuditEvent("account.\(action)", in: context))
        } catch AccountRefusal.unknown {
            throw Problem.notFound
        } catch let refusal as AccountRefusal {
            return try await show(request, context, fault: refusal)
        }
        return Response(status: .seeOther, headers: [.location: "/gateway/accounts/\(id)"])
    }

    private func reset(_ request: Request, _ context: KitContext) async throws -> Response {
        do {
            let id = try context.parameters.require("id")
            let password = try await app.actions.reset(
                id, within: try scope(context), at: app.now(), audit: AuditEvent("account.reset", in: context))
            return try await show(request, context, password: password)
        } catch AccountRefusal.unknown {
            throw Problem.notFound
        }
    }

    // MARK: - Roles as boxes to tick

    /// Each role is a field of its own, so that a form without script can send any of them.
    static func roles(in form: Form) -> [String] {
        Roles.all.flatMap { group in
            group.roles.map { "\(group.service):\($0)" }.filter { form["role:\($0)"] != nil }
        }
    }

    private static func groups(_ words: Words, chosen: [String]) -> [Fields] {
        Roles.all.map { group in
            [
                "service": words["service.\(group.service)"],
                "roles": group.roles.map { role -> Fields in
                    let value = "\(group.service):\(role)"
                    return ["value": value, "name": words["role.\(role)"], "isChosen": chosen.contains(value)]
                },
            ]
        }
    }
}
