import Testing

@testable import GuideService

struct SearchUpdateTests {
    let index: SearchIndex

    init() throws { index = try SearchCatalogue.index() }

    @Test func `a new document is found and the others stay`() {
        let next = index.updating([.init(id: 99, code: "", name: "养犬登记")])

        #expect(next.first("养犬登记") == 99)
        #expect(next.first("结婚登记") == 8)
        #expect(next.count == 17)
        #expect(index.ids("养犬").isEmpty)
    }

    @Test func `a changed document is found by its new words only`() {
        var changed = SearchCatalogue.documents[9]
        changed.name = "城乡低收入家庭认定"
        changed.aliases = []
        let next = index.updating([changed])

        #expect(next.first("低收入家庭") == 10)
        #expect(!next.ids("最低生活保障").prefix(1).contains(10))
        #expect(next.count == 16)
    }

    @Test func `a withdrawn document is gone, also from suggestions`() {
        let next = index.updating([], removing: [8])

        #expect(!next.ids("结婚登记").contains(8))
        #expect(!next.suggest("结婚").map(\.id).contains(8))
        #expect(next.count == 15)
    }

    @Test func `the last of many changes counts`() {
        var next = index
        for round in 1...700 {
            next = next.updating([.init(id: 500 + Int64(round % 600), code: "", name: "第\(round)号改动")])
        }

        #expect(next.first("第700号改动") == 600)
        #expect(next.count == 16 + 600)
        #expect(next.search("改动", limit: 1000).hits.allSatisfy { $0.id >= 500 })
    }

    @Test func `a document that comes back after withdrawal is found again`() {
        let next = index.updating([], removing: [8]).updating([SearchCatalogue.documents[7]])

        #expect(next.first("结婚登记") == 8)
    }

    @Test func `more documents than a segment holds are all found`() throws {
        let tables = try SearchCatalogue.tables()
        let documents = (1...65_540).map { SearchDocument(id: $0, code: "X\($0)Y", name: $0 == 65_539 ? "取水许可" : "登记") }
        let index = SearchIndex(documents, tables: tables, lexicon: .empty)

        #expect(index.segments.count == 2)
        #expect(index.ids("取水许可").first == 65_539)
        #expect(index.ids("X65538Y") == [65_538])
    }
}
