import HTTPTypes
package import Hummingbird
import NIOCore
import Security
import SocialDomain

/// Finds out who asks: a bearer token for programs, a cookie with the same token for pages. What a cookie rides on must
/// also show the form's own token, so that no other site's page can act for the reader.
package struct SignInMiddleware: RouterMiddleware {
    package static let cookie = "minsheng_token"
    package static let formField = "form_token"
    /// A page asked for with less than this many seconds left goes by the gateway first, so that forms live long enough.
    private static let renewal: Int64 = 300

    private let signIn: SignIn

    package init(_ signIn: SignIn) {
        self.signIn = signIn
    }

    package func handle(
        _ request: Request, context: KitContext, next: (Request, KitContext) async throws -> Response
    ) async throws -> Response {
        var (request, context) = (request, context)
        guard case .tokens(let verifier, let gateway) = signIn.mode else {
            context.caller = .machine
            return try await next(request, context)
        }
        context.gatewaySetting = gateway
        context.authority = request.head.authority
        if let header = request.headers[.authorization] {
            let parts = header.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer",
                let caller = await signIn.caller(of: String(parts[1]), verifier)
            else { throw Problem.tokenRefused }
            context.caller = caller
        } else if let token = Self.cookie(Self.cookie, in: request),
            let caller = await signIn.caller(of: token, verifier)
        {
            context.caller = caller
            context.formToken = caller.session.map { signIn.forms.token(session: $0) }
            if request.method == .get {
                if caller.expires - signIn.now() < Self.renewal, Self.wantsPage(request) {
                    return Response(
                        status: .seeOther,
                        headers: [.location: Self.address(context.gateway, "refresh", back: request)])
                }
            } else if request.method != .head, request.method != .options {
                try await checkForm(&request, &context)
            }
        }
        do {
            return try await next(request, context)
        } catch let problem as Problem where problem.code == Problem.signInNeeded.code {
            // After a form only a page can lead on: a redirect would lose what was typed.
            guard request.method == .get, Self.wantsPage(request) else { throw problem }
            return Response(
                status: .seeOther, headers: [.location: Self.address(context.gateway, "sign-in", back: request)])
        }
    }

    // MARK: - Forms

    private func checkForm(_ request: inout Request, _ context: inout KitContext) async throws {
        let type = (request.headers[.contentType] ?? "").lowercased()
        if type.hasPrefix("multipart/form-data") {
            // The upload's reader finds the token in the first part and checks it before it keeps a byte of a file.
            context.awaitsFormToken = true
            return
        }
        // A browser sends JSON to another site only after asking that site, which never agrees.
        guard type.hasPrefix("application/x-www-form-urlencoded") || type.isEmpty || type.hasPrefix("text/plain") else {
            return
        }
        // The page's own limit, which is mostly lower, is kept by whoever reads the form.
        let body = try await request.body.collect(upTo: Form.longSizeLimit)
        guard let session = context.caller?.session,
            let token = QueryItems(String(buffer: body))[Self.formField],
            signIn.forms.accepts(token, session: session)
        else { throw Problem.formRefused }
        request.body = RequestBody(buffer: body)
    }

    // MARK: - Addresses

    package static func cookie(_ name: String, in request: Request) -> String? {
        for header in request.headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let sides = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
                if sides.count == 2, sides[0] == name { return String(sides[1]) }
            }
        }
        return nil
    }

    private static func wantsPage(_ request: Request) -> Bool {
        request.headers[.accept]?.contains("text/html") ?? false
    }

    /// On loopback the gateway is asked under the name that the reader uses, as cookies belong to a host.
    static func gateway(_ gateway: String, for authority: String?) -> String {
        guard let authority, GuardMiddleware.isLoopback(authority),
            let start = gateway.firstRange(of: "://")?.upperBound, GuardMiddleware.isLoopback(String(gateway[start...]))
        else { return gateway }
        let port = gateway[start...].split(separator: ":").last.map(String.init) ?? ""
        let host = authority.hasPrefix("[") ? "[::1]" : String(authority.prefix { $0 != ":" })
        return "\(gateway[..<start])\(host):\(port)"
    }

    private static func address(_ gateway: String, _ page: String, back request: Request) -> String {
        let authority = request.head.authority ?? ""
        let scheme = gateway.hasPrefix("https:") ? "https" : "http"
        let back = QueryItems.encoded("\(scheme)://\(authority)\(request.uri.string)")
        return "\(gateway)/gateway/\(page)?return=\(back)"
    }
}

extension Problem {
    package static let signInNeeded = Problem(
        .unauthorized, code: "sign-in-needed",
        title: LocalizedText(zh: "请先登录", en: "Sign in first"),
        detail: LocalizedText(
            zh: "登录已过期或尚未登录。请在新窗口登录，然后退回上一页重新提交，填写的内容还在。",
            en:
                "You have not signed in, or not for a while. Sign in in another window, then go back a page and send the "
                + "form again: what you typed is still there."),
        headers: [.wwwAuthenticate: "Bearer"])

    package static let tokenRefused = Problem(
        .unauthorized, code: "token-refused",
        title: LocalizedText(zh: "令牌无效或已过期", en: "The token is not valid any more"),
        detail: LocalizedText(zh: "请向网关重新领取令牌。", en: "Ask the gateway for a new one."),
        headers: [.wwwAuthenticate: "Bearer error=\"invalid_token\""])

    package static let notAllowed = Problem(
        .forbidden, code: "not-allowed",
        title: LocalizedText(zh: "您的账号没有这项权限", en: "Your account may not do this"),
        detail: LocalizedText(
            zh: "如果工作需要，请向本单位的系统管理员申请。", en: "If your work needs it, ask your office's administrator."))

    package static let formRefused = Problem(
        .forbidden, code: "form-refused",
        title: LocalizedText(zh: "这份表单已失效", en: "This form is not valid any more"),
        detail: LocalizedText(
            zh: "可能是登录状态变了。请退回上一页，刷新后重新提交。",
            en: "Your sign-in has changed since it was shown. Go back a page, reload it and send it again."))
}
