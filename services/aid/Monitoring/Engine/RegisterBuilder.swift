import SocialDomain

/// The households of a register, column by column, in the order in which they came.
struct HouseholdColumns: Sendable {
    var ids = StringColumn()
    var divisions: [UInt32] = []
    var settlements: [UInt32] = []
    var categories: [UInt32] = []
    var incomes: [Int64] = []
    var enrolments: [Int32] = []
}

/// The persons of a register, column by column, in the order in which they came.
struct PersonColumns: Sendable {
    var ids = StringColumn()
    var households = StringColumn()
    var idNumbers: [Int64] = []
    var names = StringColumn()
    var sexes: [UInt32] = []
    var birthDates: [Int32] = []
    var relations: [UInt32] = []
}

/// Puts a register together from its rows.
struct RegisterBuilder {
    /// Why a row is left out, found only when all rows are known.
    enum LeftOut {
        case duplicate
        case unknownHousehold
    }

    var households = HouseholdColumns()
    var persons = PersonColumns()
    private(set) var texts = StringTable()

    init() {}

    mutating func addHousehold(
        id: String, division: String, settlement: String, category: String, incomePerCapita: Int64?,
        enrolledOn: CalendarDate?
    ) {
        households.ids.append(id.utf8)
        households.divisions.append(texts.number(of: division))
        households.settlements.append(texts.number(of: settlement))
        households.categories.append(texts.number(of: category))
        households.incomes.append(incomePerCapita ?? Absence.missing)
        households.enrolments.append(enrolledOn?.dayNumber ?? Absence.missingDate)
    }

    mutating func addPerson(
        id: String, household: String, idNumber: UInt64?, name: String, sex: String, birthDate: CalendarDate?,
        relation: String
    ) {
        persons.ids.append(id.utf8)
        persons.households.append(household.utf8)
        persons.idNumbers.append(idNumber.map { Int64($0) } ?? 0)
        persons.names.append(name.utf8)
        persons.sexes.append(texts.number(of: sex))
        persons.birthDates.append(birthDate?.dayNumber ?? Absence.missingDate)
        persons.relations.append(texts.number(of: relation))
    }

    /// Adds the rows of a part of a file, whose texts have numbers of their own.
    mutating func append(_ part: HouseholdColumns, texts partTexts: [String]) {
        let numbers = partTexts.map { texts.number(of: $0) }
        households.ids.append(contentsOf: part.ids)
        households.divisions.append(contentsOf: part.divisions.map { numbers[Int($0)] })
        households.settlements.append(contentsOf: part.settlements.map { numbers[Int($0)] })
        households.categories.append(contentsOf: part.categories.map { numbers[Int($0)] })
        households.incomes.append(contentsOf: part.incomes)
        households.enrolments.append(contentsOf: part.enrolments)
    }

    mutating func append(_ part: PersonColumns, texts partTexts: [String]) {
        let numbers = partTexts.map { texts.number(of: $0) }
        persons.ids.append(contentsOf: part.ids)
        persons.households.append(contentsOf: part.households)
        persons.idNumbers.append(contentsOf: part.idNumbers)
        persons.names.append(contentsOf: part.names)
        persons.sexes.append(contentsOf: part.sexes.map { numbers[Int($0)] })
        persons.birthDates.append(contentsOf: part.birthDates)
        persons.relations.append(contentsOf: part.relations.map { numbers[Int($0)] })
    }

    /// The register; rows that it leaves out are told to `leftOut` with their place among the rows added.
    ///
    /// - Parameter problems: what is known already; `leftOut` may add to them before the register takes them over.
    consuming func build(
        personsFile: String = "persons.csv",
        problems: (_ households: [(Int, LeftOut)], _ persons: [(Int, LeftOut)]) -> [RegistryProblem] = { _, _ in [] }
    ) throws(MonitoringFailure) -> Register {
        guard households.ids.fits, persons.ids.fits, persons.names.fits, persons.households.fits,
            persons.ids.count < Int(Int32.max)
        else { throw .registerTooLarge }
        let hash = KeyedHash()
        let (households, persons) = (households, persons)
        let householdRows = RowIndex(count: households.ids.count, hash: hash)
        let personRows = RowIndex(count: persons.ids.count, hash: hash)
        SideBySide.run([{ householdRows.fill(households.ids) }, { personRows.fill(persons.ids) }])
        let householdOrder = Self.sorted(households.ids, rows: householdRows.distinct)
        let ranks = FixedArray<UInt32>(count: households.ids.count)
        for rank in 0..<householdOrder.count { ranks[Int(householdOrder[rank])] = UInt32(rank) }

        let nowhere = UInt32.max
        let homes = FixedArray<UInt32>(count: persons.ids.count)
        SideBySide.run(rangesOf: homes.count) { range in
            households.ids.withView { ids in
                persons.households.withView { homesOf in
                    for person in range {
                        let row = householdRows.row(of: homesOf[person], in: ids)
                        homes[person] = row.map { ranks[$0] } ?? nowhere
                    }
                }
            }
        }
        var leftPersons: [(Int, LeftOut)] = []
        for person in personRows.repeated {
            homes[person] = nowhere
            leftPersons.append((person, .duplicate))
        }
        let seenTwice = Set(personRows.repeated)
        let counts = FixedArray<UInt32>(count: householdOrder.count + 1)
        var kept = 0
        for person in 0..<homes.count {
            if homes[person] != nowhere {
                counts[Int(homes[person]) + 1] += 1
                kept += 1
            } else if !seenTwice.contains(person) {
                leftPersons.append((person, .unknownHousehold))
            }
        }
        for household in 0..<householdOrder.count { counts[household + 1] += counts[household] }
        let personOrder = FixedArray<UInt32>(count: kept)
        let personHouseholds = FixedArray<UInt32>(count: kept)
        for person in 0..<homes.count where homes[person] != nowhere {
            let home = Int(homes[person])
            personOrder[Int(counts[home])] = UInt32(person)
            personHouseholds[Int(counts[home])] = UInt32(home)
            counts[home] += 1
        }
        return Register(
            households: households, householdOrder: householdOrder, persons: persons, personOrder: personOrder,
            personHouseholds: personHouseholds, texts: texts.texts,
            problems: problems(householdRows.repeated.map { ($0, .duplicate) }, leftPersons),
            personsFile: personsFile)
    }

