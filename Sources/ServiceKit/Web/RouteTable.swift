package import Contracts
import HTTPTypes
package import Hummingbird

/// The routes of a service, each by its contract, so that a known path with another method is a 405 that says what it
/// takes, and not a 404.
package struct RouteTable {
    package typealias Handler = @Sendable (Request, KitContext) async throws -> Response

    private var paths: [String] = []
    private var handlers: [String: [(method: HTTPRequest.Method, handler: Handler)]] = [:]
    /// Every route's contract.
    package private(set) var contracts: [EndpointDescription] = []

    package init() {}

    /// A page, a download or an upload: the handler reads what was sent by itself.
    package mutating func on(_ endpoint: EndpointDescription, _ handler: @escaping Handler) {
        let path = endpoint.routerPath
        // A link on a page is followed whatever the browser likes best.
        let given = endpoint.isPage ? [] : endpoint.mediaTypes
        if handlers[path] == nil { paths.append(path) }
        contracts.append(endpoint)
        handlers[path, default: []].append(
            (
                endpoint.httpMethod,
                { request, context in
                    try endpoint.access.check(context)
                    // A form with files shows its token to the reader of the upload; who reads none would not ask for it.
                    if context.awaitsFormToken {
                        guard case .upload = endpoint.body else { throw Problem.formRefused }
                    }
                    guard Negotiation.accepts(request.headers[.accept], given) else {
                        throw Problem.notAcceptable(given)
                    }
                    return try await handler(request, context)
                }
            ))
    }

    /// An endpoint of the API: what was sent is read and checked by the contract, the answer is written by it.
    package mutating func on<Parameters, Body, Answer>(
        _ endpoint: Endpoint<Parameters, Body, Answer>,
        _ handler: @escaping @Sendable (Call<Parameters, Body>) async throws -> Reply<Answer>
    ) {
        let description = endpoint.description
        let status = HTTPResponse.Status(code: description.answers[0].status)
        on(description) { request, context in
            let call = try await CallReader.call(endpoint, request, context)
            let reply = try await handler(call)
            var headers: HTTPFields = [:]
            if let location = reply.location { headers[.location] = location }
            if let version = reply.version {
                headers[.eTag] = "\"\(version)\""
                headers[.cacheControl] = "private, no-cache"
                if request.method == .get, request.headers[.ifNoneMatch] == "\"\(version)\"" {
                    return Response(status: .notModified, headers: headers)
                }
            }
            guard Answer.self != NoBody.self else { return Response(status: status, headers: headers) }
            return try JSONAnswer.response(reply.value, status: status, headers: headers)
        }
    }

    /// A router with these routes behind what every service stands behind.
    ///
    /// - Parameters:
    ///   - formTargets: origins that a form of these pages may lead on to, besides its own.
    ///   - proxies: addresses whose `X-Forwarded-For` is believed.
    package func router(
        site: Site, registry: PrometheusRegistry, signIn: SignIn, hosts: Set<String>, limits: RateLimitMiddleware,
        formTargets: [String] = [], proxies: Set<String> = []
    ) -> Router<KitContext> {
        router(middleware: [
            MetricsMiddleware(registry), FrontMiddleware(formTargets: formTargets, proxies: proxies),
            ProblemMiddleware(site: site),
            GuardMiddleware(hosts: hosts), SignInMiddleware(signIn), limits,
        ])
    }

    /// A router with these routes behind the middleware.
    func router(middleware: [any MiddlewareProtocol<Request, Response, KitContext>]) -> Router<KitContext> {
        let router = Router(context: KitContext.self)
        for piece in middleware { router.add(middleware: piece) }
        for path in paths {
            let taken = handlers[path] ?? []
            for (method, handler) in taken { router.on(RouterPath(path), method: method, use: handler) }
            if let read = taken.first(where: { $0.method == .get }) {
                router.on(RouterPath(path), method: .head) { request, context in
                    try await read.handler(request, context).createHeadResponse()
                }
            }
            var allow = taken.map(\.method.rawValue)
            if allow.contains("GET") { allow.append("HEAD") }
            allow.sort()
            let refusal = Problem.methodNotAllowed(allow: allow)
            for method in Self.methods where !allow.contains(method.rawValue) {
                router.on(RouterPath(path), method: method) { _, _ -> Response in throw refusal }
            }
        }
        return router
    }

    private static let methods: [HTTPRequest.Method] = [
        .get, .head, .post, .put, .patch, .delete, .options, .trace, .connect,
    ]
}

extension EndpointDescription {
    package var httpMethod: HTTPRequest.Method {
        switch method {
        case .get: .get
        case .post: .post
        case .put: .put
        case .patch: .patch
        case .delete: .delete
        }
    }

    /// `/aid/v1/alerts/:id`, as the router writes it.
    var routerPath: String { path.replacing("{", with: ":").replacing("}", with: "") }
}
