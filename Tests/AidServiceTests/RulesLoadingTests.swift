import SocialDomain
import Testing

@testable import AidService

@Suite struct RulesLoadingTests {
    @Test func `a rules file is read in its order, indicators by id`() throws {
        let book = try RulesSample.load()

        #expect(book.version == "1")
        #expect(book.facts.map(\.name) == ["spent", "price", "worst", "children"])
        #expect(book.indicators.map(\.id) == ["R01", "S01"])
        #expect(book.tiers[.support] == TierThresholds(red: 60, orange: 40, yellow: 15))
        #expect(book.tiers[.review] == TierThresholds(red: 60, orange: 40, yellow: 20))
    }

    @Test func `an indicator keeps what the file says of it`() throws {
        let indicator = try #require(try RulesSample.load().indicators.last)

        #expect(indicator.title == LocalizedText(zh: "支出", en: "Spending"))
        #expect(indicator.direction == .support)
        #expect(indicator.scope == .household)
        #expect(indicator.source == "spent >= param.standard")
        #expect(indicator.points == 40)
        #expect(indicator.facts == [0])
        #expect(indicator.parameters == [0])
        #expect(indicator.registerNames == ["param.standard"])
    }

    @Test func `facts are sorted by name by code points in an indicator`() throws {
        let book = try RulesSample.load([
            5: "  zeta: { feed: medical, count: rows }\n  Zeta: { feed: medical, count: rows }\n"
                + "  alpha: { feed: medical, count: rows }",
            14: "    when: zeta + Zeta + alpha + zeta > 0",
        ])

        #expect(book.indicators.last?.facts == [1, 2, 0])
    }

    @Test func `a fact keeps its function, window and type`() throws {
        let facts = try RulesSample.load([
            6: "  price: { feed: employment, max: monthly_wage, months: 6, latest: true }"
        ]).facts

        #expect(facts[0].source == .feed(0))
        #expect(facts[0].function == .sum(5))
        #expect(facts[0].months == 12)
        #expect(facts[0].valueType == .hundredths)
        #expect(!facts[0].isNullable)
        #expect(facts[1].latest)
        #expect(facts[1].months == 6)
        #expect(facts[1].isNullable)
        #expect(facts[2].function == .min(4))
        #expect(facts[2].valueType == .int)
        #expect(facts[2].months == nil)
        #expect(facts[2].condition?.slots == [6])
        #expect(facts[3].source == .members)
        #expect(facts[3].function == .countMembers)
    }

    @Test(arguments: [
        ("", 760.0), ("15", 760.0), ("150402", 760.0), ("150302", 905.0), ("150302001002", 905.0), ("1503", 905.0),
        ("152201003001", 880.0), ("152201001001", 845.0), ("152202", 810.0),
    ])
    func `the longest prefix of the division sets a parameter`(division: String, expected: Double) throws {
        let book = try RulesSample.load([
            3: "  standard: { default: 760, 1503: 905.0, \"1522\": 810.0, \"152201003\": 880.0, \"152201\": 845 }"
        ])

        #expect(book.parameters[0].value(forDivision: division) == expected)
    }

    @Test(arguments: [(100, Tier.red), (60, .red), (59, .orange), (40, .orange), (39, .yellow), (15, .yellow)])
    func `points reach the highest tier`(points: Int, tier: Tier) {
        #expect(TierThresholds(red: 60, orange: 40, yellow: 15).tier(forPoints: points) == tier)
    }

    @Test func `points below the lowest tier reach none`() {
        #expect(TierThresholds(red: 60, orange: 40, yellow: 15).tier(forPoints: 14) == nil)
    }

    @Test(arguments: [
        ("Fixtures/monitoring/rules.yaml", "2026.1-sample", 17, 19),
        ("Benchmarks/peers/rules.yaml", "2026.1-peers", 15, 16),
    ])
    func `the rule files of the tests load`(path: String, version: String, facts: Int, indicators: Int) throws {
        let book = try RulesSample.load(yaml: try RulesSample.repositoryFile(path))

        #expect(book.version == version)
        #expect(book.facts.count == facts)
        #expect(book.indicators.count == indicators)
    }

    @Test func `sections that say nothing may be left out`() throws {
        let book = try RulesSample.load(yaml: "version: 2026.1\nfacts:\nindicators: []\n")

        #expect(book.version == "2026.1")
        #expect(book.facts.isEmpty)
        #expect(book.indicators.isEmpty)
    }

    @Test func `a fact over all members needs no condition`() throws {
        #expect(try RulesSample.load([8: "  children: { count: members }"]).facts[3].condition == nil)
    }

    @Test func `a condition sees the fields of its row and the person`() throws {
        let book = try RulesSample.load([
            7:
                "  worst: { feed: disability, count: rows, where: \"level <= 2 && issued_on >= '2020-01-01' && name != ''"
                + " && id_number.startsWith('15') && has(person.age)\" }"
        ])

        #expect(book.facts[2].condition?.names == ["level", "issued_on", "name", "id_number", "person.age"])
        #expect(book.facts[2].condition?.slots == [7, 8, 5, 4, 0])
    }

    @Test func `a frame of the agreed layout answers an indicator`() throws {
        let indicator = try #require(try RulesSample.load().indicators.last)
        var frame = [Slot](repeating: .null, count: 14)
        frame[9] = .double(905.0)
        frame[10] = .double(905.0)

        let reached = frame.withUnsafeBufferPointer { $0.baseAddress.map(indicator.condition.evaluate) }
        frame[10] = .double(904.99)
        let missed = frame.withUnsafeBufferPointer { $0.baseAddress.map(indicator.condition.evaluate) }

        #expect(reached == .yes)
        #expect(missed == .no)
    }
}
