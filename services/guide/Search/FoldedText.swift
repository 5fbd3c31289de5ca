/// A text in plain form, cut into runs of Chinese and of Latin letters and digits.
struct FoldedText: Sendable {
    struct Run: Sendable {
        var units: ArraySlice<UInt16>
        var isHan: Bool
    }

    /// Plain units, 0 where something separates.
    let units: [UInt16]

    /// Folds the first `limit` units; characters beyond the Basic Multilingual Plane separate.
    init(_ text: String, _ tables: CharacterTables, limit: Int = .max) {
        var units: [UInt16] = []
        units.reserveCapacity(min(limit, text.utf8.count))
        for unit in text.utf16 {
            if units.count == limit { break }
            units.append(tables.plainForm(unit))
        }
        self.units = units
    }

    /// Runs in order; hyphens only within a run of letters and digits.
    var runs: [Run] {
        var runs: [Run] = []
        var start = 0
        for index in 0...units.count {
            let unit = index < units.count ? units[index] : 0
            if index > start, unit == 0 || Self.isHan(unit) != Self.isHan(units[start]) {
                append(start..<index, to: &runs)
                start = index
            }
            if unit == 0 { start = index + 1 }
        }
        return runs
    }

    private func append(_ range: Range<Int>, to runs: inout [Run]) {
        var slice = units[range]
        while slice.first == Self.hyphen { slice.removeFirst() }
        while slice.last == Self.hyphen { slice.removeLast() }
        if let first = slice.first { runs.append(Run(units: slice, isHan: Self.isHan(first))) }
    }

    /// All units without what separates: 食品(含保健食品)经营 → 食品含保健食品经营.
    var compact: [UInt16] { units.filter { $0 != 0 && $0 != Self.hyphen } }

    static let hyphen: UInt16 = 0x2D

    @inline(__always)
    static func isHan(_ unit: UInt16) -> Bool { unit >= 0x3000 }

    static func isDigit(_ unit: UInt16) -> Bool { unit >= 0x30 && unit <= 0x39 }

    static func isLetter(_ unit: UInt16) -> Bool { unit >= 0x61 && unit <= 0x7A }

    /// 食品(含保健食品)经营许可 → 食品经营许可; nil where nothing stands in brackets, or everything does.
    static func withoutBrackets(_ text: String) -> String? {
        var depth = 0
        var rest = ""
        for character in text {
            switch character {
            case "(", "（", "[", "［", "【", "〔": depth += 1
            case ")", "）", "]", "］", "】", "〕": depth = max(0, depth - 1)
            default: if depth == 0 { rest.append(character) }
            }
        }
        return rest.isEmpty || rest.count == text.count ? nil : rest
    }
}
