import Testing

@testable import GuideService

struct SearchIndexTests {
    let index: SearchIndex

    init() throws { index = try SearchCatalogue.index() }

    // MARK: Chinese

    @Test func `an item is found by its name`() {
        #expect(index.first("建筑工程施工许可证核发") == 14)
    }

    @Test func `brackets in a name do not part the words around them`() {
        #expect(index.first("食品经营许可核发") == 1)
    }

    @Test(arguments: [("婚", [Int64(8), 9]), ("烟", [Int64(11)]), ("娱", [Int64(12)])])
    func `a single character finds all that have it in their names`(query: String, expected: [Int64]) {
        #expect(index.ids(query).sorted() == expected)
    }

    @Test func `a sentence finds the item that it speaks of`() {
        #expect(index.first("请问一下我明年想要结婚的话是在网上登记预约吗") == 8)
    }

    @Test func `another name finds an item`() {
        #expect(index.first("餐饮许可证") == 1)
    }

    @Test func `materials and summaries are searched too`() {
        #expect(index.ids("收入证明") == [10])
        #expect(index.first("开工前") == 14)
    }

    @Test func `the same base name without an action is first the one that grants`() {
        #expect(index.ids("食品经营许可").prefix(2) == [1, 2])
    }

    @Test func `an action in the query brings its item first`() {
        #expect(index.first("食品经营许可注销") == 2)
        #expect(index.first("个体工商户注销") == 4)
    }

    // MARK: Everyday words

    @Test func `a small shop means a food permit`() {
        #expect(index.first("我想开个小卖部需要什么手续") == 1)
        #expect(index.ids("小卖部").contains(3))
    }

    @Test func `an everyday word for an action counts as that action`() {
        #expect(index.first("社会保障卡丢了") == 6)
        #expect(index.first("个体户不干了") == 4)
    }

    @Test func `a Latin word of the lexicon is widened`() {
        #expect(index.first("开KTV") == 12)
    }

    @Test func `fillers alone are taken at their word`() {
        #expect(index.first("办理") == 7)
    }

    // MARK: Pinyin

    @Test(arguments: [
        ("shipinjingying", Int64(1)), ("jiehundengji", 8), ("wangyueche", 13), ("shenfenzheng", 7), ("dibao", 10),
        ("ShePinJingYing", 1), ("SHEHUIBAOZHANGKA", 5),
    ])
    func `full pinyin finds`(query: String, expected: Int64) {
        #expect(index.first(query) == expected)
    }

    @Test(arguments: [("spjyxk", Int64(1)), ("gtgsh", 3), ("zdshbz", 10), ("jzgcsg", 14)])
    func `initials find`(query: String, expected: Int64) {
        #expect(index.first(query) == expected)
    }

    @Test(arguments: [("食品jingying", Int64(1)), ("shipinjyxk", 1), ("结hun", 8), ("jiehdengj", 8)])
    func `mixtures of characters, pinyin and initials find`(query: String, expected: Int64) {
        #expect(index.first(query) == expected)
    }

    @Test func `a character of two readings is found by either`() {
        #expect(index.first("yinhang") == 16)
        #expect(index.first("yinxing") == 16)
    }

    @Test func `sounds that the south-west confuses are one`() {
        #expect(index.first("sipinjinyin") == 1)
    }

    // MARK: Typing errors

    @Test(arguments: [
        ("身分证", Int64(7)), ("居民生份证", 7), ("衣保卡社会保张卡", 5), ("烟草专买", 11), ("结昏登记", 8), ("施功许可", 14),
    ])
    func `a homophone finds`(query: String, expected: Int64) {
        #expect(index.first(query) == expected)
    }

    @Test(arguments: [("食品经菅许可", Int64(1)), ("个休工商户", 3), ("最底生活保障", 10), ("烟草专买零售", 11)])
    func `a character that looks alike finds`(query: String, expected: Int64) {
        #expect(index.first(query) == expected)
    }

    @Test(arguments: [("食品经鑫许可", Int64(1)), ("社会保鑫卡申领", 5)])
    func `any one wrong character still finds`(query: String, expected: Int64) {
        #expect(index.first(query) == expected)
    }

    @Test(arguments: [("食品经许可核发", Int64(1)), ("结登记预约", 8), ("建筑程施工许可", 14)])
    func `a missing character still finds`(query: String, expected: Int64) {
        #expect(index.first(query) == expected)
    }

    @Test(arguments: [("品食经营许可", Int64(1)), ("婚结登记", 8), ("居民身证份", 7)])
    func `two characters that changed places still find`(query: String, expected: Int64) {
        #expect(index.first(query) == expected)
    }

    @Test func `a wrong character in an everyday word is put right first`() {
        let result = index.search("小买部")

        #expect(result.hits.first?.id == 1)
        #expect(result.correctedQuery == "小卖部")
    }

