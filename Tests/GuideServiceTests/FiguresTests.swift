import HTTPTypes
import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import TestPages
import Testing

@testable import GuideService

/// What readers do, counted without them.
struct FiguresTests {
    private static func sums(
        _ kind: UsageKind, days: Int = 1, in sample: GuideSample
    ) async throws -> [UsageStore.Sum] {
        let today = try #require(CalendarDate(iso8601: "2026-06-30"))
        return try await sample.store.database.read { db in
            try UsageStore.bySubject(kind, Period(days: days, until: today), in: db)
        }
    }

    @Test(arguments: TestServer.engines)
    func `several copies of the service add up`(_ engine: Engine) async throws {
        let sample = try await GuideSample(engine)
        let copies = (0..<3).map { _ in
            UsageTally(database: sample.store.database) { "2026-06-30T02:00:00Z" }
        }
        for (index, copy) in copies.enumerated() {
            for _ in 0...index { copy.add(.item, "100") }
        }

        try await withThrowingTaskGroup(of: Void.self) { group in
            for copy in copies { group.addTask { try await copy.flush() } }
            try await group.waitForAll()
        }
        try await copies[0].flush()

        #expect(try await Self.sums(.item, in: sample) == [.init(subject: "100", total: 6)])
    }

    @Test(arguments: TestServer.engines)
    func `searches count by what came of them, and words that found nothing are kept`(_ engine: Engine) async throws {
        let sample = try await GuideSample(engine)

        for query in ["食品经营许可", "zzzz  QQQQ", "zzzz qqqq", "身份证150402199001011234", "手机 1 3 8 0 0 0 0"] {
            _ = try await sample.get("/guide/search?q=\(QueryItems.encoded(query))", GuidePeople.phone)
        }
        // A further page is the same search, a program is nobody.
        _ = try await sample.get("/guide/search?q=zzzz&page=2", GuidePeople.phone)
        _ = try await sample.get("/guide/search?q=zzzz", [.userAgent: "python-requests/2.0"])
        try await sample.application.tally.flush()

        let results = try await Self.sums(.search, in: sample)
        #expect(results.reduce(0) { $0 + $1.total } == 5)
        #expect(results.first { $0.subject == "found" }?.total == 1)
        #expect(try await Self.sums(.missing, in: sample) == [.init(subject: "zzzz qqqq", total: 2)])
    }

    @Test(
        arguments: [
            ("残疾 证", "残疾 证"), ("ABC", "abc"), ("123456", "123456"), ("1234567", nil), ("一二三四五六七", nil),
            ("１２３４５６７", nil), ("12-34 567", nil), ("", nil), ("  ", nil), (String(repeating: "长", count: 61), nil),
        ] as [(String, String?)])
    func `words with seven digits or of a story's length are not kept`(_ text: String, _ kept: String?) {
        #expect(UsageTally.words(text) == kept)
    }

    @Test func `a query of 10,000 characters is answered and leaves no text`() async throws {
        let sample = try await GuideSample()

        // As the API takes it; a page's address ends at 8,000 bytes.
        let page = try await sample.get("/guide/search?q=\(String(repeating: "a", count: 7_900))", GuidePeople.phone)
        let long = try await sample.get("/guide/search?q=\(String(repeating: "a", count: 10_000))", GuidePeople.phone)
        try await sample.application.tally.flush()

        #expect(page.status == 200 && long.status == 414)
        #expect(try await Self.sums(.missing, in: sample).isEmpty)
    }

    @Test func `a flood of made-up words is cut off`() async throws {
        let sample = try await GuideSample()
        let tally = sample.application.tally

        for number in 0..<6_000 { tally.add(.missing, "w\(number)") }
        try await tally.flush()
        for number in 0..<10 { tally.add(.missing, "later\(number)") }
        try await tally.flush()

        #expect(try await Self.sums(.missing, in: sample).count == 5_000)
    }

