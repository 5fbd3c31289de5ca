import ServiceKit
import SocialDomain

/// What a citizen looks for; what is not known is not asked for.
struct CatalogueFilter: Hashable, Sendable {
    /// Words of a title, or an occupation code.
    var text = ""
    var division: DivisionCode?
    var point: EarthPoint?
    /// Kilometres from the point.
    var within: Int?
    var audience: WorkWish = .any
    /// Begins within so many days.
    var days: Int?
    var hasFreeSeats = false
    var page = 1

    static let distances = [5, 10, 30, 100]
    static let spans = [14, 30, 90]
    private static let longestText = 50

    init() {}

    init(_ query: QueryItems) {
        text = String(
            String.UnicodeScalarView(
                (query["q"].map(TextForm.trimmed) ?? "").unicodeScalars.filter { $0.value >= 0x20 }.prefix(
                    Self.longestText)))
        division = query["division"].flatMap { DivisionCode(prefix: $0) }
        if let latitude = query["lat"].flatMap(Double.init), let longitude = query["lon"].flatMap(Double.init) {
            point = EarthPoint(latitude: latitude, longitude: longitude)
        }
        within =
            point == nil ? nil : query["within"].flatMap { Int($0) }.flatMap { Self.distances.contains($0) ? $0 : nil }
        audience = query["audience"].flatMap(WorkWish.init(rawValue:)) ?? .any
        days = query["days"].flatMap { Int($0) }.flatMap { Self.spans.contains($0) ? $0 : nil }
        hasFreeSeats = query["free"] == "1"
        page = query["page"].flatMap { Int($0) }.map { min(1000, max(1, $0)) } ?? 1
    }
}
