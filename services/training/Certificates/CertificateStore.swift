import Security
import ServiceKit
import SocialDomain
import Storage

/// Why a certificate was revoked; the words are public.
enum RevocationReason: String, CaseIterable, Hashable, Sendable {
    case error
    case fraud
    case resultWithdrawn = "result-withdrawn"
    case holderAsked = "holder-asked"

    /// No other certificate is issued for the same training.
    var isFinal: Bool { self == .fraud || self == .holderAsked }

    var title: LocalizedText {
        switch self {
        case .error: LocalizedText(zh: "颁发有误", en: "Issued in error")
        case .fraud: LocalizedText(zh: "考勤或考核弄虚作假", en: "Attendance or assessment was falsified")
        case .resultWithdrawn: LocalizedText(zh: "考核成绩被撤销", en: "The assessment's result was withdrawn")
        case .holderAsked: LocalizedText(zh: "持证人申请注销", en: "The holder asked for it")
        }
    }
}

/// A certificate with what is printed on it.
struct Certificate: Sendable {
    let number: String
    let enrollment: Int64
    let learner: Int64
    let holder: String
    let division: String
    let classNumber: Int64
    let program: String
    let trade: String
    let level: SkillLevel
    let hours: Int64
    let school: String
    let startsOn: String
    let endsOn: String
    let issuedOn: String
    let issuedBy: String
    let revokedOn: String?
    let revokedBy: String?
    let revokedWhy: RevocationReason?
    let revokedNote: String
    let numberSealed: [UInt8]
    let numberIndex: [UInt8]

    init(_ row: Row) throws {
        guard let level = SkillLevel(rawValue: try row.get("level")) else { throw DatabaseFault.damaged }
        number = try row.get("number")
        enrollment = try row.get("enrollment_id")
        learner = try row.get("learner_id")
        holder = try row.get("holder")
        division = try row.get("division")
        classNumber = try row.get("class_id")
        program = try row.get("program")
        trade = try row.get("trade")
        self.level = level
        hours = try row.get("hours")
        school = try row.get("school")
        startsOn = try row.get("starts_on")
        endsOn = try row.get("ends_on")
        issuedOn = try row.get("issued_on")
        issuedBy = try row.get("issued_by")
        revokedOn = try row.get("revoked_on")
        revokedBy = try row.get("revoked_by")
        revokedWhy = try row.get("revoked_why", as: String?.self).flatMap(RevocationReason.init)
        revokedNote = try row.get("revoked_note")
        numberSealed = try row.get("number_sealed")
        numberIndex = try row.get("number_index")
    }

    /// - Parameter condition: over `t`, the certificate.
    static func select(_ condition: SQL) -> SQL {
        """
        SELECT t.*, l.name AS holder, l.number_sealed, l.number_index, e.class_id, p.title AS program, p.hours,
            o.name AS school, c.starts_on, c.ends_on
        FROM certificate t JOIN learner l ON l.learner_id = t.learner_id
        JOIN enrollment e ON e.enrollment_id = t.enrollment_id JOIN training_class c ON c.class_id = e.class_id
        JOIN program p ON p.program_id = c.program_id JOIN school o ON o.school_id = c.school_id
        WHERE \(condition)
        """
    }
}

/// Why a certificate is not issued or revoked.
enum CertificateRefusal: ExplainedFault, Hashable {
    case nothingToIssue
    case ownIssue
    case revokedAlready
    case reasonMissing
    case noteMissing
    case noNumberFree

    var explanation: LocalizedText {
        switch self {
        case .nothingToIssue:
            LocalizedText(
                zh: "没有可以颁发的证书：看下面每个人还差什么。", en: "There is no certificate to issue: see below what each learner lacks.")
        case .ownIssue:
            LocalizedText(
                zh: "这张证书是您颁发的，须由另一名审核人员撤销。", en: "You issued this certificate: another reviewer must revoke it.")
        case .revokedAlready: LocalizedText(zh: "这张证书已经撤销。", en: "This certificate is revoked already.")
        case .reasonMissing: LocalizedText(zh: "请选择对外公布的撤销原因。", en: "Choose the reason that is made public.")
        case .noteMissing:
            LocalizedText(
                zh: "请写明查到了什么、依据什么（最多 500 字，不对外公布）。",
                en: "Write what was found and on what it rests, in at most 500 characters; it is not made public.")
        case .noNumberFree: LocalizedText(zh: "没有取到空闲的编号，请再试一次。", en: "No free number was drawn: try again.")
        }
    }

    var field: String { self == .noteMissing ? "note" : "why" }
}

/// Certificates in the database. Everyone reads one by its number; lists and changes stay within a scope's division.
struct CertificateStore: Sendable {
    let database: Database
    /// Draws numbers.
    var draw: @Sendable () -> CertificateNumber = { CertificateNumber.random() }

    func certificate(_ number: CertificateNumber) async throws -> Certificate? {
        try await database.read { db in
            try db.first(Certificate.select("t.number = \(number.text)")).map(Certificate.init)
        }
    }

    func certificate(_ number: String, within scope: Scope) async throws -> Certificate? {
        try await database.read { db in try Self.certificate(number, within: scope, in: db) }
    }

    private static func certificate(_ number: String, within scope: Scope, in db: Connection) throws -> Certificate? {
        guard let number = try? CertificateNumber(number) else { return nil }
        let inScope = SQL.within(scope, division: "t.division", school: "c.school_id")
        return try db.first(Certificate.select("t.number = \(number.text) AND \(inScope)")).map(Certificate.init)
    }

