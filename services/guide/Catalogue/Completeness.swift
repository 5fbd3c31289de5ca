import SocialDomain

/// How much of an item's standard elements is filled in, and what is missing, for editors.
struct Completeness: Hashable, Sendable {
    /// 0 to 100.
    let score: Int
    let missing: [Element]

    /// The elements in the order of the editor's page; the weights add up to 100.
    enum Element: String, CaseIterable, Sendable {
        case summary
        case plainName
        case aliases
        case kind
        case audience
        case days
        case fee
        case place
        case phone
        case legalBasis
        case results
        case channels
        case conditions
        case materials
        case steps
        case questions

        var weight: Int {
            switch self {
            case .materials, .steps: 15
            case .conditions, .summary: 10
            case .place, .days, .questions: 8
            case .phone, .legalBasis, .results: 4
            case .fee, .channels, .aliases: 3
            case .audience, .plainName: 2
            case .kind: 1
            }
        }
    }

    init(_ content: ItemContent) {
        missing = Element.allCases.filter { !Self.has($0, content) }
        score = Element.allCases.reduce(0) { $0 + $1.weight } - missing.reduce(0) { $0 + $1.weight }
    }

    private static func has(_ element: Element, _ content: ItemContent) -> Bool {
        switch element {
        case .summary: !content.summary.isEmpty
        case .plainName: !content.plainName.isEmpty
        case .aliases: !content.aliases.isEmpty
        case .kind: !content.kind.isEmpty
        case .audience: !content.audience.isEmpty
        case .days: content.promisedDays != nil
        case .fee: !content.fee.amount.isEmpty
        case .place: content.places.contains { !$0.address.isEmpty && !$0.hours.isEmpty }
        case .phone: !content.consultPhone.isEmpty
        case .legalBasis: !content.legalBasis.isEmpty
        case .results: !content.results.isEmpty
        case .channels: !content.channels.isEmpty
        case .conditions: !content.conditions.isEmpty
        case .materials: !content.materials.isEmpty
        case .steps: !content.steps.isEmpty
        case .questions: !content.questions.isEmpty
        }
    }
}
