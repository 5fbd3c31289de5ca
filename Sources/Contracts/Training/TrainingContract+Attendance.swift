import SocialDomain

/// Attendance (考勤): the list of a session, check-in by a code that rotates, the sheet for rooms without a network, and
/// the inspector's signals.
extension TrainingContract {
    /// Who sees names on a list.
    package static let attendanceReading = Access.roles(
        ["school", "instructor", "officer", "reviewer", "inspector"], service: "training")

    private static let classNumber = Parameter.path(
        "class", .integer("班次编号", "The class's number", from: 1, example: 1))
    private static let sessionNumber = Parameter.path(
        "session", .integer("场次编号", "The session's number", from: 1, example: 1))
    private static let enrollmentNumber = Parameter.path(
        "enrollment", .integer("报名编号", "The enrollment's number", from: 1, example: 1))
    private static let classPath = "/training/classes/{class}"
    private static let sessionPath = "/training/classes/{class}/sessions/{session}"

    package static let attendanceDay = EndpointDescription.page(
        .get, "/training/attendance", id: "showAttendanceDay", tag: "attendance", access: attendanceReading, "某日的场次",
        "The sessions of a day", parameters: [.query("day", .words("哪一天", "Which day"))])
    package static let classAttendance = EndpointDescription.page(
        .get, "\(classPath)/attendance", id: "showClassAttendance", tag: "attendance", access: attendanceReading,
        "一个班的出勤", "The attendance of a class", parameters: [classNumber])
    package static let classAttendanceCSV = EndpointDescription.bytes(
        "text/csv", "\(classPath)/attendance.csv", id: "getClassAttendanceCSV", tag: "attendance",
        access: attendanceReading, "一个班的出勤（CSV）", "The attendance of a class as CSV", parameters: [classNumber])

    package static let attendanceList = EndpointDescription.page(
        .get, "\(sessionPath)/attendance", id: "showAttendanceList", tag: "attendance", access: attendanceReading,
        "一场课的考勤表", "The list of a session", parameters: [classNumber, sessionNumber])
    package static let codeScreen = EndpointDescription.page(
        .get, "\(sessionPath)/code", id: "showCodeScreen", tag: "attendance", access: teaching, "投影签到码",
        "The code, for a projector", parameters: [classNumber, sessionNumber])
    package static let attendanceEntry = EndpointDescription.page(
        .get, "\(sessionPath)/attendance/{enrollment}", id: "showAttendanceEntry", tag: "attendance",
        access: attendanceReading, "一名学员的考勤", "One learner on the list",
        parameters: [classNumber, sessionNumber, enrollmentNumber])
    package static let markAttendance = EndpointDescription.page(
        .post, "\(sessionPath)/attendance/{enrollment}", id: "markAttendance", tag: "attendance", access: teaching,
        "登记考勤", "Mark a learner", parameters: [classNumber, sessionNumber, enrollmentNumber],
        form: ["state", "reason", "seen"].map { .optional($0, .words("登记的内容", "What is marked")) }, leadsOn: true)
    package static let askClosing = EndpointDescription.page(
        .get, "\(sessionPath)/close", id: "askAttendanceClosing", tag: "attendance", access: teaching, "关闭考勤表？",
        "Close the list?", parameters: [classNumber, sessionNumber])
    package static let closeAttendance = EndpointDescription.page(
        .post, "\(sessionPath)/close", id: "closeAttendance", tag: "attendance", access: teaching, "关闭考勤表",
        "Close the list", parameters: [classNumber, sessionNumber], leadsOn: true)

    package static let attendanceSheet = EndpointDescription.page(
        .get, "\(sessionPath)/sheet", id: "showAttendanceSheet", tag: "attendance", access: teaching, "纸质考勤表",
        "The sheet to print and to take in", parameters: [classNumber, sessionNumber])
    package static let attendanceSheetCSV = EndpointDescription.bytes(
        "text/csv", "\(sessionPath)/sheet.csv", id: "getAttendanceSheetCSV", tag: "attendance", access: teaching,
        "考勤表（CSV）", "The sheet as CSV", parameters: [classNumber, sessionNumber])
    package static let takeAttendanceSheet: EndpointDescription = {
        var page = EndpointDescription.page(
            .post, "\(sessionPath)/sheet", id: "takeAttendanceSheet", tag: "attendance", access: teaching, "导入考勤表",
            "Take in a sheet", parameters: [classNumber, sessionNumber])
        page.body = .upload(field: "file")
        page.bodyLimit = 2 << 20
        return page
    }()

