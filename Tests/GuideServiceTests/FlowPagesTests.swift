import HTTPTypes
import NIOCore
import Security
import ServiceKit
import Storage
import TestDatabases
import TestPages
import Testing

@testable import GuideService

/// Guided questions on their pages, and the two people behind them.
struct FlowPagesTests {
    private static func put(_ json: String, in sample: GuideSample) throws {
        try sample.store.database.writeBlocking { db in
            try FlowStore.addShipped(FlowStore.flow(json), json: json, at: "2026-06-30T02:00:00Z", in: db)
        }
    }

    @Test(arguments: TestServer.engines)
    func `one question a page, the answers in the address, at the end what to do`(_ engine: Engine) async throws {
        let sample = try await GuideSample(engine)
        try Self.put(FlowSample.json(), in: sample)

        #expect(try await sample.get("/guide/flows").text.contains("href=\"/guide/flows/shop\""))
        let first = try await sample.get("/guide/flows/shop")
        #expect(first.text.contains("<h1>卖吃的吗？</h1>") && first.text.contains("第 1 题，后面最多还有 1 题"))
        #expect(first.text.contains("href=\"/guide/flows/shop?a=yes\""))
        let second = try await sample.get("/guide/flows/shop?a=yes")
        #expect(second.text.contains("<h1>请人吗？</h1>") && second.text.contains("含家人"))
        #expect(second.text.contains("href=\"/guide/flows/shop\">上一题"))
        let end = try await sample.get("/guide/flows/shop?a=yes.one", GuidePeople.phone)
        #expect(end.text.contains("<h1>要办的事</h1>") && end.text.contains("href=\"/guide/items/100\""))
        // Back, and any answer anew.
        #expect(end.text.contains("href=\"/guide/flows/shop?a=yes\">上一题"))
        #expect(try await sample.get("/guide/flows/shop?a=no").text.contains("没有要办的事项"))
        #expect(try await sample.get("/guide/flows/shop?a=yes.x").text.contains("问题有过调整"))
        #expect(try await sample.get("/guide/flows/none").status == 404)
        let script = try await sample.get("/guide/flows/shop?a=%3Cscript%3Ealert(1)%3C/script%3E")
        #expect(script.status == 200 && !script.text.contains("<script>alert"))
        #expect(try await sample.get("/guide/flows/shop?a=\(String(repeating: "yes.", count: 1000))").status == 200)
    }

    @Test(arguments: TestServer.engines)
    func `a draft that renames an item does not take it from a flow`(_ engine: Engine) async throws {
        let sample = try await GuideSample(engine)
        try Self.put(FlowSample.json(), in: sample)
        _ = try await sample.store.database.write { db in
            try db.execute("UPDATE item SET name = '食品经营许可和备案' WHERE code = '100'")
            try db.execute(
                """
                INSERT INTO edition (item_id, number, state, content, edited_by, edited_name, edited_at)
                SELECT item_id, 2, 'draft', content, 'e', 'e', '2026-06-30T02:00:00Z' FROM edition
                """)
        }

        let end = try await sample.get("/guide/flows/shop?a=yes.one")

        #expect(end.text.contains("href=\"/guide/items/100\""))
    }

    // MARK: - Editing

