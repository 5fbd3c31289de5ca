import Security
import ServiceKit
import SocialDomain
import Storage

/// A line of the staff's list.
struct EnrollmentLine: Hashable, Sendable {
    let id: Int64
    let classID: Int64
    let classTitle: String
    let name: String
    let state: EnrollmentState
    let lowIncome: LowIncome
    let source: String
    let createdAt: String
    let wanted: Int64?

    init(_ row: Row) throws {
        id = try row.get("enrollment_id")
        classID = try row.get("class_id")
        classTitle = try row.get("title")
        name = try row.get("name")
        state = EnrollmentState(rawValue: try row.get("state")) ?? .withdrawn
        lowIncome = LowIncome(rawValue: try row.get("low_income")) ?? .unasked
        source = try row.get("source")
        createdAt = try row.get("created_at")
        wanted = try row.get("transfer_wanted")
    }
}

/// Enrollments as staff find them, within their division, the newest first.
struct EnrollmentList: Sendable {
    struct Filter: Hashable, Sendable {
        var classID: Int64?
        var state: EnrollmentState?
        var lowIncome: LowIncome?
        /// A name, exactly.
        var name: String?
        /// The blind index of an identity number.
        var numberIndex: [UInt8]?
        var before: Int64?
        var limit = 50
    }

    static func find(_ filter: Filter, within scope: Scope, in db: Connection) throws -> [EnrollmentLine] {
        var conditions: [SQL] = [SQL.within(scope, division: "e.division", class: "e.class_id")]
        if let id = filter.classID { conditions.append("e.class_id = \(id)") }
        if let state = filter.state { conditions.append("e.state = \(state.rawValue)") }
        if let low = filter.lowIncome { conditions.append("e.low_income = \(low.rawValue)") }
        if let index = filter.numberIndex {
            conditions.append("e.learner_id = (SELECT learner_id FROM learner WHERE number_index = \(index))")
        } else if let name = filter.name {
            conditions.append("e.learner_id IN (SELECT learner_id FROM learner WHERE name = \(name))")
        }
        if let before = filter.before { conditions.append("e.enrollment_id < \(before)") }
        // The page's enrollments first, what they point at afterwards.
        return try db.rows(
            """
            SELECT f.enrollment_id, f.class_id, c.title, l.name, f.state, f.low_income, f.source, f.created_at,
                f.transfer_wanted
            FROM (SELECT e.* FROM enrollment e WHERE \(conditions.joined(by: " AND "))
                ORDER BY e.enrollment_id DESC LIMIT \(filter.limit)) f
            JOIN training_class c ON c.class_id = f.class_id JOIN learner l ON l.learner_id = f.learner_id
            ORDER BY f.enrollment_id DESC
            """
        ).map(EnrollmentLine.init)
    }

    /// Everything that staff see of one.
    struct One: Sendable {
        let line: EnrollmentLine
        let learner: Int64
        let classState: String
        let policy: SeatPolicy
        let program: Int64
        let numberSealed: [UInt8]
        let numberIndex: [UInt8]
        let phoneSealed: [UInt8]?
        let residence: Residence
        let schooling: Schooling
        let wish: WorkWish
        let groups: Set<LearnerGroup>
        let bornOn: String
        let division: String
        let home: String
        let reason: String
        let note: String
        let offeredUntil: String?
        let place: Int?
        let version: Int64
    }

    static func one(_ id: Int64, within scope: Scope, in db: Connection) throws -> One? {
        let row = try db.first(
            """
            SELECT e.*, coalesce(e.residence, l.residence) AS declared_residence,
                coalesce(e.groups, l.groups) AS declared_groups, c.title, c.state AS class_state, c.policy, c.program_id, l.name, l.number_sealed, l.number_index,
                l.phone_sealed, l.schooling, l.wish, l.born_on, l.division AS home
            FROM enrollment e JOIN training_class c ON c.class_id = e.class_id
            JOIN learner l ON l.learner_id = e.learner_id
            WHERE e.enrollment_id = \(id) AND \(SQL.within(scope, division: "e.division", class: "e.class_id"))
            """)
        guard let row else { return nil }
        let policy = SeatPolicy(rawValue: try row.get("policy")) ?? .firstCome
        return One(
            line: try EnrollmentLine(row), learner: try row.get("learner_id"), classState: try row.get("class_state"),
            policy: policy, program: try row.get("program_id"), numberSealed: try row.get("number_sealed"),
            numberIndex: try row.get("number_index"), phoneSealed: try row.get("phone_sealed"),
            residence: Residence(rawValue: try row.get("declared_residence")) ?? .rural,
            schooling: Schooling(rawValue: try row.get("schooling")) ?? .unknown,
            wish: WorkWish(rawValue: try row.get("wish")) ?? .any,
            groups: SignUpPerson.groups(try row.get("declared_groups")), bornOn: try row.get("born_on"),
            division: try row.get("division"), home: try row.get("home"), reason: try row.get("reason"),
            note: try row.get("note"), offeredUntil: try row.get("offered_until"),
            place: try EnrollmentFacts.place(of: id, policy: policy, in: db), version: try row.get("version"))
    }
}
