import Security
import ServiceKit
import SocialDomain
import Storage

/// The state of an import within its transaction: the departments that are known, the numbers that are taken.
struct ImportWork {
    enum Outcome: Hashable, Sendable {
        case new
        case changed
        case unchanged
    }

    private struct Office {
        let id: String
        let name: String
        let division: String
        /// Not an abbreviation or an id, which departments of several divisions may share.
        let isFullName: Bool
    }

    private let options: ImportItems.Options
    private let caller: Caller
    private let time: String
    private let db: Connection
    private var offices: [Office]
    private var nextItem: Int64
    /// One for the whole file.
    private var version: Int64?
    private(set) var newDepartments = 0

    init(options: ImportItems.Options, caller: Caller, time: String, db: Connection) throws {
        self.options = options
        self.caller = caller
        self.time = time
        self.db = db
        offices = try db.rows("SELECT department_id, name, short_name, division FROM department").flatMap { row in
            let (id, division): (String, String) = (try row.get("department_id"), try row.get("division"))
            let (name, short): (String, String) = (try row.get("name"), try row.get("short_name"))
            return [name, short, id].enumerated().filter { !$0.element.isEmpty }.map {
                Office(id: id, name: $0.element, division: division, isFullName: $0.offset == 0)
            }
        }
        nextItem = try EditingStore.nextItemID(in: db)
    }

    mutating func take(_ row: ImportReader.Row, _ reader: ImportReader) throws -> Outcome {
        let line = row.record.line
        let known = try EditingStore.item(code: row.code, within: .ownMachine, in: db)
        if let known, !contains(known.division) { throw Self.outside(line) }
        let office = try office(row)
        let content = try reader.content(row, over: known?.head.content, department: (office.id, office.name))
        guard let known else {
            let division = row.division ?? office.division
            guard contains(division) else { throw Self.outside(line) }
            try insert(content, division: division)
            return .new
        }
        let isOwnDraft = known.head.editedBy == PublishItem.importer && known.head.state == .draft
        if content == ItemText.normalised(known.head.content) {
            guard isOwnDraft, options.publishes else { return .unchanged }
            try publish(known)
            return .changed
        }
        guard known.head.state == .published || isOwnDraft else {
            throw ImportFault(
                line: line, "有人正在修改这个事项（第 \(known.head.number) 版）。请先发布或收回那一版，再导入。",
                "Somebody is working on this item (edition \(known.head.number)): publish or finish that first.")
        }
        try change(known, content, isOwnDraft: isOwnDraft)
        return .changed
    }

    private func contains(_ division: String) -> Bool {
        DivisionCode(prefix: division).map { caller.scope.contains($0) } ?? false
    }

    private static func outside(_ line: Int) -> ImportFault {
        ImportFault(line: line, "这个事项不在您的区划以内。", "The item lies outside your division.")
    }

    // MARK: - Departments

    private mutating func office(_ row: ImportReader.Row) throws -> Office {
        let (name, line) = (row.department, row.record.line)
        guard !name.isEmpty else { throw ImportFault(line: line, "没有部门，请补上。", "There is no department: add it.") }
        let known = offices.first { office in
            office.name == name && (office.isFullName || row.division.map { $0 == office.division } ?? true)
        }
        if let known {
            guard contains(known.division) else { throw Self.outside(line) }
            return known
        }
        guard name.unicodeScalars.count <= ItemElement.department.longest,
            !name.unicodeScalars.contains(where: { $0.value < 0x20 })
        else {
            throw ImportFault(
                line: line, "部门名称最多 \(ItemElement.department.longest) 个字符。",
                "A department's name has at most \(ItemElement.department.longest) characters.")
        }
        guard let division = row.division ?? options.division else {
            throw ImportFault(
                line: line, "部门“\(name)”是新的，但没有区划。请用 --division 给出，例如 150402。",
                "The department \(name) is new and has no division: give one with --division, such as 150402.")
        }
        guard contains(division) else { throw Self.outside(line) }
        let office = Office(id: nextDepartment(), name: name, division: division, isFullName: true)
        try CatalogueStore.put(
            Department(id: office.id, name: name, short: "", phone: "", address: "", hours: ""), division: division,
            in: db)
        offices.append(office)
        offices.append(Office(id: office.id, name: office.id, division: division, isFullName: false))
        newDepartments += 1
        // Every copy shows it in its lists.
        _ = try nextVersion()
        return office
    }

    private func nextDepartment() -> String {
        let highest = offices.compactMap { $0.id.hasPrefix("D") ? Int($0.id.dropFirst()) : nil }.max() ?? 0
        return "D" + (highest < 9 ? "0" : "") + "\(highest + 1)"
    }

    private mutating func nextVersion() throws -> Int64 {
        if let version { return version }
        let next = try CatalogueStore.nextVersion(in: db)
        version = next
        return next
    }

    // MARK: - Items

    private mutating func insert(_ content: ItemContent, division: String) throws {
        let id = nextItem
        nextItem += 1
        if options.publishes {
            try PublishItem.first(content, id: id, division: division, version: try nextVersion(), at: time, in: db)
            return
        }
        try db.execute(
            """
            INSERT INTO item (item_id, code, base_code, department_id, division, name, is_frequent, is_sample, score)
            VALUES (\(id), \(content.code), \(content.baseCode), \(content.department), \(division), \(content.name),
                \(content.isFrequent), \(content.isSample), \(Int64(Completeness(content).score)))
            """)
        try insertDraft(content, number: 1, of: id)
    }

    private func insertDraft(_ content: ItemContent, number: Int64, of item: Int64) throws {
        try db.execute(
            """
            INSERT INTO edition (item_id, number, state, content, edited_by, edited_name, edited_at)
            VALUES (\(item), \(number), 'draft', \(CatalogueStore.json(content)), \(PublishItem.importer), '', \(time))
            """)
    }

    private mutating func change(_ item: EditedItem, _ content: ItemContent, isOwnDraft: Bool) throws {
        if isOwnDraft {
            try db.execute(
                """
                UPDATE edition SET content = \(CatalogueStore.json(content)), version = version + 1, edited_at = \(time)
                WHERE item_id = \(item.id) AND number = \(item.head.number)
                """)
        } else {
            try insertDraft(content, number: item.head.number + 1, of: item.id)
        }
        try db.execute(
            """
            UPDATE item SET name = \(content.name), score = \(Int64(Completeness(content).score))
            WHERE item_id = \(item.id)
            """)
        guard options.publishes,
            let newest = try EditingStore.item(code: item.code, within: .ownMachine, in: db)
        else { return }
        try publish(newest)
    }

    private mutating func publish(_ item: EditedItem) throws {
        try PublishItem.edition(item.head, of: item.id, version: try nextVersion(), at: time, in: db)
    }
}
