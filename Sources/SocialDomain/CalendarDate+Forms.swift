extension CalendarDate {
    /// Reads a date as departments write it: `2026-06-30`, `2026/6/30`, `2026.6.30`, `20260630`, `2026年6月30日`.
    ///
    /// White space around it and full-width characters are taken; one separator throughout, month and day of one or two
    /// digits, a year of four, no time of day (monitoring, "Values").
    package init(parsing text: some StringProtocol) throws(CalendarDateFault) {
        var rest = TextForm.scalars(text)[...]
        guard !rest.isEmpty else { throw .empty }
        guard let year = rest.number(digits: 4...4) else { throw .form }
        let separators: [Unicode.Scalar?]
        switch rest.first {
        case "-": separators = ["-", "-", nil]
        case "/": separators = ["/", "/", nil]
        case ".": separators = [".", ".", nil]
        case "年": separators = ["年", "月", "日"]
        default: separators = [nil, nil, nil]
        }
        let digits = separators[0] == nil ? 2...2 : 1...2
        guard rest.take(separators[0]), let month = rest.number(digits: digits),
            rest.take(separators[1]), let day = rest.number(digits: digits),
            rest.take(separators[2]), rest.isEmpty
        else { throw .form }
        guard let date = CalendarDate(year: year, month: month, day: day) else { throw .noSuchDay }
        self = date
    }

    /// For people: `2026年6月30日`.
    package var chinese: String {
        let (year, month, day) = civil
        return "\(year)年\(month)月\(day)日"
    }
}

extension ArraySlice<Unicode.Scalar> {
    /// Takes away a number of so many digits.
    fileprivate mutating func number(digits: ClosedRange<Int>) -> Int? {
        var value = 0
        var count = 0
        while count < digits.upperBound, let digit = first?.digitValue {
            value = value * 10 + digit
            count += 1
            removeFirst()
        }
        return digits.contains(count) ? value : nil
    }

    /// Takes away the separator, if one is due; false where another character stands.
    fileprivate mutating func take(_ separator: Unicode.Scalar?) -> Bool {
        guard let separator else { return true }
        guard first == separator else { return false }
        removeFirst()
        return true
    }
}

/// Why a text is no date.
package enum CalendarDateFault: ExplainedFault, Hashable, Sendable {
    case empty
    case form
    case noSuchDay

    package var explanation: LocalizedText {
        switch self {
        case .empty:
            LocalizedText(zh: "没有填写日期，请填写，例如2026-06-30。", en: "The date is empty: type one, such as 2026-06-30.")
        case .form:
            LocalizedText(
                zh: "日期格式不对：请写成2026-06-30、2026/6/30、2026.6.30、20260630或2026年6月30日，不带时间。",
                en: "The date is not in a known form: write 2026-06-30, 2026/6/30, 2026.6.30, 20260630 or "
                    + "2026年6月30日, without a time.")
        case .noSuchDay:
            LocalizedText(
                zh: "日历上没有这一天，请核对年、月、日。",
                en: "The calendar has no such day: check year, month and day.")
        }
    }
}
