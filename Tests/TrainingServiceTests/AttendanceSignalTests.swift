import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import TestPages
import Testing

@testable import TrainingService

/// The inspector's other signals: check-ins in one second, a teacher in two places, many late entries.
struct AttendanceSignalTests {
    private func signals(_ kind: AttendanceSignal.Kind, _ sample: AttendanceSample) async throws -> [AttendanceSignal] {
        let day = try #require(CalendarDate(iso8601: "2026-06-30"))
        return try await SignalStore(database: sample.database).signals(
            SignalStore.Filter(kind: kind, from: day, until: day),
            within: ClassPeople.caller("ines", ["inspector"], division: "150402").scope)
    }

    @Test(arguments: TestServer.engines)
    func `three check-ins within one second are a signal, two are none, and a later mark hides nothing`(
        _ engine: Engine
    ) async throws {
        let sample = try await AttendanceSample(engine)
        _ = try await sample.checkIn(1, AttendanceSample.firstCode)
        _ = try await sample.checkIn(2, AttendanceSample.firstCode)
        let two = try await signals(.sameSecond, sample)

        _ = try await sample.checkIn(3, AttendanceSample.firstCode)
        let three = try await signals(.sameSecond, sample)
        sample.sample.wait(60)
        let marked = try await sample.mark(3, "leave", "提前离开", seen: "present 2026-06-30T02:00:00Z")
        let after = try await signals(.sameSecond, sample)

        #expect(two.isEmpty)
        #expect(three.map(\.weight) == [3] && three.map(\.place) == ["2026-06-30T02:00:00Z"])
        #expect(marked.status == 303)
        #expect(after.map(\.weight) == [3])
        #expect(try await sample.entries() == ["1 present code", "2 present code", "3 leave teacher"])
    }

    @Test(arguments: TestServer.engines)
    func `an account that shows codes of two sessions in one minute is a signal for both`(
        _ engine: Engine
    ) async throws {
        let sample = try await AttendanceSample(engine)
        let teacher = try await ClassPeople.headers("tom", ["instructor"])
        _ = try await sample.sample.get("\(AttendanceSample.list)/attendance", teacher)
        let one = try await signals(.twoPlaces, sample)

        let other = try await sample.sample.get("/training/classes/2/sessions/2/attendance", teacher)
        let both = try await signals(.twoPlaces, sample)
        let inspector = try await ClassPeople.headers("ines", ["inspector"])
        let page = try await sample.sample.get("/training/signals/1?kind=two-places&place=tom", inspector)

        #expect(one.isEmpty && other.status == 200)
        #expect(both.map(\.session).sorted() == [1, 2] && both.map(\.weight) == [1, 1])
        #expect(page.status == 200 && page.text.contains("课次 2"))
    }

    @Test(arguments: TestServer.engines)
    func `two accounts in two sessions, or one account a minute apart, are no signal`(_ engine: Engine) async throws {
        let sample = try await AttendanceSample(engine)
        let teacher = try await ClassPeople.headers("tom", ["instructor"])
        let colleague = try await ClassPeople.headers("tina", ["instructor"])
        _ = try await sample.sample.get("\(AttendanceSample.list)/attendance", teacher)
        _ = try await sample.sample.get("/training/classes/2/sessions/2/attendance", colleague)
        sample.sample.wait(60)

        _ = try await sample.sample.get("/training/classes/2/sessions/2/attendance", teacher)

        #expect(try await signals(.twoPlaces, sample).isEmpty)
    }

    @Test(arguments: TestServer.engines)
    func `three entries made a day later are a signal, and stand as late`(_ engine: Engine) async throws {
        let sample = try await AttendanceSample(engine)
        sample.sample.wait(86_400)
        _ = try await sample.mark(1, "present", "漏登")
        _ = try await sample.mark(2, "present", "漏登")
        let two = try await signals(.markedLate, sample)

        _ = try await sample.mark(3, "made-up", "7月1日补课")
        let three = try await signals(.markedLate, sample)
        let late = try await sample.database.read { db in
            try db.rows("SELECT is_marked_late FROM attendance WHERE session_id = 1").map {
                try $0.get("is_marked_late", as: Int64.self)
            }
        }

        #expect(two.isEmpty)
        #expect(three.map(\.weight) == [3] && three.map(\.place) == [""])
        #expect(late == [1, 1, 1])
    }

    @Test(arguments: TestServer.engines)
    func `who missed two in a row is named, and so is who stands below 80 %`(_ engine: Engine) async throws {
        let sample = try await AttendanceSample(engine)
        let teacher = try await ClassPeople.headers("tom", ["instructor"])
        // Session 1 ends at 12:00, session 3 a day later; learner 1 was at both, learner 2 at none, learner 3 at the first.
        sample.sample.wait(7_200)
        for (learner, state) in [(1, "present"), (2, "absent"), (3, "present")] {
            _ = try await sample.mark(learner, state, state == "absent" ? "未到" : "")
        }
        sample.sample.wait(86_400)
        for (learner, state) in [(1, "present"), (2, "leave"), (3, "absent")] {
            _ = try await sample.mark(
                learner, state, state == "present" ? "" : "家中有事", at: "/training/classes/1/sessions/3")
        }

        let found = try #require(
            try await sample.sample.application.attendance.ofClass(
                1, within: ClassPeople.caller("tom", ["instructor"], division: "150402").scope,
                at: AttendanceSample.start + 93_600))
        let page = try await sample.sample.get("/training/classes/1/attendance", teacher)

        #expect(found.learners.map(\.isWarned) == [false, true, true])
        #expect(found.learners.map(\.missedInARow) == [0, 2, 1])
        #expect(found.learners.map(\.ratio.text) == ["100%", "0%", "50%"])
        #expect(page.status == 200 && page.text.contains("连续缺课 2 次"))
    }
}
