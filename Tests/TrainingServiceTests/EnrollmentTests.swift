import Contracts
import Foundation
import HTTPTypes
import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import TestPages
import Testing

@testable import TrainingService

/// Sign-ups as citizens send them, on a class of two seats.
@Suite struct EnrollmentTests {
    /// A valid number of somebody born on 1990-03-07.
    private static func number(_ index: Int) throws -> String {
        let body = "15040219900307" + String(format: "%03d", 100 + index)
        return body + String(UnicodeScalar(CitizenID.checkCharacter(ofBody: try #require(UInt64(body)))))
    }

    private static func fields(_ index: Int, token: LearnerToken = .random()) throws -> [String: String] {
        [
            "token": token.text, "name": "学员\(index)", "number": try number(index), "phone": "1380000\(1000 + index)",
            "residence": "rural", "living": "150402000000", "group-rural-transfer": "1",
        ]
    }

    private static func sample(_ engine: Engine, policy: String = "first-come", capacity: Int = 2) async throws
        -> TrainingSample
    {
        let sample = try await TrainingSample(engine)
        _ = try await sample.store.database.write { db in
            try db.execute(
                """
                INSERT INTO school (school_id, credit_code, name, division)
                VALUES (1, '52150402MJY1234565', '演示学校', '150402')
                """)
            try db.execute(
                """
                INSERT INTO program (program_id, school_id, title, trade, level, hours, price, subsidy, state)
                VALUES (1, 1, '家政服务', '4-10-01-06', 5, 40, 100000, 100000, 'approved')
                """)
            for id in [1, 2] {
                try db.execute(
                    """
                    INSERT INTO training_class (class_id, program_id, school_id, division, title, audience, capacity,
                        starts_on, ends_on, sign_up_until, policy, state)
                    VALUES (\(id), 1, 1, '150402', \("家政\(id)班"), 'any', \(capacity), '2026-07-10', '2026-07-20',
                        '2026-07-05', \(policy), 'open')
                    """)
            }
        }
        return sample
    }

    private static func states(_ sample: TrainingSample) async throws -> [String] {
        try await sample.store.database.read { db in
            try db.rows("SELECT state FROM enrollment ORDER BY sequence").map { try $0.get("state") }
        }
    }

    private static func seated(_ sample: TrainingSample) async throws -> Int? {
        try await sample.store.database.read { db in
            try db.first("SELECT seated FROM training_class WHERE class_id = 1")?.get("seated", as: Int.self)
        }
    }

    @Test(arguments: TestServer.engines) func `two get seats, the third waits and moves up when one leaves`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine)
        let token = LearnerToken.random()

        let first = try await sample.post("/training/open/1/sign-up", Self.fields(1, token: token))
        let second = try await sample.post("/training/open/1/sign-up", Self.fields(2))
        let third = try await sample.post("/training/open/1/sign-up", Self.fields(3))

        #expect(first.status == 200 && first.text.contains("报名成功，已录取") && first.text.contains(token.path))
        #expect(second.text.contains("报名成功，已录取"))
        #expect(third.text.contains("已进入候补名单") && third.text.contains("候补第 1 位"))
        #expect(try await Self.states(sample) == ["seated", "seated", "waiting"])

        let asked = try await sample.get("\(token.path)/1/leave")
        #expect(asked.text.contains("名额会马上给下一位"))
        let left = try await sample.post("\(token.path)/1/leave", [:])
        #expect(left.status == 303)
        #expect(try await Self.states(sample) == ["withdrawn", "seated", "offered"])
        #expect(try await Self.seated(sample) == 2)
    }

    @Test(arguments: TestServer.engines) func `the same form sent twice is one enrollment and keeps its address`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine)
        let fields = try Self.fields(1)

        _ = try await sample.post("/training/open/1/sign-up", fields)
        let again = try await sample.post("/training/open/1/sign-up", fields)

        #expect(again.status == 200 && again.text.contains(fields["token"] ?? "?"))
        #expect(try await Self.states(sample) == ["seated"])
    }

    @Test(arguments: TestServer.engines) func `whoever knows the number alone is not shown the page`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine)
        _ = try await sample.post("/training/open/1/sign-up", Self.fields(1))
        var other = try Self.fields(1)
        other["token"] = LearnerToken.random().text
        let same = try await sample.post("/training/open/1/sign-up", other)
        other["phone"] = "13999999999"
        let stranger = try await sample.post("/training/open/1/sign-up", other)

        #expect(same.status == 200 && same.text.contains("请打开以前的页面"))
        #expect(!same.text.contains("/training/my/"))
        #expect(stranger.status == 422 && stranger.text.contains("姓名或电话与当时登记的不一致"))
    }

    @Test(arguments: TestServer.engines) func `an offer that nobody accepts goes to the next`(_ engine: Engine)
        async throws
    {
        let sample = try await Self.sample(engine, capacity: 1)
        let tokens = [LearnerToken.random(), .random(), .random()]
        for (index, token) in tokens.enumerated() {
            _ = try await sample.post("/training/open/1/sign-up", Self.fields(index + 1, token: token))
        }
        _ = try await sample.post("\(tokens[0].path)/1/leave", [:])
        #expect(try await Self.states(sample) == ["withdrawn", "offered", "waiting"])
        sample.wait(49 * 3600)
        let app = sample.application
        let upkeep = EnrollmentUpkeep(
            database: app.database, settings: app.enrollment, aid: app.aidStatus, now: app.now)

        let done = try await upkeep.once()
        let late = try await sample.post("\(tokens[1].path)/2/accept", [:])
        let accepted = try await sample.post("\(tokens[2].path)/3/accept", [:])

        #expect(done.offered == 1)
        #expect(late.status == 409)
        #expect(accepted.status == 303)
        #expect(try await Self.states(sample) == ["withdrawn", "withdrawn", "seated"])
        #expect(try await Self.seated(sample) == 1)
    }

    @Test func `half a form says every fault and keeps what was typed`() async throws {
        let sample = try await Self.sample(.sqlite)

        let answer = try await sample.post(
            "/training/open/1/sign-up",
            ["name": "<script>alert(1)</script>", "number": "150402199003071220", "phone": "12"])

        #expect(answer.status == 422)
        #expect(answer.text.contains("请填写能联系到您的电话"))
        #expect(answer.text.contains("请选择户籍是城镇还是农村牧区"))
        #expect(answer.text.contains("请选择现在住在哪里"))
        #expect(!answer.text.contains("<script>alert"))
        #expect(try await Self.states(sample).isEmpty)
    }

    @Test(arguments: TestServer.engines) func `a hundred at once for ten seats: ten are seated, the others in order`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine, capacity: 10)

        try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<100 {
                group.addTask { try await sample.post("/training/open/1/sign-up", Self.fields(index)).status }
            }
            for try await status in group { #expect(status == 200) }
        }

        let states = try await Self.states(sample)
        #expect(states.count == 100)
        #expect(states.prefix(10).allSatisfy { $0 == "seated" })
        #expect(states.dropFirst(10).allSatisfy { $0 == "waiting" })
        #expect(try await Self.seated(sample) == 10)
    }

    @Test func `a lottery gives the ranks that sha256sum gives`() {
        #expect(
            Lottery.digest(seed: "20260706", reference: "17-1")
                == "e96c6058bdd19484225785b622bca05b34b4f3e231e0bec32839a930521af624")
        // 63ab…, 75e2…, e96c…
        #expect(Lottery.ranked(["17-1", "17-2", "17-3"], seed: "20260706") == ["17-2", "17-3", "17-1"])
    }
}
