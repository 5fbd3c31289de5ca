import Testing

@testable import AidService

private typealias Sample = ExpressionsSample

@Suite struct ExpressionsEvaluationTests {
    @Test(arguments: [
        "1 + 2 * 3 == 7", "(1 + 2) * 3 == 9", "7 / 2 == 3", "-7 / 2 == -3", "7 % 3 == 1", "-7 % 3 == -1",
        "2 - 3 - 4 == -5",
        "0x1F == 31", "0xfF == 255", "1e3 == 1000.0", ".5 == 0.5", "1.5E-1 == 0.15", "007 == 7",
        "-9223372036854775808 < 0", "- 5 == -5", "--5 == 5", "---5 == -5", "-(-5) == 5", "1-1 == 0", "3 -1 == 2",
        "!false", "!!true", "!!!false", "true != false", "false < true", "1 < 2 == true", "1 == 1 && 2 == 2 || false",
        "true || false && false", "true ? true : false", "false ? false : true", "false ? true : false ? false : true",
        "(true ? 1 : 2) == 1", "1.0 / 0.0 > 1.0", "!(0.0 / 0.0 == 0.0 / 0.0)", "0.0 / 0.0 != 0.0 / 0.0",
        "2.0 * 3.0 - 1.0 == 5.0", "-1.5 < 0.0", "'a' + 'b' == 'ab'", "1 == 1 // why not",
        "1\n+\t1 == 2", ".i == 0",
    ])
    func `operators bind as in CEL`(source: String) throws {
        #expect(try Sample.evaluate(source) == .yes)
    }

    @Test(arguments: [
        #"'\u00e9' != 'e\u0301'"#, #"!'\u00e9'.contains('e\u0301')"#, #"!('\u00e9' in ['e\u0301', 'f'])"#,
        #"'\u00e9'.size() == 1 && 'e\u0301'.size() == 2"#,
    ])
    func `a composed and a decomposed letter are different constants`(source: String) throws {
        #expect(try Sample.evaluate(source) == .yes)
    }

    @Test(arguments: [
        #"'a' == "a""#, #"'it\'s' == "it's""#, #"'\u4f4f\U00005b85' == '住宅'"#, #"'\x41\101\t' == "A\u0041\t""#,
        #"r'\n' == '\\n'"#, #"R"\d" == '\\d'"#, "'''it's\nso''' == 'it\\'s\\nso'", #""""a"b""" == 'a"b'"#,
        #"r'''\x''' == '\\x'"#, "'' == \"\"", #"'\`\?' == '`?'"#, #"'\a\b\f\v\r'.size() == 5"#,
    ])
    func `strings are written as in CEL`(source: String) throws {
        #expect(try Sample.evaluate(source) == .yes)
    }

    @Test(arguments: [
        "size('住宅') == 2", "'🀄a'.size() == 2", "'e\\u0301'.size() == 2", "size([1, 2, 3]) == 3", "[].size() == 0",
        "'大专本科'.contains('本')", "'abc'.contains('')", "!'abc'.contains('abcd')", "'150302'.startsWith('1503')",
        "'a.csv'.endsWith('.csv')", "!'a'.endsWith('aa')", "double(3) == 3.0", "double('2.5') == 2.5",
        "double(2.5) == 2.5",
        "int(2.9) == 2", "int(-2.9) == -2", "int('-42') == -42", "int(7) == 7", "string(42) == '42'",
        "string(-7) == '-7'", "string('x') == 'x'", "string(42000.0) == '42000.0'", "string(0.1) == '0.1'",
        "string(1e21) == '1000000000000000000000.0'", "string(1e-7) == '0.0000001'",
        "string(123456789.25) == '123456789.25'",
        "string(1.5e-5) == '0.000015'", "string(-0.0) == '-0.0'", "string(1.0) + '元' == '1.0元'",
        "string(i).size() == 1",
    ])
    func `functions answer as in CEL`(source: String) throws {
        #expect(try Sample.evaluate(source) == .yes)
    }

