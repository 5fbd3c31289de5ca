import SocialDomain
import Testing

@testable import AidService

struct RegistryTests {
    @Test func `the register comes in whole, in the order of its files, with the size of each household`() throws {
        let data = try SampleData()
        let database = try data.database()

        let receipt = try ImportRegister(database: database)(folder: try data.writeRegister(), through: .command)

        #expect(receipt.changed)
        #expect(receipt.households == 2)
        #expect(receipt.persons == 3)
        #expect(
            try database.lines("SELECT * FROM household ORDER BY position") == [
                "H2|150402001002|urban|dibao|78433|2021-08-13|2|0", "H1|150502001228|rural|monitored|-|-|1|1",
            ])
        #expect(
            try database.lines(
                "SELECT person_id, household_id, name, sex, birth_date, relation, position FROM person ORDER BY position"
            ) == ["P3|H2|乌兰|female|1949-12-31|head|0", "P1|H2|巴特尔|male|2015-02-03|child|1", "P2|H1|李强|male|-|head|2"])
    }

    @Test func `each import of the register stands in its history`() throws {
        let data = try SampleData()
        let database = try data.database()

        _ = try ImportRegister(database: database)(folder: try data.writeRegister(), through: .command)

        #expect(
            try database.lines(
                """
                SELECT kind, file, feed, bytes, rows, imported_at, imported_through, replaced_at
                FROM import ORDER BY file
                """) == [
                    "register|households.csv|-|152|2|2026-06-30T08:00:00Z|command|-",
                    "register|persons.csv|-|181|3|2026-06-30T08:00:00Z|command|-",
                ])
    }

    @Test func `the same bytes again change nothing`() throws {
        let data = try SampleData()
        let database = try data.database()
        let folder = try data.writeRegister()
        _ = try ImportRegister(database: database)(folder: folder, through: .command)

        let again = try ImportRegister(database: database)(folder: folder, through: .page)

        #expect(!again.changed)
        #expect(again.households == 2)
        #expect(again.persons == 3)
        #expect(try database.lines("SELECT count(*) FROM import") == ["2"])
    }

    @Test func `a new register takes the place of the one before, and its indexes stay`() throws {
        let data = try SampleData()
        let database = try data.database()
        _ = try ImportRegister(database: database)(folder: try data.writeRegister(), through: .command)
        let indexes = try database.lines("SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY name")
        let households = """
            household_id,division,settlement,category,income_per_capita,enrolled_on
            H3,150402001002,urban,tekun,0,2020-01-31

            """
        let persons = """
            person_id,household_id,id_number,name,sex,birth_date,relation
            P9,H3,,赵敏,female,,head

            """

        let folder = try data.writeRegister(households: households, persons: persons)
        _ = try ImportRegister(database: database)(folder: folder, through: .command)

        #expect(try database.lines("SELECT household_id, income_per_capita FROM household") == ["H3|0"])
        #expect(try database.lines("SELECT person_id FROM person") == ["P9"])
        #expect(
            try database.lines("SELECT file, replaced_at FROM import ORDER BY import_id") == [
                "households.csv|2026-06-30T08:00:00Z", "persons.csv|2026-06-30T08:00:00Z", "households.csv|-",
                "persons.csv|-",
            ])
        #expect(
            try database.lines("SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY name") == indexes)
    }

    @Test func `rows and values that are left out stand among the problems`() throws {
        let data = try SampleData()
        let database = try data.database()
        let persons = SampleData.persons + "P4,H9,,王芳,female,,head\n"

        let folder = try data.writeRegister(persons: persons)
        let receipt = try ImportRegister(database: database)(folder: folder, through: .command)

        #expect(receipt.problems.map(\.subject) == ["P1", "P2", "P4"])
        #expect(receipt.problems.map(\.line) == [3, 4, 5])
        #expect(
            try database.lines("SELECT number, file, line, subject FROM registry_problem") == [
                "1|persons.csv|3|P1", "2|persons.csv|4|P2", "3|persons.csv|5|P4",
            ])
        #expect(try database.lines("SELECT count(*) FROM person") == ["3"])
    }

    @Test func `a register that cannot be read leaves the one before as it is`() throws {
        let data = try SampleData()
        let database = try data.database()
        _ = try ImportRegister(database: database)(folder: try data.writeRegister(), through: .command)

        #expect(throws: (any Error).self) {
            try ImportRegister(database: database)(folder: data.path + "/nowhere", through: .command)
        }

        #expect(try database.lines("SELECT count(*) FROM person") == ["3"])
    }

    @Test func `the engine gets back what came in`() throws {
        let data = try SampleData()
        let database = try data.database()
        _ = try ImportRegister(database: database)(folder: try data.writeRegister(), through: .command)

        let register = try RegisterStore(database: database).load()

        var households: [String] = []
        register.forEachHousehold { id, division, settlement, category, income, enrolledOn in
            let values = [
                id, division, settlement, category, income.map { "\($0)" } ?? "-", enrolledOn?.description ?? "-",
            ]
            households.append(values.joined(separator: "|"))
        }
        var persons: [String] = []
        register.forEachPerson { id, household, body, name, sex, birthDate, relation in
            let values = [
                id, household, body.map { "\($0)" } ?? "-", name, sex, birthDate?.description ?? "-", relation,
            ]
            persons.append(values.joined(separator: "|"))
        }
        #expect(
            households == [
                "H2|150402001002|urban|dibao|78433|2021-08-13", "H1|150502001228|rural|monitored|-|-",
            ])
        #expect(
            persons == [
                "P3|H2|11010519491231002|乌兰|female|1949-12-31|head", "P1|H2|-|巴特尔|male|2015-02-03|child",
                "P2|H1|-|李强|male|-|head",
            ])
    }
}
