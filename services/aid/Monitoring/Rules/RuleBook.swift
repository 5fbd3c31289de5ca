import SocialDomain

/// A rules file, checked: which facts are computed, and which households they say something about.
struct RuleBook: Sendable {
    let version: String
    let parameters: [RuleParameter]
    /// In the file's order.
    let facts: [FactDefinition]
    /// Sorted by id, by code points.
    let indicators: [Indicator]
    let tiers: [Direction: TierThresholds]
    /// The feed kinds that the facts' indices refer to.
    let kinds: FeedKindCatalogue

    static func load(yaml: String, file: String, kinds: FeedKindCatalogue) throws(RuleFileError) -> RuleBook {
        try RuleBookLoader.load(yaml: yaml, file: file, kinds: kinds)
    }
}

/// A number that depends on where the household lives.
struct RuleParameter: Sendable {
    let name: String
    let defaultValue: Double
    /// The longest prefixes first.
    let byDivision: [(prefix: String, value: Double)]

    /// The value of the longest prefix that the division's code begins with, else the default.
    func value(forDivision division: String) -> Double {
        byDivision.first { division.utf8.starts(with: $0.prefix.utf8) }?.value ?? defaultValue
    }
}

enum FactSource: Hashable, Sendable {
    case members
    /// An index into the catalogue's kinds.
    case feed(Int)
}

/// What a fact makes of its rows; fields are indices into the kind's fields.
enum FactFunction: Hashable, Sendable {
    case countRows
    case countPersons
    case countMembers
    case sum(Int)
    case max(Int)
    case min(Int)

    var field: Int? {
        switch self {
        case .sum(let field), .max(let field), .min(let field): field
        case .countRows, .countPersons, .countMembers: nil
        }
    }
}

enum FactValueType: Hashable, Sendable {
    case int
    /// Money or area: whole hundredths inside, a double in expressions and in alerts.
    case hundredths
}

struct FactDefinition: Sendable {
    let name: String
    let source: FactSource
    let function: FactFunction
    let months: Int?
    let latest: Bool
    /// `where`, over a row's frame.
    let condition: Program?
    let valueType: FactValueType

    /// Whether it is absent over no rows.
    var isNullable: Bool {
        switch function {
        case .max, .min: true
        case .countRows, .countPersons, .countMembers, .sum: false
        }
    }
}

enum Direction: String, CaseIterable, Sendable {
    case review
    case support
}

enum IndicatorScope: String, CaseIterable, Sendable {
    case household
    case person
}

enum Tier: String, CaseIterable, Sendable {
    case red
    case orange
    case yellow
}

struct TierThresholds: Hashable, Sendable {
    let red: Int
    let orange: Int
    let yellow: Int

    /// The highest tier that the points reach.
    func tier(forPoints points: Int) -> Tier? {
        points >= red ? .red : points >= orange ? .orange : points >= yellow ? .yellow : nil
    }
}

struct Indicator: Sendable {
    typealias Scope = IndicatorScope

    let id: String
    let title: LocalizedText
    let direction: Direction
    let scope: Scope
    /// `when` as written.
    let source: String
    let condition: Program
    let points: Int
    /// Indices of the facts that the expression names, sorted by name, by code points.
    let facts: [Int]
    /// The other names that it uses, such as `household.size` and `param.dibaoStandard`, in the order of first use.
    let registerNames: [String]
    /// Indices of the parameters that it uses, in the file's order.
    let parameters: [Int]
}
