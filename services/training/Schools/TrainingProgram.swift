import ServiceKit
import SocialDomain
import Storage

/// What a school teaches: a trade to a level, in so many hours, at a price.
struct TrainingProgram: Hashable, Sendable {
    enum State: String, CaseIterable, Sendable {
        case draft
        case submitted
        case approved
        case withdrawn
    }

    let id: Int64
    let school: Int64
    let schoolName: String
    let division: String
    let content: ProgramContent
    let state: State
    let submittedBy: String?
    let decidedBy: String?
    let note: String
    let version: Int64

    init(_ row: Row) throws {
        id = try row.get("program_id")
        school = try row.get("school_id")
        schoolName = try row.get("school_name")
        division = try row.get("school_division")
        content = try ProgramContent(row)
        state = State(rawValue: try row.get("state")) ?? .withdrawn
        submittedBy = try row.get("submitted_by")
        decidedBy = try row.get("decided_by")
        note = try row.get("note")
        version = try row.get("version")
    }
}

struct ProgramContent: Hashable, Sendable {
    let title: String
    let trade: String
    let level: SkillLevel
    /// Of 45 minutes.
    let hours: Int64
    let syllabus: String
    /// What a learner pays at first.
    let price: Money
    /// The standard for a person.
    let subsidy: Money
    /// Counted as domestic service (家政).
    let isDomestic: Bool

    static let fields = ["title", "trade", "level", "hours", "price", "subsidy", "isDomestic", "syllabus"]
    /// Fen; a million yuan.
    private static let mostMoney = Money(fen: 100_000_000)

    init(_ row: Row) throws {
        title = try row.get("title")
        trade = try row.get("trade")
        level = SkillLevel(rawValue: try row.get("level")) ?? .special
        hours = try row.get("hours")
        syllabus = try row.get("syllabus")
        price = Money(fen: try row.get("price"))
        subsidy = Money(fen: try row.get("subsidy"))
        isDomestic = try row.get("is_domestic")
    }

    init?(_ fields: inout TypedFields, knows known: (String) -> Bool) {
        let before = fields.faults.count
        title = fields.text("title", isNeeded: true)
        trade = TextForm.folded(fields.text("trade", most: 20, isNeeded: true))
        if !trade.isEmpty, OccupationCode(trade) == nil {
            fields.fault("trade", "职业代码请写成 4-10-01-05。", "Write the occupation code as 4-10-01-05.")
        } else if !trade.isEmpty, !known(trade) {
            fields.fault(
                "trade", "职业分类大典里没有这个代码，请核对。", "The classification has no such code: check it.")
        }
        level = fields.value("level").flatMap(Int64.init).flatMap(SkillLevel.init(rawValue:)) ?? .special
        if fields.value("level").flatMap(Int64.init).flatMap(SkillLevel.init(rawValue:)) == nil {
            fields.fault("level", "请选择等级。", "Choose a level.")
        }
        hours = fields.number("hours", in: 1...2000) ?? 0
        syllabus = fields.text("syllabus", most: 5000, hasLines: true)
        price = fields.money("price") ?? .zero
        subsidy = fields.money("subsidy") ?? .zero
        for (field, amount) in [("price", price), ("subsidy", subsidy)] where amount > Self.mostMoney {
            fields.fault(field, "金额太大，请核对。", "The amount is too large: check it.")
        }
        isDomestic = fields.isTicked("isDomestic")
        guard fields.faults.count == before else { return nil }
    }

    func value(_ field: String) -> String {
        switch field {
        case "title": title
        case "trade": trade
        case "level": "\(level.rawValue)"
        case "hours": "\(hours)"
        case "price": price.decimal
        case "subsidy": subsidy.decimal
        case "isDomestic": isDomestic ? "yes" : ""
        case "syllabus": syllabus
        default: ""
        }
    }
}
