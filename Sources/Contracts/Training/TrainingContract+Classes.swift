import SocialDomain

/// Classes (开班) and their timetables.
extension TrainingContract {
    private static let item = Parameter.path("class", .integer("班次编号", "The class's number", from: 1, example: 1))
    private static let session = Parameter.path(
        "session", .integer("课次编号", "The session's number", from: 1, example: 1))
    private static let classForm = form([
        "program", "title", "division", "audience", "place", "latitude", "longitude", "capacity", "startsOn", "endsOn",
        "signUpUntil", "policy", "needsApproval", "version", "key",
    ])
    private static let sessionForm = form([
        "day", "from", "to", "room", "instructor", "hours", "topic", "version", "until", "skipsHolidays", "weekday1",
        "weekday2", "weekday3", "weekday4", "weekday5", "weekday6", "weekday7",
    ])

    package static let classList = EndpointDescription.page(
        .get, "/training/classes", id: "showClasses", tag: "classes", access: viewing, "班次", "The classes",
        parameters: filters("q", "state", "from", "to", "school", "program", "after"))
    package static let classExport = EndpointDescription.bytes(
        "text/csv", "/training/classes/export.csv", id: "exportClasses", tag: "classes", access: viewing, "导出班次",
        "The classes as a file", parameters: filters("q", "state", "from", "to", "school", "program"))
    package static let classNew = EndpointDescription.page(
        .get, "/training/classes/new", id: "showNewClass", tag: "classes", access: keeping, "申请开班",
        "The form of an application", parameters: filters("program"))
    package static let classMake = EndpointDescription.page(
        .post, "/training/classes/new", id: "makeClass", tag: "classes", access: keeping, "申请开班",
        "Makes the draft of a class", form: classForm, leadsOn: true)
    package static let classPage = EndpointDescription.page(
        .get, "/training/classes/{class}", id: "showClass", tag: "classes", access: viewing, "一个班次", "One class",
        parameters: [item])
    package static let classEdit = EndpointDescription.page(
        .get, "/training/classes/{class}/edit", id: "showClassForm", tag: "classes", access: keeping, "修改班次",
        "The form of a class", parameters: [item])
    package static let classSave = EndpointDescription.page(
        .post, "/training/classes/{class}/edit", id: "saveClass", tag: "classes", access: keeping, "保存班次",
        "Saves a class", parameters: [item], form: classForm, leadsOn: true)

    // MARK: - The timetable

    package static let timetableExport = EndpointDescription.bytes(
        "text/csv", "/training/classes/{class}/timetable.csv", id: "exportTimetable", tag: "classes", access: viewing,
        "导出课表", "The timetable as a file", parameters: [item])

    package static let sessionAdd = EndpointDescription.page(
        .post, "/training/classes/{class}/sessions", id: "addSession", tag: "classes", access: keeping, "排一节课",
        "Adds a session", parameters: [item], form: sessionForm, leadsOn: true)
    package static let sessionRepeat = EndpointDescription.page(
        .post, "/training/classes/{class}/sessions/repeat", id: "repeatSession", tag: "classes", access: keeping,
        "按周排课", "Adds a session on every chosen day of the week", parameters: [item], form: sessionForm, leadsOn: true)
    package static let timetableClear = EndpointDescription.page(
        .post, "/training/classes/{class}/sessions/clear", id: "clearTimetable", tag: "classes", access: keeping,
        "清空课表", "Takes the timetable of a draft away", parameters: [item], form: form(["version"]), leadsOn: true)
    package static let timetableAskClear = EndpointDescription.page(
        .get, "/training/classes/{class}/sessions/clear", id: "askClearTimetable", tag: "classes", access: keeping,
        "清空课表前的询问", "Asks before the timetable is taken away", parameters: [item])
    package static let sessionPage = EndpointDescription.page(
        .get, "/training/classes/{class}/sessions/{session}/edit", id: "showSession", tag: "classes", access: keeping,
        "调整一节课", "The form of a session", parameters: [item, session])
    package static let sessionMove = EndpointDescription.page(
        .post, "/training/classes/{class}/sessions/{session}/edit", id: "moveSession", tag: "classes", access: keeping,
        "调整一节课", "Moves a session", parameters: [item, session], form: sessionForm, leadsOn: true)
    package static let sessionAskDrop = EndpointDescription.page(
        .get, "/training/classes/{class}/sessions/{session}/drop", id: "askDropSession", tag: "classes",
        access: keeping, "停课前的询问", "Asks before a session is cancelled", parameters: [item, session])
    package static let sessionDrop = EndpointDescription.page(
        .post, "/training/classes/{class}/sessions/{session}/drop", id: "dropSession", tag: "classes", access: keeping,
        "停课或删去", "Cancels a session, or takes it out of a draft", parameters: [item, session], leadsOn: true)

    // MARK: - Steps

    private static func step(
        _ name: String, id: String, access: Access = keeping, _ zh: String, _ en: String, fields: [String] = ["version"]
    ) -> EndpointDescription {
        .page(
            .post, "/training/classes/{class}/\(name)", id: id, tag: "classes", access: access, zh, en,
            parameters: [item], form: form(fields), leadsOn: true)
    }

    private static func question(_ name: String, id: String, _ zh: String, _ en: String, also: [Parameter] = [])
        -> EndpointDescription
    {
        .page(
            .get, "/training/classes/{class}/\(name)", id: id, tag: "classes", access: keeping, zh, en,
            parameters: [item] + also)
    }

