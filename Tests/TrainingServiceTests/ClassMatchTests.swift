import SocialDomain
import Testing

@testable import TrainingService

/// Which classes suit a person, in which order, and why.
struct ClassMatchTests {
    private static func day(_ text: String) -> CalendarDate {
        CalendarDate(iso8601: text) ?? CalendarDate(dayNumber: 0)
    }

    private static func open(
        _ id: Int64, _ audience: WorkWish = .any, division: String = "150402001", level: SkillLevel = .junior,
        starts: String = "2026-07-10", point: GeoPoint? = nil
    ) -> OpenClass {
        OpenClass(
            id: id, title: "班\(id)", school: "学校", division: division, audience: audience, place: "", point: point,
            freeSeats: 3, startsOn: day(starts), endsOn: day("2026-08-10"), trade: "4-10-01-05", level: level)
    }

    private static func order(_ classes: [OpenClass], _ person: ClassMatch.Profile) -> [Int64] {
        ClassMatch.ranked(classes, for: person).map(\.offer.id)
    }

    private static func person(
        _ wish: WorkWish = .any, _ schooling: Schooling = .junior, place: GeoPoint? = nil
    ) -> ClassMatch.Profile {
        ClassMatch.Profile(division: "150402001002", wish: wish, schooling: schooling, place: place)
    }

    @Test func `what the person wishes comes first, what is for others not at all`() {
        let classes = [Self.open(1, .any), Self.open(2, .staying), Self.open(3, .leaving, division: "150403001")]

        #expect(Self.order(classes, Self.person(.leaving)) == [3, 1])
        #expect(Self.order(classes, Self.person(.staying)) == [2, 1])
        #expect(Self.order(classes, Self.person(.any)) == [1, 2, 3])
    }

    @Test func `a level that asks for more schooling than the person has is left out`() {
        let classes = [
            Self.open(1, level: .technician), Self.open(2, level: .senior), Self.open(3, level: .intermediate),
            Self.open(4, level: .junior), Self.open(5, level: .special),
        ]

        #expect(Self.order(classes, Self.person(.any, .primary)) == [4, 5])
        #expect(Self.order(classes, Self.person(.any, .junior)) == [3, 4, 5])
        #expect(Self.order(classes, Self.person(.any, .vocational)) == [2, 3, 4, 5])
        #expect(Self.order(classes, Self.person(.any, .bachelor)) == [1, 2, 3, 4, 5])
        // Where it is not known, what asks for none comes first and the rest is shown with a warning.
        #expect(Self.order(classes, Self.person(.any, .unknown)) == [4, 5, 1, 2, 3])
    }

    @Test func `nearer comes first: township, county, league, elsewhere`() {
        let classes = [
            Self.open(1, division: "110101001"), Self.open(2, division: "150403001"), Self.open(3, division: "150402"),
            Self.open(4, division: "150402001001"), Self.open(5, division: "150402002"),
        ]

        #expect(Self.order(classes, Self.person()) == [4, 3, 5, 2, 1])
        #expect(ClassMatch.best(of: classes, for: Self.person())?.offer.id == 4)
        #expect(ClassMatch.best(of: [], for: Self.person()) == nil)
    }

    @Test func `within the same division the way counts where both places are known, then the day it begins`() {
        let home = GeoPoint(latitude: 42_260_000, longitude: 118_960_000)
        let near = GeoPoint(latitude: 42_270_000, longitude: 118_960_000)
        let far = GeoPoint(latitude: 43_260_000, longitude: 118_960_000)
        let classes = [
            Self.open(1), Self.open(2, starts: "2026-07-05"), Self.open(3, point: far), Self.open(4, point: near),
        ]

        #expect(Self.order(classes, Self.person(place: home)) == [4, 3, 2, 1])
        #expect(Self.order(classes, Self.person()) == [2, 1, 3, 4])
        // One degree of latitude is 111 km, a hundredth 1 km.
        #expect(ClassMatch.ranked(classes, for: Self.person(place: home)).map(\.kilometres) == [1, 111, nil, nil])
    }

    @Test func `the reasons are said in both languages`() throws {
        let match = try #require(
            ClassMatch(Self.open(1, .leaving, division: "150402002", level: .intermediate), for: Self.person(.leaving)))
        let unknown = try #require(
            ClassMatch(Self.open(1, .staying, level: .senior), for: Self.person(.any, .unknown)))

        #expect(
            match.reasons.map(\.zh) == [
                "愿望是外出就业，这个班正是面向外出就业", "学历初中，达到这一等级要求的初中", "在本旗县市区",
            ])
        #expect(
            match.reasons.map(\.en) == [
                "Wishes to leave for work, as the class is for",
                "Junior secondary, as the level asks for junior secondary", "In the person's own county",
            ])
        #expect(unknown.reasons[1].zh == "这一等级要求高中，本人学历未填，请先核实")
        #expect(unknown.reasons[0].en == "Has no special wish; the class is for those who stay and work nearby")
    }
}
