import SocialDomain
import Testing

@testable import AidService

@Suite struct DemoPeopleTests {
    private static let county = DemoPeople(scale: .county, seed: 1)

    @Test func `no two persons of the register share an identity number, at any scale`() {
        for scale in [DemoScale.county, .district] {
            let people = DemoPeople(scale: scale, seed: 1)

            let bodies = Set((0..<scale.persons).map { people.person(at: $0).body })

            #expect(bodies.count == scale.persons)
        }
    }

    @Test func `nobody outside the register has a number of the register`() {
        let registered = Set((0..<10_500).map { Self.county.person(at: $0).body })

        let outsiders = (0..<20_000).map { Self.county.outsider($0, ages: 1...92).body }

        #expect(!outsiders.contains { registered.contains($0) })
    }

    @Test func `every identity number holds the person's birth year and sex`() throws {
        for index in 0..<10_500 {
            let person = Self.county.person(at: index)

            let id = try #require(CitizenID(body: person.body))

            #expect(id.birthDate.year == person.birthYear)
            #expect((id.sex == .male) == person.isMale)
            #expect(id.birthDate < DemoFeedRows.asOf)
        }
    }

    @Test func `children are at least 19 years younger and parents 19 years older than the head`() {
        for index in 0..<10_500 {
            let (household, position) = Self.county.membership(ofPerson: index)
            let person = Self.county.person(at: index)

            switch household.relation(ofMember: position) {
            case .child: #expect(person.birthYear - household.headBirthYear >= 19)
            case .parent: #expect(household.headBirthYear - person.birthYear >= 19)
            case .spouse: #expect(person.isMale != household.headIsMale)
            case .head, .other: break
            }
        }
    }

    @Test func `a person's household knows the person as a member`() {
        for index in stride(from: 0, to: 10_500, by: 37) {
            let (household, position) = Self.county.membership(ofPerson: index)

            #expect(position < household.size)
            #expect(Self.county.firstPerson(ofHousehold: household.index) + position == index)
        }
    }

    @Test func `a county's people have ids of their county, of others and under abandoned prefixes`() {
        let prefixes = Set((0..<10_500).map { Self.county.person(at: $0).body / 100_000_000_000 })

        #expect(prefixes.contains(150_423))
        #expect(prefixes.contains(150_502))
        #expect(prefixes.contains(152_301))
    }

    @Test func `the region's people live in all 103 counties, none with more than its class of numbers holds`() {
        let places = DemoPlaces(scale: .region, seed: 1)

        #expect(places.counties.count == 103)
        #expect(places.countyOfBlock.count == 10_000)
        #expect(places.counties.allSatisfy { !$0.blocks.isEmpty && $0.blocks.count * 200 <= 91_250 })
        #expect(places.counties.allSatisfy { !$0.townships.isEmpty })
    }

    @Test func `companies' codes have the right check signs`() throws {
        var random = DemoRandom(seed: 1, stream: 1, index: 1)
        for _ in 0..<200 {
            let bytes = DemoBytes()

            DemoCreditCode.write(county: 150_423, organization: random.next(), to: bytes)

            _ = try UnifiedCreditCode(String(decoding: bytes.contents, as: UTF8.self))
        }
    }
}
