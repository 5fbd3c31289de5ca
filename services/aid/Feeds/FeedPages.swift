import Contracts
import Foundation
import Hummingbird
import ServiceKit
import SocialDomain

/// `/aid/feeds`: hand over files, see what became of them.
struct FeedPages: Sendable {
    let app: AidApplication

    private func queries(_ context: KitContext) throws -> FeedQueries {
        FeedQueries(database: app.database, scope: try app.scope(context))
    }

    func addRoutes(to routes: inout RouteTable) {
        routes.on(AidContract.Pages.feeds) { request, context in try await show(request, context, taken: []) }
        routes.on(AidContract.Pages.upload) { request, context in try await upload(request, context) }
        routes.on(AidContract.Pages.askRemoveFile) { request, context in try await askRemove(request, context) }
        routes.on(AidContract.Pages.removeFile) { request, context in try await remove(request, context) }
        routes.on(AidContract.Pages.problems) { request, context in try await problems(request, context) }
    }

    private func show(
        _ request: Request, _ context: KitContext, taken: [TakenFile], fault: FieldFault? = nil
    ) async throws -> Response {
        let words = app.site.words(context)
        let (files, run) = try await queries(context).files()
        let rules = try await app.actions.rules()
        let view = FeedView(files: files, run: run, rules: rules, words: words)
        var page = Page("feeds", title: words["feeds.title"], lead: words["feeds.lead"], place: "feeds")
        page.addressAfterPost = "/aid/feeds"
        page.fields = view.fields()
        page.fields["limit"] = words(
            "feeds.limit", ["size": Figures.bytes(app.uploads.sizeLimit), "n": "\(app.uploads.fileLimit)"])
        page.fields["start"] = RunPages.startForm(asOf: app.actions.today().description)
        if let run, let report = try await RunQueries(database: app.database).report(of: run.id),
            !report.refused.isEmpty
        {
            page.fields["refusedByRun"] = ["refused": RefusedFiles(words: words).list(report.refused)] as Fields
        }
        if let run, try await queries(context).coversAll() {
            page.fields["downloads"] = RunFile.allCases.filter { app.actions.runFile(run.id, $0) != nil }.map {
                file -> Fields in
                [
                    "href": "/aid/runs/\(run.id)/files/\(file.rawValue)",
                    "name": words["run.file.\(file.rawValue.dropLast(4))"],
                ]
            }
        }
        page.faults = taken.compactMap { file in
            file.refusal.map { reason in
                FieldFault(
                    field: "files",
                    message: LocalizedText(zh: "\(file.name)：\(reason.zh)", en: "\(file.name): \(reason.en)"))
            }
        }
        if let fault { page.faults.append(fault) }
        if !page.faults.isEmpty { page.status = .unprocessableContent }
        for field in ["files", "file"] {
            page.fields["\(field)Fault"] = page.faults.first { $0.field == field }.map { words[$0.message] }
        }
        let good = taken.filter { $0.refusal == nil }
        if !good.isEmpty {
            page.notice = words("feeds.taken", ["files": good.map(\.name).joined(separator: words["list.comma"])])
        }
        return app.site.page(page, request, context)
    }

    private func upload(_ request: Request, _ context: KitContext) async throws -> Response {
        let upload = try await app.uploads.read(request, context)
        defer { for file in upload.files { try? FileManager.default.removeItem(atPath: file.path) } }
        guard !upload.files.isEmpty else {
            return try await show(
                request, context, taken: [],
                fault: FieldFault(
                    field: "files", message: LocalizedText(zh: "请先选择要上传的文件。", en: "Choose the files to upload first.")))
        }
        if upload.files.contains(where: { Self.isRegister($0.name) }) { try await queries(context).requireAll() }
        do {
            try await app.journal.record(
                AuditEvent(
                    "feed.import", reason: upload.files.map(\.name).joined(separator: " "), in: context))
            let taken = try await app.actions.takeIn(upload.files)
            return try await show(request, context, taken: taken)
        } catch let fault as any ExplainedFault {
            return try await show(
                request, context, taken: [], fault: FieldFault(field: "files", message: fault.explanation))
        }
    }

    static let registerNames = ["households", "persons"]

    /// The register's two files; all others are extracts.
    static func isRegister(_ name: String) -> Bool { registerNames.contains { name.hasPrefix($0) } }

    private func askRemove(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let name = QueryItems(request.uri.query ?? "")["file"] ?? ""
        let files = try await queries(context).files().files
        guard files.contains(where: { $0.file == name && $0.kind == "feed" && $0.replacedAt == nil }) else {
            throw Problem.notFound
        }
        var question = Confirmation(
            title: words("feeds.remove.ask", ["file": name]), effect: words["feeds.remove.note"],
            verb: words["feeds.remove.button"], action: "/aid/feeds/remove", back: "/aid/feeds")
        question.fields = [("file", name)]
        question.place = "feeds"
        question.crumbs = [(words["place.feeds"], "/aid/feeds")]
        return app.site.page(question, request, context)
    }

    private func remove(_ request: Request, _ context: KitContext) async throws -> Response {
        let form = try await Form.read(request)
        guard let name = form["file"] else { throw Problem.notFound }
        try await queries(context).requireAll()
        do {
            try await app.journal.record(AuditEvent("feed.remove", subject: name, in: context))
            try await app.actions.removeFile(name)
        } catch let fault as any ExplainedFault {
            return try await show(
                request, context, taken: [], fault: FieldFault(field: "file", message: fault.explanation))
        }
        return Response(status: .seeOther, headers: [.location: "/aid/feeds"])
    }

    private func problems(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let problems = try await queries(context).problems()
        try await app.journal.record(AuditEvent("register.problems", in: context))
        var page = Page("problems", title: words["problems.title"], lead: words["problems.lead"], place: "feeds")
        page.crumbs = [(words["place.feeds"], "/aid/feeds")]
        page.fields = Table(
            caption: words["problems.title"],
            columns: [
                .init(words["file.column.file"]), .init(words["problems.line"], isFigure: true),
                .init(words["problems.reason"]),
                .init(words["problems.subject"]),
            ],
            rows: problems.map { one in
                let key = "problem.\(one.reason)"
                return [
                    .init(one.file), .init(one.line == 0 ? "–" : Figures.grouped(one.line)),
                    .init(words.catalogue[key] == nil ? one.reason : words[key]),
                    .init(CitizenIDMask.masked(one.subject)),
                ]
            },
            emptiness: words["problems.empty"]
        ).fields()
        return app.site.page(page, request, context)
    }
}

/// A problem's subject may be an identity number: those are masked.
enum CitizenIDMask {
    static func masked(_ text: String) -> String {
        text.split(separator: " ").map { part in
            guard part.utf8.count == 18, part.dropLast().utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return String(part)
            }
            return "\(part.prefix(6))********\(part.suffix(4))"
        }.joined(separator: " ")
    }
}
