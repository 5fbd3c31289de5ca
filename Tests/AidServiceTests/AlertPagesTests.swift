import HTTPTypes
import Security
import ServiceKit
import Testing

@testable import AidService

struct AlertPagesTests {
    @Test func `names are masked in the list`() async throws {
        let answer = try await PageSample().get("/aid/alerts")

        #expect(answer.text.contains("乌****"))
        #expect(!answer.text.contains("乌兰其其格"))
    }

    @Test func `only open alerts are listed unless asked otherwise`() async throws {
        let sample = try PageSample()

        let open = try await sample.get("/aid/alerts")
        let cleared = try await sample.get("/aid/alerts?state=cleared")

        #expect(open.text.contains("/aid/households/H1") && !open.text.contains("/aid/households/H2"))
        #expect(cleared.text.contains("/aid/households/H2") && !cleared.text.contains("/aid/households/H1"))
    }

    @Test func `each filter can be taken away by itself`() async throws {
        let answer = try await PageSample().get("/aid/alerts?tier=red&direction=support")

        #expect(answer.text.contains("href=\"/aid/alerts?direction=support\">红色"))
        #expect(answer.text.contains("href=\"/aid/alerts?tier=red\">需帮扶"))
    }

    @Test(arguments: ["tier=yellow", "direction=review", "division=150403", "indicator=S09"])
    func `a filter leaves out what does not fit and says so`(query: String) async throws {
        let answer = try await PageSample().get("/aid/alerts?\(query)")

        #expect(answer.text.contains("没有符合条件的预警"))
    }

    @Test(arguments: ["tier=red", "direction=support", "division=1504", "indicator=S03"])
    func `a filter keeps what fits`(query: String) async throws {
        let answer = try await PageSample().get("/aid/alerts?\(query)")

        #expect(answer.text.contains("/aid/households/H1"))
    }

    @Test(arguments: [
        ("-points", "points"), ("points", "points"), ("household", "household"), ("-household", "household"),
    ])
    func `pages of the list join without gap or repeat`(sort: String, _: String) async throws {
        let sample = try PageSample(Self.manyAlerts)
        let order = AlertPages.order(AlertPages.address(.init("sort=\(sort)")))
        let queries = AlertQueries(database: sample.database.database, scope: .ownMachine)

        let whole = try await queries.page(AlertFilter(), order: order, after: nil, limit: 1000).map(\.id)
        var joined: [Int64] = []
        var position: AlertPosition?
        while true {
            let lines = try await queries.page(AlertFilter(), order: order, after: position, limit: 7)
            guard let last = lines.last else { break }
            joined += lines.map(\.id)
            position = AlertPosition(last.position.text)
        }

        #expect(whole.count == 121)
        #expect(joined == whole)
    }

    @Test func `the most points come first`() async throws {
        let sample = try PageSample(Self.manyAlerts)

        let lines = try await AlertQueries(database: sample.database.database, scope: .ownMachine)
            .page(AlertFilter(), order: .byPoints, after: nil, limit: 3)

        #expect(lines.map(\.points) == [60, 59, 59])
    }

    @Test func `the export masks names, keeps figures and disarms formulas`() async throws {
        let sample = try PageSample("UPDATE household SET category = '=1+1' WHERE household_id = 'H1';")

        let answer = try await sample.get("/aid/alerts/export.csv")

        #expect(
            answer.text == """
                \u{FEFF}家庭,户主,类型,等级,分值,原因,救助类别,区划代码,所在地,状态,更新日期\r
                H1,乌****,需帮扶,红色,60,医疗支出过大、重度残疾,'=1+1,150402001002,赤峰市 红山区 西屯街道,待处理,2026-06-30\r

                """)
    }

    @Test func `the workbook holds the same rows`() async throws {
        let answer = try await PageSample().get("/aid/alerts/export.xlsx")

        #expect(answer.text.hasPrefix("11\n[AidService.ExportCell.text(\"H1\")"))
        #expect(answer.headers[.contentDisposition] == "attachment; filename=\"alerts-2026-06-30.xlsx\"")
    }

    /// 120 more, of both directions, with points that repeat.
    private static let manyAlerts = """
        WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 129)
        INSERT INTO alert (alert_id, household_id, division, direction, state, tier, points, opened_at, opened_run,
            changed_at, changed_run)
        SELECT i, 'K' || (i / 2), '1504', CASE i % 2 WHEN 0 THEN 'review' ELSE 'support' END, 'open', 'yellow',
            20 + i % 40, '2026-06-30T01:00:00Z', 1, '2026-06-30T01:00:00Z', 1 FROM n;
        """
}
