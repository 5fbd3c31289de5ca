import Crypto
import Foundation
import SocialDomain
import Tabular

/// A small table that came as a file, CSV or XLSX: its rows by the columns' names.
struct UploadedSheet: Sendable {
    struct Row: Sendable {
        /// In the file, from 1.
        let line: Int
        fileprivate let cells: [String: String]

        /// Trimmed; empty where there is nothing.
        subscript(column: String) -> String { cells[column] ?? "" }
    }

    /// One thing that is wrong, with the line where it stands.
    struct Fault: ExplainedFault, Hashable {
        let explanation: LocalizedText

        init(line: Int? = nil, _ zh: String, _ en: String) {
            explanation = LocalizedText(
                zh: line.map { "第 \($0) 行：\(zh)" } ?? zh, en: line.map { "Line \($0): \(en)" } ?? en)
        }
    }

    let sha256: String
    let rows: [Row]
    let faults: [Fault]

    private static let sizeLimit = 2 << 20
    private static let mostRows = 2000

    /// - Parameters:
    ///   - name: by whose ending the kind of file is known.
    ///   - columns: each with its names, as they may stand in the header.
    ///   - required: columns without which the sheet is another one.
    init(path: String, name: String, columns: [String: [String]], required: [String]) throws {
        let bytes = try Self.bytes(path)
        sha256 = SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
        let table = name.lowercased().hasSuffix(".xlsx") ? try Self.workbook(path) : try Self.csv(path)
        guard let header = table.first, let names = header.cells else {
            throw Fault("文件是空的。", "The file is empty.")
        }
        var places: [String: Int] = [:]
        for (index, title) in names.enumerated() {
            let plain = TextForm.trimmed(TextForm.folded(title)).lowercased()
            guard let column = columns.first(where: { $0.value.contains(plain) })?.key else { continue }
            guard places[column] == nil else {
                throw Fault("有两列都是“\(title)”。", "Two columns are called “\(title)”.")
            }
            places[column] = index
        }
        let missing = required.filter { places[$0] == nil }
        guard missing.isEmpty else {
            let lacking = missing.map { columns[$0]?.first ?? $0 }.joined(separator: "、")
            throw Fault(
                "这不是要导入的表：缺少“\(lacking)”列。请用本页下载的表填写。",
                "This is another sheet: it lacks the columns \(missing.joined(separator: ", ")). Fill in the one from this page."
            )
        }
        guard table.count <= Self.mostRows + 1 else {
            throw Fault("一次最多 \(Self.mostRows) 行。", "At most \(Self.mostRows) rows at a time.")
        }
        var (rows, faults): ([Row], [Fault]) = ([], [])
        for line in table.dropFirst() {
            guard let cells = line.cells else {
                faults.append(Fault(line: line.line, "引号不成对。", "a quote is not closed."))
                continue
            }
            let values = places.mapValues { cells.indices.contains($0) ? TextForm.trimmed(cells[$0]) : "" }
            if cells.allSatisfy({ TextForm.trimmed($0).isEmpty }) { continue }
            rows.append(Row(line: line.line, cells: values))
        }
        if rows.isEmpty, faults.isEmpty { throw Fault("表里没有一行内容。", "The sheet has no row.") }
        self.rows = rows
        self.faults = faults
    }

    private static func bytes(_ path: String) throws -> Data {
        do {
            return Data(try ReadableFile(path: path).readAll(limit: sizeLimit))
        } catch {
            throw Fault("读不出这个文件。", "The file cannot be read.")
        }
    }

    private typealias Line = (line: Int, cells: [String]?)

    private static func csv(_ path: String) throws -> [Line] {
        do {
            let document = try CSVDocument(path: path, limit: sizeLimit)
            return [(1, document.header)] + document.rows.map { ($0.line, $0.cells) }
        } catch {
            throw Fault(
                "读不出这个文件：它应当是 CSV 或 .xlsx，第一行是列名。",
                "The file cannot be read: it should be CSV or .xlsx with a first row of names.")
        }
    }

    private static func workbook(_ path: String) throws -> [Line] {
        var lines: [Line] = []
        do {
            try XLSXSheet(path: path).forEachRow { line, cells in
                lines.append((line, cells.map(\.text)))
                return lines.count <= mostRows + 1
            }
        } catch {
            throw Fault(
                "工作簿打不开，请用表格软件另存为 .xlsx。", "The workbook cannot be read: save it as .xlsx again.")
        }
        return lines
    }
}
