import SocialDomain
import Synchronization

/// Puts a register together from its rows.
struct RegisterBuilder {
    /// Why a row is left out, found only when all rows are known.
    enum LeftOut {
        case duplicate
        case unknownHousehold
    }

    /// A row that is left out: its place among the rows added, and its id.
    struct LeftOutRow {
        let row: Int
        let id: String
        let why: LeftOut
    }

    private var households = HouseholdColumns()
    private var persons = PersonColumns()
    private var householdParts: [HouseholdColumns] = []
    private var personParts: [PersonColumns] = []
    private var texts = StringTable()

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

    /// Adds the rows of a part of a file, whose texts have numbers of their own, behind those of earlier parts.
    mutating func append(_ part: consuming HouseholdColumns, texts partTexts: [String]) {
        part.numbers = partTexts.map { texts.number(of: $0) }
        householdParts.append(part)
    }

    mutating func append(_ part: consuming PersonColumns, texts partTexts: [String]) {
        part.numbers = partTexts.map { texts.number(of: $0) }
        personParts.append(part)
    }

    /// The register; rows that it leaves out are told to `leftOut` with their place among the rows added.
    ///
    /// - Parameter problems: what is known already, with what is told of the rows left out.
    consuming func build(
        personsFile: String = "persons.csv",
        problems: (_ households: [LeftOutRow], _ persons: [LeftOutRow]) -> [RegistryProblem] = { _, _ in [] }
    ) throws(MonitoringFailure) -> Register {
        let texts = texts.texts
        let households = JoinedHouseholds([self.households] + householdParts)
        let persons = JoinedPersons([self.persons] + personParts)
        guard households.ids.fits, persons.ids.fits, persons.names.fits, persons.households.fits,
            persons.ids.count < Int(Int32.max)
        else { throw .registerTooLarge }
        let hash = KeyedHash()
        let householdRows = RowIndex(count: households.ids.count, hash: hash)
        let personRows = RowIndex(count: persons.ids.count, hash: hash)
        let ranks = FixedArray<UInt32>(count: households.ids.count)
        let sorting = Mutex<FixedArray<UInt32>?>(nil)
        SideBySide.run([
            {
                householdRows.fill(households.ids)
                let order = Self.sorted(households.ids, rows: householdRows.distinct)
                for rank in 0..<order.count { ranks[Int(order[rank])] = UInt32(rank) }
                sorting.withLock { $0 = order }
            }, { personRows.fill(persons.ids) },
        ])
        guard let householdOrder = sorting.withLock({ $0 }) else { preconditionFailure("the task above has ended") }

        let nowhere = UInt32.max
        let homes = FixedArray<UInt32>(count: persons.ids.count)
        SideBySide.run(rangesOf: homes.count) { range in
            householdRows.find(persons.households, range, in: households.ids) { person, row in
                homes[person] = row < 0 ? nowhere : ranks[row]
            }
        }
        var leftPersons: [LeftOutRow] = []
        for person in personRows.repeated {
            homes[person] = nowhere
            leftPersons.append(LeftOutRow(row: person, id: persons.ids.text(person), why: .duplicate))
        }
        let seenTwice = Set(personRows.repeated)
        let counts = FixedArray<UInt32>(count: householdOrder.count + 1)
        var kept = 0
        for person in 0..<homes.count {
            if homes[person] != nowhere {
                counts[Int(homes[person]) + 1] += 1
                kept += 1
            } else if !seenTwice.contains(person) {
                leftPersons.append(LeftOutRow(row: person, id: persons.ids.text(person), why: .unknownHousehold))
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
            personHouseholds: personHouseholds, texts: texts,
            problems: problems(
                householdRows.repeated.map { LeftOutRow(row: $0, id: households.ids.text($0), why: .duplicate) },
                leftPersons),
            personsFile: personsFile)
    }

    /// The rows by their text, bytewise: a radix sort over the first eight bytes, then the rest where those are equal.
    private static func sorted(_ texts: JoinedTexts, rows: [UInt32]) -> FixedArray<UInt32> {
        struct Key: BitwiseCopyable, Sendable {
            var prefix: UInt64
            var row: UInt32
        }
        let view = texts.view
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
