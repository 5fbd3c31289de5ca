import Security
import ServiceKit
import SocialDomain
import Storage

/// Which session stands where another one is to be: the words for what the database refused.
struct TimetableClash: Hashable, Sendable {
    enum Kind: String, Hashable, Sendable {
        case room = "room_clash"
        case instructor = "instructor_clash"
        case learner = "learner_clash"

        /// The field beside which it is told.
        var field: String {
            switch self {
            case .room: "room"
            case .instructor: "instructor"
            case .learner: "day"
            }
        }
    }

    let kind: Kind
    /// When the planned session begins, in minutes.
    let startsAt: Int64
    /// What is there: its time, and its class where the reader may know of it.
    let otherStartsAt: Int64
    let otherEndsAt: Int64
    let otherClass: String?
    let learners: Int64

    /// Nil for any other fault.
    static func kind(of fault: DatabaseFault) -> Kind? {
        guard case .constraint(let violation) = fault, violation.kind == .exclusion else { return nil }
        return violation.name.flatMap(Kind.init(rawValue:))
    }

    /// The clashes of sessions that a class is to have; at most so many.
    ///
    /// - Parameter moved: a session that is itself to move.
    static func find(
        _ planned: [PlannedSession], of item: Int64, moved: Int64 = 0, within scope: Scope, in db: Connection,
        most: Int = 5
    ) throws -> [TimetableClash] {
        var clashes: [TimetableClash] = []
        for session in planned where clashes.count < most {
            let (from, to) = (session.startsAt, session.endsAt)
            let overlap: SQL = """
                t.is_cancelled = 0 AND t.session_id <> \(moved) AND t.starts_at < \(to)
                AND t.starts_at > \(from - 721) AND t.ends_at > \(from)
                """
            let room = try db.rows(
                """
                SELECT t.starts_at, t.ends_at, c.title, c.division, c.school_id, 0 AS n FROM class_session t
                JOIN training_class c ON c.class_id = t.class_id
                WHERE t.room_id = \(session.room) AND \(overlap) ORDER BY t.starts_at LIMIT 1
                """)
            let instructor = try db.rows(
                """
                SELECT t.starts_at, t.ends_at, c.title, c.division, c.school_id, 0 AS n FROM class_session t
                JOIN training_class c ON c.class_id = t.class_id
                WHERE t.instructor_number = (SELECT i.number_index FROM instructor i
                    WHERE i.instructor_id = \(session.instructor)) AND \(overlap) ORDER BY t.starts_at LIMIT 1
                """)
            let learner = try db.rows(
                """
                SELECT t.starts_at, t.ends_at, c.title, c.division, c.school_id, count(*) AS n FROM enrollment e
                JOIN enrollment o ON o.learner_id = e.learner_id AND o.class_id <> e.class_id
                    AND o.state IN ('offered', 'seated')
                JOIN class_session t ON t.class_id = o.class_id
                JOIN training_class c ON c.class_id = t.class_id
                WHERE e.class_id = \(item) AND e.state IN ('offered', 'seated') AND \(overlap)
                GROUP BY t.starts_at, t.ends_at, c.title, c.division, c.school_id ORDER BY t.starts_at LIMIT 1
                """)
            clashes += try room.map { try TimetableClash(.room, session, $0, scope, in: db) }
            clashes += try instructor.map { try TimetableClash(.instructor, session, $0, scope, in: db) }
            clashes += try learner.map { try TimetableClash(.learner, session, $0, scope, in: db) }
        }
        return Array(clashes.prefix(most))
    }

    private init(_ kind: Kind, _ session: PlannedSession, _ row: Row, _ scope: Scope, in db: Connection) throws {
        self.kind = kind
        startsAt = session.startsAt
        otherStartsAt = try row.get("starts_at")
        otherEndsAt = try row.get("ends_at")
        learners = try row.get("n")
        // A neighbour's class, or another school's, is not named.
        let isNamed = try scope.contains(try row.get("division"), school: try row.get("school_id"), in: db)
        otherClass = isNamed ? try row.get("title") : nil
    }

    var message: LocalizedText {
        let day = TimetableMinute.date(otherStartsAt)
        let time =
            "\(TimetableMinute.clock(otherStartsAt))–\(TimetableMinute.clock(otherEndsAt, endOf: otherStartsAt))"
        let own = TimetableMinute.clock(startsAt)
        let (zh, en) = (otherClass.map { "《\($0)》" } ?? "别处的班", otherClass ?? "a class elsewhere")
        return switch kind {
        case .room:
            LocalizedText(
                zh: "\(day.chinese) \(own) 的教室被占：\(zh) \(time) 在用。",
                en: "The room is taken on \(day) at \(own): \(en), \(time).")
        case .instructor:
            LocalizedText(
                zh: "\(day.chinese) \(own) 教师另有课：\(zh) \(time)。",
                en: "The instructor teaches on \(day) at \(own): \(en), \(time).")
        case .learner:
            LocalizedText(
                zh: "\(day.chinese) \(own) 有 \(learners) 名学员正在上\(zh) \(time) 的课。",
                en: "\(learners) learners attend \(en) on \(day), \(time).")
        }
    }

    /// Where what stood in the way is gone again before it could be named.
    static func plain(_ kind: Kind) -> LocalizedText {
        switch kind {
        case .room: LocalizedText(zh: "教室在这个时间被占用。", en: "The room is taken at that time.")
        case .instructor: LocalizedText(zh: "教师在这个时间另有课。", en: "The instructor teaches elsewhere at that time.")
        case .learner:
            LocalizedText(zh: "有学员在这个时间上别的课。", en: "Learners attend another class at that time.")
        }
    }

    static func faults(_ clashes: [TimetableClash], refused kind: Kind) -> [FieldFault] {
        clashes.isEmpty
            ? [FieldFault(field: kind.field, message: plain(kind))]
            : clashes.map { FieldFault(field: $0.kind.field, message: $0.message) }
    }
}
