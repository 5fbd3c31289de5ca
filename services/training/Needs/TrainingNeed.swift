import ServiceKit
import SocialDomain
import Storage

/// A person for whom aid asked training; known by the person's id in aid, without name or identity number.
struct TrainingNeed: Hashable, Sendable {
    enum State: String, CaseIterable, Sendable {
        case open
        case offered
        case enrolled
        case declined
        case closed

        /// Whether a place may be offered.
        var takesOffers: Bool { self == .open || self == .offered || self == .enrolled }

        var title: LocalizedText {
            switch self {
            case .open: LocalizedText(zh: "待安排", en: "Awaits an offer")
            case .offered: LocalizedText(zh: "已安排", en: "Place offered")
            case .enrolled: LocalizedText(zh: "培训中", en: "In training")
            case .declined: LocalizedText(zh: "本人不参加", en: "Does not want to")
            case .closed: LocalizedText(zh: "已就业", en: "In work")
            }
        }
    }

    let person: String
    let household: String
    let division: String
    let birthYear: Int
    let sex: Sex?
    let askedAt: String
    let learner: Int64?
    let wish: WorkWish
    let schooling: Schooling
    let state: State
    let note: String
    let version: Int64
    /// Where the person lives, in millionths of a degree, once he is a learner who said so.
    let place: GeoPoint?

    init(_ row: Row) throws {
        person = try row.get("aid_person")
        household = try row.get("household")
        division = try row.get("division")
        birthYear = try row.get("birth_year")
        sex = try row.get("sex", as: String?.self).flatMap(Sex.init)
        askedAt = try row.get("asked_at")
        learner = try row.get("learner_id")
        wish = WorkWish(rawValue: try row.get("wish")) ?? .any
        schooling = Schooling(rawValue: try row.get("schooling")) ?? .unknown
        state = State(rawValue: try row.get("state")) ?? .open
        note = try row.get("note")
        version = try row.get("version")
        place = GeoPoint(latitude: try row.get("latitude"), longitude: try row.get("longitude"))
    }

    /// What ranks classes for the person.
    var profile: ClassMatch.Profile {
        ClassMatch.Profile(division: division, wish: wish, schooling: schooling, place: place)
    }
}

/// A place on the earth (WGS 84), in millionths of a degree.
struct GeoPoint: Hashable, Sendable {
    let latitude: Int64
    let longitude: Int64

    init(latitude: Int64, longitude: Int64) {
        self.latitude = latitude
        self.longitude = longitude
    }

    init?(latitude: Int64?, longitude: Int64?) {
        guard let latitude, let longitude else { return nil }
        self.init(latitude: latitude, longitude: longitude)
    }
}
