import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import TestPages
import Testing

@testable import TrainingService

@Suite struct EmploymentTests {
    private static let tokens = [LearnerToken.random(), LearnerToken.random()]

    /// One vacancy of one place, two learners.
    private static func sample(_ engine: Engine) async throws -> TrainingSample {
        let sample = try await TrainingSample(engine)
        _ = try await sample.store.database.write { db in
            for (index, token) in tokens.enumerated() {
                try db.execute(
                    """
                    INSERT INTO learner (learner_id, division, name, number_sealed, number_index, token_digest, born_on, sex,
                        residence, created_at)
                    VALUES (\(index + 1), '150402', \("学员\(index)"), \([UInt8(index)]), \([UInt8(index), 1]),
                        \(token.digest), '1990-01-01', 'female', 'rural', '2026-06-30T02:00:00Z')
                    """)
            }
            try db.execute(
                """
                INSERT INTO employer (employer_id, credit_code, name, division)
                VALUES (1, '91150402MA0ABCD123', '演示家政公司', '150402')
                """)
            try db.execute(
                """
                INSERT INTO vacancy (vacancy_id, employer_id, division, title, trade, places, open_until)
                VALUES (1, 1, '150402', '家政服务员', '4-10-01-06', 1, '2026-12-31')
                """)
        }
        return sample
    }

    private static func count(_ sample: TrainingSample, _ sql: SQL) async throws -> Int? {
        try await sample.store.database.read { db in try db.first(sql)?.get("n", as: Int.self) }
    }

    private static func desk<Value: Sendable>(
        _ sample: TrainingSample, _ work: @escaping @Sendable (JobDesk) throws -> Value
    ) async throws -> Value {
        try await sample.store.database.write { db in
            try work(JobDesk(db: db, caller: .machine, time: "2026-06-30T02:00:00Z", request: ""))
        }
    }

