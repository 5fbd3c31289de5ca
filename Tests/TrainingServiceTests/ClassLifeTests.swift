import Contracts
import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import Testing

@testable import TrainingService

/// The rules of schools and classes over both databases.
@Suite struct ClassLifeTests {
    private static let plan = [(1, 9, 12), (2, 9, 12), (3, 9, 12)]

    /// Three mornings of four hours: the program's twelve.
    private func plan(_ sample: ClassSample, _ id: Int64, room: Int64 = 1, instructor: Int64 = 1) async throws {
        let sessions = try Self.plan.map {
            try ClassSample.session(Int64($0.0), Int64($0.1), Int64($0.2), room: room, instructor: instructor)
        }
        try await sample.change { _ = try $0.addSessions(sessions, to: id) }
    }

    private func version(_ sample: ClassSample, _ id: Int64) async throws -> Int64 {
        try await sample.count("SELECT version AS n FROM training_class WHERE class_id = \(id)")
    }

    private func state(_ sample: ClassSample, _ id: Int64) async throws -> String? {
        try await sample.text("SELECT state FROM training_class WHERE class_id = \(id)", "state")
    }

    @Test(arguments: TestServer.engines) func `a class is handed in once its hours are full, and another approves it`(
        _ engine: Engine
    ) async throws {
        let sample = try await ClassSample(engine)
        try await sample.insertClass(1)
        let empty = await #expect(throws: StepRefusal.self) {
            try await sample.change { try $0.submitClass(1, version: 1) }
        }
        try await plan(sample, 1)
        let version = try await version(sample, 1)

