import Foundation
import ServiceKit
import SocialDomain
import Tabular

/// A table that came as CSV or XLSX: its rows under the names that its header gives them.
struct SheetFile: Sendable {
    struct Row: Sendable {
        /// In the file, from 1.
        let line: Int
        /// By field; nil where the row cannot be read.
        let cells: [String: String]?
        /// Fields whose long numbers the spreadsheet has rounded.
        var rounded: Set<String> = []
    }

    /// Why nothing of a file can be taken.
    struct Fault: ExplainedFault, Hashable {
        let explanation: LocalizedText

        init(_ zh: String, _ en: String) {
            explanation = LocalizedText(zh: zh, en: en)
        }
    }

    /// A field and the titles under which it is known.
    struct Column: Hashable, Sendable {
        let field: String
        let titles: [String]
        let isNeeded: Bool
    }

    static let mostRows = 5_000

    let rows: [Row]

    /// - Parameter name: tells CSV from XLSX.
    init(path: String, name: String, columns: [Column]) throws {
        let isWorkbook = name.lowercased().hasSuffix(".xlsx")
        guard isWorkbook || name.lowercased().hasSuffix(".csv") else {
            throw Fault(
                "只能导入 .csv 或 .xlsx 文件；.xls 请在表格软件里另存为 .xlsx。",
                "Files are .csv or .xlsx; save an .xls as .xlsx first.")
        }
        rows = isWorkbook ? try Self.workbook(path, columns) : try Self.text(path, columns)
        guard !rows.isEmpty else { throw Fault("文件里没有内容行。", "The file has no rows.") }
        guard rows.count <= Self.mostRows else {
            throw Fault("一次最多 \(Self.mostRows) 行。", "At most \(Self.mostRows) rows at a time.")
        }
    }

    /// Where each field stands; a sheet of something else is known by the columns that it lacks.
    private static func places(_ header: [String], _ columns: [Column]) throws -> [String: Int] {
        var places: [String: Int] = [:]
        for (index, title) in header.enumerated() {
            let title = TextForm.trimmed(title)
            if let column = columns.first(where: { $0.field == title || $0.titles.contains(title) }),
                places[column.field] == nil
            {
                places[column.field] = index
            }
        }
        let missing = columns.filter { $0.isNeeded && places[$0.field] == nil }
        guard missing.isEmpty else {
            throw Fault(
                "这不像是要导入的表：缺少 \(missing.map { $0.titles[0] }.joined(separator: "、")) 这些列。什么也没有导入。",
                "This does not look like the right sheet: it lacks \(missing.compactMap(\.titles.last).joined(separator: ", ")). "
                    + "Nothing was imported.")
        }
        return places
    }

    private static func text(_ path: String, _ columns: [Column]) throws -> [Row] {
        let document: CSVDocument
        do throws(CSVDocument.Fault) {
            document = try CSVDocument(path: path, limit: 8 << 20)
        } catch {
            throw Fault(
                "读不出这个文件：它应当是 CSV，第一行是列名。",
                "The file cannot be read: it should be CSV with a first row of names.")
        }
        let places = try places(document.header, columns)
        return document.rows.map { row in
            Row(
                line: row.line,
                cells: row.cells.map { cells in Self.cells(places) { cells.indices.contains($0) ? cells[$0] : "" } })
        }
    }

    private static func workbook(_ path: String, _ columns: [Column]) throws -> [Row] {
        var places: [String: Int]?
        var rows: [Row] = []
        do {
            try XLSXSheet(path: path).forEachRow { line, cells in
                guard let known = places else {
                    places = try Self.places(cells.map(\.text), columns)
                    return true
                }
                var row = Row(
                    line: line, cells: Self.cells(known) { cells.indices.contains($0) ? cells[$0].text : "" })
                row.rounded = Set(
                    known.filter { cells.indices.contains($0.value) && cells[$0.value].hasRoundedDigits }.map(\.key))
                rows.append(row)
                return rows.count <= mostRows
            }
        } catch let fault as XLSXFault {
            _ = fault
            throw Fault("工作簿打不开，请用表格软件另存为 .xlsx。", "The workbook cannot be read: save it anew as .xlsx.")
        }
        return rows
    }

    private static func cells(_ places: [String: Int], _ cell: (Int) -> String) -> [String: String] {
        places.compactMapValues { place in
            let text = TextForm.trimmed(cell(place))
            return text.isEmpty ? nil : text
        }
    }
}
