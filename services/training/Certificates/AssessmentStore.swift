import Security
import ServiceKit
import SocialDomain
import Storage

/// Results, exceptions and pass marks in the database.
struct AssessmentStore: Sendable {
    let database: Database

    /// A class as its results need it.
    struct AssessedClass: Sendable {
        let number: Int64
        let title: String
        let division: String
        let program: Int64
        let programTitle: String
        let trade: String
        let level: SkillLevel
        let school: String
        let passMark: PassMark
    }

    typealias Recorded = (result: AssessmentResult, passed: Bool, recordedBy: String, recordedOn: CalendarDate)

    /// A learner with what stands between him and a certificate.
    struct Assessed: Sendable {
        let enrollment: Int64
        let learner: Int64
        let name: String
        let ratio: AttendanceRatio
        /// Why assessed in spite of missing hours, and by whose leave.
        let exception: (reason: String, by: String)?
        var results: [Recorded]
        /// The one that is valid.
        let certificate: String?
        /// The last one that was revoked, or the one for whose reason there is no other.
        var revoked: (on: CalendarDate, why: RevocationReason)?

        var mayBeAssessed: Bool { ratio.reaches() || exception != nil }
        var passing: Recorded? { results.first { $0.passed } }
    }

    func assessed(
        _ number: Int64, within scope: Scope, at second: Int64
    ) async throws -> (AssessedClass, [Assessed])? {
        try await database.read { db in
            guard let found = try Self.assessedClass(number, within: scope, in: db) else { return nil }
            return (found, try Self.learners(number, at: AttendanceMinutes.minute(second), in: db))
        }
    }

    static func assessedClass(_ number: Int64, within scope: Scope, in db: Connection) throws -> AssessedClass? {
        let inScope = SQL.within(scope, division: "c.division", school: "c.school_id")
        return try db.first(
            """
            SELECT c.class_id, c.title, c.division, p.program_id, p.title AS program, p.trade, p.level,
                o.name AS school, m.theory, m.practice, m.program_id AS marked
            FROM training_class c JOIN program p ON p.program_id = c.program_id
            JOIN school o ON o.school_id = c.school_id LEFT JOIN pass_mark m ON m.program_id = p.program_id
            WHERE c.class_id = \(number) AND \(inScope)
            """
        ).map { row in
            guard let level = SkillLevel(rawValue: try row.get("level")) else { throw DatabaseFault.damaged }
            let isMarked = try row.get("marked", as: Int64?.self) != nil
            return AssessedClass(
                number: try row.get("class_id"), title: try row.get("title"), division: try row.get("division"),
                program: try row.get("program_id"), programTitle: try row.get("program"), trade: try row.get("trade"),
                level: level, school: try row.get("school"),
                passMark: isMarked
                    ? PassMark(theory: try row.get("theory"), practice: try row.get("practice")) : .usual)
        }
    }

