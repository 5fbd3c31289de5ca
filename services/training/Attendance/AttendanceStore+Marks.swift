import Security
import ServiceKit
import SocialDomain
import Storage

extension AttendanceStore {
    /// What a teacher says of one learner.
    struct Mark: Hashable, Sendable {
        let enrollment: Int64
        let state: AttendanceState
        let reason: String

        /// A mark that cannot stand says why.
        func check(_ session: AttendedSession, at second: Int64) throws(AttendanceRefusal) {
            if session.isCancelled { throw .cancelled }
            if state != .leave, !session.hasBegun(at: second) { throw .notBegun }
            if reason.count > 200 { throw .reasonTooLong }
            let isLate = BeijingTime.day(second) > session.day
            if reason.isEmpty, state != .present || isLate { throw .reasonMissing }
        }
    }

    /// - Parameter seen: what the form showed of the entry; nil where the whole list is replaced by a sheet.
    func mark(
        _ mark: Mark, session number: Int64, ofClass classNumber: Int64, seen: String?, by acting: ActingAccount
    ) async throws {
        try await database.write { db in
            guard
                let session = try Self.session(number, ofClass: classNumber, within: acting.caller.scope, in: db)
            else { throw Problem.notFound }
            let list = try Self.list(of: number, inClass: classNumber, in: db)
            guard let entry = list.first(where: { $0.enrollment == mark.enrollment }) else { throw Problem.notFound }
            // The same form sent twice.
            if entry.state == mark.state, entry.reason == mark.reason, entry.source == "teacher" { return }
            try mark.check(session, at: acting.second)
            if let seen, seen != entry.seen {
                throw AttendanceRefusal.changedMeanwhile(
                    entry.state?.title ?? LocalizedText(zh: "未登记", en: "Not marked"))
            }
            try Self.put(mark, over: entry, in: session, source: "teacher", by: acting, in: db)
        }
    }

    /// Writes a mark; what a code had said stays as evidence.
    static func put(
        _ mark: Mark, over entry: AttendanceEntry, in session: AttendedSession, source: String,
        by acting: ActingAccount, in db: Connection
    ) throws {
        let isLate: Int64 = BeijingTime.day(acting.second) > session.day ? 1 : 0
        if entry.state == nil {
            try db.execute(
                """
                INSERT INTO attendance (session_id, enrollment_id, class_id, state, source, marked_at, is_marked_late,
                    reason, marked_by)
                VALUES (\(session.number), \(mark.enrollment), \(session.classNumber), \(mark.state.rawValue),
                    \(source), \(acting.moment), \(isLate), \(mark.reason), \(acting.account))
                ON CONFLICT DO NOTHING -- a check-in that PostgreSQL's snapshot does not show makes it try again
                """)
        } else {
            try db.execute(
                """
                UPDATE attendance SET state = \(mark.state.rawValue),
                    checked_in_at = CASE WHEN source = 'code' THEN marked_at ELSE checked_in_at END,
                    source = \(source), marked_at = \(acting.moment), is_marked_late = \(isLate),
                    reason = \(mark.reason), marked_by = \(acting.account)
                WHERE session_id = \(session.number) AND enrollment_id = \(mark.enrollment)
                """)
        }
        let change = "session:\(session.number) \(entry.state?.rawValue ?? "–") → \(mark.state.rawValue)"
        try AuditLog.append(
            [
                acting.event(
                    "attendance.mark", subject: "enrollment:\(mark.enrollment)", division: session.division,
                    reason: change)
            ], in: db)
    }

    /// Closes the list once the session is over: whoever was not marked was absent. How many were.
    func close(session number: Int64, ofClass classNumber: Int64, by acting: ActingAccount) async throws -> Int {
        let fresh = try newSealedSecret(number)
        return try await database.write { db in
            guard
                let session = try Self.session(number, ofClass: classNumber, within: acting.caller.scope, in: db)
            else { throw Problem.notFound }
            if session.isCancelled { throw AttendanceRefusal.cancelled }
            guard session.hasEnded(at: acting.second) else { throw AttendanceRefusal.notEnded }
            if session.closedAt != nil { return 0 }
            _ = try Self.open(session, secret: fresh, by: acting, in: db)
            try db.execute(
                """
                UPDATE attendance_list SET closed_at = \(acting.moment), closed_by = \(acting.account)
                WHERE session_id = \(number) AND closed_at IS NULL
                """)
            let isLate: Int64 = BeijingTime.day(acting.second) > session.day ? 1 : 0
            let absent = try db.execute(
                """
                INSERT INTO attendance (session_id, enrollment_id, class_id, state, source, marked_at, is_marked_late,
                    marked_by)
                SELECT CAST(\(number) AS BIGINT), e.enrollment_id, e.class_id, 'absent', 'teacher',
                    CAST(\(acting.moment) AS TEXT), CAST(\(isLate) AS BIGINT), CAST(\(acting.account) AS TEXT)
                FROM enrollment e WHERE e.class_id = \(classNumber) AND e.state IN ('seated', 'completed')
                    AND NOT EXISTS (SELECT 1 FROM attendance a
                        WHERE a.session_id = \(number) AND a.enrollment_id = e.enrollment_id)
                ON CONFLICT DO NOTHING
                """)
            try AuditLog.append(
                [
                    acting.event(
                        "attendance.close", subject: "session:\(number)", division: session.division,
                        reason: "absent \(absent)")
                ], in: db)
            return absent
        }
    }
}
