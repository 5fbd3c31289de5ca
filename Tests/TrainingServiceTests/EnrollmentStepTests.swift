import HTTPTypes
import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import TestPages
import Testing

@testable import TrainingService

/// What staff do: approval, transfer, the draw. Class 1 needs approval or draws, class 2 is of the same program.
@Suite struct EnrollmentStepTests {
    private static func sample(_ engine: Engine, policy: String = "first-come", needsApproval: Int64 = 0) async throws
        -> TrainingSample
    {
        let sample = try await TrainingSample(engine)
        _ = try await sample.store.database.write { db in
            try TrainingSample.addProgram(in: db)
            for id in [Int64(1), 2] {
                try db.execute(
                    """
                    INSERT INTO training_class (class_id, program_id, school_id, division, title, audience, capacity,
                        starts_on, ends_on, sign_up_until, policy, needs_approval, state)
                    VALUES (\(id), 1, 1, '150402', \("家政\(id)班"), 'any', 1, '2026-07-10', '2026-07-20', '2026-07-05',
                        \(id == 1 ? policy : "first-come"), \(id == 1 ? needsApproval : 0), 'open')
                    """)
            }
        }
        return sample
    }

    private static func signUp(_ sample: TrainingSample, _ index: Int) async throws {
        let body = "15040219900307" + String(200 + index)
        let number = body + String(UnicodeScalar(CitizenID.checkCharacter(ofBody: try #require(UInt64(body)))))
        let answer = try await sample.post(
            "/training/open/1/sign-up",
            [
                "token": LearnerToken.random().text, "name": "学员\(index)", "number": number,
                "phone": "1390000\(1000 + index)", "residence": "urban", "living": "150402", "group-unemployed": "1",
            ])
        #expect(answer.status == 200)
    }

    @Test(arguments: TestServer.engines) func `what was declared for a class stays when it is said otherwise elsewhere`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine)
        try await Self.signUp(sample, 1)
        _ = try await sample.store.database.write { db in
            try db.execute("UPDATE learner SET residence = 'rural', groups = ''")
            try db.execute("UPDATE enrollment SET state = 'completed'")
        }

        let (evidence, declared) = try await sample.store.database.read { db in
            (
                try SubsidyEvidence.read(classID: 1, claim: "", within: .ownMachine, in: db),
                try db.first("SELECT residence FROM enrollment")?.get("residence", as: String.self)
            )
        }
        #expect(evidence?.people.first?.groups == [.unemployed])
        #expect(declared == "urban")
    }

    private static func rows(_ sample: TrainingSample) async throws -> [String] {
        try await sample.store.database.read { db in
            try db.rows("SELECT class_id, state FROM enrollment ORDER BY enrollment_id").map {
                "\(try $0.get("class_id", as: Int64.self)) \(try $0.get("state", as: String.self))"
            }
        }
    }

    private static func seats(_ sample: TrainingSample) async throws -> [Int] {
        try await sample.store.database.read { db in
            try db.rows("SELECT seated FROM training_class ORDER BY class_id").map { try $0.get("seated") }
        }
    }

    @Test(arguments: TestServer.engines) func `an approval seats, a refusal says why, a stale page does nothing`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine, needsApproval: 1)
        for index in 1...2 { try await Self.signUp(sample, index) }
        #expect(try await Self.rows(sample) == ["1 applied", "1 applied"])

        let approved = try await sample.post("/training/enrollments/1/approve", ["version": "1"])
        let stale = try await sample.post(
            "/training/enrollments/1/withdraw", ["version": "1", "reason": "work", "confirmed": "1"])
        let reasonless = try await sample.post("/training/enrollments/2/refuse", ["version": "1"])
        let asked = try await sample.post("/training/enrollments/2/refuse", ["version": "1", "reason": "papers"])
        #expect(asked.status == 200 && asked.text.contains("不录取 学员2？") && asked.text.contains("value=\"papers\""))
        #expect(try await Self.rows(sample) == ["1 seated", "1 applied"])
        let refused = try await sample.post(
            "/training/enrollments/2/refuse", ["version": "1", "reason": "papers", "confirmed": "1"])