    @Test(arguments: [
        ("'本科' in ['大专', '本科']", Truth.yes), ("'x' in ['大专']", .no), ("1 in [1, 2]", .yes), ("2.0 in [1.0]", .no),
        ("1 in []", .no), ("1 in [,]", .no), ("true in [false]", .no), ("i in [j, 5]", .yes),
        ("s in [t + 'x', 'y']", .no),
        ("household.x in [1.0]", .no), ("household.x in [null, 1.0]", .yes), ("null in [household.x]", .yes),
        ("1 in [1, 1 / i]", .failed), ("!('a' in ['b',])", .yes),
    ])
    func `in looks for an equal element`(source: String, expected: Truth) throws {
        #expect(try Sample.evaluate(source) == expected)
    }

    @Test(arguments: [
        "1 / i == 1", "1 % i == 1", "9223372036854775807 + 1 > 0", "-9223372036854775808 - 1 < 0",
        "9223372036854775807 * 2 > 0", "-9223372036854775808 / -1 > 0", "-(-9223372036854775808) > 0",
        "int(1.0 / 0.0) > 0", "int(0.0 / 0.0) > 0", "int(9223372036854775808.0) > 0", "int('x') > 0",
        "double('1,5') > 0.0",
        "int('9223372036854775808') > 0",
    ])
    func `what has no result fails`(source: String) throws {
        #expect(try Sample.evaluate(source) == .failed)
    }

    @Test(arguments: [
        ("1 / i == 1 && false", Truth.no), ("false && 1 / i == 1", .no), ("1 / i == 1 && true", .failed),
        ("true && 1 / i == 1", .failed), ("1 / i == 1 || true", .yes), ("true || 1 / i == 1", .yes),
        ("1 / i == 1 || false", .failed), ("1 / i == 1 && 1 / i == 1 && false", .no), ("!(1 / i == 1)", .failed),
        ("1 / i == 1 ? true : true", .failed), ("true ? true : 1 / i == 1", .yes),
        ("true ? 1 / i == 1 : true", .failed),
        ("(1 / i == 1 && false) || true", .yes), ("(1 / i == 1 || j == 0) && d == 0.0", .yes),
        ("(1 / i == 1 && j == 0) || d == 0.0", .yes), ("(1 / i == 1 && j == 0) || d == 1.0", .failed),
        ("(1 / i == 1 || true) == true", .yes), ("(i == 1 ? 1 / i : 5) == 5", .yes),
    ])
    func `and and or are commutative over failure`(source: String, expected: Truth) throws {
        #expect(try Sample.evaluate(source) == expected)
    }

    @Test(arguments: [
        ("household.x == null", Truth.yes), ("null == household.x", .yes), ("household.x != null", .no),
        ("household.x == 1.0", .no), ("household.x != 1.0", .yes), ("household.x == household.x", .yes),
        ("household.name == 'a'", .no), ("household.name != 'a'", .yes), ("null == null", .yes), ("null != null", .no),
        ("household.x < 1.0", .failed), ("household.x + 1.0 > 0.0", .failed), ("-household.x > 0.0", .failed),
        ("household.name.size() == 0", .failed), ("household.name.contains('a')", .failed),
        ("household.name + 'a' == 'a'", .failed), ("double(household.n) > 0.0", .failed),
        ("int(household.n) > 0", .failed),
        ("string(household.x) == ''", .failed), ("household.x != null && household.x >= 5.0", .no),
        ("household.x == null || household.x >= 5.0", .yes), ("has(household.x)", .no), ("!has(household.x)", .yes),
        ("has(household.x) && household.x > 1.0", .no), ("(true ? household.x : 1.0) == null", .yes),
        ("(true ? null : true) ? true : true", .failed), ("true ? null : true", .failed),
        ("!(true ? null : true)", .failed),
        ("(true ? null : true) || true", .yes),
    ])
    func `an absent value is equal to null only and fails elsewhere`(source: String, expected: Truth) throws {
        #expect(try Sample.evaluate(source) == expected)
    }