        try await sample.change { try $0.submitClass(1, version: version) }
        // Pressed twice.
        try await sample.change { try $0.submitClass(1, version: version) }
        let own = await #expect(throws: StepRefusal.self) {
            try await sample.change { try $0.decideClass(1, .approve, note: "", version: version + 1) }
        }
        let old = await #expect(throws: StepRefusal.self) {
            try await sample.change(by: "ruth") { try $0.decideClass(1, .approve, note: "", version: version) }
        }
        try await sample.change(by: "ruth") { try $0.decideClass(1, .approve, note: "", version: version + 1) }

        #expect(
            empty?.explanation.zh == "课表排了 0 课时，课程要求 12 课时，还差 12。")
        #expect(own == .samePerson)
        #expect(old == .stale)
        #expect(try await state(sample, 1) == "open")
        #expect(try await sample.count("SELECT count(*) AS n FROM audit_entry WHERE action = 'class.submit'") == 1)
    }

    @Test func `who planned the timetable does not approve the class that another handed in`() async throws {
        let sample = try await ClassSample()
        try await sample.insertClass(1)
        try await plan(sample, 1)
        try await sample.change(by: "bert") { try $0.submitClass(1, version: 2) }

        let planner = await #expect(throws: StepRefusal.self) {
            try await sample.change { try $0.decideClass(1, .approve, note: "", version: 3) }
        }

        #expect(planner == .samePerson)
    }

    @Test(arguments: TestServer.engines) func `a class that outlasts the licence is handed in but not approved`(
        _ engine: Engine
    ) async throws {
        let sample = try await ClassSample(engine)
        try await sample.insertClass(2, school: 2)
        try await plan(sample, 2, room: 2, instructor: 2)
        try await sample.change { try $0.submitClass(2, version: 2) }

        let late = await #expect(throws: StepRefusal.self) {
            try await sample.change(by: "ruth") { try $0.decideClass(2, .approve, note: "", version: 3) }
        }
        try await sample.database.write { db in
            _ = try db.execute("UPDATE school SET licence_until = '2026-07-31' WHERE school_id = 2")
        }
        try await sample.change(by: "ruth") { try $0.decideClass(2, .approve, note: "", version: 3) }

        #expect(late?.explanation.zh == "办学许可证 2026年7月20日 到期，早于结业日 2026年7月31日，不能批准。")
        #expect(try await state(sample, 2) == "open")
    }

    @Test func `more places than a room has seats are not handed in`() async throws {
        let sample = try await ClassSample()
        try await sample.insertClass(1)
        try await plan(sample, 1, room: 4)

        let small = await #expect(throws: StepRefusal.self) {
            try await sample.change { try $0.submitClass(1, version: 2) }
        }

        #expect(small?.explanation.zh == "“小教室”只有 10 座，少于名额 30。")
    }

    @Test(arguments: TestServer.engines) func `a returned class is a draft again with the note`(
        _ engine: Engine
    ) async throws {
        let sample = try await ClassSample(engine)
        try await sample.insertClass(1)
        try await plan(sample, 1)
        try await sample.change { try $0.submitClass(1, version: 2) }

        let silent = await #expect(throws: StepRefusal.self) {
            try await sample.change(by: "ruth") { try $0.decideClass(1, .return, note: "", version: 3) }
        }
        try await sample.change(by: "ruth") { try $0.decideClass(1, .return, note: "请写清地点", version: 3) }

        #expect(silent == .noteMissing)
        #expect(try await state(sample, 1) == "draft")
        #expect(try await sample.text("SELECT note FROM training_class", "note") == "请写清地点")
    }

    @Test(arguments: TestServer.engines) func `a series is planned until the hours are full, all of it or nothing`(
        _ engine: Engine
    ) async throws {
        let sample = try await ClassSample(engine)
        try await sample.insertClass(1)
        try await sample.insertClass(5)
        // A Monday to Friday series; 3 July is a Friday, 6 July a Monday.
        let typed = [
            "day": "2026-07-02", "until": "2026-07-31", "from": "09:00", "to": "12:00", "room": "1", "instructor": "1",
            "weekday1": "yes", "weekday2": "yes", "weekday3": "yes", "weekday4": "yes", "weekday5": "yes",
        ]
        var fields = TypedFields { typed[$0] }
        let series = try #require(SessionSeries(&fields))

        let planned = try await sample.change { desk in
            let planned = try desk.plan(series, of: 1, holidays: HolidayTable())
            try desk.addSessions(planned, to: 1)
            return planned
        }
        // Another class wants the room from 6 July.
        let clash = try [
            ClassSample.session(5, 9, 12, instructor: 4), ClassSample.session(6, 11, 12, instructor: 4, hours: 1),
        ]
        let refused = await #expect(throws: DatabaseFault.self) {
            try await sample.change { _ = try $0.addSessions(clash, to: 5) }
        }
        let found = try await sample.database.read { db in
            try TimetableClash.find(clash, of: 5, within: ClassPeople.caller("anna").scope, in: db)
        }

        #expect(planned.map(\.day.description) == ["2026-07-02", "2026-07-03", "2026-07-06"])
        #expect(refused.flatMap(TimetableClash.kind) == .room)
        #expect(found.map(\.message.zh) == ["2026年7月6日 11:00 的教室被占：《班次1》 09:00–12:00 在用。"])
        #expect(try await sample.count("SELECT count(*) AS n FROM class_session WHERE class_id = 5") == 0)
    }

    @Test func `a series leaves out legal holidays`() throws {
        let typed = [
            "day": "2026-09-30", "until": "2026-10-09", "from": "09:00", "to": "12:00", "room": "1", "instructor": "1",
            "skipsHolidays": "yes", "weekday3": "yes", "weekday4": "yes", "weekday5": "yes",
        ]
        var fields = TypedFields { typed[$0] }
        let series = try #require(SessionSeries(&fields))

        let days = series.sessions(missing: 100, holidays: .shipped).map(\.day.description)

        #expect(days == ["2026-09-30", "2026-10-08", "2026-10-09"])
    }

    @Test func `a neighbour's class is not named where it stands in the way`() async throws {
        let sample = try await ClassSample()
        try await sample.insertClass(1)
        try await sample.insertClass(3, school: 3)
        let there = try ClassSample.session(1, 9, 12, room: 3, instructor: 3)
        try await sample.change(division: "150403") { _ = try $0.addSessions([there], to: 3) }
        let here = try ClassSample.session(1, 10, 12, hours: 2)

        let found = try await sample.database.read { db in
            try TimetableClash.find([here], of: 1, within: ClassPeople.caller("anna").scope, in: db)
        }

        #expect(found.map(\.message.zh) == ["2026年7月1日 10:00 教师另有课：别处的班 09:00–12:00。"])
    }

    @Test func `rooms and instructors of another school are refused, and days outside the class`() async throws {
        let sample = try await ClassSample()
        try await sample.insertClass(1)
        let foreign = try ClassSample.session(1, 9, 12, room: 2, instructor: 2)
        let late = PlannedSession(
            room: 1, instructor: 1, startsAt: TimetableMinute.of(CalendarDate(dayNumber: 21000)),
            endsAt: TimetableMinute.of(CalendarDate(dayNumber: 21000), 60), hours: 1, topic: "")

        let refused = await #expect(throws: StepRefusal.self) {
            try await sample.change { _ = try $0.addSessions([foreign, late], to: 1) }
        }

        guard case .faults(let faults) = refused else {
            Issue.record("no faults")
            return
        }
        #expect(faults.map(\.field).sorted() == ["day", "instructor", "room"])
    }

    @Test(arguments: TestServer.engines) func `the same session sent twice is there once`(_ engine: Engine) async throws
    {
        let sample = try await ClassSample(engine)
        try await sample.insertClass(1)

        try await plan(sample, 1)
        try await plan(sample, 1)

        #expect(try await sample.count("SELECT count(*) AS n FROM class_session") == 3)
        #expect(try await version(sample, 1) == 2)
    }

    @Test(arguments: TestServer.engines) func `a cancelled class loses nobody and frees its rooms`(
        _ engine: Engine
    ) async throws {
        let sample = try await ClassSample(engine)
        try await sample.insertClass(1)
        try await plan(sample, 1)
        try await sample.database.write { db in
            _ = try db.execute("UPDATE training_class SET state = 'open' WHERE class_id = 1")
        }
        try await sample.database.write { db in
            _ = try db.execute(
                """
                INSERT INTO event_receiver (receiver, address, types)
                VALUES ('aid', 'http://127.0.0.1:8101/aid', ' cn.minsheng.training.milestone ')
                """)
        }
        let numbers = ["150402199001010023", "150402199202020033", "150402199303030046", "150402198808080052"]
        for (place, state) in ["seated", "offered", "waiting", "applied"].enumerated() {
            let id = Int64(place + 1)
            try await sample.insertLearner(id, number: numbers[place], aid: place == 0 ? "P1" : nil)
            try await sample.enroll(id, in: 1, state: state)
        }
        let version = try await version(sample, 1)

        try await sample.change { try $0.cancelClass(1, why: "教师生病", version: version) }
        // Pressed twice.
        try await sample.change { try $0.cancelClass(1, why: "教师生病", version: version) }
        let affected = try await sample.database.read { db in try AffectedLearner.of(1, in: db) }
        try await sample.insertClass(5)
        try await plan(sample, 5)

        #expect(affected.map(\.learner) == [1, 2, 3, 4])
        #expect(
            try await sample.count(
                """
                SELECT count(*) AS n FROM enrollment WHERE state = 'withdrawn' AND reason = 'class-cancelled'
                    AND offered_until IS NULL AND version = 2
                """) == 4)
        #expect(try await sample.count("SELECT seated AS n FROM training_class WHERE class_id = 1") == 0)
        #expect(
            try await sample.text("SELECT cancelled_why FROM training_class WHERE class_id = 1", "cancelled_why")
                == "教师生病")
        #expect(try await sample.count("SELECT count(*) AS n FROM outbox_event WHERE subject = 'P1'") == 1)
    }

    @Test(arguments: TestServer.engines) func `a class ends after its last session, and its people have completed it`(
        _ engine: Engine
    ) async throws {
        let sample = try await ClassSample(engine)
        try await sample.insertClass(1)
        try await plan(sample, 1)
        try await sample.database.write { db in
            _ = try db.execute("UPDATE training_class SET state = 'open' WHERE class_id = 1")
        }
        try await sample.insertLearner(1)
        try await sample.enroll(1, in: 1)
        let version = try await version(sample, 1)

        let early = await #expect(throws: StepRefusal.self) {
            try await sample.change { try $0.startClass(1, version: version) }
        }
        try await sample.change(at: "2026-07-01T00:30:00Z") { try $0.startClass(1, version: version) }
        let running = await #expect(throws: StepRefusal.self) {
            try await sample.change(at: "2026-07-02T00:30:00Z") { try $0.endClass(1, version: version + 1) }
        }
        try await sample.change(at: "2026-07-03T05:00:00Z") { try $0.endClass(1, version: version + 1) }

        #expect(early?.explanation.zh == "开课日是 2026年7月1日，还没有到。")
        #expect(running?.explanation.zh == "还有 2 节课没有上完，上完或停课以后才能结束。")
        #expect(try await state(sample, 1) == "ended")
        #expect(try await sample.text("SELECT state FROM enrollment", "state") == "completed")
    }

    @Test(arguments: TestServer.engines) func `what was approved keeps its days, its policy and its past`(
        _ engine: Engine
    ) async throws {
        let sample = try await ClassSample(engine)
        try await sample.insertClass(1)
        try await plan(sample, 1)
        try await sample.database.write { db in
            _ = try db.execute("UPDATE training_class SET state = 'running' WHERE class_id = 1")
        }
        let item = try await sample.change { try $0.trainingClass(1) }
        var typed = Dictionary(uniqueKeysWithValues: ClassContent.fields.map { ($0, item.content.value($0)) })
        typed["policy"] = "lottery"
        typed["place"] = "新校区"
        var fields = TypedFields { typed[$0].flatMap { $0.isEmpty ? nil : $0 } }
        let changed = try #require(ClassContent(&fields))
        let session = try await sample.count("SELECT min(session_id) AS n FROM class_session")
        let elsewhere = try ClassSample.session(20, 9, 12)

        let policy = await #expect(throws: StepRefusal.self) {
            try await sample.change { try $0.saveClass(1, changed, version: item.version) }
        }
        let past = await #expect(throws: StepRefusal.self) {
            try await sample.change(at: "2026-07-01T02:00:00Z") {
                try $0.moveSession(session, of: 1, to: elsewhere, version: item.version)
            }
        }
        let dropped = await #expect(throws: StepRefusal.self) {
            try await sample.change(at: "2026-07-01T02:00:00Z") { try $0.dropSession(session, of: 1) }
        }
        try await sample.change { try $0.moveSession(session, of: 1, to: elsewhere, version: item.version) }

        #expect(policy == .faults([.fixed("policy")]))
        #expect(past == .sessionPast)
        #expect(dropped == .sessionPast)
        #expect(
            try await sample.count(
                "SELECT starts_at AS n FROM class_session WHERE session_id = \(session)") == elsewhere.startsAt)
    }
}
