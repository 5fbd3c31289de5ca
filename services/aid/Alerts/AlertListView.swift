import ServiceKit
import SocialDomain

/// The list of alerts in words.
struct AlertListView {
    let filter: AlertFilter
    let address: ListAddress
    let rules: PublishedRules
    let divisions: DivisionTree
    let words: Words

    func lead(count: Int) -> String {
        let number =
            count > AlertQueries.countLimit
            ? words("alerts.more", ["n": Figures.grouped(AlertQueries.countLimit)]) : Figures.grouped(count)
        return words("alerts.lead.\(filter.state)", ["n": number])
    }

    func table(_ lines: [AlertLine]) -> Table {
        Table(
            caption: words["alerts.caption"],
            columns: [
                .init(words["column.household"], sort: "household"), .init(words["column.tier"], isShort: true),
                .init(words["column.points"], sort: "points", isFigure: true),
                .init(words["column.direction"], isShort: true),
                .init(words["column.reasons"]), .init(words["column.category"], isShort: true, isMinor: true),
                .init(words["column.division"]),
                .init(words["column.changed"], isFigure: true, isMinor: true),
            ],
            rows: lines.map { line in
                [
                    .init(
                        line.head.isEmpty ? line.household : line.head,
                        href: "/aid/households/\(QueryItems.encoded(line.household))",
                        note: line.head.isEmpty ? nil : line.household),
                    .init(html: AlertTerms.badge(line.tier, words)),
                    .figure(line.points),
                    .init(words["direction.\(line.direction)"]),
                    .init(line.indicators.map(title).joined(separator: words["list.comma"])),
                    .init(HouseholdCategory(rawValue: line.category).map { words[$0.title] } ?? line.category),
                    .init(divisions.placeName(ofDigits: line.division)),
                    .init(Figures.day(line.changedAt, in: words.language)),
                ]
            },
            emptiness: emptiness)
    }

    private var emptiness: String {
        var plain = AlertFilter()
        plain.state = filter.state
        return words[filter == plain ? "alerts.empty.\(filter.state)" : "alerts.empty.filtered"]
    }

    func title(_ indicator: String) -> String {
        rules.indicator(indicator).map { words[$0.title] } ?? indicator
    }

    /// What is filtered, as words that can be taken away.
    func activeFilters() -> Fields? {
        var active: [(name: String, word: String)] = []
        if filter.state != "open" { active.append(("state", words["state.\(filter.state)"])) }
        if let direction = filter.direction { active.append(("direction", words["direction.\(direction)"])) }
        if let tier = filter.tier { active.append(("tier", words["tier.\(tier)"])) }
        if let division = filter.division { active.append(("division", divisions.placeName(ofDigits: division))) }
        if let indicator = filter.indicator { active.append(("indicator", title(indicator))) }
        guard !active.isEmpty else { return nil }
        return [
            "words": active.map { ["word": $0.word, "removeHref": address.without($0.name)] as Fields },
            "clearHref": address.path,
        ]
    }

    func form(divisions choices: [String]) -> Fields {
        [
            "sort": address.query["sort"].map { ["sortValue": $0] as Fields } ?? [:] as Fields,
            "selects": [
                select(
                    "state", "column.state", AlertTerms.states.map { ($0, words["state.\($0)"]) }, filter.state,
                    all: false),
                select(
                    "direction", "column.direction", AlertTerms.directions.map { ($0, words["direction.\($0)"]) },
                    filter.direction),
                select("tier", "column.tier", AlertTerms.tiers.map { ($0, words["tier.\($0)"]) }, filter.tier),
                select(
                    "division", "column.division",
                    choices.map { code in
                        (code, String(repeating: "　", count: depth(code, choices)) + divisionName(code))
                    }, filter.division),
                select(
                    "indicator", "column.indicator", rules.indicators.map { ($0.id, "\($0.id) \(words[$0.title])") },
                    filter.indicator),
            ],
        ]
    }

    private func divisionName(_ code: String) -> String {
        DivisionCode(prefix: code).map(divisions.name(of:)) ?? code
    }

    private func depth(_ code: String, _ choices: [String]) -> Int {
        choices.filter { $0 != code && code.hasPrefix($0) }.count
    }

    private func select(
        _ name: String, _ label: String, _ options: [(value: String, name: String)], _ current: String?,
        all: Bool = true
    ) -> Fields {
        var options = options
        if let current, !options.contains(where: { $0.value == current }) { options.append((current, current)) }
        return [
            "id": name, "label": words[label],
            "options": (all ? [("", words["filter.all"])] : []).map(option(current)) + options.map(option(current)),
        ]
    }

    private func option(_ current: String?) -> ((value: String, name: String)) -> Fields {
        { choice in ["value": choice.value, "name": choice.name, "isChosen": choice.value == current ?? ""] }
    }
}
