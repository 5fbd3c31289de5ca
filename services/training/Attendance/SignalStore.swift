import Security
import ServiceKit
import SocialDomain
import Storage

/// Signals, computed from attendance when they are asked for, and what inspectors found.
struct SignalStore: Sendable {
    let database: Database

    struct Filter: Hashable, Sendable {
        var kind: AttendanceSignal.Kind?
        /// Days of the sessions, both included.
        var from: CalendarDate
        var until: CalendarDate
        /// Only this session's.
        var session: Int64?
        /// Only this class's, whatever the day.
        var classNumber: Int64?
    }

    /// The newest session first.
    func signals(_ filter: Filter, within scope: Scope) async throws -> [AttendanceSignal] {
        try await database.read { db in try Self.signals(filter, within: scope, in: db) }
    }

    static func signals(_ filter: Filter, within scope: Scope, in db: Connection) throws -> [AttendanceSignal] {
        var conditions = [SQL.within(scope, division: "c.division", school: "c.school_id")]
        if let number = filter.classNumber {
            conditions.append("c.class_id = \(number)")
        } else if let session = filter.session {
            conditions.append("s.session_id = \(session)")
        } else {
            conditions.append("s.starts_at >= \(minute(filter.from)) AND s.starts_at < \(minute(filter.until) + 1440)")
        }
        let condition = conditions.joined(by: " AND ")
        let findings = try findings(condition, in: db)
        var signals: [AttendanceSignal] = []
        for kind in AttendanceSignal.Kind.allCases where filter.kind == nil || filter.kind == kind {
            for row in try db.rows(query(kind, condition)) {
                var signal = AttendanceSignal(
                    session: try row.get("session_id"), classNumber: try row.get("class_id"),
                    classTitle: try row.get("title"), division: try row.get("division"),
                    startsAt: try row.get("starts_at"), kind: kind, place: try place(row, kind),
                    weight: try row.get("weight"))
                signal.finding = findings[[String(signal.session), kind.rawValue, signal.place]]
                signals.append(signal)
            }
        }
        return signals.sorted {
            ($0.startsAt, $0.session, $0.kind.rawValue, $0.place) > (
                $1.startsAt, $1.session, $1.kind.rawValue, $1.place
            )
        }
    }

    /// For whoever decides about a class's money.
    static func signals(ofClass number: Int64, within scope: Scope, in db: Connection) throws -> [AttendanceSignal] {
        let day = CalendarDate(dayNumber: 0)
        return try signals(Filter(from: day, until: day, classNumber: number), within: scope, in: db)
    }

    private static func minute(_ day: CalendarDate) -> Int64 {
        AttendanceMinutes.minute(BeijingTime.seconds(day, minute: 0))
    }

    private static let session: SQL = "s.session_id, s.class_id, c.title, c.division, s.starts_at"
    private static let tables: SQL = """
        training_class c JOIN class_session s ON s.class_id = c.class_id
        """

    private static func query(_ kind: AttendanceSignal.Kind, _ condition: SQL) -> SQL {
        switch kind {
        case .oneDevice:
            """
            SELECT \(session), a.device_digest AS place, COUNT(*) AS weight FROM \(tables)
            JOIN attendance a ON a.session_id = s.session_id AND a.device_digest IS NOT NULL
            WHERE \(condition) GROUP BY \(session), a.device_digest HAVING COUNT(*) > 1
            """
        case .sameSecond:
            """
            SELECT \(session), COALESCE(a.checked_in_at, a.marked_at) AS place, COUNT(*) AS weight FROM \(tables)
            JOIN attendance a ON a.session_id = s.session_id AND a.device_digest IS NOT NULL
            WHERE \(condition) GROUP BY \(session), COALESCE(a.checked_in_at, a.marked_at) HAVING COUNT(*) >= 3
            """
        case .twoPlaces:
            // A phone and a projector in one room may use two networks for a moment; three minutes are more than that.
            """
            SELECT \(session), w.account AS place, COUNT(DISTINCT w.minute) AS weight FROM \(tables)
            JOIN code_showing w ON w.session_id = s.session_id
            JOIN code_showing o ON o.account = w.account AND o.minute = w.minute
                AND (o.session_id <> w.session_id OR o.network <> w.network)
            WHERE \(condition) GROUP BY \(session), w.account
            HAVING COUNT(DISTINCT w.minute) >= 3 OR MAX(CASE WHEN o.session_id <> w.session_id THEN 1 ELSE 0 END) = 1
            """
        case .markedLate:
            """
            SELECT \(session), '' AS place, CAST(SUM(a.is_marked_late) AS BIGINT) AS weight FROM \(tables)
            JOIN attendance a ON a.session_id = s.session_id
            WHERE \(condition) GROUP BY \(session)
            HAVING SUM(a.is_marked_late) >= 3 AND SUM(a.is_marked_late) * 5 >= COUNT(*)
            """
        }
    }

