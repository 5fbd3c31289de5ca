import SocialDomain
import Testing

@testable import TrainingService

/// Sheets from evidence, without a database.
@Suite struct SubsidySheetTests {
    private static func person(
        _ id: Int64 = 1, hours: Int64 = 100, days: Int64 = 12, lowIncome: String = "no"
    ) -> SubsidyEvidence.Person {
        SubsidyEvidence.Person(
            enrollment: id, learner: id, name: "学员", groups: [.ruralTransfer], lowIncome: lowIncome, hours: hours,
            days: days, certificate: .init(number: "N", trade: "4-10-01-06", level: 5))
    }

    private static func sheet(
        _ people: [SubsidyEvidence.Person], held: Int64 = 100, price: Int64 = 0, standard: Int64 = 1000_00,
        free: Int64 = 100_000_00, earlier: [SubsidyEvidence.Earlier] = [],
        granted: Set<SubsidyEvidence.Granted> = [], settings: SubsidySettings = SubsidySettings()
    ) throws -> SubsidySheet {
        try SubsidySheet(
            SubsidyEvidence(
                classID: 1, classTitle: "班", classState: "ended", division: "150402", schoolID: 1, schoolName: "校",
                creditCode: "", trade: "4-10-01-06", level: 5, price: Money(fen: price), standard: Money(fen: standard),
                hoursHeld: held, year: 2026, people: people, earlier: earlier, granted: granted),
            settings: settings, free: Money(fen: free))
    }

    @Test(
        arguments: [
            (80, 100, true), (79, 100, false), (4, 5, true), (79, 99, false), (80, 99, true), (0, 0, false),
            (1, 1, true),
        ] as [(Int64, Int64, Bool)])
    func `eighty of a hundred hours are enough and not an hour less`(hours: Int64, held: Int64, isPaid: Bool) throws {
        let sheet = try Self.sheet([Self.person(hours: hours)], held: held)

        #expect(sheet.lines[0].refusal == (isPaid ? nil : .attendanceBelow80))
    }

    @Test func `the price goes back to the learner first, the rest to the school, to the fen`() throws {
        let shared = try Self.sheet([Self.person()], price: 333_33, standard: 1000_01).lines[0]
        let dear = try Self.sheet([Self.person()], price: 2000_00, standard: 1000_01).lines[0]

        #expect((shared.toLearner, shared.toSchool) == (Money(fen: 333_33), Money(fen: 666_68)))
        #expect((dear.toLearner, dear.toSchool) == (Money(fen: 1000_01), .zero))
    }

    @Test func `a living allowance is paid by days up to the cap, and never without the training`() throws {
        let capped = try Self.sheet([Self.person(days: 45, lowIncome: "yes")])
        let refused = try Self.sheet([Self.person(hours: 10, days: 45, lowIncome: "yes")])

        #expect(capped.lines.map(\.amount) == [Money(fen: 1000_00), Money(fen: 1500_00)])
        #expect(refused.lines.map(\.refusal) == [.attendanceBelow80, .attendanceBelow80])
        #expect(refused.total == .zero)
    }

    @Test(arguments: ["no", "unchecked", "unasked"]) func `low income is what aid says`(answer: String) throws {
        var person = Self.person(lowIncome: answer)
        person.groups = [.lowIncome]

        let sheet = try Self.sheet([person])

        #expect(sheet.lines.map(\.refusal) == [.notInGroup])
    }

    @Test func `a certificate of another level, none and a revoked one are told apart`() throws {
        var (other, none, revoked) = (Self.person(1), Self.person(2), Self.person(3))
        other.certificate?.level = 4
        none.certificate = nil
        revoked.certificate?.revokedOn = "2026-06-02"

        let sheet = try Self.sheet([other, none, revoked])

        #expect(sheet.lines.map(\.refusal) == [.noCertificate, .noCertificate, .certificateRevoked])
    }

    @Test func `the third training of a year is paid for, the fourth is not, and another year does not count`() throws {
        func earlier(_ slot: Int64, year: Int64 = 2026) -> SubsidyEvidence.Earlier {
            .init(claim: "S\(slot)", learner: 1, trade: "4-10-01-0\(slot)", level: 5, year: year, slot: slot)
        }

        let third = try Self.sheet([Self.person()], earlier: [earlier(1), earlier(3)])
        let fourth = try Self.sheet([Self.person()], earlier: [earlier(1), earlier(2), earlier(3)])
        let next = try Self.sheet(
            [Self.person()], earlier: [earlier(1, year: 2025), earlier(2), earlier(3, year: 2025)])

        #expect((third.lines[0].refusal, third.lines[0].slot) == (nil, 2))
        #expect(fourth.lines[0].refusal == .moreThanThreeThisYear)
        #expect(fourth.lines[0].basis.earlier == ["S1", "S2", "S3"])
        #expect(next.lines[0].slot == 1)
    }

    @Test func `the budget goes to those who signed up first, and not a fen beyond it`() throws {
        let exact = try Self.sheet([Self.person(1), Self.person(2), Self.person(3)], free: 2000_00)
        let short = try Self.sheet([Self.person(1), Self.person(2), Self.person(3)], free: 1999_99)

        #expect(exact.lines.map(\.refusal) == [nil, nil, .budgetUsedUp])
        #expect(short.lines.map(\.refusal) == [nil, .budgetUsedUp, .budgetUsedUp])
    }

    @Test func `a session that ends at midnight of the year belongs to the year before`() {
        let newYear = Int64(CalendarDate.dayNumber(year: 2027, month: 1, day: 1)) * 1440

        #expect(SubsidyEvidence.year(ended: newYear, endsOn: "2027-01-01") == 2026)
        #expect(SubsidyEvidence.year(ended: newYear + 1, endsOn: "2027-01-01") == 2027)
        #expect(SubsidyEvidence.year(ended: nil, endsOn: "2026-12-31") == 2026)
    }

    @Test func `equal evidence gives an equal sheet, and the budget left does not show in it`() throws {
        let people = [Self.person(1), Self.person(2, lowIncome: "yes")]

        let (one, two) = (try Self.sheet(people), try Self.sheet(people, free: 50_000_00))

        #expect(one == two)
        #expect(one.digest == two.digest)
        #expect(try Self.sheet([Self.person(1, hours: 99), people[1]]).digest != one.digest)
    }

    @Test func `what an earlier claim of the class paid is left out`() throws {
        let sheet = try Self.sheet(
            [Self.person(1, lowIncome: "yes"), Self.person(2)],
            earlier: [.init(claim: "S1", learner: 1, trade: "4-10-01-06", level: 5, year: 2026, slot: 1)],
            granted: [.init(enrollment: 1, kind: .training)])

        #expect(sheet.lines.map(\.kind) == [.living, .training])
        #expect(sheet.lines.map(\.refusal) == [nil, nil])
    }
}
