import SocialDomain

/// Half a calendar year, as the bureau publishes its figures.
struct HalfYear: Hashable, Comparable, Sendable {
    let year: Int
    let isSecond: Bool

    /// `2026-1` or `2026-2`.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let year = Int(parts[0]), (2000...2200).contains(year),
            parts[1] == "1" || parts[1] == "2"
        else { return nil }
        self.year = year
        isSecond = parts[1] == "2"
    }

    init(of day: CalendarDate) {
        year = day.civil.year
        isSecond = day.civil.month > 6
    }

    var text: String { "\(year)-\(isSecond ? 2 : 1)" }
    var first: CalendarDate {
        CalendarDate(dayNumber: CalendarDate.dayNumber(year: year, month: isSecond ? 7 : 1, day: 1))
    }
    var last: CalendarDate {
        CalendarDate(dayNumber: CalendarDate.dayNumber(year: year, month: isSecond ? 12 : 6, day: isSecond ? 31 : 30))
    }

    static func < (left: HalfYear, right: HalfYear) -> Bool { left.first < right.first }
}
