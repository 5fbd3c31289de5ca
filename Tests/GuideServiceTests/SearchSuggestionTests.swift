import Testing

@testable import GuideService

struct SearchSuggestionTests {
    let index: SearchIndex

    init() throws { index = try SearchCatalogue.index() }

    private func names(_ prefix: String, limit: Int = 8) -> [Int64] { index.suggest(prefix, limit: limit).map(\.id) }

    @Test func `a first character offers names that begin with it`() {
        #expect(names("结").first == 8)
        #expect(names("社").first == 5)
    }

    @Test func `a beginning comes before the same words further in`() throws {
        let index = try SearchCatalogue.index([
            .init(id: 1, code: "", name: "变更登记", popularity: 0),
            .init(id: 2, code: "", name: "公司变更登记", popularity: 900),
        ])

        #expect(index.suggest("变更").map(\.id) == [1, 2])
    }

    @Test(arguments: [("s", Int64(1)), ("sp", 1), ("shi", 1), ("shipinj", 1), ("jieh", 8), ("gtg", 3), ("dib", 10)])
    func `pinyin and initials offer while they are typed`(prefix: String, expected: Int64) {
        #expect(names(prefix).contains(expected))
    }

    @Test func `the beginning of an everyday word offers what it means`() {
        #expect(names("小卖").first == 1)
    }

    @Test func `a half-typed code offers its item`() {
        #expect(names("512B00702").sorted() == [5, 6])
    }

    @Test func `two items of one name are offered once`() throws {
        let index = try SearchCatalogue.index([
            .init(id: 1, code: "a1", name: "取水许可"), .init(id: 2, code: "a2", name: "取水许可"),
        ])

        #expect(index.suggest("取水").map(\.id) == [1])
    }

    @Test func `no more than the limit is offered, and nothing for nothing`() {
        #expect(names("许", limit: 2).count == 2)
        #expect(names("").isEmpty)
        #expect(names("  （）").isEmpty)
    }
}
