import Contracts
import HTTPTypes
import Hummingbird
import NIOCore
import Security
import ServiceKit
import SocialDomain
import Testing

@testable import AidService

/// aid's pages behind sign-in, with tokens of a gateway that only these tests have.
struct SignInTests {
    private static let now: Int64 = 1_000_000

    private static func keys(_ issuer: String) throws -> SigningKeys {
        try SigningKeys(issuer: issuer, seeds: [(1, [UInt8](repeating: 5, count: 32))])
    }

    private static func sample() async throws -> PageSample {
        let verifier = try await TokenVerifier(jwks: [keys("gateway").jwks()])
        return try PageSample(
            signIn: SignIn(
                .tokens(verifier, gateway: "http://127.0.0.1:8100"), formKey: [UInt8](repeating: 3, count: 32),
                now: { now }))
    }

    private static func token(
        _ roles: [String], division: String = "150402", issuedAt: Int64 = now
    ) async throws -> String {
        try await TokenIssuer(keys("gateway")).sign(
            AccessClaims(
                issuer: "gateway", subject: "a1", name: "测试员", kind: .person, roles: ["aid": roles], division: division,
                session: "s1", issuedAt: issuedAt))
    }

    private static func bearer(_ roles: [String], division: String = "150402") async throws -> HTTPFields {
        [.authorization: "Bearer \(try await token(roles, division: division))", .accept: "text/html, */*;q=0.1"]
    }

    private static func cookie(_ token: String) -> HTTPFields {
        [.cookie: "lang=zh; minsheng_token=\(token)", .accept: "text/html"]
    }

    /// A path of each route with something in place of its parameters.
    private static func address(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).map { part in
            switch part {
            case "{id}": path.contains("runs") ? "2" : "H1"
            case "{household}": "H1"
            case "{person}": "P1"
            case "{alert}": "1"
            case "{run}": "2"
            case "{file}": path.contains("v1") ? "medical-2026.csv" : "rejects.csv"
            case "{name}": "kit.css"
            default: String(part)
            }
        }.joined(separator: "/")
    }

    @Test func `every route is in the contract, and every contract has its route`() async throws {
        let routes = try await Self.sample().application.routes().contracts

        #expect(routes.count > 30)
        #expect(Set(routes) == Set(AidContract.all))
        #expect(routes.count == AidContract.all.count)
        #expect(Set(routes.map(\.id)).count == routes.count)
    }

    @Test func `without sign-in every route but the open ones leads to the gateway or is refused`() async throws {
        let sample = try await Self.sample()
        let routes = sample.application.routes().contracts
        #expect(routes.count > 15)

        for route in routes where route.access != .open {
            let address = Self.address(route.path)
            let page = try await sample.ask(
                address, route.httpMethod, [.accept: "text/html, */*;q=0.1"], nil)
            let program = try await sample.ask(address, route.httpMethod, [.accept: "application/json"], nil)

            #expect(page.status == (route.method == .get ? 303 : 401), "\(route.path)")
            #expect(program.status == 401, "\(route.path)")
            #expect(!page.text.contains("其其格") && !page.text.contains("乌****"), "\(route.path)")
        }
        #expect(sample.log.all.isEmpty)
    }

    @Test func `only assets, health and the first redirect are open`() async throws {
        let routes = try await Self.sample().application.routes().contracts

        #expect(
            routes.filter { $0.access == .open }.map(\.path).sorted() == [
                "/", "/aid/assets/{name}", "/aid/docs", "/aid/health/live", "/aid/health/ready", "/aid/openapi.json",
            ])
    }

    @Test func `an account without a role in aid gets nothing anywhere`() async throws {
        let sample = try await Self.sample()
        let headers = try await Self.bearer([])

        for route in sample.application.routes().contracts where route.access != .open {
            let answer = try await sample.ask(Self.address(route.path), route.httpMethod, headers, nil)
            #expect(answer.status == 403, "\(route.path)")
            #expect(!answer.text.contains("H1<"), "\(route.path)")
        }
        #expect(sample.log.all.isEmpty)
    }

    @Test func `a viewer sees and changes nothing`() async throws {
        let sample = try await Self.sample()
        let headers = try await Self.bearer(["viewer"])

        for route in sample.application.routes().contracts where route.method != .get {
            let answer = try await sample.ask(Self.address(route.path), route.httpMethod, headers, nil)
            #expect(answer.status == (route.access == AidContract.viewing ? 415 : 403), "\(route.path)")
        }
        #expect(try await sample.get("/aid/households/H1", headers: headers).status == 200)
        #expect(sample.log.all.isEmpty)
    }

    @Test func `a neighbour's account gets nothing of the household from any page`() async throws {
        let sample = try await Self.sample()
        let headers = try await Self.bearer(
            ["viewer", "officer", "reviewer", "operator"], division: "150403")

        for route in sample.application.routes().contracts where route.method == .get && route.access != .open {
            let answer = try await sample.get(Self.address(route.path), headers: headers)
            #expect(!answer.text.contains("其其格") && !answer.text.contains("乌****"), "\(route.path)")
            #expect(!answer.text.contains("H1<"), "\(route.path)")
        }
        #expect(try await sample.get("/aid/households/H1", headers: headers).status == 404)
        #expect(try await sample.get("/aid/runs/2/files/rejects.csv", headers: headers).status == 404)
        #expect(try await sample.get("/aid/?division=150402", headers: headers).status == 404)
    }

    @Test func `a cookie serves for pages, and each form carries its session's token`() async throws {
        let sample = try await Self.sample()
        let token = try await Self.token(["viewer", "officer"])

        let page = try await sample.get("/aid/feeds", headers: Self.cookie(token))

        #expect(page.status == 200)
        #expect(page.text.contains("测试员</a>"))
        #expect(page.text.contains(#"<input type="hidden" name="form_token" value=""#))
    }

    @Test func `a form without its token, or with another's, is refused`() async throws {
        let sample = try await Self.sample()
        let forms = try FormToken(key: [UInt8](repeating: 3, count: 32))
        let headers = Self.cookie(try await Self.token(["officer"]))
        let other = QueryItems.encoded(forms.token(session: "s2"))
        let own = QueryItems.encoded(forms.token(session: "s1"))

        let bare = try await sample.post("/aid/households/H1/close", "alert=1&note=ok", headers: headers)
        let foreign = try await sample.post(
            "/aid/households/H1/close", "alert=1&note=ok&form_token=\(other)", headers: headers)
        #expect(sample.log.all.isEmpty)
        let good = try await sample.post(
            "/aid/households/H1/close", "alert=1&note=ok&form_token=\(own)", headers: headers)

        #expect(bare.status == 403)
        #expect(foreign.status == 403)
        #expect(good.status == 303)
        #expect(sample.log.all == ["close 1 ok"])
    }

    @Test func `an upload shows its form's token before its first file`() async throws {
        let sample = try await Self.sample()
        let own = try FormToken(key: [UInt8](repeating: 3, count: 32)).token(session: "s1")
        var headers = Self.cookie(try await Self.token(["officer"]))
        headers[.contentType] = "multipart/form-data; boundary=b"
        let file = "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.csv\"\r\n\r\nx\r\n"
        let field = "--b\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n\(own)\r\n"

        for body in [file + "--b--\r\n", file + field + "--b--\r\n"] {
            let answer = try await sample.ask("/aid/feeds", .post, headers, ByteBuffer(string: body))
            #expect(answer.status == 403)
        }
        let good = try await sample.ask("/aid/feeds", .post, headers, ByteBuffer(string: field + file + "--b--\r\n"))

        #expect(good.status == 200)
        #expect(sample.log.all == ["take in a.csv 1 x"])
    }

    @Test func `a token near its end goes by the gateway first and comes back`() async throws {
        let sample = try await Self.sample()
        let token = try await Self.token(["viewer"], issuedAt: Self.now - 700)

        let answer = try await sample.get("/aid/alerts?tier=red", headers: Self.cookie(token))

        #expect(answer.status == 303)
        #expect(
            answer.headers[.location]
                == "http://localhost:8100/gateway/refresh?return=http%3A%2F%2Flocalhost%2Faid%2Falerts%3Ftier%3Dred")
    }

    @Test func `an ended or forged token is as good as none`() async throws {
        let sample = try await Self.sample()
        let old = try await Self.token(["viewer"], issuedAt: Self.now - 901)
        let bearer: HTTPFields = [.authorization: "Bearer \(old)", .accept: "text/html"]

        #expect(try await sample.get("/aid/alerts", headers: bearer).status == 401)
        #expect(try await sample.get("/aid/alerts", headers: Self.cookie(old)).status == 303)
        #expect(try await sample.get("/aid/alerts", headers: Self.cookie("a.b.c")).status == 303)
    }
}

