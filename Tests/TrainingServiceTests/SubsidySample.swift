import Contracts
import HTTPTypes
import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases

@testable import TrainingService

/// Two neighbouring counties with a school each, and classes that ended in May 2026.
struct SubsidySample {
    let sample: TrainingSample
    static let day = "2026-06-10T02:00:00Z"
    static let officer = caller("officer", ["officer"])
    static let reviewer = caller("reviewer", ["reviewer"])

    static func caller(_ id: String, _ roles: Set<String>, division: String? = nil) -> Caller {
        Caller(
            kind: .person, id: id, name: id,
            scope: Scope(roles: ["training": roles], division: division.flatMap { DivisionCode($0) }))
    }

    init(_ engine: Engine, budget: Int64 = 10_000_00, now: String = day, signIn: SignIn? = nil) async throws {
        sample = try await TrainingSample(engine, now: now, signIn: signIn)
        try await database.write { db in
            for (id, code, division) in [
                (1, "52150402MJY1234565", "150402"), (2, "52150403MJY111111Q", "150403"),
            ] {
                try db.execute(
                    """
                    INSERT INTO school (school_id, credit_code, name, division)
                    VALUES (\(id), \(code), \("学校\(id)"), \(division))
                    """)
                for year in [Int64(2025), 2026] {
                    try Self.budget(division, year, budget, db)
                }
            }
        }
    }

    var database: Database { sample.application.database }

    static func budget(_ division: String, _ year: Int64, _ fen: Int64, version: Int64 = 0, _ db: Connection) throws {
        try BudgetDesk(db: db, caller: officer, time: day, request: "").set(
            Ledger.Key(division: division, year: year), to: Money(fen: fen), version: version)
    }

    /// One class with a room and an instructor of its own; one session for each number of hours, on days one after another.
    static func addClass(
        _ id: Int64, school: Int64 = 1, trade: String = "4-10-01-06", hours: [Int64] = [8, 2], price: Int64 = 600_00,
        standard: Int64 = 1000_00, _ db: Connection
    ) throws {
        let division = school == 1 ? "150402" : "150403"
        try db.execute(
            """
            INSERT INTO program (program_id, school_id, title, trade, level, hours, price, subsidy, state)
            VALUES (\(id), \(school), '课', \(trade), 5, 10, \(price), \(standard), 'approved')
            """)
        try db.execute(
            "INSERT INTO room (room_id, school_id, name, seats) VALUES (\(id), \(school), \("教室\(id)"), 40)")
        try db.execute(
            """
            INSERT INTO instructor (instructor_id, school_id, name, number_sealed, number_index)
            VALUES (\(id), \(school), '教师', \([UInt8(id)]), \([UInt8(id), 9]))
            """)
        try db.execute(
            """
            INSERT INTO training_class (class_id, program_id, school_id, division, title, audience, capacity, starts_on,
                ends_on, sign_up_until, state)
            VALUES (\(id), \(id), \(school), \(division), \("班\(id)"), 'any', 30, '2026-05-01', '2026-05-31',
                '2026-04-30', 'ended')
            """)
        let start = Int64(CalendarDate.dayNumber(year: 2026, month: 5, day: 1)) * 1440 + 480
        for (index, count) in hours.enumerated() {
            let begins = start + Int64(index) * 1440
            try db.execute(
                """
                INSERT INTO class_session (session_id, class_id, room_id, instructor_id, instructor_number, starts_at,
                    ends_at, hours)
                VALUES (\(id * 100 + Int64(index)), \(id), \(id), \(id), \([UInt8(id), 9]), \(begins), \(begins + 480),
                    \(count))
                """)
        }
    }

