import ServiceKit
import SocialDomain

/// What an officer reads of a signal: the figures, the line they crossed, and whose they are, in both languages.
///
/// It is made from the indicator's own expression, so that it stays true when a bureau changes a rule: comparisons of
/// facts with figures are said in words, and whatever cannot be is quoted.
struct SignalSentence {
    struct Subject {
        var size = 0
        var incomePerCapita: Double?
        var category: HouseholdCategory?
        var settlement: Settlement?
        var division = ""
        var monthsEnrolled: Int?
        /// Of the person whom a person's indicator speaks of.
        var name: String?
        var age: Int?
    }

    let rules: PublishedRules
    let subject: Subject

    func sentence(indicator id: String, facts: SignalFacts) -> LocalizedText {
        guard let indicator = rules.indicator(id) else {
            // The rules have changed since: the figures still say what was found.
            return finished(join(facts.values.map { figure($0.name, $0.value) }), unread: nil, named: nil)
        }
        var reader = ConditionReader(rules: rules, subject: subject, facts: facts)
        reader.read(indicator.expression)
        let unsaid = facts.values.filter { !reader.said.contains($0.name) && $0.value != .absent }
        let clauses = reader.clauses + unsaid.map { figure($0.name, $0.value) }
        return finished(
            join(clauses.isEmpty ? [indicator.title] : clauses),
            unread: reader.isComplete ? nil : indicator.expression,
            named: indicator.scope == "person" ? subject.name : nil)
    }

    private func figure(_ name: String, _ value: FactValue) -> LocalizedText {
        FactWording(rules: rules).figure(name, value)
    }

    private func join(_ clauses: [LocalizedText]) -> LocalizedText {
        LocalizedText(zh: clauses.map(\.zh).joined(separator: "；"), en: clauses.map(\.en).joined(separator: "; "))
    }

    private func finished(_ text: LocalizedText, unread: String?, named name: String?) -> LocalizedText {
        let english = name.map { "\($0): \(text.en)" } ?? text.en
        let capital = english.prefix(1).uppercased() + english.dropFirst()
        return LocalizedText(
            zh: (name.map { "\($0)：" } ?? "") + text.zh + (unread.map { "（规则：\($0)）" } ?? "") + "。",
            en: capital + (unread.map { " (rule: \($0))" } ?? "") + ".")
    }
}

/// A fact with its figure.
struct FactWording {
    let rules: PublishedRules

    func figure(_ name: String, _ value: FactValue) -> LocalizedText {
        let text =
            switch value {
            case .whole(let number): Figures.grouped(number)
            case .decimal(let number): Figures.amount(number)
            case .absent: "–"
            }
        if value == .absent { return LocalizedText(zh: "\(title(name).zh)：无", en: "\(title(name).en): none") }
        guard let phrase = FactPhrase.shipped[name] else {
            return LocalizedText(zh: "\(title(name).zh)：\(text)", en: "\(title(name).en): \(text)")
        }
        if let none = phrase.none, value.number == 0 { return none }
        return LocalizedText(zh: fill(phrase.text.zh, ["n": text]), en: fill(phrase.text.en, ["n": text]))
    }

    func title(_ name: String) -> LocalizedText {
        rules.facts.first { $0.name == name }?.wording ?? LocalizedText(zh: name, en: name)
    }

    /// A limit in the fact's unit, `30,000 元`.
    func limit(_ name: String, _ value: Double) -> LocalizedText {
        let text = Figures.amount(value)
        guard let unit = FactPhrase.shipped[name]?.unit else { return LocalizedText(zh: text, en: text) }
        return LocalizedText(zh: "\(text) \(unit.zh)", en: "\(text) \(unit.en)")
    }
}
