import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit
import Storage
import TestDatabases
import TestPages
import Testing

@testable import TrainingService

/// Schools and classes in the browser and over the API.
@Suite struct ClassPagesTests {
    private static let school = [
        "name": "红山区演示培训学校", "creditCode": "52150402MJY222222M", "division": "150402", "address": "钢铁街 1 号",
        "latitude": "42.257", "longitude": "118.966", "phone": "0476-5550001", "licenceNumber": "红人社民 001",
        "licenceUntil": "2026-07-25",
    ]
    private static let item = [
        "program": "1", "title": "家政服务一班", "division": "150402", "place": "教学楼", "audience": "any",
        "capacity": "20", "startsOn": "2026-07-01", "endsOn": "2026-07-31", "signUpUntil": "2026-06-30",
        "policy": "first-come", "key": "form-1",
    ]
    private static let lesson = [
        "day": "2026-07-01", "from": "09:00", "to": "12:00", "room": "1", "instructor": "1", "hours": "4",
        "topic": "礼仪",
    ]

    private func signedIn(_ engine: Engine = .sqlite) async throws -> ClassSample {
        try await ClassSample(engine, signIn: ClassPeople.signIn())
    }

    private func officer() async throws -> HTTPFields { try await ClassPeople.headers("anna", ["officer"]) }
    private func reviewer() async throws -> HTTPFields { try await ClassPeople.headers("ruth", ["reviewer"]) }

    @Test(arguments: TestServer.engines) func `a school is put on record and its licence's end is told`(
        _ engine: Engine
    ) async throws {
        let sample = try await signedIn(engine)

        let made = try await sample.sample.post("/training/schools/new", Self.school, officer())
        let again = try await sample.sample.post("/training/schools/new", Self.school, officer())
        let page = try await sample.sample.get(made.location, officer())
        let list = try await sample.sample.get("/training/schools?licence=30", officer())

        #expect(made.status == 303)
        #expect(again.location == made.location)
        #expect(page.text.contains("还有 25 天到期"))
        #expect(page.text.contains("52150402MJY222222M"))
        #expect(list.text.contains("红山区演示培训学校"))
        #expect(!list.text.contains("演示学校1<"))
    }

    @Test func `half a form and a wrong credit code are told beside their fields, and what was typed stays`()
        async throws
    {
        let sample = try await signedIn()
        var typed = Self.school
        typed["creditCode"] = "52150402MJY222222X"
        typed["name"] = nil
        typed["longitude"] = nil

        let answer = try await sample.sample.post("/training/schools/new", typed, officer())

        #expect(answer.status == 422)
        #expect(answer.text.contains(#"<p class="field-fault" id="creditCode-fault">"#))
        #expect(answer.text.contains(#"<p class="field-fault" id="name-fault">"#))
        #expect(answer.text.contains(#"<p class="field-fault" id="latitude-fault">"#))
        #expect(answer.text.contains(#"value="52150402MJY222222X""#))
        #expect(try await sample.count("SELECT count(*) AS n FROM school") == 3)
    }

