import Contracts
import Foundation
import Hummingbird
import NIOCore
import NIOPosix
import ServiceKit
import SocialDomain
import Tabular

/// Plates as files: many from a CSV file, codes as SVG and PNG, sheets to print.
struct PlateFiles: Sendable {
    let app: GuideApplication
    private static let mostRows = 5_000
    private static let mostPrinted = 600

    func addRoutes(to routes: inout RouteTable) {
        routes.on(GuideContract.importPlates) { request, context in try await take(request, context) }
        routes.on(GuideContract.plateForm) { _, _ in emptyForm() }
        routes.on(GuideContract.plateSheet) { request, context in try await sheet(request, context) }
        routes.on(GuideContract.plateSVG) { request, context in
            try await picture(request, context, type: "image/svg+xml", end: "svg") { code, label in
                Array(code.svg(label: label, standsAlone: true).utf8)
            }
        }
        routes.on(GuideContract.platePNG) { request, context in
            try await picture(request, context, type: "image/png", end: "png") { code, _ in code.png() }
        }
    }

    // MARK: - Import

    /// The columns under their Chinese names and the form's own.
    static let columns: [(title: String, field: String)] = [
        ("名称", "name"), ("类别", "kind"), ("行业", "trade"), ("地址", "address"), ("区划", "division"), ("经度", "longitude"),
        ("纬度", "latitude"), ("协理员", "helper"), ("电话", "phone"),
    ]

