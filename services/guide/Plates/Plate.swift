import SocialDomain

/// A plate at a door.
struct Plate: Hashable, Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case shop
        case hall
        case village
    }

    enum State: String, CaseIterable, Sendable {
        case active
        /// The place is elsewhere now, where the successor hangs.
        case moved
        /// The place is the same and has a new plate.
        case replaced
        case retired
    }

    let code: String
    var content: PlateContent
    let state: State
    let successor: String?
    let changedAt: String
    let version: Int64

    var printedCode: String { (try? PlateCode(code))?.printed ?? code }
}

/// What a plate says about its place.
struct PlateContent: Hashable, Sendable {
    var kind: Plate.Kind
    var name: String
    /// In everyday words (餐饮, 理发); the page shows what the catalogue has for them.
    var trade = ""
    var address = ""
    var division: DivisionCode
    var position: Position?
    var helperName = ""
    var helperPhone = ""
}

/// A point on the earth, in degrees.
struct Position: Hashable, Sendable {
    let longitude: Double
    let latitude: Double

    init?(longitude: Double, latitude: Double) {
        guard (-180...180).contains(longitude), (-90...90).contains(latitude) else { return nil }
        self.longitude = longitude
        self.latitude = latitude
    }
}

/// Why a plate cannot be made or changed.
enum PlateRefusal: ExplainedFault, Hashable {
    case unknown
    case notActive
    case changedMeanwhile
    case field(String, LocalizedText)
    case noCodeFree

    var explanation: LocalizedText {
        switch self {
        case .unknown:
            LocalizedText(zh: "没有这块门牌，或者不在您的区划以内。", en: "There is no such plate, or it lies outside your division.")
        case .notActive:
            LocalizedText(zh: "这块门牌已经停用，不能再改。", en: "This plate is not in use any more and cannot be changed.")
        case .changedMeanwhile:
            LocalizedText(zh: "别人刚刚改过。请重新打开后再改。", en: "Somebody else has just changed it: open it again.")
        case .field(_, let message): message
        case .noCodeFree: LocalizedText(zh: "没有取到空闲的编码，请再试一次。", en: "No free code was drawn: try again.")
        }
    }

    var field: String {
        if case .field(let name, _) = self { name } else { "name" }
    }
}