    @Test func `a value that may be absent is used where it is present`() throws {
        let values: [String: Sample.Value] = ["household.x": .double(7.5), "household.name": .text("苏和")]

        #expect(try Sample.evaluate("has(household.x) && household.x != null && household.x >= 5.0", values) == .yes)
        #expect(try Sample.evaluate("household.name.startsWith('苏') && size(household.name) == 2", values) == .yes)
    }

    @Test(arguments: [
        ("i < d", Int64(9_007_199_254_740_993), 9_007_199_254_740_992.0, Truth.no),
        ("i > d", 9_007_199_254_740_993, 9_007_199_254_740_992.0, .yes),
        ("i <= d", 3, 3.0, .yes), ("d <= i", 3, 3.0, .yes), ("i < d", 3, 3.5, .yes), ("d < i", -3, -3.5, .yes),
        ("i >= d", -3, -3.5, .yes), ("i < d", .max, 0x1p63, .yes), ("i >= d", .min, -0x1p63, .yes),
        ("i < d", .max, .infinity, .yes), ("i > d", .min, -.infinity, .yes),
        ("i < d", 1, .nan, .no), ("i >= d", 1, .nan, .no), ("d <= i", 1, .nan, .no), ("d > i", 1, .nan, .no),
    ])
    func `an int and a double are compared without rounding`(
        source: String, int: Int64, double: Double, expected: Truth
    ) throws {
        #expect(try Sample.evaluate(source, ["i": .int(int), "d": .double(double)]) == expected)
    }

    @Test func `literals of both kinds are compared as well`() throws {
        #expect(try Sample.evaluate("1 < 1.5 && 2.0 >= 2 && 9007199254740993 > 9007199254740992.0") == .yes)
    }

    @Test(arguments: [
        ("s < t", "a", "b", Truth.yes), ("s < t", "Z", "a", .yes), ("s < t", "a", "aa", .yes), ("s <= t", "", "", .yes),
        ("s > t", "\u{FF21}", "\u{10000}", .no), ("s == t", "\u{E9}", "e\u{301}", .no), ("s >= t", "住", "宅", .no),
    ])
    func `strings compare by code points`(source: String, s: String, t: String, expected: Truth) throws {
        #expect(try Sample.evaluate(source, ["s": .text(s), "t": .text(t)]) == expected)
    }

    @Test func `long texts and many values at once need no room set aside`() throws {
        let long = String(repeating: "长", count: 10_000)
        let nested = (0..<60).reduce("i") { sum, _ in "(j + \(sum))" }

        #expect(try Sample.evaluate("(s + t).size() == 20000", ["s": .text(long), "t": .text(long)]) == .yes)
        #expect(try Sample.evaluate("\(nested) == 61", ["i": .int(1), "j": .int(1)]) == .yes)
    }

    @Test func `one program runs on many threads at once`() async throws {
        let program = try Sample.program("string(1.5) + 'x' == '1.5x' && (1 / i == 1 || true)")

        let truths = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let frame = [Slot](repeating: Slot(bits: 0), count: ExpressionsSample.names.count)
                    return frame.withUnsafeBufferPointer { buffer in
                        guard let base = buffer.baseAddress else { return 0 }
                        return (0..<1000).count { _ in program.evaluate(base) == .yes }
                    }
                }
            }
            return await group.reduce(0, +)
        }

        #expect(truths == 8000)
    }

    @Test func `the trace tells each comparison with its operands`() throws {
        let values: [String: Sample.Value] = [
            "d": .double(42_000.5), "i": .int(3), "s": .text("it's"), "household.x": .null,
        ]

        let steps = try Sample.trace(
            "d + 1.0 >= 30000.0 && !(s == 'a') && (i in [1, 2] || household.x > 1.0) && s.contains('t') && has(household.x)",
            values)

        #expect(
            steps == [
                "d + 1.0 >= 30000.0 | 42001.5 >= 30000.0: true", "s == 'a' | 'it\\'s' == 'a': false",
                "i in [1, 2] | 3 in [1, 2]: false", "household.x > 1.0 | null > 1.0: failed",
                "s.contains('t') | 'it\\'s'.contains('t'): true", "has(household.x) | has(null): false",
            ])
    }
}
