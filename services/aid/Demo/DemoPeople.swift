import SocialDomain

/// A made-up person, in the register or not.
struct DemoPerson {
    /// The first 17 digits of the identity number.
    let body: UInt64
    let name: DemoName
    let birthYear: Int
    let isMale: Bool

    var ageAtAsOf: Int { DemoPeople.asOfYear - birthYear }
}

/// A household of the register.
struct DemoHousehold {
    let index: Int
    let size: Int
    let county: Int
    let hasSpouse: Bool
    /// What the last member is where not a child.
    let last: Relation?
    let headIsMale: Bool
    let headBirthYear: Int
    let spouseBirthYear: Int
    let family: DemoFamilyName

    func relation(ofMember position: Int) -> Relation {
        if position == 0 { return .head }
        if position == 1, hasSpouse { return .spouse }
        if position == size - 1, let last { return last }
        return .child
    }
}

/// All people of a demonstration, each derivable from its index alone: the feeds name anybody without anybody being kept.
///
/// No two persons of the register share an identity number, and nobody outside it has a number of the register. The order
/// code, digits 15 to 17, is parted into classes of 499 that `rotation` turns by prefix and day of the year:
/// 0–249 issued in the county of residence, 250–349 in another county, 350–449 under an abandoned prefix, the rest outside.
/// Within a class the class number, the day of the year and the prefix come from the person's index one to one.
struct DemoPeople: Sendable {
    static let asOfYear = 2026

    let scale: DemoScale
    let seed: UInt64
    let places: DemoPlaces
    let names = DemoNames()

    private let personsInBlock: Int
    private let householdsInBlock: Int
    /// For each of the make-ups, and each of a block's households: its size and first member.
    private let sizes: [UInt8]
    private let firstMembers: [UInt16]
    /// For each of the make-ups, and each of a block's persons: the household.
    private let households: [UInt8]

    private static let makeUps = 16

    init(scale: DemoScale, seed: UInt64) {
        self.scale = scale
        self.seed = seed
        places = DemoPlaces(scale: scale, seed: seed)
        personsInBlock = scale.personsInBlock
        householdsInBlock = scale.householdsInBlock
        var sizes: [UInt8] = []
        var firstMembers: [UInt16] = []
        var households: [UInt8] = []
        for makeUp in 0..<Self.makeUps {
            var random = DemoRandom(seed: seed, stream: Stream.makeUp.rawValue, index: UInt64(makeUp))
            var block = scale.sizesInBlock.flatMap { repeatElement(UInt8($0.size), count: $0.count) }
            for place in stride(from: block.count - 1, to: 0, by: -1) {
                block.swapAt(place, random.below(place + 1))
            }
            var first: UInt16 = 0
            for (household, size) in block.enumerated() {
                firstMembers.append(first)
                first += UInt16(size)
                households += repeatElement(UInt8(household), count: Int(size))
            }
            sizes += block
        }
        self.sizes = sizes
        self.firstMembers = firstMembers
        self.households = households
    }

    /// Each use of chance draws from a stream of its own; feeds use 100 and above.
    private enum Stream: UInt64 {
        case makeUp = 2
        case block
        case household
        case person
        case outside
        case rotation
    }

    // MARK: The register

    func household(at index: Int) -> DemoHousehold {
        let block = index / householdsInBlock
        let place = makeUp(ofBlock: block) * householdsInBlock + index % householdsInBlock
        return household(at: index, block: block, size: Int(sizes[place]))
    }

    /// The index of the household's head; the other members follow.
    func firstPerson(ofHousehold index: Int) -> Int {
        let block = index / householdsInBlock
        let place = makeUp(ofBlock: block) * householdsInBlock + index % householdsInBlock
        return block * personsInBlock + Int(firstMembers[place])
    }

