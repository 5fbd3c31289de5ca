import Contracts
import Foundation
import HTTPTypes
import ServiceKit
import Storage
import TestDatabases
import Testing

@testable import GuideService

struct EditingPagesTests {
    /// As the form of an item sends what stands in it.
    private static func body(_ content: ItemContent, tag: Int64, changing: [String: String] = [:]) -> String {
        var values: [(String, String)] = [("tag", "\(tag)")]
        for element in ItemElement.allCases where element != .code && element != .channels {
            values.append(
                (element.rawValue, changing[element.rawValue] ?? ItemText.text(element, of: content)))
        }
        for channel in content.channels { values.append(("channels:\(channel)", "1")) }
        return values.map { CycleSample.form([$0.0: $0.1]) }.joined(separator: "&")
    }

    private static func posting(_ id: String, _ roles: [String] = ["editor", "reviewer"]) async throws -> HTTPFields {
        var headers = try await CycleSample.headers(id, roles)
        headers[.contentType] = "application/x-www-form-urlencoded"
        return headers
    }

    @Test func `an item goes from claim to publication by forms alone`() async throws {
        try await CycleSample.with(.sqlite) { sample in
            try await sample.publish(CycleSample.content("A1"))
            let app = try await sample.signedIn()
            let (ann, ben) = (try await Self.posting("ann"), try await Self.posting("ben"))
            let path = "/guide/editing/items/A1"

            #expect(try await CycleSample.ask(app, "\(path)/claim", .post, ann).status == 303)
            let form = try await CycleSample.ask(app, "\(path)/edit", .get, ann)
            #expect(form.status == 200)
            #expect(form.text.contains("申请 | 交给学校。"))
            let content = try #require(try await sample.item("A1")?.head.content)
            let saved = try await CycleSample.ask(
                app, "\(path)/edit", .post, ann,
                body: Self.body(
                    content, tag: try await sample.tag("A1"),
                    changing: ["materials": "身份证 | 1 | 1 | 政府部门核发 | 必需\n照片 | 2 | 0 | 申请人自备 | 需要时 | 一寸"]))
            #expect(saved.status == 303)
            let submitted = try await CycleSample.ask(
                app, "\(path)/submit", .post, ann, body: "tag=\(try await sample.tag("A1"))")
            #expect(submitted.status == 303)
            let own = try await CycleSample.ask(
                app, "\(path)/review", .post, ann, body: "tag=\(try await sample.tag("A1"))&decision=approve")
            #expect(own.status == 409)
            #expect(own.text.contains("写过或提交这一版的人不能审核它"))
            let changes = try await CycleSample.ask(app, "\(path)/changes", .get, ben)
            #expect(changes.text.contains("增加 2 条"))
            #expect(changes.text.contains("身份证 | 1 | 1 | 政府部门核发 | 必需"))
            let approved = try await CycleSample.ask(
                app, "\(path)/review", .post, ben, body: "tag=\(try await sample.tag("A1"))&decision=approve")
            #expect(approved.status == 303)
            let published = try await CycleSample.ask(
                app, "\(path)/publish", .post, ben, body: "tag=\(try await sample.tag("A1"))")
            #expect(published.status == 303)

            let shown = try await CycleSample.ask(app, "/guide/items/A1", .get, [.accept: "text/html"])
            #expect(shown.text.contains("原件 1 份、复印件 1 份"))
            #expect(shown.text.contains("一寸"))
            #expect(shown.text.contains("第 2 版"))
            let work = try await CycleSample.ask(app, path, .get, ann)
            #expect(work.text.contains("第 2 版，已发布"))
        }
    }

    @Test func `a line that cannot be read is told beside its field with its number, and what was typed stays`()
        async throws
    {
        try await CycleSample.with(.sqlite) { sample in
            try await sample.publish(CycleSample.content("A1"))
            let app = try await sample.signedIn()
            let ann = try await Self.posting("ann")
            try await sample.desk(CycleSample.ann) { try $0.claim("A1") }
            let content = try #require(try await sample.item("A1")?.head.content)

            let answer = try await CycleSample.ask(
                app, "/guide/editing/items/A1/edit", .post, ann,
                body: Self.body(
                    content, tag: try await sample.tag("A1"),
                    changing: [
                        "materials": "身份证 | 1\n\n照片 | 两张", "promisedDays": "很快",
                        "summary": String(repeating: "长", count: 10_000),
                    ]))

            #expect(answer.status == 422)
            #expect(answer.text.contains("第 3 行：第 2 栏是份数，请写数字。"))
            #expect(answer.text.contains("照片 | 两张"))
            #expect(answer.text.contains("请写工作日的天数"))
            let long = try await CycleSample.ask(
                app, "/guide/editing/items/A1/edit", .post, ann,
                body: Self.body(
                    content, tag: try await sample.tag("A1"),
                    changing: ["summary": String(repeating: "长", count: 10_000)]))
            #expect(long.status == 422)
            #expect(long.text.contains("最多 2000 个字符，现有 10000 个，请缩短。"))
            #expect(try await sample.item("A1")?.head.number == 1)
        }
    }

