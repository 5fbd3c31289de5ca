import Contracts
import Foundation
import Hummingbird
import NIOCore
import ServiceKit
import SocialDomain
import Storage

/// `/aid/runs`: start a run, watch it, stop it, see what it found.
struct RunPages: Sendable {
    let app: AidApplication
    private var queries: RunQueries { RunQueries(database: app.database) }

    func addRoutes(to routes: inout RouteTable) {
        routes.on(AidContract.Pages.runs) { request, context in try await list(request, context, faults: []) }
        routes.on(AidContract.Pages.startRun) { request, context in try await start(request, context) }
        routes.on(AidContract.Pages.oneRun) { request, context in try await show(request, context) }
        routes.on(AidContract.Pages.askStopRun) { request, context in try await askStop(request, context) }
        routes.on(AidContract.Pages.stopRun) { _, context in
            let id = try Self.id(context)
            try await app.journal.record(AuditEvent("run.stop", subject: "\(id)", in: context))
            try await app.actions.stopRun(id)
            return Response(status: .seeOther, headers: [.location: "/aid/runs/\(id)"])
        }
        routes.on(AidContract.Pages.runFile) { _, context in try await download(context) }
    }

    static func id(_ context: KitContext) throws -> Int64 {
        guard let id = Int64(try context.parameters.require("id")), id > 0 else { throw Problem.notFound }
        return id
    }

    /// The small form that starts a run; also on other pages.
    static func startForm(asOf: String) -> Fields { ["asOf": asOf] }

    private func list(_ request: Request, _ context: KitContext, faults: [FieldFault]) async throws -> Response {
        let words = app.site.words(context)
        let queries = queries
        let runs = try await app.database.read { db in try queries.recent(db, limit: 50) }
        var page = Page("runs", title: words["runs.title"], lead: words["runs.lead"], place: "dashboard")
        page.faults = faults
        if !faults.isEmpty { page.status = .unprocessableContent }
        page.addressAfterPost = "/aid/runs"
        page.fields = RunTable(words: words).table(runs).fields()
        page.fields["start"] = Self.startForm(asOf: app.actions.today().description)
        page.fields["asOfFault"] = faults.first { $0.field == "as_of" }.map { words[$0.message] }
        return app.site.page(page, request, context)
    }

    private func start(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        do {
            let asOf =
                try form["as_of"].map { text throws(CalendarDateFault) in try CalendarDate(parsing: text) }
                ?? app.actions.today()
            let id = try await app.actions.startRun(asOf) { _, _ in }
            try await app.journal.record(
                AuditEvent("run.start", subject: "\(id)", reason: asOf.description, in: context))
            return Response(status: .seeOther, headers: [.location: "/aid/runs/\(id)"])
        } catch let fault as any ExplainedFault {
            return try await list(request, context, faults: [FieldFault(field: "as_of", message: fault.explanation)])
        }
    }

    private func show(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        guard let run = try await queries.run(try Self.id(context)) else { throw Problem.notFound }
        var page = Page("run", title: words("run.title", ["n": "\(run.id)"]), place: "dashboard")
        page.crumbs = [(words["place.dashboard"], "/aid/"), (words["runs.title"], "/aid/runs")]
        page.lead = words("run.lead.\(run.state)")
        page.refreshSeconds = run.isUnderWay ? 2 : nil
        page.fields = RunTable(words: words).summary(run)
        if run.state == "done" {
            let files = try await queries.files(of: run.id)
            page.fields["files"] = RunTable(words: words).files(files).fields()
            let isWhole = try await coversAll(context)
            let downloads = RunFile.allCases.filter { isWhole && app.actions.runFile(run.id, $0) != nil }
            page.fields["downloads"] = downloads.map { file -> Fields in
                [
                    "href": "/aid/runs/\(run.id)/files/\(file.rawValue)",
                    "name": words["run.file.\(file.rawValue.dropLast(4))"],
                ]
            }
            if let report = try await queries.report(of: run.id), !report.refused.isEmpty {
                page.fields["refusedFiles"] = ["refused": RefusedFiles(words: words).list(report.refused)] as Fields
            }
        }
        return app.site.page(page, request, context)
    }

    private func askStop(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        guard let run = try await queries.run(try Self.id(context)) else { throw Problem.notFound }
        let own = "/aid/runs/\(run.id)"
        // It may have ended while the question was on its way.
        guard run.isUnderWay else { return Response(status: .seeOther, headers: [.location: own]) }
        let name = words("run.title", ["n": "\(run.id)"])
        var question = Confirmation(
            title: words("run.stop.ask", ["run": name]), effect: words["run.stop.effect"], verb: words["run.stop"],
            action: own + "/stop", back: own)
        question.place = "dashboard"
        question.crumbs = [(words["runs.title"], "/aid/runs"), (name, own)]
        return app.site.page(question, request, context)
    }

    private func coversAll(_ context: KitContext) async throws -> Bool {
        try await FeedQueries(database: app.database, scope: try app.scope(context)).coversAll()
    }

    private func download(_ context: KitContext) async throws -> Response {
        let id = try Self.id(context)
        guard try await coversAll(context), let file = RunFile(rawValue: try context.parameters.require("file")),
            let path = app.actions.runFile(id, file)
        else { throw Problem.notFound }
        try await app.journal.record(
            AuditEvent("run.download", subject: "\(id)", reason: file.rawValue, in: context))
        return try FileDownload.response(
            path: path, name: "run-\(id)-\(file.rawValue)", type: "text/csv; charset=utf-8", removesAfter: false)
    }
}