    func ofClass(_ classNumber: Int64, only number: String?, within scope: Scope) async throws -> [Certificate] {
        let inScope = SQL.within(scope, division: "t.division", school: "c.school_id")
        let only: SQL = number.map { "AND t.number = \($0)" } ?? ""
        return try await database.read { db in
            try db.rows(
                Certificate.select("e.class_id = \(classNumber) AND \(inScope) \(only)") + " ORDER BY e.sequence"
            ).map(Certificate.init)
        }
    }

    struct Filter: Hashable, Sendable {
        var number = ""
        /// Nil for both.
        var isRevoked: Bool?
    }

    /// The newest first; of one day by number.
    func list(
        _ filter: Filter, within scope: Scope, after key: (day: String, number: String)?, limit: Int
    ) async throws -> [Certificate] {
        var conditions = [SQL.within(scope, division: "t.division", school: "c.school_id")]
        if !filter.number.isEmpty { conditions.append("t.number = \(filter.number)") }
        if let isRevoked = filter.isRevoked {
            conditions.append(isRevoked ? "t.revoked_on IS NOT NULL" : "t.revoked_on IS NULL")
        }
        if let key {
            conditions.append(
                "(t.issued_on < \(key.day) OR (t.issued_on = \(key.day) AND t.number > \(key.number)))")
        }
        let condition = conditions.joined(by: " AND ")
        return try await database.read { db in
            try db.rows(
                Certificate.select(condition) + " ORDER BY t.issued_on DESC, t.number LIMIT \(limit)"
            ).map(Certificate.init)
        }
    }

    // MARK: - Issuing

    /// What stands between a learner and his certificate.
    enum Standing: String, Hashable, Sendable {
        case ready
        case issued
        /// For a reason that no new certificate mends.
        case revoked
        case notAssessed = "not-assessed"
        case notPassed = "not-passed"
        /// Attendance was put right after the assessment.
        case attendance
        /// Whoever recorded the result does not issue.
        case ownResult = "own-result"
    }

    static func standing(_ learner: AssessmentStore.Assessed, reviewer: String) -> Standing {
        if learner.certificate != nil { return .issued }
        if learner.results.isEmpty { return .notAssessed }
        guard let passing = learner.passing else { return .notPassed }
        if let revoked = learner.revoked, !mayFollow(revoked, on: passing.recordedOn) { return .revoked }
        if !learner.mayBeAssessed { return .attendance }
        return passing.recordedBy == reviewer ? .ownResult : .ready
    }

    /// What was issued in error is issued anew, and what lost its result once there is a later one.
    private static func mayFollow(_ revoked: (on: CalendarDate, why: RevocationReason), on day: CalendarDate) -> Bool {
        !revoked.why.isFinal && (revoked.why != .resultWithdrawn || day >= revoked.on)
    }

    /// Issues for everyone of the class who is ready, once each; how many there were.
    func issue(forClass number: Int64, by acting: ActingAccount) async throws -> Int {
        try await database.write { db in
            guard let found = try AssessmentStore.assessedClass(number, within: acting.caller.scope, in: db) else {
                throw Problem.notFound
            }
            let learners = try AssessmentStore.learners(number, at: acting.minute, in: db)
            let ready = learners.filter { Self.standing($0, reviewer: acting.account) == .ready }
            // Pressed again, or there was nothing: what is issued stays, what cannot be is told.
            guard !ready.isEmpty else {
                if learners.contains(where: { $0.certificate != nil }) { return 0 }
                throw CertificateRefusal.nothingToIssue
            }
            let day = BeijingTime.day(acting.second)
            for learner in ready {
                let certificate = try insert(learner, found, on: day, by: acting.account, in: db)
                try Milestone.certified.record(
                    of: learner.learner, on: day, title: found.title, trade: found.trade, level: found.level,
                    reference: "enrollment:\(learner.enrollment)", in: db)
                try AuditLog.append(
                    [acting.event("certificate.issue", subject: certificate, division: found.division)], in: db)
            }
            return ready.count
        }
    }

    private func insert(
        _ learner: AssessmentStore.Assessed, _ found: AssessmentStore.AssessedClass, on day: CalendarDate,
        by account: String, in db: Connection
    ) throws -> String {
        for _ in 0..<10 {
            let number = draw().text
            guard try db.first("SELECT 1 AS one FROM certificate WHERE number = \(number)") == nil else { continue }
            try db.execute(
                """
                INSERT INTO certificate (number, enrollment_id, learner_id, division, trade, level, issued_on, issued_by)
                VALUES (\(number), \(learner.enrollment), \(learner.learner), \(found.division), \(found.trade),
                    \(found.level.rawValue), \(day.description), \(account))
                """)
            return number
        }
        throw CertificateRefusal.noNumberFree
    }

    func revoke(
        _ number: String, _ why: RevocationReason, note: String, by acting: ActingAccount
    ) async throws {
        try await database.write { db in
            guard let found = try Self.certificate(number, within: acting.caller.scope, in: db) else {
                throw Problem.notFound
            }
            guard found.issuedBy != acting.account else { throw CertificateRefusal.ownIssue }
            if found.revokedOn != nil {
                // The same form sent twice.
                if found.revokedBy == acting.account, found.revokedWhy == why { return }
                throw CertificateRefusal.revokedAlready
            }
            try db.execute(
                """
                UPDATE certificate SET revoked_on = \(BeijingTime.day(acting.second).description),
                    revoked_by = \(acting.account), revoked_why = \(why.rawValue), revoked_note = \(note)
                WHERE number = \(found.number) AND revoked_on IS NULL
                """)
            try AuditLog.append(
                [
                    acting.event(
                        "certificate.revoke", subject: found.number, division: found.division, reason: why.rawValue)
                ], in: db)
        }
    }
}