    /// The household of a person and the place in it.
    func membership(ofPerson index: Int) -> (household: DemoHousehold, position: Int) {
        let block = index / personsInBlock
        let makeUp = makeUp(ofBlock: block)
        let inBlock = index % personsInBlock
        let local = Int(households[makeUp * personsInBlock + inBlock])
        let place = makeUp * householdsInBlock + local
        let household = household(at: block * householdsInBlock + local, block: block, size: Int(sizes[place]))
        return (household, inBlock - Int(firstMembers[place]))
    }

    func person(at index: Int) -> DemoPerson {
        let (household, position) = membership(ofPerson: index)
        return person(at: index, in: household, position: position)
    }

    func person(at index: Int, in household: DemoHousehold, position: Int) -> DemoPerson {
        var random = DemoRandom(seed: seed, stream: Stream.person.rawValue, index: UInt64(index))
        let birthYear: Int
        let isMale: Bool
        var family = household.family
        switch household.relation(ofMember: position) {
        case .head:
            birthYear = household.headBirthYear
            isMale = household.headIsMale
        case .spouse:
            birthYear = household.spouseBirthYear
            isMale = !household.headIsMale
            if case .han = family { family = .han(names.drawSurname(&random)) }
        case .child:
            // At least 19 years younger than the younger of the parents.
            let youngest = max(household.headBirthYear, household.hasSpouse ? household.spouseBirthYear : 0)
            birthYear = min(Self.asOfYear - 1, youngest + 19 + random.below(20))
            isMale = random.below(100) < 52
        case .parent:
            birthYear = household.headBirthYear - 19 - random.below(16)
            isMale = random.below(100) < 35
            if !isMale, case .han = family { family = .han(names.drawSurname(&random)) }
        case .other:
            let grandchild = household.headBirthYear + 44 + random.below(12)
            birthYear =
                grandchild < Self.asOfYear ? grandchild : max(1930, household.headBirthYear + random.below(13) - 6)
            isMale = random.below(100) < 50
        }
        let body = body(ofPerson: index, county: household.county, birthYear: birthYear, isMale: isMale, &random)
        let name = names.draw(&random, isMale: isMale, birthYear: birthYear, family: family)
        return DemoPerson(body: body, name: name, birthYear: birthYear, isMale: isMale)
    }

    private func household(at index: Int, block: Int, size: Int) -> DemoHousehold {
        var random = DemoRandom(seed: seed, stream: Stream.household.rawValue, index: UInt64(index))
        let county = Int(places.countyOfBlock[block])
        let kind = random.below(100)
        let hasSpouse: Bool
        var last: Relation?
        switch size {
        case 1: hasSpouse = false
        case 2:
            hasSpouse = kind < 44
            if kind >= 80 { last = kind < 93 ? .parent : .other }
        default:
            hasSpouse = kind < 74
            let draw = random.below(100)
            if draw < 24 { last = draw < 18 ? .parent : .other }
        }
        let withChildren = size > 1 + (hasSpouse ? 1 : 0) + (last == nil ? 0 : 1)
        let age: Int
        if size == 1 {
            let draw = random.below(100)
            age =
                draw < 1
                ? 7 + random.below(9)
                : draw < 9
                    ? 19 + random.below(21)
                    : draw < 36
                        ? 40 + random.below(20) : draw < 82 ? 60 + random.below(15) : 75 + random.below(18)
        } else if withChildren {
            age = 28 + random.below(34)
        } else if last == .parent {
            age = 33 + random.below(28)
        } else {
            age = 46 + random.below(38)
        }
        let headIsMale = random.below(100) < 58
        let headBirthYear = Self.asOfYear - age
        let gap = random.below(9) - 2
        let isMongolian = random.below(100) < (places.counties[county].isBanner ? 42 : 14)
        return DemoHousehold(
            index: index, size: size, county: county, hasSpouse: hasSpouse, last: last, headIsMale: headIsMale,
            headBirthYear: headBirthYear, spouseBirthYear: headBirthYear + (headIsMale ? gap : -gap),
            family: isMongolian ? .mongolian : .han(names.drawSurname(&random)))
    }

