import Security
import ServiceKit
import SocialDomain
import Storage

/// What the database knows of a person who asks for a class.
enum EnrollmentFacts {
    static func history(
        of learner: Int64, trade: String, level: SkillLevel, year: Int, in db: Connection
    ) throws -> Verdict.History {
        guard
            let row = try db.first(
                """
                SELECT count(*) AS lines,
                    count(CASE WHEN trade = \(trade) AND level = \(level.rawValue) THEN 1 END) AS same_trade,
                    count(CASE WHEN year = \(year) THEN 1 END) AS this_year
                FROM subsidy_line WHERE learner_id = \(learner) AND kind = 'training' AND is_counted = 1
                """)
        else { return Verdict.History() }
        return Verdict.History(
            hasSameTrade: try row.get("same_trade", as: Int.self) > 0, thisYear: try row.get("this_year"))
    }

    /// The first lesson of the class at which the learner has a seat in another class.
    ///
    /// - Parameter scope: of staff; a class outside it is not named. Nil for the learner.
    static func clash(
        of learner: Int64, with id: Int64, within scope: Scope? = nil, in db: Connection
    ) throws -> EnrollmentRefusal? {
        let row = try db.first(
            """
            SELECT c.title, c.division, c.school_id, s.starts_at FROM enrollment o
            JOIN class_session s ON s.class_id = o.class_id AND s.is_cancelled = 0
            JOIN class_session mine ON mine.class_id = \(id) AND mine.is_cancelled = 0
                AND s.starts_at < mine.ends_at AND s.ends_at > mine.starts_at
            JOIN training_class c ON c.class_id = o.class_id
            WHERE o.learner_id = \(learner) AND o.class_id <> \(id) AND o.state IN ('offered', 'seated')
            ORDER BY s.starts_at LIMIT 1
            """)
        return try row.map { row in
            let isNamed =
                try scope?.contains(try row.get("division"), school: try row.get("school_id"), in: db) ?? true
            return .clash(
                title: isNamed ? try row.get("title") : "别处的班 a class elsewhere",
                when: ClassMinute.moment(try row.get("starts_at")))
        }
    }

    /// How many stand before this one on the waiting list, and itself; nil where it does not wait.
    static func place(of enrollment: Int64, policy: SeatPolicy, in db: Connection) throws -> Int? {
        let keys = SQL(trusted: policy.waitingOrder)
        let own = SQL(trusted: policy.waitingOrder.replacing("e.", with: "m."))
        return try db.first(
            """
            SELECT count(*) AS place FROM enrollment m JOIN enrollment e ON e.class_id = m.class_id
                AND e.state = 'waiting' AND (\(keys)) <= (\(own))
            WHERE m.enrollment_id = \(enrollment) AND m.state = 'waiting'
            """
        ).flatMap { row in
            let place: Int = try row.get("place")
            return place == 0 ? nil : place
        }
    }
}

/// Minutes since 1970-01-01 00:00 in Beijing, as the timetable counts.
enum ClassMinute {
    static func day(_ minute: Int64) -> CalendarDate {
        CalendarDate(dayNumber: Int32((Double(minute) / 1440).rounded(.down)))
    }

    static func clock(_ minute: Int64) -> String {
        let rest = ((minute % 1440) + 1440) % 1440
        return "\(rest / 600)\(rest / 60 % 10):\(rest % 60 / 10)\(rest % 10)"
    }

    /// `2026-07-01 09:00`
    static func moment(_ minute: Int64) -> String { "\(day(minute)) \(clock(minute))" }
}
