import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Security
import ServiceKit
import Storage
import Testing

@testable import AidService

/// Pages and endpoints of the rescue chain, and what other services may ask.
struct RescuePagesTests {
    private static let now: Int64 = 1_000_000

    private static func keys(_ issuer: String) throws -> SigningKeys {
        try SigningKeys(issuer: issuer, seeds: [(1, [UInt8](repeating: issuer == "gateway" ? 5 : 6, count: 32))])
    }

    private static func sample(_ sql: String = "") async throws -> PageSample {
        let verifier = try await TokenVerifier(jwks: [
            keys("gateway").jwks(), keys("training").jwks(), keys("care").jwks(),
        ])
        let sample = try PageSample(
            sql,
            signIn: SignIn(
                .tokens(verifier, gateway: "http://127.0.0.1:8100"), formKey: [UInt8](repeating: 3, count: 32),
                now: { now }))
        try await Outbox(database: sample.database.database).setReceivers([
            EventReceiver(name: "training", address: "http://127.0.0.1:1/training", types: [TrainingNeed.eventType])
        ])
        return sample
    }

    private static func person(_ roles: [String], division: String = "150402") async throws -> HTTPFields {
        let token = try await TokenIssuer(keys("gateway")).sign(
            AccessClaims(
                issuer: "gateway", subject: "a1", name: "测试员", kind: .person, roles: ["aid": roles], division: division,
                session: "s1", issuedAt: now))
        return [.authorization: "Bearer \(token)", .accept: "text/html, */*;q=0.1"]
    }

    private static func service(_ name: String) async throws -> HTTPFields {
        let tokens = ServiceTokens(
            try await TokenIssuer(keys(name)), now: { Date(timeIntervalSince1970: Double(Self.now)) })
        return [.authorization: "Bearer \(try await tokens.token())", .accept: "application/json"]
    }