    // The learner's phone.
    package static let checkInStart = EndpointDescription.page(
        .get, "/training/check-in", id: "showCheckInStart", tag: "attendance", access: .open, "签到说明",
        "How a phone checks in")
    package static let checkInAs = EndpointDescription.page(
        .get, "/training/check-in/as/{token}", id: "setCheckInPhone", tag: "attendance", access: .open, "用这部手机签到",
        "This phone checks in for a learner",
        parameters: [.path("token", .text("个人页面的密码", "The secret of the learner's own page", from: 1, to: 200))],
        leadsOn: true)
    package static let checkIn = EndpointDescription.page(
        .get, "/training/check-in/{session}", id: "showCheckIn", tag: "attendance", access: .open, "签到",
        "Check in to a session",
        parameters: [sessionNumber, .query("code", .words("屏幕上的签到码", "The code on the screen"))])
    package static let sendCheckIn = EndpointDescription.page(
        .post, "/training/check-in/{session}", id: "sendCheckIn", tag: "attendance", access: .open, "提交签到",
        "Send a check-in", parameters: [sessionNumber],
        form: ["code", "proof", "token"].map { .optional($0, .words("签到的内容", "What proves it")) })

    package static let attendanceSignals = EndpointDescription.page(
        .get, "/training/signals", id: "showAttendanceSignals", tag: "signals", access: inspecting, "督导线索",
        "Signals for the inspector",
        parameters: ["state", "kind", "from", "to"].map { .query($0, .words("筛选", "A filter")) })
    package static let attendanceSignal = EndpointDescription.page(
        .get, "/training/signals/{session}", id: "showAttendanceSignal", tag: "signals", access: inspecting, "一条线索",
        "One signal with its evidence",
        parameters: [sessionNumber] + ["kind", "place"].map { .query($0, .words("哪一条", "Which one")) })
    package static let decideSignal = EndpointDescription.page(
        .post, "/training/signals/{session}", id: "decideSignal", tag: "signals", access: inspecting, "记下核查结果",
        "Note what was found", parameters: [sessionNumber],
        form: ["kind", "place", "outcome", "note", "version"].map { .optional($0, .words("核查结果", "What was found")) },
        leadsOn: true)

    package static let attendanceRatios = Endpoint<AttendanceClassReference, NoBody, ClassAttendanceRecord>(
        .get, "/training/v1/classes/{class}/attendance", id: "getClassAttendance", tag: "attendance",
        access: attendanceReading, "一个班的出勤率", "The attendance of a class's learners")

    package static var attendance: [EndpointDescription] {
        [
            attendanceDay, classAttendance, classAttendanceCSV, attendanceList, codeScreen, attendanceEntry,
            markAttendance, askClosing, closeAttendance, attendanceSheet, attendanceSheetCSV, takeAttendanceSheet,
            checkInStart, checkInAs, checkIn, sendCheckIn, attendanceSignals, attendanceSignal, decideSignal,
            attendanceRatios.description,
        ]
    }
}

package struct AttendanceClassReference: APIParameters, Hashable {
    package let `class`: Int64

    package static let parameters: [Parameter] = [
        .path("class", .integer("班次编号", "The class's number", from: 1, example: 1))
    ]
}

/// How much of a class its learners attended.
package struct ClassAttendanceRecord: APIBody, Hashable {
    package struct Learner: APIBody, Hashable {
        package let enrollment: Int64
        package let attendedHours: Int64
        package let heldHours: Int64
        package let isEnough: Bool

        package init(enrollment: Int64, attendedHours: Int64, heldHours: Int64, isEnough: Bool) {
            self.enrollment = enrollment
            self.attendedHours = attendedHours
            self.heldHours = heldHours
            self.isEnough = isEnough
        }

        package static let schema = Schema.object(
            "LearnerAttendance", "一名学员的出勤", "One learner's attendance",
            [
                .init("enrollment", .integer("报名编号", "The enrollment's number", from: 1)),
                .init("attendedHours", .integer("出勤学时", "Hours attended")),
                .init("heldHours", .integer("已开学时", "Hours held so far")),
                .init("isEnough", .boolean("是否达到 80%", "Whether it reaches 80 %")),
            ])
    }

    package let `class`: Int64
    package let learners: [Learner]

    package init(class number: Int64, learners: [Learner]) {
        self.class = number
        self.learners = learners
    }

    package static let schema = Schema.object(
        "ClassAttendance", "一个班的出勤", "The attendance of a class",
        [
            .init("class", .integer("班次编号", "The class's number", from: 1)),
            .init("learners", .list("学员", "Its learners", of: Learner.schema)),
        ])
}