    @Test(arguments: TestServer.engines)
    func `what cannot be written now is counted later`(_ engine: Engine) async throws {
        let sample = try await GuideSample(engine)
        let tally = sample.application.tally
        tally.add(.item, "100")
        _ = try await sample.store.database.write { db in
            try db.execute("ALTER TABLE usage_count RENAME TO usage_count_away")
        }
        await #expect(throws: DatabaseFault.self) { try await tally.flush() }
        _ = try await sample.store.database.write { db in
            try db.execute("ALTER TABLE usage_count_away RENAME TO usage_count")
        }
        tally.add(.item, "100")
        try await tally.flush()

        #expect(try await Self.sums(.item, in: sample) == [.init(subject: "100", total: 2)])
    }

    @Test func `a day is Beijing's`() {
        #expect(BeijingDay.of("2026-06-30T15:59:59Z").description == "2026-06-30")
        #expect(BeijingDay.of("2026-06-30T16:00:00Z").description == "2026-07-01")
    }

    @Test(arguments: TestServer.engines)
    func `what many open stands higher in the search`(_ engine: Engine) async throws {
        let sample = try await GuideSample(engine)
        let store = sample.store.database
        try await store.write { db in
            let version = try CatalogueStore.nextVersion(in: db)
            for code in ["200", "201"] {
                try PublishItem.first(
                    .bare(code: code, baseCode: "", name: "健康证", department: "scjg"), id: Int64(code) ?? 0,
                    division: "150402", version: version, at: "2026-06-30T02:00:00Z", in: db)
            }
        }
        try await sample.application.catalogue.refresh()
        func found() -> [Int64] {
            sample.application.catalogue.snapshot.index.search("健康证", limit: 2).hits.map(\.id)
        }
        #expect(found() == [200, 201])
        for _ in 0..<50 { _ = try await sample.get("/guide/items/201", GuidePeople.phone) }
        _ = try await sample.get("/guide/items/100", GuidePeople.phone)
        // Another variant of the same visit.
        _ = try await sample.get("/guide/items/100?channel=window", GuidePeople.phone)
        try await sample.application.tally.flush()

        let catalogue = sample.application.catalogue
        try await catalogue.refreshPopularity(today: sample.application.tally.today)

        #expect(found() == [201, 200])
        #expect(catalogue.snapshot.views == ["100": 1, "201": 50])
    }

    private static func event(_ session: String, _ number: Int, _ kind: String, _ day: String, _ wait: Int?) -> SQL {
        """
        INSERT INTO session_event (session_id, number, kind, division, channel, happened_at, day, wait_seconds)
        VALUES (\(session), \(number), \(kind), '150402', 'video', 0, \(day), \(wait))
        """
    }

    @Test(arguments: TestServer.engines)
    func `the page says scans, searches, found rate and freshness, and exports them`(_ engine: Engine) async throws {
        let sample = try await GuideSample(engine)
        // Eleven who waited 10 s to 110 s, one the day before the week, and two who left before anybody came.
        _ = try await sample.store.database.write { db in
            for (number, wait) in stride(from: 10, through: 110, by: 10).enumerated() {
                try db.execute(Self.event("s\(number)", 1, "taken", "2026-06-29", wait))
                try db.execute(Self.event("s\(number)", 2, "ended", "2026-06-29", nil))
            }
            try db.execute(Self.event("old", 1, "taken", "2026-06-23", 5))
            for name in ["l1", "l2"] { try db.execute(Self.event(name, 1, "ended", "2026-06-30", nil)) }
        }
        let tally = sample.application.tally
        for _ in 0..<624 { tally.add(.scan, "2345678N") }
        for _ in 0..<530 { tally.add(.search, "found") }
        for _ in 0..<70 { tally.add(.search, "nearest") }
        tally.add(.missing, "=cmd()")

        let page = try await sample.get("/guide/manage/figures?days=7")
        #expect(page.status == 200)
        for words in ["624", "600", "88%", "接待 11 次", "未等到 2 次", "一半在 60 秒内", "九成在 100 秒内", "市监局", "=cmd()"] {
            #expect(page.text.contains(words), "\(words)")
        }
        #expect(page.text.contains("<svg class=\"chart\""))
        let csv = try await sample.get("/guide/manage/figures/days/export.csv?from=2026-06-29&to=2026-06-30")
        #expect(csv.text == "\u{FEFF}日期,扫码,查询,浏览\r\n2026-06-29,0,0,0\r\n2026-06-30,624,600,0\r\n")
        let words = try await sample.get("/guide/manage/figures/missing/export.csv?days=1")
        #expect(words.text == "\u{FEFF}查询的话,次数,最近一次\r\n'=cmd(),1,2026-06-30\r\n")
        let workbook = try await sample.get("/guide/manage/figures/freshness/export.xlsx")
        #expect(workbook.bytes.prefix(2) == [0x50, 0x4B])
        #expect(try await sample.get("/guide/manage/figures/secrets/export.csv").status == 404)
    }

