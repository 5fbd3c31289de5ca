import GRDB
import SocialDomain

/// The register of low-income households in the database.
struct RegisterStore: Sendable {
    let database: AidDatabase

    /// The register as the engine takes it, in the order of its files, from one snapshot.
    func load() throws -> Register {
        try database.read { db in try load(from: db) }
    }

    func hasHouseholds() throws -> Bool {
        try database.read { db in try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM household)") ?? false }
    }

    private func load(from db: Database) throws -> Register {
        var builder = RegisterBuilder()
        let households = try BulkStatement(
            db,
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
        let persons = try BulkStatement(
            db,
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
    func replace(with register: Register, in db: Database) throws -> (households: Int, persons: Int) {
        let indexes = try dropIndexes(in: db)
        try db.execute(sql: "DELETE FROM person; DELETE FROM household")
        let sizes = memberCounts(of: register)
        let households = try insertHouseholds(of: register, sizes: sizes, in: db)
        let persons = try insertPersons(of: register, in: db)
        for sql in indexes { try db.execute(sql: sql) }
        return (households, persons)
    }

    /// Sorting two million keys at the end takes a fraction of the time that placing each in turn does.
    private func dropIndexes(in db: Database) throws -> [String] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT name, sql FROM sqlite_master
                WHERE type = 'index' AND tbl_name IN ('household', 'person') AND sql IS NOT NULL
                """)
        for row in rows {
            let name: String = row[0]
            try db.execute(sql: "DROP INDEX \(name)")
        }
        return rows.map { $0[1] }
    }

    private func memberCounts(of register: Register) -> [HouseholdID: Int64] {
        var sizes: [HouseholdID: Int64] = [:]
        register.forEachPerson { _, household, _, _, _, _, _ in
            sizes[HouseholdID(household), default: 0] += 1
        }
        return sizes
    }

    private func insertHouseholds(
        of register: Register, sizes: [HouseholdID: Int64], in db: Database
    ) throws -> Int {
        let insert = try BulkStatement(
            db,
            """
            INSERT INTO household
                (household_id, division, settlement, category, income_per_capita, enrolled_on, size, position)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
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

    private func insertPersons(of register: Register, in db: Database) throws -> Int {
        let insert = try BulkStatement(
            db,
            """
            INSERT INTO person (person_id, household_id, id_number, name, sex, birth_date, relation, position)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
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
    fileprivate func date(_ column: Int32) -> CalendarDate? {
        isNull(column)
            ? nil
            : withText(column) { utf8 in
                guard utf8.count == 10 else { return nil }
                func number(_ range: Range<Int>) -> Int {
                    utf8[range].reduce(0) { $0 * 10 + Int($1 &- 0x30) }
                }
                return CalendarDate(year: number(0..<4), month: number(5..<7), day: number(8..<10))
            }
    }

    /// The first 17 of the 18 characters as a number.
    fileprivate func citizenBody(_ column: Int32) -> UInt64? {
        isNull(column)
            ? nil
            : withText(column) { utf8 in
                guard utf8.count == 18 else { return nil }
                return utf8[..<17].reduce(0) { $0 * 10 + UInt64($1 &- 0x30) }
            }
    }
}
