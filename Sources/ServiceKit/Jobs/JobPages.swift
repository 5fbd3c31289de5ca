import Contracts
import HTTPTypes
import Hummingbird
import SocialDomain

/// `/SERVICE/jobs`: background work, how far it is, and a way to stop it.
package struct JobPages: Sendable {
    private let site: Site
    private let store: JobStore
    private let service: String

    package init(site: Site, store: JobStore, service: String) {
        self.site = site
        self.store = store
        self.service = service
    }

    package func addRoutes(to routes: inout RouteTable) {
        let contract = KitContract(service)
        routes.on(contract.jobs) { request, context in try await list(request, context) }
        routes.on(contract.oneJob) { request, context in try await show(request, context) }
        routes.on(contract.stopJob) { request, context in try await stop(request, context) }
    }

    private func list(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = site.words(context)
        let jobs = try await store.list(limit: 200)
        var page = Page("jobs", title: words["jobs.title"], lead: words["jobs.lead"], place: "jobs")
        page.fields = Table(
            caption: words["jobs.title"],
            columns: [
                .init(words["jobs.column.kind"]), .init(words["jobs.column.state"], isShort: true),
                .init(words["jobs.column.progress"], isFigure: true),
                .init(words["jobs.column.requested"], isShort: true), .init(words["jobs.column.who"], isMinor: true),
            ],
            rows: jobs.map { job in
                [
                    .init(Self.kind(job, words), href: "/\(service)/jobs/\(job.id)"),
                    .init(words["jobs.state.\(job.state.rawValue)"]),
                    .init(job.state == .running ? Self.share(job) : ""),
                    .init(EventPages.moment(job.requestedAt, words)), .init(Self.requester(job, words)),
                ]
            },
            emptiness: words["jobs.empty"]
        ).fields()
        page.fields["eventsHref"] = "/\(service)/events"
        if jobs.contains(where: \.state.isOpen) { page.refreshSeconds = 5 }
        return site.page(page, request, context)
    }

    private func show(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = site.words(context)
        guard let job = try await store.job(try context.parameters.require("id")) else { throw Problem.notFound }
        var page = Page("job", title: Self.kind(job, words), place: "jobs")
        page.crumbs = [(words["jobs.title"], "/\(service)/jobs")]
        if job.state == .running {
            var progress: Fields = ["phase": Self.phase(job, words), "share": Self.share(job)]
            // Without a total the bar moves without an end.
            if job.progress.total > 0 {
                progress["done"] = min(job.progress.done, job.progress.total)
                progress["total"] = job.progress.total
            }
            page.fields["progress"] = progress
        }
        if job.state.isOpen {
            page.refreshSeconds = 2
            if job.isStopping {
                page.fields["isStopping"] = true
            } else {
                page.fields["stopHref"] = "/\(service)/jobs/\(job.id)/stop"
            }
        }
        page.fields["failure"] = job.failure.map { words[$0] }
        page.fields["state"] = words["jobs.state.\(job.state.rawValue)"]
        page.fields["requested"] = EventPages.moment(job.requestedAt, words)
        page.fields["who"] = Self.requester(job, words)
        page.fields["started"] = job.startedAt.map { EventPages.moment($0, words) }
        page.fields["finished"] = job.finishedAt.map { EventPages.moment($0, words) }
        page.fields["attempt"] = "\(job.attempt)"
        page.fields["result"] = job.result
        return site.page(page, request, context)
    }

    private func stop(_ request: Request, _ context: KitContext) async throws -> Response {
        let id = try context.parameters.require("id")
        guard try await store.job(id) != nil else { throw Problem.notFound }
        _ = try await store.stop(id, by: try context.requireCaller(), request: context.requestID)
        return Response(status: .seeOther, headers: [.location: "/\(service)/jobs/\(id)"])
    }

    private static func kind(_ job: Job, _ words: Words) -> String {
        words.catalogue["jobs.kind.\(job.kind)"] == nil ? job.kind : words["jobs.kind.\(job.kind)"]
    }

    private static func phase(_ job: Job, _ words: Words) -> String {
        let key = "jobs.phase.\(job.progress.phase)"
        return words.catalogue[key] == nil ? words["jobs.working"] : words[key]
    }

    private static func share(_ job: Job) -> String {
        job.progress.total > 0 ? Figures.share(min(job.progress.done, job.progress.total), of: job.progress.total) : ""
    }

    private static func requester(_ job: Job, _ words: Words) -> String {
        job.requester.isEmpty ? words["audit.kind.system"] : job.requester
    }
}
