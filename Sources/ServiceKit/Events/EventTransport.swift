package import CurlHTTP
package import Foundation
package import Security

/// What a receiver answered.
package struct EventAnswer: Hashable, Sendable {
    package let status: Int
    package var retryAfter: String?
    /// The sequence that a receiver waits for, with a 409.
    package var expected: Int64?

    package init(status: Int, retryAfter: String? = nil, expected: Int64? = nil) {
        self.status = status
        self.retryAfter = retryAfter
        self.expected = expected
    }
}

/// The way to the receivers.
package struct EventTransport: Sendable {
    let send: @Sendable (EventReceiver, CloudEvent) async throws -> EventAnswer

    package init(send: @escaping @Sendable (EventReceiver, CloudEvent) async throws -> EventAnswer) {
        self.send = send
    }

    /// With the header in which a receiver says what it waits for.
    static let expectedHeader = "Event-Expected"

    /// By HTTP, with the service's own tokens. An answer takes at most 20 s: the lease is longer.
    package static func http(_ client: HTTPClient, tokens: ServiceTokens) -> EventTransport {
        EventTransport { receiver, event in
            var request = ClientRequest(
                .post, receiver.address + "/v1/events",
                headers: [
                    "Content-Type": CloudEvent.contentType, "Accept": "application/json, application/problem+json",
                    "Authorization": "Bearer \(try await tokens.token())",
                ], body: .bytes(event.document))
            var timeouts = ClientOptions.Timeouts()
            timeouts.total = .seconds(20)
            request.timeouts = timeouts
            request.bodyLimit = 64 * 1024
            let response = try await client.send(request)
            return EventAnswer(
                status: response.status, retryAfter: response.headers["Retry-After"],
                expected: response.headers[expectedHeader].flatMap { Int64($0) })
        }
    }
}

/// A service's own tokens for calls to other services, signed anew before they run out.
package actor ServiceTokens {
    private let issuer: TokenIssuer
    private let now: @Sendable () -> Date
    private var latest: (token: String, until: Int64)?
    private static let lifetime: Int64 = 120

    package init(_ issuer: TokenIssuer, now: @escaping @Sendable () -> Date = { Date() }) {
        self.issuer = issuer
        self.now = now
    }

    package func token() async throws -> String {
        let second = Int64(now().timeIntervalSince1970)
        if let latest, second < latest.until { return latest.token }
        let token = try await issuer.sign(
            AccessClaims(
                issuer: issuer.issuer, subject: issuer.issuer, name: issuer.issuer, kind: .service, roles: [:],
                division: nil, session: nil, issuedAt: second, lifetime: Self.lifetime))
        latest = (token, second + Self.lifetime / 2)
        return token
    }
}