    static func learners(_ number: Int64, at minute: Int64, in db: Connection) throws -> [Assessed] {
        let ratios = try AttendanceRatio.ofClass(number, at: minute, in: db)
        var results: [Int64: [Recorded]] = [:]
        try db.forEach(
            """
            SELECT r.* FROM assessment_result r JOIN enrollment e ON e.enrollment_id = r.enrollment_id
            WHERE e.class_id = \(number) ORDER BY r.enrollment_id, r.attempt
            """
        ) { row in
            let day: String = try row.get("taken_on")
            let result = AssessmentResult(
                attempt: try row.get("attempt"), takenOn: CalendarDate(iso8601: day) ?? CalendarDate(dayNumber: 0),
                theory: try row.get("theory"), practice: try row.get("practice"), examiner: try row.get("examiner"))
            results[try row.get("enrollment_id"), default: []].append(
                (
                    result, try row.get("passed", as: Int64.self) == 1, try row.get("recorded_by"),
                    BeijingTime.day(iso8601: try row.get("recorded_at"))
                ))
        }
        var revoked: [Int64: (on: CalendarDate, why: RevocationReason)] = [:]
        try db.forEach(
            """
            SELECT t.enrollment_id, t.revoked_on, t.revoked_why FROM certificate t
            JOIN enrollment e ON e.enrollment_id = t.enrollment_id
            WHERE e.class_id = \(number) AND t.revoked_on IS NOT NULL ORDER BY t.revoked_on, t.number
            """
        ) { row in
            guard let day = CalendarDate(iso8601: try row.get("revoked_on", as: String.self)),
                let why = RevocationReason(rawValue: try row.get("revoked_why"))
            else { throw DatabaseFault.damaged }
            let enrollment: Int64 = try row.get("enrollment_id")
            if revoked[enrollment]?.why.isFinal ?? false { return }
            revoked[enrollment] = (day, why)
        }
        return try db.rows(
            """
            SELECT e.enrollment_id, e.learner_id, l.name, x.reason, x.granted_by, t.number FROM enrollment e
            JOIN learner l ON l.learner_id = e.learner_id
            LEFT JOIN attendance_exception x ON x.enrollment_id = e.enrollment_id
            LEFT JOIN certificate t ON t.enrollment_id = e.enrollment_id AND t.revoked_on IS NULL
            WHERE e.class_id = \(number) AND (e.state IN ('seated', 'completed')
                OR EXISTS (SELECT 1 FROM certificate z WHERE z.enrollment_id = e.enrollment_id))
            ORDER BY e.sequence
            """
        ).map { row in
            let enrollment: Int64 = try row.get("enrollment_id")
            let reason: String? = try row.get("reason")
            let by: String? = try row.get("granted_by")
            return Assessed(
                enrollment: enrollment, learner: try row.get("learner_id"), name: try row.get("name"),
                ratio: ratios[enrollment] ?? AttendanceRatio(attended: 0, held: 0),
                exception: reason.map { (reason: $0, by: by ?? "") }, results: results[enrollment] ?? [],
                certificate: try row.get("number"), revoked: revoked[enrollment])
        }
    }

    // MARK: - Changing

    /// Records an attempt's result, or puts the last one right where a reason is given.
    func record(
        _ result: AssessmentResult, of enrollment: Int64, inClass number: Int64, reason: String,
        by acting: ActingAccount
    ) async throws {
        try await database.write { db in
            guard let found = try Self.assessedClass(number, within: acting.caller.scope, in: db) else {
                throw Problem.notFound
            }
            guard
                let learner = try Self.learners(number, at: acting.minute, in: db).first(where: {
                    $0.enrollment == enrollment
                })
            else { throw Problem.notFound }
            try Self.record(result, of: learner, in: found, reason: reason, by: acting, in: db)
        }
    }

    static func record(
        _ result: AssessmentResult, of learner: Assessed, in found: AssessedClass, reason: String,
        by acting: ActingAccount, in db: Connection
    ) throws {
        let known = learner.results.first { $0.result.attempt == result.attempt }
        // The same form sent twice.
        if let known, known.result == result { return }
        try check(result, of: learner, in: found, isCorrection: known != nil && !reason.isEmpty, by: acting)
        let passed: Int64 = found.passMark.isPassed(theory: result.theory, practice: result.practice) ? 1 : 0
        try db.execute(
            """
            INSERT INTO assessment_result (enrollment_id, attempt, taken_on, theory, practice, passed, examiner,
                recorded_by, recorded_at)
            VALUES (\(learner.enrollment), \(result.attempt), \(result.takenOn.description), \(result.theory),
                \(result.practice), \(passed), \(result.examiner), \(acting.account), \(acting.moment))
            ON CONFLICT (enrollment_id, attempt) DO UPDATE SET taken_on = \(result.takenOn.description),
                theory = \(result.theory), practice = \(result.practice), passed = \(passed),
                examiner = \(result.examiner), recorded_by = \(acting.account), recorded_at = \(acting.moment)
            """)
        let before = known.map { "\(Points.text($0.result.theory))/\(Points.text($0.result.practice)) → " } ?? ""
        let now = "\(before)\(Points.text(result.theory))/\(Points.text(result.practice))"
        try AuditLog.append(
            [
                acting.event(
                    known == nil ? "result.record" : "result.correct", subject: "enrollment:\(learner.enrollment)",
                    division: found.division, reason: "attempt \(result.attempt): \(now) \(reason.prefix(200))")
            ], in: db)
    }

