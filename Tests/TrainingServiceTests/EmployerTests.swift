import HTTPTypes
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import TestPages
import Testing

@testable import TrainingService

/// Employers, their vacancies, and work found without one.
@Suite struct EmployerTests {
    private static let vacancy = [
        "creditCode": "52150402MJY1234565", "employer": "演示家政公司", "title": "家政服务员", "trade": "4-10-01-06",
        "division": "150402", "places": "2", "payFrom": "4000", "payTo": "5000", "openUntil": "2026-12-31", "key": "k1",
    ]

    private static func changed(_ values: [String: String]) -> [String: String] {
        vacancy.merging(values) { $1 }
    }

    static func count(_ sample: TrainingSample, _ sql: SQL) async throws -> Int? {
        try await sample.store.database.read { db in try db.first(sql)?.get("n", as: Int.self) }
    }

    /// With accounts, so that the neighbour county has one too.
    static func sample(_ engine: Engine) async throws -> TrainingSample {
        try await TrainingSample(engine, signIn: ClassPeople.signIn())
    }

    static func officer() async throws -> HTTPFields { try await ClassPeople.headers("anna", ["officer"]) }
    static func neighbour() async throws -> HTTPFields {
        try await ClassPeople.headers("nora", ["officer"], division: "150403")
    }

