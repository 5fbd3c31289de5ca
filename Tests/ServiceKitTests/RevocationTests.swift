import Foundation
import Logging
import Security
import Storage
import TestDatabases
import Testing

@testable import ServiceKit

struct RevocationTests {
    private static let now: Int64 = 1_000_000

    private static func keys() throws -> SigningKeys {
        try SigningKeys(issuer: "gateway", seeds: [(1, [UInt8](repeating: 5, count: 32))])
    }

    private static func signIn() async throws -> (signIn: SignIn, verifier: TokenVerifier) {
        let verifier = try await TokenVerifier(jwks: [keys().jwks()])
        let signIn = try SignIn(
            .tokens(verifier, gateway: "http://127.0.0.1:8100"), formKey: [UInt8](repeating: 3, count: 32), now: { now }
        )
        return (signIn, verifier)
    }

    private static func token(_ account: String, issuedAt second: Int64) async throws -> String {
        try await TokenIssuer(keys()).sign(
            AccessClaims(
                issuer: "gateway", subject: account, name: "测试员", kind: .person, roles: [:], division: "15",
                session: "s", issuedAt: second))
    }

    private static func revoke(_ account: String, before second: Int64, in database: Database) async throws {
        try await database.write { db in try Revocations.add(account, before: second, in: db) }
    }

    @Test(arguments: TestServer.engines) func `an account's older tokens are refused, remembered or not`(
        _ engine: Engine
    )
        async throws
    {
        let database = try EventSample.database(engine)
        let (signIn, verifier) = try await Self.signIn()
        let watch = RevocationWatch(signIn: signIn, database: database)
        let old = try await Self.token("a1", issuedAt: Self.now - 5)
        let other = try await Self.token("a2", issuedAt: Self.now - 5)
        #expect(await signIn.caller(of: old, verifier) != nil)
        #expect(await signIn.caller(of: other, verifier) != nil)

        try await Self.revoke("a1", before: Self.now - 1, in: database)
        try await watch.load()

        #expect(await signIn.caller(of: old, verifier) == nil)
        #expect(await signIn.caller(of: try Self.token("a1", issuedAt: Self.now - 2), verifier) == nil)
        #expect(await signIn.caller(of: try Self.token("a1", issuedAt: Self.now - 1), verifier) != nil)
        #expect(await signIn.caller(of: other, verifier) != nil)
    }

    @Test(arguments: TestServer.engines) func `a restart and another copy know it too`(_ engine: Engine) async throws {
        let database = try EventSample.database(engine)
        try await Self.revoke("a1", before: Self.now, in: database)
        let (signIn, verifier) = try await Self.signIn()

        try await RevocationWatch(signIn: signIn, database: database).load()

        #expect(await signIn.caller(of: try Self.token("a1", issuedAt: Self.now - 1), verifier) == nil)
    }

    @Test(arguments: TestServer.engines) func `an earlier second never replaces a later one`(_ engine: Engine)
        async throws
    {
        let database = try EventSample.database(engine)

        try await Self.revoke("a1", before: 500, in: database)
        try await Self.revoke("a1", before: 400, in: database)

        #expect(try await Revocations.second(of: "a1", in: database) == 500)
    }

    @Test(.timeLimit(.minutes(1))) func `a running service hears of it at once`() async throws {
        let database = try EventSample.database(.sqlite)
        let (signIn, verifier) = try await Self.signIn()
        let token = try await Self.token("a1", issuedAt: Self.now - 5)
        let watch = RevocationWatch(signIn: signIn, database: database)
        let watching = Task { try await watch.run() }
        defer { watching.cancel() }
        #expect(await signIn.caller(of: token, verifier) != nil)

        try await Self.revoke("a1", before: Self.now, in: database)

        while await signIn.caller(of: token, verifier) != nil { try await Task.sleep(for: .milliseconds(5)) }
    }
}
