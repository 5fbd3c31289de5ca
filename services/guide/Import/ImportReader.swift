import Contracts
import Foundation
import SocialDomain

/// Applies a mapping to the rows of a table.
struct ImportReader: Sendable {
    let mapping: ImportMapping
    let table: ImportTable
    /// This system's own JSON Lines hold whole contents, and no mapping is applied.
    let isOwnJSON: Bool
    private let sources: [String: ImportMapping.Source]

    private static let ownKeys = ["code", "baseCode", "department", "name", "plainName", "materials", "steps"]

    /// - Parameter given: nil to go by the columns, which every shipped mapping knows its own by.
    init(_ table: ImportTable, given: ImportMapping?, shipped: [ImportMapping]) throws(ImportFault) {
        self.table = table
        let columns = Set(table.columns)
        isOwnJSON = given == nil && table.isJSONLines && columns.isSuperset(of: Self.ownKeys)
        if let given {
            let missing = given.recognise.filter { !columns.contains($0) }
            guard missing.isEmpty else { throw Self.missing(missing, given, table) }
            mapping = given
        } else if isOwnJSON, let own = shipped.first {
            mapping = own
        } else if let found = shipped.first(where: { columns.isSuperset(of: $0.recognise) }) {
            mapping = found
        } else {
            throw Self.unknown(shipped, table)
        }
        if mapping.isStrict == true, !isOwnJSON {
            let taken = Set(
                mapping.elements.values.compactMap(\.column) + [mapping.division?.column].compactMap(\.self))
            if let strange = table.columns.first(where: { !taken.contains($0) }) {
                throw ImportFault(
                    line: 1, column: strange, "没有这一列，请改正列名或删掉它。列名有：\(taken.sorted().joined(separator: "、"))。",
                    "is no column of this form: mend its name or remove it. The columns are "
                        + taken.sorted().joined(separator: ", ") + ".")
            }
        }
        sources = mapping.elements.filter { _, source in source.column.map { columns.contains($0) } ?? true }
    }

    private static func missing(_ missing: [String], _ mapping: ImportMapping, _ table: ImportTable) -> ImportFault {
        let (lacking, found) = (missing.joined(separator: "、"), table.columns.prefix(40).joined(separator: "、"))
        return ImportFault(
            line: 1, "缺少列：\(lacking)。文件里有：\(found)。请补上列，或用 --column 要素=列名 指定。",
            "lacks the columns \(lacking); it has \(found). Add them, or name others with --column ELEMENT=COLUMN.")
    }

    private static func unknown(_ shipped: [ImportMapping], _ table: ImportTable) -> ImportFault {
        let found = table.columns.prefix(40).joined(separator: "、")
        let zh = shipped.map { "\($0.title.zh)（\($0.recognise.joined(separator: "、"))）" }.joined(separator: "；")
        let en = shipped.map { "\($0.title.en) (\($0.recognise.joined(separator: ", ")))" }.joined(separator: "; ")
        return ImportFault(
            line: 1, "认不出这种表格：列有 \(found)。认识的有：\(zh)。其他表格请用 --mapping 给出对应文件。",
            "No mapping knows these columns: \(found). Known are \(en). Give another mapping with --mapping.")
    }

    // MARK: - One row

    /// What a row says of an item, before it meets what is known already.
    struct Row: Sendable {
        let record: ImportRecord
        let code: String
        /// A name, or an id.
        let department: String
        let division: String?
    }

    /// Empty where the row has none.
    func code(_ record: ImportRecord) -> String { text("code", record) ?? "" }

