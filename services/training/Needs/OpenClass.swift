import SocialDomain

/// A class that takes people still, as far as an offer needs to know it.
struct OpenClass: Hashable, Sendable {
    let id: Int64
    let title: String
    let school: String
    let division: String
    let audience: WorkWish
    let place: String
    let point: GeoPoint?
    let freeSeats: Int
    let startsOn: CalendarDate
    let endsOn: CalendarDate
    /// An occupation code.
    let trade: String
    let level: SkillLevel
}