    /// Whether the result may stand now.
    static func check(
        _ result: AssessmentResult, of learner: Assessed, in found: AssessedClass, isCorrection: Bool,
        by acting: ActingAccount
    ) throws(AssessmentRefusal) {
        if learner.certificate != nil { throw .certified }
        if !learner.mayBeAssessed { throw .attendance(learner.ratio.text) }
        if !learner.ratio.reaches(), learner.exception?.by == acting.account { throw .ownException }
        if result.takenOn > BeijingTime.day(acting.second) {
            throw .field("day", LocalizedText(zh: "考核日期不能在今天以后。", en: "The day of assessment cannot lie ahead."))
        }
        for (name, points, mark) in [
            ("theory", result.theory, found.passMark.theory), ("practice", result.practice, found.passMark.practice),
        ] where points == nil && mark != nil {
            throw .field(name, LocalizedText(zh: "请填写分数，0 到 100。", en: "Give the points, 0 to 100."))
        }
        let last = learner.results.last?.result.attempt ?? 0
        if isCorrection, result.attempt == last { return }
        if result.attempt <= last {
            throw result.attempt == last ? .attemptTaken : .wrongAttempt(next: last + 1)
        }
        if learner.passing != nil { throw .passedAlready }
        if last >= AssessmentResult.mostAttempts { throw .noAttemptLeft }
        if result.attempt != last + 1 { throw .wrongAttempt(next: last + 1) }
    }

    /// Lets a learner be assessed with less attendance than is asked for.
    func grant(
        _ reason: String, to enrollment: Int64, inClass number: Int64, by acting: ActingAccount
    ) async throws {
        try await database.write { db in
            guard let found = try Self.assessedClass(number, within: acting.caller.scope, in: db),
                let learner = try Self.learners(number, at: acting.minute, in: db).first(where: {
                    $0.enrollment == enrollment
                })
            else { throw Problem.notFound }
            guard (1...500).contains(reason.count) else {
                throw AssessmentRefusal.field(
                    "exception", LocalizedText(zh: "请写明理由，最多 500 字。", en: "Give the reason, at most 500 characters."))
            }
            if learner.exception != nil { return }
            if learner.ratio.reaches() { throw AssessmentRefusal.enoughAttendance }
            try db.execute(
                """
                INSERT INTO attendance_exception (enrollment_id, reason, granted_by, granted_at)
                VALUES (\(enrollment), \(reason), \(acting.account), \(acting.moment))
                """)
            try AuditLog.append(
                [
                    acting.event(
                        "attendance.exception", subject: "enrollment:\(enrollment)", division: found.division,
                        reason: learner.ratio.text)
                ], in: db)
        }
    }

    /// What the program of a class asks for from now on; results that are recorded stay as they are.
    func set(_ mark: PassMark, forClass number: Int64, by acting: ActingAccount) async throws {
        try await database.write { db in
            guard let found = try Self.assessedClass(number, within: acting.caller.scope, in: db) else {
                throw Problem.notFound
            }
            guard found.passMark != mark else { return }
            try db.execute(
                """
                INSERT INTO pass_mark (program_id, theory, practice, set_by, set_at)
                VALUES (\(found.program), \(mark.theory), \(mark.practice), \(acting.account), \(acting.moment))
                ON CONFLICT (program_id) DO UPDATE SET theory = \(mark.theory), practice = \(mark.practice),
                    set_by = \(acting.account), set_at = \(acting.moment)
                """)
            try AuditLog.append(
                [
                    acting.event(
                        "result.pass-mark", subject: "program:\(found.program)", division: found.division,
                        reason: "\(Points.text(mark.theory))/\(Points.text(mark.practice))")
                ], in: db)
        }
    }
}
