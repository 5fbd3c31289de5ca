import ServiceKit
import SocialDomain
import Storage

/// Those who teach.
extension ChangeDesk {
    /// A person of the same number that is on record as a learner is the same person.
    private func learner(_ index: [UInt8]) throws -> Int64? {
        try db.first("SELECT learner_id FROM learner WHERE number_index = \(index)")?.get("learner_id")
    }

    func addInstructor(
        _ content: InstructorContent, number: CitizenID, seal: LearnerSeal, to id: Int64
    ) throws -> Int64 {
        let school = try school(id)
        let index = seal.index(of: number)
        if let row = try db.first(
            "SELECT * FROM instructor WHERE school_id = \(id) AND number_index = \(index)")
        {
            let known = try Instructor(row)
            if known.name == content.name, known.version == 1 { return known.id }
            throw StepRefusal.faults([.instructorKnown])
        }
        let row = try db.first(
            """
            INSERT INTO instructor (school_id, name, number_sealed, number_index, trades, credential, credential_until,
                learner_id, is_active)
            VALUES (\(id), \(content.name), \(try seal.seal(number)), \(index),
                \(content.trades.joined(separator: ",")), \(content.credential),
                \(content.credentialUntil?.description), \(try learner(index)), 1)
            RETURNING instructor_id
            """)
        let instructor = try newID(row, "instructor_id")
        try note("instructor.add", "instructor-\(instructor)", division: school.content.division)
        return instructor
    }

    func saveInstructor(_ id: Int64, _ content: InstructorContent, version: Int64) throws {
        guard let (instructor, school) = try SchoolQueries.instructor(id, within: scope, in: db) else {
            throw StepRefusal.unknown
        }
        guard instructor.version == version else { throw StepRefusal.stale }
        if instructor.isActive, !content.isActive { try requireNoSessions(of: id) }
        try db.execute(
            """
            UPDATE instructor SET name = \(content.name), trades = \(content.trades.joined(separator: ",")),
                credential = \(content.credential), credential_until = \(content.credentialUntil?.description),
                is_active = \(content.isActive ? 1 : 0), learner_id = \(try learner(instructor.numberIndex)),
                version = version + 1
            WHERE instructor_id = \(id)
            """)
        try note("instructor.edit", "instructor-\(id)", division: school.content.division)
    }

    /// Who still has lessons before him does not leave them without a teacher.
    private func requireNoSessions(of id: Int64) throws {
        let row = try db.first(
            """
            SELECT count(*) AS n FROM class_session
            WHERE instructor_id = \(id) AND is_cancelled = 0 AND starts_at > \(minuteNow)
            """)
        let count: Int64 = try row?.get("n") ?? 0
        guard count == 0 else {
            throw StepRefusal.faults([
                FieldFault(
                    field: "isActive",
                    message: LocalizedText(
                        zh: "这位教师还有 \(count) 节课没上，请先换人再停用。",
                        en: "\(count) sessions are still to be taught: give them to another first."))
            ])
        }
    }
}

extension FieldFault {
    static let instructorKnown = FieldFault(
        field: "number",
        message: LocalizedText(
            zh: "本机构已登记过这个身份证号的教师。", en: "An instructor with this number is on record at this school."))
}
