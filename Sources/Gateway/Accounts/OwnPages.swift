import Contracts
import Foundation
import Hummingbird
import Security
import ServiceKit
import SocialDomain

/// A person's own account: where to go, the password, the authenticator, the sessions.
struct OwnPages: Sendable {
    let app: GatewayApplication

    func addRoutes(to routes: inout RouteTable) {
        routes.on(GatewayContract.me) { call in Reply(try await account(call.context).entry) }
        routes.on(GatewayContract.Pages.home) { request, context in try await home(request, context) }
        routes.on(GatewayContract.Pages.own) { request, context in try await show(request, context) }
        routes.on(GatewayContract.Pages.password) { request, context in try await changePassword(request, context) }
        routes.on(GatewayContract.Pages.authenticatorForm) { request, context in
            try await authenticator(request, context, fault: nil)
        }
        routes.on(GatewayContract.Pages.authenticator) { request, context in try await confirm(request, context) }
        routes.on(GatewayContract.Pages.removeAuthenticator) { request, context in try await remove(request, context) }
        routes.on(GatewayContract.Pages.endOwnSession) { request, context in try await endSession(request, context) }
    }

    private func account(_ context: KitContext) async throws -> Account {
        let caller = try context.requireCaller()
        guard caller.kind == .person, let account = try await app.accounts.account(id: caller.id, within: .ownMachine)
        else { throw Problem.notAllowed }
        return account
    }

    private func home(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let account = try await account(context)
        if account.mustChange { return Response(status: .seeOther, headers: [.location: "/gateway/account"]) }
        var page = Page("home", title: words("home.title", ["name": account.name]), place: "home")
        page.lead = words["home.lead"]
        page.fields["services"] = app.services.filter { account.roles[$0.name]?.isEmpty == false }.map {
            ["href": "\($0.address)/\($0.name)/", "name": words["service.\($0.name)"]] as Fields
        }
        page.fields["isEmpty"] = account.roles.keys.allSatisfy { $0 == "gateway" }
        page.fields["administers"] = account.isAdministrator
        return app.site.page(page, request, context)
    }

    private func show(
        _ request: Request, _ context: KitContext, faults: [FieldFault] = [], notice: String? = nil
    ) async throws -> Response {
        let words = app.site.words(context)
        let account = try await account(context)
        var page = Page("account", title: words["account.title"], place: "account")
        page.lead = words[account.mustChange ? "account.lead.change" : "account.lead"]
        page.addressAfterPost = "/gateway/account"
        page.faults = faults
        page.notice = notice
        if !faults.isEmpty { page.status = .unprocessableContent }
        page.fields = AccountView(account: account, divisions: app.divisions, words: words).fields()
        for fault in faults { page.fields["\(fault.field)Fault"] = words[fault.message] }
        let own = context.caller?.session
        page.fields["sessions"] = try await app.sessions.list(of: account.id, at: app.now()).map { session in
            [
                "id": session.id, "begun": AccountView.time(session.begunAt), "seen": AccountView.time(session.seenAt),
                "agent": session.agent, "isOwn": session.id == own,
            ] as Fields
        }
        return app.site.page(page, request, context)
    }