    private static func edit(
        _ path: String, _ json: String, action: String = "save", version: String = "", _ headers: HTTPFields,
        in sample: GuideSample
    ) async throws -> GuideSample.Answer {
        let fields = [("version", version), ("content", json), ("do", action)].map { name, value in
            "--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        var all = headers
        all[.contentType] = "multipart/form-data; boundary=b"
        return try await sample.ask(path, .post, all, ByteBuffer(string: fields.joined() + "--b--\r\n"))
    }

    @Test(arguments: TestServer.engines)
    func `one person writes and another publishes`(_ engine: Engine) async throws {
        let sample = try await GuideSample(engine, signIn: GuidePeople.signIn())
        let writer = try await GuidePeople.headers("writer", ["editor", "reviewer"])
        let other = try await GuidePeople.headers("other", ["reviewer"])
        let path = "/guide/manage/flows"

        let saved = try await Self.edit("\(path)/new", FlowSample.json(), writer, in: sample)
        #expect(saved.status == 303 && saved.location == "\(path)/shop")
        #expect(try await sample.get("/guide/flows/shop").status == 404)
        #expect(try await sample.get("\(path)/shop/preview?edition=1", writer).text.contains("卖吃的吗？"))
        #expect(try await sample.post("\(path)/shop/submit", [:], writer).status == 303)
        // Not by the one who wrote it, whatever the roles.
        let own = try await sample.post("\(path)/shop/publish", [:], writer)
        #expect(own.status == 422 && own.text.contains("不能审核自己写的内容"))
        let unseen = try await sample.post("\(path)/shop/publish", ["number": "7"], other)
        #expect(unseen.status != 303)
        #expect(try await sample.post("\(path)/shop/publish", ["note": "好"], other).status == 303)
        #expect(try await sample.get("/guide/flows/shop").status == 200)

        // The next edition: given back, changed, published; citizens see the first until then.
        let next = FlowSample.json().replacing("卖吃的吗？", with: "卖食品吗？")
        #expect(try await Self.edit("\(path)/shop", next, writer, in: sample).status == 303)
        #expect(try await sample.post("\(path)/shop/submit", [:], writer).status == 303)
        #expect(try await Self.edit("\(path)/shop", next, version: "1", writer, in: sample).text.contains("正在等待审核"))
        #expect(try await sample.post("\(path)/shop/return", ["note": "再想想"], other).status == 303)
        #expect(try await sample.get("/guide/flows/shop").text.contains("卖吃的吗？"))
        #expect(try await Self.edit("\(path)/shop", next, writer, in: sample).status == 303)
        #expect(try await sample.post("\(path)/shop/submit", [:], writer).status == 303)
        #expect(try await sample.post("\(path)/shop/publish", [:], other).status == 303)
        #expect(try await sample.get("/guide/flows/shop").text.contains("卖食品吗？"))
        let editions = try await sample.application.flows.editions("shop").map(\.state)
        #expect(editions == [.published, .returned, .published])

        #expect(try await sample.post("\(path)/shop/withdraw", [:], other).status == 303)
        #expect(try await sample.get("/guide/flows/shop").status == 404)
    }

    @Test(arguments: TestServer.engines)
    func `nobody who had a hand in an edition publishes it, whoever changed it last`(_ engine: Engine) async throws {
        let sample = try await GuideSample(engine, signIn: GuidePeople.signIn())
        let first = try await GuidePeople.headers("first", ["editor", "reviewer"])
        let second = try await GuidePeople.headers("second", ["editor", "reviewer"])
        let third = try await GuidePeople.headers("third", ["editor", "reviewer"])
        let fourth = try await GuidePeople.headers("fourth", ["reviewer"])
        let path = "/guide/manage/flows"

        #expect(try await Self.edit("\(path)/new", FlowSample.json(), first, in: sample).status == 303)
        #expect(try await Self.edit("\(path)/shop", FlowSample.json(), version: "1", second, in: sample).status == 303)
        #expect(try await sample.post("\(path)/shop/submit", [:], third).status == 303)

        for person in [first, second, third] {
            let answer = try await sample.post("\(path)/shop/publish", [:], person)
            #expect(answer.status == 422 && answer.text.contains("不能审核自己写的内容"))
        }
        #expect(try await sample.post("\(path)/shop/publish", [:], fourth).status == 303)
    }

    @Test(arguments: TestServer.engines)
    func `a draft with a loop is kept, and cannot be submitted`(_ engine: Engine) async throws {
        let sample = try await GuideSample(engine, signIn: GuidePeople.signIn())
        let writer = try await GuidePeople.headers("writer", ["editor"])
        let loop = FlowSample.json(second: "\"q1\"")
        let path = "/guide/manage/flows"

        let checked = try await Self.edit("\(path)/new", loop, action: "check", writer, in: sample)
        #expect(checked.status == 422 && checked.text.contains("绕成了圈（q1 → q2 → q1）"))
        #expect(try await sample.application.flows.list().isEmpty)
        #expect(try await Self.edit("\(path)/new", loop, writer, in: sample).status == 303)
        let refused = try await sample.post("\(path)/shop/submit", [:], writer)
        #expect(refused.status == 422 && refused.text.contains("检查还有 1 处问题"))
        // Sound again by the draft's own version; an old one is told.
        #expect(try await Self.edit("\(path)/shop", FlowSample.json(), version: "9", writer, in: sample).status == 422)
        #expect(try await Self.edit("\(path)/shop", FlowSample.json(), version: "1", writer, in: sample).status == 303)
        #expect(try await sample.post("\(path)/shop/submit", [:], writer).status == 303)
    }

    @Test func `what cannot be read is told and what was typed stays`() async throws {
        let sample = try await GuideSample()
        let typed = "{\"id\": <script>alert(1)</script>"

        let answer = try await Self.edit("/guide/manage/flows/new", typed, [.accept: "text/html"], in: sample)

        #expect(answer.status == 422 && answer.text.contains("不是有效的 JSON"))
        #expect(answer.text.contains("&lt;script&gt;alert(1)") && !answer.text.contains("<script>alert"))
    }
}
