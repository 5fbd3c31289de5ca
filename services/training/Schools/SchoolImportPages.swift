import Contracts
import Foundation
import Hummingbird
import NIOCore
import NIOPosix
import ServiceKit
import SocialDomain
import Tabular

/// A table of schools, instructors or programs, taken in row by row, with an account of each.
struct SchoolImportPages: Sendable {
    let app: TrainingApplication
    static let path = "/training/schools/import"
    private static let shownRefusals = 200

    func addRoutes(to routes: inout RouteTable) {
        routes.on(TrainingContract.schoolImport) { request, context in page(request, context) }
        routes.on(TrainingContract.schoolImportFile) { request, context in try await take(request, context) }
        routes.on(TrainingContract.schoolImportForm) { _, context in try emptyForm(context) }
    }

    private func kind(_ context: KitContext) throws -> SchoolImport.Kind {
        let name = QueryItems.decodedPath(try context.parameters.require("kind"))
        guard let kind = SchoolImport.Kind(rawValue: name) else { throw Problem.notFound }
        return kind
    }

    private func page(
        _ request: Request, _ context: KitContext, faults: [FieldFault] = [],
        outcome: (SchoolImport.Kind, SchoolImport.Outcome)? = nil
    ) -> Response {
        let words = app.site.words(context)
        var page = Page(
            "class-import", title: words["school.import"], lead: words["school.import.lead"], place: "schools")
        page.crumbs = [(words["schools.title"], SchoolPages.path)]
        page.addressAfterPost = Self.path
        page.fields["kinds"] = SchoolImport.Kind.allCases.map { kind -> Fields in
            let columns = kind.columns(app.site.catalogue)
            var section: Fields = ["kind": kind.rawValue, "title": words["school.import.\(kind.rawValue)"]]
            section["needed"] = columns.filter(\.isNeeded).map { words["\(kind.area).field.\($0.field)"] }
                .joined(separator: "、")
            section["fault"] = faults.first { $0.field == kind.rawValue }.map { words[$0.message] }
            return section
        }
        if let (kind, outcome) = outcome {
            page.notice = words(
                "school.import.done",
                [
                    "read": "\(outcome.read)", "added": "\(outcome.added)", "known": "\(outcome.known)",
                    "refused": "\(outcome.read - outcome.added - outcome.known)",
                ])
            page.fields["refused"] =
                outcome.refused.isEmpty
                ? nil
                : Table(
                    caption: words["school.import.refused"],
                    columns: [
                        .init(words["school.import.line"], isFigure: true), .init(words["school.import.column"]),
                        .init(words["school.import.reason"]),
                    ],
                    rows: outcome.refused.prefix(Self.shownRefusals).map { refusal in
                        let key = "\(kind.area).field.\(refusal.field)"
                        return [
                            .figure(refusal.line), .init(refusal.field.isEmpty ? "" : words[key]),
                            .init(words[refusal.reason]),
                        ]
                    }
                ).fields()
            let rest = outcome.refused.count - Self.shownRefusals
            page.fields["more"] = rest > 0 ? words("school.import.more", ["count": "\(rest)"]) : nil
        }
        page.faults = faults
        if !faults.isEmpty { page.status = .unprocessableContent }
        return app.site.page(page, request, context)
    }

    /// The columns alone.
    private func emptyForm(_ context: KitContext) throws -> Response {
        let (kind, words) = (try kind(context), app.site.words(context))
        var writer = CSVWriter(lineEnd: .crlf, hasByteOrderMark: true)
        writer.append(kind.fields.map { words["\(kind.area).field.\($0)"] })
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8",
                .contentDisposition: "attachment; filename=\"\(kind.rawValue).csv\"",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: writer.bytes)))
    }

    private func take(_ request: Request, _ context: KitContext) async throws -> Response {
        let kind = try kind(context)
        let reader = UploadReader(
            folder: "\(app.store.folder)/incoming", sizeLimit: TrainingContract.schoolImportFile.bodyLimit, fileLimit: 1
        )
        let upload = try await reader.read(request, context)
        defer { for file in upload.files { try? FileManager.default.removeItem(atPath: file.path) } }
        func refused(_ message: LocalizedText) -> Response {
            page(request, context, faults: [FieldFault(field: kind.rawValue, message: message)])
        }
        guard let file = upload.files.first, file.bytes > 0 else {
            return refused(LocalizedText(zh: "请先选择要导入的文件。", en: "Choose the file first."))
        }
        do {
            let columns = kind.columns(app.site.catalogue)
            let sheet = try await NIOThreadPool.singleton.runIfActive {
                try SheetFile(path: file.path, name: file.name, columns: columns)
            }
            let work = SchoolImport(kind: kind, seal: app.seal) { [app] in app.tradeName($0) != nil }
            let outcome = try await app.change(context) { try work.take(sheet.rows, $0) }
            return page(request, context, outcome: (kind, outcome))
        } catch let fault as SheetFile.Fault {
            return refused(fault.explanation)
        }
    }
}
