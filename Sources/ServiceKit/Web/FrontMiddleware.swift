import HTTPTypes
package import Hummingbird
import Logging

/// The first to see a request and the last to see its response: request id, language and type size, the headers that
/// keep a browser strict, one line in the log.
package struct FrontMiddleware: RouterMiddleware {
    private let headers: [HTTPField]
    private let proxies: Set<String>

    /// - Parameters:
    ///   - formTargets: origins that a form of these pages may lead on to, besides its own.
    ///   - proxies: whose word on who asks is taken.
    package init(formTargets: [String] = [], proxies: Set<String> = []) {
        self.proxies = proxies
        let targets = (["'self'"] + formTargets).joined(separator: " ")
        headers = Self.strictHeaders.map { HTTPField(name: $0, value: $1.replacing("{targets}", with: targets)) }
    }

    package func handle(
        _ request: Request, context: KitContext, next: (Request, KitContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let started = ContinuousClock.now
        context.requestID = Self.requestID(request)
        context.logger[metadataKey: "request"] = .string(context.requestID)
        // The last one is what our own proxy has added; those before it anybody can write.
        if !proxies.isEmpty, let peer = context.remoteAddress, proxies.contains(peer),
            let last = request.headers[values: .forwardedFor].last?.split(separator: ",").last
        {
            context.remoteAddress = last.filter { $0 != " " }
        }
        let cookies = Preferences(cookies: request.headers[values: .cookie])
        context.language = cookies.language
        context.isLarge = cookies.isLarge

        if let trace = request.headers[.traceParent].flatMap(TraceParent.init) {
            context.trace = trace
            context.logger[metadataKey: "trace"] = .string(trace.trace)
        }

        var response: Response
        if request.method == .get, request.uri.string.utf8.count <= ProblemMiddleware.longestAddress,
            let choice = Preferences.choice(in: request)
        {
            response = choice
        } else {
            response = try await next(request, context)
        }
        addHeaders(&response, requestID: context.requestID)
        context.logger.info(
            "request",
            metadata: [
                "method": "\(request.method)", "route": "\(context.endpointPath ?? "-")",
                "status": "\(response.status.code)",
                "ms": "\((ContinuousClock.now - started) / .milliseconds(1))",
            ])
        return response
    }

    /// The caller's `X-Request-ID`, if it can do no harm in a log.
    private static func requestID(_ request: Request) -> String {
        if let given = request.headers[.requestID], (8...64).contains(given.utf8.count),
            given.utf8.allSatisfy({
                $0 == 0x2D || $0 == 0x5F || (0x30...0x39).contains($0) || ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A
            })
        {
            return given
        }
        let number = UInt64.random(in: .min ... .max)
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private func addHeaders(_ response: inout Response, requestID: String) {
        // Few fields: looking through them costs less than the index that a subscript would make.
        var added = headers
        added.append(HTTPField(name: .requestID, value: requestID))
        for own in response.headers { added.removeAll { $0.name == own.name } }
        response.headers.append(contentsOf: added)
    }

    /// No script at all, styles and forms from here only, no framing; pages with people's data are kept nowhere.
    private static let strictHeaders: [(HTTPField.Name, String)] = [
        (
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action {targets}; "
                + "base-uri 'none'; frame-ancestors 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
        ("X-Frame-Options", "DENY"),
        ("Cache-Control", "no-store"),
    ].compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
}

extension HTTPField.Name {
    static let requestID = known("X-Request-ID")
    static let traceParent = known("traceparent")
    static let forwardedFor = known("X-Forwarded-For")
    static let host = known("Host")
    static let fetchSite = known("Sec-Fetch-Site")

    /// Of a name that is one.
    private static func known(_ name: String) -> HTTPField.Name {
        HTTPField.Name(name) ?? .via
    }
}
