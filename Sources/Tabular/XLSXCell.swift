/// One cell as a feed reads it: its text, and what the workbook says it is.
package struct XLSXCell: Hashable, Sendable {
    package enum Kind: UInt8, Hashable, Sendable {
        /// No value; the text is empty.
        case empty
        /// A shared string, an inline string or a formula's text; never empty.
        case text
        /// Plain digits: the shortest decimal that reads back the same, without exponent.
        case number
        /// An ISO 8601 date, `2026-06-30`.
        case date
        /// `TRUE` or `FALSE`.
        case boolean
        /// The error's own text, such as `#N/A`.
        case error
    }

    package let text: String
    package let kind: Kind
    /// Whether a number has 16 digits or more, of which a spreadsheet keeps only the first 15.
    package let hasRoundedDigits: Bool

    package static let empty = XLSXCell(text: "", kind: .empty)

    package init(text: String, kind: Kind, hasRoundedDigits: Bool = false) {
        self.text = text
        self.kind = kind
        self.hasRoundedDigits = hasRoundedDigits
    }
}
