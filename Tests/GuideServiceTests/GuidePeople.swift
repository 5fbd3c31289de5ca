import HTTPTypes
import Security
import ServiceKit
import SocialDomain

@testable import GuideService

/// People who signed in, with tokens of a gateway that only the tests have.
enum GuidePeople {
    private static let now: Int64 = 1_782_784_800

    private static func keys() throws -> SigningKeys {
        try SigningKeys(issuer: "gateway", seeds: [(1, [UInt8](repeating: 5, count: 32))])
    }

    static func signIn() async throws -> SignIn {
        try SignIn(
            .tokens(await TokenVerifier(jwks: [keys().jwks()]), gateway: "http://127.0.0.1:8100"),
            formKey: [UInt8](repeating: 3, count: 32), now: { now })
    }

    static func headers(
        _ id: String, _ roles: [String], division: String = "150402"
    ) async throws -> HTTPFields {
        let token = try await TokenIssuer(keys()).sign(
            AccessClaims(
                issuer: "gateway", subject: id, name: id, kind: .person, roles: ["guide": roles], division: division,
                session: "s-\(id)", issuedAt: now))
        return [.authorization: "Bearer \(token)", .accept: "text/html, */*;q=0.1"]
    }

    static func caller(_ id: String, division: String? = "150402") -> Caller {
        Caller(
            kind: .person, id: id, name: id,
            scope: Scope(roles: ["guide": ["editor"]], division: division.flatMap { DivisionCode($0) }))
    }

    /// A phone's browser, which counts.
    static let phone: HTTPFields = [.accept: "text/html", .userAgent: "Mozilla/5.0 (Linux; Android 14) Mobile"]
}