    @Test(arguments: TestServer.engines)
    func `an item that was not confirmed within the year, or is overdue, is not fresh`(_ engine: Engine) async throws {
        let sample = try await GuideSample(engine)
        _ = try await sample.store.database.write { db in
            try db.execute("UPDATE item SET confirmed_on = '2025-06-29', review_by = '2026-06-29'")
        }
        let today = try #require(CalendarDate(iso8601: "2026-06-30"))

        let stale = try await sample.store.database.read { db in
            try UsageStore.freshness(on: today, within: .ownMachine, in: db)
        }
        let elsewhere = Scope(roles: [:], division: DivisionCode("150403"))
        let none = try await sample.store.database.read { db in
            try UsageStore.freshness(on: today, within: elsewhere, in: db)
        }

        #expect(stale == [.init(department: "市监局", published: 1, confirmed: 0, overdue: 1)])
        #expect(none.isEmpty)
    }

    // MARK: - Feedback

    @Test(arguments: TestServer.engines)
    func `what a reader says reaches the editors' list, is answered and leaves it`(_ engine: Engine) async throws {
        let sample = try await GuideSample(engine)
        let path = "/guide/items/100/feedback"

        #expect(try await sample.get("/guide/items/100").text.contains("这页说得对吗？"))
        let right = try await sample.post(path, ["verdict": "right"])
        #expect(right.status == 303 && right.location == "/guide/items/100?said=right")
        let wrong = try await sample.post(path, ["verdict": "wrong", "note": "<b>电话</b>换了，我的是138 0000 0000"])
        #expect(wrong.status == 303)
        #expect(try await sample.get(wrong.location).text.contains("编辑会核对这一页"))
        try await sample.application.tally.flush()
        #expect(try await Self.sums(.right, in: sample) == [.init(subject: "100", total: 1)])

        let list = try await sample.get("/guide/manage/feedback")
        #expect(list.text.contains("&lt;b&gt;电话&lt;/b&gt;换了，我的是*** **** ****"))
        #expect(try await sample.post("/guide/manage/feedback/1", [:]).status == 422)
        #expect(try await sample.post("/guide/manage/feedback/1", ["answer": "已改电话"]).status == 303)
        #expect(try await sample.get("/guide/manage/feedback").text.contains("没有反馈"))
        #expect(try await sample.get("/guide/manage/feedback?state=done").text.contains("已改电话"))
        #expect(try await sample.post("/guide/manage/feedback/1", ["answer": "再改"]).status == 422)
    }

    @Test func `feedback that says nothing, too much or too often is refused`() async throws {
        let sample = try await GuideSample()
        let path = "/guide/items/100/feedback"

        #expect(try await sample.post(path, ["verdict": "wrong"]).status == 422)
        #expect(try await sample.post(path, ["note": String(repeating: "长", count: 501)]).status == 422)
        #expect(try await sample.post("/guide/items/none/feedback", ["verdict": "right"]).status == 404)
        // At once: one after the other they could come slowly enough on a busy machine.
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<40 { group.addTask { try await sample.post(path, ["verdict": "right"]).status } }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(statuses == [303, 429])
    }

    @Test(arguments: [
        ("打12345不通", "打12345不通"), ("身份证15040219900101123X", "身份证*****************X"),
        ("138-0000-0000 打不通", "***-****-**** 打不通"), ("2026 年 7 月", "2026 年 7 月"), ("0476-5550001", "****-*******"),
    ])
    func `numbers of seven digits and more are masked`(_ note: String, _ masked: String) {
        #expect(FeedbackStore.masked(note) == masked)
    }
}
