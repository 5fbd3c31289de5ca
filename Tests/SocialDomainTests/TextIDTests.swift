import SocialDomain
import Testing

struct TextIDTests {
    @Test func `identifiers compare by code points, not by canonical equivalence`() {
        let composed = PersonID("\u{E9}")
        let decomposed = PersonID("e\u{301}")

        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
    }

    @Test func `identifiers sort bytewise`() {
        let ids = [HouseholdID("H10"), HouseholdID("H9"), HouseholdID("h1"), HouseholdID("户1")]

        #expect(ids.sorted() == [HouseholdID("H10"), HouseholdID("H9"), HouseholdID("h1"), HouseholdID("户1")])
    }
}
