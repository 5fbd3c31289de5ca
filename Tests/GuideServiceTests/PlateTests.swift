import HTTPTypes
import NIOCore
import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import TestPages
import Testing

@testable import GuideService

/// Plates: the page behind a code, and the work of those who look after them.
struct PlateTests {
    private static func content(
        _ name: String, _ kind: Plate.Kind = .shop, trade: String = "食品经营许可", at position: Position? = nil,
        division: String = "150402001"
    ) throws -> PlateContent {
        PlateContent(
            kind: kind, name: name, trade: trade, address: "\(name)的地址",
            division: try #require(DivisionCode(division)), position: position, helperName: "乌兰",
            helperPhone: "0476-5550001")
    }

    private static func change(_ caller: Caller = .machine) -> PlateStore.Change {
        PlateStore.Change(scope: caller.scope, time: "2026-06-30T02:00:00Z") { code, division in
            AuditEvent("plate.make", subject: code, division: division, by: caller)
        }
    }

    private static func make(_ contents: PlateContent..., in sample: GuideSample) async throws -> [String] {
        try await sample.application.plates.make(contents, change())
    }

    @Test(arguments: TestServer.engines)
    func `a plate's page has its trade's items, the nearest window and its helper`(_ engine: Engine) async throws {
        let sample = try await GuideSample(engine)
        // 0.01 degrees of latitude are 1,112 m.
        let codes = try await Self.make(
            Self.content("面馆", at: Position(longitude: 118.95, latitude: 42.27)),
            Self.content("近的大厅", .hall, at: Position(longitude: 118.95, latitude: 42.28)),
            Self.content("远的大厅", .hall, at: Position(longitude: 118.95, latitude: 42.20)), in: sample)

        let page = try await sample.get("/guide/d/\(codes[0].lowercased())")

        #expect(page.status == 200)
        #expect(page.text.contains("<h1>面馆</h1>"))
        #expect(page.text.contains("href=\"/guide/items/100\">开小卖部</a>"))
        #expect(page.text.contains("约 1.1 公里"))
        #expect(page.text.contains("近的大厅") && !page.text.contains("远的大厅"))
        #expect(page.text.contains("tel:04765550001"))
        #expect(page.text.contains("1 个高频事项"))
    }

    @Test(arguments: TestServer.engines)
    func `without coordinates the hall of the division around it is named, without a distance`(
        _ engine: Engine
    ) async throws {
        let sample = try await GuideSample(engine)
        let codes = try await Self.make(
            Self.content("面馆"), Self.content("区大厅", .hall, division: "150402"),
            Self.content("街道大厅", .hall, division: "150402001"), Self.content("外区大厅", .hall, division: "150403"),
            in: sample)

        let page = try await sample.get("/guide/d/\(codes[0])")

        #expect(page.text.contains("街道大厅") && !page.text.contains("区大厅</a>") && !page.text.contains("公里"))
    }

    @Test(arguments: TestServer.engines)
    func `unknown, mistyped, retired, moved and replaced plates each say what they are`(_ engine: Engine) async throws {
        let sample = try await GuideSample(engine)
        let plates = sample.application.plates
        let codes = try await Self.make(
            Self.content("关了的店"), Self.content("搬了的店"), Self.content("换牌的店"), in: sample)
        try await plates.retire(codes[0], Self.change())
        let moved = try await plates.move(codes[1], to: "新城路 8 号", in: nil, at: nil, Self.change())
        let again = try await plates.replace(codes[2], Self.change())
        let newest = try await plates.replace(again, Self.change())

        let mistyped = try await sample.get("/guide/d/2345678P")
        #expect(mistyped.status == 404 && mistyped.text.contains("门牌编码输错了"))
        let unknown = try await sample.get("/guide/d/2345678N")
        #expect(unknown.status == 404 && unknown.text.contains("没有这块门牌"))
        let retired = try await sample.get("/guide/d/\(codes[0])")
        #expect(retired.status == 410 && retired.text.contains("这块门牌已停用"))
        let left = try await sample.get("/guide/d/\(codes[1])")
        #expect(left.status == 200 && left.text.contains("搬了的店 已经搬走") && left.text.contains("新城路 8 号"))
        #expect(left.text.contains("href=\"/guide/d/\(moved)\""))
        // Two plates on, at once.
        let old = try await sample.get("/guide/d/\(codes[2])")
        #expect(old.status == 200 && old.text.contains("换牌的店 换了新门牌"))
        #expect(old.text.contains("href=\"/guide/d/\(newest)\""))
        for page in [mistyped, unknown, retired, left, old] { #expect(page.text.contains("name=\"q\"")) }
    }

    @Test(arguments: TestServer.engines)
    func `a plate that is not in use cannot be changed`(_ engine: Engine) async throws {
        let sample = try await GuideSample(engine)
        let plates = sample.application.plates
        let code = try await Self.make(Self.content("店"), in: sample)[0]
        try await plates.retire(code, Self.change())

        await #expect(throws: PlateRefusal.notActive) { try await plates.retire(code, Self.change()) }
        await #expect(throws: PlateRefusal.notActive) { _ = try await plates.replace(code, Self.change()) }
        await #expect(throws: PlateRefusal.notActive) {
            try await plates.edit(code, Self.content("别的店"), version: 2, Self.change())
        }
    }

