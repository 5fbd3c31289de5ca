import SocialDomain

/// The rules as people read them: indicators in words, thresholds, parameters.
struct PublishedRules: Sendable {
    struct Parameter: Sendable {
        let name: String
        let defaultValue: Double
        let byDivision: [(prefix: String, value: Double)]
    }

    struct Fact: Sendable {
        let name: String
        /// What it counts or adds up, made from its definition.
        let wording: LocalizedText
    }

    struct Indicator: Sendable {
        let id: String
        let title: LocalizedText
        /// `support` or `review`.
        let direction: String
        /// `household` or `person`.
        let scope: String
        /// As it stands in the rules file.
        let expression: String
        let points: Int
    }

    struct Thresholds: Sendable {
        let direction: String
        let red: Int
        let orange: Int
        let yellow: Int
    }

    /// A department's extract and its columns.
    struct Feed: Sendable {
        let name: String
        let title: LocalizedText
        let fields: [(name: String, title: LocalizedText)]
    }

    let version: String
    let feeds: [Feed]
    let parameters: [Parameter]
    let facts: [Fact]
    let indicators: [Indicator]
    let tiers: [Thresholds]

    func indicator(_ id: String) -> Indicator? { indicators.first { $0.id == id } }

    func feedTitle(_ name: String) -> LocalizedText {
        feeds.first { $0.name == name }?.title ?? LocalizedText(zh: name, en: name)
    }

    func fieldTitle(_ field: String, feed: String) -> LocalizedText {
        feeds.first { $0.name == feed }?.fields.first { $0.name == field }?.title ?? LocalizedText(zh: field, en: field)
    }

    /// The longest matching prefix wins; the default where a household has no division.
    func value(ofParameter name: String, division: String) -> Double? {
        guard let parameter = parameters.first(where: { $0.name == name }) else { return nil }
        let best = parameter.byDivision.filter { division.hasPrefix($0.prefix) }.max {
            $0.prefix.count < $1.prefix.count
        }
        return best?.value ?? parameter.defaultValue
    }
}
