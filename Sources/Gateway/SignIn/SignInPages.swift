import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Security
import ServiceKit
import SocialDomain

/// Sign in, stay signed in, sign out; the public keys; a token for programs.
struct SignInPages: Sendable {
    let app: GatewayApplication
    static let sessionCookie = "minsheng_session"

    func addRoutes(to routes: inout RouteTable) {
        routes.on(GatewayContract.Pages.signInForm) { request, context in
            // Whose token was taken, but not the session, needs only a new one.
            if SignInMiddleware.cookie(Self.sessionCookie, in: request) != nil {
                let query = QueryItems(request.uri.query ?? "")
                let back = QueryItems().setting("return", query["return"]).suffix
                return Response(status: .seeOther, headers: [.location: "/gateway/refresh" + back])
            }
            return form(request, context, query: QueryItems(request.uri.query ?? ""), login: nil, fault: nil)
        }
        routes.on(GatewayContract.Pages.signIn) { request, context in try await signIn(request, context) }
        routes.on(GatewayContract.Pages.refresh) { request, context in try await refresh(request, context) }
        routes.on(GatewayContract.Pages.signOut) { request, context in try await signOut(request, context) }
        routes.on(GatewayContract.keys) { _, _ in try keySet() }
        routes.on(GatewayContract.token) { call in try await token(call) }
    }

    // MARK: - Pages

    private func form(
        _ request: Request, _ context: KitContext, query: QueryItems, login: String?, fault: FieldFault?
    ) -> Response {
        let words = app.site.words(context)
        var page = Page("sign-in", title: words["signIn.title"], lead: words["signIn.lead"])
        page.addressAfterPost = "/gateway/sign-in"
        page.fields["return"] = query["return"]
        page.fields["login"] = login
        if let fault {
            page.faults = [fault]
            page.fields["loginFault"] = words[fault.message]
            page.status = .unprocessableContent
        }
        return app.site.page(page, request, context)
    }

    private func signIn(_ request: Request, _ context: KitContext) async throws -> Response {
        let body = try await request.body.collect(upTo: Form.sizeLimit)
        let items = QueryItems(String(buffer: body))
        let form = Form(items)
        guard let login = form["login"], let password = items["password"] else {
            return self.form(
                request, context, query: items, login: form["login"],
                fault: FieldFault(
                    field: "login",
                    message: LocalizedText(zh: "请输入账号和密码。", en: "Type the account and the password.")))
        }
        do {
            let done = try await app.signInPerson(
                .init(
                    login: login, password: password, code: form["code"], address: context.remoteAddress,
                    agent: request.headers[.userAgent] ?? "", request: context.requestID),
                at: app.now())
            let target =
                done.account.mustChange
                ? "/gateway/account"
                : ReturnAddress.checked(
                    form["return"], authority: request.head.authority ?? "", hosts: app.hosts)
            var response = Response(status: .seeOther, headers: [.location: target])
            setSession(done.secret, on: &response)
            setToken(try await app.token(for: done.account, session: done.session), on: &response)
            return response
        } catch let refusal as SignInRefusal {
            try await recordRefusal(context)
            return self.form(
                request, context, query: items, login: login,
                fault: FieldFault(field: "login", message: refusal.explanation))
        }
    }

    /// A locked address is not even looked at, and must not make the log grow.
    private func recordRefusal(_ context: KitContext) async throws {
        guard !app.signInPerson.addresses.isLocked(context.remoteAddress, at: app.now()) else { return }
        try await app.journal.record(
            AuditEvent(
                "account.refused", reason: context.remoteAddress ?? "", by: .stranger, request: context.requestID))
    }

    private func refresh(_ request: Request, _ context: KitContext) async throws -> Response {
        let query = QueryItems(request.uri.query ?? "")
        let target = ReturnAddress.checked(
            query["return"], authority: request.head.authority ?? "", hosts: app.hosts)
        guard let secret = SignInMiddleware.cookie(Self.sessionCookie, in: request),
            let (session, account) = try await app.sessions.take(secret, at: app.now())
        else {
            var response = Response(
                status: .seeOther,
                headers: [.location: "/gateway/sign-in?return=\(QueryItems.encoded(target))"])
            clear(&response)
            return response
        }
        var response = Response(status: .seeOther, headers: [.location: target])
        setToken(try await app.token(for: account, session: session.id), on: &response)
        return response
    }

    private func signOut(_ request: Request, _ context: KitContext) async throws -> Response {
        if let secret = SignInMiddleware.cookie(Self.sessionCookie, in: request),
            let (session, account) = try await app.sessions.take(secret, at: app.now())
        {
            try await app.sessions.end(session.id, of: account.id, at: app.now())
            try await record("account.sign-out", account, context)
        }
        var response = Response(status: .seeOther, headers: [.location: "/gateway/sign-in"])
        clear(&response)
        return response
    }

    // MARK: - Programs

    private func keySet() throws -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/jwk-set+json", .cacheControl: "public, max-age=300"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: try app.keys.jwks())))
    }

    /// The token lives for 15 minutes; the session behind it ends at once.
    private func token(_ call: Call<NoParameters, Credentials>) async throws -> Reply<AccessTokenAnswer> {
        let (credentials, context) = (call.body, call.context)
        do {
            let done = try await app.signInPerson(
                .init(
                    login: credentials.login, password: credentials.password, code: credentials.code,
                    address: context.remoteAddress, agent: "token", request: context.requestID),
                at: app.now())
            try await app.sessions.end(done.session, of: done.account.id, at: app.now())
            let token = try await app.token(for: done.account, session: done.session)
            return Reply(AccessTokenAnswer(token: token, lifetime: AccessClaims.lifetime))
        } catch let refusal as SignInRefusal {
            try await recordRefusal(context)
            throw Problem(
                .unauthorized, code: "sign-in-refused", title: LocalizedText(zh: "没有登录成功", en: "Not signed in"),
                detail: refusal.explanation, headers: [.wwwAuthenticate: "Bearer"])
        }
    }

    private func record(_ action: String, _ account: Account, _ context: KitContext) async throws {
        let caller = Caller(kind: .person, id: account.id, name: account.name, scope: .ownMachine)
        try await app.journal.record(
            AuditEvent(
                action, subject: account.id, division: account.division.prefix, reason: context.remoteAddress ?? "",
                by: caller, request: context.requestID))
    }

    // MARK: - Cookies

    private func setSession(_ secret: String, on response: inout Response) {
        // Only the gateway's own pages need it.
        set("\(Self.sessionCookie)=\(secret); Path=/gateway; Max-Age=\(SessionStore.lifetime)", on: &response)
    }

    func setToken(_ token: String, on response: inout Response) {
        set("\(SignInMiddleware.cookie)=\(token); Path=/; Max-Age=\(AccessClaims.lifetime)", on: &response)
    }

    private func clear(_ response: inout Response) {
        set("\(Self.sessionCookie)=; Path=/gateway; Max-Age=0", on: &response)
        set("\(SignInMiddleware.cookie)=; Path=/; Max-Age=0", on: &response)
    }

    private func set(_ cookie: String, on response: inout Response) {
        let value = "\(cookie); HttpOnly; SameSite=Lax\(app.isSecure ? "; Secure" : "")"
        response.headers.append(HTTPField(name: .setCookie, value: value))
    }
}
