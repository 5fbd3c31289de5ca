import SocialDomain

package struct ClassRecord: APIBody, Hashable {
    package let id: Int64
    package let program: Int64
    package let school: Int64
    package let title: String
    package let division: String
    package let audience: String
    package let place: String
    package let latitude: Int64?
    package let longitude: Int64?
    package let capacity: Int64
    package let seated: Int64
    package let startsOn: String
    package let endsOn: String
    package let signUpUntil: String
    package let policy: String
    package let needsApproval: Bool
    package let trade: String
    package let level: Int64
    package let plannedHours: Int64
    package let hours: Int64
    package let state: String
    package let note: String
    package let cancelledWhy: String?

    package init(
        id: Int64, program: Int64, school: Int64, title: String, division: String, audience: String, place: String,
        latitude: Int64?, longitude: Int64?, capacity: Int64, seated: Int64, startsOn: String, endsOn: String,
        signUpUntil: String, policy: String, needsApproval: Bool, trade: String, level: Int64, plannedHours: Int64,
        hours: Int64, state: String, note: String, cancelledWhy: String?
    ) {
        self.id = id
        self.program = program
        self.school = school
        self.title = title
        self.division = division
        self.audience = audience
        self.place = place
        self.latitude = latitude
        self.longitude = longitude
        self.capacity = capacity
        self.seated = seated
        self.startsOn = startsOn
        self.endsOn = endsOn
        self.signUpUntil = signUpUntil
        self.policy = policy
        self.needsApproval = needsApproval
        self.trade = trade
        self.level = level
        self.plannedHours = plannedHours
        self.hours = hours
        self.state = state
        self.note = note
        self.cancelledWhy = cancelledWhy
    }

    package static let state = Schema.choice(
        ["draft", "submitted", "open", "running", "ended", "cancelled"], "状态", "Where it stands")
    static let audience = Schema.choice(["any", "leaving", "staying"], "面向：不限、外出、就近", "For whom it is")
    static let policy = Schema.choice(["first-come", "priority", "lottery"], "录取办法", "By what seats are given")

    package static let schema = Schema.object(
        "TrainingClass", "班次", "A class",
        [
            .init("id", .integer("班次编号", "Its number", from: 1)),
            .init("program", .integer("课程编号", "The program's number", from: 1)),
            .init("school", .integer("机构编号", "The school's number", from: 1)),
            .init("title", .text("名称", "Its title", to: 100)),
            .init("division", .text("区划代码", "The code of the division in which it is held", to: 12)),
            .init("audience", audience), .init("place", .text("地点", "Where it is held", to: 200)),
            .optional("latitude", SchoolRecord.latitude), .optional("longitude", SchoolRecord.longitude),
            .init("capacity", .integer("名额", "Its places", from: 1, to: 500)),
            .init("seated", .integer("已占名额", "Places taken or held", to: 500)),
            .init("startsOn", .formatted(.date, "开课日", "Its first day")),
            .init("endsOn", .formatted(.date, "结业日", "Its last day")),
            .init("signUpUntil", .formatted(.date, "报名截止日", "The last day of sign-up")),
            .init("policy", policy), .init("needsApproval", .boolean("报名须审核", "Whether each sign-up is approved")),
            .init("trade", .text("职业代码", "The occupation's code", to: 20)),
            .init("level", .integer("等级", "The level", to: 5)),
            .init("plannedHours", .integer("已排课时", "Hours of its timetable")),
            .init("hours", .integer("课程课时", "The program's hours", to: 2000)), .init("state", state),
            .init("note", .text("审核说明", "The reviewer's note", to: 500)),
            .optional("cancelledWhy", .text("取消原因", "Why it was cancelled", to: 500)),
        ])
}

