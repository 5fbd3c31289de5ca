import SocialDomain
import Storage

/// A class as citizens see it.
struct CatalogueClass: Hashable, Sendable {
    let id: Int64
    let title: String
    let division: String
    let audience: WorkWish
    let place: String
    let point: EarthPoint?
    let capacity: Int
    let seated: Int
    let waiting: Int
    let applied: Int
    let startsOn: String
    let endsOn: String
    let signUpUntil: String
    let policy: SeatPolicy
    let needsApproval: Bool
    let isDrawn: Bool
    let state: String
    let cancelledWhy: String
    let program: Int64
    let programTitle: String
    let trade: String
    let level: SkillLevel
    let hours: Int
    let syllabus: String
    let price: Money
    let subsidy: Money
    let schoolName: String
    let schoolPhone: String

    var free: Int { max(0, capacity - seated) }
    /// What is left to the learner once the subsidy is paid.
    var rest: Money { subsidy < price ? Money(fen: price.fen - subsidy.fen) : .zero }

    static let columns: SQL = """
        c.class_id, c.title, c.division, c.audience, c.place, coalesce(c.latitude, s.latitude) AS latitude,
            coalesce(c.longitude, s.longitude) AS longitude, c.capacity, c.seated, c.starts_on, c.ends_on,
            c.sign_up_until, c.policy, c.needs_approval, c.lottery_drawn_at, c.state,
            coalesce(c.cancelled_why, '') AS cancelled_why, p.program_id, p.title AS program_title, p.trade, p.level,
            p.hours, p.syllabus, p.price, p.subsidy, s.name AS school_name, s.phone AS school_phone,
            (SELECT count(*) FROM enrollment e WHERE e.class_id = c.class_id AND e.state = 'waiting') AS waiting,
            (SELECT count(*) FROM enrollment e WHERE e.class_id = c.class_id AND e.state = 'applied') AS applied
        FROM training_class c JOIN program p ON p.program_id = c.program_id JOIN school s ON s.school_id = c.school_id
        """

    init(_ row: Row) throws {
        id = try row.get("class_id")
        title = try row.get("title")
        division = try row.get("division")
        audience = WorkWish(rawValue: try row.get("audience")) ?? .any
        place = try row.get("place")
        point = EarthPoint(
            latitude: try row.get("latitude", as: Int64?.self), longitude: try row.get("longitude", as: Int64?.self))
        capacity = try row.get("capacity")
        seated = try row.get("seated")
        waiting = try row.get("waiting")
        applied = try row.get("applied")
        startsOn = try row.get("starts_on")
        endsOn = try row.get("ends_on")
        signUpUntil = try row.get("sign_up_until")
        policy = SeatPolicy(rawValue: try row.get("policy")) ?? .firstCome
        needsApproval = try row.get("needs_approval")
        isDrawn = try row.get("lottery_drawn_at", as: String?.self) != nil
        state = try row.get("state")
        cancelledWhy = try row.get("cancelled_why")
        program = try row.get("program_id")
        programTitle = try row.get("program_title")
        trade = try row.get("trade")
        level = SkillLevel(rawValue: try row.get("level")) ?? .special
        hours = try row.get("hours")
        syllabus = try row.get("syllabus")
        price = Money(fen: try row.get("price"))
        subsidy = Money(fen: try row.get("subsidy"))
        schoolName = try row.get("school_name")
        schoolPhone = try row.get("school_phone")
    }
}

/// A lesson of a class.
struct CatalogueLesson: Hashable, Sendable {
    let startsAt: Int64
    let endsAt: Int64
    let topic: String
    let room: String
    let instructor: String
}