    private static func place(_ row: Row, _ kind: AttendanceSignal.Kind) throws -> String {
        if kind == .oneDevice { return hex(try row.get("place", as: [UInt8].self)) }
        return try row.get("place")
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    private static func findings(_ condition: SQL, in db: Connection) throws -> [[String]: AttendanceSignal.Finding] {
        let rows = try db.rows(
            """
            SELECT f.* FROM \(tables) JOIN signal_finding f ON f.session_id = s.session_id WHERE \(condition)
            """)
        var findings: [[String]: AttendanceSignal.Finding] = [:]
        for row in rows {
            guard let outcome = AttendanceSignal.Outcome(rawValue: try row.get("outcome")) else {
                throw DatabaseFault.damaged
            }
            let key = [
                "\(try row.get("session_id", as: Int64.self))", try row.get("kind", as: String.self),
                try row.get("place", as: String.self),
            ]
            findings[key] = AttendanceSignal.Finding(
                outcome: outcome, note: try row.get("note"), weight: try row.get("weight"),
                decidedBy: try row.get("decided_by"), decidedAt: try row.get("decided_at"),
                version: try row.get("version"))
        }
        return findings
    }

    // MARK: - One

    /// What a signal rests on: a line for each check-in, showing or late entry.
    struct Evidence: Hashable, Sendable {
        /// Nil for a showing of the code.
        let enrollment: Int64?
        let name: String
        /// ISO 8601 in UTC.
        let moment: String
        /// Of a late entry, or of whoever showed a code.
        let account: String
        /// The other session, or empty.
        let other: String
    }

    func signal(
        session: Int64, kind: AttendanceSignal.Kind, place: String, within scope: Scope
    ) async throws -> (AttendanceSignal, [Evidence])? {
        try await database.read { db in
            guard let signal = try Self.signal(session: session, kind: kind, place: place, within: scope, in: db) else {
                return nil
            }
            return (signal, try Self.evidence(signal, in: db))
        }
    }

    private static func signal(
        session: Int64, kind: AttendanceSignal.Kind, place: String, within scope: Scope, in db: Connection
    ) throws -> AttendanceSignal? {
        let day = CalendarDate(dayNumber: 0)
        return try signals(
            Filter(kind: kind, from: day, until: day, session: session), within: scope, in: db
        ).first { $0.place == place }
    }

    static func evidence(_ signal: AttendanceSignal, in db: Connection) throws -> [Evidence] {
        if signal.kind == .twoPlaces {
            return try db.rows(
                """
                SELECT DISTINCT w.minute, o.session_id AS other FROM code_showing w
                JOIN code_showing o ON o.account = w.account AND o.minute = w.minute
                    AND (o.session_id <> w.session_id OR o.network <> w.network)
                WHERE w.session_id = \(signal.session) AND w.account = \(signal.place) ORDER BY w.minute, other LIMIT 100
                """
            ).map { row in
                let second = AttendanceMinutes.second(try row.get("minute"))
                let other: Int64 = try row.get("other")
                return Evidence(
                    enrollment: nil, name: "", moment: BeijingTime.iso8601(second), account: signal.place,
                    other: other == signal.session ? "" : "\(other)")
            }
        }
        let entries = try db.rows(
            """
            SELECT a.enrollment_id, l.name, COALESCE(a.checked_in_at, a.marked_at) AS moment, a.marked_at,
                a.device_digest, a.is_marked_late, a.marked_by
            FROM attendance a JOIN enrollment e ON e.enrollment_id = a.enrollment_id
            JOIN learner l ON l.learner_id = e.learner_id
            WHERE a.session_id = \(signal.session) ORDER BY moment, a.enrollment_id
            """)
        return try entries.compactMap { row in
            let device = try row.get("device_digest", as: [UInt8]?.self).map(hex)
            let moment: String = try row.get("moment")
            let isIn =
                switch signal.kind {
                case .oneDevice: device == signal.place
                case .sameSecond: device != nil && moment == signal.place
                case .markedLate: try row.get("is_marked_late", as: Int64.self) == 1
                case .twoPlaces: false
                }
            guard isIn else { return nil }
            return Evidence(
                enrollment: try row.get("enrollment_id"), name: try row.get("name"),
                moment: signal.kind == .markedLate ? try row.get("marked_at") : moment,
                account: try row.get("marked_by"), other: "")
        }
    }

    /// Notes what an inspector found, with the evidence as it stands.
    ///
    /// - Parameter version: of the finding that the form showed; 0 where there was none.
    func decide(
        session: Int64, kind: AttendanceSignal.Kind, place: String, outcome: AttendanceSignal.Outcome, note: String,
        version: Int64, by acting: ActingAccount
    ) async throws {
        try await database.write { db in
            guard
                let signal = try Self.signal(
                    session: session, kind: kind, place: place, within: acting.caller.scope, in: db)
            else { throw Problem.notFound }
            if let finding = signal.finding, finding.outcome == outcome, finding.note == note,
                finding.weight == signal.weight
            {
                return
            }
            guard version == signal.finding?.version ?? 0 else { throw SignalRefusal.changedMeanwhile }
            let evidence = try Self.evidence(signal, in: db).map { entry in
                [entry.enrollment.map { "enrollment:\($0)" } ?? "session:\(entry.other)", entry.moment]
                    .joined(separator: " ")
            }.joined(separator: "\n")
            try db.execute(
                """
                INSERT INTO signal_finding (session_id, kind, place, weight, evidence, outcome, note, decided_by,
                    decided_at)
                VALUES (\(session), \(kind.rawValue), \(place), \(signal.weight), \(evidence), \(outcome.rawValue),
                    \(note), \(acting.account), \(acting.moment))
                ON CONFLICT (session_id, kind, place) DO UPDATE SET weight = \(signal.weight), evidence = \(evidence),
                    outcome = \(outcome.rawValue), note = \(note), decided_by = \(acting.account),
                    decided_at = \(acting.moment), version = signal_finding.version + 1
                """)
            try AuditLog.append(
                [
                    acting.event(
                        "signal.decide", subject: "session:\(session)", division: signal.division,
                        reason: "\(kind.rawValue) \(outcome.rawValue)")
                ], in: db)
        }
    }
}
