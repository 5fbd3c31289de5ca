import Security
import ServiceKit
import SocialDomain
import Storage

/// A class from its application to the first lesson.
extension ChangeDesk {
    private static let preparing = ["class.make", "class.edit", "class.timetable", "class.submit"]

    func trainingClass(_ id: Int64) throws -> TrainingClass {
        guard let item = try ClassQueries.trainingClass(id, within: scope, in: db) else { throw StepRefusal.unknown }
        return item
    }

    func require(_ version: Int64, _ item: TrainingClass) throws {
        guard item.version == version else { throw StepRefusal.stale }
    }

    private func requireScope(_ content: ClassContent) throws {
        guard let division = DivisionCode(content.division), scope.contains(division) else {
            throw StepRefusal.faults([.outside])
        }
    }

    /// - Parameter key: of the form; sent twice it gives the class that was made the first time.
    func makeClass(_ content: ClassContent, of programID: Int64, key: String?) throws -> Int64 {
        if let key, let row = try db.first("SELECT class_id FROM training_class WHERE form_key = \(key)") {
            return try trainingClass(try row.get("class_id")).id
        }
        guard let program = try SchoolQueries.program(programID, within: scope, in: db) else {
            throw StepRefusal.faults([.programUnknown])
        }
        guard program.state == .approved else { throw StepRefusal.faults([.programNotApproved]) }
        guard try school(program.school).state == .active else { throw StepRefusal.schoolNotActive }
        try requireScope(content)
        let row = try db.first(
            """
            INSERT INTO training_class (program_id, school_id, division, title, audience, place, latitude, longitude,
                capacity, starts_on, ends_on, sign_up_until, policy, needs_approval, form_key)
            VALUES (\(program.id), \(program.school), \(content.division), \(content.title),
                \(content.audience.rawValue), \(content.place), \(content.point?.latitude), \(content.point?.longitude),
                \(content.capacity), \(content.startsOn.description), \(content.endsOn.description),
                \(content.signUpUntil.description), \(content.policy.rawValue), \(content.needsApproval ? 1 : 0), \(key))
            RETURNING class_id
            """)
        let id = try newID(row, "class_id")
        try note("class.make", TrainingClass.subject(id), division: content.division)
        return id
    }

    /// A draft changes freely; a class that was approved changes its place, its places and the end of its sign-up.
    func saveClass(_ id: Int64, _ content: ClassContent, version: Int64) throws {
        let item = try trainingClass(id)
        try require(version, item)
        guard item.state.isChangeable else { throw StepRefusal.classFixed }
        if content == item.content { return }
        try requireScope(content)
        let changed = ClassContent.fields.filter { item.content.value($0) != content.value($0) }
        if item.state != .draft {
            let fixed = changed.filter { !ClassContent.changeable.contains($0) }
            guard fixed.isEmpty else { throw StepRefusal.faults(fixed.map(FieldFault.fixed)) }
        }
        guard content.capacity >= item.seated else {
            throw StepRefusal.faults([
                FieldFault(
                    field: "capacity",
                    message: LocalizedText(
                        zh: "已有 \(item.seated) 人占了名额，名额不能更少。",
                        en: "\(item.seated) seats are taken: the places cannot be fewer."))
            ])
        }
        try requireSessions(of: id, from: content.startsOn, to: content.endsOn)
        try db.execute(
            """
            UPDATE training_class SET division = \(content.division), title = \(content.title),
                audience = \(content.audience.rawValue), place = \(content.place), latitude = \(content.point?.latitude),
                longitude = \(content.point?.longitude), capacity = \(content.capacity),
                starts_on = \(content.startsOn.description), ends_on = \(content.endsOn.description),
                sign_up_until = \(content.signUpUntil.description), policy = \(content.policy.rawValue),
                needs_approval = \(content.needsApproval ? 1 : 0), version = version + 1
            WHERE class_id = \(id)
            """)
        try note("class.edit", item.subject, division: content.division, changed.joined(separator: ", "))
    }

    private func requireSessions(of id: Int64, from first: CalendarDate, to last: CalendarDate) throws {
        let row = try db.first(
            """
            SELECT count(*) AS n FROM class_session WHERE class_id = \(id) AND is_cancelled = 0
                AND (starts_at < \(TimetableMinute.of(first)) OR starts_at >= \(TimetableMinute.of(last.adding(days: 1))))
            """)
        let count: Int64 = try row?.get("n") ?? 0
        guard count == 0 else {
            throw StepRefusal.faults([
                FieldFault(
                    field: "endsOn",
                    message: LocalizedText(
                        zh: "课表里有 \(count) 节课落在新的起止日期以外，请先改课表。",
                        en: "\(count) sessions lie outside the new days: change the timetable first."))
            ])
        }
    }

