import SocialDomain
import Testing

struct TermsTests {
    @Test func `categories, settlements, relations and sexes are written as the register writes them`() {
        #expect(
            HouseholdCategory.allCases.map(\.rawValue)
                == ["dibao", "tekun", "dibao_edge", "rigid_expense", "factual_hardship", "monitored"])
        #expect(Settlement.allCases.map(\.rawValue) == ["urban", "rural"])
        #expect(Relation.allCases.map(\.rawValue) == ["head", "spouse", "child", "parent", "other"])
        #expect(Sex.allCases.map(\.rawValue) == ["male", "female"])
    }

    @Test func `every category but monitored is covered`() {
        #expect(HouseholdCategory.allCases.filter { !$0.isCovered } == [.monitored])
    }

    @Test(arguments: [
        (0, AgeGroup.infant), (2, .infant), (3, .preschool), (5, .preschool), (6, .schoolAge), (15, .schoolAge),
        (16, .adolescent), (17, .adolescent), (18, .workingAge), (59, .workingAge), (60, .elder), (69, .elder),
        (70, .senior), (79, .senior), (80, .oldest), (110, .oldest),
    ])
    func `an age falls into one group`(age: Int, group: AgeGroup) {
        #expect(AgeGroup(age: age) == group)
    }

    @Test func `a group is that of the full years on a day`() throws {
        let born = try #require(CalendarDate(year: 1966, month: 7, day: 1))
        let dayBefore = try #require(CalendarDate(year: 2026, month: 6, day: 30))

        #expect(AgeGroup(bornOn: born, on: dayBefore) == .workingAge)
        #expect(AgeGroup(bornOn: born, on: dayBefore.adding(days: 1)) == .elder)
    }

    @Test func `minors and elders are told by their group`() {
        #expect(AgeGroup.allCases.filter(\.isMinor) == [.infant, .preschool, .schoolAge, .adolescent])
        #expect(AgeGroup.allCases.filter(\.isElder) == [.elder, .senior, .oldest])
    }
}
