import Foundation
import SocialDomain

/// How well an open class suits a person, and why.
struct ClassMatch: Hashable, Sendable {
    /// What is known of the person.
    struct Profile: Hashable, Sendable {
        let division: String
        let wish: WorkWish
        let schooling: Schooling
        var place: GeoPoint?
    }

    /// How far the class's division lies from the person's, the nearest first.
    enum Nearness: Int, Comparable, Sendable {
        case township
        case county
        case league
        case further

        static func < (left: Nearness, right: Nearness) -> Bool { left.rawValue < right.rawValue }
    }

    let offer: OpenClass
    /// The class is for what the person wishes, and not for both or for someone who would take either.
    let isWished: Bool
    let wish: WorkWish
    let schooling: Schooling
    /// The level asks for no more than the person has; false where the schooling is not known and the level asks for some.
    let isSchoolingReached: Bool
    let nearness: Nearness
    /// As the crow flies, where both places are known.
    let kilometres: Int?

    /// Nil where the class is for others, or its level asks for more schooling than the person has.
    init?(_ offer: OpenClass, for person: Profile) {
        guard person.wish == .any || offer.audience == .any || person.wish == offer.audience else { return nil }
        let asked = offer.level.schoolingAsked
        guard person.schooling == .unknown || person.schooling.rank >= asked.rank else { return nil }
        self.offer = offer
        wish = person.wish
        schooling = person.schooling
        isWished = person.wish != .any && person.wish == offer.audience
        isSchoolingReached = person.schooling != .unknown || asked == .unknown
        nearness = Self.nearness(person.division, offer.division)
        kilometres = person.place.flatMap { home in offer.point.map { Self.kilometres(home, $0) } }
    }

    /// The best first: for what the person wishes; with schooling that is known to do; near; soon.
    static func ranked(_ classes: [OpenClass], for person: Profile) -> [ClassMatch] {
        classes.compactMap { ClassMatch($0, for: person) }.sorted(by: isBetter)
    }

    /// The first of the ranked ones, in one pass.
    static func best(of classes: [OpenClass], for person: Profile) -> ClassMatch? {
        classes.lazy.compactMap { ClassMatch($0, for: person) }.min(by: isBetter)
    }

    private static func isBetter(_ left: ClassMatch, _ right: ClassMatch) -> Bool {
        if left.isWished != right.isWished { return left.isWished }
        if left.isSchoolingReached != right.isSchoolingReached { return left.isSchoolingReached }
        if left.nearness != right.nearness { return left.nearness < right.nearness }
        if left.kilometres != right.kilometres { return left.kilometres ?? .max < right.kilometres ?? .max }
        if left.offer.startsOn != right.offer.startsOn { return left.offer.startsOn < right.offer.startsOn }
        return left.offer.id < right.offer.id
    }

    /// In words: wish, schooling, distance.
    var reasons: [LocalizedText] { [wishReason, schoolingReason, distanceReason] }

    private var wishReason: LocalizedText {
        if isWished {
            return LocalizedText(
                zh: "愿望是\(wish.title.zh)，这个班正是面向\(wish.title.zh)",
                en: "Wishes to \(wish.title.en.lowercasedFirst), as the class is for")
        }
        if offer.audience == .any {
            return LocalizedText(zh: "这个班外出就业、就近就业都适合", en: "The class suits those who leave and those who stay")
        }
        return LocalizedText(
            zh: "本人没有特别的愿望，这个班面向\(offer.audience.title.zh)",
            en: "Has no special wish; the class is for those who \(offer.audience.title.en.lowercasedFirst)")
    }

    private var schoolingReason: LocalizedText {
        let asked = offer.level.schoolingAsked
        if asked == .unknown { return LocalizedText(zh: "这一等级不要求学历", en: "The level asks for no schooling") }
        if schooling == .unknown {
            return LocalizedText(
                zh: "这一等级要求\(asked.title.zh)，本人学历未填，请先核实",
                en:
                    "The level asks for \(asked.title.en.lowercasedFirst); the person's schooling is not known: ask first"
            )
        }
        return LocalizedText(
            zh: "学历\(schooling.title.zh)，达到这一等级要求的\(asked.title.zh)",
            en: "\(schooling.title.en), as the level asks for \(asked.title.en.lowercasedFirst)")
    }

    private var distanceReason: LocalizedText {
        let site: LocalizedText =
            switch nearness {
            case .township: LocalizedText(zh: "在本苏木乡镇街道", en: "In the person's own township")
            case .county: LocalizedText(zh: "在本旗县市区", en: "In the person's own county")
            case .league: LocalizedText(zh: "在本盟市", en: "In the person's own league")
            case .further: LocalizedText(zh: "在外地", en: "Elsewhere")
            }
        guard let kilometres else { return site }
        return LocalizedText(
            zh: "\(site.zh)，直线距离约\(kilometres)公里", en: "\(site.en), about \(kilometres) km as the crow flies")
    }

    // MARK: - Distance

    private static func nearness(_ home: String, _ other: String) -> Nearness {
        func share(_ digits: Int) -> Bool {
            home.utf8.count >= digits && other.utf8.count >= digits && home.prefix(digits) == other.prefix(digits)
        }
        if share(9) { return .township }
        if share(6) { return .county }
        return share(4) ? .league : .further
    }

    /// By the great circle on a sphere of 6,371 km; whole kilometres, at least 1.
    private static func kilometres(_ from: GeoPoint, _ to: GeoPoint) -> Int {
        func radians(_ millionths: Int64) -> Double { Double(millionths) / 1_000_000 * .pi / 180 }
        let (a, b) = (radians(from.latitude), radians(to.latitude))
        let (dLatitude, dLongitude) = (b - a, radians(to.longitude - from.longitude))
        let h =
            sin(dLatitude / 2) * sin(dLatitude / 2) + cos(a) * cos(b) * sin(dLongitude / 2) * sin(dLongitude / 2)
        return max(1, Int((2 * 6371 * asin(min(1, h.squareRoot()))).rounded()))
    }
}

extension SkillLevel {
    /// The schooling that whoever comes to a class of the level should have; unknown where any will do. A bureau's own
    /// practice, not a law: the national skill standards ask for it by trade.
    var schoolingAsked: Schooling {
        switch self {
        case .special, .junior: .unknown
        case .intermediate: .junior
        case .senior: .senior
        case .technician, .chiefTechnician: .college
        }
    }
}

extension Schooling {
    /// Higher is more; senior and vocational secondary count the same.
    fileprivate var rank: Int {
        switch self {
        case .unknown: 0
        case .primary: 1
        case .junior: 2
        case .senior, .vocational: 3
        case .college: 4
        case .bachelor: 5
        }
    }
}

extension String {
    /// For a title within a sentence.
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
