import Contracts
import Foundation
import SocialDomain
import Tabular

/// One row of a file that is imported.
struct ImportRecord: Hashable, Sendable {
    /// In the file, from 1.
    let line: Int
    /// By the column's name; a list of JSON has a line for each entry.
    var cells: [String: String]
    /// The names of the cells that held lists.
    var lists: Set<String> = []
    /// A record of this system's own JSON Lines.
    var content: JSONValue?
}

/// What is wrong at one place of a file, and how it is mended.
struct ImportFault: Error, Hashable, Sendable {
    /// 0 for the file as a whole.
    let line: Int
    var column: String?
    let message: LocalizedText

    init(line: Int, column: String? = nil, _ zh: String, _ en: String) {
        self.line = line
        self.column = column
        message = LocalizedText(zh: zh, en: en)
    }

    /// `items.csv:12: …`
    func sentence(file: String) -> LocalizedText {
        let place = line > 0 ? "\(file):\(line)" : file
        return LocalizedText(
            zh: place + (column.map { "，列“\($0)”" } ?? "") + "：" + message.zh,
            en: place + (column.map { ", column “\($0)”" } ?? "") + ": " + message.en)
    }
}

/// A file of items as rows with named cells: CSV, tab-separated text, XLSX or JSON Lines.
struct ImportTable: Sendable {
    /// In the file's order; for JSON Lines every name that occurs.
    private(set) var columns: [String] = []
    private(set) var records: [ImportRecord] = []
    private(set) var faults: [ImportFault] = []
    /// A record need not hold every column.
    private(set) var isJSONLines = false

    static let mostRows = 200_000
    static let sizeLimit = 256 << 20

    /// - Parameter name: by whose ending the kind of file is known, where the path is that of an upload.
    init(path: String, name: String) throws(ImportFault) {
        switch name.lowercased().split(separator: ".").last.map(String.init) ?? "" {
        case "csv", "txt": try readCSV(path)
        case "tsv", "tab": try readTabs(path)
        case "xlsx": try readWorkbook(path)
        case "jsonl", "ndjson": try readJSONLines(path)
        default:
            throw ImportFault(
                line: 0, "只能导入 .csv、.tsv、.xlsx、.jsonl 文件；.xls 请在表格软件里另存为 .xlsx。",
                "Files are .csv, .tsv, .xlsx or .jsonl; save an .xls as .xlsx first.")
        }
        guard !records.isEmpty || !faults.isEmpty else {
            throw ImportFault(line: 0, "文件里没有一行数据。", "The file has no row of data.")
        }
        guard records.count <= Self.mostRows else {
            throw ImportFault(
                line: 0, "一次最多 \(Self.mostRows) 行，请分成几个文件。", "At most \(Self.mostRows) rows at a time: split the file.")
        }
    }

    // MARK: - Tables

    private mutating func takeHeader(_ names: [String], line: Int) throws(ImportFault) {
        columns = names.map { TextForm.trimmed($0) }
        while columns.last?.isEmpty == true { columns.removeLast() }
        if let empty = columns.firstIndex(of: "") {
            throw ImportFault(line: line, "第 \(empty + 1) 列没有列名。", "Column \(empty + 1) has no name.")
        }
        var seen: Set<String> = []
        for name in columns where !seen.insert(name).inserted {
            throw ImportFault(line: line, column: name, "有两列叫这个名字，请改掉一个。", "Two columns have this name: change one.")
        }
    }

    private mutating func take(_ cells: [String], line: Int) {
        var cells = cells
        while cells.count > columns.count, cells.last.map({ TextForm.trimmed($0).isEmpty }) == true {
            cells.removeLast()
        }
        if cells.allSatisfy({ TextForm.trimmed($0).isEmpty }) { return }
        guard cells.count <= columns.count else {
            faults.append(
                ImportFault(
                    line: line, "这一行有 \(cells.count) 栏，表头只有 \(columns.count) 栏。含逗号的内容请加引号。",
                    "The row has \(cells.count) cells and the header \(columns.count): quote what holds a comma."))
            return
        }
        var record = ImportRecord(line: line, cells: [:])
        for (index, name) in columns.enumerated() { record.cells[name] = index < cells.count ? cells[index] : "" }
        records.append(record)
    }

