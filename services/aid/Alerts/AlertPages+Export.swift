import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix
import ServiceKit
import SocialDomain
import Storage

/// A cell of an exported table.
enum ExportCell: Hashable, Sendable {
    case text(String)
    case number(Int)
}

/// The list of alerts as a file, with the same filters and order: names masked, dates in ISO 8601.
extension AlertPages {
    private static let pieceSize = 1000

    func exportCSV(_ request: Request, _ context: KitContext) async throws -> Response {
        let query = QueryItems(request.uri.query ?? "")
        let (filter, order) = (AlertFilter(query), Self.order(Self.address(query)))
        let export = AlertExport(
            rules: try await app.actions.rules(), divisions: app.divisions, words: app.site.words(context))
        let queries = try queries(context)
        try await app.journal.record(AuditEvent("alert.export", reason: "csv", in: context))
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8",
                .contentDisposition: "attachment; filename=\"alerts-\(app.actions.today()).csv\"",
            ],
            body: ResponseBody { writer in
                // With a mark of order, so that spreadsheets take it for UTF-8.
                try await writer.write(
                    ByteBuffer(string: "\u{FEFF}" + CSVLine.text(export.header.map(ExportCell.text))))
                var position: AlertPosition?
                while true {
                    let lines = try await queries.page(filter, order: order, after: position, limit: Self.pieceSize)
                    guard let last = lines.last else { break }
                    try await writer.write(ByteBuffer(string: lines.map { CSVLine.text(export.cells($0)) }.joined()))
                    position = last.position
                }
                try await writer.finish(nil)
            })
    }

    func exportWorkbook(_ request: Request, _ context: KitContext) async throws -> Response {
        let query = QueryItems(request.uri.query ?? "")
        let (filter, order) = (AlertFilter(query), Self.order(Self.address(query)))
        let export = AlertExport(
            rules: try await app.actions.rules(), divisions: app.divisions, words: app.site.words(context))
        try await app.journal.record(AuditEvent("alert.export", reason: "xlsx", in: context))
        let path = NSTemporaryDirectory() + "minsheng-\(UUID().uuidString).xlsx"
        let (queries, write) = (try queries(context), app.actions.writeWorkbook)
        try await NIOThreadPool.singleton.runIfActive {
            var position: AlertPosition?
            var piece: ArraySlice<AlertLine> = []
            try write(path, export.header) {
                if piece.isEmpty {
                    let lines = try queries.database.readBlocking { db in
                        try queries.page(db, filter, order: order, after: position, limit: Self.pieceSize)
                    }
                    piece = lines[...]
                    position = lines.last?.position ?? position
                }
                return piece.popFirst().map(export.cells)
            }
        }
        return try FileDownload.response(
            path: path, name: "alerts-\(app.actions.today()).xlsx",
            type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", removesAfter: true)
    }
}

/// The columns of the export.
struct AlertExport: Sendable {
    let rules: PublishedRules
    let divisions: DivisionTree
    let words: Words

    var header: [String] {
        [
            "household", "head", "direction", "tier", "points", "reasons", "category", "divisionCode", "division",
            "state", "changed",
        ]
        .map { words["column.\($0)"] }
    }

    func cells(_ line: AlertLine) -> [ExportCell] {
        [
            .text(line.household), .text(line.head), .text(words["direction.\(line.direction)"]),
            .text(words["tier.\(line.tier)"]), .number(line.points),
            .text(
                line.indicators.map { id in rules.indicator(id).map { words[$0.title] } ?? id }
                    .joined(separator: words["list.comma"])),
            .text(HouseholdCategory(rawValue: line.category).map { words[$0.title] } ?? line.category),
            .text(line.division), .text(divisions.placeName(ofDigits: line.division)),
            .text(words["state.\(line.state)"]), .text(String(line.changedAt.prefix(10))),
        ]
    }
}

/// One record of a CSV file for people (RFC 4180), harmless in a spreadsheet.
enum CSVLine {
    static func text(_ cells: [ExportCell]) -> String {
        cells.map(field).joined(separator: ",") + "\r\n"
    }

    private static func field(_ cell: ExportCell) -> String {
        switch cell {
        case .number(let number): return String(number)
        case .text(var text):
            // A spreadsheet would run these as formulas.
            if let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) { text = "'" + text }
            guard text.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else {
                return text
            }
            return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
        }
    }
}
