import Contracts
import Hummingbird
import Security
import ServiceKit
import SocialDomain
import Storage

/// 公示: what is about to be paid, for everyone to read while the notice runs. Names are masked, no identity number and no
/// group stands there; living allowances, which would tell who is poor, are one sum without names.
struct NoticePages: Sendable {
    let app: TrainingApplication
    private static let path = "/training/notices"
    private static let most = 200

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.notices) { request, context in try await list(request, context) }
        routes.on(TrainingContract.notice) { request, context in try await show(request, context) }
    }

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let day = app.today
        let claims = try await app.database.read { db in try ClaimStore.notices(on: day, limit: Self.most, in: db) }
        var page = Page("subsidy-notices", title: words["notice.title"], lead: words["notice.lead"])
        page.layout = .public
        page.fields["isEmpty"] = claims.isEmpty
        page.fields["notices"] = claims.map { claim -> Fields in
            [
                "href": "\(Self.path)/\(QueryItems.encoded(claim.id))", "title": claim.classTitle,
                "about": words(
                    "notice.about",
                    [
                        "school": claim.schoolName, "total": claim.total.spoken,
                        "day": claim.noticeUntil.map { Figures.date($0, in: words.language) } ?? "",
                    ]),
            ]
        }
        return app.site.page(page, request, context)
    }

    private func show(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let id = QueryItems.decodedPath(try context.parameters.require("claim"))
        let day = app.today
        let found = try await app.database.read { db in
            try ClaimStore.claim(id, within: .ownMachine, in: db).map { ($0, try ClaimStore.lines(of: id, in: db)) }
        }
        guard let (claim, lines) = found, claim.state == .noticed, let from = claim.noticeFrom,
            let until = claim.noticeUntil, (from...until).contains(day)
        else { throw Problem.notFound }
        let paid = lines.filter { $0.refusal == nil }
        let living = paid.filter { $0.kind == .living }
        var page = Page("subsidy-notice", title: words("notice.one", ["class": claim.classTitle]))
        page.layout = .public
        page.lead = words(
            "notice.period",
            ["from": Figures.date(from, in: words.language), "until": Figures.date(until, in: words.language)])
        page.crumbs = [(words["notice.title"], Self.path)]
        page.fields = Table(
            caption: words["notice.people"],
            columns: [.init(words["subsidy.column.name"]), .init(words["subsidy.column.amount"], isFigure: true)],
            rows: paid.filter { $0.kind == .training }.map { line in
                [.init(PersonName.masked(line.name)), .init(line.amount.spoken)]
            },
            emptiness: words["notice.noTraining"]
        ).fields()
        page.fields["school"] = claim.schoolName
        page.fields["trade"] = "\(claim.trade) · \(words[(SkillLevel(rawValue: claim.level) ?? .special).title])"
        page.fields["total"] = claim.total.spoken
        if !living.isEmpty {
            page.fields["living"] = words(
                "notice.living",
                ["n": "\(living.count)", "total": try Money.sum(of: living.map(\.amount)).spoken])
        }
        return app.site.page(page, request, context)
    }
}
