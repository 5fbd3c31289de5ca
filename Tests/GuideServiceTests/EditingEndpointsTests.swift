import Foundation
import HTTPTypes
import ServiceKit
import Storage
import TestDatabases
import Testing

@testable import GuideService

struct EditingEndpointsTests {
    private static func headers(_ id: String, tag: Int64? = nil, key: String? = nil) async throws -> HTTPFields {
        var headers = try await CycleSample.headers(id, page: false)
        headers[.contentType] = "application/json"
        if let tag { headers[.ifMatch] = "\"\(tag)\"" }
        if let key, let name = HTTPField.Name("Idempotency-Key") { headers[name] = key }
        return headers
    }

    private static func body(_ content: ItemContent) throws -> String {
        "{\"elements\":\(try CatalogueStore.json(content))}"
    }

    @Test(arguments: TestServer.engines)
    func `a program edits, hands in, and another publishes`(_ engine: Engine) async throws {
        try await CycleSample.with(engine) { sample in
            try await sample.publish(CycleSample.content("A1"))
            let app = try await sample.signedIn()
            let path = "/guide/v1/drafts/A1"
            func post(_ step: String, _ id: String, _ body: String? = nil) async throws -> CycleSample.Answer {
                try await CycleSample.ask(
                    app, "\(path)/\(step)", .post, Self.headers(id, tag: sample.tag("A1")), body: body)
            }

            #expect(try await post("claim", "ann").status == 200)
            let draft = try await CycleSample.ask(app, path, .get, Self.headers("ann"))
            #expect(draft.headers[.eTag] == "\"1000001\"")
            let saved = try await CycleSample.ask(
                app, path, .put, Self.headers("ann", tag: 1_000_001),
                body: Self.body(CycleSample.content("A1", name: "新名称")))
            #expect(saved.status == 200)
            #expect(saved.headers[.eTag] == "\"2000001\"")
            #expect(saved.text.contains("\"state\":\"draft\""))
            #expect(try await post("submit", "ann").status == 200)
            let own = try await post("review", "ann", "{\"decision\":\"approve\"}")
            #expect(own.status == 409)
            #expect(own.text.contains("\"code\":\"refused\""))
            #expect(try await post("publish", "ben", "{}").status == 409)
            #expect(try await post("review", "ben", "{\"decision\":\"approve\"}").status == 200)
            let published = try await post("publish", "ben", "{}")
            #expect(published.text.contains("\"isPublished\":true"))
            let shown = try await CycleSample.ask(app, "/guide/v1/items/A1", .get, [.accept: "application/json"])
            #expect(shown.text.contains("\"name\":\"新名称\""))
            #expect(try await post("withdraw", "ben", "{\"reason\":\"停办\"}").status == 200)
            let gone = try await CycleSample.ask(app, "/guide/v1/items/A1", .get, [.accept: "application/json"])
            #expect(gone.status == 404)
            #expect(try await post("restore", "ben").status == 200)
            #expect(try await post("confirm", "ann").status == 200)
        }
    }

    @Test func `a stale or missing version is refused`() async throws {
        try await CycleSample.with(.sqlite) { sample in
            try await sample.publish(CycleSample.content("A1"))
            try await sample.desk(CycleSample.ann) { try $0.claim("A1") }
            let app = try await sample.signedIn()
            let body = try Self.body(CycleSample.content("A1", name: "新名称"))

            let missing = try await CycleSample.ask(
                app, "/guide/v1/drafts/A1", .put, Self.headers("ann"), body: body)
            let stale = try await CycleSample.ask(
                app, "/guide/v1/drafts/A1", .put, Self.headers("ann", tag: 1_000_007), body: body)

            #expect(missing.status == 428)
            #expect(stale.status == 412)
            #expect(stale.text.contains("\"code\":\"stale\""))
            #expect(try await sample.item("A1")?.head.number == 1)
        }
    }

    @Test func `a bad content names the place of each fault`() async throws {
        try await CycleSample.with(.sqlite) { sample in
            try await sample.publish(CycleSample.content("A1"))
            try await sample.desk(CycleSample.ann) { try $0.claim("A1") }
            let app = try await sample.signedIn()
            var content = CycleSample.content("A1")
            content.kind = "魔法"
            content.summary = String(repeating: "长", count: 10_000)
            content.steps = [.init(name: "申请", text: "去窗口", channels: ["window"])]

            let wrong = try await CycleSample.ask(
                app, "/guide/v1/drafts/A1", .put, Self.headers("ann", tag: 1_000_001), body: Self.body(content))
            let broken = try await CycleSample.ask(
                app, "/guide/v1/drafts/A1", .put, Self.headers("ann", tag: 1_000_001),
                body: "{\"elements\":{\"code\":1}}")

            #expect(wrong.status == 422)
            for field in ["/kind", "/summary", "/steps"] { #expect(wrong.text.contains("\"pointer\":\"\(field)\"")) }
            #expect(broken.status == 422)
            #expect(broken.text.contains("\"pointer\":\"/elements/code\""))
        }
    }

    @Test func `the same key hands in once`() async throws {
        try await CycleSample.with(.sqlite) { sample in
            try await sample.publish(CycleSample.content("A1"))
            let app = try await sample.signedIn()
            let headers = try await Self.headers("ann", key: "k1")

            let first = try await CycleSample.ask(app, "/guide/v1/drafts/A1/claim", .post, headers)
            let second = try await CycleSample.ask(app, "/guide/v1/drafts/A1/claim", .post, headers)

            #expect(first.status == 200)
            #expect(second.text == first.text)
            #expect(try await sample.log("A1") == ["item.claim"])
        }
    }
}