    @Test(arguments: TestServer.engines)
    func `a scan counts once for a person, and not for a program or a HEAD`(_ engine: Engine) async throws {
        let sample = try await GuideSample(engine)
        let code = try await Self.make(Self.content("店"), in: sample)[0]
        let path = "/guide/d/\(code)"

        _ = try await sample.get(path, GuidePeople.phone)
        _ = try await sample.get(path, GuidePeople.phone)
        _ = try await sample.get(path, [.accept: "text/html", .userAgent: "Baiduspider/2.0"])
        _ = try await sample.get(path, [.accept: "text/html"])
        _ = try await sample.ask(path, .head, GuidePeople.phone, nil)
        try await sample.application.tally.flush()

        let today = try #require(CalendarDate(iso8601: "2026-06-30"))
        let sums = try await sample.store.database.read { db in
            try UsageStore.bySubject(.scan, Period(days: 1, until: today), in: db)
        }
        #expect(sums == [.init(subject: code, total: 2)])
    }

    // MARK: - Those who look after them

    @Test(arguments: TestServer.engines)
    func `an editor makes a plate by form and finds it in the list; a viewer may not`(_ engine: Engine) async throws {
        let sample = try await GuideSample(engine, signIn: GuidePeople.signIn())
        let editor = try await GuidePeople.headers("e1", ["editor"])
        let fields = ["name": "红旗面馆", "kind": "shop", "division": "150402001", "trade": "餐饮"]

        let made = try await sample.post("/guide/manage/plates/new", fields, editor)
        #expect(made.status == 303)
        let list = try await sample.get("/guide/manage/plates?q=%E7%BA%A2%E6%97%97", editor)
        #expect(list.text.contains("红旗面馆"))
        let one = try await sample.get(made.location, editor)
        #expect(one.text.contains("<svg class=\"qr\""))

        let viewer = try await GuidePeople.headers("v1", ["viewer"])
        #expect(try await sample.post("/guide/manage/plates/new", fields, viewer).status == 403)
        #expect(try await sample.get("/guide/manage/plates", [.accept: "application/json"]).status == 401)
        // Another district's editor neither sees nor changes it.
        let other = try await GuidePeople.headers("e2", ["editor"], division: "150403")
        #expect(try await sample.get(made.location, other).status == 404)
        #expect(try await sample.post(made.location + "/retire", [:], other).status == 404)
        let outside = try await sample.post("/guide/manage/plates/new", fields, other)
        #expect(outside.status == 422 && outside.text.contains("不在您负责的范围以内"))
    }

    @Test func `what is wrong with a form is told field by field, and kept`() async throws {
        let sample = try await GuideSample()

        let answer = try await sample.post(
            "/guide/manage/plates/new",
            ["kind": "bank", "division": "15", "longitude": "200", "latitude": "42", "phone": "打电话", "trade": "餐饮"])

        #expect(answer.status == 422)
        for words in ["请填写名称。", "类别须为", "区划代码应为", "经度和纬度要一起填", "电话只能有数字"] {
            #expect(answer.text.contains(words), "\(words)")
        }
        #expect(answer.text.contains("value=\"餐饮\""))
    }

