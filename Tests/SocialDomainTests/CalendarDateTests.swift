import SocialDomain
import Testing

struct CalendarDateTests {
    private func day(_ text: String) throws -> CalendarDate {
        try #require(CalendarDate(iso8601: text))
    }

    @Test(arguments: [
        "2026-06-30", "2026/6/30", "2026.6.30", "20260630", "2026年6月30日", "2026-6-30", " ２０２６／０６／３０\u{3000}",
        "2026年06月30日",
    ])
    func `dates are read in the five forms`(text: String) throws {
        #expect(try CalendarDate(parsing: text).description == "2026-06-30")
    }

    @Test(arguments: [
        ("", CalendarDateFault.empty),
        ("2026-06/30", .form),
        ("2026-06-30 08:00", .form),
        ("26-06-30", .form),
        ("2026630", .form),
        ("2026-006-30", .form),
        ("2026年6月30", .form),
        ("202606301", .form),
        ("2026- 06-30", .form),
        ("2026-02-29", .noSuchDay),
        ("2026-13-01", .noSuchDay),
        ("0000-01-01", .noSuchDay),
        ("20260631", .noSuchDay),
    ])
    func `what is no date says why`(text: String, fault: CalendarDateFault) {
        #expect(throws: fault) { try CalendarDate(parsing: text) }
    }

    @Test func `days are counted from 1970 over leap years and centuries`() throws {
        #expect(try day("1970-01-01").dayNumber == 0)
        #expect(try day("1969-12-31").dayNumber == -1)
        #expect(try day("2000-02-29").dayNumber == 11_016)
        #expect(try day("2026-06-30").dayNumber == 20_634)
        #expect(CalendarDate(year: 1900, month: 2, day: 29) == nil)
    }

    @Test func `every day of four centuries reads back what it prints`() throws {
        let first = try day("1800-01-01")
        let last = try day("2200-12-31")

        for number in first.dayNumber...last.dayNumber {
            let date = CalendarDate(dayNumber: number)
            guard CalendarDate(iso8601: date.description) == date else {
                Issue.record("\(date) does not read back")
                return
            }
        }
    }

    @Test func `months are added with the day clipped to the month's last`() throws {
        #expect(try day("2026-01-31").adding(months: 1).description == "2026-02-28")
        #expect(try day("2024-02-29").adding(months: -12).description == "2023-02-28")
        #expect(try day("2026-06-30").adding(months: -12).description == "2025-06-30")
        #expect(try day("2026-06-30").adding(months: -6).description == "2025-12-30")
    }

    @Test func `full months count a clipped day as reached`() throws {
        #expect(try day("2026-01-31").fullMonths(until: day("2026-02-28")) == 1)
        #expect(try day("2026-01-31").fullMonths(until: day("2026-02-27")) == 0)
        #expect(try day("2026-03-01").fullMonths(until: day("2026-02-28")) == 0)
        #expect(try day("2024-06-30").fullMonths(until: day("2026-06-29")) == 23)
    }

    @Test func `a birthday on 29 February is reached on 1 March in a common year`() throws {
        let born = try day("2008-02-29")

        #expect(try born.fullYears(until: day("2026-02-28")) == 17)
        #expect(try born.fullYears(until: day("2026-03-01")) == 18)
        #expect(try born.fullYears(until: day("2024-02-29")) == 16)
        #expect(try born.fullYears(until: day("2000-01-01")) == 0)
    }

    @Test func `a day has its weekday and its Chinese form`() throws {
        #expect(try day("2026-06-30").weekday == 2)
        #expect(try day("1969-12-28").weekday == 7)
        #expect(try day("2026-06-30").chinese == "2026年6月30日")
    }
}
