import ServiceKit
import SocialDomain
import Storage

/// A session as its list needs it.
struct AttendedSession: Sendable {
    let number: Int64
    let classNumber: Int64
    let classTitle: String
    let division: String
    let school: String
    let instructor: String
    let room: String
    let topic: String
    /// Minutes of the timetable.
    let startsAt: Int64
    let endsAt: Int64
    let hours: Int64
    let isCancelled: Bool
    let sealedSecret: [UInt8]?
    let closedAt: String?

    /// Check-in opens so many minutes before the start, and ends as many after the end.
    static let margin: Int64 = 15
    /// Minutes after the start from which a check-in is late.
    static let grace: Int64 = 10

    var day: CalendarDate { BeijingTime.day(AttendanceMinutes.second(startsAt)) }
    var clock: String {
        "\(BeijingTime.clock(AttendanceMinutes.second(startsAt)))–\(BeijingTime.clock(AttendanceMinutes.second(endsAt)))"
    }

    enum Phase: Hashable, Sendable {
        case early
        /// Codes are shown and taken.
        case open
        case over
    }

    func phase(at second: Int64) -> Phase {
        if second < AttendanceMinutes.second(startsAt - Self.margin) { return .early }
        return second > AttendanceMinutes.second(endsAt + Self.margin) ? .over : .open
    }

    func isLate(at second: Int64) -> Bool { second > AttendanceMinutes.second(startsAt + Self.grace) }
    func hasBegun(at second: Int64) -> Bool { second >= AttendanceMinutes.second(startsAt) }
    func hasEnded(at second: Int64) -> Bool { second >= AttendanceMinutes.second(endsAt) }

    /// - Parameter condition: over `s` and `c`, the session and its class.
    static func select(_ condition: SQL, order: SQL = "s.starts_at, s.session_id") -> SQL {
        """
        SELECT s.session_id, s.class_id, c.title, c.division, o.name AS school, i.name AS instructor, r.name AS room,
            s.topic, s.starts_at, s.ends_at, s.hours, s.is_cancelled, t.secret_sealed, t.closed_at
        FROM class_session s JOIN training_class c ON c.class_id = s.class_id
        JOIN school o ON o.school_id = c.school_id JOIN instructor i ON i.instructor_id = s.instructor_id
        JOIN room r ON r.room_id = s.room_id LEFT JOIN attendance_list t ON t.session_id = s.session_id
        WHERE \(condition) ORDER BY \(order)
        """
    }

    init(_ row: Row) throws {
        number = try row.get("session_id")
        classNumber = try row.get("class_id")
        classTitle = try row.get("title")
        division = try row.get("division")
        school = try row.get("school")
        instructor = try row.get("instructor")
        room = try row.get("room")
        topic = try row.get("topic")
        startsAt = try row.get("starts_at")
        endsAt = try row.get("ends_at")
        hours = try row.get("hours")
        isCancelled = try row.get("is_cancelled", as: Int64.self) == 1
        sealedSecret = try row.get("secret_sealed")
        closedAt = try row.get("closed_at")
    }
}

/// A learner on a session's list.
struct AttendanceEntry: Sendable {
    let enrollment: Int64
    let name: String
    let state: AttendanceState?
    let source: String
    let markedAt: String
    let isMarkedLate: Bool
    let reason: String
    let isSeated: Bool

    /// What a form that changes it has seen.
    var seen: String { state.map { "\($0.rawValue) \(markedAt)" } ?? "" }

    init(_ row: Row) throws {
        enrollment = try row.get("enrollment_id")
        name = try row.get("name")
        state = try row.get("state", as: String?.self).flatMap(AttendanceState.init(rawValue:))
        source = try row.get("source", as: String?.self) ?? ""
        markedAt = try row.get("marked_at", as: String?.self) ?? ""
        isMarkedLate = try row.get("is_marked_late", as: Int64?.self) == 1
        reason = try row.get("reason", as: String?.self) ?? ""
        isSeated = try ["seated", "completed"].contains(row.get("enrollment_state", as: String.self))
    }
}
