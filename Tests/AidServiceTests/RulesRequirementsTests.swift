import Testing

@testable import AidService

@Suite struct RulesRequirementsTests {
    /// The requirements of a kind under the facts.
    private func requirements(_ kind: String, _ facts: [String]) throws -> FeedRequirements {
        let book = try RulesSample.load(
            yaml: (["version: '1'", "facts:"] + facts.map { "  \($0)" } + ["indicators: []"]).joined(separator: "\n"))
        return book.requirements(forKind: try #require(book.kinds.kind(named: kind)))
    }

    private func names(_ kind: String, _ fields: [Int]) throws -> [String] {
        let catalogue = try FeedKindCatalogue.shipped()
        let fieldList = catalogue.kinds[try #require(catalogue.kind(named: kind))].fields
        return fields.map { fieldList[$0].name }
    }

    @Test func `without facts the identity number and the key are required`() throws {
        let found = try requirements("medical", ["a: { feed: deaths, count: rows }"])

        #expect(try names("medical", found.requiredFields) == ["settlement_no", "id_number"])
        #expect(!found.isDateColumnRequired)
        #expect(!found.isDateParsed)
        #expect(!found.rejectsAbsentDate)
        #expect(found.facts.isEmpty)
    }

    @Test func `what facts sum, compare or name is required in the table's order`() throws {
        let found = try requirements(
            "accidents",
            [
                "a: { feed: accidents, max: loss }", "b: { feed: deaths, count: rows }",
                "c: { feed: accidents, count: rows, where: \"severity == '重大' || kind == '火灾'\" }",
            ])

        #expect(try names("accidents", found.requiredFields) == ["case_no", "id_number", "kind", "severity", "loss"])
        #expect(found.facts == [0, 2])
    }

    @Test func `a date column that any fact could need is parsed but not required`() throws {
        let found = try requirements("relief", ["a: { feed: relief, count: rows }"])

        #expect(!found.isDateColumnRequired)
        #expect(found.isDateParsed)
        #expect(!found.rejectsAbsentDate)
    }

    @Test(arguments: ["months: 3", "latest: true"])
    func `months and latest require the date column but not every date`(key: String) throws {
        let found = try requirements("relief", ["a: { feed: relief, count: rows, \(key) }"])

        #expect(found.isDateColumnRequired)
        #expect(found.isDateParsed)
        #expect(!found.rejectsAbsentDate)
        #expect(try names("relief", found.requiredFields) == ["record_no", "id_number"])
    }

    @Test func `latest false requires nothing`() throws {
        #expect(try !requirements("relief", ["a: { feed: relief, count: rows, latest: false }"]).isDateColumnRequired)
    }

    @Test func `a date in the key is required in every row whether or not a fact reads the feed`() throws {
        let found = try requirements("schooling", ["a: { feed: deaths, count: rows }"])

        #expect(try names("schooling", found.requiredFields) == ["id_number", "school", "enrolled_on"])
        #expect(found.isDateColumnRequired)
        #expect(found.isDateParsed)
        #expect(found.rejectsAbsentDate)
    }

    @Test func `a date named in where is required in every row`() throws {
        let found = try requirements(
            "medical", ["a: { feed: medical, count: rows, where: \"settled_on >= '2026-01-01'\" }"])

        #expect(try names("medical", found.requiredFields) == ["settlement_no", "id_number", "settled_on"])
        #expect(found.isDateColumnRequired)
        #expect(found.rejectsAbsentDate)
    }
}