    @Test func `a stale form shows what differs, and is saved when it is sent again`() async throws {
        try await CycleSample.with(.sqlite) { sample in
            try await sample.publish(CycleSample.content("A1"))
            let app = try await sample.signedIn()
            let ann = try await Self.posting("ann")
            try await sample.desk(CycleSample.ann) { try $0.claim("A1") }
            let seen = try await sample.tag("A1")
            let content = CycleSample.content("A1")
            var other = content
            other.summary = "另一个窗口保存的。"
            let saved = other
            try await sample.desk(CycleSample.ann) { _ = try $0.save(saved, of: "A1", tag: seen) }

            let stale = try await CycleSample.ask(
                app, "/guide/editing/items/A1/edit", .post, ann,
                body: Self.body(content, tag: seen, changing: ["summary": "这个窗口填写的。"]))

            #expect(stale.status == 412)
            #expect(stale.text.contains("另一个窗口保存的。"))
            #expect(stale.text.contains("这个窗口填写的。"))
            #expect(try await sample.item("A1")?.head.content.summary == "另一个窗口保存的。")
            let newTag = try await sample.tag("A1")
            #expect(stale.text.contains("name=\"tag\" value=\"\(newTag)\""))
            let again = try await CycleSample.ask(
                app, "/guide/editing/items/A1/edit", .post, ann,
                body: Self.body(content, tag: newTag, changing: ["summary": "这个窗口填写的。"]))
            #expect(again.status == 303)
            #expect(try await sample.item("A1")?.head.content.summary == "这个窗口填写的。")
        }
    }