    /// - Parameter sessions: which of the class's the learner attended.
    static func addLearner(
        _ learner: Int64, to id: Int64, name: String? = nil, sessions: [Int64] = [0, 1], lowIncome: String = "no",
        trade: String = "4-10-01-06", isCertified: Bool = true, _ db: Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO learner (learner_id, division, name, number_sealed, number_index, born_on, sex, residence, groups,
                created_at)
            VALUES (\(learner), '150402', \(name ?? "学员\(learner)"), \([UInt8(learner)]), \([UInt8(learner)]),
                '1990-01-01', 'female', 'rural', 'rural-transfer', \(day)) ON CONFLICT DO NOTHING
            """)
        let enrollment = id * 100 + learner
        try db.execute(
            """
            INSERT INTO enrollment (enrollment_id, class_id, learner_id, division, state, sequence, low_income, created_at,
                changed_at)
            VALUES (\(enrollment), \(id), \(learner), '150402', 'completed', \(learner), \(lowIncome), \(day), \(day))
            """)
        for session in sessions {
            try db.execute(
                """
                INSERT INTO attendance (session_id, enrollment_id, class_id, state, source, marked_at)
                VALUES (\(id * 100 + session), \(enrollment), \(id), 'present', 'teacher', \(day))
                """)
        }
        if isCertified { try certify(learner, in: id, trade: trade, db) }
    }

    static func certify(_ learner: Int64, in id: Int64, trade: String = "4-10-01-06", _ db: Connection) throws {
        let enrollment = id * 100 + learner
        try db.execute(
            """
            INSERT INTO certificate (number, enrollment_id, learner_id, division, trade, level, issued_on, issued_by)
            VALUES (\("N\(enrollment)"), \(enrollment), \(learner), '150402', \(trade), 5, '2026-06-01', 'x')
            """)
    }

    func prepare(_ work: @escaping @Sendable (Connection) throws -> Void) async throws {
        try await database.write { db in try work(db) }
    }

    @discardableResult
    func claims<Value: Sendable>(
        by caller: Caller = officer, at time: String = day, _ work: @escaping @Sendable (ClaimDesk) throws -> Value
    ) async throws -> Value {
        try await database.writeOnce { db in
            try work(ClaimDesk(db: db, caller: caller, time: time, request: "", settings: SubsidySettings()))
        }
    }

    @discardableResult
    func payments<Value: Sendable>(_ work: @escaping @Sendable (PaymentDesk) throws -> Value) async throws -> Value {
        try await database.writeOnce { db in
            try work(PaymentDesk(db: db, caller: Self.officer, time: Self.day, request: ""))
        }
    }

    /// Drafts and hands in as one person would who looks at the page in between.
    func submit(_ classID: Int64, at time: String = day) async throws {
        try await claims(at: time) { desk in
            let id = try desk.draft(of: classID, id: "C\(classID)")
            let claim = try desk.find(id)
            try desk.submit(id, version: claim.version, digest: desk.sheet(of: classID, claim: id).sheet.digest)
        }
    }

    func review(_ id: String, _ decision: ClaimDesk.Decision, note: String = "看过") async throws {
        try await claims(by: Self.reviewer) { desk in
            try desk.review(id, version: desk.find(id).version, decision, note: note)
        }
    }

    func faults() async throws -> [String] {
        try await database.read { db in try LedgerCheck.run(in: db).faults }
    }

    func committed(_ division: String = "150402", _ year: Int64 = 2026) async throws -> Int64? {
        try await database.read { db in
            try db.first("SELECT committed FROM budget WHERE division = \(division) AND year = \(year)")?
                .get("committed")
        }
    }

    // MARK: - Behind sign-in

    private static func keys() throws -> SigningKeys {
        try SigningKeys(issuer: "gateway", seeds: [(1, [UInt8](repeating: 5, count: 32))])
    }

    static func signIn() async throws -> SignIn {
        try SignIn(
            .tokens(try await TokenVerifier(jwks: [keys().jwks()]), gateway: "http://127.0.0.1:8100"),
            formKey: [UInt8](repeating: 3, count: 32), now: { 1_000_000 })
    }

    static func headers(_ id: String, _ role: String, division: String = "150402") async throws -> HTTPFields {
        let token = try await TokenIssuer(keys()).sign(
            AccessClaims(
                issuer: "gateway", subject: id, name: id, kind: .person, roles: ["training": [role]],
                division: division, organisation: role == "school" ? "52150402MJY1234565" : nil, session: "s-\(id)",
                issuedAt: 1_000_000))
        return [.authorization: "Bearer \(token)", .accept: "text/html"]
    }
}
