import Security
import ServiceKit
import SocialDomain
import Storage

/// A learner's phone checks in to a session.
struct CheckIn: Sendable {
    let database: Database
    let ring: FieldKeyRing

    /// Whom a phone is known to belong to.
    struct Learner: Hashable, Sendable {
        let number: Int64
        /// For the phone's screen: masked.
        let name: String
    }

    func learner(token: String) async throws -> Learner? {
        guard !token.isEmpty, token.utf8.count <= 200 else { return nil }
        let digest = LearnerSeal.digest(of: token)
        return try await database.read { db in try Self.learner(digest: digest, in: db) }
    }

    private static func learner(digest: [UInt8], in db: Connection) throws -> Learner? {
        try db.first("SELECT learner_id, name FROM learner WHERE token_digest = \(digest)").map { row in
            Learner(number: try row.get("learner_id"), name: PersonName.masked(try row.get("name", as: String.self)))
        }
    }

    /// A session as the phone sees it, open to everybody who has its number.
    func session(_ number: Int64) async throws -> AttendedSession? {
        try await database.read { db in try Self.session(number, in: db) }
    }

    private static func session(_ number: Int64, in db: Connection) throws -> AttendedSession? {
        try db.first(AttendedSession.select("s.session_id = \(number)")).map(AttendedSession.init)
    }

    /// What proves that the phone is in the room.
    enum Evidence: Hashable, Sendable {
        case code(String)
        /// Made when the phone opened the code's address.
        case proof(String)
    }

    /// Looks at a code without checking in: the proof with which the phone's button does it.
    func prepare(
        _ code: String, session number: Int64, learner: Learner, device: [UInt8], at second: Int64
    ) async throws -> String {
        let ring = ring
        return try await database.read { db in
            let place = try Self.place(session: number, learner: learner, at: second, in: db)
            let (secret, step) = try Self.step(code, place.session, at: second, ring: ring, in: db)
            return secret.proof(enrollment: place.enrollment, device: device, step: step)
        }
    }

    /// Present, or late.
    func send(
        _ evidence: Evidence, session number: Int64, learner: Learner, device: [UInt8], at second: Int64,
        request: String
    ) async throws -> AttendanceState {
        let ring = ring
        // Many press at once; each writes a row of its own.
        return try await database.writeByRows { db in
            // Whoever closes the list waits for those who are checking in.
            let lock: SQL = db.engine == .postgres ? "FOR SHARE" : ""
            _ = try db.first("SELECT closed_at FROM attendance_list WHERE session_id = \(number) \(lock)")
            let place = try Self.place(session: number, learner: learner, at: second, in: db)
            switch evidence {
            case .code(let code): _ = try Self.step(code, place.session, at: second, ring: ring, in: db)
            case .proof(let proof):
                guard let secret = try AttendanceStore.code(of: place.session, ring: ring),
                    secret.accepts(proof: proof, enrollment: place.enrollment, device: device, at: second)
                else { throw CheckInRefusal.proofRefused }
            }
            let state: AttendanceState = place.session.isLate(at: second) ? .late : .present
            try Self.put(state, place, device: device, at: second, in: db)
            try AuditLog.append(
                [
                    AuditEvent(
                        "attendance.check-in", subject: "enrollment:\(place.enrollment)",
                        division: place.session.division, reason: "session:\(number)", by: .stranger, request: request)
                ], in: db)
            return state
        }
    }

    // MARK: - Within a transaction

    private struct Place {
        let session: AttendedSession
        let enrollment: Int64
    }

    private static func place(
        session number: Int64, learner: Learner, at second: Int64, in db: Connection
    ) throws -> Place {
        guard let session = try session(number, in: db) else { throw CheckInRefusal.noSession }
        if session.isCancelled { throw CheckInRefusal.cancelled }
        guard
            let row = try db.first(
                """
                SELECT e.enrollment_id, a.state, a.marked_at FROM enrollment e
                LEFT JOIN attendance a ON a.enrollment_id = e.enrollment_id AND a.session_id = \(number)
                WHERE e.class_id = \(session.classNumber) AND e.learner_id = \(learner.number)
                    AND e.state IN ('seated', 'completed')
                """)
        else { throw CheckInRefusal.notSeated }
        switch session.phase(at: second) {
        case .early:
            let opens = AttendanceMinutes.second(session.startsAt - AttendedSession.margin)
            throw CheckInRefusal.early(opens: "\(BeijingTime.day(opens)) \(BeijingTime.clock(opens))")
        case .over: throw CheckInRefusal.over
        case .open: break
        }
        if let state = try row.get("state", as: String?.self).flatMap(AttendanceState.init(rawValue:)), state.counts {
            let moment: String = try row.get("marked_at")
            throw CheckInRefusal.already(
                state.title, at: BeijingTime.clock(BeijingTime.seconds(iso8601: moment) ?? 0))
        }
        if session.closedAt != nil { throw CheckInRefusal.closed }
        return Place(session: session, enrollment: try row.get("enrollment_id"))
    }

    private static func step(
        _ code: String, _ session: AttendedSession, at second: Int64, ring: FieldKeyRing, in db: Connection
    ) throws -> (CheckInCode, Int64) {
        let digits = String(TextForm.folded(code).filter(\.isNumber))
        guard !digits.isEmpty else { throw CheckInRefusal.codeMissing }
        let own = try AttendanceStore.code(of: session, ring: ring)
        switch own?.verdict(digits, at: second) {
        case .good(let step):
            guard let own else { throw CheckInRefusal.wrongCode }
            return (own, step)
        case .old: throw CheckInRefusal.oldCode
        case .wrong, nil:
            let isOther = try AttendanceStore.belongsElsewhere(digits, than: session, at: second, ring: ring, in: db)
            throw isOther ? CheckInRefusal.otherSession : .wrongCode
        }
    }

    /// A learner who was marked absent or on leave and comes after all is there.
    private static func put(
        _ state: AttendanceState, _ place: Place, device: [UInt8], at second: Int64, in db: Connection
    ) throws {
        let moment = BeijingTime.iso8601(second)
        let count = try db.execute(
            """
            INSERT INTO attendance (session_id, enrollment_id, class_id, state, source, marked_at, device_digest)
            VALUES (\(place.session.number), \(place.enrollment), \(place.session.classNumber), \(state.rawValue),
                'code', \(moment), \(device))
            ON CONFLICT (session_id, enrollment_id) DO UPDATE SET state = \(state.rawValue), source = 'code',
                marked_at = \(moment), device_digest = \(device), checked_in_at = NULL, reason = '', marked_by = ''
                WHERE attendance.state IN ('leave', 'absent')
            """)
        guard count > 0 else {
            throw CheckInRefusal.already(state.title, at: BeijingTime.clock(second))
        }
    }
}
