/// One cell as the writers take it: its kind decides how a spreadsheet shows and adds it up.
package enum TableValue: Hashable, Sendable {
    case empty
    case text(String)
    case integer(Int)
    case number(Double)
    /// Whole fen, written as yuan with two decimals.
    case money(fen: Int64)
    /// Days since 1970-01-01, as `CalendarDate` counts them; written as ISO 8601.
    case date(dayNumber: Int32)

    /// The cell's characters in a CSV file; a number that is none (infinity, not-a-number) is empty.
    package var plainText: String {
        switch self {
        case .empty: ""
        case .text(let text): text
        case .integer(let number): String(number)
        case .number(let number): number.isFinite ? SpreadsheetNumber.plainDigits(number) : ""
        case .money(let fen): Self.yuan(fen)
        case .date(let day): SpreadsheetDate.iso8601(dayNumber: Int(day)) ?? ""
        }
    }

    private static func yuan(_ fen: Int64) -> String {
        let (yuan, rest) = fen.magnitude.quotientAndRemainder(dividingBy: 100)
        return "\(fen < 0 ? "-" : "")\(yuan).\(rest < 10 ? "0" : "")\(rest)"
    }
}
