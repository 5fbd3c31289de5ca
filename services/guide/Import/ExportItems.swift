import Contracts
import Foundation
import Security
import ServiceKit
import Storage
import Tabular

/// The newest edition of every item as a file that an import reads again to the same.
enum ExportItems {
    enum Format: String, CaseIterable, Sendable {
        case csv
        case xlsx
        case jsonl
    }

    /// Writes the file; the number of items.
    @discardableResult
    static func write(
        _ format: Format, to path: String, within scope: Scope, own mapping: ImportMapping, in db: Connection
    ) throws -> Int {
        switch format {
        case .csv:
            var writer = CSVWriter(lineEnd: .crlf, hasByteOrderMark: true)
            writer.append(header(mapping))
            let handle = try newFile(path)
            defer { try? handle.close() }
            return try forEach(within: scope, in: db) { content, department, division in
                writer.append(row(content, department: department, division: division))
                try handle.write(contentsOf: Data(writer.takeBytes()))
            } atEnd: {
                try handle.write(contentsOf: Data(writer.takeBytes()))
            }
        case .xlsx:
            let writer = try XLSXWriter(
                path: path, sheet: "事项", columns: header(mapping).map { XLSXWriter.Column($0) })
            return try forEach(within: scope, in: db) { content, department, division in
                try writer.append(row(content, department: department, division: division).map(TableValue.text))
            } atEnd: {
                try writer.close()
            }
        case .jsonl:
            let handle = try newFile(path)
            defer { try? handle.close() }
            return try forEach(within: scope, in: db) { content, department, division in
                try handle.write(contentsOf: Data((try line(content, department, division) + "\n").utf8))
            } atEnd: {
            }
        }
    }

    private static func newFile(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw CocoaError(.fileWriteUnknown) }
        return handle
    }

    private static func forEach(
        within scope: Scope, in db: Connection, _ body: (ItemContent, String, String) throws -> Void,
        atEnd: () throws -> Void
    ) throws -> Int {
        var count = 0
        try db.forEach(
            """
            SELECT e.content, d.name, i.division FROM item i
            JOIN edition e ON e.item_id = i.item_id
                AND e.number = (SELECT max(n.number) FROM edition n WHERE n.item_id = i.item_id)
            JOIN department d ON d.department_id = i.department_id
            WHERE \(SQL.within(scope.division, "i.division")) ORDER BY i.item_id
            """
        ) { row in
            try body(CatalogueStore.content(row.get("content")), row.get("name"), row.get("division"))
            count += 1
        }
        try atEnd()
        return count
    }

    private static func header(_ mapping: ImportMapping) -> [String] {
        ItemElement.allCases.map { mapping.elements[$0.rawValue]?.column ?? $0.rawValue }
            + [mapping.division?.column ?? "division"]
    }

    private static func row(_ content: ItemContent, department: String, division: String) -> [String] {
        ItemElement.allCases.map { $0 == .department ? department : ItemText.text($0, of: content) } + [division]
    }

    private static func line(_ content: ItemContent, _ department: String, _ division: String) throws -> String {
        var content = content
        content.department = department
        let encoded = try JSONEncoder().encode(content)
        guard case .object(var members) = try JSONDecoder().decode(JSONValue.self, from: encoded) else { return "" }
        members["division"] = .text(division)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(JSONValue.object(members)), as: UTF8.self)
    }
}
