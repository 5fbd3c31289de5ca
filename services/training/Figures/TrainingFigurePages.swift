import Contracts
import Hummingbird
import Security
import ServiceKit
import SocialDomain
import Storage

/// `/training/figures`: the half-year table as the bureau publishes it, and what came of it.
struct TrainingFigurePages: Sendable {
    let app: TrainingApplication
    private static let path = "/training/figures"

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.figuresPage) { request, context in try await show(request, context) }
        routes.on(TrainingContract.figuresExport) { request, context in try await export(request, context) }
    }

    private func read(_ request: Request, _ context: KitContext) async throws -> TrainingFigures {
        let asked = QueryItems(request.uri.query ?? "")["half"].flatMap { HalfYear($0) }
        let (half, scope) = (asked ?? HalfYear(of: app.today), try context.requireCaller().scope)
        let today = app.today
        return try await app.database.read { db in try TrainingFigures.read(half, within: scope, on: today, in: db) }
    }

    /// The half years from the first class to now.
    private func halves() async throws -> [HalfYear] {
        let first = try await app.database.read { db in
            try db.first("SELECT min(starts_on) AS day FROM training_class")?.get("day", as: String?.self)
        }
        let now = HalfYear(of: app.today)
        var half = (first ?? nil).flatMap { CalendarDate(iso8601: $0) }.map { HalfYear(of: $0) } ?? now
        var halves: [HalfYear] = []
        while half <= now, halves.count < 40 {
            halves.append(half)
            half = HalfYear(of: half.last.adding(days: 1))
        }
        return halves.reversed()
    }

    private func show(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let figures = try await read(request, context)
        var page = Page(
            "figures", title: words("figures.title", ["half": name(figures.half, words)]), lead: words["figures.lead"],
            place: "figures")
        page.fields["halves"] = try await halves().map { half -> Fields in
            ["value": half.text, "name": name(half, words), "isChosen": half == figures.half]
        }
        let total = figures.total
        page.fields["cards"] = [
            ("figures.personTimes", total.personTimes), ("figures.urban", total.urban), ("figures.rural", total.rural),
            ("figures.domestic", total.domestic), ("figures.certificates", total.certificates),
            ("figures.placements", total.placements),
        ].map { ["name": words[$0], "figure": Figures.grouped($1)] as Fields }
        page.fields["chart"] = chart(figures, words)
        page.fields["facts"] = TrainingApplication.facts(money(figures, words))
        page.fields["trades"] = table(figures.trades, "figures.trade", words) { app.tradeTitle($0) }.fields()
        page.fields["schools"] = table(figures.schools, "figures.school", words) { $0 }.fields()
        page.fields["brands"] = Table(
            caption: words["figures.brands"],
            columns: [.init(words["figures.brand"]), .init(words["figures.placements"], isFigure: true)],
            rows: figures.brands.map { [.init($0.name), .figure($0.placements)] }, emptiness: words["figures.none"]
        ).fields()
        page.fields["retention"] = Table(
            caption: words["figures.retention"],
            columns: [
                .init(words["figures.month"]), .init(words["figures.due"], isFigure: true),
                .init(words["figures.done"], isFigure: true), .init(words["figures.working"], isFigure: true),
            ],
            rows: figures.retention.map {
                [
                    .init(words("figures.months", ["n": "\($0.month)"])), .figure($0.due), .figure($0.done),
                    .figure($0.working),
                ]
            }, emptiness: words["figures.none"]
        ).fields()
        page.fields["exportHref"] = "\(Self.path).csv?half=\(figures.half.text)"
        return app.site.page(page, request, context)
    }

    /// The trades with the most people, who is urban and who is rural.
    private func chart(_ figures: TrainingFigures, _ words: Words) -> String? {
        guard !figures.trades.isEmpty else { return nil }
        return StackedBarChart(
            title: words["figures.trades"],
            rows: figures.trades.sorted { ($1.counts.personTimes, $0.key) < ($0.counts.personTimes, $1.key) }.prefix(8)
                .map { group in
                    .init(
                        label: app.tradeName(group.key) ?? group.key,
                        parts: [
                            .init(
                                name: words["figures.urban"], value: group.counts.urban,
                                tone: .init(style: "tone-second", mark: "◆")),
                            .init(name: words["figures.rural"], value: group.counts.rural, tone: .plain),
                        ])
                }
        ).svg()
    }

    private func name(_ half: HalfYear, _ words: Words) -> String {
        words(half.isSecond ? "figures.second" : "figures.first", ["year": "\(half.year)"])
    }

    private func money(_ figures: TrainingFigures, _ words: Words) -> [(String, String)] {
        func yuan(_ money: Money?) -> String {
            money.map { words("money.yuan", ["n": Figures.amount($0.yuan)]) } ?? words["figures.unknown"]
        }
        return [
            (words["figures.paid"], yuan(figures.paid)), (words["figures.cost"], yuan(figures.costPerPlacement)),
            (words["figures.before"], yuan(figures.incomeBefore)), (words["figures.after"], yuan(figures.incomeAfter)),
            (words["figures.known"], Figures.grouped(figures.incomePeople)),
        ]
    }

    private func table(
        _ groups: [TrainingFigures.Group], _ title: String, _ words: Words, _ name: (String) -> String
    ) -> Table {
        Table(
            caption: words["\(title)s"],
            columns: [
                .init(words[title]), .init(words["figures.personTimes"], isFigure: true),
                .init(words["figures.urban"], isFigure: true), .init(words["figures.rural"], isFigure: true),
                .init(words["figures.certificates"], isFigure: true),
                .init(words["figures.placements"], isFigure: true),
            ],
            rows: groups.map { group in
                [
                    .init(name(group.key)), .figure(group.counts.personTimes), .figure(group.counts.urban),
                    .figure(group.counts.rural), .figure(group.counts.certificates), .figure(group.counts.placements),
                ]
            }, emptiness: words["figures.none"])
    }

    private func export(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let figures = try await read(request, context)
        func line(_ kind: String, _ name: String, _ counts: TrainingFigures.Counts) -> [String] {
            [
                words[kind], name, "\(counts.personTimes)", "\(counts.urban)", "\(counts.rural)", "\(counts.domestic)",
                "\(counts.certificates)", "\(counts.placements)",
            ]
        }
        let header =
            ["", ""]
            + [
                "figures.personTimes", "figures.urban", "figures.rural", "figures.domestic", "figures.certificates",
                "figures.placements",
            ].map { words[$0] }
        let rows =
            [header, line("figures.all", "", figures.total)]
            + figures.trades.map { line("figures.trade", app.tradeTitle($0.key), $0.counts) }
            + figures.schools.map { line("figures.school", $0.key, $0.counts) }
            + figures.brands.map { [words["figures.brand"], $0.name, "", "", "", "", "", "\($0.placements)"] }
            + figures.retention.map {
                [words["figures.retention"], words("figures.months", ["n": "\($0.month)"])]
                    + [$0.due, $0.done, $0.working].map(String.init)
            }
            + money(figures, words).map { [$0.0, "", $0.1] }
        return ListExport.response(name: "training-\(figures.half.text)", rows)
    }
}
