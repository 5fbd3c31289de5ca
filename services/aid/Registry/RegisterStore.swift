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
            SELECT person_id, household_id, id_number, name, sex, birth_date, relation
            FROM person ORDER BY position
            """)
        while try persons.step() {
            builder.addPerson(
                id: persons.text(0), household: persons.text(1), idNumber: persons.citizenBody(2),
                name: persons.text(3), sex: persons.text(4), birthDate: persons.date(5), relation: persons.text(6))
        }
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
            INSERT INTO person (person_id, household_id, id_number, name, sex, birth_date, relation, position)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """)
        var position: Int64 = 0
        try register.forEachPerson { id, household, body, name, sex, birthDate, relation in
            insert.bind(1, id)
            insert.bind(2, household)
            insert.bind(3, body.flatMap { CitizenID(body: $0)?.text })
            insert.bind(4, name)
            insert.bind(5, sex)
            insert.bind(6, birthDate?.description)
            insert.bind(7, relation)
            insert.bind(8, position)
            try insert.run()
            position += 1
        }
        return Int(position)
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

    /// The first 17 of the 18 characters as a number.
    fileprivate func citizenBody(_ column: Int) -> UInt64? {
        let utf8 = bytes(column)
        guard utf8.count == 18 else { return nil }
        return utf8[..<17].reduce(0) { $0 * 10 + UInt64($1 &- 0x30) }
    }
}
