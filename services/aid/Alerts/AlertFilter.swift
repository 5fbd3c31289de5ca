import ServiceKit

/// What a list of alerts is narrowed to; it stands in the address, and no person does.
struct AlertFilter: Sendable, Equatable {
    var direction: String?
    var tier: String?
    /// Digits of a division, 2 to 12.
    var division: String?
    var indicator: String?
    var state = "open"

    init() {}

    /// Values that mean nothing are passed over.
    init(_ query: QueryItems) {
        direction = query["direction"].flatMap { AlertTerms.directions.contains($0) ? $0 : nil }
        tier = query["tier"].flatMap { AlertTerms.tiers.contains($0) ? $0 : nil }
        division = query["division"].flatMap { digits in
            (2...12).contains(digits.utf8.count) && digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? digits : nil
        }
        indicator = query["indicator"].flatMap { $0.utf8.count <= 100 ? $0 : nil }
        state = query["state"].flatMap { AlertTerms.states.contains($0) ? $0 : nil } ?? "open"
    }
}

/// In which order alerts are listed.
struct AlertOrder: Sendable, Equatable {
    enum Key: String, Sendable {
        case points
        case household
    }

    var key = Key.points
    /// Against the natural order: points from the top, households by their id.
    var isReversed = false

    static let byPoints = AlertOrder()
}

/// Where a page of the list ended.
struct AlertPosition: Sendable, Equatable {
    let points: Int
    let household: String
    let direction: String
    let id: Int64

    init(points: Int, household: String, direction: String, id: Int64) {
        self.points = points
        self.household = household
        self.direction = direction
        self.id = id
    }

    var text: String { "\(points)~\(direction)~\(id)~\(household)" }

    init?(_ text: String) {
        let parts = text.split(separator: "~", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, let points = Int(parts[0]), AlertTerms.directions.contains(String(parts[1])),
            let id = Int64(parts[2])
        else { return nil }
        self.init(points: points, household: String(parts[3]), direction: String(parts[1]), id: id)
    }
}
