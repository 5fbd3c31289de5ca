import ServiceKit
import SocialDomain

/// What a class still lacks before it can be handed in, and what more before it can be approved.
struct ClassReadiness {
    /// Each beside the part of the page that it is about.
    let missing: [FieldFault]
    /// Holds up the approval alone: the licence may be renewed meanwhile.
    let licence: FieldFault?

    init(_ item: TrainingClass, sessions: [ClassSession], on today: CalendarDate) {
        let live = sessions.filter { !$0.isCancelled }
        var missing: [FieldFault] = []
        func miss(_ field: String, _ zh: String, _ en: String) {
            missing.append(FieldFault(field: field, message: LocalizedText(zh: zh, en: en)))
        }
        if item.programState != .approved {
            miss("program", "课程还没有批准。", "The program is not approved.")
        }
        if item.schoolState != .active {
            miss("program", "培训机构已暂停或关闭。", "The school is suspended or closed.")
        }
        if item.plannedHours < item.hours {
            let rest = item.hours - item.plannedHours
            miss(
                "timetable", "课表排了 \(item.plannedHours) 课时，课程要求 \(item.hours) 课时，还差 \(rest)。",
                "The timetable has \(item.plannedHours) hours of the program's \(item.hours): \(rest) are missing.")
        }
        var rooms: Set<Int64> = []
        for session in live where session.seats < item.content.capacity && rooms.insert(session.room).inserted {
            miss(
                "capacity", "“\(session.roomName)”只有 \(session.seats) 座，少于名额 \(item.content.capacity)。",
                "\(session.roomName) has \(session.seats) seats, fewer than the \(item.content.capacity) places.")
        }
        var teachers: Set<Int64> = []
        for session in live {
            guard let last = session.credentialUntil, last < session.day,
                teachers.insert(session.instructor).inserted
            else { continue }
            miss(
                "timetable", "\(session.instructorName) 的资格证 \(last.chinese) 到期，早于 \(session.day.chinese) 的课。",
                "The credential of \(session.instructorName) ends on \(last), before the session of \(session.day).")
        }
        if item.content.signUpUntil < today {
            miss("signUpUntil", "报名截止日已经过去。", "The last day of sign-up has passed.")
        }
        self.missing = missing
        licence = Self.licence(item)
    }

    private static func licence(_ item: TrainingClass) -> FieldFault? {
        guard let last = item.licenceUntil else {
            return FieldFault(
                field: "licence",
                message: LocalizedText(
                    zh: "没有登记办学许可证的有效期，不能批准。",
                    en: "No last day of the school's licence is on record: the class cannot be approved."))
        }
        guard last < item.content.endsOn else { return nil }
        return FieldFault(
            field: "licence",
            message: LocalizedText(
                zh: "办学许可证 \(last.chinese) 到期，早于结业日 \(item.content.endsOn.chinese)，不能批准。",
                en: "The school's licence ends on \(last), before the class does on \(item.content.endsOn): it "
                    + "cannot be approved."))
    }
}
