import SocialDomain
import Storage

/// The register of low-income households in the database.
struct RegisterStore: Sendable {
    let database: AidDatabase

    /// The register as the engine takes it, in the order of its files, from one snapshot.
    func load() throws -> Register {
        try database.read { db in try load(from: db) }
    }

    func hasHouseholds() throws -> Bool {
        try database.read { db in try db.first("SELECT 1 AS one FROM household LIMIT 1") != nil }
    }

    private func load(from db: Connection) throws -> Register {
        var builder = RegisterBuilder()
        let households = try db.prepare(
            """
            SELECT household_id, division, settlement, category, income_per_capita, enrolled_on
            FROM household ORDER BY position
            """)
        while try households.step() {
            builder.addHousehold(
                id: households.text(0), division: households.text(1), settlement: households.text(2),
                category: households.text(3),
                incomePerCapita: households.isNull(4) ? nil : households.integer(4),
                enrolledOn: households.date(5))
        }
        let persons = try db.prepare(
            """
            SELECT person_id, household_id, id_number, name, sex, birth_date, relation, id_number_sealed
            FROM person ORDER BY position
            """)
        var waiting: [StoredPerson] = []
        func flush() throws {
            let numbers = try RecordSeal.sideBySide(waiting) { person in try person.body(database.seal) }
            for (person, body) in zip(waiting, numbers) {
                builder.addPerson(
                    id: person.id, household: person.household, idNumber: body, name: person.name, sex: person.sex,
                    birthDate: person.birthDate, relation: person.relation)
            }
            waiting.removeAll(keepingCapacity: true)
        }
        while try persons.step() {
            waiting.append(StoredPerson(persons))
            if waiting.count == Self.sealBatch { try flush() }
        }
        try flush()
        return try builder.build()
    }

    /// Puts this register in place of the one that is there; part of the caller's transaction, in which foreign keys are
    /// not checked row by row.
    func replace(with register: Register, in db: Connection) throws -> (households: Int, persons: Int) {
        try db.withoutIndexes(of: ["household", "person"]) {
            try db.execute("DELETE FROM person")
            try db.execute("DELETE FROM household")
            let sizes = memberCounts(of: register)
            let households = try insertHouseholds(of: register, sizes: sizes, in: db)
            let persons = try insertPersons(of: register, in: db)
            return (households, persons)
        }
    }

    private func memberCounts(of register: Register) -> [HouseholdID: Int64] {
        var sizes: [HouseholdID: Int64] = [:]
        register.forEachPerson { _, household, _, _, _, _, _ in
            sizes[HouseholdID(household), default: 0] += 1
        }
        return sizes
    }

    private func insertHouseholds(
        of register: Register, sizes: [HouseholdID: Int64], in db: Connection
    ) throws -> Int {
        let insert = try db.prepare(
            """
            INSERT INTO household
                (household_id, division, settlement, category, income_per_capita, enrolled_on, size, position)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """)
        var position: Int64 = 0
        try register.forEachHousehold { id, division, settlement, category, income, enrolledOn in
            insert.bind(1, id)
            insert.bind(2, division)
            insert.bind(3, settlement)
            insert.bind(4, category)
            insert.bind(5, income)
            insert.bind(6, enrolledOn?.description)
            insert.bind(7, sizes[HouseholdID(id)] ?? 0)
            insert.bind(8, position)
            try insert.run()
            position += 1
        }
        return Int(position)
    }

    private func insertPersons(of register: Register, in db: Connection) throws -> Int {
        let insert = try db.prepare(
            """
            INSERT INTO person (person_id, household_id, id_number_sealed, name, sex, birth_date, relation, position,
                id_number_index)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """)
        var position: Int64 = 0
        var waiting: [NewPerson] = []
        func flush() throws {
            let numbers = try RecordSeal.sideBySide(waiting) { person in
                try person.number.map { try database.seal.number($0, person: person.id) }
            }
            for (person, number) in zip(waiting, numbers) {
                insert.bind(1, person.id)
                insert.bind(2, person.household)
                insert.bind(3, blob: number?.sealed)
                insert.bind(4, person.name)
                insert.bind(5, person.sex)
                insert.bind(6, person.birthDate?.description)
                insert.bind(7, person.relation)
                insert.bind(8, position)
                insert.bind(9, blob: number?.index)
                try insert.run()
                position += 1
            }
            waiting.removeAll(keepingCapacity: true)
        }
        try register.forEachPerson { id, household, body, name, sex, birthDate, relation in
            waiting.append(
                NewPerson(
                    id: id, household: household, number: body.flatMap { CitizenID(body: $0)?.text }, name: name,
                    sex: sex, birthDate: birthDate, relation: relation))
            if waiting.count == Self.sealBatch { try flush() }
        }
        try flush()
        return Int(position)
    }

    /// Rows whose numbers are sealed or opened together, on all cores.
    private static let sealBatch = 8192
}

/// A person on the way into the table.
private struct NewPerson: Sendable {
    let id: String
    let household: String
    let number: String?
    let name: String
    let sex: String
    let birthDate: CalendarDate?
    let relation: String
}

/// A row of the table whose number is still sealed.
private struct StoredPerson: Sendable {
    let id: String
    let household: String
    let name: String
    let sex: String
    let birthDate: CalendarDate?
    let relation: String
    private let number: [UInt8]?
    private let isSealed: Bool

    init(_ row: any BulkStatement) {
        id = row.text(0)
        household = row.text(1)
        name = row.text(3)
        sex = row.text(4)
        birthDate = row.date(5)
        relation = row.text(6)
        isSealed = !row.isNull(7)
        number = isSealed ? row.blob(7) : row.isNull(2) ? nil : row.blob(2)
    }

    /// The first 17 of the 18 characters as a number.
    func body(_ seal: RecordSeal) throws -> UInt64? {
        guard let number else { return nil }
        let digits = isSealed ? Array(try seal.openNumber(number, person: id).utf8) : number
        guard digits.count == 18 else { return nil }
        return digits[..<17].reduce(0) { $0 * 10 + UInt64($1 &- 0x30) }
    }
}

extension BulkStatement {
    fileprivate func date(_ column: Int) -> CalendarDate? {
        let utf8 = bytes(column)
        guard utf8.count == 10 else { return nil }
        func number(_ range: Range<Int>) -> Int {
            utf8[range].reduce(0) { $0 * 10 + Int($1 &- 0x30) }
        }
        return CalendarDate(year: number(0..<4), month: number(5..<7), day: number(8..<10))
    }
}
