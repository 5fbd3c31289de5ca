import Foundation
import HTTPTypes
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import TestPages
import Testing

@testable import TrainingService

/// The list of a session: a teacher's marks, sheets, ratios, and what inspectors are told of it.
@Suite struct AttendanceListTests {
    // MARK: - Marks

    @Test(arguments: TestServer.engines) func `hours made up need a reason, blanks are none`(_ engine: Engine)
        async throws
    {
        let sample = try await AttendanceSample(engine)

        let bare = try await sample.mark(1, "made-up")
        let blank = try await sample.mark(1, "made-up", "  \u{3000}")
        let full = try await sample.mark(1, "made-up", "6 月 28 日补实操 2 学时")
        let twice = try await sample.mark(1, "made-up", "6 月 28 日补实操 2 学时")

        #expect(bare.status == 422 && bare.text.contains("请写明原因"))
        #expect(blank.status == 422)
        #expect(full.status == 303 && twice.status == 303)
        #expect(try await sample.entries() == ["1 made-up teacher"])
        #expect(
            try await sample.classes.count("SELECT count(*) AS n FROM audit_entry WHERE action = 'attendance.mark'")
                == 1)
    }

    @Test(arguments: TestServer.engines) func `what changed since the form was shown is told and stays`(
        _ engine: Engine
    ) async throws {
        let sample = try await AttendanceSample(engine)
        _ = try await sample.checkIn(1, AttendanceSample.firstCode)

        let stale = try await sample.mark(1, "absent", "没有来")
        let fresh = try await sample.mark(1, "absent", "签到后离开", seen: "present 2026-06-30T02:00:00Z")
        let kept = try await sample.classes.text(
            "SELECT checked_in_at FROM attendance WHERE enrollment_id = 1", "checked_in_at")

        #expect(stale.status == 409 && stale.text.contains("现在是“到课”"))
        #expect(fresh.status == 303)
        #expect(kept == "2026-06-30T02:00:00Z")
        #expect(try await sample.entries() == ["1 absent teacher"])
    }

    @Test func `before a session only leave is marked, and a day later everything needs a reason`() async throws {
        let sample = try await AttendanceSample()
        let tomorrow = "/training/classes/1/sessions/3"

        let present = try await sample.mark(1, "present", at: tomorrow)
        let leave = try await sample.mark(2, "leave", "家里有事", at: tomorrow)
        sample.sample.wait(86400)
        let late = try await sample.mark(3, "present")
        let explained = try await sample.mark(3, "present", "当天忘记登记")
        let marked = try await sample.classes.count(
            "SELECT is_marked_late AS n FROM attendance WHERE session_id = 1 AND enrollment_id = 3")

        #expect(present.status == 422 && present.text.contains("课还没有开始"))
        #expect(leave.status == 303)
        #expect(late.status == 422 && late.text.contains("请写明原因"))
        #expect(explained.status == 303)
        #expect(marked == 1)
        #expect(try await sample.entries(session: 3) == ["2 leave teacher"])
    }

    @Test(arguments: TestServer.engines) func `a neighbour's session and one of another class are not there`(
        _ engine: Engine
    ) async throws {
        let sample = try await AttendanceSample(engine)
        let teacher = try await ClassPeople.headers("tom", ["instructor"])
        sample.sample.wait(6 * 3600)

        for list in [
            "/training/classes/3/sessions/4", "/training/classes/1/sessions/4", "/training/classes/x/sessions/1",
        ] {
            for page in ["attendance", "code", "sheet", "sheet.csv", "close"] {
                #expect(try await sample.sample.get("\(list)/\(page)", teacher).status == 404)
            }
            #expect(try await sample.mark(1, "present", at: list).status == 404)
            #expect(try await sample.sample.post("\(list)/close", [:], teacher).status == 404)
            #expect(try await sample.upload("场次,报名编号,姓名,考勤\n4,1,学员1,到课", at: list).status == 404)
        }
        #expect(try await sample.sample.get("/training/classes/3/attendance", teacher).status == 404)
        #expect(try await sample.classes.count("SELECT count(*) AS n FROM attendance") == 0)
    }

    // MARK: - Sheets

    @Test(arguments: TestServer.engines) func `every row of a sheet is accounted for, and a file does nothing twice`(
        _ engine: Engine
    ) async throws {
        let sample = try await AttendanceSample(engine, learners: 5)
        _ = try await sample.checkIn(1, AttendanceSample.firstCode)
        _ = try await sample.mark(4, "present")
        _ = try await sample.mark(5, "present")
        let sheet = """
            场次,报名编号,姓名,考勤,原因
            1,1,学员1,缺勤,
            1,2,学员2,到课,
            1,3,学员3,,
            1,,学员4,到课,
            1,5,,已补课,7 月 1 日补
            """

        let taken = try await sample.upload(sheet)
        let entries = try await sample.entries()
        let again = try await sample.upload(sheet)

        #expect(taken.status == 200 && taken.text.contains("共 5 行，登记 2 项。"))
        for outcome in ["与扫码签到不一致，保留原记录", "已录入", "没有填状态", "与已登记的一致", "已更新"] {
            #expect(taken.text.components(separatedBy: outcome).count == 2)
        }
        #expect(
            entries == ["1 present code", "2 present sheet", "4 present teacher", "5 made-up sheet"])
        #expect(again.status == 200 && again.text.contains("这份表以前录入过"))
        #expect(try await sample.entries() == entries)
    }

    @Test(arguments: TestServer.engines) func `a sheet with one fault is refused whole, with every fault and its line`(
        _ engine: Engine
    ) async throws {
        let sample = try await AttendanceSample(engine)

        let answer = try await sample.upload(
            """
            场次,报名编号,姓名,考勤,原因
            1,1,学员1,到课,
            1,2,学员2,已补课,
            1,9,学员9,到课,
            1,3,学员1,到课,
            1,3,学员3,生病,
            1,1,学员1,缺勤,
            """)
        let other = try await sample.upload("场次,报名编号,姓名,考勤\n2,1,学员1,到课")

        #expect(answer.status == 422)
        #expect(answer.text.contains("第 3 行：补课要写明原因。"))
        #expect(answer.text.contains("第 4 行：报名编号 9 不在这个班里。"))
        #expect(answer.text.contains("第 5 行：报名编号 3 不是“学员1”。"))
        #expect(answer.text.contains("第 6 行：“生病”看不懂"))
        #expect(answer.text.contains("第 7 行：与第 2 行是同一个人。"))
        #expect(other.status == 422 && other.text.contains("这是第 2 场的考勤表"))
        #expect(try await sample.entries().isEmpty)
    }

    @Test(arguments: TestServer.engines) func `the sheet that is downloaded can be taken in as it is`(
        _ engine: Engine
    ) async throws {
        let sample = try await AttendanceSample(engine)
        _ = try await sample.mark(2, "present")

        let sheet = try await sample.sample.get(
            "\(AttendanceSample.list)/sheet.csv", ClassPeople.headers("tom", ["instructor"]))
        let taken = try await sample.upload(sheet.text)

        #expect(sheet.status == 200 && !sheet.text.contains("学员2"))
        #expect(taken.status == 200 && taken.text.contains("共 3 行，登记 0 项。"))
    }

    // MARK: - Ratios

    @Test func `exactly 80 % is enough, and what is shown is never rounded up`() {
        #expect(AttendanceRatio(attended: 8, held: 10).reaches())
        #expect(!AttendanceRatio(attended: 7, held: 10).reaches())
        #expect(AttendanceRatio(attended: 80, held: 100).text == "80%")
        #expect(!AttendanceRatio(attended: 7999, held: 10_000).reaches())
        #expect(AttendanceRatio(attended: 7999, held: 10_000).text == "79.9%")
        #expect(!AttendanceRatio(attended: 0, held: 0).reaches())
        #expect(AttendanceRatio(attended: 0, held: 0).text == "–")
    }

    @Test(arguments: TestServer.engines) func `held are the hours of sessions that ended and were not cancelled`(
        _ engine: Engine
    ) async throws {
        let sample = try await AttendanceSample(engine)
        let begin = AttendanceMinutes.minute(AttendanceSample.start)
        try await sample.database.write { db in
            // With session 1 ten hours held: 2 + 6 + 2. Session 12 was cancelled, session 3 lies ahead.
            try AttendanceSample.insert(10, 1, 1, 1, begin - 1440, hours: 6, db)
            try AttendanceSample.insert(11, 1, 1, 1, begin - 2880, hours: 2, db)
            try AttendanceSample.insert(12, 1, 1, 1, begin - 4320, hours: 4, isCancelled: 1, db)
            let marks: [(Int64, Int64, String)] = [
                (10, 1, "late"), (11, 1, "made-up"), (12, 1, "present"), (1, 1, "absent"), (3, 1, "leave"),
                (10, 2, "present"), (11, 2, "leave"), (1, 2, "absent"),
            ]
            for (session, enrollment, state) in marks {
                try db.execute(
                    """
                    INSERT INTO attendance (session_id, enrollment_id, class_id, state, source, marked_at, reason)
                    VALUES (\(session), \(enrollment), 1, \(state), 'teacher', '2026-06-30T04:00:00Z', '补')
                    """)
            }
        }
        let (before, after) = (begin + 119, begin + 120)

        let (early, all, one) = try await sample.database.read { db in
            (
                try AttendanceRatio.ofClass(1, at: before, in: db), try AttendanceRatio.ofClass(1, at: after, in: db),
                try AttendanceRatio.of(enrollment: 1, ofClass: 1, at: after, in: db)
            )
        }

        #expect(early[1] == AttendanceRatio(attended: 8, held: 8))
        #expect(all[1] == AttendanceRatio(attended: 8, held: 10) && one == all[1])
        #expect(all[2] == AttendanceRatio(attended: 6, held: 10))
        #expect(all[3] == AttendanceRatio(attended: 0, held: 10))
        #expect(all.filter { $0.value.reaches() }.map(\.key) == [1])
    }

    // MARK: - Signals

    @Test(arguments: TestServer.engines)
    func `one phone for two learners is a signal, changes nothing and can be settled`(
        _ engine: Engine
    ) async throws {
        let sample = try await AttendanceSample(engine)
        let inspector = try await ClassPeople.headers("ines", ["inspector"])
        _ = try await sample.checkIn(1, AttendanceSample.firstCode, device: 7)
        let alone = try await signals(sample)
        sample.sample.wait(1)
        _ = try await sample.checkIn(2, AttendanceSample.firstCode, device: 7)
        let signal = try #require(try await signals(sample).first)
        let list = try await sample.sample.get("/training/signals?from=2026-06-30&to=2026-06-30", inspector)
        let note = [
            "kind": "one-device", "place": signal.place, "outcome": "fine", "note": "两人共用一部手机，当面核对", "version": "0",
        ]

        let decided = try await sample.sample.post("/training/signals/1", note, inspector)
        let settled = try await signals(sample)
        sample.sample.wait(1)
        _ = try await sample.checkIn(3, AttendanceSample.firstCode, device: 7)
        let reopened = try await signals(sample)

        #expect(alone.isEmpty)
        #expect(signal.weight == 2 && signal.isOpen)
        #expect(list.status == 200 && list.text.contains("一机多签"))
        #expect(decided.status == 303)
        #expect(settled.map(\.isOpen) == [false])
        #expect(reopened.map(\.weight) == [3] && reopened.map(\.isOpen) == [true])
        #expect(try await signals(sample, division: "150403").isEmpty)
        #expect(try await sample.entries() == ["1 present code", "2 present code", "3 present code"])
    }

    private func signals(_ sample: AttendanceSample, division: String = "150402") async throws -> [AttendanceSignal] {
        let day = CalendarDate(iso8601: "2026-06-30") ?? CalendarDate(dayNumber: 0)
        return try await SignalStore(database: sample.database).signals(
            SignalStore.Filter(kind: .oneDevice, from: day, until: day),
            within: ClassPeople.caller("ines", ["inspector"], division: division).scope)
    }
}