    private func changePassword(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let account = try await account(context)
        let items = QueryItems(String(buffer: try await request.body.collect(upTo: Form.sizeLimit)))
        guard let old = items["old"], let new = items["new"] else {
            return try await show(
                request, context,
                faults: [
                    FieldFault(
                        field: "old",
                        message: LocalizedText(zh: "请输入现在的密码和新密码。", en: "Type the present and the new password."))
                ])
        }
        guard items["again"] == new else {
            return try await show(
                request, context,
                faults: [
                    FieldFault(
                        field: "again", message: LocalizedText(zh: "两次输入的新密码不一样。", en: "The two new passwords differ."))
                ])
        }
        do {
            try await app.actions.change(
                account, from: old, to: new, session: context.caller?.session, at: app.now(),
                audit: AuditEvent("account.password", in: context))
        } catch let refusal as PasswordRefusal {
            return try await show(request, context, faults: [FieldFault(field: "new", message: refusal.explanation)])
        } catch let refusal as AccountRefusal {
            return try await show(request, context, faults: [FieldFault(field: "old", message: refusal.explanation)])
        }
        if account.mustChange {
            // The token in the cookie still says that nothing may be done.
            return Response(
                status: .seeOther,
                headers: [.location: "/gateway/refresh?return=\(address(of: "/gateway/", request))"])
        }
        var response = try await show(request, context, notice: words["account.password.changed"])
        if let session = context.caller?.session {
            // The one that the browser has is not taken any more.
            SignInPages(app: app).setToken(try await app.token(for: account, session: session), on: &response)
        }
        return response
    }

    private func address(of path: String, _ request: Request) -> String {
        QueryItems.encoded("\(app.isSecure ? "https" : "http")://\(request.head.authority ?? "")\(path)")
    }

    // MARK: - Authenticator

    private func authenticator(
        _ request: Request, _ context: KitContext, fault: FieldFault?
    ) async throws -> Response {
        let words = app.site.words(context)
        let account = try await account(context)
        guard !account.hasAuthenticator else {
            return Response(status: .seeOther, headers: [.location: "/gateway/account"])
        }
        let secret = try await app.actions.beginAuthenticator(account)
        var page = Page("authenticator", title: words["authenticator.title"], place: "account")
        page.lead = words["authenticator.lead"]
        page.crumbs = [(words["account.title"], "/gateway/account")]
        page.addressAfterPost = "/gateway/account/authenticator"
        page.fields["qr"] = QRCode(AuthenticatorSetup.address(secret: secret, account: account.login))?.svg(
            label: words["authenticator.qr"])
        let text = AuthenticatorSetup.base32(secret)
        page.fields["secret"] = stride(from: 0, to: text.count, by: 4).map { start in
            String(text.dropFirst(start).prefix(4))
        }.joined(separator: " ")
        if let fault {
            page.faults = [fault]
            page.fields["codeFault"] = words[fault.message]
            page.status = .unprocessableContent
        }
        return app.site.page(page, request, context)
    }

    private func confirm(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let account = try await account(context)
        let form = try await Form.read(request)
        do {
            let codes = try await app.actions.confirmAuthenticator(
                account, code: form["code"] ?? "", at: app.now(),
                audit: AuditEvent("account.authenticator", in: context))
            var page = Page("recovery", title: words["recovery.title"], lead: words["recovery.lead"], place: "account")
            page.addressAfterPost = "/gateway/account"
            page.fields["codes"] = codes
            return app.site.page(page, request, context)
        } catch let refusal as AccountRefusal {
            return try await authenticator(
                request, context, fault: FieldFault(field: "code", message: refusal.explanation))
        }
    }

    private func remove(_ request: Request, _ context: KitContext) async throws -> Response {
        let account = try await account(context)
        let form = try await Form.read(request)
        guard let stored = try await app.accounts.password(ofLogin: account.login),
            try await app.signInPerson.matches(form["present"] ?? "", stored.hash)
        else {
            return try await show(
                request, context,
                faults: [FieldFault(field: "present", message: AccountRefusal.wrongPassword.explanation)])
        }
        try await app.accounts.removeAuthenticator(
            of: account.id, at: app.now(), audit: AuditEvent("account.plain", in: context))
        return Response(status: .seeOther, headers: [.location: "/gateway/account"])
    }

    private func endSession(_ request: Request, _ context: KitContext) async throws -> Response {
        let account = try await account(context)
        try await app.sessions.end(
            try context.parameters.require("id"), of: account.id, at: app.now(),
            audit: AuditEvent("account.session.end", in: context))
        return Response(status: .seeOther, headers: [.location: "/gateway/account"])
    }
}
