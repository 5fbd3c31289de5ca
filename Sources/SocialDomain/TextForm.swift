/// White space and full width, as monitoring treats them in every typed value.
package enum TextForm {
    /// The text without Unicode White_Space at its ends; U+3000 counts, U+200B and U+FEFF do not.
    package static func trimmed(_ text: some StringProtocol) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.isWhiteSpace }),
            let last = scalars.lastIndex(where: { !$0.isWhiteSpace })
        else { return "" }
        return String(String.UnicodeScalarView(scalars[first...last]))
    }

    /// U+FF01–U+FF5E as the ASCII characters they double, and `￥` (U+FFE5) as `¥`.
    package static func folded(_ text: some StringProtocol) -> String {
        var folded = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { folded.append(scalar.foldedWidth) }
        return String(folded)
    }

    /// Trimmed and folded, as scalars to read a value from.
    static func scalars(_ text: some StringProtocol) -> [Unicode.Scalar] {
        var scalars: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars where !(scalars.isEmpty && scalar.isWhiteSpace) {
            scalars.append(scalar.foldedWidth)
        }
        while scalars.last?.isWhiteSpace == true { scalars.removeLast() }
        return scalars
    }
}

extension Unicode.Scalar {
    /// Unicode's White_Space property, as a list: the property look-up of the standard library is slower.
    package var isWhiteSpace: Bool {
        switch value {
        case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    var foldedWidth: Unicode.Scalar {
        switch value {
        case 0xFF01...0xFF5E: Unicode.Scalar(UInt8(value - 0xFEE0))
        case 0xFFE5: "¥"
        default: self
        }
    }

    /// The value of an ASCII digit.
    var digitValue: Int? {
        (0x30...0x39).contains(value) ? Int(value - 0x30) : nil
    }
}