    func row(_ record: ImportRecord) throws(ImportFault) -> Row {
        let code = code(record)
        guard !code.isEmpty else {
            throw ImportFault(
                line: record.line, column: column("code"), "没有事项编码，请补上。", "There is no item code: add it.")
        }
        let division = mapping.division.flatMap { value($0, record) } ?? ownText("division", record)
        var prefix: String?
        if let division, !division.isEmpty {
            guard let read = DivisionCode(division) ?? DivisionCode(prefix: division) else {
                throw ImportFault(
                    line: record.line, column: mapping.division?.column, "区划代码应为 6、9 或 12 位数字。",
                    "A division's code has 6, 9 or 12 digits.")
            }
            prefix = read.prefix
        }
        return Row(record: record, code: code, department: text("department", record) ?? "", division: prefix)
    }

    /// The content with every element that the file has; the others stay as they are.
    func content(_ row: Row, over known: ItemContent?, department: (id: String, name: String)) throws(ImportFault)
        -> ItemContent
    {
        let record = row.record
        var content: ItemContent
        if isOwnJSON, let value = record.content {
            content = try Self.whole(value, line: record.line)
        } else {
            content = known ?? .bare(code: row.code, baseCode: "", name: "", department: department.id)
            for element in ItemElement.allCases where element != .department {
                guard let text = text(element.rawValue, record) else { continue }
                if let fault = ItemText.set(element, to: text, in: &content).first {
                    throw self.fault(fault, line: record.line)
                }
            }
            setPlace(&content, record, department: department.name)
        }
        content.department = department.id
        let normalised = ItemText.normalised(content)
        if let fault = ContentCheck.faults(in: normalised).first { throw self.fault(fault, line: record.line) }
        return normalised
    }

    private func setPlace(_ content: inout ItemContent, _ record: ImportRecord, department: String) {
        guard ImportMapping.placeParts.contains(where: { sources[$0] != nil }) else { return }
        let parts = ImportMapping.placeParts.map { TextForm.trimmed(text($0, record) ?? "") }
        guard parts.contains(where: { !$0.isEmpty }) else {
            content.places = []
            return
        }
        content.places = [
            .init(
                name: parts[0].isEmpty ? department : parts[0], address: parts[1], window: parts[2], hours: parts[3],
                phone: parts[4])
        ]
    }

    private static func whole(_ value: JSONValue, line: Int) throws(ImportFault) -> ItemContent {
        do {
            return try JSONDecoder().decode(ItemContent.self, from: JSONEncoder().encode(value))
        } catch let error as DecodingError {
            let (path, message) = ItemContent.explanation(of: error)
            throw ImportFault(line: line, column: path, message.zh, message.en)
        } catch {
            throw ImportFault(line: line, "无法读懂。", "It cannot be read.")
        }
    }

    private func fault(_ fault: ElementFault, line: Int) -> ImportFault {
        let entry = fault.line.map { LocalizedText(zh: "第 \($0) 条，", en: "entry \($0): ") }
        return ImportFault(
            line: line, column: column(fault.element.rawValue), (entry?.zh ?? "") + fault.message.zh,
            (entry?.en ?? "") + fault.message.en)
    }

    private func column(_ element: String) -> String { sources[element]?.column ?? element }

    // MARK: - Cells

    /// Nil where the file says nothing about the element.
    private func text(_ element: String, _ record: ImportRecord) -> String? {
        isOwnJSON ? ownText(element, record) : sources[element].flatMap { value($0, record) }
    }

    private func ownText(_ element: String, _ record: ImportRecord) -> String? {
        isOwnJSON ? record.cells[element].map { TextForm.trimmed($0) } : nil
    }

    private func value(_ source: ImportMapping.Source, _ record: ImportRecord) -> String? {
        if let constant = source.constant { return constant }
        guard let column = source.column, var text = record.cells[column] else { return nil }
        text = TextForm.trimmed(text)
        for piece in source.removing ?? [] { text = text.replacing(piece, with: "") }
        if let separators = source.separators {
            text = text.split { separators.contains($0) }.joined(separator: "\n")
        }
        if source.isPlain == true, !record.lists.contains(column) {
            text = text.split(whereSeparator: \.isNewline).map { EntryLine.escaped(String($0)) }.joined(separator: "\n")
        }
        return source.values?[text] ?? text
    }
}