    private func emptyForm() -> Response {
        var writer = CSVWriter(lineEnd: .crlf, hasByteOrderMark: true)
        writer.append(Self.columns.map(\.title))
        writer.append(["红旗面馆", "店铺", "餐饮", "钢铁街 1 号", "150402001", "118.95", "42.27", "乌兰", "0476-5550000"])
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8", .contentDisposition: "attachment; filename=\"plates.csv\"",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: writer.bytes)))
    }

    /// All rows or none: what is wrong is told line by line.
    private func take(_ request: Request, _ context: KitContext) async throws -> Response {
        let reader = UploadReader(folder: "\(app.store.folder)/incoming", sizeLimit: 4 << 20, fileLimit: 1)
        let upload = try await reader.read(request, context)
        defer { for file in upload.files { try? FileManager.default.removeItem(atPath: file.path) } }
        guard let file = upload.files.first else {
            return refused([.init(zh: "请先选择要导入的 CSV 文件。", en: "Choose the CSV file first.")], request, context)
        }
        let (contents, faults) = try await NIOThreadPool.singleton.runIfActive { Self.read(file.path) }
        guard faults.isEmpty else { return refused(faults, request, context) }
        do {
            let change = try PlateKeepingPages(app: app).change("plate.import", context)
            let codes = try await app.plates.make(contents, change)
            let query = codes.count <= Self.mostPrinted ? codes.joined(separator: ",") : ""
            let fits = query.utf8.count < 6000
            return Response(
                status: .seeOther,
                headers: [
                    .location: fits
                        ? "\(PlateKeepingPages.path)/sheet?size=a4&codes=\(query)" : PlateKeepingPages.path
                ])
        } catch let refusal as PlateRefusal {
            return refused([refusal.explanation], request, context)
        }
    }

    private func refused(_ faults: [LocalizedText], _ request: Request, _ context: KitContext) -> Response {
        let words = app.site.words(context)
        var page = Page("plate-import", title: words["plate.import"], lead: words["plate.import.lead"], place: "plates")
        page.crumbs = [(words["plates.title"], PlateKeepingPages.path)]
        page.addressAfterPost = PlateKeepingPages.path
        page.status = .unprocessableContent
        let most = 30
        page.faults = faults.prefix(most).map { FieldFault(field: "file", message: $0) }
        if faults.count > most {
            page.faults.append(
                FieldFault(
                    field: "file",
                    message: LocalizedText(
                        zh: "还有 \(faults.count - most) 处。", en: "\(faults.count - most) more.")))
        }
        return app.site.page(page, request, context)
    }

    static func read(_ path: String) -> (contents: [PlateContent], faults: [LocalizedText]) {
        let document: CSVDocument
        do throws(CSVDocument.Fault) {
            document = try CSVDocument(path: path, limit: 4 << 20)
        } catch {
            return (
                [],
                [
                    .init(
                        zh: "读不出这个文件：它应当是 CSV，第一行是列名。",
                        en: "The file cannot be read: it should be CSV with a first row of names.")
                ]
            )
        }
        var places: [String: Int] = [:]
        for (index, title) in document.header.enumerated() {
            if let column = columns.first(where: { $0.title == title || $0.field == title }) {
                places[column.field] = index
            }
        }
        let missing = columns.filter { ["name", "kind", "division"].contains($0.field) && places[$0.field] == nil }
        guard missing.isEmpty else {
            let names = missing.map(\.title).joined(separator: "、")
            return (
                [],
                [
                    .init(
                        zh: "缺少这些列：\(names)。请用样表的列名。",
                        en: "These columns are missing: \(names). Use the names of the empty file.")
                ]
            )
        }
        guard document.rows.count <= mostRows else {
            return ([], [.init(zh: "一次最多 \(mostRows) 行。", en: "At most \(mostRows) rows at a time.")])
        }
        var (contents, faults): ([PlateContent], [LocalizedText]) = ([], [])
        for row in document.rows {
            guard let cells = row.cells else {
                faults.append(.init(zh: "第 \(row.line) 行的引号不成对。", en: "Line \(row.line): a quote is not closed."))
                continue
            }
            let (content, found) = PlateContent.read { field in
                guard let place = places[field], cells.indices.contains(place) else { return nil }
                let text = TextForm.trimmed(cells[place])
                return text.isEmpty ? nil : text
            }
            faults += found.map { fault in
                let name = columns.first { $0.field == fault.field }?.title ?? fault.field
                return LocalizedText(
                    zh: "第 \(row.line) 行，\(name)：\(fault.explanation.zh)",
                    en: "Line \(row.line), \(name): \(fault.explanation.en)")
            }
            if let content { contents.append(content) }
        }
        if contents.isEmpty, faults.isEmpty {
            faults = [.init(zh: "文件里没有内容行。", en: "The file has no rows.")]
        }
        return (contents, faults)
    }

    // MARK: - Codes and sheets

    private func picture(
        _ request: Request, _ context: KitContext, type: String, end: String,
        _ draw: (QRCode, String) -> [UInt8]
    ) async throws -> Response {
        let words = app.site.words(context)
        let code = QueryItems.decodedPath(try context.parameters.require("code"))
        guard let plate = try await app.plates.plate(code, within: try context.requireCaller().scope),
            let qr = QRCode(app.publicAddress(of: plate, request), correction: .high)
        else { throw Problem.notFound }
        return Response(
            status: .ok,
            headers: [
                .contentType: type, .contentDisposition: "attachment; filename=\"plate-\(plate.code).\(end)\"",
            ],
            body: ResponseBody(
                byteBuffer: ByteBuffer(bytes: draw(qr, words("plate.qr", ["code": plate.printedCode])))))
    }

    private func sheet(_ request: Request, _ context: KitContext) async throws -> Response {
        let words = app.site.words(context)
        let query = QueryItems(request.uri.query ?? "")
        let scope = try context.requireCaller().scope
        let isSmall = query["size"] == "a5"
        let plates: [Plate]
        if let codes = query["codes"] {
            let asked = codes.split(separator: ",").prefix(Self.mostPrinted).compactMap {
                try? PlateCode(String($0)).text
            }
            plates = try await app.plates.plates(asked, within: scope).filter { $0.state == .active }
        } else {
            var filter = PlateKeepingPages.filter(query)
            filter.state = .active
            plates = try await app.plates.list(filter, within: scope, after: nil, limit: Self.mostPrinted)
        }
        var page = Page("plate-sheet", title: words["plate.sheet"], lead: words["plate.sheet.lead"], place: "plates")
        page.crumbs = [(words["plates.title"], PlateKeepingPages.path)]
        page.fields["style"] = isSmall ? "sheet sheet-a5" : "sheet sheet-a4"
        page.fields["otherHref"] =
            "\(PlateKeepingPages.path)/sheet" + query.setting("size", isSmall ? "a4" : "a5").suffix
        page.fields["otherName"] = words[isSmall ? "plate.sheet.a4" : "plate.sheet.a5"]
        page.fields["count"] = words("plate.sheet.count", ["n": "\(plates.count)"])
        if plates.isEmpty { page.fields["isEmpty"] = true }
        page.fields["plates"] = plates.map { plate -> Fields in
            let address = app.publicAddress(of: plate, request)
            return [
                "name": plate.content.name, "place": plate.content.address, "code": plate.printedCode,
                "address": address,
                "qr": QRCode(address, correction: .high)?.svg(label: words("plate.qr", ["code": plate.printedCode]))
                    ?? "",
            ]
        }
        return app.site.page(page, request, context)
    }
}
