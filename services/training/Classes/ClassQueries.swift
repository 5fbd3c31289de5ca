import Security
import SocialDomain
import Storage

/// Classes and their timetables, as one scope may see them.
enum ClassQueries {
    struct Filter: Hashable, Sendable {
        /// A part of the class's, the program's or the school's name.
        var text = ""
        var state: TrainingClass.State?
        var school: Int64?
        var program: Int64?
        var trade: String?
        /// Begins on this day or later, on that day or earlier.
        var from: CalendarDate?
        var to: CalendarDate?
        var after: Int64 = 0
        var limit = 50
    }

    private static let columns: SQL = """
        SELECT c.*, p.title AS program_title, p.state AS program_state, p.trade, p.level, p.hours,
            s.name AS school_name, s.state AS school_state, s.licence_until,
            CAST((SELECT coalesce(sum(t.hours), 0) FROM class_session t
                WHERE t.class_id = c.class_id AND t.is_cancelled = 0) AS BIGINT) AS planned_hours
        FROM training_class c
        JOIN program p ON p.program_id = c.program_id
        JOIN school s ON s.school_id = c.school_id
        """

    /// The newest first.
    static func classes(_ filter: Filter, within scope: Scope, in db: Connection) throws -> [TrainingClass] {
        var conditions: [SQL] = [SQL.within(scope, division: "c.division", school: "c.school_id")]
        if filter.after > 0 { conditions.append("c.class_id < \(filter.after)") }
        if !filter.text.isEmpty {
            let pattern = SchoolQueries.pattern(filter.text)
            conditions.append(
                """
                (c.title LIKE \(pattern) ESCAPE '\\' OR p.title LIKE \(pattern) ESCAPE '\\'
                    OR s.name LIKE \(pattern) ESCAPE '\\')
                """)
        }
        if let state = filter.state { conditions.append("c.state = \(state.rawValue)") }
        if let school = filter.school { conditions.append("c.school_id = \(school)") }
        if let program = filter.program { conditions.append("c.program_id = \(program)") }
        if let trade = filter.trade { conditions.append("p.trade = \(trade)") }
        if let from = filter.from { conditions.append("c.starts_on >= \(from.description)") }
        if let to = filter.to { conditions.append("c.starts_on <= \(to.description)") }
        let condition = conditions.joined(by: " AND ")
        return try db.rows(
            "\(columns) WHERE \(condition) ORDER BY c.class_id DESC LIMIT \(filter.limit)"
        ).map(TrainingClass.init)
    }

    static func trainingClass(_ id: Int64, within scope: Scope, in db: Connection) throws -> TrainingClass? {
        try db.first(
            "\(columns) WHERE c.class_id = \(id) AND \(SQL.within(scope, division: "c.division", school: "c.school_id"))"
        ).map(TrainingClass.init)
    }

    /// All sessions of a class, cancelled ones included, in their order.
    static func sessions(of id: Int64, in db: Connection) throws -> [ClassSession] {
        try db.rows(
            """
            SELECT t.*, r.name AS room_name, r.seats, i.name AS instructor_name, i.credential_until
            FROM class_session t
            JOIN room r ON r.room_id = t.room_id
            JOIN instructor i ON i.instructor_id = t.instructor_id
            WHERE t.class_id = \(id) ORDER BY t.starts_at, t.session_id
            """
        ).map(ClassSession.init)
    }

    /// What a person still teaches, at whatever school of the scope: the class's title and the session.
    static func ahead(
        of number: [UInt8], after minute: Int64, within scope: Scope, in db: Connection, most: Int = 50
    ) throws -> [(title: String, session: ClassSession)] {
        try db.rows(
            """
            SELECT t.*, r.name AS room_name, r.seats, i.name AS instructor_name, i.credential_until, c.title
            FROM class_session t
            JOIN room r ON r.room_id = t.room_id
            JOIN instructor i ON i.instructor_id = t.instructor_id
            JOIN training_class c ON c.class_id = t.class_id
            WHERE t.instructor_number = \(number) AND t.starts_at > \(minute) AND t.is_cancelled = 0
                AND \(SQL.within(scope, division: "c.division", school: "c.school_id"))
            ORDER BY t.starts_at LIMIT \(most)
            """
        ).map { (try $0.get("title"), try ClassSession($0)) }
    }

    /// How many people stand with a class, by state.
    static func people(of id: Int64, in db: Connection) throws -> [EnrollmentState: Int64] {
        var counts: [EnrollmentState: Int64] = [:]
        for row in try db.rows("SELECT state, count(*) AS n FROM enrollment WHERE class_id = \(id) GROUP BY state") {
            if let state = EnrollmentState(rawValue: try row.get("state")) { counts[state] = try row.get("n") }
        }
        return counts
    }

    /// Other classes of the trade that still take people, for those whose class was cancelled.
    static func instead(
        of cancelled: TrainingClass, on today: CalendarDate, within scope: Scope, in db: Connection
    ) throws -> [TrainingClass] {
        try db.rows(
            """
            \(columns) WHERE c.state = 'open' AND p.trade = \(cancelled.trade) AND c.class_id <> \(cancelled.id)
                AND c.seated < c.capacity AND c.sign_up_until >= \(today.description)
                AND \(SQL.within(scope, division: "c.division", school: "c.school_id"))
            ORDER BY c.starts_on, c.class_id LIMIT 5
            """
        ).map(TrainingClass.init)
    }
}
