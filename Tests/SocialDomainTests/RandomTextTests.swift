import SocialDomain
import Testing

/// Random texts of the characters that the parsers look at, the same ones at every run.
struct RandomTextTests {
    @Test func `no text crashes a parser, and what is read prints as something that reads the same`() throws {
        let alphabet = Array(
            "0123456789015020260630xXＸ０９ \u{3000}\u{A0}\u{200B}.,．，-+/年月日¥￥元万亿ABYabz·\n\r#\u{301}".unicodeScalars)
        var generator = SplitMix(state: 20_260_630)

        for _ in 0..<30_000 {
            var view = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...21, using: &generator) {
                view.append(alphabet[Int.random(in: 0..<alphabet.count, using: &generator)])
            }
            let text = String(view)
            if let id = try? CitizenID(text) { #expect(try CitizenID(id.text) == id) }
            if let code = try? UnifiedCreditCode(text) { #expect(try UnifiedCreditCode(code.text) == code) }
            if let money = try? Money(parsing: text) { #expect(try Money(parsing: money.spoken) == money) }
            if let money = Money(decimal: text) { #expect(Money(decimal: money.decimal) == money) }
            if let date = try? CalendarDate(parsing: text) { #expect(try CalendarDate(parsing: date.chinese) == date) }
            if let code = DivisionCode(text) { #expect(DivisionCode(code.text) == code) }
            _ = DivisionTree.innerMongolia.pathName(ofDigits: text)
            _ = try? HolidayTable(parsing: text)
            let form = PersonName.comparisonForm(text)
            #expect(PersonName.comparisonForm(form) == form)
            _ = PersonName.masked(text)
        }
    }
}

/// SplitMix64, for repeatable draws.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
