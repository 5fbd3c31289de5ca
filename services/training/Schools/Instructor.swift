import ServiceKit
import SocialDomain
import Storage

/// Someone who teaches at a school. The number is sealed; equal numbers share an index, at whatever school.
struct Instructor: Hashable, Sendable {
    let id: Int64
    let school: Int64
    let name: String
    let numberSealed: [UInt8]
    let numberIndex: [UInt8]
    /// Occupation codes.
    let trades: [String]
    let credential: String
    let credentialUntil: CalendarDate?
    /// The same person as a learner.
    let learner: Int64?
    let isActive: Bool
    let version: Int64

    init(_ row: Row) throws {
        id = try row.get("instructor_id")
        school = try row.get("school_id")
        name = try row.get("name")
        numberSealed = try row.get("number_sealed")
        numberIndex = try row.get("number_index")
        trades = try row.get("trades", as: String.self).split(separator: ",").map(String.init)
        credential = try row.get("credential")
        credentialUntil = try row.get("credential_until", as: String?.self).flatMap { CalendarDate(iso8601: $0) }
        learner = try row.get("learner_id")
        isActive = try row.get("is_active")
        version = try row.get("version")
    }

    func value(_ field: String) -> String {
        switch field {
        case "name": name
        case "trades": trades.joined(separator: ", ")
        case "credential": credential
        case "credentialUntil": credentialUntil?.description ?? ""
        case "isActive": isActive ? "yes" : ""
        default: ""
        }
    }
}

/// What is typed about an instructor; the number only when one is added, since it cannot become another person's.
struct InstructorContent: Hashable, Sendable {
    let name: String
    let trades: [String]
    let credential: String
    let credentialUntil: CalendarDate?
    let isActive: Bool

    static let fields = ["name", "trades", "credential", "credentialUntil", "isActive"]

    init?(_ fields: inout TypedFields, knows trade: (String) -> Bool) {
        let before = fields.faults.count
        name = fields.text("name", most: 60, isNeeded: true)
        let typed = fields.text("trades", most: 300)
        trades = typed.split(whereSeparator: { ",，、; ；".contains($0) || $0.isWhitespace }).map(String.init)
        if let wrong = trades.first(where: { OccupationCode($0) == nil || !trade($0) }) {
            fields.fault(
                "trades", "“\(wrong.prefix(20))”不是职业代码，请写成 4-10-01-05，多个用逗号隔开。",
                "“\(wrong.prefix(20))” is no occupation code: write 4-10-01-05, several with commas.")
        }
        credential = fields.text("credential")
        credentialUntil = fields.day("credentialUntil")
        isActive = fields.isTicked("isActive")
        guard fields.faults.count == before else { return nil }
    }
}

/// Whether an instructor was trained here before.
enum FormerTraining: Int, Comparable, Sendable {
    case none
    case elsewhere
    case thisCounty
    case thisSchool

    static func < (left: FormerTraining, right: FormerTraining) -> Bool { left.rawValue < right.rawValue }

    /// The key of its words.
    var key: String? {
        switch self {
        case .none: nil
        case .elsewhere: "instructor.former.elsewhere"
        case .thisCounty: "instructor.former.county"
        case .thisSchool: "instructor.former.school"
        }
    }
}
