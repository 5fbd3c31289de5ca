import Foundation
import Security
import ServiceKit
import Storage
import TestDatabases
import Testing

@testable import Gateway

struct AccountChangedTests {
    private static func sample(_ engine: Engine) async throws -> GatewaySample {
        let sample = try await GatewaySample(engine)
        try await sample.application.outbox.setReceivers([
            EventReceiver(name: "aid", address: "http://127.0.0.1:1/aid", types: ["cn.minsheng.account.changed"])
        ])
        return sample
    }

    /// The account and what is said of it, in order.
    private static func told(_ sample: GatewaySample) async throws -> [String] {
        try await sample.application.database.read { db in
            try db.rows("SELECT subject, data FROM outbox_event ORDER BY subject, sequence").map { row in
                "\(try row.get("subject", as: String.self)) \(try row.get("data", as: String.self))"
            }
        }
    }

    @Test(arguments: TestServer.engines)
    func `a block, new roles, a reset and ended sessions are told, each in its second`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine)
        let store = sample.application.accounts
        let id = try await sample.account("wulan")
        let before = try await Self.told(sample).count
        let start = sample.now

        sample.wait(10)
        try await store.setRoles(
            AccountGrant(["aid:officer"]), of: id, within: .ownMachine, at: sample.now, audit: .test)
        sample.wait(10)
        _ = try await sample.application.actions.reset(id, within: .ownMachine, at: sample.now, audit: .test)
        sample.wait(10)
        try await sample.application.sessions.endAll(of: id, at: sample.now, audit: .test)
        sample.wait(10)
        try await store.block(id, within: .ownMachine, at: sample.now, audit: .test)

        // The first is the person's own change of the given-out password.
        #expect(before == 1)
        #expect(
            try await Array(Self.told(sample).dropFirst())
                == [Int64(11), 21, 31, 41].map { "\(id) {\"revokedBefore\":\(start + $0)}" })
        #expect(try await Revocations.second(of: id, in: sample.application.database) == start + 41)
    }

    @Test(arguments: TestServer.engines) func `a change that is refused is not told`(_ engine: Engine) async throws {
        let sample = try await Self.sample(engine)
        let id = try await sample.account("only", roles: ["gateway:administrator"])
        let before = try await Self.told(sample)

        await #expect(throws: AccountRefusal.onlyAdministrator) {
            try await sample.application.accounts.block(id, within: .ownMachine, at: sample.now, audit: .test)
        }

        #expect(try await Self.told(sample) == before)
    }

    @Test func `the next token after a change is one that services take`() async throws {
        let sample = try await Self.sample(.sqlite)
        let id = try await sample.account("wulan")
        let cookies = try await sample.signedIn("wulan")
        try await sample.application.accounts.setRoles(
            AccountGrant(["aid:officer"]), of: id, within: .ownMachine, at: sample.now, audit: .test)

        let page = try await sample.get("/gateway/sign-in?return=%2Fgateway%2Faccount", cookies)
        let renewed = try await sample.get(page.location ?? "", cookies)

        #expect(page.status == 303 && page.location == "/gateway/refresh?return=%2Fgateway%2Faccount")
        #expect(renewed.status == 303)
        let claims = try await sample.claims(renewed.cookies)
        // The clock stands still: the password was changed in this second, and then the roles.
        #expect(claims.iat == sample.now + 2 && claims.roles == ["aid": ["officer"]])
    }
}
