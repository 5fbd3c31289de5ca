import SocialDomain
import Testing

@testable import AidService

private typealias Sample = ExpressionsSample

@Suite struct ExpressionsCheckingTests {
    @Test(arguments: [
        ("1 == 1.0", 2), ("i != d", 2), ("i in [1.0]", 2), ("d in [1]", 2), ("i + d > 0", 2), ("1 * 2.0 > 1.0", 2),
        ("d % 2.0 == 1.0", 2), ("s == 1", 2), ("s < 1", 2), ("s - 'a' == s", 2), ("i && true", 0), ("!i", 1),
        ("-s == s", 0), ("i", 0), ("null", 0), ("1 + 2", 2), ("'a'", 0), ("[true]", 0), ("true ? 1 : 2.0", 5),
        ("i ? true : false", 0), ("1 in 2", 5), ("'a' in 'abc'", 7), ("[1] == [1]", 4), ("1 in [1, 'a']", 9),
        ("1 in [1, 2.0]", 9), ("true + true", 5), ("null < 1", 5), ("null + 1 == 1", 5), ("null && true", 0),
    ])
    func `a type error is told at its place`(source: String, offset: Int) throws {
        #expect(Sample.fault(source)?.offset == offset)
    }

    @Test(arguments: ["i == null", "null != d", "s == null", "1 == null", "null in [i]", "i in [null]"])
    func `what is never absent cannot be compared with null`(source: String) throws {
        let fault = try #require(Sample.fault(source))

        #expect(fault.message.en.contains("never absent"))
    }

    @Test(arguments: [
        ("x > 1", 0), ("i > 1 && foo > 2", 9), ("household.foo > 1", 10), ("param.foo > 1.0", 6), ("person.age > 1", 0),
        ("foo(1)", 0), ("matches(s, 'a')", 0), ("s.matches('a')", 2), ("i.contains('a')", 2), ("contains(s, 'a')", 0),
        ("[1].exists(x, x > 0)", 4), ("bool('true')", 0), ("uint(1) == 1", 0), ("dyn(1) == 1", 0),
        ("household == null", 0), ("household", 0), ("s.foo == 'a'", 2), ("has(i)", 4), ("has(household)", 4),
        ("has(param.foo)", 10), ("has(household.foo)", 14), ("size(1) == 1", 0), ("size() == 1", 0),
        ("size(s, s) == 1", 0),
        ("int(true) == 1", 0), ("string(true) == ''", 0), ("double(null) == 1.0", 0), ("s.startsWith(1)", 2),
        ("has(household.x, 1)", 0), ("i.size() == 1", 2), ("type(i) == int", 0),
    ])
    func `a name or function that is not known is told at its place`(source: String, offset: Int) {
        #expect(Sample.fault(source)?.offset == offset)
    }

    @Test(arguments: [
        ("", 0), ("   ", 0), ("i >", 3), ("i > 1)", 5), ("(i > 1", 6), ("i = 1", 2), ("i == 1 & true", 7), ("i | 1", 2),
        ("1 2", 2), ("i >< 1", 3), ("'abc", 0), ("'a\nb' == s", 0), (#"'\q' == s"#, 1), (#"'\u12' == s"#, 1),
        (#"'\ud800' == s"#, 1), (#"'\400' == s"#, 1), ("0x == 1", 0), ("9223372036854775808 > 1", 0),
        ("99999999999999999999 > 1", 0), ("1e999 > 1.0", 0), ("1u == 1", 0), ("b'a' == s", 0), ("1. == 1.0", 3),
        ("i..x", 2), ("i.true", 2), (".true", 1), ("for > 1", 0), ("while(1)", 0), ("in", 0), ("s[0] == 'a'", 1),
        ("{'a': 1}", 0),
        ("i{a: 1}", 1), ("true ? 1", 8), ("size(s,) == 1", 7), ("[1, 2", 5), ("[1 2]", 3), ("@ == 1", 0), ("住 == 1", 0),
        ("!-i == 1", 1), ("i == 1;", 6), ("a ?. b", 6), ("\"\"\"a\" == s", 0), ("i # 1", 2), ("s == '\\", 6),
        ("1 +* 2", 3),
    ])
    func `a syntax error is told at its place`(source: String, offset: Int) {
        #expect(Sample.fault(source)?.offset == offset)
    }

    @Test func `a misspelt name is guessed`() throws {
        let fault = try #require(Sample.fault("household.nam == 'a'"))

        #expect(fault.message.en == "unknown name 'household.nam'; did you mean household.name?")
        #expect(fault.message.zh == "未知的名称“household.nam”，是否为 household.name？")
    }

    @Test(arguments: ["(", "!(", "-(", "[", "size(", "true ? true : ", "i + (", "(i == 1 && ", "has("])
    func `ten thousand levels are told as too deep`(opening: String) throws {
        let fault = try #require(Sample.fault(String(repeating: opening, count: 10_000) + "i"))

        #expect(fault.message.en.hasPrefix("the expression is too deep"))
        #expect(fault.message.zh.hasPrefix("表达式嵌套过深"))
    }

    @Test(arguments: [" + ", " - ", " * ", " == ", " < ", " / "])
    func `ten thousand operators in a chain are told as too deep`(operation: String) throws {
        let chain = Array(repeating: "i", count: 10_000).joined(separator: operation)

        let fault = try #require(Sample.fault(chain + " == 1"))

        #expect(fault.message.en.hasPrefix("the expression is too deep"))
    }

    @Test func `ten thousand calls in a chain are told as too deep`() throws {
        let chain = "s" + String(repeating: ".size()", count: 10_000)

        #expect(try #require(Sample.fault(chain)).message.en.hasPrefix("the expression is too deep"))
    }

    @Test(arguments: [" && ", " || "])
    func `ten thousand conditions in a chain are taken`(operation: String) throws {
        let chain = Array(repeating: "i == 0", count: 10_000).joined(separator: operation)

        #expect(try Sample.evaluate(chain) == .yes)
    }

    @Test func `ten thousand negations and list elements are taken`() throws {
        let list = (1...10_000).map(String.init).joined(separator: ", ")

        #expect(try Sample.evaluate(String(repeating: "!", count: 10_001) + "(i == 0)") == .no)
        #expect(try Sample.evaluate(String(repeating: "-", count: 10_001) + "i == 0") == .yes)
        #expect(try Sample.evaluate("10000 in [\(list)]") == .yes)
    }

    @Test func `an expression at the limits is evaluated`() throws {
        let parentheses = String(repeating: "(", count: 98) + "i == 0" + String(repeating: ")", count: 98)
        let sum = Array(repeating: "1", count: 240).joined(separator: " + ")

        #expect(try Sample.evaluate(parentheses) == .yes)
        #expect(try Sample.evaluate("\(sum) == 240") == .yes)
    }

    @Test func `a program tells the names that it uses`() throws {
        let program = try Sample.program("household.x > 1.0 && has(household.n) && d in [e] && d > 1.0")

        #expect(program.names == ["household.x", "household.n", "d", "e"])
        #expect(program.slots == [7, 6, 2, 3])
    }
}
