import HTTPTypes
package import Hummingbird

/// The routes of a service, so that a known path with another method is a 405 that says what it takes, and not a 404.
package struct RouteTable {
    package typealias Handler = @Sendable (Request, KitContext) async throws -> Response

    private var paths: [String] = []
    private var handlers: [String: [(method: HTTPRequest.Method, handler: Handler)]] = [:]
    /// Every route with those who may use it.
    package private(set) var listing: [(method: HTTPRequest.Method, path: String, access: Access)] = []

    package init() {}

    package mutating func get(_ path: String, _ access: Access = .signedIn, _ handler: @escaping Handler) {
        add(.get, path, access, handler)
    }

    package mutating func post(_ path: String, _ access: Access = .signedIn, _ handler: @escaping Handler) {
        add(.post, path, access, handler)
    }

    private mutating func add(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access, _ handler: @escaping Handler
    ) {
        if handlers[path] == nil { paths.append(path) }
        listing.append((method, path, access))
        handlers[path, default: []].append(
            (
                method,
                { request, context in
                    try access.check(context)
                    return try await handler(request, context)
                }
            ))
    }

    /// A router with these routes behind the middleware.
    package func router(middleware: [any MiddlewareProtocol<Request, Response, KitContext>]) -> Router<KitContext> {
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
