import Foundation
import HTTPTypes
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import TestPages
import Testing

@testable import TrainingService

/// Who was there: the code on the screen, marks, sheets, ratios and signals.
@Suite struct AttendanceTests {
    // MARK: - The code

    @Test func `the code is what another program computes`() {
        #expect(AttendanceSample.code1.text(atStep: 89_139_240) == "990686")
        #expect(AttendanceSample.code1.text(atStep: 89_139_241) == "660084")
        #expect(AttendanceSample.code2.text(atStep: 89_139_240) == "766790")
    }

    @Test func `a code holds to the last second of the window after its own`() {
        let (code, text) = (AttendanceSample.code1, AttendanceSample.firstCode)
        let start = AttendanceSample.start

        #expect(code.verdict(text, at: start - 1) == .wrong)
        #expect(code.verdict(text, at: start) == .good(step: 89_139_240))
        #expect(code.verdict(text, at: start + 39) == .good(step: 89_139_240))
        #expect(code.verdict(text, at: start + 40) == .old)
        #expect(code.verdict(text, at: start + 319) == .old)
        #expect(code.verdict(text, at: start + 320) == .wrong)
    }

    @Test(arguments: TestServer.engines) func `a code is taken for forty seconds, and told to be old afterwards`(
        _ engine: Engine
    ) async throws {
        let sample = try await AttendanceSample(engine)
        let screen = try await sample.sample.get(
            "\(AttendanceSample.list)/code", ClassPeople.headers("tom", ["instructor"]))
        let code = AttendanceSample.firstCode

        let first = try await sample.checkIn(1, code)
        sample.sample.wait(39)
        let second = try await sample.checkIn(2, code)
        sample.sample.wait(1)
        let third = try await sample.checkIn(3, code)

        #expect(screen.status == 200 && screen.text.contains("\(code.prefix(3)) \(code.suffix(3))"))
        #expect(first.status == 200 && first.text.contains("10:00 签到。"))
        #expect(second.status == 200)
        #expect(third.status == 409 && third.text.contains("这个签到码过期了"))
        #expect(try await sample.entries() == ["1 present code", "2 present code"])
    }

    @Test(arguments: TestServer.engines) func `another session's code, a wrong one and none are told apart`(
        _ engine: Engine
    ) async throws {
        let sample = try await AttendanceSample(engine)
        let other = AttendanceSample.code2.text(atStep: CheckInCode.step(AttendanceSample.start))

        let answers = [
            try await sample.checkIn(1, other), try await sample.checkIn(1, "123456"), try await sample.checkIn(1, ""),
        ]

        #expect(answers.map(\.status) == [409, 409, 409])
        #expect(answers[0].text.contains("这是另一场课的签到码"))
        #expect(answers[1].text.contains("签到码不对"))
        #expect(answers[2].text.contains("请输入屏幕上的六位签到码"))
        #expect(try await sample.entries().isEmpty)
    }

    @Test(arguments: TestServer.engines) func `a session of tomorrow, one that is over and a closed list take nobody`(
        _ engine: Engine
    ) async throws {
        let sample = try await AttendanceSample(engine)
        let tomorrow = CheckInCode(secret: [UInt8](repeating: 3, count: 32), session: 3)

        let early = try await sample.checkIn(
            1, tomorrow.text(atStep: CheckInCode.step(AttendanceSample.start)), session: 3)
        sample.sample.wait(7200)
        let closed = try await sample.sample.post(
            "\(AttendanceSample.list)/close", [:], ClassPeople.headers("tom", ["instructor"]))
        let late = try await sample.checkIn(
            1, AttendanceSample.code1.text(atStep: CheckInCode.step(AttendanceSample.start + 7200)))
        sample.sample.wait(15 * 60 + 1)
        let over = try await sample.checkIn(
            1, AttendanceSample.code1.text(atStep: CheckInCode.step(AttendanceSample.start + 8101)))

        #expect(early.status == 409 && early.text.contains("还没到时间，2026-07-01 09:45 开始签到。"))
        #expect(closed.status == 303)
        #expect(late.status == 409 && late.text.contains("老师已经关闭这场课的考勤表"))
        #expect(over.status == 409 && over.text.contains("签到时间已过"))
        #expect(try await sample.entries(session: 3).isEmpty)
        #expect(try await sample.entries() == ["1 absent teacher", "2 absent teacher", "3 absent teacher"])
    }

    @Test(arguments: TestServer.engines) func `whoever has no seat, and whoever is not known, is not checked in`(
        _ engine: Engine
    ) async throws {
        let sample = try await AttendanceSample(engine)
        _ = try await sample.database.write { db in
            try db.execute("UPDATE enrollment SET state = 'waiting' WHERE enrollment_id = 2")
        }

        let waiting = try await sample.checkIn(2, AttendanceSample.firstCode)
        let stranger = try await sample.sample.post(
            "/training/check-in/1", ["code": AttendanceSample.firstCode],
            [.cookie: "training_learner=\(LearnerToken.random().text)"])

        #expect(waiting.status == 409 && waiting.text.contains("您不在这个班的学员名单里"))
        #expect(stranger.status == 409 && stranger.text.contains("没有认出您是谁"))
        #expect(try await sample.entries().isEmpty)
    }

