/// Which days are worked: Monday to Friday, but for holidays, and weekend days on which a holiday is made up for.
package struct HolidayTable: Hashable, Sendable {
    package private(set) var holidays: Set<CalendarDate>
    /// Weekend days that are worked (调休上班).
    package private(set) var makeUpDays: Set<CalendarDate>

    /// A day in both sets is a holiday.
    package init(holidays: Set<CalendarDate> = [], makeUpDays: Set<CalendarDate> = []) {
        self.holidays = holidays
        self.makeUpDays = makeUpDays
    }

    package func isWorkingDay(_ day: CalendarDate) -> Bool {
        if holidays.contains(day) { return false }
        return day.weekday <= 5 || makeUpDays.contains(day)
    }

    /// Whether the table names any holiday of the year; without one only weekends are known, and a deadline may fall too
    /// early.
    package func covers(year: Int) -> Bool {
        holidays.contains { $0.year == year }
    }

    /// The day itself, or the next that is worked.
    package func workingDay(onOrAfter day: CalendarDate) -> CalendarDate {
        var day = day
        while !isWorkingDay(day) { day = day.adding(days: 1) }
        return day
    }

    /// How many working days there are after the first day, up to and with the last; below 0 where the last is earlier.
    package func workingDays(after first: CalendarDate, through last: CalendarDate) -> Int {
        guard first <= last else { return -workingDays(after: last, through: first) }
        return (first.dayNumber..<last.dayNumber).count { isWorkingDay(CalendarDate(dayNumber: $0 + 1)) }
    }

    /// This table with the other's days, for a table that an operator adds to the shipped one; what the other says of a
    /// day goes before.
    package func replaced(by other: HolidayTable) -> HolidayTable {
        HolidayTable(
            holidays: holidays.subtracting(other.makeUpDays).union(other.holidays),
            makeUpDays: makeUpDays.subtracting(other.holidays).union(other.makeUpDays))
    }
}

extension CalendarDate {
    /// The day so many working days on (or back); the count begins with the day after. 0 gives the day itself, worked or
    /// not.
    package func adding(workingDays count: Int, in table: HolidayTable) -> CalendarDate {
        let step = count < 0 ? -1 : 1
        var left = abs(count)
        var day = self
        while left > 0 {
            day = day.adding(days: step)
            if table.isWorkingDay(day) { left -= 1 }
        }
        return day
    }
}

extension HolidayTable {
    /// Reads an operator's table: a line for each day or stretch of days, `2026-10-01..2026-10-07 holiday` or
    /// `2026-10-10 work`; what follows the second word is a remark, as is a line that begins with `#`.
    package init(parsing text: some StringProtocol) throws(HolidayTableFault) {
        self.init()
        // A CR and LF are one Character, and one end of a line.
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let days = words.first, !days.hasPrefix("#") else { continue }
            let ends = days.split(separator: "..", omittingEmptySubsequences: false)
            guard ends.count <= 2, let first = CalendarDate(iso8601: ends[0]),
                let last = CalendarDate(iso8601: ends[ends.count - 1]), first <= last,
                last.dayNumber - first.dayNumber < 60
            else { throw .days(line: index + 1) }
            let stretch = Set((first.dayNumber...last.dayNumber).map(CalendarDate.init(dayNumber:)))
            guard holidays.isDisjoint(with: stretch), makeUpDays.isDisjoint(with: stretch) else {
                throw .named(line: index + 1)
            }
            switch words.dropFirst().first {
            case "holiday": holidays.formUnion(stretch)
            case "work": makeUpDays.formUnion(stretch)
            default: throw .kind(line: index + 1)
            }
        }
    }

    /// Holidays and make-up days of the mainland, as the State Council's notices for 2025 (国办发明电〔2024〕12号) and 2026
    /// (of 2025-11-04) set them.
    package static let shipped: HolidayTable = {
        do throws(HolidayTableFault) {
            return try HolidayTable(parsing: shippedDays)
        } catch {
            // A test reads the text below.
            preconditionFailure(error.explanation.en)
        }
    }()

    static let shippedDays = """
        2025-01-01 holiday 元旦
        2025-01-28..2025-02-04 holiday 春节
        2025-01-26 work
        2025-02-08 work
        2025-04-04..2025-04-06 holiday 清明节
        2025-05-01..2025-05-05 holiday 劳动节
        2025-04-27 work
        2025-05-31..2025-06-02 holiday 端午节
        2025-10-01..2025-10-08 holiday 国庆节、中秋节
        2025-09-28 work
        2025-10-11 work
        2026-01-01..2026-01-03 holiday 元旦
        2026-01-04 work
        2026-02-15..2026-02-23 holiday 春节
        2026-02-14 work
        2026-02-28 work
        2026-04-04..2026-04-06 holiday 清明节
        2026-05-01..2026-05-05 holiday 劳动节
        2026-05-09 work
        2026-06-19..2026-06-21 holiday 端午节
        2026-09-25..2026-09-27 holiday 中秋节
        2026-10-01..2026-10-07 holiday 国庆节
        2026-09-20 work
        2026-10-10 work
        """
}

/// Why a text is no holiday table; lines count from 1.
package enum HolidayTableFault: ExplainedFault, Hashable, Sendable {
    case days(line: Int)
    case kind(line: Int)
    case named(line: Int)

    package var explanation: LocalizedText {
        switch self {
        case .days(let line):
            LocalizedText(
                zh: "节假日表第\(line)行的日期不对：请写成2026-10-01或2026-10-01..2026-10-07。",
                en: "Line \(line) of the holiday table does not begin with days: write 2026-10-01 or "
                    + "2026-10-01..2026-10-07.")
        case .kind(let line):
            LocalizedText(
                zh: "节假日表第\(line)行没有说明是放假还是上班：请在日期后写holiday或work。",
                en: "Line \(line) of the holiday table does not say which kind: write holiday or work after the days.")
        case .named(let line):
            LocalizedText(
                zh: "节假日表第\(line)行的日期前面已经写过，请只保留一处。",
                en: "Line \(line) of the holiday table names a day that an earlier line named: keep one of them.")
        }
    }
}