/// What an application for a class says.
package struct ClassBody: APIBody, Hashable {
    package let program: Int64
    package let title: String
    package let division: String
    package let audience: String
    package let place: String
    package let latitude: Int64?
    package let longitude: Int64?
    package let capacity: Int64
    package let startsOn: String
    package let endsOn: String
    package let signUpUntil: String
    package let policy: String
    package let needsApproval: Bool

    package static let schema = Schema.object(
        "ClassApplication", "开班申请", "An application for a class",
        [
            .init("program", .integer("课程编号", "The program's number", from: 1)),
            .init("title", .text("名称", "Its title", from: 1, to: 100)),
            .init("division", .formatted(.division, "区划代码", "The code of the division in which it is held")),
            .init("audience", ClassRecord.audience),
            .init("place", .text("地点", "Where it is held", from: 1, to: 200)),
            .optional("latitude", SchoolRecord.latitude), .optional("longitude", SchoolRecord.longitude),
            .init("capacity", .integer("名额", "Its places", from: 1, to: 500)),
            .init("startsOn", .formatted(.date, "开课日", "Its first day")),
            .init("endsOn", .formatted(.date, "结业日", "Its last day")),
            .init("signUpUntil", .formatted(.date, "报名截止日", "The last day of sign-up")),
            .init("policy", ClassRecord.policy),
            .init("needsApproval", .boolean("报名须审核", "Whether each sign-up is approved")),
        ])
}

package struct ClassNoteBody: APIBody, Hashable {
    package let note: String

    package static let schema = Schema.object(
        "ClassNote", "退回说明", "Why it is returned", [.init("note", .text("说明", "Why", from: 1, to: 500))])
}

package struct SessionRecord: APIBody, Hashable {
    package let id: Int64
    package let day: String
    package let from: String
    package let to: String
    package let room: Int64
    package let roomName: String
    package let instructor: Int64
    package let instructorName: String
    package let hours: Int64
    package let topic: String
    package let isCancelled: Bool

    package init(
        id: Int64, day: String, from: String, to: String, room: Int64, roomName: String, instructor: Int64,
        instructorName: String, hours: Int64, topic: String, isCancelled: Bool
    ) {
        self.id = id
        self.day = day
        self.from = from
        self.to = to
        self.room = room
        self.roomName = roomName
        self.instructor = instructor
        self.instructorName = instructorName
        self.hours = hours
        self.topic = topic
        self.isCancelled = isCancelled
    }

    static let clock = Schema.text("时间", "A time of the day in Beijing", from: 4, to: 5, example: "09:00")

    package static let schema = Schema.object(
        "ClassSession", "一节课", "A session",
        [
            .init("id", .integer("课次编号", "Its number", from: 1)),
            .init("day", .formatted(.date, "日期", "Its day")),
            .init("from", clock), .init("to", clock),
            .init("room", .integer("教室编号", "The room's number", from: 1)),
            .init("roomName", .text("教室", "The room's name", to: 100)),
            .init("instructor", .integer("教师编号", "The instructor's number", from: 1)),
            .init("instructorName", .text("教师", "The instructor's name", to: 100)),
            .init("hours", .integer("课时", "Its hours of 45 minutes", from: 1, to: 12)),
            .init("topic", .text("内容", "Its topic", to: 200)),
            .init("isCancelled", .boolean("是否停课", "Whether it is cancelled")),
        ])
}

package struct TimetableBody: APIBody, Hashable {
    package struct Session: APIBody, Hashable {
        package let day: String
        package let from: String
        package let to: String
        package let room: Int64
        package let instructor: Int64
        package let hours: Int64?
        package let topic: String?

        package static let schema = Schema.object(
            "PlannedSession", "要排的一节课", "A session to add",
            [
                .init("day", .formatted(.date, "日期", "Its day")),
                .init("from", SessionRecord.clock), .init("to", SessionRecord.clock),
                .init("room", .integer("教室编号", "The room's number", from: 1)),
                .init("instructor", .integer("教师编号", "The instructor's number", from: 1)),
                .optional("hours", .integer("课时，不写按时长算", "Its hours; by its length where left out", from: 1, to: 12)),
                .optional("topic", .text("内容", "Its topic", to: 200)),
            ])
    }

    package let sessions: [Session]

    package static let schema = Schema.object(
        "Timetable", "要排的课", "Sessions to add",
        [.init("sessions", .list("课次", "The sessions", of: Session.schema, most: 200))])
}
