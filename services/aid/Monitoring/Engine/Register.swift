import SocialDomain

/// A fault of the register, told in the report; line 0 for an identity number that several persons share.
struct RegistryProblem: Equatable, Sendable {
    let file: String
    let line: Int
    let reason: String
    let subject: String
}

/// The register of low-income households in the form in which a run uses it: households by id, bytewise; the members of
/// each together, in the register's order.
final class Register: Sendable {
    let householdIDs: TextArray
    /// Numbers into `texts`.
    let divisions: FixedArray<UInt32>
    let settlements: FixedArray<UInt32>
    let categories: FixedArray<UInt32>
    /// Fen a month for each member, or `Absence.missing`.
    let incomes: FixedArray<Int64>
    /// Day numbers, or `Absence.missingDate`.
    let enrolments: FixedArray<Int32>
    /// The first member of each household; one more entry than households.
    let memberStarts: FixedArray<UInt32>

    let personIDs: TextArray
    /// The first 17 digits, 0 where absent or wrong.
    let idNumbers: FixedArray<Int64>
    let names: TextArray
    let sexes: FixedArray<UInt32>
    let relations: FixedArray<UInt32>
    let birthDates: FixedArray<Int32>
    let households: FixedArray<UInt32>

    /// Every division, settlement, category, sex and relation that occurs.
    let texts: [String]
    private let textBytes: TextArray
    let table: PersonTable
    let problems: [RegistryProblem]
    /// The persons of each shared identity number, by the number's first appearance, each list by person_id.
    let sharedPersons: [Int64: [Int]]

    private let householdOrder: FixedArray<UInt32>
    private let personOrder: FixedArray<UInt32>

    var householdCount: Int { householdIDs.count }
    var personCount: Int { personIDs.count }

    /// - Parameters:
    ///   - householdOrder: for each household by id its row in the columns; `personOrder`: the same for persons.
    init(
        households: JoinedHouseholds, householdOrder: FixedArray<UInt32>, persons: JoinedPersons,
        personOrder: FixedArray<UInt32>, personHouseholds: FixedArray<UInt32>, texts: [String],
        problems: [RegistryProblem], personsFile: String
    ) {
        func gathered<Element: BitwiseCopyable & Sendable>(
            _ column: FixedArray<Element>, _ order: FixedArray<UInt32>
        ) -> FixedArray<Element> {
            let result = FixedArray<Element>(count: order.count)
            SideBySide.run(rangesOf: order.count) { range in
                for index in range { result[index] = column[Int(order[index])] }
            }
            return result
        }
        householdIDs = TextArray(households.ids, order: householdOrder)
        divisions = gathered(households.divisions, householdOrder)
        settlements = gathered(households.settlements, householdOrder)
        categories = gathered(households.categories, householdOrder)
        incomes = gathered(households.incomes, householdOrder)
        enrolments = gathered(households.enrolments, householdOrder)

        personIDs = TextArray(persons.ids, order: personOrder)
        names = TextArray(persons.names, order: personOrder)
        idNumbers = gathered(persons.idNumbers, personOrder)
        sexes = gathered(persons.sexes, personOrder)
        relations = gathered(persons.relations, personOrder)
        birthDates = gathered(persons.birthDates, personOrder)
        self.households = personHouseholds
        memberStarts = FixedArray(count: householdOrder.count + 1)
        for person in 0..<personHouseholds.count { memberStarts[Int(personHouseholds[person]) + 1] += 1 }
        for household in 0..<householdOrder.count { memberStarts[household + 1] += memberStarts[household] }
        self.householdOrder = householdOrder
        self.personOrder = personOrder
        self.texts = texts
        var column = StringColumn()
        for text in texts { column.append(text.utf8) }
        textBytes = TextArray(JoinedTexts([column]), order: FixedArray((0..<UInt32(texts.count)).map { $0 }))

        var sharing: [Int64: [Int]] = [:]
        let cards = FixedArray<PersonCard>(count: personOrder.count)
        SideBySide.run(rangesOf: cards.count) { [idNumbers, names] range in
            for person in range { cards[person] = PersonCard(idNumber: idNumbers[person], name: names[person]) }
        }
        table = PersonTable(cards: cards) { [idNumbers] person, earlier in
            sharing[idNumbers[person], default: [earlier]].append(person)
        }
        let ids = personIDs
        func byID(_ left: Int, _ right: Int) -> Bool { ids[left].lexicographicallyPrecedes(ids[right]) }
        for (idNumber, persons) in sharing {
            for person in persons { cards[person].isShared = true }
            sharing[idNumber] = persons.sorted(by: byID)
        }
        sharedPersons = sharing
        let firstMet = sharing.map { entry in
            (first: entry.value.map { personOrder[$0] }.min() ?? 0, persons: entry.value)
        }
        let sharedProblems = firstMet.sorted { $0.first < $1.first }.flatMap { entry in
            entry.persons.map { person in
                RegistryProblem(file: personsFile, line: 0, reason: "duplicate_id", subject: ids.text(person))
            }
        }
        self.problems = problems + sharedProblems
    }

    /// Calls the body with every household in the order of the register's file.
    func forEachHousehold(
        _ body: (
            _ id: String, _ division: String, _ settlement: String, _ category: String, _ incomeFen: Int64?,
            _ enrolledOn: CalendarDate?
        ) throws -> Void
    ) rethrows {
        for household in inFileOrder(householdOrder) {
            try body(
                householdIDs.text(household), texts[Int(divisions[household])], texts[Int(settlements[household])],
                texts[Int(categories[household])], incomes[household] < 0 ? nil : incomes[household],
                Self.date(enrolments[household]))
        }
    }

    /// Calls the body with every person in the order of the register's file; `idNumberBody` is the first 17 digits.
    func forEachPerson(
        _ body: (
            _ id: String, _ householdID: String, _ idNumberBody: UInt64?, _ name: String, _ sex: String,
            _ birthDate: CalendarDate?, _ relation: String
        ) throws -> Void
    ) rethrows {
        for person in inFileOrder(personOrder) {
            try body(
                personIDs.text(person), householdIDs.text(Int(households[person])),
                idNumbers[person] > 0 ? UInt64(idNumbers[person]) : nil, names.text(person),
                texts[Int(sexes[person])], Self.date(birthDates[person]), texts[Int(relations[person])])
        }
    }

    private func inFileOrder(_ order: FixedArray<UInt32>) -> [Int] {
        (0..<order.count).sorted { order[$0] < order[$1] }
    }

    private static func date(_ dayNumber: Int32) -> CalendarDate? {
        dayNumber == Absence.missingDate ? nil : CalendarDate(dayNumber: dayNumber)
    }

    /// One of `texts` as expressions see it; an empty one is absent.
    @inline(__always)
    func slot(ofText number: UInt32) -> Slot {
        let bytes = textBytes[Int(number)]
        guard bytes.count > 0, let base = bytes.baseAddress else { return .null }
        return .text(base, count: bytes.count)
    }

    /// Full years of a person at the day, or −1: from the birth date, else from the identity number.
    func age(of person: Int, at day: CalendarDate) -> Int {
        let birth = birthDates[person]
        if birth != Absence.missingDate { return CalendarDate(dayNumber: birth).fullYears(until: day) }
        let idNumber = idNumbers[person]
        guard idNumber > 0 else { return -1 }
        let digits = Int(idNumber / 1000 % 100_000_000)
        return CalendarDate(year: digits / 10_000, month: digits / 100 % 100, day: digits % 100)?
            .fullYears(until: day) ?? -1
    }
}
