import HTTPTypes
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import TestPages
import Testing

@testable import TrainingService

/// Labour brands as officers keep them, and who counts for them.
@Suite struct BrandTests {
    private static let brand = [
        "name": "红山大嫂", "division": "150402", "summary": "统一培训、统一派单。", "trades": "4-10-01-06 家政服务员\n",
        "employers": "52150402MJY1234565 演示家政公司", "state": "active", "key": "k1",
    ]
    private static let path = "/training/employment/brands"

    private static func changed(_ values: [String: String]) -> [String: String] {
        brand.merging(values) { $1 }
    }

    @Test(arguments: TestServer.engines) func `a brand is entered once, changed, and ended`(
        _ engine: Engine
    ) async throws {
        let sample = try await EmployerTests.sample(engine)
        for _ in 0..<2 {
            #expect(try await sample.post(Self.path + "/new", Self.brand, EmployerTests.officer()).status == 303)
        }
        #expect(try await EmployerTests.count(sample, "SELECT count(*) AS n FROM labour_brand") == 1)
        let one = Self.path + "/1"

        let form = try await sample.get(one, EmployerTests.officer())
        let list = try await sample.get(Self.path, EmployerTests.officer())
        let shown = try await sample.get("/training/brands/1")
        let saved = try await sample.post(
            one,
            Self.changed([
                "version": "1", "trades": "４-10-01-06\r\n\r\n4-10-01-05\r\n4-10-01-05",
                "employers": "52150402MJY1234565",
            ]), EmployerTests.officer())
        let stale = try await sample.post(
            one, Self.changed(["version": "1", "name": "红山月嫂"]), EmployerTests.officer())
        let both = try await sample.get("/training/brands/1")
        let ended = try await sample.post(
            one, Self.changed(["version": "2", "state": "ended"]), EmployerTests.officer())

        #expect(form.text.contains(">\n4-10-01-06 家政服务员</textarea>"))
        #expect(form.text.contains("52150402MJY1234565 演示家政公司"))
        #expect(list.text.contains("红山大嫂") && list.text.contains("家政服务员"))
        #expect(shown.text.contains("统一派单") && shown.text.contains("演示家政公司"))
        #expect(saved.status == 303 && ended.status == 303)
        #expect(both.text.contains("4-10-01-05") && both.text.contains("4-10-01-06"))
        #expect(stale.status == 409 && stale.text.contains("别人改过这里") && stale.text.contains("红山月嫂"))
        #expect(try await sample.get("/training/brands/1").status == 404)
        #expect(try await !sample.get("/training/brands").text.contains("红山大嫂"))
        #expect(try await sample.get(Self.path, EmployerTests.officer()).text.contains("停用"))
        #expect(
            try await EmployerTests.count(
                sample,
                "SELECT count(*) AS n FROM audit_entry WHERE subject = 'brand:1' AND action IN ('brand.make', 'brand.edit')"
            ) == 3)
    }

    @Test(arguments: TestServer.engines) func `every fault names its line, and nothing is half entered`(
        _ engine: Engine
    ) async throws {
        let sample = try await EmployerTests.sample(engine)

        let wrong = try await sample.post(
            Self.path + "/new",
            Self.changed([
                "name": "", "trades": "4-10-01-06\n月嫂\n9-99-99-99", "employers": "52150402MJY1234566 错号公司",
                "state": "maybe",
            ]), EmployerTests.officer())
        let none = try await sample.post(
            Self.path + "/new", Self.changed(["trades": " \n"]), EmployerTests.officer())
        let unnamed = try await sample.post(
            Self.path + "/new", Self.changed(["employers": "52150402MJY1234565"]), EmployerTests.officer())
        let outside = try await sample.post(Self.path + "/new", Self.brand, EmployerTests.neighbour())

        #expect(wrong.status == 422)
        for id in ["name", "trades", "employers", "state"] {
            #expect(wrong.text.contains("id=\"\(id)-fault\""), "\(id)")
        }
        #expect(wrong.text.contains("第 2 行“月嫂”：请填职业代码。可能是："))
        #expect(none.status == 422 && none.text.contains("id=\"trades-fault\""))
        #expect(unnamed.status == 422 && unnamed.text.contains("52150402MJY1234565 还没有登记"))
        #expect(outside.status == 422)
        #expect(try await EmployerTests.count(sample, "SELECT count(*) AS n FROM labour_brand") == 0)
        #expect(try await EmployerTests.count(sample, "SELECT count(*) AS n FROM employer") == 0)
    }

    @Test(arguments: TestServer.engines) func `a zero character in an address is no server's error`(
        _ engine: Engine
    ) async throws {
        let sample = try await EmployerTests.sample(engine)
        for path in [
            "/training/vacancies?q=%00", "/training/notices/%00", Self.path + "?after=%00",
            "/training/employment/employers?q=%00", "/training/classes?q=%00",
        ] {
            let answer = try await sample.get(path, EmployerTests.officer())
            #expect(answer.status < 500, "\(path)")
        }
    }

    @Test(arguments: TestServer.engines) func `a name is taken once, and a neighbour finds nothing`(
        _ engine: Engine
    ) async throws {
        let sample = try await EmployerTests.sample(engine)
        _ = try await sample.post(Self.path + "/new", Self.brand, EmployerTests.officer())
        _ = try await sample.post(
            Self.path + "/new", Self.changed(["name": "玉龙焊匠", "key": "k2"]), EmployerTests.officer())

        let again = try await sample.post(
            Self.path + "/new", Self.changed(["key": "k3"]), EmployerTests.officer())
        let renamed = try await sample.post(Self.path + "/2", Self.changed(["version": "1"]), EmployerTests.officer())
        let foreign = try await sample.post(
            Self.path + "/1", Self.changed(["version": "1", "division": "150403"]), EmployerTests.neighbour())
        let given = try await sample.post(
            Self.path + "/1", Self.changed(["version": "1", "division": "150403"]), EmployerTests.officer())

        #expect(again.status == 422 && again.text.contains("已有同名的劳务品牌"))
        #expect(renamed.status == 422 && renamed.text.contains("已有同名的劳务品牌"))
        #expect(foreign.status == 404)
        #expect(given.status == 422)
        #expect(try await sample.get(Self.path + "/1", EmployerTests.neighbour()).status == 404)
        #expect(try await !sample.get(Self.path, EmployerTests.neighbour()).text.contains("红山大嫂"))
        #expect(try await EmployerTests.count(sample, "SELECT count(*) AS n FROM labour_brand") == 2)
    }

    @Test(arguments: TestServer.engines) func `people of its place count, those placed before as well`(
        _ engine: Engine
    ) async throws {
        let sample = try await EmployerTests.graduates(engine)
        _ = try await sample.store.database.write { db in
            // A neighbour county's brand of the same trade, older than ours; somebody of that county; a trade that is not ours.
            try db.execute("INSERT INTO labour_brand (division, name) VALUES ('150403', '元宝山大嫂')")
            try db.execute("INSERT INTO labour_brand_trade (brand_id, trade) VALUES (1, '4-10-01-06')")
            for (id, home, trade, ended) in [
                (Int64(2), "150402003", "4-10-01-06", String?.none), (1, "150402", "4-10-01-05", "2026-05-01"),
                (1, "150404", "4-10-01-06", "2026-05-01"),
            ] {
                try db.execute(
                    """
                    INSERT INTO placement (learner_id, division, trade, started_on, ended_on, ended_why, created_at)
                    VALUES (\(id), \(home), \(trade), '2026-04-01', \(ended), \(ended.map { _ in "other" }),
                        '2026-04-01T02:00:00Z')
                    """)
            }
        }

        let made = try await sample.post(Self.path + "/new", Self.brand, EmployerTests.officer())
        #expect(made.status == 303)
        let counted: SQL = "SELECT count(*) AS n FROM placement WHERE brand_id = 2"
        #expect(try await EmployerTests.count(sample, counted) == 1)
        let placed = try await sample.post(
            "/training/enrollments/1/placement",
            ["kind": "own", "trade": "4-10-01-06", "startedOn": "2026-06-01", "evidence": "营业执照"],
            EmployerTests.officer())

        #expect(placed.status == 303)
        #expect(try await EmployerTests.count(sample, counted) == 2)
        #expect(try await EmployerTests.count(sample, "SELECT count(*) AS n FROM placement WHERE brand_id = 1") == 0)
        #expect(try await sample.get("/training/brands/2").text.contains("2026"))
    }

    @Test(arguments: TestServer.engines)
    func `of two brands the one with the employer counts, then the smaller place's`(
        _ engine: Engine
    ) async throws {
        let sample = try await EmployerTests.sample(engine)
        _ = try await sample.store.database.write { db in
            try db.execute(
                """
                INSERT INTO employer (employer_id, credit_code, name, division)
                VALUES (1, '52150402MJY1234565', '演示家政公司', '150402')
                """)
            for (id, division, state) in [
                (Int64(1), "150402", "active"), (2, "150402003", "active"), (3, "150402", "active"),
                (4, "150402003", "ended"),
            ] {
                try db.execute(
                    """
                    INSERT INTO labour_brand (brand_id, division, name, state)
                    VALUES (\(id), \(division), \("品牌\(id)"), \(state))
                    """)
                try db.execute(
                    "INSERT INTO labour_brand_trade (brand_id, trade) VALUES (\(id), '4-10-01-06')")
            }
            try db.execute("INSERT INTO labour_brand_employer (brand_id, employer_id) VALUES (3, 1)")
        }
        func brand(_ employer: Int64?, _ home: String, trade: String = "4-10-01-06") async throws -> Int64? {
            try await sample.store.database.read { db in
                try BrandQueries.brand(
                    of: trade, employer: employer, home: #require(DivisionCode(prefix: home)), in: db)
            }
        }

        #expect(try await brand(1, "150402003") == 3)
        #expect(try await brand(nil, "150402003") == 2)
        #expect(try await brand(nil, "150402004") == 1)
        #expect(try await brand(nil, "150403") == nil)
        #expect(try await brand(1, "150402003", trade: "4-10-01-05") == nil)
    }
}
