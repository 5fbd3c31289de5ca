import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Security
import ServiceKit
import SocialDomain
import Storage

/// `/guide/import`: a file into the catalogue, for operators; and the catalogue as files.
struct ImportPages: Sendable {
    let app: GuideApplication
    static let path = "/guide/import"
    private static let shownFaults = 100
    private static let sizeLimit = GuideContract.importFile.bodyLimit

    func addRoutes(to routes: inout RouteTable) {
        routes.on(GuideContract.importPage) { request, context in try show(request, context) }
        routes.on(GuideContract.importFile) { request, context in try await take(request, context) }
        routes.on(GuideContract.exportCSV) { _, context in try await export(.csv, "text/csv; charset=utf-8", context) }
        routes.on(GuideContract.exportXLSX) { _, context in
            try await export(
                .xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", context)
        }
        routes.on(GuideContract.exportJSONLines) { _, context in
            try await export(.jsonl, "application/x-ndjson", context)
        }
    }

    private func show(
        _ request: Request, _ context: KitContext, result: ImportItems.Result? = nil, faults: [ImportFault] = [],
        file: String = ""
    ) throws -> Response {
        let words = app.site.words(context)
        var page = Page("import", title: words["import.title"], lead: words["import.lead"], place: "editing")
        page.crumbs = [(words["place.editing"], "/guide/editing")]
        page.addressAfterPost = Self.path
        page.fields["limit"] = words("import.limit", ["size": Figures.bytes(Self.sizeLimit)])
        page.fields["mappings"] = try ImportMapping.shipped(GuideFolder.resources).map { mapping -> Fields in
            [
                "value": mapping.id, "name": words[mapping.title],
                "columns": mapping.recognise.joined(separator: words["list.comma"]),
            ]
        }
        if let result { page.fields["result"] = counts(result, words) }
        let told = (result?.faults ?? []) + faults
        if let first = told.first {
            page.status = .unprocessableContent
            page.faults = [
                FieldFault(field: "file", message: first.sentence(file: file))
            ]
            page.fields["rejects"] =
                Table(
                    caption: words("import.rejects", ["n": "\(told.count)"]),
                    columns: [
                        .init(words["import.line"], isFigure: true), .init(words["import.column"]),
                        .init(words["import.reason"]),
                    ],
                    rows: told.prefix(Self.shownFaults).map { fault in
                        [
                            .init(fault.line > 0 ? "\(fault.line)" : "–"), .init(fault.column ?? "–"),
                            .init(words[fault.message]),
                        ]
                    }
                ).fields()
            if told.count > Self.shownFaults {
                page.fields["moreRejects"] = words("import.more", ["n": "\(told.count - Self.shownFaults)"])
            }
        } else if result?.isDone == true {
            page.notice = words["import.done"]
        }
        return app.site.page(page, request, context)
    }

    private func counts(_ result: ImportItems.Result, _ words: Words) -> Fields {
        [
            "mapping": words[result.mapping],
            "state": words[result.isDone ? "import.state.done" : "import.state.undone"],
            "counts": [
                ("import.rows", result.rows), ("import.new", result.new), ("import.changed", result.changed),
                ("import.unchanged", result.unchanged), ("import.rejected", result.rejected),
                ("import.departments", result.newDepartments),
            ].map { ["name": words[$0.0], "value": Figures.grouped($0.1)] as Fields },
        ]
    }

    private func take(_ request: Request, _ context: KitContext) async throws -> Response {
        let upload = try await UploadReader(
            folder: app.store.folder + "/incoming", sizeLimit: Self.sizeLimit, fileLimit: 1
        ).read(request, context)
        defer { for file in upload.files { try? FileManager.default.removeItem(atPath: file.path) } }
        guard let file = upload.files.first else {
            return try show(
                request, context, faults: [ImportFault(line: 0, "请先选择文件。", "Choose the file first.")])
        }
        let caller = try context.requireCaller()
        let shipped = try ImportMapping.shipped(GuideFolder.resources)
        let given = shipped.first { $0.id == upload.fields["mapping"] }
        let reader: ImportReader
        do throws(ImportFault) {
            reader = try ImportReader(
                ImportTable(path: file.path, name: file.name), given: given, shipped: shipped)
        } catch {
            return try show(request, context, faults: [error], file: file.name)
        }
        let division = upload.fields["division"].flatMap { DivisionCode(prefix: $0)?.prefix }
        let result = try await ImportItems(
            file: file.name, reader: reader,
            options: .init(
                publishes: upload.fields["publish"] != nil, skipsRejected: upload.fields["skip"] != nil,
                checksOnly: upload.fields["check"] != nil, division: division ?? caller.scope.division?.prefix),
            caller: caller, time: app.now(), request: context.requestID
        ).run(app.database)
        // It is committed; where this read fails the follower takes it over.
        try? await app.catalogue.refresh()
        return try show(request, context, result: result, file: file.name)
    }

    private func export(
        _ format: ExportItems.Format, _ type: String, _ context: KitContext
    ) async throws -> Response {
        let scope = try context.requireCaller().scope
        let own = try ImportMapping(path: GuideFolder.resources + "/mappings/own.json")
        let path = NSTemporaryDirectory() + "minsheng-\(UUID().uuidString).\(format.rawValue)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let count = try await app.database.read { db in
            try ExportItems.write(format, to: path, within: scope, own: own, in: db)
        }
        try await app.journal.record(
            AuditEvent("catalogue.export", reason: "\(format.rawValue), \(count) items", in: context))
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        return Response(
            status: .ok,
            headers: [
                .contentType: type,
                .contentDisposition: "attachment; filename=\"items.\(format.rawValue)\"",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }
}
