import Contracts
import HTTPTypes
import Security
import ServiceKit
import SocialDomain

@testable import TrainingService

/// People who signed in to work with classes, with tokens of a gateway that only the tests have.
enum ClassPeople {
    /// 2026-06-30 10:00 in Beijing.
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
        _ id: String, _ roles: [String], division: String = "150402", organisation: String? = nil,
        accept: String = "text/html, */*;q=0.1"
    ) async throws -> HTTPFields {
        let token = try await TokenIssuer(keys()).sign(
            AccessClaims(
                issuer: "gateway", subject: id, name: id, kind: .person, roles: ["training": roles], division: division,
                organisation: organisation ?? school(of: roles), session: "s-\(id)", issuedAt: now))
        return [.authorization: "Bearer \(token)", .accept: accept]
    }

    static func caller(_ id: String, _ roles: [String] = ["officer"], division: String? = "150402") -> Caller {
        Caller(
            kind: .person, id: id, name: id,
            scope: Scope(
                roles: ["training": Set(roles)], division: division.flatMap { DivisionCode($0) },
                organisation: school(of: roles)))
    }

    /// A school's and a teacher's account is the first school's.
    private static func school(of roles: [String]) -> String? {
        OrganisationRoles.need(["training": Set(roles)]) ? ClassSample.codes[0] : nil
    }
}
