import SocialDomain
import Testing

@testable import AidService

@Suite struct RulesFaultTests {
    @Test(arguments: [
        (1, "version: ''", "1:10 version has to be a text and not empty"),
        (1, "versoin: '1'", "1:1 the rules file has no key 'versoin'; did you mean version?"),
        (3, "  standard: { \"1503\": 905.0 }", "3:3 the parameter standard lacks 'default'"),
        (3, "  standard: 760.0", "3:13 the parameter standard has to be a mapping of keys and values"),
        (3, "  standard: { default: '760' }", "3:24 a parameter's value has to be a decimal number"),
        (3, "  standard: { default: .inf }", "3:24 a parameter's value has to be a decimal number"),
        (
            3, "  standard: { default: 1.0, 呼和浩特: 2.0 }",
            "3:29 the parameter standard takes default and the first digits of division codes, not '呼和浩特'"
        ),
        (3, "  standard: { default: 1.0, default: 2.0 }", "3:29 the key 'default' stands here twice"),
        (3, "  standard: { default: 1.0, 15: 2.0, '15': 2.0 }", "3:38 the key '15' stands here twice"),
        (3, "  in: { default: 1.0 }", "3:3 'in' is a reserved word"),
        (5, "  spent: { feed: medicle, sum: self_paid }", "5:18 there is no feed 'medicle'; did you mean medical?"),
        (5, "  spent: { sum: self_paid }", "5:3 the fact spent lacks 'feed'"),
        (
            5, "  spent: { feed: medical, sum: selfpaid }",
            "5:32 the feed medical has no field 'selfpaid'; did you mean self_paid?"
        ),
        (
            5, "  spent: { feed: medical, sum: hospital }",
            "5:32 sum takes money, area and level only; hospital is text"
        ),
        (
            5, "  spent: { feed: medical, max: settled_on }",
            "5:32 max takes money, area and level only; settled_on is date"
        ),
        (5, "  spent: { feed: medical }", "5:3 the fact spent needs exactly one of count, sum, max, min"),
        (
            5, "  spent: { feed: medical, count: rows, sum: total }",
            "5:3 the fact spent needs exactly one of count, sum, max, min"
        ),
        (5, "  spent: { feed: medical, count: bills }", "5:34 count has to be one of rows, persons, members"),
        (5, "  spent: { feed: medical, sum: total, months: 0 }", "5:47 months has to be a whole number from 1"),
        (5, "  spent: { feed: medical, sum: total, months: 1.5 }", "5:47 months has to be a whole number from 1"),
        (5, "  spent: { feed: medical, sum: total, latest: 1 }", "5:47 latest has to be true or false"),
        (
            5, "  spent: { feed: medical, sum: total, month: 3 }",
            "5:39 the fact spent has no key 'month'; did you mean months?"
        ),
        (5, "  household: { feed: medical, sum: total }", "5:3 a fact cannot be called 'household': the name is taken"),
        (5, "  true: { feed: medical, sum: total }", "5:3 'true' is a reserved word"),
        (
            5, "  支出: { feed: medical, sum: total }",
            "5:3 the name '支出' has to be of Latin letters, digits and _, a letter first"
        ),
        (5, "  price: { feed: medical, sum: total }", "6:3 the key 'price' stands here twice"),
        (
            7, "  worst: { feed: disability, min: level, where: \"categry == '肢体'\" }",
            "7:50 unknown name 'categry'; did you mean category?"
        ),
        (
            7, "  worst: { feed: disability, min: level, where: \"level <= 2.0 && level == 2.0\" }",
            "7:72 == does not take int and double; convert with double() or int()"
        ),
        (
            7, "  worst: { feed: disability, min: level, where: household.size > 1 }",
            "7:49 unknown name 'household': where sees the row's own fields and person only"
        ),
        (
            7, "  worst: { feed: disability, min: level, where: spent > 1.0 }",
            "7:49 unknown name 'spent': where sees the row's own fields and person only"
        ),
        (7, "  worst: { feed: disability, min: level, where: }", "7:49 the expression is empty"),
        (8, "  children: { count: members, where: \"level < 2\" }", "8:39 unknown name 'level'"),
        (8, "  children: { count: members, months: 2 }", "8:39 count: members does not take 'months'"),
        (8, "  children: { count: members, feed: medical }", "8:37 count: members does not take 'feed'"),
        (10, "  - id: R01", "16:11 the indicator 'R01' stands here twice"),
        (10, "  - id: ''", "10:9 id has to be a text and not empty"),
        (10, "  - nr: S01", "10:5 the indicator lacks 'id'"),
        (11, "    title: { zh: 支出 }", "11:12 title lacks 'en'"),
        (11, "    title: { zh: 支出, en: }", "11:26 en has to be a text and not empty"),
        (12, "    direction: up", "12:16 direction has to be one of review, support"),
        (13, "    scope: village", "13:12 scope has to be one of household, person"),
        (14, "    when: spent >= param.standrd", "14:26 unknown name 'param.standrd'; did you mean param.standard?"),
        (14, "    when: spent >=", "14:19 the expression ends too soon"),
        (14, "    when: person.age > 3", "14:11 unknown name 'person': it is in scope where scope is person"),
        (14, "    when: self_paid > 3.0", "14:11 unknown name 'self_paid'"),
        (14, "    when: spent == null", "14:17 this double is never absent; it cannot be compared with null"),
        (14, "    when: has(spent)", "14:15 has() takes household.FIELD only"),
        (14, "    when: [spent]", "14:11 when has to be an expression"),
        (15, "    points: 0", "15:13 points has to be a whole number from 1"),
        (15, "    points: -5", "15:13 points has to be a whole number from 1"),
        (15, "    points: 2.5", "15:13 points has to be a whole number from 1"),
        (15, "    points: '40'", "15:13 points has to be a whole number from 1"),
        (15, "    points: 99999999999999999999", "15:13 points has to be a whole number from 1"),
        (15, "    pionts: 40", "15:5 the indicator has no key 'pionts'; did you mean points?"),
        (18, "  support: { red: 60, orange: 40 }", "18:12 tiers.support lacks 'yellow'"),
        (
            18, "  support: { red: 60, orange: 60, yellow: 15 }",
            "18:31 the thresholds have to descend from red over orange to yellow"
        ),
        (
            18, "  support: { red: 60, orange: 40, yellow: 41 }",
            "18:43 the thresholds have to descend from red over orange to yellow"
        ),
        (18, "  support: { red: 60, orange: 40, yellow: 0 }", "18:43 yellow has to be a whole number from 1"),
        (18, "", "12:16 tiers has no thresholds for 'support'"),
    ])
    func `a fault is told with its line and column`(number: Int, line: String, expected: String) throws {
        #expect(try RulesSample.faults([number: line]).contains(expected))
    }