    @Test(arguments: TestServer.engines) func `a vacancy is entered once, changed, closed and opened again`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine)
        for _ in 0..<2 {
            #expect(try await sample.post("/training/employment/new", Self.vacancy, Self.officer()).status == 303)
        }
        #expect(try await Self.count(sample, "SELECT count(*) AS n FROM vacancy") == 1)
        let path = "/training/employment/vacancies/1"

        let saved = try await sample.post(path, Self.changed(["version": "1", "places": "3"]), Self.officer())
        let stale = try await sample.post(path, Self.changed(["version": "1", "title": "月嫂"]), Self.officer())
        let asked = try await sample.get(path + "/close", Self.officer())
        let closed = try await sample.post(path + "/close", ["version": "2"], Self.officer())
        let hidden = try await sample.get("/training/vacancies", Self.officer())
        let opened = try await sample.post(path + "/open", ["version": "3"], Self.officer())

        #expect(saved.status == 303)
        #expect(stale.status == 409 && stale.text.contains("别人改过这里") && stale.text.contains("月嫂"))
        #expect(asked.status == 200 && asked.text.contains("停止招聘“家政服务员”？"))
        #expect(closed.status == 303 && opened.status == 303)
        #expect(!hidden.text.contains("演示家政公司"))
        #expect(try await sample.get("/training/vacancies?q=家政", Self.officer()).text.contains("还招 3 人"))
        #expect(try await sample.get("/training/vacancies?division=150403", Self.officer()).text.contains("共 0 个岗位"))
    }

    @Test(arguments: TestServer.engines) func `every fault of a vacancy stands beside its field`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine)

        let wrong = try await sample.post(
            "/training/employment/new",
            Self.changed([
                "creditCode": "52150402MJY1234566", "trade": "月嫂", "places": "0", "payTo": "3000", "openUntil": "昨天",
            ]), Self.officer())
        let past = try await sample.post(
            "/training/employment/new", Self.changed(["openUntil": "2026-06-29"]), Self.officer())
        let outside = try await sample.post(
            "/training/employment/new", Self.vacancy, Self.neighbour())

        #expect(wrong.status == 422)
        for id in ["creditCode", "trade", "places", "payTo", "openUntil"] {
            #expect(wrong.text.contains("id=\"\(id)-fault\""), "\(id)")
        }
        #expect(wrong.text.contains("可能是：") && wrong.text.contains("家政服务员"))
        #expect(past.status == 422 && past.text.contains("截止日期不能早于今天"))
        #expect(outside.status == 422)
        #expect(try await Self.count(sample, "SELECT count(*) AS n FROM employer") == 0)
    }

    @Test(arguments: TestServer.engines) func `a suspended employer's vacancies are shown to nobody`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine)
        _ = try await sample.post("/training/employment/new", Self.vacancy, Self.officer())
        let path = "/training/employment/employers/1"
        let form = ["version": "1", "name": "演示家政公司", "division": "150402", "phone": "0476-5551000"]

        let suspended = try await sample.post(path, form.merging(["state": "suspended"]) { $1 }, Self.officer())
        let stale = try await sample.post(path, form.merging(["state": "active"]) { $1 }, Self.officer())
        let more = try await sample.post("/training/employment/new", Self.changed(["key": "k2"]), Self.officer())

        #expect(suspended.status == 303 && stale.status == 409)
        #expect(more.status == 422 && more.text.contains("已暂停招聘"))
        #expect(try await sample.get("/training/vacancies/1", Self.officer()).status == 404)
        #expect(try await sample.get("/training/employment/employers?q=演示", Self.officer()).text.contains("演示家政公司"))
        #expect(try await sample.get(path, Self.neighbour()).status == 404)
        #expect(try await sample.post(path, form, Self.neighbour()).status == 404)
        #expect(try await sample.get("/training/employment/vacancies/1", Self.neighbour()).status == 404)
    }

    @Test(arguments: TestServer.engines) func `a vacancy keeps the places of people who work there`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine)
        _ = try await sample.post("/training/employment/new", Self.vacancy, Self.officer())
        _ = try await sample.store.database.write { db in try db.execute("UPDATE vacancy SET filled = 2") }

        let fewer = try await sample.post(
            "/training/employment/vacancies/1", Self.changed(["version": "1", "places": "1"]), Self.officer())

        #expect(fewer.status == 422 && fewer.text.contains("已录用 2 人"))
    }

    // MARK: - Work found without a vacancy

    /// One learner who has completed class 1, another who sits in it.
    static func graduates(_ engine: Engine) async throws -> TrainingSample {
        let sample = try await Self.sample(engine)
        _ = try await sample.store.database.write { db in
            try TrainingSample.addProgram(in: db)
            try db.execute(
                """
                INSERT INTO training_class (class_id, program_id, school_id, division, title, audience, capacity,
                    starts_on, ends_on, sign_up_until, state, seated)
                VALUES (1, 1, 1, '150402', '家政班', 'any', 30, '2026-05-10', '2026-05-20', '2026-05-05', 'ended', 2)
                """)
            for (id, state) in [(Int64(1), "completed"), (2, "seated")] {
                try db.execute(
                    """
                    INSERT INTO learner (learner_id, division, name, number_sealed, number_index, born_on, sex,
                        residence, created_at)
                    VALUES (\(id), '150402', \("学员\(id)"), \(try LearnerSeal(ring: sample.store.ring).seal(Self.number(id))),
                        \(LearnerSeal(ring: sample.store.ring).index(of: try Self.number(id))), '1990-03-07', 'female',
                        'rural', '2026-04-30T02:00:00Z')
                    """)
                try db.execute(
                    """
                    INSERT INTO enrollment (enrollment_id, class_id, learner_id, division, state, sequence, low_income,
                        source, created_at, changed_at)
                    VALUES (\(id), 1, \(id), '150402', \(state), \(id), 'no', 'self', '2026-04-30T02:00:00Z',
                        '2026-04-30T02:00:00Z')
                    """)
            }
        }
        return sample
    }

    private static func number(_ id: Int64) throws -> CitizenID {
        let body = "15040219900307" + String(200 + id)
        return try CitizenID(
            body + String(UnicodeScalar(CitizenID.checkCharacter(ofBody: try #require(UInt64(body))))))
    }

    @Test(arguments: TestServer.engines) func `whoever works for himself is placed once, with the follow-ups`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.graduates(engine)
        let path = "/training/enrollments/1/placement"
        let form = [
            "kind": "own", "trade": "4-10-01-06", "startedOn": "2026-06-01", "income": "3500.50", "evidence": "营业执照",
        ]

        let shown = try await sample.get(path, Self.officer())
        let first = try await sample.post(path, form, Self.officer())
        let again = try await sample.post(path, form, Self.officer())
        let other = try await sample.post(path, form.merging(["startedOn": "2026-06-02"]) { $1 }, Self.officer())

        #expect(shown.status == 200 && shown.text.contains("value=\"4-10-01-06\""))
        #expect(first.headers[.location] == "/training/employment/placements/1")
        #expect(again.headers[.location] == "/training/employment/placements/1")
        #expect(other.status == 409 && other.text.contains("已有在岗记录"))
        let page = try await sample.get("/training/employment/placements/1", Self.officer())
        #expect(page.text.contains("自主创业") && page.text.contains("3,500.50") && page.text.contains("营业执照"))
        #expect(
            try await Self.count(
                sample, "SELECT count(*) AS n FROM placement WHERE employer_id IS NULL AND monthly_income = 350050")
                == 1)
        #expect(try await Self.count(sample, "SELECT count(*) AS n FROM retention_check") == 3)
    }

    @Test(arguments: TestServer.engines) func `work at a new employer, and what is refused`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.graduates(engine)
        let form = [
            "kind": "employer", "creditCode": "52150402MJY1234565", "employer": "演示家政公司", "trade": "4-10-01-06",
            "startedOn": "2026-06-01", "evidence": "劳动合同",
        ]

        let early = try await sample.post("/training/enrollments/2/placement", form, Self.officer())
        let tomorrow = try await sample.post(
            "/training/enrollments/1/placement", form.merging(["startedOn": "2026-07-01", "income": "很多"]) { $1 },
            Self.officer())
        let nameless = try await sample.post(
            "/training/enrollments/1/placement", form.merging(["creditCode": "", "employer": ""]) { $1 }, Self.officer()
        )
        let foreign = try await sample.post("/training/enrollments/1/placement", form, Self.neighbour())
        let done = try await sample.post("/training/enrollments/1/placement", form, Self.officer())

        let renamed = try await sample.post(
            "/training/employment/new", Self.changed(["employer": "张冠李戴公司"]), Self.officer())
        #expect(renamed.status == 422 && renamed.text.contains("这个信用代码登记的是“演示家政公司”"))
        #expect(early.status == 409 && early.text.contains("结业以后"))
        #expect(tomorrow.status == 422 && tomorrow.text.contains("id=\"income-fault\""))
        #expect(nameless.status == 422 && nameless.text.contains("id=\"creditCode-fault\""))
        #expect(foreign.status == 404)
        #expect(done.status == 303)
        #expect(
            try await Self.count(
                sample,
                """
                SELECT count(*) AS n FROM placement p JOIN employer m ON m.employer_id = p.employer_id
                WHERE m.name = '演示家政公司' AND p.enrollment_id = 1 AND p.evidence = '劳动合同'
                """) == 1)
    }
}
