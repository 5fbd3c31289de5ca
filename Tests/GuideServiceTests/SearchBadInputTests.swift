import Testing

@testable import GuideService

struct SearchBadInputTests {
    let index: SearchIndex

    init() throws { index = try SearchCatalogue.index() }

    @Test func `a query of 10,000 characters is answered by its beginning`() {
        let query = "结婚登记预约" + String(repeating: "我想开一家卖小吃的饭馆需要什么手续shipin", count: 450)

        let result = index.search(query)

        #expect(query.count > 10_000)
        #expect(!result.hits.isEmpty)
    }

    @Test func `10,000 times the same is answered like a few times`() {
        #expect(index.first(String(repeating: "结婚", count: 5_000)) == 8)
        #expect(index.search(String(repeating: "a", count: 10_000)).hits.count <= 20)
        #expect(index.search(String(repeating: "-", count: 10_000)).hits.isEmpty)
        #expect(index.search(String(repeating: "1", count: 10_000)).hits.isEmpty)
    }

    @Test(arguments: [
        "<script>alert(1)</script>结婚", "'; DROP TABLE item; --结婚", "结婚\u{0}", "\u{202E}结婚", "结\u{200B}婚", "结婚%_*?\\",
        "👨‍👩‍👧结婚", "结婚\u{FEFF}", "\n\t结婚\r\n",
    ])
    func `signs around the words are passed over`(query: String) {
        #expect(index.ids(query).contains(8))
    }

    @Test(arguments: ["", " ", "（）", "\u{0}", "👍", "…………", "-", "--", "\u{D7FF}", "\u{FFFF}"])
    func `a query without words finds nothing`(query: String) {
        #expect(index.search(query) == SearchResult())
        #expect(index.suggest(query).isEmpty)
    }

    @Test func `documents without words do no harm`() throws {
        let index = try SearchCatalogue.index([
            .init(id: 1, code: "", name: ""), .init(id: 2, code: "---", name: "（）", aliases: ["", "！"], summary: " "),
            .init(id: 3, code: "", name: "取水许可"), .init(id: 4, code: "", name: "（取水）"),
        ])

        #expect(index.ids("取水许可").first == 3)
        #expect(index.ids("取水").sorted() == [3, 4])
    }

    @Test func `an empty index answers`() throws {
        let index = try SearchCatalogue.index([])

        #expect(index.search("结婚") == SearchResult())
        let updated = index.updating([.init(id: 1, code: "", name: "结婚登记")])
        #expect(updated.first("结婚") == 1)
    }

    @Test func `random queries are answered, and twice alike`() throws {
        var random = SplitMix(state: 20_261_125)
        let pieces = [
            "食品", "经营", "许可", "结", "婚", "登记", "sp", "jingying", "zh", "511A", "0074", "-", "（", "）", " ", "小卖部",
            "丢了", "證", "經", "Ａ", "９", "𠀀", "é", "办", "怎么", "iuv", "aaaa", "\u{0}", "鑫",
        ]
        let again = try SearchCatalogue.index()

        for _ in 0..<600 {
            var query = ""
            for _ in 0..<random.next(below: 12) {
                if random.next(below: 4) == 0, let scalar = Unicode.Scalar(random.next(below: 0x2_FFFF)) {
                    query.unicodeScalars.append(scalar)
                } else {
                    query += pieces[Int(random.next(below: UInt32(pieces.count)))]
                }
            }
            let result = index.search(query, explain: true)

            #expect(result == again.search(query, explain: true))
            #expect(index.suggest(query) == again.suggest(query))
            #expect(zip(result.hits, result.hits.dropFirst()).allSatisfy { $0.score >= $1.score })
            #expect(result.hits.allSatisfy { $0.match <= 1.001 && $0.score.isFinite })
        }
    }

    /// The same sequence on every machine.
    private struct SplitMix {
        var state: UInt64

        mutating func next(below bound: UInt32) -> UInt32 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return UInt32((mixed >> 32) * UInt64(bound) >> 32)
        }
    }
}
