import SocialDomain
import Yams

/// Reads the file that declares the feed kinds.
struct FeedKindLoader {
    private var reader: RuleFileReader

    static func load(yaml: String, file: String) throws(RuleFileError) -> FeedKindCatalogue {
        var loader = FeedKindLoader(reader: RuleFileReader(file: file, yaml: yaml))
        let root = try loader.reader.root()
        let kinds = loader.kinds(root)
        try loader.reader.finish()
        return FeedKindCatalogue(kinds: kinds)
    }

    private mutating func kinds(_ root: Node) -> [FeedKind] {
        let title = LocalizedText(zh: "数据种类文件", en: "the feed kinds file")
        guard let members = reader.members(of: root, called: title, required: ["kinds"]), let node = members["kinds"],
            let entries = reader.entries(of: node, called: LocalizedText(zh: "kinds ", en: "kinds"))
        else { return [] }
        var kinds: [FeedKind] = []
        for entry in entries {
            let isPlain = entry.key.unicodeScalars.allSatisfy { $0.value > 0x20 && $0 != "/" && $0 != "\\" }
            guard !entry.key.isEmpty, isPlain else {
                reader.fault(
                    at: entry.keyNode, zh: "种类名“\(entry.key)”不能作文件名的开头",
                    en: "the kind '\(entry.key)' cannot begin a file's name")
                continue
            }
            if let kind = kind(entry) { kinds.append(kind) }
        }
        return kinds
    }

    private mutating func kind(_ entry: RuleFileReader.Entry) -> FeedKind? {
        let called = LocalizedText(zh: "种类 \(entry.key) ", en: "the kind \(entry.key)")
        guard
            let members = reader.members(
                of: entry.value, called: called, required: ["title", "key", "fields"], optional: ["date"]),
            let titleNode = members["title"], let keyNode = members["key"], let fieldsNode = members["fields"],
            let fields = fields(fieldsNode, of: called)
        else { return nil }
        let title = reader.localizedText(titleNode, called: LocalizedText(zh: "title ", en: "title"))
        guard fields.count(where: { $0.type == .idNumber }) == 1, fields.count(where: { $0.type == .name }) <= 1 else {
            reader.fault(
                at: fieldsNode, zh: "\(called.zh)应有一个 id_number 字段，至多一个 name 字段",
                en: "\(called.en) needs one field of type id_number and at most one of type name")
            return nil
        }
        let key = key(keyNode, fields)
        var dateField: Int?
        if let node = members["date"] {
            dateField = field(node, fields)
            if let found = dateField, fields[found].type != .date {
                reader.fault(at: node, zh: "date 应为日期字段", en: "date has to name a field of type date")
            }
        }
        guard let title, let key else { return nil }
        return FeedKind(name: entry.key, title: title, fields: fields, key: key, dateField: dateField)
    }

    private mutating func key(_ node: Node, _ fields: [FeedField]) -> [Int]? {
        guard let names = node.sequence, !names.isEmpty else {
            reader.fault(at: node, zh: "key 应为字段名列表", en: "key has to be a list of fields")
            return nil
        }
        var key: [Int] = []
        for name in names {
            guard let index = field(name, fields) else { continue }
            if key.contains(index) {
                reader.fault(at: name, zh: "key 中字段重复", en: "a field stands in key twice")
            }
            key.append(index)
        }
        return key
    }

    private mutating func field(_ node: Node, _ fields: [FeedField]) -> Int? {
        if let name = node.scalar?.string, let index = fields.firstIndex(where: { $0.name == name }) { return index }
        reader.fault(
            at: node, zh: "没有字段“\(node.scalar?.string ?? "")”", en: "there is no field '\(node.scalar?.string ?? "")'")
        return nil
    }

    private mutating func fields(_ node: Node, of kind: LocalizedText) -> [FeedField]? {
        guard let entries = reader.entries(of: node, called: LocalizedText(zh: "fields ", en: "fields")) else {
            return nil
        }
        var fields: [FeedField] = []
        // By code points: Swift's == takes é composed and decomposed for one.
        var headers: Set<[UInt8]> = []
        for entry in entries {
            guard ReservedWord.isName(entry.key), entry.key != "person" else {
                reader.fault(
                    at: entry.keyNode, zh: "字段名“\(entry.key)”应由拉丁字母、数字和下划线组成，且不是保留字",
                    en: "the field '\(entry.key)' has to be of Latin letters, digits and _, and no reserved word")
                continue
            }
            let called = LocalizedText(zh: "字段 \(entry.key) ", en: "the field \(entry.key)")
            guard
                let members = reader.members(
                    of: entry.value, called: called, required: ["type", "title"], optional: ["aliases"]),
                let typeNode = members["type"], let titleNode = members["title"]
            else { continue }
            let types = FeedFieldType.allCases.map(\.rawValue)
            let type = reader.choice(typeNode, called: LocalizedText(zh: "type ", en: "type"), among: types)
                .flatMap(FeedFieldType.init(rawValue:))
            let title = reader.localizedText(titleNode, called: LocalizedText(zh: "title ", en: "title"))
            let aliases = members["aliases"].map { aliasTexts($0) } ?? []
            for header in [entry.key] + aliases where !headers.insert(Array(header.utf8)).inserted {
                reader.fault(
                    at: entry.keyNode, zh: "列名“\(header)”属于两个字段", en: "the header '\(header)' means two fields")
            }
            if let type, let title {
                fields.append(FeedField(name: entry.key, aliases: aliases, title: title, type: type))
            }
        }
        // What else is wrong with the kind only shows once all its fields are known.
        return fields.count == entries.count ? fields : nil
    }

    private mutating func aliasTexts(_ node: Node) -> [String] {
        guard let nodes = node.sequence else {
            reader.fault(at: node, zh: "aliases 应为列表", en: "aliases has to be a list")
            return []
        }
        return nodes.compactMap { reader.text($0, called: LocalizedText(zh: "别名", en: "an alias")) }
    }
}
