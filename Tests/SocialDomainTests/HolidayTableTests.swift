import SocialDomain
import Testing

struct HolidayTableTests {
    private func day(_ text: String) throws -> CalendarDate {
        try #require(CalendarDate(iso8601: text))
    }

    @Test func `weekends are free, make-up days worked, holidays free`() throws {
        let table = HolidayTable.shipped

        #expect(try !table.isWorkingDay(day("2026-06-27")))
        #expect(try table.isWorkingDay(day("2026-10-10")))
        #expect(try !table.isWorkingDay(day("2026-10-05")))
        #expect(try table.isWorkingDay(day("2026-06-30")))
    }

    @Test func `working days pass over the National Day week and its make-up day`() throws {
        let before = try day("2026-09-30")

        #expect(before.adding(workingDays: 1, in: .shipped).description == "2026-10-08")
        #expect(before.adding(workingDays: 3, in: .shipped).description == "2026-10-10")
        #expect(before.adding(workingDays: 4, in: .shipped).description == "2026-10-12")
    }

    @Test func `no working days on is the day itself, and days are counted back too`() throws {
        let sunday = try day("2026-06-28")

        #expect(sunday.adding(workingDays: 0, in: .shipped) == sunday)
        #expect(sunday.adding(workingDays: -1, in: .shipped).description == "2026-06-26")
    }

    @Test func `thirty working days from acceptance end past the Dragon Boat holiday`() throws {
        #expect(try day("2026-06-01").adding(workingDays: 30, in: .shipped).description == "2026-07-14")
    }

    @Test func `working days between two days are counted without the first`() throws {
        let table = HolidayTable.shipped

        #expect(try table.workingDays(after: day("2026-09-30"), through: day("2026-10-12")) == 4)
        #expect(try table.workingDays(after: day("2026-10-12"), through: day("2026-09-30")) == -4)
        #expect(try table.workingDay(onOrAfter: day("2026-10-01")).description == "2026-10-08")
    }

    @Test func `a year without holidays in the table is not covered`() {
        #expect(HolidayTable.shipped.covers(year: 2026))
        #expect(!HolidayTable.shipped.covers(year: 2031))
    }

    @Test func `an operator's table is read with remarks, empty lines and either end of line`() throws {
        let text = "# 2027\r\n2027-01-01..2027-01-03 holiday 元旦\r\n\r\n2027-01-09 work\n"

        let table = try HolidayTable(parsing: text)

        #expect(table.holidays.count == 3)
        #expect(table.makeUpDays == [try day("2027-01-09")])
    }

    @Test(arguments: [
        ("2027-01-01 holiday\n2027-1-2 holiday", HolidayTableFault.days(line: 2)),
        ("2027-01-03..2027-01-01 holiday", .days(line: 1)),
        ("2027-01-01..9999-01-01 holiday", .days(line: 1)),
        ("2027-01-01", .kind(line: 1)),
        ("\n\n2027-01-01 free", .kind(line: 3)),
        ("2027-01-01 holiday\n2027-01-01 work", .named(line: 2)),
    ])
    func `a wrong table names the line`(text: String, fault: HolidayTableFault) {
        #expect(throws: fault) { try HolidayTable(parsing: text) }
    }

    @Test func `what an operator's table says of a day goes before the shipped one`() throws {
        let local = try HolidayTable(parsing: "2026-10-08 holiday\n2026-10-07 work")

        let table = HolidayTable.shipped.replaced(by: local)

        #expect(try !table.isWorkingDay(day("2026-10-08")))
        #expect(try table.isWorkingDay(day("2026-10-07")))
        #expect(try !table.isWorkingDay(day("2026-10-06")))
    }
}