    @Test(arguments: TestServer.engines) func `an application leads to one placement with its three follow-ups`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine)
        let own = "http://localhost" + Self.tokens[0].path

        for _ in 0..<2 {
            let applied = try await sample.post("/training/vacancies/1/apply", ["own": own])
            #expect(applied.status == 303)
        }
        #expect(try await Self.count(sample, "SELECT count(*) AS n FROM job_application") == 1)
        let accepted = try await sample.post(
            "/training/employment/applications/1",
            ["version": "1", "decision": "accepted", "startedOn": "2026-06-30", "income": "4500"])
        let again = try await sample.post(
            "/training/employment/applications/1",
            ["version": "1", "decision": "accepted", "startedOn": "2026-06-30", "income": "4500"])

        let otherDay = try await sample.post(
            "/training/employment/applications/1",
            ["version": "1", "decision": "accepted", "startedOn": "2026-06-29", "income": "4500"])

        #expect(accepted.status == 303)
        #expect(again.status == 303, "a double click is one click")
        #expect(otherDay.status == 409)
        #expect(try await Self.count(sample, "SELECT count(*) AS n FROM placement WHERE monthly_income = 450000") == 1)
        let dues = try await sample.store.database.read { db in
            try db.rows("SELECT due_on FROM retention_check ORDER BY month").map {
                try $0.get("due_on", as: String.self)
            }
        }
        #expect(dues == ["2026-09-30", "2026-12-30", "2027-06-30"])
        #expect(try await Self.count(sample, "SELECT filled AS n FROM vacancy") == 1)
    }

    @Test(arguments: TestServer.engines) func `the last place goes to one of two at the same moment`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine)
        for token in Self.tokens { try await Self.desk(sample) { try $0.apply(to: 1, token) } }
        let day = try #require(CalendarDate(iso8601: "2026-06-30"))

        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for id in [Int64(1), 2] {
                group.addTask {
                    do {
                        try await Self.desk(sample) { try $0.accept(id, version: 1, startedOn: day, income: nil) }
                        return true
                    } catch { return false }
                }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }

        #expect(outcomes.count(where: { $0 }) == 1)
        #expect(try await Self.count(sample, "SELECT count(*) AS n FROM placement") == 1)
    }

    @Test(arguments: TestServer.engines) func `whoever left is no longer placed, and a follow-up is noted once`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine)
        let day = try #require(CalendarDate(iso8601: "2026-03-01"))
        try await Self.desk(sample) { desk in
            try desk.apply(to: 1, Self.tokens[0])
            try desk.accept(1, version: 1, startedOn: day, income: nil)
        }

        let half = try await sample.post("/training/employment/placements/1", ["month": "3", "outcome": "left"])
        let done = try await sample.post(
            "/training/employment/placements/1", ["month": "3", "outcome": "left", "why": "pay"])
        let twice = try await sample.post(
            "/training/employment/placements/1", ["month": "3", "outcome": "working"])
        let early = try await sample.post(
            "/training/employment/placements/1", ["month": "6", "outcome": "working"])

        #expect(half.status == 409 && half.text.contains("请选择原因"))
        #expect(done.status == 303)
        #expect(twice.status == 409 && twice.text.contains("已登记离职") && early.status == 409)
        #expect(try await Self.count(sample, "SELECT count(*) AS n FROM placement WHERE ended_why = 'pay'") == 1)
    }

    @Test(arguments: TestServer.engines) func `whoever leaves between the follow-ups is noted at once, and once`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine)
        let day = try #require(CalendarDate(iso8601: "2026-05-01"))
        try await Self.desk(sample) { desk in
            try desk.apply(to: 1, Self.tokens[0])
            try desk.accept(1, version: 1, startedOn: day, income: nil)
        }
        let path = "/training/employment/placements/1/end"

        let half = try await sample.post(path, ["endedOn": "2026-06-01"])
        let before = try await sample.post(path, ["endedOn": "2026-04-30", "endedWhy": "pay"])
        let tomorrow = try await sample.post(path, ["endedOn": "2026-07-01", "endedWhy": "pay"])
        var statuses: [Int] = []
        for _ in 0..<2 {
            statuses.append(try await sample.post(path, ["endedOn": "2026-06-01", "endedWhy": "pay"]).status)
        }
        let other = try await sample.post(path, ["endedOn": "2026-06-02", "endedWhy": "pay"])
        let page = try await sample.get("/training/employment/placements/1")

        #expect(half.status == 422 && before.status == 409 && tomorrow.status == 409)
        #expect(statuses == [303, 303] && other.status == 409)
        #expect(!page.text.contains("name=\"endedOn\"") && !page.text.contains("name=\"outcome\""))
        #expect(
            try await Self.count(sample, "SELECT count(*) AS n FROM audit_entry WHERE action = 'placement.end'") == 1)
    }

    @Test(arguments: TestServer.engines) func `whoever was refused, or asks a suspended employer, is told so`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine)
        try await Self.desk(sample) { desk in
            try desk.apply(to: 1, Self.tokens[0])
            try desk.refuse(1, version: 1, .skills, note: "")
            try desk.refuse(1, version: 1, .skills, note: "")
        }

        let own = try await sample.get(Self.tokens[0].path)
        #expect(own.text.contains("我的应聘") && own.text.contains("技能不符合岗位要求"))
        await #expect(throws: JobRefusal.decided(.refused)) {
            try await Self.desk(sample) { try $0.refuse(1, version: 1, .pay, note: "") }
        }
        await #expect(throws: JobRefusal.refusedBefore) {
            try await Self.desk(sample) { try $0.apply(to: 1, Self.tokens[0]) }
        }
        _ = try await sample.store.database.write { db in try db.execute("UPDATE employer SET state = 'suspended'") }
        await #expect(throws: JobRefusal.closed) {
            try await Self.desk(sample) { try $0.apply(to: 1, Self.tokens[1]) }
        }
    }

    @Test(arguments: TestServer.engines) func `no first day of work lies years ago`(_ engine: Engine) async throws {
        let sample = try await Self.sample(engine)
        try await Self.desk(sample) { try $0.apply(to: 1, Self.tokens[0]) }

        let answer = try await sample.post(
            "/training/employment/applications/1",
            ["version": "1", "decision": "accepted", "startedOn": "0001-01-01"])

        #expect(answer.status == 409 && answer.text.contains("不早于两年前"))
        #expect(try await Self.count(sample, "SELECT count(*) AS n FROM placement") == 0)
    }

    @Test(arguments: TestServer.engines) func `whoever waits is found, however many there are, each once`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine)
        _ = try await sample.store.database.write { db in
            for number in 10..<160 {
                let seal: [UInt8] = [UInt8(number), 2]
                try db.execute(
                    """
                    INSERT INTO learner (learner_id, division, name, number_sealed, number_index, born_on, sex, residence,
                        created_at)
                    VALUES (\(number), '150402', '人', \(seal), \(seal), '1990-01-01', 'male', 'rural', '2026-06-30T02:00:00Z')
                    """)
                try db.execute(
                    """
                    INSERT INTO job_application (application_id, vacancy_id, learner_id, state, created_at, changed_at)
                    VALUES (\(number), 1, \(number), 'sent', '2026-06-30T02:00:00Z', '2026-06-30T02:00:00Z')
                    """)
                try db.execute(
                    """
                    INSERT INTO placement (placement_id, learner_id, division, trade, started_on, created_at)
                    VALUES (\(number), \(number), '150402', '4-10-01-06', '2026-01-01', '2026-06-30T02:00:00Z')
                    """)
                // Both due on few days, so that pages end within a day and within a placement.
                for (month, day) in [(3, number % 2 == 0 ? "2026-06-01" : "2026-06-02"), (6, "2026-06-02")] {
                    try db.execute(
                        "INSERT INTO retention_check (placement_id, month, due_on) VALUES (\(number), \(month), \(day))"
                    )
                }
            }
        }
        /// Of every page, by the link to the next.
        func all(_ kind: String, link: String) async throws -> [Int] {
            var found: [Int] = []
            var next: String? = "/training/employment"
            for _ in 0..<10 {
                guard let path = next else { break }
                let text = try await sample.get(path).text
                found += text.matches(of: /employment\/(\w+)\/(\d+)"/).filter { $0.1 == kind }.compactMap { Int($0.2) }
                next = text.matches(of: /<a href="([^"]*)">([^<]*) →/).first { $0.2 == link }.map { String($0.1) }
            }
            return found
        }
        let applications = try await all("applications", link: "后面的求职申请")
        let dues = try await all("placements", link: "后面到期的跟踪")

        #expect(applications == Array(10..<160))
        let isWhole = dues.sorted() == (10..<160).flatMap { [$0, $0] }
        #expect(dues.count == 300 && isWhole)
        #expect(try await sample.get("/training/employment?due=nonsense").status == 200)
    }

    @Test func `what was typed is still there where the decision is refused`() async throws {
        let sample = try await Self.sample(.sqlite)
        try await Self.desk(sample) { try $0.apply(to: 1, Self.tokens[0]) }

        let badMoney = try await sample.post(
            "/training/employment/applications/1",
            ["version": "1", "decision": "accepted", "startedOn": "2026-06-29", "income": "viel"])
        let stale = try await sample.post(
            "/training/employment/applications/1",
            ["version": "9", "decision": "refused", "refusal": "no-show", "note": "打了三次电话"])

        #expect(badMoney.status == 422)
        #expect(badMoney.text.contains("value=\"2026-06-29\"") && badMoney.text.contains("value=\"viel\""))
        #expect(stale.status == 409 && stale.text.contains("value=\"打了三次电话\""))
        #expect(stale.text.contains("<option value=\"no-show\" selected>"))
    }

    @Test func `an unknown page and a refusal without a reason are told`() async throws {
        let sample = try await Self.sample(.sqlite)
        try await Self.desk(sample) { try $0.apply(to: 1, Self.tokens[0]) }

        let unknown = try await sample.post("/training/vacancies/1/apply", ["own": "/training/my/x"])
        let reasonless = try await sample.post(
            "/training/employment/applications/1", ["version": "1", "decision": "refused"])

        #expect(unknown.status == 422 && unknown.text.contains("没有找到这个学员页面"))
        #expect(reasonless.status == 409)
        #expect(try await sample.get("/training/vacancies").text.contains("家政服务员"))
        #expect(try await sample.get("/training/employment").status == 200)
        #expect(try await sample.get("/training/brands").status == 200)
        #expect(JobDesk.due(try #require(CalendarDate(iso8601: "2026-11-30")), months: 3).description == "2027-02-28")
    }
}
