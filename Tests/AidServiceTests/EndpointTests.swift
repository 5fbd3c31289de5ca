import Foundation
import HTTPTypes
import NIOCore
import ServiceKit
import Testing

@testable import AidService

/// aid's JSON API over the small database of the pages' tests.
struct EndpointTests {
    private static let json: HTTPFields = [.accept: "application/json", .contentType: "application/json"]

    private static func with(_ name: String, _ value: String) -> HTTPFields {
        var headers = json
        if let name = HTTPField.Name(name) { headers[name] = value }
        return headers
    }

    private static func send(
        _ sample: PageSample, _ path: String, _ body: String, _ headers: HTTPFields = json
    ) async throws -> PageSample.Answer {
        try await sample.ask(path, .post, headers, ByteBuffer(string: body))
    }

    // MARK: - Reading

    @Test func `a household comes with members, masked numbers and alerts`() async throws {
        let sample = try PageSample()

        let answer = try await sample.get("/aid/v1/households/H1", headers: Self.json)

        #expect(answer.status == 200)
        #expect(answer.headers[.contentType] == "application/json")
        #expect(
            answer.text
                == #"{"alerts":[{"changedAt":"2026-06-30T01:00:00Z","direction":"support","household":"H1","id":1,"openedAt":"2026-05-31T01:00:00Z","points":60,"signals":[{"facts":{"medicalSelfPaid":42000.5},"indicator":"S01","points":40,"subject":"H1"},{"facts":{"severelyDisabled":1},"indicator":"S03","points":20,"subject":"P1"}],"state":"open","tier":"red"}],"category":"dibao","division":"150402001002","enrolledOn":"2021-08-13","id":"H1","incomePerCapita":"784.33","isRegistered":true,"members":[{"birthDate":"1949-12-31","id":"P1","idNumber":"110105********002X","name":"乌兰其其格","relation":"head","sex":"female"},{"birthDate":"2015-02-03","id":"P2","name":"<b>巴特尔</b>","relation":"child","sex":"male"}],"settlement":"urban"}"#
        )
        #expect(
            try sample.database.lines("SELECT action, subject, division FROM audit_entry") == [
                "household.look|H1|150402001002"
            ])
    }

    @Test func `a list is read page by page to its end`() async throws {
        let sample = try PageSample(
            """
            INSERT INTO alert (alert_id, household_id, division, direction, state, tier, points, opened_at, opened_run,
                changed_at, changed_run)
            VALUES (3, 'H2', '150403001002', 'support', 'open', 'orange', 45, '2026-05-31T01:00:00Z', 1,
                '2026-06-30T01:00:00Z', 2);
            """)

        let first = try await sample.get("/aid/v1/alerts?limit=1", headers: Self.json)
        let second = try await sample.get("/aid/v1/alerts?limit=1&cursor=60~support~1~H1", headers: Self.json)

        #expect(first.text.contains(#""next":"60~support~1~H1""#))
        #expect(first.text.contains(#""head":"乌****""#))
        #expect(second.text.contains(#""household":"H2""#))
        #expect(!second.text.contains("next"))
    }

    // MARK: - Refusing

    @Test func `every bad parameter and field is named at once, in the reader's language`() async throws {
        let sample = try PageSample()

        let query = try await sample.get("/aid/v1/alerts?tier=pink&limit=1000&colour=red", headers: Self.json)
        let body = try await Self.send(sample, "/aid/v1/runs", #"{"asOf":"2026-02-30","rules":1}"#)

        #expect(query.status == 422)
        #expect(query.headers[.contentType] == "application/problem+json")
        #expect(
            query.text.contains(
                #""errors":[{"detail":"只能是：red、orange、yellow。","parameter":"tier"},{"detail":"不能大于 200。","parameter":"limit"},{"detail":"没有这个参数，请去掉。","parameter":"colour"}]"#
            ))
        #expect(body.status == 422)
        #expect(
            body.text.contains(
                #""errors":[{"detail":"应为存在的日期，写作 2026-06-30。","pointer":"/asOf"},{"detail":"没有这一项，请去掉。","pointer":"/rules"}]"#
            ))
        #expect(sample.log.all.isEmpty)
    }

    @Test(arguments: [
        ("text/plain", "{}", 415, "unsupported-media-type"), ("application/json", "{", 400, "bad-json"),
        ("application/json", "[]", 422, "invalid"),
        ("application/json", #"{"asOf":""# + String(repeating: "9", count: 70_000) + #""}"#, 413, "too-large"),
    ])
    func `a body that cannot be read is refused for what it is`(
        _ type: String, _ body: String, _ status: Int, _ code: String
    ) async throws {
        let sample = try PageSample()

        let answer = try await Self.send(sample, "/aid/v1/runs", body, [.contentType: type])

        #expect(answer.status == status)
        #expect(answer.text.contains(#""code":"\#(code)""#))
    }

    @Test func `what is not given is told`() async throws {
        let sample = try PageSample()

        #expect(try await sample.get("/aid/v1/alerts", headers: [.accept: "text/csv"]).status == 406)
        #expect(
            try await sample.get("/aid/v1/alerts", headers: [.accept: "text/csv, application/*;q=0.2"]).status == 200)
        #expect(try await sample.get("/aid/v1/alerts", headers: [.accept: "application/json;q=0"]).status == 406)
        #expect(try await sample.get("/aid/v1/households/NOBODY", headers: Self.json).status == 404)
        #expect(try await sample.get("/aid/v1/alerts?cursor=x", headers: Self.json).status == 422)
        #expect(try await sample.ask("/aid/v1/alerts", .delete, Self.json, nil).headers[.allow] == "GET, HEAD")
    }

    // MARK: - Changing

    @Test func `a change names the version that it is made on`() async throws {
        let sample = try PageSample()
        let tag = try await sample.get("/aid/v1/alerts/1", headers: Self.json).headers[.eTag]
        let note = #"{"note":"入户核查属实，已纳入。"}"#

        let without = try await Self.send(sample, "/aid/v1/alerts/1/close", note)
        let stale = try await Self.send(sample, "/aid/v1/alerts/1/close", note, Self.with("If-Match", "\"0\""))
        let done = try await Self.send(sample, "/aid/v1/alerts/1/close", note, Self.with("If-Match", tag ?? ""))
        let again = try await Self.send(sample, "/aid/v1/alerts/1/close", note, Self.with("If-Match", "\"2\""))

        #expect(tag == "\"1\"")
        #expect(without.status == 428)
        #expect(stale.status == 412)
        #expect(done.status == 200)
        #expect(done.headers[.eTag] == "\"2\"")
        #expect(done.text.contains(#""state":"closed""#))
        #expect(again.status == 409)
        #expect(try sample.database.lines("SELECT count(*) FROM alert_change WHERE change = 'closed'") == ["1"])
    }

    @Test func `a request that is sent again with its key does nothing twice and gets the same answer`() async throws {
        let sample = try PageSample()
        var headers = Self.with("If-Match", "\"1\"")
        if let name = HTTPField.Name("Idempotency-Key") { headers[name] = "k1" }

        let first = try await Self.send(sample, "/aid/v1/alerts/1/close", #"{"note":"属实"}"#, headers)
        let second = try await Self.send(sample, "/aid/v1/alerts/1/close", #"{"note":"属实"}"#, headers)
        let other = try await Self.send(sample, "/aid/v1/alerts/1/close", #"{"note":"不属实"}"#, headers)

        #expect(first.status == 200)
        #expect(second.status == 200)
        #expect(second.text == first.text)
        #expect(second.headers[.eTag] == "\"2\"")
        #expect(other.status == 422)
        #expect(other.text.contains(#""code":"key-reused""#))
        #expect(try sample.database.lines("SELECT count(*) FROM alert_change WHERE change = 'closed'") == ["1"])
    }

    @Test func `an answer that is known already is not sent again`() async throws {
        let sample = try PageSample()

        let answer = try await sample.get("/aid/v1/alerts/1", headers: [.ifNoneMatch: "\"1\""])

        #expect(answer.status == 304)
        #expect(answer.text.isEmpty)
    }

    @Test func `a file is handed over as the body itself`() async throws {
        let sample = try PageSample()

        let empty = try await sample.ask("/aid/v1/feeds/medical-2026.csv", .put, Self.json, ByteBuffer())
        let folder = try await sample.ask("/aid/v1/feeds/a%2Fb.csv", .put, Self.json, ByteBuffer(string: "x"))
        let taken = try await sample.ask(
            "/aid/v1/feeds/medical-2026.csv", .put, Self.json, ByteBuffer(string: "settlement_no\n"))
        let refused = try await sample.ask("/aid/v1/feeds/a.pdf", .put, Self.json, ByteBuffer(string: "x"))

        #expect(empty.status == 400)
        #expect(folder.status == 422)
        // The sample's action takes it and keeps no list.
        #expect(taken.status == 404)
        #expect(refused.status == 409)
        #expect(sample.log.all == ["take in medical-2026.csv 14 settlement_no\n", "take in a.pdf 1 x"])
    }

    // MARK: - The contract itself

    @Test func `the contract is served as OpenAPI and as a page`() async throws {
        let sample = try PageSample()

        let document = try await sample.get("/aid/openapi.json", headers: Self.json)
        let page = try await sample.get("/aid/docs")

        #expect(document.text.contains(#""openapi":"3.1.0""#))
        #expect(document.text.contains(#""operationId":"closeAlert""#))
        #expect(document.text.contains(##""$ref":"#/components/schemas/Household""##))
        #expect(page.status == 200)
        #expect(page.text.contains("/aid/v1/alerts/{alert}/close"))
        #expect(page.text.contains("officer, reviewer"))
    }
}