    private static func status(_ sample: PageSample, _ number: String, _ headers: HTTPFields) async throws
        -> PageSample.Answer
    {
        var headers = headers
        headers[.contentType] = "application/json"
        headers[.accept] = "application/json"
        return try await sample.ask(
            "/aid/v1/statuses", .post, headers, ByteBuffer(string: #"{"idNumber":"\#(number)"}"#))
    }

    // MARK: - What services ask

    @Test func `a service learns whether a number belongs to a low-income household, and nothing else`() async throws {
        let sample = try await Self.sample(
            """
            ;UPDATE household SET category = 'monitored' WHERE household_id = 'H2';
            UPDATE person SET id_number = '110101199003070134' WHERE person_id = 'P3'
            """)
        let training = try await Self.service("training")

        let known = try await Self.status(sample, "11010519491231002x", training)
        let watched = try await Self.status(sample, "110101199003070134", training)
        let stranger = try await Self.status(sample, "110101199003070003", training)
        let wrong = try await Self.status(sample, "110101199003070001", training)

        #expect(known.status == 200)
        #expect(known.text == #"{"category":"dibao","isLowIncome":true}"#)
        #expect(watched.text == #"{"category":"monitored","isLowIncome":false}"#)
        #expect(stranger.text == #"{"isLowIncome":false}"#)
        #expect(wrong.status == 422)
        #expect(wrong.text.contains("/idNumber"))
        #expect(
            try sample.database.lines(
                "SELECT name, action, subject, division, reason FROM audit_entry ORDER BY sequence") == [
                    "training|status.ask|P1|150402001002|yes", "training|status.ask|P3|150403001002|no",
                    "training|status.ask|||no",
                ])
    }

    @Test func `a person may ask no status, whatever the roles`() async throws {
        let sample = try await Self.sample()
        let roles = ["viewer", "officer", "reviewer", "operator", "auditor"]

        let answer = try await Self.status(sample, "11010519491231002X", Self.person(roles, division: "15"))
        let name = try await sample.ask(
            "/aid/v1/people/P1?purpose=training", .get, Self.person(roles, division: "15"), nil)

        #expect(answer.status == 403)
        #expect(name.status == 403)
        #expect(!name.text.contains("乌兰"))
        #expect(try sample.database.lines("SELECT 1 FROM audit_entry").isEmpty)
    }

    @Test
    func `training learns who a person is only where training was asked, for that purpose, and each time is recorded`()
        async throws
    {
        let asked = """
            ;INSERT INTO training_request (person_id, household_id, division, asked_at, asked_by, run_id)
            VALUES ('P1', 'H1', '150402001002', '2026-06-30T08:00:00Z', '', 2),
                ('P3', 'H2', '150403001002', '2026-06-30T08:00:00Z', '', 2)
            """
        let sample = try await Self.sample(asked)
        let training = try await Self.service("training")

        let known = try await sample.ask("/aid/v1/people/P1?purpose=training", .get, training, nil)
        let notAsked = try await sample.ask("/aid/v1/people/P2?purpose=training", .get, training, nil)
        let numberless = try await sample.ask("/aid/v1/people/P3?purpose=training", .get, training, nil)
        let otherPurpose = try await sample.ask("/aid/v1/people/P1?purpose=curiosity", .get, training, nil)
        let noPurpose = try await sample.ask("/aid/v1/people/P1", .get, training, nil)
        let otherService = try await sample.ask("/aid/v1/people/P1?purpose=training", .get, Self.service("care"), nil)

        #expect(
            known.text == """
                {"division":"150402001002","household":"H1","idNumber":"11010519491231002X","isLowIncome":true,\
                "name":"乌兰其其格","person":"P1","settlement":"urban"}
                """)
        #expect(notAsked.status == 404)
        #expect(numberless.status == 409)
        #expect(numberless.text.contains("number-missing"))
        let statuses = [otherPurpose.status, noPurpose.status, otherService.status]
        #expect(statuses == [422, 422, 403])
        #expect(
            try sample.database.lines("SELECT kind, name, action, subject, division, reason FROM audit_entry") == [
                "service|training|person.disclose|P1|150402001002|training"
            ])
    }

    // MARK: - The household's page

    private static let chained: @Sendable (PageSample) throws -> Void = { sample in
        try sample.database.write { db in
            try RescueChain.append(
                [
                    RescueEvent(
                        household: "H1", division: "150402001002", kind: .alertFound, day: "2026-05-31",
                        title: "发现预警", reference: "alert:1:run:1",
                        payload: #"{"alert":1,"direction":"support","points":60,"run":1,"tier":"red"}"#),
                    RescueEvent(
                        household: "H1", division: "150402001002", kind: .enrolled, day: "2026-07-03", person: "P1",
                        title: "育婴员一班", source: "training", reference: "enrolled:enrollment:17",
                        payload: #"{"level":5,"trade":"4-10-01-02"}"#),
                ], at: "2026-07-03T08:00:00Z", in: db)
        }
    }

    @Test func `the household's page shows the chain, the newest first, in both languages`() async throws {
        let sample = try await Self.sample()
        try Self.chained(sample)
        let viewer = try await Self.person(["viewer"])

        let page = try await sample.get("/aid/households/H1", headers: viewer)
        var english = viewer
        english[.cookie] = "lang=en"
        let other = try await sample.get("/aid/households/H1", headers: english)

        #expect(page.text.contains("2026年7月3日 · 职业技能培训"))
        #expect(page.text.contains("<strong>参加培训</strong>"))
        #expect(page.text.contains("乌兰其其格 · 育婴员一班 · 五级/初级工"))
        #expect(page.text.contains("需帮扶 · 60 分"))
        let (newest, oldest) = (
            page.text.firstRange(of: "<strong>参加培训</strong>"), page.text.firstRange(of: "<strong>发现预警</strong>")
        )
        #expect(try #require(newest).lowerBound < (try #require(oldest)).lowerBound)
        #expect(other.text.contains("<strong>Enrolled in training</strong>"))
        #expect(!other.text.contains("⟦"))
        // A viewer does not ask for training.
        #expect(!page.text.contains("training-form"))
    }

    @Test func `programs read the chain with its hashes, a neighbour's program does not`() async throws {
        let sample = try await Self.sample()
        try Self.chained(sample)

        let answer = try await sample.get("/aid/v1/households/H1/chain", headers: Self.person(["viewer"]))
        let neighbour = try await sample.get(
            "/aid/v1/households/H1/chain", headers: Self.person(["viewer"], division: "150403"))

        #expect(answer.status == 200)
        #expect(answer.text.contains(#""kind":"enrolled""#))
        #expect(answer.text.contains(#""sequence":2"#))
        #expect(neighbour.status == 404)
    }

    @Test func `an officer asks for training on the household's page, once`() async throws {
        let sample = try await Self.sample("; UPDATE person SET birth_date = '1985-05-06' WHERE person_id = 'P1'")
        let officer = try await Self.person(["officer", "viewer"])

        let page = try await sample.get("/aid/households/H1", headers: officer)
        let first = try await sample.post("/aid/households/H1/training", "person=P1", headers: officer)
        let again = try await sample.post("/aid/households/H1/training", "person=P1", headers: officer)
        let child = try await sample.post("/aid/households/H1/training", "person=P2", headers: officer)
        let nobody = try await sample.post("/aid/households/H1/training", "", headers: officer)
        let neighbour = try await sample.post(
            "/aid/households/H1/training", "person=P1", headers: Self.person(["officer"], division: "150403"))
        let after = try await sample.get("/aid/households/H1", headers: officer)

        #expect(page.text.contains(#"<option value="P1">乌兰其其格</option>"#))
        #expect(!page.text.contains(#"<option value="P2">"#))
        #expect(first.status == 303)
        #expect(first.headers[.location] == "/aid/households/H1#chain")
        let statuses = [again.status, child.status, nobody.status, neighbour.status]
        #expect(statuses == [409, 409, 409, 404])
        #expect(again.text.contains("已经为这名成员请求过培训"))
        #expect(child.text.contains("不在 16 至 59 岁的劳动年龄内"))
        #expect(!after.text.contains("training-form"))
        #expect(after.text.contains("<strong>请求培训</strong>"))
        #expect(
            try sample.database.lines("SELECT count(*) FROM chain_entry")
                + sample.database.lines(
                    "SELECT count(*) FROM outbox_event") == ["1", "1"])
    }
}
