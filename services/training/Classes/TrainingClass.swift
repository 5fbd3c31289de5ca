import ServiceKit
import SocialDomain
import Storage

/// A class (开班) of a program.
struct TrainingClass: Hashable, Sendable {
    enum State: String, CaseIterable, Sendable {
        case draft
        case submitted
        /// Approved; people sign up.
        case open
        case running
        case ended
        case cancelled

        /// Its timetable may still change.
        var isChangeable: Bool { self == .draft || self == .open || self == .running }
        /// It was approved and is not over.
        var isLive: Bool { self == .open || self == .running }
    }

    /// By what seats are given where more people want one (录取办法).
    enum Policy: String, CaseIterable, Sendable {
        case firstCome = "first-come"
        case priority
        case lottery
    }

    let id: Int64
    let program: Int64
    let programTitle: String
    let programState: TrainingProgram.State
    let trade: String
    let level: SkillLevel
    /// Of the program, of 45 minutes.
    let hours: Int64
    let school: Int64
    let schoolName: String
    let schoolState: School.State
    let licenceUntil: CalendarDate?
    let content: ClassContent
    let seated: Int64
    /// Hours of the sessions that are not cancelled.
    let plannedHours: Int64
    let state: State
    let submittedBy: String?
    let decidedBy: String?
    let note: String
    let cancelledWhy: String?
    let version: Int64

    init(_ row: Row) throws {
        id = try row.get("class_id")
        program = try row.get("program_id")
        programTitle = try row.get("program_title")
        programState = TrainingProgram.State(rawValue: try row.get("program_state")) ?? .withdrawn
        trade = try row.get("trade")
        level = SkillLevel(rawValue: try row.get("level")) ?? .special
        hours = try row.get("hours")
        school = try row.get("school_id")
        schoolName = try row.get("school_name")
        schoolState = School.State(rawValue: try row.get("school_state")) ?? .closed
        licenceUntil = try row.get("licence_until", as: String?.self).flatMap { CalendarDate(iso8601: $0) }
        content = try ClassContent(row)
        seated = try row.get("seated")
        plannedHours = try row.get("planned_hours")
        state = State(rawValue: try row.get("state")) ?? .cancelled
        submittedBy = try row.get("submitted_by")
        decidedBy = try row.get("decided_by")
        note = try row.get("note")
        cancelledWhy = try row.get("cancelled_why")
        version = try row.get("version")
    }

    /// In the log.
    var subject: String { Self.subject(id) }
    static func subject(_ id: Int64) -> String { "class-\(id)" }

    /// `96 / 120`
    var hoursText: String { "\(plannedHours) / \(hours)" }
}

/// What an application for a class says.
struct ClassContent: Hashable, Sendable {
    let title: String
    let division: String
    let audience: WorkWish
    let place: String
    let point: MapPoint?
    let capacity: Int64
    let startsOn: CalendarDate
    let endsOn: CalendarDate
    /// The last day.
    let signUpUntil: CalendarDate
    let policy: TrainingClass.Policy
    /// The school approves each sign-up.
    let needsApproval: Bool

    static let fields = [
        "title", "division", "place", "latitude", "longitude", "audience", "capacity", "startsOn", "endsOn",
        "signUpUntil", "policy", "needsApproval",
    ]
    /// What a class that was approved may still change.
    static let changeable: Set<String> = ["place", "latitude", "longitude", "capacity", "signUpUntil"]

    init(_ row: Row) throws {
        title = try row.get("title")
        division = try row.get("division")
        audience = WorkWish(rawValue: try row.get("audience")) ?? .any
        place = try row.get("place")
        point = try MapPoint(row)
        capacity = try row.get("capacity")
        startsOn = CalendarDate(iso8601: try row.get("starts_on", as: String.self)) ?? CalendarDate(dayNumber: 0)
        endsOn = CalendarDate(iso8601: try row.get("ends_on", as: String.self)) ?? CalendarDate(dayNumber: 0)
        signUpUntil = CalendarDate(iso8601: try row.get("sign_up_until", as: String.self)) ?? CalendarDate(dayNumber: 0)
        policy = TrainingClass.Policy(rawValue: try row.get("policy")) ?? .firstCome
        needsApproval = try row.get("needs_approval")
    }

    init?(_ fields: inout TypedFields) {
        let before = fields.faults.count
        let title = fields.text("title", isNeeded: true)
        let division = fields.division()
        let audience = fields.choice("audience", WorkWish.self)
        let place = fields.text("place", most: 200, isNeeded: true)
        let point = fields.point()
        let capacity = fields.number("capacity", in: 1...500)
        let startsOn = fields.day("startsOn", isNeeded: true)
        let endsOn = fields.day("endsOn", isNeeded: true)
        let signUpUntil = fields.day("signUpUntil", isNeeded: true)
        let policy = fields.choice("policy", TrainingClass.Policy.self)
        if let startsOn, let endsOn {
            if endsOn < startsOn {
                fields.fault("endsOn", "结束日不能早于开课日。", "The last day cannot lie before the first.")
            } else if endsOn.dayNumber - startsOn.dayNumber > 730 {
                fields.fault("endsOn", "一个班最长两年，请核对年份。", "A class lasts two years at most: check the year.")
            }
            if let signUpUntil, signUpUntil > startsOn {
                fields.fault(
                    "signUpUntil", "报名截止日不能晚于开课日。", "Sign-up ends on the first day of the class at the latest.")
            }
        }
        guard fields.faults.count == before, let division, let audience, let capacity, let startsOn, let endsOn,
            let signUpUntil, let policy
        else { return nil }
        self.title = title
        self.division = division.prefix
        self.audience = audience
        self.place = place
        self.point = point
        self.capacity = capacity
        self.startsOn = startsOn
        self.endsOn = endsOn
        self.signUpUntil = signUpUntil
        self.policy = policy
        needsApproval = fields.isTicked("needsApproval")
    }

    func value(_ field: String) -> String {
        switch field {
        case "title": title
        case "division": division
        case "audience": audience.rawValue
        case "place": place
        case "latitude": point.map { MapPoint.degrees($0.latitude) } ?? ""
        case "longitude": point.map { MapPoint.degrees($0.longitude) } ?? ""
        case "capacity": "\(capacity)"
        case "startsOn": startsOn.description
        case "endsOn": endsOn.description
        case "signUpUntil": signUpUntil.description
        case "policy": policy.rawValue
        case "needsApproval": needsApproval ? "yes" : ""
        default: ""
        }
    }
}
