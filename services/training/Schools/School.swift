import ServiceKit
import SocialDomain
import Storage

/// A training school (培训机构).
struct School: Hashable, Sendable {
    enum State: String, CaseIterable, Sendable {
        case active
        case suspended
        case closed
    }

    let id: Int64
    let content: SchoolContent
    let state: State
    let version: Int64

    init(_ row: Row) throws {
        id = try row.get("school_id")
        content = try SchoolContent(row)
        state = State(rawValue: try row.get("state")) ?? .closed
        version = try row.get("version")
    }
}

/// What is known about a school.
struct SchoolContent: Hashable, Sendable {
    var creditCode: String
    var name: String
    var division: String
    var address = ""
    var point: MapPoint?
    var phone = ""
    var licenceNumber = ""
    var licenceFrom: CalendarDate?
    /// The last day on which it holds.
    var licenceUntil: CalendarDate?

    /// The form's fields, in their order.
    static let fields = [
        "name", "creditCode", "division", "address", "latitude", "longitude", "phone", "licenceNumber", "licenceFrom",
        "licenceUntil",
    ]

    init(_ row: Row) throws {
        creditCode = try row.get("credit_code")
        name = try row.get("name")
        division = try row.get("division")
        address = try row.get("address")
        point = try MapPoint(row)
        phone = try row.get("phone")
        licenceNumber = try row.get("licence_number")
        licenceFrom = try row.get("licence_from", as: String?.self).flatMap { CalendarDate(iso8601: $0) }
        licenceUntil = try row.get("licence_until", as: String?.self).flatMap { CalendarDate(iso8601: $0) }
    }

    /// Nil where a fault was found.
    init?(_ fields: inout TypedFields) {
        let before = fields.faults.count
        name = fields.text("name", isNeeded: true)
        var code = ""
        do throws(UnifiedCreditCodeFault) {
            code = try UnifiedCreditCode(fields.value("creditCode") ?? "").text
        } catch {
            fields.fault("creditCode", error.explanation)
        }
        creditCode = code
        let division = fields.division()
        self.division = division?.prefix ?? ""
        address = fields.text("address", most: 200)
        point = fields.point()
        phone = fields.phone()
        licenceNumber = fields.text("licenceNumber", most: 60)
        licenceFrom = fields.day("licenceFrom")
        licenceUntil = fields.day("licenceUntil")
        if let licenceFrom, let licenceUntil, licenceUntil < licenceFrom {
            fields.fault("licenceUntil", "到期日不能早于起始日。", "The last day cannot lie before the first.")
        }
        guard fields.faults.count == before else { return nil }
    }

    func value(_ field: String) -> String {
        switch field {
        case "name": name
        case "creditCode": creditCode
        case "division": division
        case "address": address
        case "latitude": point.map { MapPoint.degrees($0.latitude) } ?? ""
        case "longitude": point.map { MapPoint.degrees($0.longitude) } ?? ""
        case "phone": phone
        case "licenceNumber": licenceNumber
        case "licenceFrom": licenceFrom?.description ?? ""
        case "licenceUntil": licenceUntil?.description ?? ""
        default: ""
        }
    }
}

extension MapPoint {
    /// The columns `latitude` and `longitude`.
    init?(_ row: Row) throws {
        guard let north: Int64 = try row.get("latitude"), let east: Int64 = try row.get("longitude") else { return nil }
        self.init(latitude: north, longitude: east)
    }
}

/// How long a licence or a credential still holds.
enum Standing: Hashable, Sendable {
    /// No last day is known.
    case unknown
    case holds
    /// Ends within 60 days.
    case endsSoon(days: Int)
    case ended

    static let warning = 60
    static let urgent = 30

    init(until last: CalendarDate?, on today: CalendarDate) {
        guard let last else {
            self = .unknown
            return
        }
        let days = Int(last.dayNumber - today.dayNumber)
        self = days < 0 ? .ended : days <= Self.warning ? .endsSoon(days: days) : .holds
    }

    /// A sentence, and the tier of its badge; nil where there is nothing to say.
    func badge(_ words: Words) -> (text: String, tier: String)? {
        switch self {
        case .unknown: (words["standing.unknown"], "yellow")
        case .holds: nil
        case .endsSoon(let days):
            (words("standing.soon", ["days": "\(days)"]), days <= Self.urgent ? "orange" : "yellow")
        case .ended: (words["standing.ended"], "red")
        }
    }

    func html(_ words: Words) -> String? {
        badge(words).map { "<span class=\"badge tier-\($0.tier)\">\(HTML.escaped($0.text))</span>" }
    }
}

/// A room of a school.
struct Room: Hashable, Sendable {
    let id: Int64
    let school: Int64
    let name: String
    let seats: Int64

    init(_ row: Row) throws {
        id = try row.get("room_id")
        school = try row.get("school_id")
        name = try row.get("name")
        seats = try row.get("seats")
    }
}
