import ServiceKit
import SocialDomain

/// The figures of a division as tables and charts.
struct DashboardView {
    let figures: DashboardFigures
    let run: RunSummary
    let divisions: DivisionTree
    let words: Words

    func lead() -> String {
        words(
            "dashboard.lead",
            ["date": Figures.date(run.asOf, in: words.language), "rules": run.rulesVersion])
    }

    func fields() -> Fields {
        let division = figures.division.isEmpty ? "" : "&division=\(figures.division)"
        var fields: Fields = [
            "persons": Figures.grouped(figures.population.persons),
            "households": Figures.grouped(figures.population.households),
            "covered": Figures.grouped(figures.population.covered),
            "coveredShare": Figures.share(figures.population.covered, of: figures.population.persons),
            "tiers": AlertTerms.tiers.map { tier -> Fields in
                [
                    "tierBadge": AlertTerms.badge(tier, words),
                    "support": link(
                        figures.alerts["support", tier], "/aid/alerts?direction=support&tier=\(tier)\(division)"),
                    "review": link(
                        figures.alerts["review", tier], "/aid/alerts?direction=review&tier=\(tier)\(division)"),
                    "both": Figures.grouped(figures.alerts.tier(tier)),
                ]
            },
            "supportTotal": link(figures.alerts.total("support"), "/aid/alerts?direction=support\(division)"),
            "reviewTotal": link(figures.alerts.total("review"), "/aid/alerts?direction=review\(division)"),
            "allTotal": Figures.grouped(figures.alerts.total),
            "allHref": "/aid/alerts" + (figures.division.isEmpty ? "" : "?division=\(figures.division)"),
        ]
        fields["places"] = placesFields()
        fields["map"] = map(figures.children)
        fields["trend"] = trendFields()
        return fields
    }

    private func link(_ count: Int, _ href: String) -> Fields {
        ["figureHref": href, "figure": Figures.grouped(count)]
    }

    // MARK: - Where

    private func placesFields() -> Fields? {
        guard !figures.children.isEmpty else { return nil }
        // The most red alerts first: where to look.
        let children = figures.children.sorted {
            ($0.alerts["support", "red"], $0.alerts.total, $1.division) > (
                $1.alerts["support", "red"], $1.alerts.total, $0.division
            )
        }
        let top = children[0]
        let title = words(
            "dashboard.places.title",
            ["place": name(top.division), "n": Figures.grouped(top.alerts["support", "red"])])
        let shown = children.prefix(12)
        let chart = StackedBarChart(
            title: title,
            rows: shown.map { child in
                StackedBarChart.Row(
                    label: name(child.division), href: href(child.division),
                    parts: AlertTerms.tiers.map { tier in
                        .init(
                            name: "", value: child.alerts["support", tier],
                            tone: AlertTerms.tone(ofTier: tier))
                    })
            })
        var fields = table(children).fields()
        fields["chartTitle"] = title
        fields["chart"] = chart.svg()
        if children.count > shown.count {
            fields["rest"] = words("dashboard.places.rest", ["n": Figures.grouped(children.count - shown.count)])
        }
        return fields
    }

    private func name(_ division: String) -> String {
        if words.language == .en, let league = LeagueMap.places[division] { return league.en }
        return DivisionCode(prefix: division).map(divisions.name(of:)) ?? division
    }

    private func href(_ division: String) -> String {
        division.utf8.count == 9 ? "/aid/alerts?division=\(division)" : "/aid/?division=\(division)"
    }

    private func table(_ children: [DashboardFigures.Child]) -> Table {
        Table(
            caption: words["dashboard.places.table"],
            columns: [.init(words["column.division"]), .init(words["column.households"], isFigure: true)]
                + AlertTerms.tiers.map {
                    .init("\(words["direction.support"]) · \(words["tier.\($0)"])", isFigure: true)
                }
                + [
                    .init(words["direction.review"], isFigure: true),
                    .init(words["column.perThousand"], isFigure: true),
                ],
            rows: children.map { child in
                [.init(name(child.division), href: href(child.division)), .figure(child.population.households)]
                    + AlertTerms.tiers.map { tier in
                        .figure(
                            child.alerts["support", tier],
                            href: "/aid/alerts?direction=support&tier=\(tier)&division=\(child.division)")
                    }
                    + [
                        .figure(
                            child.alerts.total("review"),
                            href: "/aid/alerts?direction=review&division=\(child.division)"),
                        .init(perThousand(child)),
                    ]
            })
    }

    private func rate(_ child: DashboardFigures.Child) -> Double {
        child.population.households == 0
            ? 0 : Double(child.alerts["support", "red"]) * 1000 / Double(child.population.households)
    }

    private func perThousand(_ child: DashboardFigures.Child) -> String {
        let tenths = Int((rate(child) * 10).rounded())
        return "\(Figures.grouped(tenths / 10)).\(tenths % 10)"
    }

    /// Only the leagues have places on the map.
    private func map(_ children: [DashboardFigures.Child]) -> Fields? {
        guard children.count > 3, children.allSatisfy({ LeagueMap.places[$0.division] != nil }) else { return nil }
        let rates = children.map(rate).filter { $0 > 0 }
        let title = words["dashboard.map.title"]
        let tiles = children.compactMap { child in
            LeagueMap.places[child.division].map { place in
                TileMap.Tile(
                    column: place.column, row: place.row, label: words.language == .zh ? place.zh : place.en,
                    figure: perThousand(child), href: href(child.division),
                    shade: TileMap.shade(rate(child), least: rates.min() ?? 0, greatest: rates.max() ?? 0))
            }
        }
        return ["mapTitle": title, "mapChart": TileMap(title: title, tiles: tiles).svg()]
    }

    // MARK: - Trend

    private func trendFields() -> Fields? {
        guard figures.trend.count > 1 else { return nil }
        let title = trendTitle()
        let chart = LineChart(
            title: title, labels: figures.trend.map { String($0.asOf.dropFirst(2)) },
            series: AlertTerms.tiers.map { tier in
                LineChart.Series(
                    name: words["tier.\(tier)"], tone: AlertTerms.tone(ofTier: tier),
                    values: figures.trend.map { $0.alerts["support", tier] })
            })
        let table = Table(
            caption: words["dashboard.trend.table"],
            columns: [.init(words["run.column.run"]), .init(words["run.column.asOf"])]
                + AlertTerms.tiers.map { .init(words["tier.\($0)"], isFigure: true) },
            rows: figures.trend.reversed().map { point in
                [
                    .init(words("run.name", ["n": "\(point.run)"]), href: "/aid/runs/\(point.run)"),
                    .init(Figures.date(point.asOf, in: words.language)),
                ] + AlertTerms.tiers.map { .figure(point.alerts["support", $0]) }
            })
        var fields = table.fields()
        fields["trendTitle"] = title
        fields["trendChart"] = chart.svg()
        return fields
    }

    /// The finding itself: how the red alerts changed since the run before.
    private func trendTitle() -> String {
        let now = figures.trend[figures.trend.count - 1].alerts["support", "red"]
        let before = figures.trend[figures.trend.count - 2].alerts["support", "red"]
        if now == before { return words("dashboard.trend.same", ["n": Figures.grouped(now)]) }
        let share = before == 0 ? "" : Figures.share(abs(now - before), of: max(before, abs(now - before)))
        let key = now > before ? "dashboard.trend.more" : "dashboard.trend.less"
        let change =
            Figures.grouped(abs(now - before)) + (before > 0 && abs(now - before) < before ? " (\(share))" : "")
        return words(key, ["n": Figures.grouped(now), "change": change])
    }
}