    @Test func `a right query is not corrected`() {
        #expect(index.search("结婚登记").correctedQuery == nil)
    }

    // MARK: Forms

    @Test(arguments: [("食品經營許可", Int64(1)), ("結婚登記預約", 8), ("個體工商戶設立", 3), ("煙草專賣", 11)])
    func `traditional characters find`(query: String, expected: Int64) {
        #expect(index.first(query) == expected)
    }

    @Test(arguments: [("ＥＴＣ", Int64(15)), ("etc", 15), ("Ｅtc发行", 15), ("ｓｐｊｙｘｋ", 1), ("５１１Ｆ１６", 15)])
    func `width and case do not matter`(query: String, expected: Int64) {
        #expect(index.first(query) == expected)
    }

    @Test(arguments: [
        ("11150402MB9900232H4000131019003", Int64(2)), ("511A0074300012-511602000000", 4), ("511a0074300012", 4),
        ("0070200002", 6), ("511602000000-511A0074300012", 4),
    ])
    func `a code finds, whole or in part`(query: String, expected: Int64) {
        #expect(index.first(query) == expected)
    }

    @Test func `a part that stands in several codes finds them all`() {
        #expect(Set(index.ids("511602000000")) == [3, 4])
    }

    // MARK: Order, filters, explanation

    @Test func `of two equal matches the more used comes first`() {
        #expect(index.ids("登记预约").prefix(2) == [8, 9])
    }

    @Test func `equal scores come by rising id`() throws {
        let twins = [7, 3, 5].map { SearchDocument(id: $0, code: "", name: "取水许可") }

        let index = try SearchCatalogue.index(twins)

        #expect(index.ids("取水许可") == [3, 5, 7])
    }

    @Test func `further items of one name step back behind another name`() throws {
        let towns = ["石桥", "龙台", "花园", "白市"].enumerated().map {
            SearchDocument(id: Int64($0 + 1), code: "", name: "取水许可（\($1)镇）")
        }
        let index = try SearchCatalogue.index(towns + [.init(id: 9, code: "", name: "取水许可指南")])

        #expect(index.ids("取水许可") == [1, 2, 9, 3, 4])
        #expect(index.search("取水许可", explain: true).hits[4].explanation.last?.kind == .repeated)
    }

    @Test func `a name that grants and replaces counts as granting`() throws {
        let tables = try SearchCatalogue.tables()
        let lexicon = Lexicon(
            entries: [.init(words: ["丢了"], means: ["补换", "补领"], action: true)], fillers: [], grants: ["申领"],
            tables: tables)
        let documents = [
            SearchDocument(id: 1, code: "", name: "证件补领"), .init(id: 2, code: "", name: "证件申领补换"),
        ]

        let hits = SearchIndex(documents, tables: tables, lexicon: lexicon).search("证件", explain: true).hits

        #expect(hits.map(\.id) == [2, 1])
        #expect(hits.map { $0.explanation.map(\.kind).contains(.otherAction) } == [false, true])
    }

    @Test func `filters leave only what they ask for`() {
        #expect(index.ids("登记", filter: .init(departments: ["民政局"])) == [8, 9])
        #expect(index.ids("许可", filter: .init(kinds: ["行政许可"], channels: ["online"])).sorted() == [1, 11, 14])
        #expect(index.ids("许可", filter: .init(audiences: ["nobody"])).isEmpty)
    }

    @Test func `values of one filter are alternatives`() {
        let filter = SearchFilter(departments: ["民政局", "烟草专卖局"])

        #expect(Set(index.ids("登记许可", filter: filter)) == [8, 9, 11])
    }

    @Test func `an explanation names word, field and points, and adds up to the score`() throws {
        let hit = try #require(index.search("小卖部", explain: true).hits.first)

        #expect(hit.explanation.first?.kind == .synonym)
        #expect(hit.explanation.first?.term == "食品 经营许可")
        #expect(hit.explanation.first?.field == .name)
        #expect(hit.explanation.map(\.kind) == [.synonym, .brevity, .popularity])
        #expect(abs(hit.explanation.reduce(0) { $0 + $1.points } - hit.score) < 0.001)
    }

    @Test func `explanations are left out unless asked for`() {
        #expect(index.search("结婚").hits.allSatisfy { $0.explanation.isEmpty })
    }

    @Test func `what nothing answers is told as nearest`() {
        #expect(index.search("结婚登记").quality == .found)
        #expect(index.search("量子计算机登月").quality == .nearest)
        #expect(index.search("𠀀𠀁").quality == .nothing)
        #expect(index.search("").hits.isEmpty)
    }

    @Test func `the limit holds`() {
        #expect(index.search("许可", limit: 2).hits.count == 2)
        #expect(index.search("许可", limit: 0).hits.isEmpty)
    }
}