/// What aid's log says of what people did.
struct AuditTrailTests {
    private static func entries(_ sample: PageSample) throws -> [String] {
        try sample.database.lines("SELECT action, subject, division, reason FROM audit_entry ORDER BY sequence")
    }

    @Test func `every look at a household stands in the log before the page is answered`() async throws {
        let sample = try PageSample()

        _ = try await sample.get("/aid/households/H1")
        _ = try await sample.get("/aid/households/NOBODY")

        #expect(try Self.entries(sample) == ["household.look|H1|150402001002|"])
    }

    @Test func `a search leaves neither name nor number in the log`() async throws {
        let sample = try PageSample()

        for who in ["11010519491231002X", "%E6%9D%8E%E5%BC%BA", "nobody"] {
            _ = try await sample.post("/aid/households", "who=\(who)")
        }

        #expect(
            try Self.entries(sample) == [
                "household.search|H1|150402001002|1", "household.search|H2|150403001002|1", "household.search|||0",
            ])
    }

    @Test func `whoever cannot be recorded may not look`() async throws {
        let sample = try PageSample()
        try sample.database.run("DELETE FROM audit_head")

        let answer = try await sample.get("/aid/households/H1")

        #expect(answer.status == 500)
        #expect(!answer.text.contains("其其格"))
    }

    @Test func `exports, uploads and runs stand in the log`() async throws {
        let sample = try PageSample()

        _ = try await sample.get("/aid/alerts/export.csv")
        _ = try await sample.post("/aid/runs", "as_of=2026-06-30")
        _ = try await sample.post("/aid/runs/9/stop", "")
        _ = try await sample.get("/aid/runs/2/files/rejects.csv")

        #expect(
            try Self.entries(sample) == [
                "alert.export|||csv", "run.start|9||2026-06-30", "run.stop|9||", "run.download|2||rejects.csv",
            ])
    }

    @Test func `an auditor's page shows who looked at whom`() async throws {
        let sample = try PageSample()
        _ = try await sample.get("/aid/households/H1")

        let page = try await sample.get("/aid/audit?subject=H1")
        let file = try await sample.get("/aid/audit/export.csv")

        #expect(page.status == 200)
        #expect(page.text.contains("查看家庭"))
        #expect(file.text.contains("household.look,H1,150402001002"))
    }
}
