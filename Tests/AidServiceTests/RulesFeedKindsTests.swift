import SocialDomain
import Testing

@testable import AidService

@Suite struct RulesFeedKindsTests {
    @Test func `the shipped catalogue holds the ten kinds`() throws {
        let kinds = try FeedKindCatalogue.shipped().kinds

        #expect(
            kinds.map(\.name) == [
                "medical", "disability", "schooling", "employment", "deaths", "vehicles", "property", "companies",
                "accidents",
                "relief",
            ])
        #expect(kinds.allSatisfy { $0.dateField != nil && !$0.title.zh.isEmpty && !$0.title.en.isEmpty })
        #expect(kinds.allSatisfy { $0.fields[$0.idField].name == "id_number" })
    }

    @Test(arguments: [
        ("medical", ["settlement_no"], "settled_on"), ("disability", ["certificate_no"], "issued_on"),
        ("schooling", ["id_number", "school", "enrolled_on"], "enrolled_on"),
        ("employment", ["id_number", "changed_on"], "changed_on"), ("deaths", ["id_number"], "died_on"),
        ("vehicles", ["plate"], "registered_on"), ("property", ["certificate_no"], "registered_on"),
        ("companies", ["credit_code", "id_number"], "registered_on"),
        ("accidents", ["case_no", "id_number"], "occurred_on"),
        ("relief", ["record_no"], "paid_on"),
    ])
    func `a kind has its key and its date`(name: String, key: [String], date: String) throws {
        let catalogue = try FeedKindCatalogue.shipped()
        let kind = catalogue.kinds[try #require(catalogue.kind(named: name))]

        #expect(kind.key.map { kind.fields[$0].name } == key)
        #expect(kind.dateField.map { kind.fields[$0].name } == date)
    }

    @Test func `fields stand in the table's order with their types and aliases`() throws {
        let kind = try FeedKindCatalogue.shipped().kinds[1]

        #expect(kind.fields.map(\.name) == ["certificate_no", "id_number", "name", "category", "level", "issued_on"])
        #expect(kind.fields.map(\.type) == [.text, .idNumber, .name, .text, .level, .date])
        #expect(kind.fields[1].aliases == ["证件号码", "身份证号", "公民身份号码", "身份证号码"])
        #expect(kind.fields[2].aliases == ["姓名"])
        #expect(kind.fields[4].aliases == ["残疾等级"])
    }

    @Test(arguments: [
        ("medical.csv", "medical"), ("medical-2026.XLSX", "medical"), ("medical2026.Csv", "medical"),
        ("medicals-private.csv", "medicals"), ("deaths-2024-noid.csv", "deaths"),
    ])
    func `a file's kind is the longest that its name starts with`(file: String, name: String) throws {
        let catalogue = try FeedKindCatalogue.load(
            yaml: """
                kinds:
                  medical: &m { title: { zh: 医, en: M }, key: [n], fields: { n: &f { type: id_number, title: { zh: 号, en: N } } } }
                  medicals: { title: { zh: 医, en: M }, key: [n], fields: { n: *f } }
                  deaths: *m
                """, file: "kinds.yaml")

        #expect(catalogue.kind(forFile: file).map { catalogue.kinds[$0].name } == name)
    }

    @Test(arguments: ["readme.txt", "shebao-2026.csv", "Medical.csv", "medical", "medical.csv.bak", "medica.csv", ""])
    func `a file of no kind has none`(file: String) throws {
        #expect(try FeedKindCatalogue.shipped().kind(forFile: file) == nil)
    }

    @Test(arguments: [
        (
            "kinds: { a: { title: { zh: 甲, en: A }, key: [n], fields: { n: { type: number, title: { zh: 号, en: N } } } } }",
            71
        ),
        (
            "kinds: { a: { title: { zh: 甲, en: A }, key: [x], fields: { n: { type: id_number, title: { zh: 号, en: N } } } } }",
            46
        ),
        (
            "kinds: { a: { title: { zh: 甲, en: A }, key: [n], fields: { n: { type: text, title: { zh: 号, en: N } } } } }",
            58
        ),
        (
            "kinds: { a: { title: { zh: 甲, en: A }, key: [], fields: { n: { type: id_number, title: { zh: 号, en: N } } } } }",
            45
        ),
        (
            "kinds: { a: { title: { zh: 甲, en: A }, key: [n], date: n, fields: { n: { type: id_number, title: { zh: 号, en: N } } } } }",
            56
        ),
        (
            "kinds: { a: { title: { zh: 甲, en: A }, key: [n], fields: { in: { type: id_number, title: { zh: 号, en: N } } } } }",
            60
        ),
        (
            "kinds: { a/b: { title: { zh: 甲, en: A }, key: [n], fields: { n: { type: id_number, title: { zh: 号, en: N } } } } }",
            10
        ),
        ("kinds: []", 8),
    ])
    func `a fault in the catalogue is told with its place`(yaml: String, column: Int) throws {
        let error = #expect(throws: RuleFileError.self) { try FeedKindCatalogue.load(yaml: yaml, file: "kinds.yaml") }

        #expect(error?.faults.first?.line == 1)
        #expect(error?.faults.first?.column == column)
    }
}
