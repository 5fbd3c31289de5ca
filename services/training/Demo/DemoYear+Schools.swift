import SocialDomain

extension DemoYear {
    /// Where the demonstration's county has its middle, in millionths of a degree.
    private static let middle: (latitude: Int64, longitude: Int64) = (42_257_000, 118_966_000)

    mutating func addSchools() {
        let names = ["启明", "安康", "宏匠", "驰远", "五味", "云驿", "田园", "红山"]
        // A small part of a county's share needs one school in two trades' fields at least.
        let fields = parts > 24 ? [0, 5, 7] : Array(DemoTrade.fields.indices)
        for field in fields {
            let index = schools.count
            let (kind, rooms) = DemoTrade.fields[field]
            schools.append(
                DemoSchool(
                    name: "\(names[field])\(kind)（演示）",
                    creditCode: Self.creditCode(county: county, kind: "52", number: 100 + index),
                    division: townships[random.below(townships.count)], latitude: place().0, longitude: place().1,
                    rooms: rooms.count))
            for trade in Set(rooms.flatMap(\.self)).sorted() {
                programs.append(DemoProgram(school: index, trade: trade))
            }
            for (room, trades) in rooms.enumerated() {
                let teachers = (0..<2).map { _ in
                    let isMale = random.chance(100 - DemoTrade.all[trades[0]].women)
                    let person = people.next(born: 1968...1994, isMale: isMale, &random)
                    instructors.append(DemoInstructor(school: index, person: person, trades: trades))
                    return instructors.count - 1
                }
                lanes.append(
                    DemoLane(
                        school: index, room: room, trades: trades, instructors: teachers,
                        free: CalendarDate(dayNumber: 0)))
            }
        }
    }

    mutating func place() -> (Int64, Int64) {
        (
            Self.middle.latitude + Int64(random.below(160_001) - 80_000),
            Self.middle.longitude + Int64(random.below(200_001) - 100_000)
        )
    }

    mutating func newLearner(_ residence: Residence, trade: DemoTrade, on day: CalendarDate) -> Int {
        let person = people.next(born: 1967...2005, isMale: !random.chance(trade.women), &random)
        let (latitude, longitude) = place()
        let age = day.year - person.birthYear
        let schooling: Schooling =
            switch random.below(100) {
            case ..<12: .primary
            case ..<55: .junior
            case ..<72: .senior
            case ..<86: .vocational
            case ..<96: .college
            default: age >= 22 ? .bachelor : .college
            }
        learners.append(
            DemoLearner(
                person: person, residence: residence, division: townships[random.below(townships.count)],
                schooling: schooling, wish: trade.wish, groups: groups(residence, person, schooling, age),
                latitude: latitude, longitude: longitude,
                incomeBefore: random.chance(64) ? (random.chance(30) ? 0 : amount(800...3600)) : nil,
                createdOn: day))
        return learners.count - 1
    }

    private mutating func groups(
        _ residence: Residence, _ person: DemoPerson, _ schooling: Schooling, _ age: Int
    ) -> [LearnerGroup] {
        var groups: [LearnerGroup] = []
        if age >= 21, age <= 24, schooling == .college || schooling == .bachelor {
            groups.append(.graduate)
        } else if residence == .rural {
            groups.append(.ruralTransfer)
        } else {
            groups.append(random.chance(68) ? .unemployed : .hardToEmploy)
        }
        if random.chance(residence == .rural ? 15 : 9) { groups.append(.lowIncome) }
        if random.chance(2) { groups.append(.disabled) }
        if person.isMale, random.chance(5) { groups.append(.veteran) }
        return groups.sorted { $0.rawValue < $1.rawValue }
    }

    /// Three who learned their trade in the autumn teach it since.
    mutating func addFormerLearners() {
        for lane in lanes.indices.prefix(3) {
            let found = enrollments.first { enrollment in
                enrollment.certificate != nil && classes[enrollment.classIndex].lane == lane
                    && !instructors.contains { $0.learner == enrollment.learner }
            }
            guard let found else { continue }
            instructors.append(
                DemoInstructor(
                    school: lanes[lane].school, person: learners[found.learner].person,
                    trades: [classes[found.classIndex].trade], learner: found.learner))
        }
    }
}