    @Test(arguments: TestServer.engines) func `ten minutes after the start is in time, a second later is late`(
        _ engine: Engine
    ) async throws {
        let sample = try await AttendanceSample(engine)
        sample.sample.wait(600)
        let code = AttendanceSample.code1.text(atStep: CheckInCode.step(AttendanceSample.start + 600))

        let first = try await sample.checkIn(1, code)
        sample.sample.wait(1)
        let second = try await sample.checkIn(2, code)

        #expect(first.text.contains("10:10 签到。"))
        #expect(second.status == 200 && second.text.contains("10:10 签到，记为迟到。"))
        #expect(try await sample.entries() == ["1 present code", "2 late code"])
    }

    @Test(arguments: TestServer.engines) func `a scanned code is good for that phone and learner only, and once`(
        _ engine: Engine
    ) async throws {
        let sample = try await AttendanceSample(engine)
        let path = "/training/check-in/1"
        var phone = sample.phone(1)
        phone[.accept] = "text/html"
        let page = try await sample.sample.get("\(path)?code=\(AttendanceSample.firstCode)", phone)
        let found = try #require(page.text.firstMatch(of: /name="proof" value="([0-9a-f.]+)"/))
        let proof = ["proof": String(found.1)]
        sample.sample.wait(120)

        let otherPhone = try await sample.sample.post(path, proof, sample.phone(1, device: 9))
        let otherLearner = try await sample.sample.post(path, proof, sample.phone(2, device: 1))
        let own = try await sample.sample.post(path, proof, sample.phone(1))
        let again = try await sample.sample.post(path, proof, sample.phone(1))

        #expect(otherPhone.status == 409 && otherPhone.text.contains("为另一部手机或另一个人准备的"))
        #expect(otherLearner.status == 409)
        #expect(own.status == 200 && own.text.contains("10:02 签到。"))
        #expect(again.status == 200 && again.text.contains("您已经签到：到课，10:02"))
        #expect(try await sample.entries() == ["1 present code"])
    }

    // MARK: - At once

    @Test(arguments: TestServer.engines)
    func `learners check in while the list is closed: nobody who was told so is absent`(
        _ engine: Engine
    ) async throws {
        let sample = try await AttendanceSample(engine, learners: 30)
        sample.sample.wait(7200)
        let code = AttendanceSample.code1.text(atStep: CheckInCode.step(AttendanceSample.start + 7200))
        let teacher = try await ClassPeople.headers("tom", ["instructor"])

        let statuses = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for learner in 1...30 {
                group.addTask { (learner, try await sample.checkIn(learner, code).status) }
                if learner == 10 {
                    group.addTask {
                        (0, try await sample.sample.post("\(AttendanceSample.list)/close", [:], teacher).status)
                    }
                }
            }
            return try await group.reduce(into: [Int: Int]()) { $0[$1.0] = $1.1 }
        }

        let entries = try await sample.entries()
        #expect(statuses[0] == 303)
        #expect(entries.count == 30)
        for learner in 1...30 {
            let expected = statuses[learner] == 200 ? "\(learner) late code" : "\(learner) absent teacher"
            #expect(entries[learner - 1] == expected)
        }
        #expect(statuses.values.allSatisfy { [200, 303, 409].contains($0) })
    }

    @Test(arguments: TestServer.engines) func `a teacher's mark and a check-in at once: one stands, the other is told`(
        _ engine: Engine
    ) async throws {
        let sample = try await AttendanceSample(engine, learners: 20)

        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for learner in 1...20 {
                group.addTask { try await sample.checkIn(learner, AttendanceSample.firstCode).status }
                group.addTask { try await sample.mark(learner, "present").status }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }

        #expect(statuses.allSatisfy { [200, 303, 409].contains($0) })
        #expect(try await sample.entries().count == 20)
    }

    /// On PostgreSQL what another copy commits meanwhile is not in the snapshot of whoever waited for it.
    @Test(arguments: TestServer.engines) func `a check-in that commits while a mark or the closing waits is seen`(
        _ engine: Engine
    ) async throws {
        let sample = try await AttendanceSample(engine)
        sample.sample.wait(7200)
        let teacher = try await ClassPeople.headers("tom", ["instructor"])

        async let first: Void = Self.hold(1, in: sample.database)
        try await Task.sleep(for: .milliseconds(200))
        let marked = try await sample.mark(1, "present")
        try await first
        async let second: Void = Self.hold(2, in: sample.database)
        try await Task.sleep(for: .milliseconds(200))
        let closed = try await sample.sample.post("\(AttendanceSample.list)/close", [:], teacher)
        try await second

        #expect(marked.status == 409 && marked.text.contains("现在是“到课”"))
        #expect(closed.status == 303)
        #expect(try await sample.entries() == ["1 present code", "2 present code", "3 absent teacher"])
    }

    /// Checks in as a phone does, and commits half a second later.
    private static func hold(_ enrollment: Int64, in database: Database) async throws {
        try await database.writeByRows { db in
            let lock: SQL = db.engine == .postgres ? "FOR SHARE" : ""
            _ = try db.first("SELECT closed_at FROM attendance_list WHERE session_id = 1 \(lock)")
            try db.execute(
                """
                INSERT INTO attendance (session_id, enrollment_id, class_id, state, source, marked_at, device_digest)
                VALUES (1, \(enrollment), 1, 'present', 'code', '2026-06-30T04:00:00Z', \([UInt8(enrollment)]))
                """)
            Thread.sleep(forTimeInterval: 0.5)
        }
    }
}
