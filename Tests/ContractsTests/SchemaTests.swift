import Contracts
import SocialDomain
import Testing

struct SchemaTests {
    private static let schema = Schema.object(
        "Sample", "样例", "A sample",
        [
            .init("name", .text("姓名", "The name", from: 1, to: 4)),
            .init("born", .formatted(.date, "生日", "Born on")),
            .optional("income", .formatted(.money, "收入", "Income")),
            .optional("kind", .choice(["a", "b"], "类", "The kind")),
            .optional("age", .integer("年龄", "Years", from: 0, to: 150)),
            .optional("tags", .list("标签", "Tags", of: .text("标签", "A tag", to: 3), most: 2)),
            .optional("note", .text("备注", "A note", to: 9).orNull),
        ])

    private static func faults(_ value: JSONValue) -> [String] {
        schema.faults(in: value).map { "\($0.pointer): \($0.message.en)" }
    }

    @Test func `what the schema allows has no fault`() {
        #expect(
            Self.faults([
                "name": "乌兰", "born": "2024-02-29", "income": "12000.00", "kind": "a", "age": 7, "tags": ["x"],
                "note": .null,
            ]).isEmpty)
    }

    @Test(
        arguments: [
            (["born": "2024-02-29"], ["/name: is missing."]),
            (
                ["name": "", "born": "2023-02-29"],
                [
                    "/name: must have at least 1 characters.", "/born: must be a day that exists, written 2026-06-30.",
                ]
            ),
            (["name": "12345", "born": "2024-02-29"], ["/name: must have at most 4 characters."]),
            (
                ["name": "a", "born": "2024-02-29", "income": "12000"],
                [
                    "/income: must be yuan with two decimals, 12000.00."
                ]
            ),
            (
                ["name": "a", "born": "2024-02-29", "kind": "c", "age": 151],
                [
                    "/kind: must be one of: a, b.", "/age: must be at most 150.",
                ]
            ),
            (
                ["name": "a", "born": "2024-02-29", "tags": ["abcd", 1, "x"]],
                [
                    "/tags: must have at most 2 entries.", "/tags/0: must have at most 3 characters.",
                    "/tags/1: must be a string.",
                ]
            ),
            (["name": "a", "born": "2024-02-29", "a/b~c": 1], ["/a~1b~0c: is not known here: leave it out."]),
            (["name": .null, "born": 1], ["/name: must not be null.", "/born: must be a string."]),
            ([], [": must be an object."]),
        ] as [(JSONValue, [String])])
    func `each fault is told with its place`(_ value: JSONValue, _ faults: [String]) {
        #expect(Self.faults(value) == faults)
    }

    @Test(arguments: [
        (TextFormat.money, "-0.50", true), (.money, "1,000.00", false), (.money, "--1.00", false),
        (.money, "1.0", false), (.division, "150402", true), (.division, "15040", false),
        (.moment, "2026-06-30T08:00:00Z", true), (.moment, "2026-06-30T08:00:00+08:00", true),
        (.moment, "2026-06-30 08:00:00Z", false), (.moment, "2026-06-30T25:00:00Z", false),
        (.writtenDate, "2026年6月30日", true), (.fileName, "a/b", false), (.fileName, "医保-2026.csv", true),
    ])
    func `a format takes what has its form`(_ format: TextFormat, _ text: String, _ isTaken: Bool) {
        #expect(Schema.formatted(format, "甲", "a").faults(in: .text(text)).isEmpty == isTaken)
    }

    @Test func `a parameter is a number only as a number is written`() {
        let parameter = Parameter.path("id", .integer("号", "A number", from: 1))

        #expect(parameter.value(of: "12") == .integer(12))
        for text in ["+12", "012", "1e3", "١", "", "12 ", "99999999999999999999"] {
            #expect(parameter.value(of: text) == nil, "\(text)")
        }
    }
}
