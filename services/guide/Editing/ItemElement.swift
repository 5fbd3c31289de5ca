/// The elements of an item, each by the name under which forms, files, faults and comparisons know it, in the order of
/// the editor's form. Channels and variants stand before what may hold for some of them only.
enum ItemElement: String, CaseIterable, Sendable {
    case code
    case baseCode
    case department
    case name
    case plainName
    case aliases
    case summary
    case kind
    case level
    case audience
    case themes
    case isFrequent
    case isSample
    case statutoryDays
    case promisedDays
    case visits
    case feeAmount
    case feeNote
    case places
    case consultPhone
    case complaintPhone
    case legalBasis
    case results
    case channels
    case variants
    case conditions
    case materials
    case steps
    case questions
    case video

    /// Entries, one a line; the others are one text.
    var isList: Bool {
        switch self {
        case .aliases, .audience, .themes, .places, .legalBasis, .results, .channels, .variants, .conditions,
            .materials, .steps, .questions:
            true
        default: false
        }
    }

    /// The longest text of the element, or of one entry of a list, in characters.
    var longest: Int {
        switch self {
        case .code, .name, .feeNote: 200
        case .baseCode, .plainName, .aliases, .level, .audience, .themes, .variants, .results: 100
        case .kind, .department, .consultPhone, .complaintPhone: 100
        case .summary, .conditions, .materials, .steps, .questions: 2000
        case .places, .legalBasis, .video: 500
        case .isFrequent, .isSample, .statutoryDays, .promisedDays, .visits, .feeAmount, .channels: 20
        }
    }

    /// The most entries of a list.
    static let mostEntries = 100

    /// The kinds of the national list (事项类型) with their two-digit codes.
    static let kinds: [(code: String, name: String)] = [
        ("01", "行政许可"), ("02", "行政处罚"), ("03", "行政强制"), ("04", "行政征收"), ("05", "行政给付"), ("06", "行政检查"),
        ("07", "行政确认"), ("08", "行政奖励"), ("09", "行政裁决"), ("10", "其他行政权力"), ("20", "公共服务"),
    ]
}
