import Security
import ServiceKit
import SocialDomain
import Storage

/// Sessions and their lists in the database. Staff see and change what lies within their division.
struct AttendanceStore: Sendable {
    let database: Database
    let ring: FieldKeyRing

    // MARK: - Reading

    func session(_ number: Int64, ofClass classNumber: Int64, within scope: Scope) async throws -> AttendedSession? {
        try await database.read { db in try Self.session(number, ofClass: classNumber, within: scope, in: db) }
    }

    static func session(
        _ number: Int64, ofClass classNumber: Int64, within scope: Scope, in db: Connection
    ) throws -> AttendedSession? {
        let inScope = SQL.within(scope, division: "c.division", school: "c.school_id")
        return try db.first(
            AttendedSession.select("s.session_id = \(number) AND s.class_id = \(classNumber) AND \(inScope)")
        ).map(AttendedSession.init)
    }

    /// The sessions of a day, in the order of their start.
    func sessions(on day: CalendarDate, within scope: Scope, limit: Int) async throws -> [AttendedSession] {
        let from = AttendanceMinutes.minute(BeijingTime.seconds(day, minute: 0))
        let inScope = SQL.within(scope, division: "c.division", school: "c.school_id")
        let query =
            AttendedSession.select(
                "\(inScope) AND c.state IN ('open', 'running', 'ended') AND s.starts_at >= \(from) AND s.starts_at < \(from + 1440)"
            ) + " LIMIT \(limit)"
        return try await database.read { db in try db.rows(query).map(AttendedSession.init) }
    }

    func list(of session: AttendedSession) async throws -> [AttendanceEntry] {
        try await database.read { db in try Self.list(of: session.number, inClass: session.classNumber, in: db) }
    }

    static func list(of session: Int64, inClass number: Int64, in db: Connection) throws -> [AttendanceEntry] {
        try db.rows(
            """
            SELECT e.enrollment_id, e.state AS enrollment_state, l.name, a.state, a.source, a.marked_at,
                a.is_marked_late, a.reason
            FROM enrollment e JOIN learner l ON l.learner_id = e.learner_id
            LEFT JOIN attendance a ON a.session_id = \(session) AND a.enrollment_id = e.enrollment_id
            WHERE e.class_id = \(number) AND (e.state IN ('seated', 'completed') OR a.state IS NOT NULL)
            ORDER BY e.sequence
            """
        ).map(AttendanceEntry.init)
    }

    // MARK: - Codes

    private static func place(_ session: Int64) -> FieldPlace {
        FieldPlace(table: "attendance_list", column: "secret", row: "\(session)")
    }

    /// Nil where the list was never opened.
    static func code(of session: AttendedSession, ring: FieldKeyRing) throws -> CheckInCode? {
        guard let sealed = session.sealedSecret else { return nil }
        return CheckInCode(
            secret: try ring.open(sealed, at: place(session.number)), session: session.number)
    }

    /// Opens the list on its first look, and notes once a minute where its code is shown.
    ///
    /// - Parameter address: of whoever asks; only a digest of it is kept.
    func show(
        _ session: AttendedSession, by acting: ActingAccount, from address: String?
    ) async throws -> CheckInCode {
        let network =
            address.map { ring.current.index.index(Array($0.utf8), table: "code_showing", column: "network") } ?? []
        let minute = acting.minute
        let isNoted = try await database.read { db in
            try db.first(
                """
                SELECT 1 AS one FROM code_showing WHERE account = \(acting.account) AND minute = \(minute)
                    AND session_id = \(session.number) AND network = \(network)
                """) != nil
        }
        if isNoted, let code = try Self.code(of: session, ring: ring) { return code }
        let fresh = try ring.seal(CheckInCode.newSecret(), at: Self.place(session.number))
        let sealed = try await database.write { db in
            let sealed = try Self.open(session, secret: fresh, by: acting, in: db)
            try db.execute(
                """
                INSERT INTO code_showing (account, minute, session_id, network)
                VALUES (\(acting.account), \(minute), \(session.number), \(network)) ON CONFLICT DO NOTHING
                """)
            return sealed
        }
        return CheckInCode(secret: try ring.open(sealed, at: Self.place(session.number)), session: session.number)
    }

    /// The list's sealed secret; makes the list where there is none.
    static func open(
        _ session: AttendedSession, secret: [UInt8], by acting: ActingAccount, in db: Connection
    ) throws -> [UInt8] {
        let count = try db.execute(
            """
            INSERT INTO attendance_list (session_id, secret_sealed, opened_at, opened_by)
            VALUES (\(session.number), \(secret), \(acting.moment), \(acting.account)) ON CONFLICT DO NOTHING
            """)
        if count > 0 {
            try AuditLog.append(
                [acting.event("attendance.open", subject: "session:\(session.number)", division: session.division)],
                in: db)
            return secret
        }
        guard
            let row = try db.first("SELECT secret_sealed FROM attendance_list WHERE session_id = \(session.number)")
        else { throw DatabaseFault.damaged }
        return try row.get("secret_sealed")
    }

    func newSealedSecret(_ session: Int64) throws -> [UInt8] {
        try ring.seal(CheckInCode.newSecret(), at: Self.place(session))
    }

    /// Whether the code is good in another session that is under way.
    static func belongsElsewhere(
        _ code: String, than session: AttendedSession, at second: Int64, ring: FieldKeyRing, in db: Connection
    ) throws -> Bool {
        let minute = AttendanceMinutes.minute(second)
        let margin = AttendedSession.margin
        let others = try db.rows(
            """
            SELECT s.session_id, t.secret_sealed FROM class_session s
            JOIN attendance_list t ON t.session_id = s.session_id
            JOIN training_class c ON c.class_id = s.class_id
            WHERE s.starts_at <= \(minute + margin) AND s.starts_at > \(minute - 720 - margin)
                AND s.ends_at >= \(minute - margin) AND s.session_id <> \(session.number)
                AND substr(c.division, 1, 6) = \(String(session.division.prefix(6))) LIMIT 200
            """)
        for row in others {
            let number: Int64 = try row.get("session_id")
            let secret = try ring.open(row.get("secret_sealed"), at: place(number))
            if case .good = CheckInCode(secret: secret, session: number).verdict(code, at: second) { return true }
        }
        return false
    }
}
