import ServiceKit
import SocialDomain
import Storage

/// Programs: prepared by one, decided by another.
extension ChangeDesk {
    private static let preparing = ["program.make", "program.edit", "program.submit"]

    func program(_ id: Int64) throws -> TrainingProgram {
        guard let program = try SchoolQueries.program(id, within: scope, in: db) else { throw StepRefusal.unknown }
        return program
    }

    /// - Parameter key: of the form; sent twice it gives the program that was made the first time.
    func makeProgram(_ content: ProgramContent, for school: Int64, key: String?) throws -> Int64 {
        let school = try self.school(school)
        if let key, let row = try db.first("SELECT program_id FROM program WHERE form_key = \(key)") {
            let made = try program(try row.get("program_id"))
            return made.id
        }
        let row = try db.first(
            """
            INSERT INTO program (school_id, title, trade, level, hours, syllabus, price, subsidy, is_domestic, form_key)
            VALUES (\(school.id), \(content.title), \(content.trade), \(content.level.rawValue), \(content.hours),
                \(content.syllabus), \(content.price.fen), \(content.subsidy.fen), \(content.isDomestic ? 1 : 0), \(key))
            RETURNING program_id
            """)
        let id = try newID(row, "program_id")
        try note("program.make", "program-\(id)", division: school.content.division)
        return id
    }

    /// A draft, or a withdrawn program that becomes one again. What is approved stays as it was approved.
    func saveProgram(_ id: Int64, _ content: ProgramContent, version: Int64) throws {
        let program = try program(id)
        guard program.version == version else { throw StepRefusal.stale }
        guard program.state == .draft || program.state == .withdrawn else { throw StepRefusal.programFixed }
        if program.content == content, program.state == .draft { return }
        try db.execute(
            """
            UPDATE program SET title = \(content.title), trade = \(content.trade), level = \(content.level.rawValue),
                hours = \(content.hours), syllabus = \(content.syllabus), price = \(content.price.fen),
                subsidy = \(content.subsidy.fen), is_domestic = \(content.isDomestic ? 1 : 0), state = 'draft',
                submitted_by = NULL, decided_by = NULL, decided_at = NULL, version = version + 1
            WHERE program_id = \(id)
            """)
        try note("program.edit", "program-\(id)", division: program.division)
    }

    func submitProgram(_ id: Int64, version: Int64) throws {
        let program = try program(id)
        if program.state == .submitted, program.submittedBy == caller.id { return }
        guard program.version == version else { throw StepRefusal.stale }
        guard program.state == .draft else { throw StepRefusal.programFixed }
        guard try school(program.school).state == .active else { throw StepRefusal.schoolNotActive }
        try db.execute(
            """
            UPDATE program SET state = 'submitted', submitted_by = \(caller.id), decided_by = NULL, decided_at = NULL,
                note = '', version = version + 1 WHERE program_id = \(id)
            """)
        try note("program.submit", "program-\(id)", division: program.division)
    }

    enum ProgramDecision: String, CaseIterable, Sendable {
        case approve
        case `return`
        case withdraw
    }

    func decideProgram(_ id: Int64, _ decision: ProgramDecision, note text: String, version: Int64) throws {
        let program = try program(id)
        let after: TrainingProgram.State =
            switch decision {
            case .approve: .approved
            case .return: .draft
            case .withdraw: .withdrawn
            }
        if program.state == after, program.decidedBy == caller.id { return }
        guard program.version == version else { throw StepRefusal.stale }
        guard program.state == (decision == .withdraw ? .approved : .submitted) else {
            throw StepRefusal.wrongState(
                LocalizedText(zh: "课程现在的状态不能这样办。", en: "The program's state does not allow this."))
        }
        let isOwn = try program.submittedBy == caller.id || hasPrepared("program-\(id)", actions: Self.preparing)
        guard !isOwn else { throw StepRefusal.samePerson }
        guard decision == .approve || !text.isEmpty, text.count <= 500 else { throw StepRefusal.noteMissing }
        if decision == .approve, try school(program.school).state != .active { throw StepRefusal.schoolNotActive }
        try db.execute(
            """
            UPDATE program SET state = \(after.rawValue), decided_by = \(caller.id), decided_at = \(time),
                note = \(text), version = version + 1 WHERE program_id = \(id)
            """)
        try note("program.\(decision.rawValue)", "program-\(id)", division: program.division, text)
    }
}

extension StepRefusal {
    static let programFixed = StepRefusal.wrongState(
        LocalizedText(
            zh: "课程已提交或已批准，不能再改。可以照它新建一个课程。",
            en: "The program is handed in or approved and stays as it is. Make a new one from it."))
    static let schoolNotActive = StepRefusal.wrongState(
        LocalizedText(zh: "培训机构已暂停或关闭。", en: "The school is suspended or closed."))
}
