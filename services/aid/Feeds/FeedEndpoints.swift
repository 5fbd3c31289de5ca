import Contracts
import Foundation
import Hummingbird
import ServiceKit
import SocialDomain

/// `/aid/v1/feeds`: departments hand over their extracts by program.
struct FeedEndpoints: Sendable {
    let app: AidApplication

    func addRoutes(to routes: inout RouteTable) {
        routes.on(AidContract.files) { call in
            let files = try await FeedQueries(database: app.database, scope: call.scope).files().files
            return Reply(Listing(items: files.filter { $0.replacedAt == nil }.map(\.entry), next: nil))
        }
        routes.on(AidContract.putFile) { request, context in try await put(request, context) }
        routes.on(AidContract.removeFile) { call in
            let name = call.parameters.file
            try await FeedQueries(database: app.database, scope: call.scope).requireAll()
            try await app.journal.record(call.event("feed.remove", subject: name))
            try await app.actions.removeFile(name)
            return Reply(NoBody())
        }
    }

    private func put(_ request: Request, _ context: KitContext) async throws -> Response {
        let name = QueryItems.decodedPath(try context.parameters.require("file"))
        let faults = AidContract.putFile.parameters[0].schema.faults(in: .text(name))
        guard faults.isEmpty else { throw Problem.invalid(faults.map { .parameter("file", $0.message) }) }
        if FeedPages.isRegister(name) {
            try await FeedQueries(database: app.database, scope: try app.scope(context)).requireAll()
        }
        let file = try await app.uploads.readFile(request, named: name)
        defer { try? FileManager.default.removeItem(atPath: file.path) }
        try await app.journal.record(AuditEvent("feed.import", reason: name, in: context))
        if let refusal = try await app.actions.takeIn([file]).first?.refusal {
            throw Problem(
                .conflict, code: "refused", title: LocalizedText(zh: "文件没有收下", en: "The file was not taken in"),
                detail: refusal)
        }
        let files = try await FeedQueries(database: app.database, scope: try app.scope(context)).files().files
        guard let taken = files.first(where: { $0.file == name && $0.replacedAt == nil }) else {
            throw Problem.notFound
        }
        return try JSONAnswer.response(taken.entry)
    }
}

extension ImportedFile {
    fileprivate var entry: FeedFileEntry {
        FeedFileEntry(file: file, kind: kind, feed: feed, bytes: bytes, rows: rows, importedAt: importedAt)
    }
}