    @Test func `script in any element is shown as text on every page`() async throws {
        let script = "<script>alert(1)</script>"
        try await CycleSample.with(.sqlite) { sample in
            var content = CycleSample.content("A1", name: script)
            content.plainName = script
            content.aliases = [script]
            content.summary = script
            content.level = script
            content.audience = [script]
            content.themes = [script]
            content.fee = .init(amount: "1.00", note: script)
            content.places = [.init(name: script, address: script, window: script, hours: script, phone: script)]
            content.consultPhone = script
            content.complaintPhone = script
            content.legalBasis = [.init(title: script, article: script)]
            content.results = [script]
            content.conditions = [.init(text: script)]
            content.materials = [
                .init(
                    name: script, originals: 1, copies: 0, source: script, isRequired: true, note: script,
                    waiver: script)
            ]
            content.steps = [.init(name: script, text: script, time: script)]
            content.questions = [.init(question: script, answer: script)]
            try await sample.publish(content)
            try await sample.handIn("A1", summary: script + "2")
            let app = try await sample.signedIn()
            let ben = try await Self.posting("ben")

            for path in [
                "/guide/items/A1", "/guide/", "/guide/search?q=alert", "/guide/editing?list=all",
                "/guide/editing/items/A1",
                "/guide/editing/items/A1/edit", "/guide/editing/items/A1/preview", "/guide/editing/items/A1/changes",
            ] {
                let answer = try await CycleSample.ask(app, path, .get, ben)
                #expect(answer.status == 200, "\(path)")
                #expect(!answer.text.contains("<script>alert"), "\(path)")
                if path != "/guide/" { #expect(answer.text.contains("&lt;script&gt;alert(1)"), "\(path)") }
            }
        }
    }

    @Test func `a video address that could run a script is refused`() async throws {
        for address in ["javascript:alert(1)", "http://", "https://a b.cn/x", "ftp://a.cn/x", "https://-"] {
            var content = CycleSample.content("A1")
            content.video = address
            #expect(ContentCheck.faults(in: content).map(\.element) == [.video], "\(address)")
        }
        var content = CycleSample.content("A1")
        content.video = "https://video.example.cn:8443/a/b.mp4?x=1"
        content.summary = "见 https://www.example.cn/a，或 http://bad 页面。"
        #expect(ContentCheck.faults(in: content).map(\.element) == [.summary])
    }

    @Test func `viewers see the work but no form, and strangers are led to the sign-in`() async throws {
        try await CycleSample.with(.sqlite) { sample in
            try await sample.publish(CycleSample.content("A1"))
            let app = try await sample.signedIn()
            let viewer = try await Self.posting("vera", ["viewer"])

            #expect(try await CycleSample.ask(app, "/guide/editing", .get, viewer).status == 200)
            #expect(try await CycleSample.ask(app, "/guide/editing/items/A1", .get, viewer).status == 200)
            #expect(try await CycleSample.ask(app, "/guide/editing/items/A1/edit", .get, viewer).status == 403)
            #expect(try await CycleSample.ask(app, "/guide/editing/items/A1/claim", .post, viewer).status == 403)
            let stranger = try await CycleSample.ask(app, "/guide/editing", .get, [.accept: "text/html"])
            #expect(stranger.status == 303)
            let elsewhere = try await CycleSample.headers("ann", division: "150403")
            #expect(try await CycleSample.ask(app, "/guide/editing/items/A1", .get, elsewhere).status == 404)
        }
    }

    @Test func `every route of the life cycle and the import has its contract`() async throws {
        try await CycleSample.with(.sqlite) { sample in
            let app = try await sample.application()
            let routes = Set(app.routes().contracts.map(\.id))
            for id in ["saveDraft", "withdrawItem", "importFile", "exportCSV", "showFreshness"] {
                #expect(routes.contains(id))
            }
            #expect(routes.count == app.routes().contracts.count)
        }
    }
}

/// The work list and the import by page.
struct WorkPagesTests {
    @Test(arguments: TestServer.engines)
    func `each list holds what its name says`(_ engine: Engine) async throws {
        try await CycleSample.with(engine) { sample in
            for code in ["A1", "A2", "A3", "A4"] { try await sample.publish(CycleSample.content(code)) }
            try await sample.handIn("A1")
            try await sample.approve("A2")
            try await sample.desk(CycleSample.ben) { try $0.withdraw("A3", reason: "停办") }
            func codes(_ work: EditingStore.Work, _ caller: Caller, text: String? = nil) async throws -> [String] {
                try await sample.database.read { db in
                    var filter = EditingStore.ListFilter()
                    filter.work = work
                    filter.text = text
                    let list = try EditingStore.list(filter, caller: caller, today: "2027-07-01", in: db).map(\.code)
                    #expect(try EditingStore.count(filter, caller: caller, today: "2027-07-01", in: db) == list.count)
                    return list
                }
            }

            #expect(try await codes(.mine, CycleSample.ann) == ["A1", "A2"])
            #expect(try await codes(.review, CycleSample.ben) == ["A1"])
            #expect(try await codes(.review, CycleSample.ann) == [])
            #expect(try await codes(.scheduled, CycleSample.ann) == ["A2"])
            #expect(try await codes(.unclaimed, CycleSample.ann) == ["A4"])
            #expect(try await codes(.withdrawn, CycleSample.ann) == ["A3"])
            #expect(try await codes(.overdue, CycleSample.ann) == ["A1", "A2", "A4"])
            #expect(try await codes(.all, CycleSample.ann) == ["A1", "A2", "A3", "A4"])
            #expect(try await codes(.all, CycleSample.person("z", division: "150403")) == [])
            #expect(try await codes(.all, CycleSample.ann, text: "A4") == ["A4"])
            #expect(try await codes(.all, CycleSample.ann, text: "资助").count == 4)
            #expect(try await codes(.all, CycleSample.ann, text: "%") == [])
        }
    }

    private static func upload(_ text: String, name: String) -> String {
        "--b\r\nContent-Disposition: form-data; name=\"mapping\"\r\n\r\n\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"publish\"\r\n\r\n1\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n"
            + "Content-Type: text/plain\r\n\r\n\(text)\r\n--b--\r\n"
    }

    @Test func `an operator takes in a file by the page, and is told what is wrong with another`() async throws {
        try await CycleSample.with(.sqlite) { sample in
            let app = try await sample.signedIn()
            var headers = try await CycleSample.headers("olga", ["operator"])
            headers[.contentType] = "multipart/form-data; boundary=b"
            let good = try String(contentsOfFile: CycleSample.fixture("county.tsv"), encoding: .utf8)

            let taken = try await CycleSample.ask(
                app, "/guide/import", .post, headers, body: Self.upload(good, name: "county.tsv"))
            let refused = try await CycleSample.ask(
                app, "/guide/import", .post, headers, body: Self.upload("编号,标题\n1,二\n", name: "<b>.csv"))

            #expect(taken.status == 200)
            #expect(taken.text.contains("文件已导入。"))
            #expect(app.catalogue.snapshot.cards.count == 3)
            #expect(refused.status == 422)
            #expect(refused.text.contains("认不出这种表格"))
            #expect(!refused.text.contains("<b>.csv"))
            let editor = try await CycleSample.headers("ann")
            #expect(try await CycleSample.ask(app, "/guide/import", .get, editor).status == 403)
            let export = try await CycleSample.ask(app, "/guide/export/items.csv", .get, editor)
            #expect(export.status == 200)
            #expect(export.text.contains("学生资助申请"))
            #expect(try await sample.log("").last == "catalogue.export")
        }
    }
}