    private mutating func readCSV(_ path: String) throws(ImportFault) {
        let document: CSVDocument
        do throws(CSVDocument.Fault) {
            document = try CSVDocument(path: path, limit: Self.sizeLimit)
        } catch {
            switch error {
            case .encoding, .header(.encoding): throw Self.encoding
            case .header: throw ImportFault(line: 1, "表头读不懂。", "The header cannot be read.")
            case .read(let fault): throw ImportFault(line: 0, "文件读不出来。", "\(fault)")
            }
        }
        // Excel's “Unicode text” is separated by tabs.
        if document.header.count == 1, document.header[0].contains("\t") { return try readTabs(path) }
        try takeHeader(document.header, line: 1)
        for row in document.rows {
            if let cells = row.cells {
                take(cells, line: row.line)
            } else {
                faults.append(ImportFault(line: row.line, "引号不成对。", "Its quotes do not match."))
            }
        }
    }

    private static let encoding = ImportFault(
        line: 0, "文件不是 UTF-8，也不是 GB18030。请在表格软件里另存为“CSV UTF-8”。",
        "The file is neither UTF-8 nor GB18030: save it as CSV UTF-8.")

    private static func text(_ path: String) throws(ImportFault) -> String {
        let bytes: [UInt8]
        do throws(ReadFault) {
            bytes = try ReadableFile(path: path).readAll(limit: sizeLimit)
        } catch {
            throw ImportFault(line: 0, "文件读不出来，或者太大。", "\(error)")
        }
        let text = bytes.withUnsafeBytes { bytes -> String? in
            for encoding in [TextEncoding.utf8, .gb18030] where encoding.isValid(bytes) {
                return encoding.decode(bytes)
            }
            return nil
        }
        guard let text else { throw encoding }
        return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    }

    private mutating func readTabs(_ path: String) throws(ImportFault) {
        let lines = try Self.text(path).split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, line) in lines.enumerated() {
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            if columns.isEmpty {
                if !TextForm.trimmed(line).isEmpty { try takeHeader(cells, line: index + 1) }
            } else {
                take(cells, line: index + 1)
            }
        }
    }

    private mutating func readWorkbook(_ path: String) throws(ImportFault) {
        var rows: [(line: Int, cells: [String])] = []
        do {
            try XLSXSheet(path: path).forEachRow { line, cells in
                rows.append((line, cells.map(\.text)))
                return rows.count <= Self.mostRows + 1
            }
        } catch {
            throw ImportFault(line: 0, "工作簿打不开，请用表格软件另存为 .xlsx。", "The workbook cannot be read: \(error)")
        }
        for (line, cells) in rows {
            if columns.isEmpty { try takeHeader(cells, line: line) } else { take(cells, line: line) }
        }
    }

    // MARK: - JSON Lines

    private mutating func readJSONLines(_ path: String) throws(ImportFault) {
        isJSONLines = true
        let decoder = JSONDecoder()
        var names: [String] = []
        var known: Set<String> = []
        let lines = try Self.text(path).split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, line) in lines.enumerated() where !TextForm.trimmed(line).isEmpty {
            guard let value = try? decoder.decode(JSONValue.self, from: Data(line.utf8)),
                case .object(let members) = value
            else {
                faults.append(
                    ImportFault(
                        line: index + 1, "不是一个 JSON 对象；每行应是一个完整的 {…}。", "Not a JSON object: each line is one whole {…}."
                    ))
                continue
            }
            var record = ImportRecord(line: index + 1, cells: [:], content: value)
            for (name, member) in members {
                if known.insert(name).inserted { names.append(name) }
                if case .list = member { record.lists.insert(name) }
                record.cells[name] = Self.cell(member)
            }
            records.append(record)
        }
        columns = names.sorted()
    }

    /// Entries that are objects themselves have no form as a cell.
    private static func cell(_ value: JSONValue) -> String {
        switch value {
        case .null, .object: ""
        case .boolean(let flag): flag ? "是" : "否"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .text(let text): text
        case .list(let entries):
            entries.map { EntryLine.escaped(cell($0)) }.filter { !$0.isEmpty }.joined(separator: "\n")
        }
    }
}