    @Test func `every fault of the file is told, in its order`() throws {
        let faults = try RulesSample.faults([
            3: "  standard: { }", 5: "  spent: { feed: medical, sum: hospital }", 15: "    points: none",
        ])

        #expect(
            faults == [
                "3:3 the parameter standard lacks 'default'",
                "5:32 sum takes money, area and level only; hospital is text",
                "15:13 points has to be a whole number from 1",
            ])
    }

    @Test func `a direction without tiers is told once, where it is used`() throws {
        let yaml = RulesSample.lines.prefix(16).joined(separator: "\n")

        let faults = try #require(try RulesSample.error(yaml: yaml)).faults

        #expect(faults.map(\.line) == [12, 16])
        #expect(faults.map(\.message.zh) == ["tiers 中没有 support 的等级", "tiers 中没有 review 的等级"])
    }

    @Test func `the description shows the line with a caret under the place`() throws {
        let error = try #require(
            try RulesSample.error([
                16:
                    "  - { id: R01, title: { zh: 车辆, en: Vehicle }, direction: review, scope: person, points: 5, when: prize > 1.0 }"
            ]))

        #expect(
            error.description == """
                rules.yaml:16:99: unknown name 'prize'; did you mean price?
                  - { id: R01, title: { zh: 车辆, en: Vehicle }, direction: review, scope: person, points: 5, when: prize > 1.0 }
                \(String(repeating: " ", count: 28))\u{3000}\u{3000}\(String(repeating: " ", count: 68))^
                """)
        #expect(error.rendered { $0.zh }.hasPrefix("rules.yaml:16:99: 未知的名称“prize”，是否为 price？\n"))
    }

    @Test func `of a very long line the part around the place is shown`() throws {
        let when = String(repeating: "spent > 1.0 && ", count: 50) + "nobody"

        let error = try #require(try RulesSample.error([14: "    when: \(when)"]))

        #expect(error.faults[0].column == 761)
        #expect(error.description.split(separator: "\n").allSatisfy { $0.unicodeScalars.count < 180 })
        #expect(error.description.contains("…"))
    }

    @Test(arguments: [
        ("    when: 'spent > 1.0 && household.category == ''dibao'' && foo'", 62),
        (#"    when: "household.category == \"dibao\" && '\\\\' != '' && foo""#, 63),
        ("    when: !!str 'spent > 1.0 && foo'", 33),
        ("    when: &here \"spent > 1.0 && foo\"", 33),
        (#"    when: "household.category == '\u4f4f' && foo""#, 46),
        ("    when: household.category == '住宅' && foo", 41),
    ])
    func `the column is found through quotes and escapes`(line: String, column: Int) throws {
        let fault = try #require(try RulesSample.error([14: line])).faults[0]

        #expect(fault.line == 14)
        #expect(fault.column == column)
        #expect(fault.message.en == "unknown name 'foo'")
    }

    @Test(arguments: [
        ("    when: spent > 1.0\n      && foo", 15, 10),
        ("    when: \"spent > 1.0\n\n      && foo\"", 16, 10),
        ("    when: \"spent > 1.0 &\\\n      & foo\"", 15, 9),
        ("    when: |\n      spent > 1.0\n      && household.size > 1\n      && foo", 17, 10),
        ("    when: >-\n      spent > 1.0\n      && foo\n", 16, 10),
        ("    when: >\n\n      spent > 1.0 &&\n\n        foo\n", 18, 9),
    ])
    func `the place is found in expressions of several lines`(text: String, line: Int, column: Int) throws {
        let fault = try #require(try RulesSample.error([14: text])).faults[0]

        #expect(fault.line == line)
        #expect(fault.column == column)
    }

    @Test func `a depth bomb is told with its place`() throws {
        let fault = try #require(
            try RulesSample.error([14: "    when: \(String(repeating: "(", count: 10_000))"])
        ).faults[0]

        #expect(fault.line == 14)
        #expect(fault.column == 111)
    }

    @Test(arguments: [
        ("version: [", 2, 1), ("version: \"1\"\n  facts: {}", 2, 3), ("version: 'a\n", 2, 1), ("a: 1\n\tb: 2\n", 2, 1),
        ("", 1, 1), ("# nothing\n", 1, 1), ("- a\n- b\n", 1, 1), ("version: 1\n---\nversion: 2\n", 2, 1),
        ("a: \u{1}\n", 1, 4),
        ("version: *nobody\n", 1, 10), ("just text", 1, 1),
    ])
    func `bad YAML is told with its place`(yaml: String, line: Int, column: Int) throws {
        let fault = try #require(try RulesSample.error(yaml: yaml)).faults[0]

        #expect(fault.line == line)
        #expect(fault.column == column)
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "])
    func `a YAML depth bomb is refused`(opening: String) throws {
        #expect(try RulesSample.error(yaml: String(repeating: opening, count: 100_000)) != nil)
    }

    @Test func `a byte order mark and Windows line ends move no place`() throws {
        let yaml = "\u{FEFF}" + RulesSample.yaml([14: "    when: foo"]).replacing("\n", with: "\r\n")

        let fault = try #require(try RulesSample.error(yaml: yaml)).faults[0]

        #expect(fault.line == 14)
        #expect(fault.column == 11)
        #expect(fault.sourceLine == "    when: foo")
    }

    @Test func `a repeated key of a block mapping is told where it stands again`() throws {
        let faults = try RulesSample.faults([17: "facts: {}\ntiers:"])

        #expect(faults == ["17:1 the key 'facts' stands here twice"])
    }

    @Test func `what names a broken fact or parameter is not told again`() throws {
        let faults = try RulesSample.faults([3: "  standard: 1", 5: "  spent: { feed: medical, sum: none }"])

        #expect(faults.count == 2)
    }
}
