import HTTPTypes
import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import TestPages
import Testing

@testable import TrainingService

/// An employer's own account: its vacancies, and who applies for them.
@Suite struct EmployerAccountTests {
    private static let code = "91150402MA0ABCD12A"
    private static let other = "52150402MJY1234565"
    private static let desk = "/training/employment"

    private static func employer(_ code: String = code) async throws -> HTTPFields {
        try await ClassPeople.headers("eva-\(code)", ["employer"], organisation: code)
    }

    private static func vacancy(_ values: [String: String] = [:]) -> [String: String] {
        [
            "creditCode": code, "employer": "演示家政公司", "title": "家政服务员", "trade": "4-10-01-06",
            "division": "150402", "places": "2", "openUntil": "2026-12-31", "key": "k1",
        ].merging(values) { $1 }
    }

    /// A vacancy that the employer entered itself, and one learner of the neighbour county who applied.
    private static func applied(_ engine: Engine) async throws -> TrainingSample {
        let sample = try await EmployerTests.graduates(engine)
        #expect(try await sample.post(desk + "/new", vacancy(), employer()).status == 303)
        _ = try await sample.store.database.write { db in
            let index = try #require(
                try db.first("SELECT number_index FROM learner WHERE learner_id = 1")
            ).get("number_index", as: [UInt8].self)
            let phone = try LearnerSeal(ring: sample.store.ring).seal(phone: "13912345678", index: index)
            try db.execute("UPDATE learner SET division = '150403', phone_sealed = \(phone) WHERE learner_id = 1")
            try db.execute(
                """
                INSERT INTO job_application (application_id, vacancy_id, learner_id, state, created_at, changed_at)
                VALUES (1, 1, 1, 'sent', '2026-06-20T02:00:00Z', '2026-06-20T02:00:00Z')
                """)
        }
        return sample
    }

    @Test(arguments: TestServer.engines) func `it enters and changes its own vacancies, and no other's`(
        _ engine: Engine
    ) async throws {
        let sample = try await EmployerTests.sample(engine)
        let new = try await sample.get(Self.desk + "/new", Self.employer())
        let foreign = try await sample.post(
            Self.desk + "/new", Self.vacancy(["creditCode": Self.other]), Self.employer())
        let made = try await sample.post(Self.desk + "/new", Self.vacancy(), Self.employer())
        let path = Self.desk + "/vacancies/1"
        let saved = try await sample.post(path, Self.vacancy(["version": "1", "places": "5"]), Self.employer())
        let stolen = try await sample.post(
            path, Self.vacancy(["version": "2", "places": "9"]), Self.employer(Self.other))

        #expect(new.text.contains("value=\"\(Self.code)\""))
        #expect(foreign.status == 422 && foreign.text.contains("只能登记本单位的岗位"))
        #expect(made.status == 303 && saved.status == 303)
        #expect(stolen.status == 404)
        #expect(try await EmployerTests.count(sample, "SELECT places AS n FROM vacancy") == 5)
        let own = try await sample.get(Self.desk + "/employers/1", Self.employer())
        #expect(own.status == 200 && own.text.contains("家政服务员") && !own.text.contains("name=\"state\""))
        for closed in ["/employers", "/brands", "/brands/new"] {
            #expect(try await sample.get(Self.desk + closed, Self.employer()).status == 403)
        }
        #expect(try await sample.get("/training/enrollments", Self.employer()).status == 403)
        #expect(try await sample.get("/training/", Self.employer()).text.contains("href=\"/training/employment\""))
    }

    @Test(arguments: TestServer.engines) func `it decides who applied, wherever they live, and each look is on record`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.applied(engine)
        let path = Self.desk + "/applications/1"

        let list = try await sample.get(Self.desk, Self.employer())
        let hidden = try await sample.get(Self.desk, Self.employer(Self.other))
        let page = try await sample.get(path, Self.employer())
        let foreign = try await sample.get(path, Self.employer(Self.other))
        let stolen = try await sample.post(
            path, ["version": "1", "decision": "refused", "refusal": "other", "note": "无"], Self.employer(Self.other))
        let taken = try await sample.post(
            path, ["version": "1", "decision": "accepted", "startedOn": "2026-06-29"], Self.employer())

        #expect(list.text.contains("/applications/1") && !list.text.contains("到期的就业跟踪"))
        #expect(!hidden.text.contains("/applications/1"))
        #expect(page.status == 200 && page.text.contains("13912345678"))
        #expect(foreign.status == 404 && stolen.status == 404)
        #expect(taken.status == 303)
        #expect(
            try await EmployerTests.count(
                sample,
                "SELECT count(*) AS n FROM placement p JOIN employer m ON m.employer_id = p.employer_id WHERE p.division = '150403'"
            ) == 1)
        #expect(
            try await EmployerTests.count(
                sample,
                "SELECT count(*) AS n FROM audit_entry WHERE action = 'application.look' AND actor LIKE 'eva-%'") == 1)
    }

    @Test(arguments: TestServer.engines) func `it keeps its own address and phone, and says nothing else of itself`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.applied(engine)
        let path = Self.desk + "/employers/1"
        let kept: SQL = "SELECT name, division, address, phone, state, version FROM employer WHERE employer_id = 1"
        func line() async throws -> String {
            try await sample.store.database.read { db in
                try db.rows(kept).map { row in
                    let texts = try ["name", "division", "address", "phone", "state"].map {
                        try row.get($0, as: String.self)
                    }
                    return (texts + ["\(try row.get("version", as: Int.self))"]).joined(separator: "|")
                }.joined()
            }
        }
        let typed = ["version": "1", "address": "新城区1号", "phone": "0471-1234567"]

        let page = try await sample.get(path, Self.employer())
        let bad = try await sample.post(path, typed.merging(["phone": "打总机"]) { $1 }, Self.employer())
        let foreign = try await sample.post(path, typed, Self.employer(Self.other))
        let good = try await sample.post(
            path, typed.merging(["name": "别的公司", "state": "suspended", "division": "150403"]) { $1 }, Self.employer())
        let late = try await sample.post(path, typed.merging(["address": "旧地址"]) { $1 }, Self.employer())

        #expect(page.text.contains("name=\"phone\"") && !page.text.contains("name=\"state\""))
        #expect(bad.status == 422 && bad.text.contains("新城区1号"))
        #expect(foreign.status == 404)
        #expect(good.status == 303)
        #expect(late.status == 409)
        #expect(try await line() == "演示家政公司|150402|新城区1号|0471-1234567|active|2")
        let log = try await EmployerTests.count(
            sample, "SELECT count(*) AS n FROM audit_entry WHERE action = 'employer.edit' AND reason = 'address, phone'"
        )
        #expect(log == 1)
    }

    /// Behind the page stands the desk: what the form does not ask cannot come in another way.
    @Test func `the desk takes nothing but address and phone from an employer's own account`() async throws {
        let sample = try await Self.applied(.sqlite)
        let scope = Scope(
            roles: ["training": ["employer"]], division: DivisionCode("150402"), organisation: Self.code)
        let caller = Caller(kind: .person, id: "eva", name: "eva", scope: scope)
        func save(_ change: @escaping @Sendable (inout EmployerContent) -> Void) async throws {
            _ = try await sample.store.database.write { db in
                let employer = try #require(try EmploymentQueries.employer(1, within: .ownMachine, in: db))
                var content = employer.content
                change(&content)
                try ChangeDesk(db: db, caller: caller, time: "2026-06-30T02:00:00Z", request: "r").saveEmployer(
                    1, content, version: employer.version)
            }
        }

        await #expect(throws: StepRefusal.unknown) { try await save { $0.name = "别的公司" } }
        await #expect(throws: StepRefusal.unknown) { try await save { $0.state = .suspended } }
        try await save { $0.phone = "0471-7654321" }

        let left = try await sample.store.database.read { db in
            try db.first("SELECT name || state || phone AS shown FROM employer WHERE employer_id = 1")?
                .get("shown", as: String.self)
        }
        #expect(left == "演示家政公司active0471-7654321")
    }
}
