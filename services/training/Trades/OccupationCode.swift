/// A code of the national occupation classification, such as 4-10-01-06.
struct OccupationCode: Hashable, Sendable {
    /// The seven digits as one number: 4100106.
    let number: Int32

    private init(number: Int32) { self.number = number }

    /// Nil unless the text is one digit and three pairs of digits, with hyphens between; the first digit is 1 to 8.
    init?(_ text: some StringProtocol) {
        let letters = text.utf8
        guard letters.count == 10 else { return nil }
        var number: Int32 = 0
        for (place, letter) in letters.enumerated() {
            if place == 1 || place == 4 || place == 7 {
                guard letter == UInt8(ascii: "-") else { return nil }
            } else {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(letter) else { return nil }
                number = number * 10 + Int32(letter - UInt8(ascii: "0"))
            }
        }
        guard (1_000_000..<9_000_000).contains(number) else { return nil }
        self.number = number
    }

    /// Codes of the groups that may hold this one, the nearest first: 4-10-01-00, 4-10-00-00, 4-00-00-00.
    var groups: [OccupationCode] {
        [100, 10_000, 1_000_000].map { OccupationCode(number: number / $0 * $0) }.filter { $0 != self }
    }
}

extension OccupationCode: Comparable {
    static func < (left: OccupationCode, right: OccupationCode) -> Bool { left.number < right.number }
}

extension OccupationCode: CustomStringConvertible {
    var description: String {
        let digits = String(number)
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place == 1 || place == 3 || place == 5 { text.append("-") }
            text.append(digit)
        }
        return text
    }
}