    package static let classSubmit = step("submit", id: "submitClass", "提交开班申请", "Hands a class in")
    package static let classTakeBack = step("take-back", id: "takeBackClass", "收回修改", "Takes a class back")
    package static let classDecide = step(
        "decide", id: "decideClass", access: reviewing, "审核开班申请", "Approves a class, or returns it",
        fields: ["version", "decision", "note"])
    package static let classStart = step("start", id: "startClass", "开课", "The class begins")
    package static let classAskEnd = question("end", id: "askEndClass", "结业前的询问", "Asks before a class ends")
    package static let classEnd = step("end", id: "endClass", "结业", "The class ends")
    package static let classAskCancel = question(
        "cancel", id: "askCancelClass", "取消开班前的询问", "Asks before a class is cancelled", also: filters("reason"))
    package static let classCancel = step(
        "cancel", id: "cancelClass", "取消开班", "Cancels a class", fields: ["version", "reason"])
    package static let classAffected = question(
        "affected", id: "showAffected", "取消后要联系的人", "Those whose class was cancelled")
    package static let classAffectedExport = EndpointDescription.bytes(
        "text/csv", "/training/classes/{class}/affected.csv", id: "exportAffected", tag: "classes", access: keeping,
        "导出要联系的人", "Those whose class was cancelled, as a file", parameters: [item])

    // MARK: - For programs

    package static let classes = Endpoint<ClassListParameters, NoBody, Listing<ClassRecord>>(
        .get, "/training/v1/classes", id: "listClasses", tag: "classes", access: viewing, "班次列表",
        "The classes, the newest first")
    package static let classRecord = Endpoint<ClassReference, NoBody, ClassRecord>(
        .get, "/training/v1/classes/{class}", id: "getClass", tag: "classes", access: viewing, "一个班次", "One class"
    ) { $0.isVersioned = true }
    package static let sessions = Endpoint<ClassReference, NoBody, Listing<SessionRecord>>(
        .get, "/training/v1/classes/{class}/sessions", id: "listSessions", tag: "classes", access: viewing, "课表",
        "The timetable")
    package static let createClass = Endpoint<NoParameters, ClassBody, ClassRecord>(
        .post, "/training/v1/classes", id: "createClass", tag: "classes", access: keeping, "申请开班",
        "Makes the draft of a class", status: 201
    ) {
        $0.takesKey = true
        $0.isVersioned = true
        $0.problems = [.refused]
    }
    package static let addSessions = Endpoint<ClassReference, TimetableBody, ClassRecord>(
        .post, "/training/v1/classes/{class}/sessions", id: "addSessions", tag: "classes", access: keeping, "排课",
        "Adds sessions, all or none"
    ) {
        $0.takesKey = true
        $0.isVersioned = true
        $0.problems = [.refused, clash]
    }
    package static let submitClass: Endpoint<ClassReference, NoBody, ClassRecord> = action(
        "submit", id: "submitClassRecord", access: keeping, "提交开班申请", "Hands a class in")
    package static let approveClass: Endpoint<ClassReference, NoBody, ClassRecord> = action(
        "approve", id: "approveClassRecord", access: reviewing, "批准开班", "Approves a class; another than who prepared it"
    )
    package static let returnClass: Endpoint<ClassReference, ClassNoteBody, ClassRecord> = action(
        "return", id: "returnClassRecord", access: reviewing, "退回", "Returns a class with a note")

    package static let clash = ProblemKind(
        409, "timetable-clash", "教室、教师或学员在同一时间另有安排（见 errors）",
        "A room, an instructor or a learner is elsewhere at that time (see errors)")

    private static func action<Body: APIBody>(
        _ name: String, id: String, access: Access, _ zh: String, _ en: String
    ) -> Endpoint<ClassReference, Body, ClassRecord> {
        Endpoint(.post, "/training/v1/classes/{class}/\(name)", id: id, tag: "classes", access: access, zh, en) {
            $0.takesKey = true
            $0.needsMatch = true
            $0.isVersioned = true
            $0.problems = [.refused, .invalid]
        }
    }

    /// Routes of classes and timetables.
    package static var classRoutes: [EndpointDescription] {
        [
            classList, classExport, classNew, classMake, classPage, classEdit, classSave, timetableExport, sessionAdd,
            sessionRepeat,
            timetableAskClear, timetableClear, sessionPage, sessionMove, sessionAskDrop, sessionDrop, classSubmit,
            classTakeBack, classDecide, classStart, classAskEnd, classEnd, classAskCancel, classCancel, classAffected,
            classAffectedExport, classes.description, classRecord.description, sessions.description,
            createClass.description, addSessions.description, submitClass.description, approveClass.description,
            returnClass.description,
        ]
    }
}

package struct ClassReference: APIParameters, Hashable {
    package let trainingClass: Int64

    private enum CodingKeys: String, CodingKey {
        case trainingClass = "class"
    }

    package init(trainingClass: Int64) {
        self.trainingClass = trainingClass
    }

    package static let parameters: [Parameter] = [
        .path("class", .integer("班次编号", "The class's number", from: 1, example: 1))
    ]
}

package struct ClassListParameters: APIParameters, Hashable {
    package var state: String?
    package var school: Int64?
    package var program: Int64?
    package var trade: String?
    package var from: String?
    package var to: String?
    package var limit: Int?
    package var cursor: String?

    package static let parameters: [Parameter] = [
        .query("state", ClassRecord.state), .query("school", .integer("机构编号", "Of this school", from: 1)),
        .query("program", .integer("课程编号", "Of this program", from: 1)),
        .query("trade", .text("职业代码", "Of this occupation", from: 10, to: 10, example: "4-10-01-05")),
        .query("from", .formatted(.date, "开课日不早于", "Begins on this day or later")),
        .query("to", .formatted(.date, "开课日不晚于", "Begins on this day or earlier")), .limit, .cursor,
    ]
}
