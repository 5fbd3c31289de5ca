import ServiceKit
import SocialDomain
import Storage

/// The timetable. That no room, instructor or learner is in two places is the database's own rule (0002): it throws
/// `DatabaseFault.constraint` of kind `exclusion`.
extension ChangeDesk {
    /// All of them or none. Sessions that the class has exactly so are not put in again, so that a form sent twice does
    /// nothing twice.
    ///
    /// - Returns: how many were put in.
    @discardableResult
    func addSessions(_ planned: [PlannedSession], to id: Int64) throws -> Int {
        let item = try changeable(id)
        try check(planned, item)
        var added = 0
        for session in planned {
            let same = try db.first(
                """
                SELECT 1 AS one FROM class_session WHERE class_id = \(id) AND room_id = \(session.room)
                    AND instructor_id = \(session.instructor) AND starts_at = \(session.startsAt)
                    AND ends_at = \(session.endsAt) AND is_cancelled = 0
                """)
            if same != nil { continue }
            try db.execute(
                """
                INSERT INTO class_session (class_id, room_id, instructor_id, instructor_number, starts_at, ends_at, hours,
                    topic)
                VALUES (\(id), \(session.room), \(session.instructor),
                    (SELECT i.number_index FROM instructor i WHERE i.instructor_id = \(session.instructor)),
                    \(session.startsAt), \(session.endsAt), \(session.hours), \(session.topic))
                """)
            added += 1
        }
        if added > 0 { try noteTimetable(item, "+\(added)") }
        return added
    }

    /// The same session on many days, in one transaction, until the program's hours are reached.
    ///
    /// - Returns: what was planned.
    func plan(_ series: SessionSeries, of id: Int64, holidays: HolidayTable) throws -> [PlannedSession] {
        let item = try changeable(id)
        guard item.plannedHours < item.hours else {
            throw StepRefusal.faults([
                FieldFault(
                    field: "hours",
                    message: LocalizedText(
                        zh: "课时已经排满（\(item.hoursText)）。", en: "The hours are full (\(item.hoursText))."))
            ])
        }
        let sessions = series.sessions(missing: item.hours - item.plannedHours, holidays: holidays)
        guard !sessions.isEmpty else {
            throw StepRefusal.faults([
                FieldFault(
                    field: "weekday1",
                    message: LocalizedText(
                        zh: "这段日期里没有所选的上课日。", en: "None of the chosen days of the week lies between these days."))
            ])
        }
        return sessions
    }

    func moveSession(_ session: Int64, of id: Int64, to planned: PlannedSession, version: Int64) throws {
        let item = try changeable(id)
        let old = try find(session, of: item)
        try require(version, item)
        guard !old.isCancelled else { throw StepRefusal.sessionCancelled }
        if item.state != .draft, old.startsAt <= minuteNow { throw StepRefusal.sessionPast }
        try check([planned], item)
        try db.execute(
            """
            UPDATE class_session SET room_id = \(planned.room), instructor_id = \(planned.instructor),
                instructor_number = (SELECT i.number_index FROM instructor i WHERE i.instructor_id = \(planned.instructor)),
                starts_at = \(planned.startsAt), ends_at = \(planned.endsAt), hours = \(planned.hours),
                topic = \(planned.topic)
            WHERE session_id = \(session)
            """)
        try noteTimetable(item, "session \(session)")
    }

    /// Of a draft it goes away; of an approved class it stays as cancelled (停课), since people were told of it.
    func dropSession(_ session: Int64, of id: Int64) throws {
        let item = try changeable(id)
        guard let old = try ClassQueries.sessions(of: id, in: db).first(where: { $0.id == session }) else {
            if item.state == .draft { return }
            throw StepRefusal.unknown
        }
        if old.isCancelled { return }
        if item.state == .draft {
            try db.execute("DELETE FROM class_session WHERE session_id = \(session)")
        } else {
            guard old.startsAt > minuteNow else { throw StepRefusal.sessionPast }
            try db.execute("UPDATE class_session SET is_cancelled = 1 WHERE session_id = \(session)")
        }
        try noteTimetable(item, "-session \(session)")
    }

    /// Takes the whole timetable of a draft away.
    func clearTimetable(of id: Int64, version: Int64) throws {
        let item = try changeable(id)
        try require(version, item)
        guard item.state == .draft else { throw StepRefusal.classStep }
        let count = try db.execute("DELETE FROM class_session WHERE class_id = \(id)")
        if count > 0 { try noteTimetable(item, "-\(count)") }
    }

    // MARK: - Rules

    private func changeable(_ id: Int64) throws -> TrainingClass {
        let item = try trainingClass(id)
        guard item.state.isChangeable else { throw StepRefusal.classFixed }
        return item
    }

    private func find(_ session: Int64, of item: TrainingClass) throws -> ClassSession {
        guard let found = try ClassQueries.sessions(of: item.id, in: db).first(where: { $0.id == session }) else {
            throw StepRefusal.unknown
        }
        return found
    }

    private func noteTimetable(_ item: TrainingClass, _ what: String) throws {
        try db.execute("UPDATE training_class SET version = version + 1 WHERE class_id = \(item.id)")
        try note("class.timetable", item.subject, division: item.content.division, what)
    }

    /// Rooms and instructors are the school's own, days lie within the class's, and what was approved changes ahead only.
    private func check(_ planned: [PlannedSession], _ item: TrainingClass) throws {
        var faults: [FieldFault] = []
        func fault(_ field: String, _ zh: String, _ en: String) {
            faults.append(FieldFault(field: field, message: LocalizedText(zh: zh, en: en)))
        }
        let rooms = Set(try SchoolQueries.rooms(of: item.school, in: db).map(\.id))
        let instructors = try SchoolQueries.instructors(of: item.school, in: db)
        if planned.contains(where: { !rooms.contains($0.room) }) {
            fault("room", "这间教室不是本机构的。", "The room is not the school's own.")
        }
        for id in Set(planned.map(\.instructor)) {
            guard let instructor = instructors.first(where: { $0.id == id }), instructor.isActive else {
                fault("instructor", "这位教师不是本机构在职教师。", "The instructor does not teach at this school.")
                continue
            }
            guard let last = instructor.credentialUntil,
                let late = planned.first(where: { $0.instructor == id && $0.day > last })
            else { continue }
            fault(
                "instructor", "教师的资格证 \(last.chinese) 到期，早于 \(late.day.chinese) 的课。",
                "The instructor's credential ends on \(last), before the session of \(late.day).")
        }
        if let outside = planned.first(where: { $0.day < item.content.startsOn || $0.day > item.content.endsOn }) {
            fault(
                "day", "\(outside.day.chinese) 不在班次的起止日期以内。", "\(outside.day) lies outside the class's days.")
        }
        if item.state != .draft, planned.contains(where: { $0.startsAt <= minuteNow }) {
            fault("day", "开班批准以后，只能安排今后的课。", "After approval only sessions to come can be arranged.")
        }
        guard faults.isEmpty else { throw StepRefusal.faults(faults) }
    }
}

extension StepRefusal {
    static let sessionPast = StepRefusal.wrongState(
        LocalizedText(zh: "这节课已经开始，课表不能再改。", en: "The session has begun: it stays as it is."))
    static let sessionCancelled = StepRefusal.wrongState(
        LocalizedText(zh: "这节课已经停课。", en: "The session is cancelled."))
}
