import Security
import ServiceKit
import Storage

/// A class with its sessions and how much of them each learner attended.
struct ClassAttendance: Sendable {
    struct Session: Sendable {
        let session: AttendedSession
        /// How many entries each state has.
        let counts: [AttendanceState: Int]
    }

    struct Learner: Sendable {
        let enrollment: Int64
        let name: String
        let ratio: AttendanceRatio
        /// How many sessions were missed one after the other up to the last one held; leave is missed too.
        let missedInARow: Int

        var isWarned: Bool { missedInARow >= 2 || ratio.held > 0 && !ratio.reaches() }
    }

    let number: Int64
    let title: String
    let division: String
    let sessions: [Session]
    let learners: [Learner]
}

extension AttendanceStore {
    /// Nil where there is no such class within the scope.
    func ofClass(_ number: Int64, within scope: Scope, at second: Int64) async throws -> ClassAttendance? {
        let inScope = SQL.within(scope, division: "c.division", school: "c.school_id")
        let minute = AttendanceMinutes.minute(second)
        return try await database.read { db in
            guard
                let row = try db.first(
                    "SELECT c.title, c.division FROM training_class c WHERE c.class_id = \(number) AND \(inScope)")
            else { return nil }
            let sessions = try db.rows(AttendedSession.select("s.class_id = \(number)")).map(AttendedSession.init)
            var states: [Int64: [Int64: AttendanceState]] = [:]
            try db.forEach("SELECT session_id, enrollment_id, state FROM attendance WHERE class_id = \(number)") {
                row in
                states[try row.get("session_id"), default: [:]][try row.get("enrollment_id")] = AttendanceState(
                    rawValue: try row.get("state"))
            }
            let ratios = try AttendanceRatio.ofClass(number, at: minute, in: db)
            let held = sessions.filter { !$0.isCancelled && $0.endsAt <= minute }
            let learners = try db.rows(
                """
                SELECT e.enrollment_id, l.name FROM enrollment e JOIN learner l ON l.learner_id = e.learner_id
                WHERE e.class_id = \(number) AND e.state IN ('seated', 'completed') ORDER BY e.sequence
                """
            ).map { row in
                let enrollment: Int64 = try row.get("enrollment_id")
                let missed = held.reversed().prefix { session in
                    let state = states[session.number]?[enrollment]
                    return state == .absent || state == .leave
                }
                return ClassAttendance.Learner(
                    enrollment: enrollment, name: try row.get("name"),
                    ratio: ratios[enrollment] ?? AttendanceRatio(attended: 0, held: 0), missedInARow: missed.count)
            }
            return ClassAttendance(
                number: number, title: try row.get("title"), division: try row.get("division"),
                sessions: sessions.map { session in
                    let counts = (states[session.number] ?? [:]).values.reduce(into: [AttendanceState: Int]()) {
                        $0[$1, default: 0] += 1
                    }
                    return .init(session: session, counts: counts)
                }, learners: learners)
        }
    }
}
