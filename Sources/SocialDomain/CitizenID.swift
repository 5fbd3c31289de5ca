/// A citizen identity number of 18 characters (GB 11643-1999), or one of the numbers made like it: residence permits of
/// residents of Hong Kong, Macao and Taiwan, and permanent residence cards of foreigners.
///
/// Its description is masked, so that a number does not get into a log by accident; `text` is the whole number.
package struct CitizenID: Hashable, Sendable {
    /// The first 17 digits as a number; the eighteenth character follows from them.
    package let body: UInt64

    /// Reads a number as it is typed: white space around it, full-width characters and a small x are taken, and 15 digits
    /// (GB 11643-1989) are raised to 18 with century 19.
    ///
    /// A division that was abandoned, or that nobody knows, makes no number wrong.
    package init(_ text: some StringProtocol) throws(CitizenIDFault) {
        let characters = TextForm.scalars(text)
        guard !characters.isEmpty else { throw .empty }
        if let space = characters.firstIndex(where: \.isWhiteSpace) { throw .character(position: space + 1) }
        guard characters.count == 15 || characters.count == 18 else { throw .length(characters.count) }
        var body: UInt64 = 0
        let digits = min(characters.count, 17)
        for (index, character) in characters[..<digits].enumerated() {
            guard let digit = character.digitValue else { throw .character(position: index + 1) }
            if characters.count == 15, index == 6 { body = body * 100 + 19 }
            body = body * 10 + UInt64(digit)
        }
        guard Self.birthDate(ofBody: body) != nil else { throw .birthDate }
        if characters.count == 18 {
            let last = characters[17] == "x" ? "X" : characters[17]
            guard last.digitValue != nil || last == "X" else { throw .character(position: 18) }
            guard last.value == UInt32(Self.checkCharacter(ofBody: body)) else { throw .checkCharacter }
        }
        self.body = body
    }

    /// The number with these first 17 digits; nil where they hold no real birth date.
    package init?(body: UInt64) {
        guard body < 100_000_000_000_000_000, Self.birthDate(ofBody: body) != nil else { return nil }
        self.body = body
    }

    /// The eighteenth character, ASCII `0`…`9` or `X`, by ISO 7064 MOD 11-2 (GB 11643-1999 §3.2).
    package static func checkCharacter(ofBody body: UInt64) -> UInt8 {
        var rest = body
        var weight: UInt64 = 2
        var sum: UInt64 = 0
        for _ in 0..<17 {
            sum += rest % 10 * weight
            rest /= 10
            weight = weight * 2 % 11
        }
        // The weighted sum of all eighteen is 1 modulo 11.
        let check = (12 - sum % 11) % 11
        return check == 10 ? UInt8(ascii: "X") : UInt8(ascii: "0") + UInt8(check)
    }

    /// The day that digits 7 to 14 name, if there is such a day.
    package static func birthDate(ofBody body: UInt64) -> CalendarDate? {
        let date = Int(body / 1000 % 100_000_000)
        return CalendarDate(year: date / 10_000, month: date / 100 % 100, day: date % 100)
    }

    /// All 18 characters.
    package var text: String {
        let digits = String(body)
        return String(repeating: "0", count: 17 - digits.count) + digits
            + String(Unicode.Scalar(Self.checkCharacter(ofBody: body)))
    }

    /// For lists and logs: `150302********1234`.
    package var masked: String {
        let text = text
        return "\(text.prefix(6))********\(text.suffix(4))"
    }

    package var birthDate: CalendarDate {
        // Both initialisers refuse a body without a real date.
        Self.birthDate(ofBody: body) ?? CalendarDate(dayNumber: 0)
    }

    /// The seventeenth digit is odd for men, even for women.
    package var sex: Sex { body % 2 == 1 ? .male : .female }

    package var kind: CitizenIDKind {
        switch body / 1_000_000_000_000_000 {
        case 81: .hongKongResident
        case 82: .macaoResident
        case 83: .taiwanResident
        case 90...99: .foreignPermanentResident
        default: .citizen
        }
    }

    /// The division in which the number was given out; a foreigner's card names only the province.
    ///
    /// The code may be abandoned (`DivisionTree.currentCodes(for:)` resolves it) or unknown.
    package var division: DivisionCode {
        let county = body / 100_000_000_000
        let issuedIn = kind == .foreignPermanentResident ? county / 1000 % 100 * 10_000 : county
        return DivisionCode(padded: issuedIn * 1_000_000)
    }

    /// Full years on a day, never below 0.
    package func age(on day: CalendarDate) -> Int {
        birthDate.fullYears(until: day)
    }
}

extension CitizenID: Comparable {
    package static func < (left: CitizenID, right: CitizenID) -> Bool {
        left.body < right.body
    }
}

extension CitizenID: CustomStringConvertible {
    package var description: String { masked }
}

/// What kind of document bears the number.
package enum CitizenIDKind: String, CaseIterable, Sendable {
    /// 居民身份证.
    case citizen
    /// 港澳台居民居住证, numbers that begin with 81, 82 and 83.
    case hongKongResident = "hong_kong_resident"
    case macaoResident = "macao_resident"
    case taiwanResident = "taiwan_resident"
    /// 外国人永久居留身份证, numbers that begin with 9.
    case foreignPermanentResident = "foreign_permanent_resident"

    package var title: LocalizedText {
        switch self {
        case .citizen: LocalizedText(zh: "居民身份证", en: "Resident identity card")
        case .hongKongResident: LocalizedText(zh: "香港居民居住证", en: "Residence permit, Hong Kong resident")
        case .macaoResident: LocalizedText(zh: "澳门居民居住证", en: "Residence permit, Macao resident")
        case .taiwanResident: LocalizedText(zh: "台湾居民居住证", en: "Residence permit, Taiwan resident")
        case .foreignPermanentResident:
            LocalizedText(zh: "外国人永久居留身份证", en: "Foreign permanent resident identity card")
        }
    }
}

/// Why a text is no identity number.
package enum CitizenIDFault: ExplainedFault, Hashable, Sendable {
    case empty
    case length(Int)
    /// Counted from 1, after the white space around the number.
    case character(position: Int)
    case birthDate
    case checkCharacter

    package var explanation: LocalizedText {
        switch self {
        case .empty:
            LocalizedText(zh: "没有填写证件号码，请照证件填写。", en: "The identity number is empty: type it from the card.")
        case .length(let count):
            LocalizedText(
                zh: "证件号码应为18位（旧号15位），现为\(count)位，请对照证件补正。",
                en: "An identity number has 18 characters (15 on old cards), not \(count): compare it with the card.")
        case .character(let position):
            LocalizedText(
                zh: "证件号码第\(position)位不是数字（只有末位可以是X），请对照证件改正。",
                en: "Character \(position) of the identity number is no digit (only the last may be X): "
                    + "compare it with the card.")
        case .birthDate:
            LocalizedText(
                zh: "证件号码中的出生日期（第7至14位）不存在，请对照证件改正。",
                en:
                    "The birth date in the identity number (characters 7 to 14) does not exist: compare it with the card."
            )
        case .checkCharacter:
            LocalizedText(
                zh: "证件号码的校验码（末位）不符，至少有一位写错，请对照证件逐位核对。",
                en:
                    "The identity number's check character (the last) does not fit, so at least one character is wrong: "
                    + "compare each with the card.")
        }
    }
}
