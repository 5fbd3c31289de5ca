import SocialDomain
import Yams

/// Reads the YAML of a rules file node by node and gathers what is wrong with it, each fault with its place.
struct RuleFileReader {
    struct Entry {
        let key: String
        let keyNode: Node
        let value: Node
    }

    let file: String
    let source: RuleFileSource
    private(set) var faults: [RuleFault] = []

    init(file: String, yaml: String) {
        self.file = file
        source = RuleFileSource(yaml)
    }

    // MARK: Faults

    mutating func fault(at node: Node, zh: String, en: String) {
        fault(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, zh: zh, en: en)
    }

    mutating func fault(line: Int, column: Int, zh: String, en: String) {
        faults.append(
            RuleFault(
                file: file, line: line, column: column, message: LocalizedText(zh: zh, en: en),
                sourceLine: source.line(line)))
    }

    /// Throws what was gathered, in the file's order.
    func finish() throws(RuleFileError) {
        guard !faults.isEmpty else { return }
        throw RuleFileError(file: file, faults: faults.sorted { ($0.line, $0.column) < ($1.line, $1.column) })
    }

    // MARK: The document

    /// The file's one document.
    mutating func root() throws(RuleFileError) -> Node {
        do {
            if let node = try Parser(yaml: source.text, encoding: .utf8).singleRoot() { return node }
            fault(line: 1, column: 1, zh: "文件为空", en: "the file is empty")
        } catch let error as YamlError {
            tell(error)
        } catch {
            fault(line: 1, column: 1, zh: "YAML 无法读取：\(error)", en: "the YAML cannot be read: \(error)")
        }
        try finish()
        throw RuleFileError(file: file, faults: faults)
    }

