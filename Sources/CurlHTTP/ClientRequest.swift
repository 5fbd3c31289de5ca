/// What is asked of a server.
package struct ClientRequest: Sendable {
    package enum Method: String, Hashable, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
        case options = "OPTIONS"

        /// RFC 9110 §9.2.2.
        package var isIdempotent: Bool { self != .post && self != .patch }
    }

    package enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// Written while it is sent. `length` is in bytes; without it the body goes in chunks.
        case stream(length: Int?, @Sendable (BodyWriter) async throws -> Void)
    }

    package var method: Method
    /// An absolute `http` or `https` address without a user's name.
    package var url: String
    package var headers: HeaderList
    package var body: Body
    /// Instead of the client's own.
    package var timeouts: ClientOptions.Timeouts?
    /// In bytes, after decoding; instead of the client's own. A streamed response has no limit without it.
    package var bodyLimit: Int?
    /// How many redirects of a GET or HEAD are followed; none by default.
    package var redirectLimit = 0
    /// Says of a POST or PATCH that doing it twice does no harm, as with a search. An idempotent method and an
    /// `Idempotency-Key` say it by themselves.
    package var isRepeatable: Bool

    package init(
        _ method: Method = .get, _ url: String, headers: HeaderList = [:], body: Body = .none
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        isRepeatable = method.isIdempotent || headers["Idempotency-Key"] != nil
    }

    var isFollowing: Bool { redirectLimit > 0 && (method == .get || method == .head) }

    /// A streamed body is gone once it was sent.
    var isRetried: Bool {
        if case .stream = body { return false }
        return isRepeatable
    }
}

/// What a server answered, with all of its body.
package struct ClientResponse: Hashable, Sendable {
    package var status: Int
    package var headers: HeaderList
    package var body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }
}

/// What is passed on with every request of a task.
package enum Trace {
    /// The W3C `traceparent`; a request's own header wins.
    @TaskLocal package static var traceparent: String?
}