    @Test func `a stale school shows both and saves nothing`() async throws {
        let sample = try await signedIn()
        let made = try await sample.sample.post("/training/schools/new", Self.school, officer())
        var (first, second) = (Self.school, Self.school)
        first["version"] = "1"
        first["phone"] = "0476-5550002"
        second["version"] = "1"
        second["phone"] = "0476-5550003"

        let saved = try await sample.sample.post(made.location + "/edit", first, officer())
        let stale = try await sample.sample.post(made.location + "/edit", second, officer())

        #expect(saved.status == 303)
        #expect(stale.status == 409)
        #expect(stale.text.contains("0476-5550002") && stale.text.contains(#"value="0476-5550003""#))
        #expect(stale.text.contains(#"name="version" value="2""#))
        #expect(
            try await sample.text("SELECT phone FROM school WHERE credit_code LIKE '%222M'", "phone") == "0476-5550002")
    }

    @Test func `a neighbour's school, program, class and instructor are not there`() async throws {
        let sample = try await signedIn()
        try await sample.insertClass(3, school: 3)

        for path in [
            "/training/schools/3", "/training/schools/3/edit", "/training/programs/3", "/training/classes/3",
            "/training/classes/3/edit", "/training/instructors/3", "/training/schools/x", "/training/classes/999",
            "/training/schools/3/programs/new",
        ] {
            #expect(try await sample.sample.get(path, officer()).status == 404, "\(path)")
        }
        for path in ["submit", "sessions", "cancel", "end", "start"] {
            let answer = try await sample.sample.post(
                "/training/classes/3/\(path)", Self.lesson.merging(["version": "1", "reason": "x"]) { $1 }, officer())
            #expect(answer.status == 404, "\(path)")
        }
        let list = try await sample.sample.get("/training/classes", officer())
        #expect(!list.text.contains("班次3"))
    }

    @Test func `a school's instructor is shown masked, and the look is recorded`() async throws {
        let sample = try await signedIn()
        let typed = ["name": "乌兰", "number": "150402198506120012", "trades": "4-10-01-06，4-10-01-01"]

        let bad = try await sample.sample.post(
            "/training/schools/1/instructors/new", ["name": "乌兰", "number": "150402198506120013", "trades": "月嫂"],
            officer())
        let made = try await sample.sample.post("/training/schools/1/instructors/new", typed, officer())
        let page = try await sample.sample.get(made.location, officer())

        #expect(bad.status == 422)
        #expect(bad.text.contains("number-fault") && bad.text.contains("trades-fault"))
        #expect(made.status == 303)
        #expect(page.text.contains("150402********0012"))
        #expect(!page.text.contains("150402198506120012"))
        #expect(try await sample.count("SELECT count(*) AS n FROM audit_entry WHERE action = 'instructor.look'") == 1)
    }

    @Test(arguments: TestServer.engines) func `from the application to the approval, each step on its page`(
        _ engine: Engine
    ) async throws {
        let sample = try await signedIn(engine)

        let made = try await sample.sample.post("/training/classes/new", Self.item, officer())
        let again = try await sample.sample.post("/training/classes/new", Self.item, officer())
        let early = try await sample.sample.post(made.location + "/submit", ["version": "1"], officer())
        var series = Self.lesson
        series["until"] = "2026-07-31"
        for day in 1...5 { series["weekday\(day)"] = "yes" }
        let planned = try await sample.sample.post(made.location + "/sessions/repeat", series, officer())
        let page = try await sample.sample.get(made.location, officer())
        let stale = try await sample.sample.post(made.location + "/submit", ["version": "1"], officer())
        let submitted = try await sample.sample.post(made.location + "/submit", ["version": "2"], officer())
        let forbidden = try await sample.sample.post(
            made.location + "/decide", ["version": "3", "decision": "approve"], officer())
        let approved = try await sample.sample.post(
            made.location + "/decide", ["version": "3", "decision": "approve"], reviewer())
        let open = try await sample.sample.get(made.location, reviewer())

        #expect(made.status == 303)
        #expect(again.location == made.location)
        #expect(early.status == 422 && early.text.contains("还差 12"))
        #expect(planned.status == 303)
        #expect(page.text.contains("已排 12 课时，课程要求 12 课时"))
        #expect(stale.status == 409 && stale.text.contains("别人改过这里"))
        #expect(submitted.status == 303)
        #expect(forbidden.status == 403)
        #expect(approved.status == 303)
        #expect(open.text.contains("报名中"))
        #expect(try await sample.count("SELECT count(*) AS n FROM training_class") == 1)
    }

    @Test(arguments: TestServer.engines) func `a clash is told beside the field, with the session that is in the way`(
        _ engine: Engine
    ) async throws {
        let sample = try await signedIn(engine)
        try await sample.insertClass(1)
        try await sample.insertClass(2)
        _ = try await sample.sample.post("/training/classes/1/sessions", Self.lesson, officer())
        var room = Self.lesson
        room["instructor"] = "4"
        room["from"] = "11:00"
        room["to"] = "13:00"
        room["hours"] = "2"
        var teacher = Self.lesson
        teacher["room"] = "4"

        let taken = try await sample.sample.post("/training/classes/2/sessions", room, officer())
        let busy = try await sample.sample.post("/training/classes/2/sessions", teacher, officer())

        #expect(taken.status == 409)
        #expect(
            taken.text.contains(
                #"<p class="field-fault" id="room-fault">2026年7月1日 11:00 的教室被占：《班次1》 09:00–12:00 在用。</p>"#))
        #expect(busy.status == 409)
        #expect(
            busy.text.contains(
                #"<p class="field-fault" id="instructor-fault">2026年7月1日 09:00 教师另有课：《班次1》 09:00–12:00。</p>"#))
        #expect(busy.text.contains(#"value="礼仪""#))
        #expect(try await sample.count("SELECT count(*) AS n FROM class_session") == 1)
    }

    @Test(arguments: TestServer.engines) func `a session while its learners sit elsewhere is told with the other class`(
        _ engine: Engine
    ) async throws {
        let sample = try await signedIn(engine)
        try await sample.insertClass(1, state: "open")
        try await sample.insertClass(2, state: "open")
        try await sample.insertLearner(1)
        let there = try ClassSample.session(1, 9, 12)
        try await sample.change { _ = try $0.addSessions([there], to: 1) }
        try await sample.enroll(1, in: 1)
        try await sample.enroll(1, in: 2)
        var lesson = Self.lesson
        lesson["room"] = "4"
        lesson["instructor"] = "4"

        let answer = try await sample.sample.post("/training/classes/2/sessions", lesson, officer())

        #expect(answer.status == 409)
        #expect(
            answer.text.contains(
                #"id="day-fault">2026年7月1日 09:00 有 1 名学员正在上《班次1》 09:00–12:00 的课。</p>"#))
    }

    @Test
    func `a session is moved from its page, a stale page moves nothing, and a question stands before it is dropped`()
        async throws
    {
        let sample = try await signedIn()
        try await sample.insertClass(1)
        _ = try await sample.sample.post("/training/classes/1/sessions", Self.lesson, officer())
        let id = try await sample.count("SELECT session_id AS n FROM class_session")
        let path = "/training/classes/1/sessions/\(id)"
        var moved = Self.lesson
        moved["day"] = "2026-07-02"
        moved["version"] = "2"

        let form = try await sample.sample.get(path + "/edit", officer())
        let done = try await sample.sample.post(path + "/edit", moved, officer())
        moved["day"] = "2026-07-03"
        let stale = try await sample.sample.post(path + "/edit", moved, officer())
        let question = try await sample.sample.get(path + "/drop", officer())
        let kept = try await sample.count("SELECT count(*) AS n FROM class_session")
        let dropped = try await sample.sample.post(path + "/drop", [:], officer())
        let again = try await sample.sample.post(path + "/drop", [:], officer())

        #expect(form.text.contains(#"value="09:00""#) && form.text.contains(#"value="2026-07-01""#))
        #expect(done.status == 303)
        #expect(stale.status == 409 && stale.text.contains("别人改过这里"))
        #expect(question.text.contains("删去 2026年7月2日 09:00–12:00 的课？") && kept == 1)
        #expect(dropped.status == 303 && again.status == 303)
        #expect(try await sample.count("SELECT count(*) AS n FROM class_session") == 0)
    }

    @Test func `a suspended school gets no class, and is taken up again`() async throws {
        let sample = try await signedIn()

        let question = try await sample.sample.get("/training/schools/1/suspend", officer())
        let suspended = try await sample.sample.post("/training/schools/1/suspend", ["version": "1"], officer())
        let twice = try await sample.sample.post("/training/schools/1/suspend", ["version": "1"], officer())
        let refused = try await sample.sample.post("/training/classes/new", Self.item, officer())
        let resumed = try await sample.sample.post("/training/schools/1/resume", ["version": "2"], officer())
        let made = try await sample.sample.post("/training/classes/new", Self.item, officer())

        #expect(question.text.contains("暂停 演示学校1？"))
        #expect(suspended.status == 303 && twice.status == 303)
        #expect(refused.status == 409 && refused.text.contains("培训机构已暂停或关闭"))
        #expect(resumed.status == 303)
        #expect(made.status == 303)
        #expect(try await sample.count("SELECT count(*) AS n FROM audit_entry WHERE action = 'school.suspended'") == 1)
    }

    @Test func `rooms are added once, and a list's filters can be taken away one by one`() async throws {
        let sample = try await signedIn()
        let room = ["name": "301", "seats": "40"]

        let added = try await sample.sample.post("/training/schools/1/rooms", room, officer())
        let again = try await sample.sample.post("/training/schools/1/rooms", room, officer())
        let other = try await sample.sample.post(
            "/training/schools/1/rooms", ["name": "301", "seats": "41"], officer())
        let half = try await sample.sample.post("/training/schools/1/rooms", ["name": "302"], officer())
        let foreign = try await sample.sample.post("/training/schools/3/rooms", room, officer())
        let list = try await sample.sample.get("/training/classes?state=open&q=x", officer())

        #expect(added.status == 303 && again.status == 303)
        #expect(other.status == 422 && other.text.contains("已有同名教室"))
        #expect(half.status == 422 && half.text.contains("room-seats"))
        #expect(foreign.status == 404)
        #expect(try await sample.count("SELECT count(*) AS n FROM room WHERE name = '301'") == 1)
        #expect(list.text.contains(#"<a class="word" href="/training/classes?q=x">报名中"#))
    }

    @Test func `bad times and too many hours are told`() async throws {
        let sample = try await signedIn()
        try await sample.insertClass(1)
        var late = Self.lesson
        late["from"] = "25:00"
        var long = Self.lesson
        long["hours"] = "9"
        var series = Self.lesson
        series["until"] = "2026-06-01"

        let first = try await sample.sample.post("/training/classes/1/sessions", late, officer())
        let second = try await sample.sample.post("/training/classes/1/sessions", long, officer())
        let third = try await sample.sample.post("/training/classes/1/sessions/repeat", series, officer())

        #expect(first.status == 422 && first.text.contains(#"id="from-fault""#))
        #expect(second.status == 422 && second.text.contains("最多算 4 课时"))
        #expect(third.status == 422 && third.text.contains("至少选一个上课日"))
        #expect(third.text.contains(#"id="series-until-fault""#))
    }

    @Test func `a class with people in it is cancelled after a question, and its people are listed`() async throws {
        let sample = try await signedIn()
        try await sample.insertClass(1, state: "open")
        try await sample.insertClass(2, state: "open")
        try await sample.insertLearner(1)
        try await sample.enroll(1, in: 1)
        // The enrollment has touched the class's row, not its version.
        let silent = try await sample.sample.get("/training/classes/1/cancel?reason=", officer())
        let question = try await sample.sample.get("/training/classes/1/cancel?reason=%E5%81%9C%E7%94%B5", officer())
        let done = try await sample.sample.post(
            "/training/classes/1/cancel", ["version": "1", "reason": "停电"], officer())
        let page = try await sample.sample.get(done.location, officer())
        let file = try await sample.sample.get("/training/classes/1/affected.csv", officer())
        let viewer = try await sample.sample.get(
            done.location, try await ClassPeople.headers("vera", ["viewer"]))

        #expect(silent.status == 422)
        #expect(question.text.contains("已录取 1 人") && question.text.contains("停电"))
        #expect(done.location == "/training/classes/1/affected")
        #expect(page.text.contains("学员1") && page.text.contains("150402********0023"))
        #expect(page.text.contains("139****1234") && !page.text.contains("13900001234"))
        #expect(page.text.contains("班次2"))
        #expect(file.text.contains("13900001234") && !file.text.contains("150402199001010023"))
        #expect(viewer.status == 403)
        #expect(
            try await sample.count("SELECT count(*) AS n FROM audit_entry WHERE action = 'class.affectedExport'") == 1)
    }

    @Test func `the list is exported with its filters, and formulas are defused`() async throws {
        let sample = try await signedIn()
        try await sample.insertClass(1, state: "open")
        try await sample.insertClass(2)
        try await sample.insertClass(3, school: 3, state: "open")
        try await sample.database.write { db in
            _ = try db.execute("UPDATE training_class SET title = '=1+1' WHERE class_id = 1")
        }

        let file = try await sample.sample.get("/training/classes/export.csv?state=open", officer())

        let lesson = try ClassSample.session(1, 9, 12)
        try await sample.change { _ = try $0.addSessions([lesson], to: 2) }
        let timetable = try await sample.sample.get("/training/classes/2/timetable.csv", officer())
        let schools = try await sample.sample.get("/training/schools/export.csv?q=%E5%AD%A6%E6%A0%A12", officer())
        let programs = try await sample.sample.get("/training/programs/export.csv", officer())
        let foreign = try await sample.sample.get("/training/classes/3/timetable.csv", officer())
        let teacher = try await sample.database.read { db in
            try ClassQueries.ahead(of: [7], after: 0, within: ClassPeople.caller("anna").scope, in: db).map(\.title)
        }

        let lines = file.text.split(separator: "\r\n")
        #expect(timetable.text.contains("2026-07-01,09:00,12:00,教室1,教师甲,4,,"))
        #expect(schools.text.contains("演示学校2,52150402MJY6543218,150402,") && !schools.text.contains("演示学校1"))
        #expect(programs.text.contains("演示学校1,家政服务1,家政服务员（4-10-01-06）,") && !programs.text.contains("演示学校3"))
        #expect(foreign.status == 404)
        #expect(teacher == ["班次2"])
        #expect(lines.count == 2)
        #expect(lines.last?.hasPrefix("1,'=1+1,演示学校1,家政服务1,4-10-01-06,") == true)
    }

    @Test func `a viewer sees and changes nothing`() async throws {
        let sample = try await signedIn()
        try await sample.insertClass(1)
        let viewer = try await ClassPeople.headers("vera", ["viewer"])

        let page = try await sample.sample.get("/training/classes/1", viewer)
        #expect(page.status == 200)
        #expect(!page.text.contains("/submit") && !page.text.contains("/sessions"))
        for route in TrainingContract.classRoutes + TrainingContract.schoolRoutes where route.method != .get {
            let path = route.path.replacing("{class}", with: "1").replacing("{school}", with: "1")
                .replacing("{room}", with: "1").replacing("{session}", with: "1").replacing("{program}", with: "1")
                .replacing("{instructor}", with: "1")
            #expect(try await sample.sample.post(path, ["version": "1"], viewer).status == 403, "\(path)")
        }
        let stranger = try await sample.sample.get("/training/classes/1")
        #expect(stranger.status == 303)
    }
}