    // MARK: - Steps

    func submitClass(_ id: Int64, version: Int64) throws {
        let item = try trainingClass(id)
        if item.state == .submitted, item.submittedBy == caller.id { return }
        try require(version, item)
        guard item.state == .draft else { throw StepRefusal.classStep }
        let readiness = ClassReadiness(item, sessions: try ClassQueries.sessions(of: id, in: db), on: today)
        guard readiness.missing.isEmpty else { throw StepRefusal.faults(readiness.missing) }
        try db.execute(
            """
            UPDATE training_class SET state = 'submitted', submitted_by = \(caller.id), decided_by = NULL,
                decided_at = NULL, note = '', version = version + 1 WHERE class_id = \(id)
            """)
        try note("class.submit", item.subject, division: item.content.division)
    }

    /// Becomes a draft again, to go on working at it.
    func takeBackClass(_ id: Int64, version: Int64) throws {
        let item = try trainingClass(id)
        if item.state == .draft { return }
        try require(version, item)
        guard item.state == .submitted else { throw StepRefusal.classStep }
        try db.execute(
            """
            UPDATE training_class SET state = 'draft', submitted_by = NULL, version = version + 1
            WHERE class_id = \(id)
            """)
        try note("class.takeBack", item.subject, division: item.content.division)
    }

    enum ClassDecision: String, CaseIterable, Sendable {
        case approve
        case `return`
    }

    func decideClass(_ id: Int64, _ decision: ClassDecision, note text: String, version: Int64) throws {
        let item = try trainingClass(id)
        let after: TrainingClass.State = decision == .approve ? .open : .draft
        if item.state == after, item.decidedBy == caller.id { return }
        try require(version, item)
        guard item.state == .submitted else { throw StepRefusal.classStep }
        let isOwn = try item.submittedBy == caller.id || hasPrepared(item.subject, actions: Self.preparing)
        guard !isOwn else { throw StepRefusal.samePerson }
        guard decision == .approve || !text.isEmpty, text.count <= 500 else { throw StepRefusal.noteMissing }
        if decision == .approve {
            let readiness = ClassReadiness(item, sessions: try ClassQueries.sessions(of: id, in: db), on: today)
            let faults = readiness.missing + (readiness.licence.map { [$0] } ?? [])
            guard faults.isEmpty else { throw StepRefusal.faults(faults) }
        }
        try db.execute(
            """
            UPDATE training_class SET state = \(after.rawValue), decided_by = \(caller.id), decided_at = \(time),
                note = \(text), version = version + 1 WHERE class_id = \(id)
            """)
        try note("class.\(decision.rawValue)", item.subject, division: item.content.division, text)
    }

    func startClass(_ id: Int64, version: Int64) throws {
        let item = try trainingClass(id)
        if item.state == .running { return }
        try require(version, item)
        guard item.state == .open else { throw StepRefusal.classStep }
        guard today >= item.content.startsOn else {
            throw StepRefusal.wrongState(
                LocalizedText(
                    zh: "开课日是 \(item.content.startsOn.chinese)，还没有到。",
                    en: "The class begins on \(item.content.startsOn): not yet."))
        }
        try db.execute(
            "UPDATE training_class SET state = 'running', version = version + 1 WHERE class_id = \(id)")
        try note("class.start", item.subject, division: item.content.division)
    }
}

extension FieldFault {
    static let programUnknown = FieldFault(
        field: "program",
        message: LocalizedText(zh: "请选择课程。", en: "Choose a program."))
    static let programNotApproved = FieldFault(
        field: "program",
        message: LocalizedText(zh: "课程还没有批准，不能开班。", en: "The program is not approved: no class can be held."))

    static func fixed(_ field: String) -> FieldFault {
        FieldFault(
            field: field,
            message: LocalizedText(zh: "开班批准以后，这一项不能再改。", en: "This stays as it was approved."))
    }
}

extension StepRefusal {
    static let classFixed = StepRefusal.wrongState(
        LocalizedText(
            zh: "班次已提交、已结束或已取消，不能改。", en: "The class is handed in, ended or cancelled: it cannot be changed."))
    static let classStep = StepRefusal.wrongState(
        LocalizedText(zh: "班次现在的状态不能这样办。", en: "The class's state does not allow this."))
}
