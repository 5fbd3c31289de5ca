import Contracts
import Hummingbird
import ServiceKit
import SocialDomain

/// `/aid/rules`: what the runs look for, in words.
struct RulePages: Sendable {
    let app: AidApplication

    func addRoutes(to routes: inout RouteTable) {
        routes.on(AidContract.Pages.rules) { request, context in
            let rules = try await app.actions.rules()
            let words = app.site.words(context)
            var page = Page(
                "rules", title: words["rules.title"], lead: words("rules.lead", ["version": rules.version]),
                place: "rules")
            page.fields = RuleView(rules: rules, divisions: app.divisions, words: words).fields()
            return app.site.page(page, request, context)
        }
    }
}

/// The rules as tables.
struct RuleView {
    let rules: PublishedRules
    let divisions: DivisionTree
    let words: Words

    func fields() -> Fields {
        [
            "groups": AlertTerms.directions.map { direction -> Fields in
                [
                    "groupTitle": words["rules.group.\(direction)"],
                    "thresholds": rules.tiers.filter { $0.direction == direction }.flatMap { tier in
                        [("red", tier.red), ("orange", tier.orange), ("yellow", tier.yellow)].map {
                            name, points -> Fields in
                            [
                                "thresholdBadge": AlertTerms.badge(name, words),
                                "thresholdText": words("rules.from", ["n": "\(points)"]),
                            ]
                        }
                    },
                    "indicators": indicators(direction).fields(),
                ]
            },
            "parameters": parameters().fields(),
            "facts": facts().fields(),
        ]
    }

    private func indicators(_ direction: String) -> Table {
        Table(
            caption: words["rules.group.\(direction)"],
            columns: [
                .init(words["rules.indicator"]), .init(words["rules.scope"], isShort: true),
                .init(words["rules.condition"]),
                .init(words["column.points"], isFigure: true),
            ],
            rows: rules.indicators.filter { $0.direction == direction }.map { indicator in
                [
                    .init(
                        words[indicator.title], href: "/aid/alerts?indicator=\(QueryItems.encoded(indicator.id))",
                        note: indicator.id),
                    .init(words["rules.scope.\(indicator.scope)"]),
                    .init(html: condition(indicator)),
                    .figure(indicator.points),
                ]
            },
            emptiness: words["rules.none"])
    }

    /// The facts it looks at in words, then the expression as it stands in the file.
    private func condition(_ indicator: PublishedRules.Indicator) -> String {
        let named = rules.facts.filter { indicator.expression.mentions($0.name) }
        let wording = named.map { words[$0.wording] }.joined(separator: words["list.comma"])
        let code = "<code>\(HTML.escaped(indicator.expression))</code>"
        return wording.isEmpty ? code : "\(HTML.escaped(wording))<br>\(code)"
    }

    private func parameters() -> Table {
        Table(
            caption: words["rules.parameters"],
            columns: [
                .init(words["rules.parameter"]), .init(words["rules.default"], isFigure: true),
                .init(words["rules.byDivision"]),
            ],
            rows: rules.parameters.map { parameter in
                [
                    .init(parameter.name), .init(Figures.amount(parameter.defaultValue)),
                    .init(
                        parameter.byDivision.map {
                            "\(divisions.placeName(ofDigits: $0.prefix)) \(Figures.amount($0.value))"
                        }
                        .joined(separator: words["list.comma"])),
                ]
            },
            emptiness: words["rules.none"])
    }

    private func facts() -> Table {
        Table(
            caption: words["rules.facts"],
            columns: [.init(words["rules.fact"]), .init(words["rules.meaning"])],
            rows: rules.facts.map { [.init($0.name), .init(words[$0.wording])] },
            emptiness: words["rules.none"])
    }
}

extension String {
    /// Whether a name stands in an expression as a word of its own.
    fileprivate func mentions(_ name: String) -> Bool {
        split { !($0.isLetter || $0.isNumber || $0 == "_") }.contains { $0 == name }
    }
}