    private func makeUp(ofBlock block: Int) -> Int {
        Int(DemoRandom.mix(seed ^ DemoRandom.mix(Stream.block.rawValue << 32 | UInt64(block))) % UInt64(Self.makeUps))
    }

    // MARK: Outside the register

    /// Somebody whom no register row names.
    /// - Parameter ages: which ages are likely; part of what tells persons apart.
    func outsider(_ index: Int, ages: ClosedRange<Int>) -> DemoPerson {
        var random = DemoRandom(
            seed: seed, stream: Stream.outside.rawValue, index: UInt64(index) << 8 | UInt64(ages.lowerBound))
        let birthYear = Self.asOfYear - 1 - ages.lowerBound - random.below(ages.count)
        let isMale = random.below(100) < 51
        let draw = random.below(100)
        let prefix: UInt64
        let isMongolian: Bool
        if draw < 85 {
            let county = places.counties[random.below(places.counties.count)]
            prefix = county.code
            isMongolian = random.below(100) < (county.isBanner ? 42 : 14)
        } else {
            prefix =
                draw < 95 || birthYear > 1998
                ? places.countyCodes[random.below(places.countyCodes.count)]
                : places.abandonedCodes[random.below(places.abandonedCodes.count)]
            isMongolian = random.below(100) < 20
        }
        let body = body(
            prefix: prefix, birthYear: birthYear, dayOfYear: random.below(365), number: 450 + random.below(49),
            isMale: isMale)
        let name = names.draw(
            &random, isMale: isMale, birthYear: birthYear,
            family: isMongolian ? .mongolian : .han(names.drawSurname(&random)))
        return DemoPerson(body: body, name: name, birthYear: birthYear, isMale: isMale)
    }

    // MARK: Identity numbers

    private func body(
        ofPerson index: Int, county: Int, birthYear: Int, isMale: Bool, _ random: inout DemoRandom
    ) -> UInt64 {
        let home = places.counties[county]
        if random.below(100) < 91 {
            // 91,250 pairs of a number and a day; the largest county has fewer people, and the factor shares no divisor
            // with 91,250 = 2·5⁴·73.
            let local = index - home.blocks.lowerBound * personsInBlock
            let place = local * 56_393 % 91_250
            return body(
                prefix: home.code, birthYear: birthYear, dayOfYear: place % 365, number: place / 365, isMale: isMale)
        }
        // 36,500 = 2²·5³·73 pairs for each prefix; the same pair comes again with the next prefix of the list.
        let codes = birthYear > 1998 ? places.countyCodes : places.abandonedCodes
        let place = index * 22_559 % 36_500
        let turn = Int(DemoRandom.mix(UInt64(place) ^ seed) % UInt64(codes.count))
        return body(
            prefix: codes[(index / 36_500 + turn) % codes.count], birthYear: birthYear, dayOfYear: place % 365,
            number: (birthYear > 1998 ? 250 : 350) + place / 365, isMale: isMale)
    }

    private func body(prefix: UInt64, birthYear: Int, dayOfYear: Int, number: Int, isMale: Bool) -> UInt64 {
        let rotation = DemoRandom.mix(
            seed ^ (Stream.rotation.rawValue << 48 | prefix << 12 | UInt64(dayOfYear)))
        // Odd for men, even for women (GB 11643-1999 §4); 000 is not given out.
        let order = UInt64((number + Int(rotation % 499)) % 499) * 2 + (isMale ? 1 : 2)
        var month = 1
        var day = dayOfYear
        while day >= CalendarDate.daysInMonth(year: 2001, month: month) {
            day -= CalendarDate.daysInMonth(year: 2001, month: month)
            month += 1
        }
        let date = UInt64(birthYear * 10_000 + month * 100 + day + 1)
        return (prefix * 100_000_000 + date) * 1000 + order
    }
}
