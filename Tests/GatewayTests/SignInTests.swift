import HTTPTypes
import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import Testing

@testable import Gateway

struct SignInTests {
    @Test(arguments: TestServer.engines) func `the right password signs in, with cookies that no script can read`(
        _ engine: Engine
    ) async throws {
        let gateway = try await GatewaySample(engine)
        try await gateway.account("zhang.wei", roles: ["aid:officer", "aid:viewer"])

        let answer = try await gateway.post(
            "/gateway/sign-in", ["login": "Zhang.Wei", "password": "correct horse battery"])

        #expect(answer.status == 303)
        #expect(answer.location == "/gateway/")
        for cookie in answer.headers[values: .setCookie] { #expect(cookie.hasSuffix("; HttpOnly; SameSite=Lax")) }
        let claims = try await gateway.claims(answer.cookies)
        #expect(claims.roles == ["aid": ["officer", "viewer"]])
        #expect(claims.div == "150402")
        #expect(try await gateway.get("/gateway/", answer.cookies).text.contains("乌兰，您好"))
    }

    @Test(arguments: TestServer.engines) func `a wrong password, an unknown and a blocked account get the same answer`(
        _ engine: Engine
    ) async throws {
        let gateway = try await GatewaySample(engine)
        try await gateway.account("zhang.wei")
        let blocked = try await gateway.account("li.na")
        try await gateway.application.accounts.block(blocked, within: .ownMachine, at: gateway.now, audit: .test)

        var texts: Set<String> = []
        for (login, password) in [
            ("zhang.wei", "wrong"), ("nobody", "correct horse battery"), ("li.na", "correct horse battery"),
        ] {
            let answer = try await gateway.post("/gateway/sign-in", ["login": login, "password": password])
            #expect(answer.status == 422)
            #expect(answer.cookies.isEmpty)
            texts.insert(answer.text.replacing(login, with: "LOGIN").replacing(/\?v=\w+/, with: ""))
        }
        #expect(texts.count == 1)
    }

    @Test(arguments: TestServer.engines)
    func `the fifth wrong password locks for half a minute, even for the right one`(
        _ engine: Engine
    ) async throws {
        let gateway = try await GatewaySample(engine)
        try await gateway.account("zhang.wei")
        for _ in 0..<5 { _ = try await gateway.post("/gateway/sign-in", ["login": "zhang.wei", "password": "wrong"]) }

        await #expect(throws: SignInRefusal.refused) { try await gateway.signedIn("zhang.wei") }
        gateway.wait(31)
        let cookies = try await gateway.signedIn("zhang.wei")

        #expect(cookies["minsheng_session"] != nil)
    }

    @Test func `an address from which many accounts are tried is locked as well`() {
        let locks = AddressLocks()

        for _ in 0..<20 { locks.fail("10.0.0.7", at: 100) }
        #expect(!locks.isLocked("10.0.0.7", at: 100))
        locks.fail("10.0.0.7", at: 100)

        #expect(locks.isLocked("10.0.0.7", at: 100))
        #expect(!locks.isLocked("10.0.0.8", at: 100))
        #expect(!locks.isLocked("10.0.0.7", at: 131))
    }

    @Test func `a given-out password opens nothing but the change of it`() async throws {
        let gateway = try await GatewaySample()
        let made = try await gateway.application.actions.add(
            login: "zhang.wei", name: "张伟", division: "150402", grant: AccountGrant(["aid:officer"]),
            within: .ownMachine,
            at: gateway.now, audit: .test)

        let first = try await gateway.post("/gateway/sign-in", ["login": "zhang.wei", "password": made.password])
        let token = try await gateway.claims(first.cookies)
        let changed = try await gateway.post(
            "/gateway/account/password",
            ["old": made.password, "new": "correct horse battery", "again": "correct horse battery"], first.cookies)
        let after = try await gateway.get("/gateway/refresh", changed.cookies)

        #expect(first.location == "/gateway/account")
        #expect(token.roles.isEmpty)
        #expect(changed.location?.hasPrefix("/gateway/refresh") == true)
        #expect(try await gateway.claims(after.cookies).roles == ["aid": ["officer"]])
    }

    @Test(arguments: [
        (["old": "wrong", "new": "another fine pass", "again": "another fine pass"], "现在的密码不对"),
        (["old": "correct horse battery", "new": "short", "again": "short"], "密码至少 10 个字符"),
        (["old": "correct horse battery", "new": "zhang.wei-zhang.wei", "again": "zhang.wei-zhang.wei"], "不能包含账号"),
        (["old": "correct horse battery", "new": "another fine pass", "again": "other"], "不一样"),
    ])
    func `a bad new password changes nothing and says why`(fields: [String: String], words: String) async throws {
        let gateway = try await GatewaySample()
        try await gateway.account("zhang.wei")
        let cookies = try await gateway.signedIn("zhang.wei")

        let answer = try await gateway.post("/gateway/account/password", fields, cookies)

        #expect(answer.status == 422)
        #expect(answer.text.contains(words))
        #expect(try await gateway.signedIn("zhang.wei")["minsheng_session"] != nil)
    }

    @Test(arguments: TestServer.engines) func `with an authenticator each code serves once, and a recovery code once`(
        _ engine: Engine
    ) async throws {
        let gateway = try await GatewaySample(engine)
        try await gateway.account("zhang.wei")
        let account = try await gateway.required("zhang.wei")
        let secret = try await gateway.application.actions.beginAuthenticator(account)
        func code() -> String { TimeBasedCode(secret: secret).code(atStep: UInt64(gateway.now) / 30) }
        let recovery = try await gateway.application.actions.confirmAuthenticator(
            account, code: code(), at: gateway.now, audit: .test)

        await #expect(throws: SignInRefusal.refused) { try await gateway.signedIn("zhang.wei") }
        await #expect(throws: SignInRefusal.refused) { try await gateway.signedIn("zhang.wei", code: code()) }
        gateway.wait(60)
        let fresh = code()
        _ = try await gateway.signedIn("zhang.wei", code: fresh)
        await #expect(throws: SignInRefusal.refused) { try await gateway.signedIn("zhang.wei", code: fresh) }
        _ = try await gateway.signedIn("zhang.wei", code: recovery[3].lowercased())
        await #expect(throws: SignInRefusal.refused) { try await gateway.signedIn("zhang.wei", code: recovery[3]) }
    }

    @Test func `an authenticator is turned on by its first code only`() async throws {
        let gateway = try await GatewaySample()
        try await gateway.account("zhang.wei")
        let cookies = try await gateway.signedIn("zhang.wei")

        let page = try await gateway.get("/gateway/account/authenticator", cookies)
        let wrong = try await gateway.post("/gateway/account/authenticator", ["code": "000000"], cookies)

        #expect(page.text.contains("<svg class=\"qr\""))
        #expect(wrong.status == 422)
        #expect(try await !gateway.required("zhang.wei").hasAuthenticator)
    }

    @Test(arguments: TestServer.engines) func `a session renews its token until it ends, idles or is blocked`(
        _ engine: Engine
    ) async throws {
        let gateway = try await GatewaySample(engine)
        let id = try await gateway.account("zhang.wei")
        let one = try await gateway.signedIn("zhang.wei")
        let two = try await gateway.signedIn("zhang.wei")

        gateway.wait(3600)
        let renewed = try await gateway.get("/gateway/refresh?return=http%3A%2F%2Flocalhost%3A8101%2Faid%2F", one)
        #expect(renewed.location == "http://localhost:8101/aid/")
        #expect(try await gateway.claims(renewed.cookies).exp == gateway.now + 900)

        _ = try await gateway.post("/gateway/sign-out", [:], one)
        let ended = try await gateway.get("/gateway/refresh", one)
        #expect(ended.location?.hasPrefix("/gateway/sign-in") == true)
        #expect(try await gateway.get("/gateway/refresh", two).location == "/gateway/")

        gateway.wait(2 * 3600 + 1)
        #expect(try await gateway.get("/gateway/refresh", two).location?.hasPrefix("/gateway/sign-in") == true)

        let three = try await gateway.signedIn("zhang.wei")
        try await gateway.application.accounts.block(id, within: .ownMachine, at: gateway.now, audit: .test)
        #expect(try await gateway.get("/gateway/refresh", three).location?.hasPrefix("/gateway/sign-in") == true)
    }

    @Test(arguments: [
        "https://evil.example/", "//evil.example/", "http://localhost@evil.example/", "javascript:alert(1)",
        "http://evil.example\\@localhost/", "http://localhost.evil.example/", "/\\evil.example", "ftp://localhost/x",
        "http://localhost:8101/a b", "",
    ])
    func `sign-in leads to no other site`(address: String) {
        #expect(ReturnAddress.checked(address, authority: "localhost:8100", hosts: ["aid.example.cn"]) == "/gateway/")
    }

    @Test(arguments: ["http://localhost:8101/aid/alerts?tier=red", "https://aid.example.cn/aid/"])
    func `sign-in leads back to the service that asked`(address: String) {
        #expect(ReturnAddress.checked(address, authority: "localhost:8100", hosts: ["aid.example.cn"]) == address)
    }

    @Test func `a program gets a token for credentials and a problem for wrong ones`() async throws {
        let gateway = try await GatewaySample()
        try await gateway.account("zhang.wei")
        let right = #"{"login":"zhang.wei","password":"correct horse battery"}"#

        let good = try await gateway.ask("/gateway/v1/token", .post, [:], right, type: "application/json")
        let bad = try await gateway.ask(
            "/gateway/v1/token", .post, [:], #"{"login":"zhang.wei","password":"x"}"#, type: "application/json")
        let form = try await gateway.ask("/gateway/v1/token", .post, [:], "login=a", type: "text/plain")

        #expect(good.status == 200)
        #expect(good.text.contains(#""token_type":"Bearer""#))
        #expect(good.headers[.setCookie] == nil)
        #expect(bad.status == 401)
        #expect(form.status == 415)
    }
}
