import ArgumentParser
import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage

#if canImport(Glibc)
    import Glibc
#endif

/// `import`: a file of items into the catalogue.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take a file of items into the catalogue. 导入事项。",
        discussion: """
            CSV, tab-separated text, XLSX or JSON Lines. Without --mapping the file is known by its columns: this system's
            own form, a county hall's list, a provincial portal's export. New and changed items become drafts, or are
            published with --publish. A file with a bad row is refused whole, unless --skip-rejected is given.
            Exit codes: 0 done, 64 usage, 65 refused (nothing was changed), 74 the data cannot be read.
            """)

    @OptionGroup var data: GuideFolder
    @Option(help: "The file: .csv, .tsv, .xlsx or .jsonl.") var file: String
    @Option(help: "How its columns become elements, JSON or YAML; see Resources/mappings.") var mapping: String?
    @Option(help: "The column with the department, in place of the mapping's.") var departmentColumn: String?
    @Option(help: "Another column for an element, ELEMENT=COLUMN; may be given several times.") var column: [String] =
        []
    @Option(help: "The division of rows that name none, such as 150402.") var division: String?
    @Flag(help: "Publish at once what is new or changed.") var publish = false
    @Flag(help: "Take in the good rows of a file that has bad ones too.") var skipRejected = false
    @Flag(help: "Only say what would be done.") var check = false
    @Option(help: "Write the rows that were refused to this CSV file.") var rejects: String?

    func validate() throws {
        if let division, DivisionCode(prefix: division) == nil {
            throw ValidationError("--division \(division): a division's code has 2, 4, 6, 9 or 12 digits")
        }
        for text in column where !text.contains("=") {
            throw ValidationError("--column \(text): write ELEMENT=COLUMN")
        }
    }

    func run() async throws {
        try await Told.run {
            let store = try data.open()
            let name = String(file.split(separator: "/").last ?? "")
            do {
                let reader = try reader(name)
                try await take(reader, name, store)
            } catch let fault as ImportFault {
                try keep([fault], name)
                tell([fault], name)
                throw ExitCode(65)
            }
        }
    }

    private func reader(_ name: String) throws -> ImportReader {
        let table = try ImportTable(path: file, name: name)
        var shipped = try ImportMapping.shipped(GuideFolder.resources)
        var given = try mapping.map { try ImportMapping(path: $0) }
        var columns: [(element: String, column: String)] = []
        for text in column {
            let element = text.prefix { $0 != "=" }
            columns.append((String(element), String(text.dropFirst(element.count + 1))))
        }
        if let departmentColumn { columns.append(("department", departmentColumn)) }
        if given == nil, Set(columns.map(\.element)).isSuperset(of: ["code", "name", "department"]) {
            given = try ImportMapping(columns: columns)
        } else {
            for (element, column) in columns {
                try given?.setColumn(column, for: element)
                for index in shipped.indices where given == nil { try shipped[index].setColumn(column, for: element) }
            }
        }
        return try ImportReader(table, given: given, shipped: shipped)
    }

    private func take(_ reader: ImportReader, _ name: String, _ store: ServiceStore) async throws {
        let isTerminal = isatty(STDERR_FILENO) == 1
        var work = ImportItems(
            file: name, reader: reader,
            options: .init(
                publishes: publish, skipsRejected: skipRejected, checksOnly: check,
                division: division.flatMap { DivisionCode(prefix: $0)?.prefix }),
            caller: .machine, time: Date().formatted(.iso8601))
        work.progress = { count in
            if isTerminal { FileHandle.standardError.write(Data("\r\(count)".utf8)) }
        }
        let result = try await work.run(store.database)
        if isTerminal { FileHandle.standardError.write(Data("\r".utf8)) }
        try keep(result.faults, name)
        tell(result.faults, name)
        print("\(result.mapping.en) \(result.mapping.zh)")
        print(
            "\(result.rows) rows: \(result.new) new, \(result.changed) changed, \(result.unchanged) unchanged, "
                + "\(result.rejected) rejected; \(result.newDepartments) new departments")
        print(
            "\(result.rows) 行：新增 \(result.new)，变更 \(result.changed)，未变 \(result.unchanged)，"
                + "未收 \(result.rejected)；新部门 \(result.newDepartments)")
        guard !result.isDone else { return }
        if check, result.faults.isEmpty {
            print("only checked, nothing was changed 只核对，没有改动")
        } else {
            print("nothing was changed 没有改动任何数据")
            throw ExitCode(65)
        }
    }

    private func keep(_ faults: [ImportFault], _ name: String) throws {
        guard let rejects else { return }
        try Data(ImportRejects.csv(faults, file: name)).write(to: URL(fileURLWithPath: rejects))
    }

    /// The first of them; all stand in --rejects.
    private func tell(_ faults: [ImportFault], _ name: String) {
        let most = 20
        for fault in faults.prefix(most) {
            let words = fault.sentence(file: name)
            FileHandle.standardError.write(Data("\(words.en)\n\(words.zh)\n".utf8))
        }
        if faults.count > most {
            FileHandle.standardError.write(
                Data("… \(faults.count - most) more: --rejects FILE.csv 其余 \(faults.count - most) 条见 --rejects\n".utf8))
        }
    }
}

/// `export items`: every item as a file.
struct ExportItemsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "items", abstract: "Write every item to a file. 导出事项。",
        discussion: "The newest edition of each item, as .csv, .xlsx or .jsonl; `import` reads it again to the same.")

    @OptionGroup var data: GuideFolder
    @Option(help: "The file: .csv, .xlsx or .jsonl.") var file: String

    private var format: ExportItems.Format? {
        file.split(separator: ".").last.flatMap { ExportItems.Format(rawValue: $0.lowercased()) }
    }

    func validate() throws {
        if format == nil { throw ValidationError("--file \(file): its name ends in .csv, .xlsx or .jsonl") }
    }

    func run() async throws {
        try await Told.run {
            guard let format else { return }
            let store = try data.open()
            let own = try ImportMapping(path: GuideFolder.resources + "/mappings/own.json")
            let count = try store.database.readBlocking { db in
                try ExportItems.write(format, to: file, within: .ownMachine, own: own, in: db)
            }
            print("\(count) items 已导出 \(count) 项")
        }
    }
}
