import ServiceKit
import SocialDomain
import Storage

/// One session of a class: a room, an instructor, a time.
struct ClassSession: Hashable, Sendable {
    let id: Int64
    let trainingClass: Int64
    let room: Int64
    let roomName: String
    let seats: Int64
    let instructor: Int64
    let instructorName: String
    let credentialUntil: CalendarDate?
    /// Minutes since 1970-01-01 00:00 in Beijing.
    let startsAt: Int64
    let endsAt: Int64
    let hours: Int64
    let topic: String
    let isCancelled: Bool

    init(_ row: Row) throws {
        id = try row.get("session_id")
        trainingClass = try row.get("class_id")
        room = try row.get("room_id")
        roomName = try row.get("room_name")
        seats = try row.get("seats")
        instructor = try row.get("instructor_id")
        instructorName = try row.get("instructor_name")
        credentialUntil = try row.get("credential_until", as: String?.self).flatMap { CalendarDate(iso8601: $0) }
        startsAt = try row.get("starts_at")
        endsAt = try row.get("ends_at")
        hours = try row.get("hours")
        topic = try row.get("topic")
        isCancelled = try row.get("is_cancelled")
    }

    var day: CalendarDate { TimetableMinute.date(startsAt) }
    /// `09:00–12:00`
    var clock: String { "\(TimetableMinute.clock(startsAt))–\(TimetableMinute.clock(endsAt, endOf: startsAt))" }

    func value(_ field: String) -> String {
        switch field {
        case "day": day.description
        case "from": TimetableMinute.clock(startsAt)
        case "to": TimetableMinute.clock(endsAt, endOf: startsAt)
        case "room": "\(room)"
        case "instructor": "\(instructor)"
        case "hours": "\(hours)"
        case "topic": topic
        default: ""
        }
    }
}

/// A session as it is to be.
struct PlannedSession: Hashable, Sendable {
    let room: Int64
    let instructor: Int64
    let startsAt: Int64
    let endsAt: Int64
    let hours: Int64
    let topic: String

    static let fields = ["day", "from", "to", "room", "instructor", "hours", "topic"]
    /// Minutes of one hour of teaching (课时).
    static let hour: Int64 = 45

    var day: CalendarDate { TimetableMinute.date(startsAt) }

    func moved(to day: CalendarDate) -> PlannedSession {
        let shift = Int64(day.dayNumber - self.day.dayNumber) * TimetableMinute.day
        return PlannedSession(
            room: room, instructor: instructor, startsAt: startsAt + shift, endsAt: endsAt + shift, hours: hours,
            topic: topic)
    }

    init(room: Int64, instructor: Int64, startsAt: Int64, endsAt: Int64, hours: Int64, topic: String) {
        self.room = room
        self.instructor = instructor
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.hours = hours
        self.topic = topic
    }

    /// - Parameter day: the field that names the day, the first one of a repetition.
    init?(_ fields: inout TypedFields, day name: String = "day") {
        let before = fields.faults.count
        let day = fields.day(name, isNeeded: true)
        let from = fields.minute("from")
        let to = fields.minute("to")
        let room = fields.value("room").flatMap(Int64.init)
        if room == nil { fields.fault("room", "请选择教室。", "Choose a room.") }
        let instructor = fields.value("instructor").flatMap(Int64.init)
        if instructor == nil { fields.fault("instructor", "请选择教师。", "Choose an instructor.") }
        let topic = fields.text("topic", most: 200)
        var hours: Int64?
        if let from, let to {
            if to <= from {
                fields.fault("to", "结束时间要晚于开始时间。", "It ends after it begins.")
            } else if to - from > 720 {
                fields.fault("to", "一节课最长 12 小时。", "A session lasts twelve hours at most.")
            } else {
                let most = min(12, (to - from) / Self.hour)
                hours = fields.value("hours") == nil ? most : fields.number("hours", in: 1...12)
                if let given = hours, given < 1 || given > most {
                    fields.fault(
                        "hours", "这段时间最多算 \(most) 课时（每课时 45 分钟）。",
                        "This time holds \(most) hours of 45 minutes at most.")
                }
            }
        }
        guard fields.faults.count == before, let day, let from, let to, let room, let instructor, let hours else {
            return nil
        }
        self.init(
            room: room, instructor: instructor, startsAt: TimetableMinute.of(day, from),
            endsAt: TimetableMinute.of(day, to), hours: hours, topic: topic)
    }
}

/// The same session on many days: every chosen day of the week from one day to another.
struct SessionSeries: Hashable, Sendable {
    let first: PlannedSession
    let until: CalendarDate
    /// 1 Monday … 7 Sunday.
    let weekdays: Set<Int>
    /// Legal holidays are left out.
    let skipsHolidays: Bool

    static let fields = PlannedSession.fields + ["until", "skipsHolidays"] + (1...7).map { "weekday\($0)" }
    static let most = 200

    init?(_ fields: inout TypedFields) {
        let before = fields.faults.count
        let first = PlannedSession(&fields)
        let until = fields.day("until", isNeeded: true)
        let chosen = Set((1...7).filter { [fields] in fields.isTicked("weekday\($0)") })
        if chosen.isEmpty { fields.fault("weekday1", "请至少选一个上课日。", "Choose at least one day of the week.") }
        if let first, let until, until < first.day {
            fields.fault("until", "最后一天不能早于第一天。", "The last day cannot lie before the first.")
        }
        guard fields.faults.count == before, let first, let until else { return nil }
        self.first = first
        self.until = until
        weekdays = chosen
        skipsHolidays = fields.isTicked("skipsHolidays")
    }

    /// - Parameter hours: how many are still missing; the series ends when they are reached.
    func sessions(missing hours: Int64, holidays: HolidayTable) -> [PlannedSession] {
        var sessions: [PlannedSession] = []
        var rest = hours
        var day = first.day
        while day <= until, rest > 0, sessions.count < Self.most {
            if weekdays.contains(day.weekday), !(skipsHolidays && holidays.holidays.contains(day)) {
                let session = first.moved(to: day)
                sessions.append(session)
                rest -= session.hours
            }
            day = day.adding(days: 1)
        }
        return sessions
    }
}
