import ServiceKit
import SocialDomain
import Storage

/// Work that an employer offers (岗位).
struct Vacancy: Hashable, Sendable {
    let id: Int64
    let employer: Int64
    let employerName: String
    let content: VacancyContent
    let filled: Int64
    let isOpen: Bool
    let version: Int64

    init(_ row: Row) throws {
        id = try row.get("vacancy_id")
        employer = try row.get("employer_id")
        employerName = try row.get("employer")
        content = try VacancyContent(row)
        filled = try row.get("filled")
        isOpen = try row.get("state", as: String.self) == "open"
        version = try row.get("version")
    }
}

/// What is said about a vacancy.
struct VacancyContent: Hashable, Sendable {
    var title: String
    /// An occupation code.
    var trade: String
    /// The least level (1 is the highest of five), 0 for none.
    var level: Int64
    /// Where the work is.
    var division: String
    var places: Int64
    /// A month.
    var payFrom: Money?
    var payTo: Money?
    var openUntil: CalendarDate
    var description: String

    /// The form's fields, in their order.
    static let fields = [
        "title", "trade", "level", "division", "places", "payFrom", "payTo", "openUntil", "description",
    ]

    init(_ row: Row) throws {
        title = try row.get("title")
        trade = try row.get("trade")
        level = try row.get("level")
        division = try row.get("division")
        places = try row.get("places")
        payFrom = try row.get("pay_from", as: Int64?.self).map { Money(fen: $0) }
        payTo = try row.get("pay_to", as: Int64?.self).map { Money(fen: $0) }
        guard let day = CalendarDate(iso8601: try row.get("open_until", as: String.self)) else {
            throw DatabaseFault.damaged
        }
        openUntil = day
        description = try row.get("description")
    }

    /// Nil where a fault was found.
    ///
    /// - Parameter trades: by which a job's title is told that was typed for a code.
    init?(_ fields: inout TypedFields, trades: TradeSearch) {
        let before = fields.faults.count
        title = fields.text("title", isNeeded: true)
        trade = fields.trade(among: trades)
        level = fields.value("level") == nil ? 0 : fields.number("level", in: 0...5) ?? 0
        division = fields.division()?.prefix ?? ""
        places = fields.number("places", in: 1...10_000) ?? 0
        payFrom = fields.optionalMoney("payFrom")
        payTo = fields.optionalMoney("payTo")
        if let payFrom, let payTo, payTo < payFrom {
            fields.fault("payTo", "不能低于起薪。", "Not below where it begins.")
        }
        let day = fields.day("openUntil", isNeeded: true)
        openUntil = day ?? CalendarDate(dayNumber: 0)
        description = fields.text("description", most: 1000, hasLines: true)
        guard fields.faults.count == before else { return nil }
    }

    func value(_ field: String) -> String {
        switch field {
        case "title": title
        case "trade": trade
        case "level": "\(level)"
        case "division": division
        case "places": "\(places)"
        case "payFrom": payFrom?.decimal ?? ""
        case "payTo": payTo?.decimal ?? ""
        case "openUntil": openUntil.description
        case "description": description
        default: ""
        }
    }
}

extension TypedFields {
    /// Nil where nothing was typed.
    mutating func optionalMoney(_ field: String) -> Money? {
        guard value(field) != nil, let amount = money(field) else { return nil }
        if amount < .zero { fault(field, "不能是负数。", "Not below nothing.") }
        return amount
    }

    /// An occupation code; where a job's title was typed, the fault names the codes that it may mean.
    mutating func trade(_ field: String = "trade", among trades: TradeSearch) -> String {
        let typed = text(field, most: 50, isNeeded: true)
        guard !typed.isEmpty else { return "" }
        do throws(TradeFault) {
            return try trades.code(typed: typed)
        } catch {
            fault(field, error.explanation)
            return ""
        }
    }
}