    private static func upload(_ csv: String) -> (HTTPFields, ByteBuffer) {
        let body = """
            --b\r
            Content-Disposition: form-data; name="file"; filename="plates.csv"\r
            \r
            \(csv)\r
            --b--\r

            """
        return (
            [.accept: "text/html", .contentType: "multipart/form-data; boundary=b"], ByteBuffer(string: body)
        )
    }

    @Test(arguments: TestServer.engines)
    func `a file makes all its plates or none`(_ engine: Engine) async throws {
        let sample = try await GuideSample(engine)
        let path = "/guide/manage/plates/import"
        let (headers, bad) = Self.upload("名称,类别,区划\n面馆,店铺,150402001\n,店铺,150402001\n大厅,银行,150402\n")
        let refused = try await sample.ask(path, .post, headers, bad)
        #expect(refused.status == 422)
        #expect(refused.text.contains("第 3 行，名称：请填写名称。") && refused.text.contains("第 4 行，类别：类别须为"))
        #expect(try await sample.application.plates.list(.init(), within: .ownMachine, after: nil, limit: 9).isEmpty)

        let (_, good) = Self.upload("名称,类别,区划,行业\n面馆,店铺,150402001,餐饮\n=1+1,大厅,150402,\n")
        let taken = try await sample.ask(path, .post, headers, good)
        #expect(taken.status == 303)
        let names = try await sample.application.plates.list(.init(), within: .ownMachine, after: nil, limit: 9)
            .map(\.content.name)
        #expect(Set(names) == ["面馆", "=1+1"])
        // Leads to the sheet of what was made.
        let sheet = try await sample.get(taken.location)
        #expect(sheet.text.ranges(of: "<article class=\"plate\">").count == 2)

        let (_, wrong) = Self.upload("a,b\n1,2\n")
        let columns = try await sample.ask(path, .post, headers, wrong)
        #expect(columns.status == 422 && columns.text.contains("缺少这些列：名称、类别、区划"))
    }

    @Test func `a script in any field is text everywhere`() async throws {
        let sample = try await GuideSample()
        let script = "<script>alert(1)</script>"
        var content = try Self.content(script, trade: script)
        content.address = script
        content.helperName = script
        let code = try await Self.make(content, in: sample)[0]

        for path in [
            "/guide/d/\(code)", "/guide/manage/plates", "/guide/manage/plates/\(code)", "/guide/manage/plates/sheet",
            "/guide/manage/plates?q=%3Cscript%3E", "/guide/d/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        ] {
            let page = try await sample.get(path)
            #expect(!page.text.contains("<script>alert"), "\(path)")
        }
    }

    @Test func `the code's picture comes as SVG and PNG and carries the public address`() async throws {
        let sample = try await GuideSample { $0.publicAddress = "https://hall.example" }
        let code = try await Self.make(Self.content("店"), in: sample)[0]

        let svg = try await sample.get("/guide/manage/plates/\(code)/qr.svg")
        let png = try await sample.get("/guide/manage/plates/\(code)/qr.png")
        let page = try await sample.get("/guide/manage/plates/\(code)")

        #expect(svg.headers[.contentType] == "image/svg+xml" && svg.text.hasPrefix("<svg xmlns="))
        #expect(png.headers[.contentType] == "image/png" && png.bytes.prefix(4) == [0x89, 0x50, 0x4E, 0x47])
        #expect(page.text.contains("https://hall.example/guide/d/\(code)"))
    }

    @Test(arguments: TestServer.engines)
    func `every change stands in the log`(_ engine: Engine) async throws {
        let sample = try await GuideSample(engine)
        let made = try await sample.post(
            "/guide/manage/plates/new", ["name": "店", "kind": "shop", "division": "150402001"])
        let moved = try await sample.post(
            made.location + "/move", ["address": "新址", "division": "150402001"])
        let replaced = try await sample.post(moved.location + "/replace", [:])
        _ = try await sample.post(replaced.location + "/retire", [:])

        let entries = try await AuditLog(database: sample.store.database).entries(
            .init(), within: .ownMachine, limit: 9)
        #expect(
            entries.map(\.action) == ["plate.retire", "plate.replace", "plate.move", "plate.make"])
    }
}
