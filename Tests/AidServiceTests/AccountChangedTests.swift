import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Security
import ServiceKit
import Testing

@testable import AidService

/// The gateway tells aid that an account has changed.
struct AccountChangedTests {
    private static let now: Int64 = 1_000_000

    private static func keys() throws -> SigningKeys {
        try SigningKeys(issuer: "gateway", seeds: [(1, [UInt8](repeating: 5, count: 32))])
    }

    private static func token(_ account: String, issuedAt: Int64) async throws -> HTTPFields {
        let token = try await TokenIssuer(keys()).sign(
            AccessClaims(
                issuer: "gateway", subject: account, name: "测试员", kind: .person, roles: ["aid": ["viewer"]],
                division: "150402", session: "s1", issuedAt: issuedAt))
        return [.authorization: "Bearer \(token)", .accept: "text/html"]
    }

    private static func tell(_ sample: PageSample, _ account: String, before second: Int64) async throws -> Int {
        let event = try CloudEvent(
            id: UUID().uuidString, service: "gateway", type: AccountChanged.type, subject: account, milliseconds: 0,
            sequence: 1, previous: 0, data: #"{"revokedBefore":\#(second)}"#)
        let tokens = ServiceTokens(
            try await TokenIssuer(keys()), now: { Date(timeIntervalSince1970: Double(Self.now)) })
        let headers: HTTPFields = [
            .authorization: "Bearer \(try await tokens.token())", .contentType: CloudEvent.contentType,
        ]
        return try await sample.ask("/aid/v1/events", .post, headers, ByteBuffer(bytes: event.document)).status
    }

    @Test func `whoever is blocked is out of aid as soon as the event was answered`() async throws {
        let verifier = try await TokenVerifier(jwks: [Self.keys().jwks()])
        let sample = try PageSample(
            signIn: SignIn(
                .tokens(verifier, gateway: "http://127.0.0.1:8100"), formKey: [UInt8](repeating: 3, count: 32),
                now: { Self.now }))
        let blocked = try await Self.token("a1", issuedAt: Self.now - 1)
        #expect(try await sample.get("/aid/", headers: blocked).status == 200)

        #expect(try await Self.tell(sample, "a1", before: Self.now) == 200)

        #expect(try await sample.get("/aid/", headers: blocked).status == 401)
        #expect(try await sample.get("/aid/", headers: Self.token("a2", issuedAt: Self.now - 1)).status == 200)
        #expect(try await sample.get("/aid/", headers: Self.token("a1", issuedAt: Self.now)).status == 200)
    }
}