    private mutating func tell(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let context = context.map { ", \($0.text) of line \($0.mark.line)" } ?? ""
            fault(
                line: mark.line, column: mark.column, zh: "YAML 语法错误：\(problem)\(context)",
                en: "YAML syntax error: \(problem)\(context)")
        case .duplicatedKeysInMapping(let keys, let context):
            let key = keys.first ?? ""
            let place = source.repetition(of: key, from: (context.mark.line, context.mark.column))
            fault(
                line: place.line, column: place.column, zh: "键“\(key)”重复出现", en: "the key '\(key)' stands here twice")
        case .reader(let problem, let offset, _, _):
            let place = source.place(ofCharacter: offset ?? 0)
            fault(
                line: place.line, column: place.column, zh: "YAML 中有不允许的字符：\(problem)",
                en: "a character that YAML does not allow: \(problem)")
        default:
            fault(line: 1, column: 1, zh: "YAML 无法读取", en: "the YAML cannot be read")
        }
    }

    // MARK: Nodes

    /// Whether nothing is written: no text, `~` or `null`.
    func isNothing(_ node: Node) -> Bool {
        guard let scalar = node.scalar, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// The entries of a mapping, or nil with a fault.
    mutating func entries(of node: Node, called title: LocalizedText) -> [Entry]? {
        guard let mapping = node.mapping else {
            fault(at: node, zh: "\(title.zh)应为“键: 值”的映射", en: "\(title.en) has to be a mapping of keys and values")
            return nil
        }
        var entries: [Entry] = []
        var seen: Set<String> = []
        for (keyNode, value) in mapping {
            guard let key = keyNode.scalar?.string else {
                fault(at: keyNode, zh: "键应为文本", en: "a key has to be a text")
                continue
            }
            // Yams takes `1503` and `"1503"` for two keys.
            guard seen.insert(key).inserted else {
                fault(at: keyNode, zh: "键“\(key)”重复出现", en: "the key '\(key)' stands here twice")
                continue
            }
            entries.append(Entry(key: key, keyNode: keyNode, value: value))
        }
        return entries
    }

    /// The values of a mapping with fixed keys; unknown keys and missing ones are faults.
    mutating func members(
        of node: Node, called title: LocalizedText, required: [String], optional: [String] = [],
        allowsOthers: Bool = false
    ) -> [String: Node]? {
        guard let entries = entries(of: node, called: title) else { return nil }
        var members: [String: Node] = [:]
        let known = required + optional
        for entry in entries {
            if known.contains(entry.key) {
                members[entry.key] = entry.value
            } else if !allowsOthers {
                let near = Spelling.nearest(to: entry.key, among: known)
                fault(
                    at: entry.keyNode, zh: "\(title.zh)没有键“\(entry.key)”" + (near.map { "，是否为 \($0)？" } ?? ""),
                    en: "\(title.en) has no key '\(entry.key)'" + (near.map { "; did you mean \($0)?" } ?? ""))
            }
        }
        for key in required where members[key] == nil {
            fault(at: node, zh: "\(title.zh)缺少“\(key)”", en: "\(title.en) lacks '\(key)'")
        }
        return members
    }

    /// A text that is there.
    mutating func text(_ node: Node, called title: LocalizedText) -> String? {
        guard let scalar = node.scalar, !isNothing(node), scalar.string.contains(where: { !$0.isWhitespace }) else {
            fault(at: node, zh: "\(title.zh)应为非空文本", en: "\(title.en) has to be a text and not empty")
            return nil
        }
        return scalar.string
    }

    /// A text in both languages.
    /// Other keys beside the two languages are passed over: a comma in an unquoted title within braces makes one, as in
    /// `{ zh: 平均每单自付, en: Mean bill, double division by zero }`.
    mutating func localizedText(_ node: Node, called title: LocalizedText) -> LocalizedText? {
        guard let members = members(of: node, called: title, required: ["zh", "en"], allowsOthers: true) else {
            return nil
        }
        let zh = members["zh"].flatMap { text($0, called: LocalizedText(zh: "zh ", en: "zh")) }
        let en = members["en"].flatMap { text($0, called: LocalizedText(zh: "en ", en: "en")) }
        guard let zh, let en else { return nil }
        return LocalizedText(zh: zh, en: en)
    }

    /// One of the texts that are known.
    mutating func choice(_ node: Node, called title: LocalizedText, among known: [String]) -> String? {
        if let text = node.scalar?.string, known.contains(text) { return text }
        fault(
            at: node, zh: "\(title.zh)应为 \(known.joined(separator: "、")) 之一",
            en: "\(title.en) has to be one of \(known.joined(separator: ", "))")
        return nil
    }

    /// A whole number from 1, at most ten digits, written as one: no quotes, no point.
    mutating func wholeNumber(_ node: Node, called title: LocalizedText) -> Int? {
        if let scalar = node.scalar, scalar.style == .plain, scalar.string.utf8.count <= 10,
            scalar.string.utf8.allSatisfy(ReservedWord.isDigit), scalar.string.utf8.first != UInt8(ascii: "0"),
            let value = Int(scalar.string)
        {
            return value
        }
        fault(at: node, zh: "\(title.zh)应为不小于 1 的整数", en: "\(title.en) has to be a whole number from 1")
        return nil
    }

    /// A decimal number, written as one.
    mutating func decimal(_ node: Node, called title: LocalizedText) -> Double? {
        if let scalar = node.scalar, scalar.style == .plain, Self.isDecimal(scalar.string),
            let value = Double(scalar.string), value.isFinite
        {
            return value
        }
        fault(at: node, zh: "\(title.zh)应为十进制数", en: "\(title.en) has to be a decimal number")
        return nil
    }

    private static func isDecimal(_ text: String) -> Bool {
        text.wholeMatch(of: #/[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?/#) != nil
    }

    mutating func bool(_ node: Node, called title: LocalizedText) -> Bool? {
        if let scalar = node.scalar, scalar.style == .plain {
            if ["true", "True", "TRUE"].contains(scalar.string) { return true }
            if ["false", "False", "FALSE"].contains(scalar.string) { return false }
        }
        fault(at: node, zh: "\(title.zh)应为 true 或 false", en: "\(title.en) has to be true or false")
        return nil
    }

    /// A condition, compiled.
    mutating func condition(_ node: Node, in scope: ExpressionScope, called title: LocalizedText) -> Program? {
        guard let scalar = node.scalar else {
            fault(at: node, zh: "\(title.zh)应为表达式", en: "\(title.en) has to be an expression")
            return nil
        }
        do {
            return try Program(compiling: scalar.string, in: scope)
        } catch {
            guard !error.isEcho else { return nil }
            let place = source.place(in: scalar, offset: error.offset)
            fault(line: place.line, column: place.column, zh: error.message.zh, en: error.message.en)
            return nil
        }
    }
}
