import Foundation
import Testing

@testable import TrainingService

@Suite struct TradeSearchTests {
    private static let search = Result { try TradeSearch(folder: TradeTables.folder) }

    private func find(_ query: String, limit: Int = 10) throws -> [TradeHit] {
        try Self.search.get().find(query, limit: limit)
    }

    private func names(_ query: String, limit: Int = 10) throws -> [String] {
        try find(query, limit: limit).map(\.occupation.name)
    }

    @Test(arguments: [
        ("月嫂", "家政服务员"), ("开挖掘机的", "挖掘铲运和桩工机械司机"), ("网管", "信息通信网络运行管理员"),
        ("送外卖", "网约配送员"), ("美甲师", "美甲师"), ("带货主播", "互联网营销师"), ("修空调", "制冷空调系统安装维修工"),
        ("刷墙的", "装饰装修工"), ("护工", "养老护理员"), ("贴瓷砖", "装饰装修工"), ("绑钢筋的", "钢筋工"),
        ("叉车司机", "起重装卸机械操作工"), ("电焊工", "焊工"), ("CNC操机", "多工序数控机床操作调整工"), ("看大门的", "保安员"),
        ("快递小哥", "快递员"), ("放羊的", "家畜饲养员"), ("做奶豆腐", "乳品加工工"), ("开拖拉机", "农机驾驶操作员"),
        ("拉面师傅", "中式面点师"), ("传菜员", "餐厅服务员"), ("理发", "美发师"), ("修电动车", "自行车与电动自行车维修工"),
        ("飞无人机", "无人机驾驶员"), ("司炉工", "锅炉操作工"),
    ])
    func `an everyday title finds its trade first`(title: String, trade: String) throws {
        #expect(try names(title).first == trade)
    }

    @Test func `a title that means two trades finds both`() throws {
        #expect(try names("月嫂", limit: 2) == ["家政服务员", "婴幼儿发展引导员"])
        #expect(try Set(names("修空调", limit: 2)) == ["制冷空调系统安装维修工", "家用电器产品维修工"])
    }

    @Test(arguments: [
        "某某餐厅招聘传菜员", "传菜员（包吃住，月薪5000）", "急招传菜员 五险一金", "传菜员+包吃住+双休",
    ])
    func `what an advertisement promises does not count`(title: String) throws {
        #expect(try names(title).first == "餐厅服务员")
    }

    @Test func `a recruiter's own work is not taken for a call`() throws {
        #expect(try names("招聘专员").first == "招聘师")
    }

    @Test(arguments: ["yuesao", "yue sao", "YUESAO", "月扫"])
    func `pinyin and characters that sound alike find a title`(query: String) throws {
        #expect(try names(query).first == "家政服务员")
    }

    @Test func `initials find a title`() throws {
        #expect(try names("wjj").first == "挖掘铲运和桩工机械司机")
    }

    @Test(arguments: ["開挖掘機", "开挖决机", "挖机掘", "開挖機"])
    func `traditional, wrong and swapped characters are forgiven`(query: String) throws {
        #expect(try names(query).first == "挖掘铲运和桩工机械司机")
    }

    @Test func `the words that matched say why`() throws {
        #expect(try find("月嫂").first?.words.first == "月嫂")
        #expect(try find("急聘住家保姆").first?.words.first == "住家保姆")
        #expect(try find("yuesao").first?.words == ["月嫂"])
    }

    @Test func `a whole title scores at least 1 and a guess less`() throws {
        #expect(try #require(try find("月嫂").first).score >= 1)
        #expect(try #require(try find("护林").first).score >= 1)
        #expect(try #require(try find("天上飞的").first).score < 1)
    }

    @Test func `a code finds its trade, and a group's code its trades`() throws {
        #expect(try names(" 4-10-01-05 ") == ["养老护理员"])
        #expect(try names("4-10-01-00") == ["婴幼儿发展引导员", "保育师", "孤残儿童护理员", "养老护理员", "家政服务员"])
    }

    @Test(arguments: ["", "   ", "🙂🙂", "（）", "12345", "？！", "qqqqzz"])
    func `where nothing is said nothing is found`(query: String) throws {
        #expect(try find(query).isEmpty)
    }

    @Test func `emoji beside a title do not count`() throws {
        #expect(try names("🔥月嫂🔥").first == "家政服务员")
    }

    @Test func `only the beginning of a very long query counts`() throws {
        let long = "月嫂，" + String(repeating: "我会开挖掘机也会修空调", count: 1000)

        #expect(try find(long).map(\.occupation.code) == find(String(long.prefix(120))).map(\.occupation.code))
    }

    @Test func `no more than asked for are given, each trade once, the best first`() throws {
        let hits = try find("司机", limit: 5)

        #expect(hits.count == 5)
        #expect(Set(hits.map(\.occupation.code)).count == 5)
        #expect(hits.map(\.score) == hits.map(\.score).sorted(by: >))
        #expect(try find("司机", limit: 0).isEmpty)
        #expect(try find("司机", limit: -1).isEmpty)
    }

    @Test func `only trades are found, never groups`() throws {
        #expect(try find("销售").allSatisfy { $0.occupation.level == .trade })
    }

    @Test func `an alias left out is no longer met`() throws {
        let classification = try OccupationClassification(folder: TradeTables.folder)
        let search = try TradeSearch(
            classification, folder: TradeTables.folder, leavingOut: { $0 == "氩弧焊工" }, withCounts: false)

        #expect(search.find("氩弧焊工", limit: 1).first?.words.contains("氩弧焊工") == false)
    }

    @Test func `everyday titles name trades as the classification does`() throws {
        let classification = try OccupationClassification(folder: TradeTables.folder)
        var wrong: [String] = []
        var count = 0
        try OccupationTable(TradeTables.folder, "titles.tsv").forEach(fields: 3) { fields in
            let trade = OccupationCode(fields[0]).flatMap(classification.trade)
            if trade?.name != String(fields[1]) { wrong.append(String(fields[0])) }
            count += fields[2].split(separator: " ").count
            return true
        }

        #expect(wrong.isEmpty)
        #expect(count > 3000)
    }
}
