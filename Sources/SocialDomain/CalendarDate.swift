/// A day of the proleptic Gregorian calendar, without time or zone.
package struct CalendarDate: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01; earlier days are negative.
    package let dayNumber: Int32

    @inlinable
    package init(dayNumber: Int32) {
        self.dayNumber = dayNumber
    }

    /// The day, or nil where year 1…9999, month and day name none.
    @inlinable
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.daysInMonth(year: year, month: month)
        else { return nil }
        dayNumber = Self.dayNumber(year: year, month: month, day: day)
    }

    package static func < (left: CalendarDate, right: CalendarDate) -> Bool {
        left.dayNumber < right.dayNumber
    }

    package var year: Int { civil.year }
    package var month: Int { civil.month }
    package var day: Int { civil.day }

    /// 1 Monday … 7 Sunday.
    package var weekday: Int {
        let days = (Int(dayNumber) + 3) % 7
        return (days < 0 ? days + 7 : days) + 1
    }

    package func adding(days: Int) -> CalendarDate {
        CalendarDate(dayNumber: dayNumber + Int32(days))
    }

    /// The same day so many months on (or back), clipped to the month's last day.
    package func adding(months: Int) -> CalendarDate {
        let (year, month, day) = civil
        let total = year * 12 + (month - 1) + months
        let newYear = total >= 0 ? total / 12 : (total - 11) / 12
        let newMonth = total - newYear * 12 + 1
        let last = Self.daysInMonth(year: newYear, month: newMonth)
        return CalendarDate(
            dayNumber: Self.dayNumber(year: newYear, month: newMonth, day: min(day, last)))
    }

    /// Full years from this day to the other, never below 0; a birthday on 29 February is reached on 1 March in a
    /// common year.
    package func fullYears(until other: CalendarDate) -> Int {
        let (from, to) = (civil, other.civil)
        let reached = (to.month, to.day) >= (from.month, from.day)
        return max(0, to.year - from.year - (reached ? 0 : 1))
    }

    /// The largest N with this day + N months (day clipped) ≤ the other; 0 where the other is earlier.
    package func fullMonths(until other: CalendarDate) -> Int {
        guard self <= other else { return 0 }
        let (from, to) = (civil, other.civil)
        let months = (to.year - from.year) * 12 + (to.month - from.month)
        return adding(months: months) <= other ? months : months - 1
    }

    /// Year, month and day; by Howard Hinnant's `civil_from_days` arithmetic over 400-year eras.
    package var civil: (year: Int, month: Int, day: Int) {
        let shifted = Int(dayNumber) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    @inlinable
    package static func isLeap(_ year: Int) -> Bool {
        (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
    }

    @inlinable
    package static func daysInMonth(year: Int, month: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The inverse of `civil`, for a year, month and day that exist.
    @inlinable
    package static func dayNumber(year: Int, month: Int, day: Int) -> Int32 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int32(era * 146_097 + dayOfEra - 719_468)
    }
}

extension CalendarDate: CustomStringConvertible {
    /// ISO 8601, `2026-06-30`.
    package var description: String {
        let (year, month, day) = civil
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// A date written exactly as ISO 8601 writes it, `2026-06-30`.
    package init?(iso8601 text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for byte in bytes[range] {
                guard byte >= 0x30, byte <= 0x39 else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else { return nil }
        self.init(year: year, month: month, day: day)
    }
}

extension CalendarDate: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let date = CalendarDate(iso8601: text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not an ISO 8601 date"))
        }
        self = date
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
