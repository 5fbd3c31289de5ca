import Contracts
import HTTPTypes
import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import Testing

@testable import Gateway

struct AccountTests {
    private static let county = Scope(
        roles: ["gateway": ["administrator"]], division: DivisionCode(prefix: "150402"))

    @Test(arguments: TestServer.engines) func `an administrator sees and changes the own division's accounts only`(
        _ engine: Engine
    ) async throws {
        let gateway = try await GatewaySample(engine)
        try await gateway.account("inside", division: "150402001")
        let other = try await gateway.account("outside", division: "150403")
        let accounts = gateway.application.accounts

        #expect(try await accounts.list(within: Self.county).map(\.login) == ["inside"])
        #expect(try await accounts.account(id: other, within: Self.county) == nil)
        await #expect(throws: AccountRefusal.unknown) {
            try await accounts.block(other, within: Self.county, at: 1, audit: .test)
        }
        await #expect(throws: AccountRefusal.unknown) {
            try await accounts.setRoles(
                AccountGrant(["aid:viewer"]), of: other, within: Self.county, at: 1, audit: .test)
        }
        await #expect(throws: AccountRefusal.unknown) {
            try await gateway.application.actions.reset(other, within: Self.county, at: 1, audit: .test)
        }
        await #expect(throws: AccountRefusal.outsideDivision) {
            try await gateway.application.actions.add(
                login: "new.one", name: "新", division: "1504", grant: .nothing, within: Self.county, at: 1, audit: .test
            )
        }
    }

    @Test(arguments: [
        ("ab", "名", "150402", [], AccountRefusal.badLogin), ("with space", "名", "150402", [], .badLogin),
        ("wang", " ", "150402", [], .nameMissing), ("wang", "名", "15040", [], .badDivision),
        ("wang", "名", "150402", ["aid:king"], .badRole("aid:king")), ("taken", "名", "150402", [], .loginTaken("taken")),
    ])
    func `what cannot be an account is refused with the reason`(
        login: String, name: String, division: String, roles: [String], refusal: AccountRefusal
    ) async throws {
        let gateway = try await GatewaySample()
        try await gateway.account("taken")

        await #expect(throws: refusal) {
            try await gateway.application.actions.add(
                login: login, name: name, division: division, grant: AccountGrant(roles), within: .ownMachine, at: 1,
                audit: .test)
        }
        #expect(try await gateway.application.accounts.list(within: .ownMachine).count == 1)
    }

    @Test(arguments: [
        (["training:school"], "", AccountRefusal.organisationMissing),
        (["training:instructor", "training:viewer"], " ", .organisationMissing),
        (["training:school"], "52150402MJY1234566", .badOrganisation(.checkCharacter)),
        (["training:school", "aid:viewer"], "52150402MJY1234565", .notForOrganisations("aid:viewer")),
        (["training:officer"], "52150402MJY1234565", .notForOrganisations("training:officer")),
    ])
    func `a school's roles go with a school, and others do not`(
        roles: [String], organisation: String, refusal: AccountRefusal
    ) {
        #expect(throws: refusal) { try AccountGrant(roles, organisation: organisation) }
    }

    @Test func `an officer who teaches as well sees the division`() throws {
        let grant = try AccountGrant(["training:school", "training:officer"])

        #expect(grant.organisation == nil)
        #expect(grant.reason == "training:officer training:school")
    }

    @Test(arguments: TestServer.engines) func `an account says its organisation on the page and in its token`(
        _ engine: Engine
    ) async throws {
        let gateway = try await GatewaySample(engine)
        try await gateway.account("chief", roles: ["gateway:administrator"])
        let id = try await gateway.account(
            "tara", roles: ["training:school"], organisation: " 52150402mjy1234565 ")
        let chief = try await gateway.signedIn("chief")
        let path = "/gateway/accounts/\(id)"

        let before = try await gateway.claims(gateway.signedIn("tara"))
        let shown = try await gateway.get(path, chief)
        let without = try await gateway.post(
            path + "/roles", ["role:training:school": "yes", "organisation": ""], chief)
        let wrong = try await gateway.post(
            path + "/roles", ["role:training:school": "yes", "organisation": "52150402MJY1234566"], chief)
        let moved = try await gateway.post(
            path + "/roles", ["role:training:school": "yes", "organisation": "91150402MA0ABCD12A"], chief)
        gateway.wait(10)
        let after = try await gateway.claims(gateway.signedIn("tara"))

        #expect(before.org == "52150402MJY1234565" && before.scope?.organisation == "52150402MJY1234565")
        #expect(shown.text.contains("value=\"52150402MJY1234565\""))
        #expect(without.status == 422 && without.text.contains("id=\"organisation-fault\""))
        #expect(wrong.status == 422 && wrong.text.contains("value=\"52150402MJY1234566\""))
        #expect(moved.status == 303)
        #expect(after.org == "91150402MA0ABCD12A")
        #expect(try await gateway.claims(chief).org == nil)
    }

    @Test(arguments: TestServer.engines) func `the last administrator can neither be blocked nor lose the role`(
        _ engine: Engine
    ) async throws {
        let gateway = try await GatewaySample(engine)
        let id = try await gateway.account("chief", roles: ["gateway:administrator"])
        let accounts = gateway.application.accounts

        await #expect(throws: AccountRefusal.onlyAdministrator) {
            try await accounts.block(id, within: .ownMachine, at: 1, audit: .test)
        }
        await #expect(throws: AccountRefusal.onlyAdministrator) {
            try await accounts.setRoles(.nothing, of: id, within: .ownMachine, at: 1, audit: .test)
        }
        try await gateway.account("second", roles: ["gateway:administrator"])
        try await accounts.block(id, within: .ownMachine, at: 1, audit: .test)

        #expect(try await gateway.required("chief").isBlocked)
    }

    @Test(arguments: TestServer.engines) func `a reset ends every session and the old password`(_ engine: Engine)
        async throws
    {
        let gateway = try await GatewaySample(engine)
        let id = try await gateway.account("zhang.wei")
        let cookies = try await gateway.signedIn("zhang.wei")

        let password = try await gateway.application.actions.reset(
            id, within: .ownMachine, at: gateway.now, audit: .test)

        #expect(try await gateway.get("/gateway/refresh", cookies).location?.hasPrefix("/gateway/sign-in") == true)
        await #expect(throws: SignInRefusal.refused) { try await gateway.signedIn("zhang.wei") }
        #expect(try await gateway.signedIn("zhang.wei", password)["minsheng_session"] != nil)
    }

    @Test func `the pages make an account and show its password once`() async throws {
        let gateway = try await GatewaySample()
        try await gateway.account("chief", roles: ["gateway:administrator"])
        let cookies = try await gateway.signedIn("chief")

        let made = try await gateway.post(
            "/gateway/accounts",
            ["login": "wang.fang", "name": "王芳", "division": "150402001", "role:aid:officer": "yes"], cookies)
        let list = try await gateway.get("/gateway/accounts", cookies)

        #expect(made.status == 200)
        #expect(made.text.contains("初始密码"))
        #expect(list.text.contains("wang.fang"))
        #expect(!list.text.contains("初始密码"))
        #expect(try await gateway.required("wang.fang").roles == ["aid": ["officer"]])
    }

    @Test func `a form with a fault keeps what was typed and says it beside the field`() async throws {
        let gateway = try await GatewaySample()
        try await gateway.account("chief", roles: ["gateway:administrator"])
        let cookies = try await gateway.signedIn("chief")

        let answer = try await gateway.post(
            "/gateway/accounts", ["login": "wang.fang", "name": "王芳", "division": "9", "role:aid:officer": "yes"],
            cookies)

        #expect(answer.status == 422)
        #expect(answer.text.contains(#"value="wang.fang""#))
        #expect(answer.text.contains(#"value="王芳""#))
        #expect(answer.text.contains(#"name="role:aid:officer" value="yes" checked"#))
        #expect(answer.text.contains(#"id="division-fault""#))
    }

    @Test func `without sign-in nothing but sign-in is open, and without the role no account is shown`() async throws {
        let gateway = try await GatewaySample()
        let id = try await gateway.account("zhang.wei")
        let cookies = try await gateway.signedIn("zhang.wei")

        for route in gateway.application.routes().contracts where route.access != .open {
            let path = route.path.replacing("{id}", with: id)
            let stranger = try await gateway.ask(
                path, route.httpMethod, [:], route.method == .post ? "" : nil, type: nil)
            #expect(stranger.status == (route.method == .get ? 303 : 401), "\(route.path)")
            guard route.access == GatewayContract.administering else { continue }
            let plain =
                route.method == .post
                ? try await gateway.post(path, [:], cookies) : try await gateway.get(path, cookies)
            #expect(plain.status == 403, "\(route.path)")
        }
    }

    @Test func `every route is in the contract, and every contract has its route`() async throws {
        let routes = try await GatewaySample().application.routes().contracts

        #expect(Set(routes) == Set(GatewayContract.all))
        #expect(routes.count == GatewayContract.all.count)
        #expect(Set(routes.map(\.id)).count == routes.count)
    }

    @Test func `no password and no secret stands readably in the database`() async throws {
        let gateway = try await GatewaySample()
        try await gateway.account("zhang.wei")
        let secret = try await gateway.application.actions.beginAuthenticator(gateway.required("zhang.wei"))
        let cookies = try await gateway.signedIn("zhang.wei")

        let stored = try await gateway.application.database.read { db in
            try db.rows("SELECT * FROM account").flatMap(\.values)
                + db.rows("SELECT * FROM session").flatMap(\.values)
        }

        let texts = stored.map { "\($0)" }.joined()
        #expect(!texts.contains("correct horse"))
        #expect(!texts.contains("\(secret)".dropFirst().dropLast()))
        #expect(!texts.contains(cookies["minsheng_session"] ?? "?"))
    }
}