    /// The rows by their text, bytewise: a radix sort over the first eight bytes, then the rest where those are equal.
    static func sorted(_ column: StringColumn, rows: [UInt32]) -> FixedArray<UInt32> {
        struct Key: BitwiseCopyable, Sendable {
            var prefix: UInt64
            var row: UInt32
        }
        return column.withView { view in
            var keys = FixedArray<Key>(count: rows.count)
            var spare = FixedArray<Key>(count: rows.count)
            for (index, row) in rows.enumerated() {
                var prefix: UInt64 = 0
                let text = view[Int(row)]
                for byte in 0..<8 { prefix = prefix &<< 8 | UInt64(byte < text.count ? text[byte] : 0) }
                keys[index] = Key(prefix: prefix, row: row)
            }
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                var counts = [Int](repeating: 0, count: 257)
                for index in 0..<keys.count { counts[Int(keys[index].prefix &>> shift & 0xFF) + 1] += 1 }
                if counts.contains(keys.count) { continue }
                for value in 0..<256 { counts[value + 1] += counts[value] }
                for index in 0..<keys.count {
                    let value = Int(keys[index].prefix &>> shift & 0xFF)
                    spare[counts[value]] = keys[index]
                    counts[value] += 1
                }
                swap(&keys, &spare)
            }
            let order = FixedArray<UInt32>(count: rows.count)
            var start = 0
            while start < keys.count {
                var end = start + 1
                while end < keys.count, keys[end].prefix == keys[start].prefix { end += 1 }
                let run = (start..<end).map { keys[$0].row }
                let inOrder =
                    run.count == 1
                    ? run : run.sorted { view[Int($0)].lexicographicallyPrecedes(view[Int($1)]) }
                for (index, row) in inOrder.enumerated() { order[start + index] = row }
                start = end
            }
            return order
        }
    }
}

/// Finds the row of a text; of equal texts the first.
///
/// Sendable because one thread fills it, and after that phase it is only read.
private final class RowIndex: @unchecked Sendable {
    /// The rows whose text no earlier row has.
    private(set) var distinct: [UInt32] = []
    /// The others.
    private(set) var repeated: [Int] = []
    private let slots: FixedArray<UInt32>
    private let tags: FixedArray<UInt32>
    private let mask: Int
    private let hash: KeyedHash

    init(count: Int, hash: KeyedHash) {
        var size = 64
        while size < count * 2 { size *= 2 }
        mask = size - 1
        slots = FixedArray(count: size, isRandom: true)
        tags = FixedArray(count: size, isRandom: true)
        self.hash = hash
    }

    func fill(_ column: StringColumn) {
        distinct.reserveCapacity(column.count)
        column.withView { view in
            for row in 0..<view.count {
                let value = hash.hash(view[row])
                let tag = UInt32(truncatingIfNeeded: value.high)
                var place = Int(truncatingIfNeeded: value.low) & mask
                var isRepeated = false
                while slots[place] != 0 {
                    if tags[place] == tag, view[Int(slots[place]) - 1].hasSameBytes(as: view[row]) {
                        isRepeated = true
                        break
                    }
                    place = (place &+ 1) & mask
                }
                if isRepeated {
                    repeated.append(row)
                } else {
                    slots[place] = UInt32(row + 1)
                    tags[place] = tag
                    distinct.append(UInt32(row))
                }
            }
        }
    }

    func row(of text: UnsafeBufferPointer<UInt8>, in view: StringColumn.View) -> Int? {
        let value = hash.hash(text)
        let tag = UInt32(truncatingIfNeeded: value.high)
        var place = Int(truncatingIfNeeded: value.low) & mask
        while slots[place] != 0 {
            let row = Int(slots[place]) - 1
            if tags[place] == tag, view[row].hasSameBytes(as: text) { return row }
            place = (place &+ 1) & mask
        }
        return nil
    }
}
