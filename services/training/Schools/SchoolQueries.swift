import Security
import SocialDomain
import Storage

/// Schools, their rooms, instructors and programs, as one scope may see them.
enum SchoolQueries {
    struct Filter: Hashable, Sendable {
        /// A part of the name or the credit code.
        var text = ""
        var state: School.State?
        /// Licences that end on or before this day, or have no last day.
        var endsBy: CalendarDate?
        var after: Int64 = 0
        var limit = 50
    }

    static func schools(_ filter: Filter, within scope: Scope, in db: Connection) throws -> [School] {
        var conditions: [SQL] = [
            SQL.within(scope, division: "division", school: "school_id"), "school_id > \(filter.after)",
        ]
        if !filter.text.isEmpty {
            let pattern = pattern(filter.text)
            conditions.append("(name LIKE \(pattern) ESCAPE '\\' OR credit_code LIKE \(pattern) ESCAPE '\\')")
        }
        if let state = filter.state { conditions.append("state = \(state.rawValue)") }
        if let day = filter.endsBy {
            conditions.append("(licence_until IS NULL OR licence_until <= \(day.description))")
        }
        let condition = conditions.joined(by: " AND ")
        return try db.rows("SELECT * FROM school WHERE \(condition) ORDER BY school_id LIMIT \(filter.limit)")
            .map(School.init)
    }

    static func school(_ id: Int64, within scope: Scope, in db: Connection) throws -> School? {
        try db.first(
            "SELECT * FROM school WHERE school_id = \(id) AND \(SQL.within(scope, division: "division", school: "school_id"))"
        ).map(School.init)
    }

    static func rooms(of school: Int64, in db: Connection) throws -> [Room] {
        try db.rows("SELECT * FROM room WHERE school_id = \(school) ORDER BY name, room_id").map(Room.init)
    }

    static func instructors(of school: Int64, in db: Connection) throws -> [Instructor] {
        try db.rows("SELECT * FROM instructor WHERE school_id = \(school) ORDER BY is_active DESC, name, instructor_id")
            .map(Instructor.init)
    }

    /// With the school that the instructor belongs to.
    static func instructor(
        _ id: Int64, within scope: Scope, in db: Connection
    ) throws -> (instructor: Instructor, school: School)? {
        guard let row = try db.first("SELECT * FROM instructor WHERE instructor_id = \(id)") else { return nil }
        let instructor = try Instructor(row)
        guard let school = try school(instructor.school, within: scope, in: db) else { return nil }
        return (instructor, school)
    }

    /// Classes that the person of this number ended as a learner: whether at this school, or elsewhere in the county.
    static func training(of number: [UInt8], school: School, in db: Connection) throws -> FormerTraining {
        let rows = try db.rows(
            """
            SELECT c.school_id, c.division FROM learner l
            JOIN enrollment e ON e.learner_id = l.learner_id AND e.state = 'completed'
            JOIN training_class c ON c.class_id = e.class_id
            WHERE l.number_index = \(number)
            """)
        var best = FormerTraining.none
        for row in rows {
            let isHere = try row.get("school_id", as: Int64.self) == school.id
            let division: String = try row.get("division")
            let isNear = division.prefix(6) == school.content.division.prefix(6)
            best = max(best, isHere ? .thisSchool : isNear ? .thisCounty : .elsewhere)
        }
        return best
    }

    struct ProgramFilter: Hashable, Sendable {
        var text = ""
        var state: TrainingProgram.State?
        var school: Int64?
        var trade: String?
        var after: Int64 = 0
        var limit = 50
    }

    static func programs(
        _ filter: ProgramFilter, within scope: Scope, in db: Connection
    ) throws -> [TrainingProgram] {
        var conditions: [SQL] = [
            SQL.within(scope, division: "s.division", school: "s.school_id"), "p.program_id > \(filter.after)",
        ]
        if !filter.text.isEmpty {
            let pattern = pattern(filter.text)
            conditions.append("(p.title LIKE \(pattern) ESCAPE '\\' OR s.name LIKE \(pattern) ESCAPE '\\')")
        }
        if let state = filter.state { conditions.append("p.state = \(state.rawValue)") }
        if let school = filter.school { conditions.append("p.school_id = \(school)") }
        if let trade = filter.trade { conditions.append("p.trade = \(trade)") }
        let condition = conditions.joined(by: " AND ")
        return try db.rows(
            """
            SELECT p.*, s.name AS school_name, s.division AS school_division FROM program p
            JOIN school s ON s.school_id = p.school_id
            WHERE \(condition) ORDER BY p.program_id LIMIT \(filter.limit)
            """
        ).map(TrainingProgram.init)
    }

    static func program(_ id: Int64, within scope: Scope, in db: Connection) throws -> TrainingProgram? {
        try db.first(
            """
            SELECT p.*, s.name AS school_name, s.division AS school_division FROM program p
            JOIN school s ON s.school_id = p.school_id
            WHERE p.program_id = \(id) AND \(SQL.within(scope, division: "s.division", school: "s.school_id"))
            """
        ).map(TrainingProgram.init)
    }

    static func pattern(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
        return "%\(escaped)%"
    }
}