/// What the gateway's log says of accounts.
struct AccountTrailTests {
    private static func entries(_ gateway: GatewaySample) async throws -> [String] {
        try await gateway.application.database.read { db in
            try db.rows("SELECT action, name, division FROM audit_entry ORDER BY sequence").map {
                "\(try $0.get("action", as: String.self))|\(try $0.get("name", as: String.self))|\(try $0.get("division", as: String.self))"
            }
        }
    }

    @Test(arguments: TestServer.engines) func `signing in, failing and signing out stand in the log`(_ engine: Engine)
        async throws
    {
        let gateway = try await GatewaySample(engine)
        try await gateway.account("zhang.wei")

        _ = try await gateway.post("/gateway/sign-in", ["login": "zhang.wei", "password": "wrong"])
        let cookies = try await gateway.signedIn("zhang.wei")
        _ = try await gateway.post("/gateway/sign-out", [:], cookies)

        #expect(
            try await Self.entries(gateway) == [
                "test||150402", "test||150402", "account.refused||", "account.sign-in|乌兰|150402",
                "account.sign-out|乌兰|150402",
            ])
    }

    @Test func `what an administrator does stands in the log, what is refused does not`() async throws {
        let gateway = try await GatewaySample()
        let chief = try await gateway.account("chief", roles: ["gateway:administrator"])
        let other = try await gateway.account("zhang.wei")
        let cookies = try await gateway.signedIn("chief")

        _ = try await gateway.post("/gateway/accounts/\(other)/block", [:], cookies)
        _ = try await gateway.post("/gateway/accounts/\(chief)/block", [:], cookies)

        #expect(try await Self.entries(gateway).suffix(2) == ["account.sign-in|乌兰|150402", "account.block|乌兰|150402"])
    }
}
