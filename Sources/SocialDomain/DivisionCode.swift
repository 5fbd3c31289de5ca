/// The code of an administrative division (GB/T 2260, GB/T 10114): 2 digits each for province, prefecture and county, 3
/// each for township and village.
///
/// Codes of every region are taken, whether or not a tree knows their names. A division sorts before what lies in it.
package struct DivisionCode: Hashable, Sendable {
    /// The code as a number of twelve digits, with zeros for the levels below its own.
    package let padded: UInt64

    /// Reads 6, 9 or 12 ASCII digits; zeros for lower levels may stand or not: `150402`, `150402000` and `150402000000`
    /// are one code.
    package init?(_ digits: some StringProtocol) {
        switch digits.utf8.count {
        case 6, 9, 12: self.init(prefix: digits)
        default: return nil
        }
    }

    /// Reads the short form too, without the zeros of lower levels: 2, 4, 6, 9 or 12 digits.
    package init?(prefix: some StringProtocol) {
        var value: UInt64 = 0
        for byte in prefix.utf8 {
            guard byte >= 0x30, byte <= 0x39, value < 100_000_000_000 else { return nil }
            value = value * 10 + UInt64(byte - 0x30)
        }
        let scale: UInt64
        switch prefix.utf8.count {
        case 2: scale = 10_000_000_000
        case 4: scale = 100_000_000
        case 6: scale = 1_000_000
        case 9: scale = 1000
        case 12: scale = 1
        default: return nil
        }
        // No region begins with 0 (GB/T 2260 §4).
        guard value * scale >= 100_000_000_000 else { return nil }
        padded = value * scale
    }

    init(padded: UInt64) {
        self.padded = padded
    }

    /// The lowest level that has digits other than zero.
    package var level: DivisionLevel {
        if padded % 1000 != 0 { return .village }
        if padded % 1_000_000 != 0 { return .township }
        if padded % 100_000_000 != 0 { return .county }
        if padded % 10_000_000_000 != 0 { return .prefecture }
        return .province
    }

    /// 6 digits down to the county, 9 for a township, 12 for a village.
    package var text: String {
        String(allDigits.prefix(max(6, level.digits)))
    }

    /// 2 digits for a province, 4 for a prefecture, 6 for a county, 9 for a township, 12 for a village: what every code
    /// in this subtree begins with.
    package var prefix: String {
        String(allDigits.prefix(level.digits))
    }

    /// The prefixes of the division and all above it, the province first: `15`, `1504`, `150402`.
    package var prefixes: [String] {
        DivisionLevel.allCases.filter { $0 <= level }.map { String(allDigits.prefix($0.digits)) }
    }

    private var allDigits: String {
        let digits = String(padded)
        return String(repeating: "0", count: 12 - digits.count) + digits
    }

    /// The division in which this one lies; nil above a province.
    package var parent: DivisionCode? {
        level == .province ? nil : ancestor(at: DivisionLevel(rawValue: level.rawValue - 1) ?? .province)
    }

    /// The division of a level in which this one lies, or itself; nil where the level is below its own.
    package func ancestor(at wanted: DivisionLevel) -> DivisionCode? {
        guard wanted <= level else { return nil }
        return DivisionCode(padded: padded / wanted.scale * wanted.scale)
    }

    /// Whether the other is this division or lies in it.
    package func contains(_ other: DivisionCode) -> Bool {
        let scale = level.scale
        return padded / scale == other.padded / scale
    }

    /// The smallest code after this subtree: the subtree is `self ..< end` in every sorted list of codes.
    package var endOfSubtree: DivisionCode {
        DivisionCode(padded: padded + level.scale)
    }
}

extension DivisionCode: Comparable {
    package static func < (left: DivisionCode, right: DivisionCode) -> Bool {
        left.padded < right.padded
    }
}

extension DivisionCode: CustomStringConvertible {
    package var description: String { text }
}

extension DivisionCode: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let code = DivisionCode(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a division code of 6, 9 or 12 digits"))
        }
        self = code
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// The five levels of administrative divisions, the widest first.
package enum DivisionLevel: Int, CaseIterable, Comparable, Sendable {
    case province
    case prefecture
    case county
    case township
    case village

    package static func < (left: DivisionLevel, right: DivisionLevel) -> Bool {
        left.rawValue < right.rawValue
    }

    /// How many digits name a division of this level.
    package var digits: Int {
        switch self {
        case .province: 2
        case .prefecture: 4
        case .county: 6
        case .township: 9
        case .village: 12
        }
    }

    package var title: LocalizedText {
        switch self {
        case .province: LocalizedText(zh: "省级", en: "Province")
        case .prefecture: LocalizedText(zh: "盟市", en: "League or city")
        case .county: LocalizedText(zh: "旗县市区", en: "Banner or county")
        case .township: LocalizedText(zh: "苏木乡镇街道", en: "Township")
        case .village: LocalizedText(zh: "嘎查村社区", en: "Village")
        }
    }

    fileprivate var scale: UInt64 {
        switch self {
        case .province: 10_000_000_000
        case .prefecture: 100_000_000
        case .county: 1_000_000
        case .township: 1000
        case .village: 1
        }
    }
}