        #expect(approved.status == 303 && refused.status == 303)
        #expect(stale.status == 409 && stale.text.contains("刚才已被改动"))
        #expect(reasonless.status == 409 && reasonless.text.contains("请选择原因"))
        #expect(try await Self.rows(sample) == ["1 seated", "1 refused"])
        #expect(try await Self.seats(sample) == [1, 0])
    }

    @Test(arguments: TestServer.engines) func `a transfer takes the other seat and gives this one to the next`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine)
        for index in 1...2 { try await Self.signUp(sample, index) }

        let asked = try await sample.post("/training/enrollments/1/transfer", ["version": "1", "to": "2"])
        let unknown = try await sample.post("/training/enrollments/1/transfer", ["version": "1", "to": "77"])
        #expect(asked.status == 200 && asked.text.contains("转到“家政2班”？"))
        #expect(unknown.status == 404)
        #expect(try await Self.rows(sample) == ["1 seated", "1 waiting"])
        let moved = try await sample.post(
            "/training/enrollments/1/transfer", ["version": "1", "to": "2", "confirmed": "1"])
        let again = try await sample.post(
            "/training/enrollments/1/transfer", ["version": "2", "to": "2", "confirmed": "1"])

        #expect(moved.status == 303 && again.status == 409)
        #expect(try await Self.rows(sample) == ["1 transferred", "1 offered", "2 seated"])
        #expect(try await Self.seats(sample) == [1, 1])
    }

    @Test(arguments: TestServer.engines) func `a lottery is drawn by two people and ranks as anyone computes`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine, policy: "lottery")
        for index in 1...3 { try await Self.signUp(sample, index) }
        let desk = sample.application.desk
        let first = EnrollmentDesk.Act(caller: Caller(kind: .person, id: "a", name: "甲", scope: .ownMachine))
        let second = EnrollmentDesk.Act(caller: Caller(kind: .person, id: "b", name: "乙", scope: .ownMachine))
        await #expect(throws: EnrollmentRefusal.lotteryTooEarly(until: "2026-07-05")) {
            try await desk.enterSeed("20260706", source: "体彩", class: 1, first)
        }
        sample.wait(7 * 86_400)

        try await desk.enterSeed("20260706", source: "体彩", class: 1, first)
        await #expect(throws: EnrollmentRefusal.lotterySamePerson) { try await desk.draw("20260706", class: 1, first) }
        await #expect(throws: EnrollmentRefusal.lotteryDiffers) { try await desk.draw("20260707", class: 1, second) }
        try await desk.draw("20260706", class: 1, second)
        await #expect(throws: EnrollmentRefusal.lotteryDrawn) {
            try await desk.enterSeed("1", source: "体彩", class: 1, first)
        }

        let result = try await sample.store.database.read { db in try LotteryResult.read(class: 1, in: db) }
        let expected = Lottery.ranked(["1-1", "1-2", "1-3"], seed: "20260706")
        #expect(result?.ranked == expected)
        #expect(result?.differences == [])
        let seated = try await sample.store.database.read { db in
            try db.rows("SELECT sequence FROM enrollment WHERE state = 'seated'").map {
                "1-\(try $0.get("sequence", as: Int64.self))"
            }
        }
        #expect(seated == [expected[0]])
        let page = try await sample.get("/training/open/1/lottery")
        #expect(page.status == 200 && page.text.contains("20260706"))
    }

    @Test func `a lost address is replaced and the old one leads nowhere`() async throws {
        let sample = try await Self.sample(.sqlite)
        try await Self.signUp(sample, 1)

        let renewed = try await sample.post(
            "/training/enrollments/1/renew", ["phone": "13911112222", "confirmed": "1"])
        let path = try #require(renewed.text.firstMatch(of: /\/training\/my\/[A-Za-z0-9_-]{43}/)).output
        let own = try await sample.get(String(path))

        #expect(renewed.status == 200)
        #expect(own.status == 200 && own.text.contains("学员1"))
    }

    @Test(arguments: TestServer.engines)
    func `a person is found by name or number, in no address, and the look is kept`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.sample(engine, needsApproval: 1)
        for index in 1...2 { try await Self.signUp(sample, index) }
        let body = "15040219900307201"
        let number = body + String(UnicodeScalar(CitizenID.checkCharacter(ofBody: try #require(UInt64(body)))))

        let byName = try await sample.post("/training/enrollments/find", ["who": "学员2"])
        let byNumber = try await sample.post("/training/enrollments/find", ["who": number])
        let nobody = try await sample.post("/training/enrollments/find", ["who": "无此人"])
        let empty = try await sample.post("/training/enrollments/find", [:])
        let neighbour = try await sample.store.database.read { db in
            var filter = EnrollmentList.Filter()
            filter.name = "学员2"
            return try EnrollmentList.find(
                filter, within: ClassPeople.caller("nora", division: "150403").scope, in: db)
        }

        #expect(byName.headers[.location] == "/training/enrollments/2")
        #expect(byNumber.headers[.location] == "/training/enrollments/1")
        #expect(nobody.status == 200 && nobody.text.contains("找到 0 条"))
        #expect(empty.status == 422)
        #expect(neighbour.isEmpty)
        let kept = try await sample.store.database.read { db in
            try db.rows("SELECT reason FROM audit_entry WHERE action = 'enrollment.search' ORDER BY sequence").map {
                try $0.get("reason", as: String.self)
            }
        }
        #expect(kept == ["1", "1", "0"])
    }
}
