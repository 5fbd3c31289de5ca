import Contracts
import Foundation
import Hummingbird
import NIOCore
import NIOPosix
import Security
import ServiceKit
import SocialDomain
import Storage

/// How the signboard is used: the page that an official prints, and its tables as files.
struct FigurePages: Sendable {
    let app: GuideApplication
    private static let path = "/guide/manage/figures"
    private static let longest = 366
    private static let spans = [7, 30, 90, 365]

    func addRoutes(to routes: inout RouteTable) {
        routes.on(GuideContract.figures) { request, context in try await show(request, context) }
        routes.on(GuideContract.figuresCSV) { request, context in
            let (export, name) = try await export(request, context)
            return Response(
                status: .ok,
                headers: [
                    .contentType: "text/csv; charset=utf-8",
                    .contentDisposition: "attachment; filename=\"\(name).csv\"",
                ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: export.csv())))
        }
        routes.on(GuideContract.figuresWorkbook) { request, context in
            let (export, name) = try await export(request, context)
            let path = NSTemporaryDirectory() + "guide-\(UUID().uuidString).xlsx"
            let bytes = try await NIOThreadPool.singleton.runIfActive { () -> Data in
                defer { try? FileManager.default.removeItem(atPath: path) }
                try export.writeWorkbook(to: path)
                return try Data(contentsOf: URL(fileURLWithPath: path))
            }
            return Response(
                status: .ok,
                headers: [
                    .contentType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                    .contentDisposition: "attachment; filename=\"\(name).xlsx\"",
                ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        }
    }

    /// `from` and `to`, or the last `days`; at most a year, 30 days where nothing is said.
    static func period(_ query: QueryItems, today: CalendarDate) -> Period {
        if let from = query["from"].flatMap({ CalendarDate(iso8601: $0) }),
            let to = query["to"].flatMap({ CalendarDate(iso8601: $0) }), from <= to
        {
            let period = Period(from: from, to: to)
            return period.dayCount <= longest ? period : Period(days: longest, until: to)
        }
        let days = query["days"].flatMap { Int($0) } ?? 30
        return Period(days: max(1, min(longest, days)), until: today)
    }

    private func report(_ request: Request, _ context: KitContext) async throws -> FigureReport {
        let scope = try context.requireCaller().scope
        let today = app.tally.today
        let period = Self.period(QueryItems(request.uri.query ?? ""), today: today)
        // What was counted a moment ago is in it.
        try await app.tally.flush()
        return try await app.database.read { db in
            try FigureReport(period, today: today, within: scope, in: db)
        }
    }

    private func export(_ request: Request, _ context: KitContext) async throws -> (FigureExport, String) {
        guard let table = FigureReport.Table(rawValue: try context.parameters.require("table")) else {
            throw Problem.notFound
        }
        let report = try await report(request, context)
        try await app.journal.record(AuditEvent("figures.export", subject: table.rawValue, in: context))
        let name = "guide-\(table.rawValue)-\(report.period.from)-\(report.period.to)"
        return (FigureExport(report: report, table: table, words: app.site.words(context)), name)
    }

    // MARK: - The page

    private func show(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let report = try await report(request, context)
        let query = QueryItems(request.uri.query ?? "")
        let (from, to) = (report.period.from, report.period.to)
        var page = Page(
            "figures", title: words["figures.title"],
            lead: words(
                "figures.lead",
                ["from": Figures.date(from, in: words.language), "to": Figures.date(to, in: words.language)]),
            place: "figures")
        page.fields["spans"] = Self.spans.map { days -> Fields in
            [
                "href": "\(Self.path)?days=\(days)", "name": words("figures.span", ["n": "\(days)"]),
                "isHere": query["from"] == nil && report.period.dayCount == days,
            ]
        }
        page.fields["from"] = from.description
        page.fields["to"] = to.description
        page.fields["cards"] = cards(report, words)
        page.fields["chart"] = chart(report, words).svg()
        page.fields["top"] = top(report, words)
        page.fields["missing"] = missing(report, words)
        page.fields["plateChart"] = plates(report, words)
        page.fields["freshness"] = freshness(report, words)
        let open = try await app.feedback.openCount(within: try context.requireCaller().scope)
        page.fields["feedbackOpen"] = words("figures.feedback", ["n": Figures.grouped(open)])
        let (period, scope) = (report.period, try context.requireCaller().scope)
        let waits = try await app.database.read { db in try HelperWaits.read(period, within: scope, in: db) }
        if waits.sessions + waits.missed > 0 {
            page.fields["helpers"] = words(
                "figures.helpers",
                [
                    "n": Figures.grouped(waits.sessions), "missed": Figures.grouped(waits.missed),
                    "median": "\(waits.median)", "ninetieth": "\(waits.ninetieth)",
                ])
        }
        let rest = QueryItems().setting("from", from.description).setting("to", to.description).suffix
        page.fields["exports"] = FigureReport.Table.allCases.map { table -> Fields in
            [
                "name": words["figures.table.\(table.rawValue)"],
                "csv": "\(Self.path)/\(table.rawValue)/export.csv\(rest)",
                "xlsx": "\(Self.path)/\(table.rawValue)/export.xlsx\(rest)",
            ]
        }
        return app.site.page(page, request, context)
    }

    private func cards(_ report: FigureReport, _ words: Words) -> [Fields] {
        [
            ("scans", Figures.grouped(report.scanTotal)), ("searches", Figures.grouped(report.searchTotal)),
            ("found", Figures.share(report.foundTotal, of: report.searchTotal)),
            ("views", Figures.grouped(report.itemTotal)), ("flows", Figures.grouped(report.flows)),
        ].map { name, figure in ["name": words["figures.card.\(name)"], "figure": figure] }
    }

    private func chart(_ report: FigureReport, _ words: Words) -> LineChart {
        // By weeks where there are many days.
        let days = report.period.days
        let width = days.count > 92 ? 7 : 1
        let starts = stride(from: 0, to: days.count, by: width)
        func series(_ counts: [String: Int]) -> [Int] {
            starts.map { start in
                days[start..<min(start + width, days.count)].reduce(0) { $0 + (counts[$1.description] ?? 0) }
            }
        }
        return LineChart(
            title: words[width == 1 ? "figures.chart.days" : "figures.chart.weeks"],
            labels: starts.map { "\(days[$0].month)-\(days[$0].day)" },
            series: [
                .init(name: words["figures.column.scans"], tone: .plain, values: series(report.scans)),
                .init(
                    name: words["figures.column.searches"], tone: .init(style: "tier-orange", mark: "◆"),
                    values: series(report.searchDays)),
            ])
    }

    private func top(_ report: FigureReport, _ words: Words) -> String? {
        guard !report.items.isEmpty else { return nil }
        return BarChart(
            title: words["figures.table.items"],
            rows: report.items.prefix(10).map { sum in
                .init(
                    label: report.itemNames[sum.subject] ?? sum.subject,
                    href: "/guide/items/\(QueryItems.encoded(sum.subject))", value: sum.total)
            }
        ).svg()
    }

    private func plates(_ report: FigureReport, _ words: Words) -> String? {
        guard !report.plates.isEmpty else { return nil }
        return BarChart(
            title: words["figures.table.plates"],
            rows: report.plates.prefix(10).map { sum in
                .init(
                    label: report.plateNames[sum.subject] ?? sum.subject,
                    href: "/guide/manage/plates/\(sum.subject)", value: sum.total)
            }
        ).svg()
    }

    private func missing(_ report: FigureReport, _ words: Words) -> Fields {
        Table(
            caption: words["figures.table.missing"],
            columns: [
                .init(words["figures.column.query"]), .init(words["figures.column.times"], isFigure: true),
                .init(words["figures.column.last"], isShort: true),
            ],
            rows: report.missing.prefix(30).map { sum in
                [
                    .init(sum.subject, href: "/guide/search?q=\(QueryItems.encoded(sum.subject))"),
                    .figure(sum.total), .init(report.lastMissed[sum.subject] ?? ""),
                ]
            },
            emptiness: words["figures.missing.none"]
        ).fields()
    }

    private func freshness(_ report: FigureReport, _ words: Words) -> Fields {
        Table(
            caption: words["figures.table.freshness"],
            columns: [
                .init(words["figures.column.department"]), .init(words["figures.column.published"], isFigure: true),
                .init(words["figures.column.confirmed"], isFigure: true),
                .init(words["figures.column.overdue"], isFigure: true),
            ],
            rows: report.freshness.map { one in
                [
                    .init(one.department), .figure(one.published),
                    .init("\(Figures.grouped(one.confirmed)) · \(Figures.share(one.confirmed, of: one.published))"),
                    .figure(one.overdue),
                ]
            },
            emptiness: words["figures.freshness.none"]
        ).fields()
    }
}
