import Storage

/// Hours attended over hours held: what assessment, certificates and subsidies go by.
///
/// Held are the hours of the class's sessions that have ended and were not cancelled; attended are those in which the
/// learner was present, late or made them up. Whole hours are compared by multiplication: exactly 80 % is enough.
struct AttendanceRatio: Hashable, Sendable {
    /// Percent, of the hours held.
    static let required: Int64 = 80

    let attended: Int64
    let held: Int64

    /// Nobody has reached anything of a class that held nothing.
    func reaches(_ percent: Int64 = Self.required) -> Bool {
        held > 0 && attended * 100 >= held * percent
    }

    /// To a tenth, cut and never rounded up: 79.96 % is `79.9%`.
    var text: String {
        guard held > 0 else { return "–" }
        let tenths = attended * 1000 / held
        return tenths % 10 == 0 ? "\(tenths / 10)%" : "\(tenths / 10).\(tenths % 10)%"
    }
}

extension AttendanceRatio {
    /// Of every enrollment of a class, by its number.
    ///
    /// - Parameter minute: now, in the timetable's minutes.
    static func ofClass(_ number: Int64, at minute: Int64, in db: Connection) throws -> [Int64: AttendanceRatio] {
        let held = try heldHours(ofClass: number, at: minute, in: db)
        let rows = try db.rows(
            """
            SELECT e.enrollment_id, CAST(COALESCE(SUM(s.hours), 0) AS BIGINT) AS attended
            FROM enrollment e
            LEFT JOIN attendance a ON a.enrollment_id = e.enrollment_id AND a.state IN ('present', 'late', 'made-up')
            LEFT JOIN class_session s ON s.session_id = a.session_id AND s.class_id = e.class_id AND s.is_cancelled = 0
                AND s.ends_at <= \(minute)
            WHERE e.class_id = \(number) GROUP BY e.enrollment_id
            """)
        var ratios: [Int64: AttendanceRatio] = [:]
        for row in rows {
            ratios[try row.get("enrollment_id")] = AttendanceRatio(attended: try row.get("attended"), held: held)
        }
        return ratios
    }

    static func of(
        enrollment: Int64, ofClass number: Int64, at minute: Int64, in db: Connection
    ) throws -> AttendanceRatio {
        let row = try db.first(
            """
            SELECT CAST(COALESCE(SUM(s.hours), 0) AS BIGINT) AS attended FROM attendance a
            JOIN class_session s ON s.session_id = a.session_id
            WHERE a.enrollment_id = \(enrollment) AND a.state IN ('present', 'late', 'made-up')
                AND s.class_id = \(number) AND s.is_cancelled = 0 AND s.ends_at <= \(minute)
            """)
        return AttendanceRatio(
            attended: try row?.get("attended") ?? 0, held: try heldHours(ofClass: number, at: minute, in: db))
    }

    private static func heldHours(ofClass number: Int64, at minute: Int64, in db: Connection) throws -> Int64 {
        try db.first(
            """
            SELECT CAST(COALESCE(SUM(hours), 0) AS BIGINT) AS held FROM class_session
            WHERE class_id = \(number) AND is_cancelled = 0 AND ends_at <= \(minute)
            """)?.get("held") ?? 0
    }
}
