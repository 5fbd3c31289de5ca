import SocialDomain
import Testing

struct MoneyTests {
    @Test(arguments: [
        ("1234.50", Int64(123_450)),
        ("1,234.50", 123_450),
        ("0", 0),
        ("12.5", 1250),
        ("¥1,234.50", 123_450),
        ("￥ 1234.5 元", 123_450),
        ("１，２３４．５０元", 123_450),
        ("\u{3000}760\u{A0}", 76_000),
        ("1.2万元", 1_200_000),
        ("1.2 万", 1_200_000),
        ("1.234567万", 1_234_567),
        ("3亿", 30_000_000_000),
        ("0.0000000001亿元", 1),
        ("9999999999999.99", 999_999_999_999_999),
        ("92,233,720,368,547,758.07", 9_223_372_036_854_775_807),
    ])
    func `amounts are read as people type them`(text: String, fen: Int64) throws {
        #expect(try Money(parsing: text).fen == fen)
    }

    @Test(arguments: [
        ("", MoneyFault.empty),
        (" ", .empty),
        ("-1", .character(position: 1)),
        ("+1", .character(position: 1)),
        ("-0", .character(position: 1)),
        (".5", .character(position: 1)),
        ("1.", .character(position: 2)),
        ("1.234", .fractionOfFen),
        ("1.2345678万", .fractionOfFen),
        ("1,23", .character(position: 4)),
        ("1234,567", .character(position: 5)),
        (",123", .character(position: 1)),
        ("1,2345", .character(position: 6)),
        ("1e5", .character(position: 2)),
        ("12 34", .character(position: 4)),
        ("1.2千元", .character(position: 4)),
        ("元", .character(position: 1)),
        ("¥", .character(position: 1)),
        ("12345678901234", .tooLarge),
        ("92,233,720,368,547,758.08", .tooLarge),
        ("9999999999999亿", .tooLarge),
    ])
    func `what is no amount says where it goes wrong`(text: String, fault: MoneyFault) {
        #expect(throws: fault) { try Money(parsing: text) }
    }

    @Test(arguments: [
        (Int64(123_450), "1234.50", "1,234.50 元", "1234.50元"),
        (0, "0.00", "0.00 元", "0元"),
        (5, "0.05", "0.05 元", "0.05元"),
        (-123_456_789, "-1234567.89", "-1,234,567.89 元", "-123.45万元"),
        (1_200_000, "12000.00", "12,000.00 元", "1.2万元"),
        (34_500_000_000, "345000000.00", "345,000,000.00 元", "3.45亿元"),
        (.min, "-92233720368547758.08", "-92,233,720,368,547,758.08 元", "-922,337,203.68亿元"),
    ])
    func `an amount prints for programs, for people and in short`(
        fen: Int64, decimal: String, spoken: String, short: String
    ) {
        let money = Money(fen: fen)

        #expect(money.decimal == decimal)
        #expect(money.spoken == spoken)
        #expect(money.short == short)
        #expect(Money(decimal: decimal) == money)
    }

    @Test(arguments: ["", "-", ".5", "1.", "1.234", "1,000.00", "+1", " 1", "--1", "92233720368547758.08", "1.-5"])
    func `the form for programs takes nothing else`(text: String) {
        #expect(Money(decimal: text) == nil)
    }

    @Test func `what people read can be typed back`() throws {
        #expect(try Money(parsing: Money(fen: 123_450).spoken) == Money(fen: 123_450))
    }

    @Test func `a sum that cannot be kept is an error`() {
        #expect(throws: MoneyFault.tooLarge) { try Money(fen: .max).adding(Money(fen: 1)) }
        #expect(throws: MoneyFault.tooLarge) { try Money(fen: .min).subtracting(Money(fen: 1)) }
        #expect(throws: MoneyFault.tooLarge) { try Money(fen: .max).multiplied(by: 2) }
        #expect(throws: MoneyFault.tooLarge) { try Money.sum(of: [Money(fen: .max), Money(fen: 1)]) }
    }

    @Test func `amounts add up to the fen`() throws {
        #expect(try Money.sum(of: [Money(fen: 10), Money(fen: 20), Money(fen: -5)]) == Money(fen: 25))
    }
}
