/// The unified social credit code of an organisation, 18 characters (GB 32100-2015).
package struct UnifiedCreditCode: Hashable, Sendable {
    /// All 18 characters, upper case.
    package let text: String

    /// Reads a code as it is typed: white space around it, full-width and small letters are taken.
    package init(_ text: some StringProtocol) throws(UnifiedCreditCodeFault) {
        let characters = TextForm.scalars(text)
        guard !characters.isEmpty else { throw .empty }
        guard characters.count == 18 else { throw .length(characters.count) }
        var code = ""
        var sum = 0
        var weight = 1
        var check = 0
        for (index, character) in characters.enumerated() {
            let upper = character.properties.isLowercase && character.isASCII ? character.upperCased : character
            guard let value = Self.alphabet.firstIndex(of: upper) else { throw .character(position: index + 1) }
            // Characters 3 to 8 are the registering office's division (GB 32100-2015 §4).
            guard !(2...7).contains(index) || value < 10 else { throw .character(position: index + 1) }
            if index < 17 {
                sum += value * weight
                weight = weight * 3 % 31
            } else {
                check = value
            }
            code.unicodeScalars.append(upper)
        }
        guard (31 - sum % 31) % 31 == check else { throw .checkCharacter }
        self.text = code
    }

    /// The 31 characters and their values by place; I, O, S, V and Z are left out (GB 32100-2015, table 3).
    private static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".unicodeScalars)

    /// The division of the office that registered the organisation; `100000` is the national office.
    package var division: DivisionCode {
        DivisionCode(padded: (UInt64(text.dropFirst(2).prefix(6)) ?? 0) * 1_000_000)
    }

    /// Characters 9 to 17: the organisation code of GB 11714.
    package var organizationCode: String { String(text.dropFirst(8).prefix(9)) }
}

extension UnifiedCreditCode: Comparable {
    package static func < (left: UnifiedCreditCode, right: UnifiedCreditCode) -> Bool {
        left.text < right.text
    }
}

extension UnifiedCreditCode: CustomStringConvertible {
    package var description: String { text }
}

extension Unicode.Scalar {
    /// For an ASCII small letter.
    fileprivate var upperCased: Unicode.Scalar { Unicode.Scalar(UInt8(value - 0x20)) }
}

/// Why a text is no unified social credit code.
package enum UnifiedCreditCodeFault: ExplainedFault, Hashable, Sendable {
    case empty
    case length(Int)
    /// Counted from 1, after the white space around the code.
    case character(position: Int)
    case checkCharacter

    package var explanation: LocalizedText {
        switch self {
        case .empty:
            LocalizedText(
                zh: "没有填写统一社会信用代码，请照营业执照或登记证书填写。",
                en: "The unified social credit code is empty: type it from the licence.")
        case .length(let count):
            LocalizedText(
                zh: "统一社会信用代码应为18位，现为\(count)位，请对照证照补正。",
                en: "A unified social credit code has 18 characters, not \(count): compare it with the licence.")
        case .character(let position):
            LocalizedText(
                zh: "统一社会信用代码第\(position)位不对：第3至8位应为数字，其余不用字母I、O、S、V、Z，请对照证照改正。",
                en: "Character \(position) of the unified social credit code cannot stand there (characters 3 to 8 are "
                    + "digits, the letters I, O, S, V and Z are not used): compare it with the licence.")
        case .checkCharacter:
            LocalizedText(
                zh: "统一社会信用代码的校验码（末位）不符，至少有一位写错，请对照证照逐位核对。",
                en:
                    "The unified social credit code's check character (the last) does not fit, so at least one character "
                    + "is wrong: compare each with the licence.")
        }
    }
}
