import SocialDomain
import Testing

struct CitizenIDTests {
    @Test(arguments: ["11010519491231002X", "440524188001010014"])
    func `the standard's own examples are read`(text: String) throws {
        #expect(try CitizenID(text).text == text)
    }

    @Test func `29 February is no birth date in a common year, whatever the check character`() {
        #expect(throws: CitizenIDFault.birthDate) { try CitizenID("150302199802291234") }
    }

    @Test func `the check character of the standard's two examples is computed from their digits`() {
        #expect(CitizenID.checkCharacter(ofBody: 11_010_519_491_231_002) == UInt8(ascii: "X"))
        #expect(CitizenID.checkCharacter(ofBody: 44_052_418_800_101_001) == UInt8(ascii: "4"))
    }

    @Test func `white space around, full width and a small x are taken`() throws {
        let typed = "\u{3000} １１０１０５19491231００２ｘ\u{A0}\n"

        let id = try CitizenID(typed)

        #expect(id.text == "11010519491231002X")
    }

    @Test func `fifteen digits are raised with century 19`() throws {
        let id = try CitizenID("150302670401123")

        #expect(id.text == "150302196704011234")
        #expect(id == (try CitizenID("150302196704011234")))
    }

    @Test func `a number begun with zeros keeps them`() throws {
        let id = try #require(CitizenID(body: 19_900_101_001))

        #expect(id.text.hasPrefix("00000019900101001"))
        #expect(try CitizenID(id.text) == id)
    }

    @Test(arguments: [
        ("", CitizenIDFault.empty),
        ("\u{3000}", .empty),
        ("15030219670401123", .length(17)),
        ("1503021967040112345", .length(19)),
        ("150302 196704011234", .character(position: 7)),
        ("1503021967O4011234", .character(position: 11)),
        ("15030219670401123A", .character(position: 18)),
        ("15030219670401X234", .character(position: 15)),
        ("15030267040112X", .character(position: 15)),
        ("150302196713011234", .birthDate),
        ("150302000004011234", .birthDate),
        ("150302670229123", .birthDate),
        ("150302196704011235", .checkCharacter),
        ("15030219670401123X", .checkCharacter),
        ("\u{200B}150302196704011234", .length(19)),
    ])
    func `a wrong number says what is wrong with it`(text: String, fault: CitizenIDFault) {
        #expect(throws: fault) { try CitizenID(text) }
    }

    @Test func `a fault explains itself in two languages without the number`() {
        let explanation = CitizenIDFault.length(17).explanation

        #expect(explanation.zh == "证件号码应为18位（旧号15位），现为17位，请对照证件补正。")
        #expect(
            explanation.en
                == "An identity number has 18 characters (15 on old cards), not 17: compare it with the card.")
    }

    @Test func `birth date, sex, division and age are read from the digits`() throws {
        let id = try CitizenID("15212719560229402X")

        #expect(id.birthDate.description == "1956-02-29")
        #expect(id.sex == .female)
        #expect(id.division.text == "152127")
        #expect(id.age(on: try #require(CalendarDate(year: 2026, month: 2, day: 28))) == 69)
        #expect(id.age(on: try #require(CalendarDate(year: 2026, month: 3, day: 1))) == 70)
    }

    @Test(arguments: [
        ("810000199408230021", CitizenIDKind.hongKongResident),
        ("820000199001011232", .macaoResident),
        ("830000199201300022", .taiwanResident),
        ("931156198808080019", .foreignPermanentResident),
        ("11010519491231002X", .citizen),
    ])
    func `residence permits and foreigners' cards are known by how they begin`(
        text: String, kind: CitizenIDKind
    ) throws {
        #expect(try CitizenID(text).kind == kind)
    }

    @Test func `a foreigner's card names the province that gave it`() throws {
        #expect(try CitizenID("931156198808080019").division.text == "310000")
    }

    @Test func `a number under an abandoned division is valid and resolves to its successor`() throws {
        let id = try CitizenID("15212719560229402X")

        let today = DivisionTree.innerMongolia.currentCodes(for: id.division)

        #expect(today.map(\.text) == ["150723"])
    }

    @Test func `lists and logs see the number masked`() throws {
        let id = try CitizenID("150302196704011234")

        #expect(id.masked == "150302********1234")
        #expect("\(id)" == "150302********1234")
    }
}
