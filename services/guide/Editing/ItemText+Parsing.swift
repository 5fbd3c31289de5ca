import SocialDomain

/// What cannot be read in an element's text.
struct ElementFault: Hashable, Sendable {
    let element: ItemElement
    /// From 1; nil where it is not about one line.
    var line: Int?
    let message: LocalizedText

    init(_ element: ItemElement, line: Int? = nil, _ zh: String, _ en: String) {
        self.element = element
        self.line = line
        message = LocalizedText(zh: zh, en: en)
    }

    /// With the line, as it stands beside a field.
    var sentence: LocalizedText {
        guard let line else { return message }
        return LocalizedText(zh: "第 \(line) 行：\(message.zh)", en: "Line \(line): \(message.en)")
    }
}

extension ItemText {
    /// Sets an element from its text; what cannot be read is told, and leaves the element as it was.
    static func set(_ element: ItemElement, to text: String, in content: inout ItemContent) -> [ElementFault] {
        if element.isList { return setList(element, to: text, in: &content) }
        let text = TextForm.trimmed(text)
        switch element {
        case .code: content.code = text
        case .baseCode: content.baseCode = text
        case .department: content.department = text
        case .name: content.name = text
        case .plainName: content.plainName = text
        case .summary: content.summary = text.replacing("\r\n", with: "\n")
        case .kind: content.kind = kind(text)
        case .level: content.level = text
        case .consultPhone: content.consultPhone = text
        case .complaintPhone: content.complaintPhone = text
        case .feeNote: content.fee.note = text
        case .video: content.video = text.isEmpty ? nil : text
        case .isFrequent, .isSample: return setFlag(element, text, in: &content)
        case .statutoryDays, .promisedDays, .visits: return setNumber(element, text, in: &content)
        case .feeAmount:
            guard let amount = amount(text) else {
                return [
                    ElementFault(
                        .feeAmount, "请写成元，例如 10 或 10.50；不收费写 0。", "Write yuan, such as 10 or 10.50; 0 where it is free."
                    )
                ]
            }
            content.fee.amount = amount
        default: break
        }
        return []
    }

    // MARK: - Single values

    /// A kind by its name or by its code, `1`, `01`; anything else stays as it is for the check to refuse.
    static func kind(_ text: String) -> String {
        ItemElement.kinds.first { $0.code == text || $0.code == "0" + text }?.name ?? text
    }

    private static func setFlag(_ element: ItemElement, _ text: String, in content: inout ItemContent) -> [ElementFault]
    {
        let value: Bool
        switch text.lowercased() {
        case "是", "true", "1", "yes", "on": value = true
        case "否", "false", "0", "no", "": value = false
        default: return [ElementFault(element, "请写“是”或“否”。", "Write 是 (yes) or 否 (no).")]
        }
        if element == .isFrequent { content.isFrequent = value } else { content.isSample = value }
        return []
    }

    private static func setNumber(
        _ element: ItemElement, _ text: String, in content: inout ItemContent
    ) -> [ElementFault] {
        guard let number = number(text) else {
            return [
                element == .visits
                    ? ElementFault(element, "请写次数，例如 1。", "Write how often, such as 1.")
                    : ElementFault(element, "请写工作日的天数，例如 20；当场办结写 0。", "Write working days, such as 20; 0 for at once.")
            ]
        }
        switch element {
        case .statutoryDays: content.statutoryDays = number
        case .promisedDays: content.promisedDays = number
        default: content.visits = number
        }
        return []
    }

    /// `20`, `20个工作日`, `20(工作日)`, `当场`: working days; the outer nil is for what is none, the inner for nothing.
    private static func number(_ text: String) -> Int?? {
        let folded = TextForm.folded(text)
        if folded.isEmpty || folded == "无" { return .some(nil) }
        if ["当场", "当场办结", "即时", "即时办结"].contains(folded) { return 0 }
        let digits = folded.prefix { ("0"..."9").contains($0) }
        let unit = folded.dropFirst(digits.count).filter { !"() ".contains($0) }
        guard ["", "个工作日", "工作日", "次"].contains(String(unit)), digits.count <= 5, let number = Int(digits) else {
            return nil
        }
        return number
    }

    /// Yuan with two decimals; an empty text for an empty one.
    private static func amount(_ text: String) -> String? {
        let folded = TextForm.folded(text)
        if folded.isEmpty { return "" }
        if ["不收费", "免费", "无"].contains(folded) { return "0.00" }
        let sides = folded.replacing("元", with: "").split(separator: ".", omittingEmptySubsequences: false)
        let isDigits = sides.allSatisfy { side in side.allSatisfy { ("0"..."9").contains($0) } }
        guard isDigits, (1...2).contains(sides.count), (1...9).contains(sides[0].count), let yuan = Int(sides[0])
        else { return nil }
        guard sides.count == 2 else { return "\(yuan).00" }
        guard (1...2).contains(sides[1].count) else { return nil }
        return "\(yuan).\(sides[1])" + (sides[1].count == 1 ? "0" : "")
    }

    // MARK: - Lists

    private static func setList(_ element: ItemElement, to text: String, in content: inout ItemContent)
        -> [ElementFault]
    {
        var faults: [ElementFault] = []
        var entries: [EntryLine] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
        where !TextForm.trimmed(line).isEmpty {
            let entry = EntryLine(parsing: line)
            if let most = mostParts(element), entry.parts.count > most {
                faults.append(
                    ElementFault(
                        element, line: index + 1, "最多 \(most) 栏，这里有 \(entry.parts.count) 栏；内容里的竖线请写成 \\|。",
                        "At most \(most) parts, and there are \(entry.parts.count); a bar within a text is written \\|."
                    ))
            } else if entry[0].isEmpty {
                faults.append(ElementFault(element, line: index + 1, "第一栏不能空。", "The first part must not be empty."))
            } else if element == .materials, let fault = materialFault(entry, line: index + 1) {
                faults.append(fault)
            } else {
                entries.append(resolved(entry, content))
            }
        }
        guard faults.isEmpty else { return faults }
        store(entries, element, in: &content)
        return []
    }

    /// Nil where every part is an entry of its own.
    private static func mostParts(_ element: ItemElement) -> Int? {
        switch element {
        case .places: 5
        case .legalBasis, .variants, .questions: 2
        case .conditions: 1
        case .materials: 7
        case .steps: 3
        default: nil
        }
    }

    private static func materialFault(_ entry: EntryLine, line: Int) -> ElementFault? {
        for index in 1...2 where !entry[index].isEmpty && Int(TextForm.folded(entry[index])) == nil {
            return ElementFault(
                .materials, line: line, "第 \(index + 1) 栏是份数，请写数字。", "Part \(index + 1) is a number of copies.")
        }
        guard isRequired(entry[4]) != nil else {
            return ElementFault(
                .materials, line: line, "第 5 栏请写“必需”或“需要时”。", "Part 5 is 必需 (required) or 需要时 (if it applies).")
        }
        return nil
    }

    private static func isRequired(_ word: String) -> Bool? {
        switch word.lowercased() {
        case "", "必需", "必要", "必须", "required": true
        case "需要时", "可选", "optional": false
        default: nil
        }
    }

    /// Variants may be named by their id or by their name.
    private static func resolved(_ entry: EntryLine, _ content: ItemContent) -> EntryLine {
        var entry = entry
        entry.variants = entry.variants.flatMap { names in
            names.isEmpty
                ? nil : names.map { name in content.variants.first { $0.name == name }?.id ?? name }
        }
        if entry.channels?.isEmpty == true { entry.channels = nil }
        return entry
    }

    private static func store(_ entries: [EntryLine], _ element: ItemElement, in content: inout ItemContent) {
        func optional(_ text: String) -> String? { text.isEmpty ? nil : text }
        func number(_ text: String) -> Int { Int(TextForm.folded(text)) ?? 0 }
        let words = entries.flatMap(\.parts).filter { !$0.isEmpty }
        switch element {
        case .aliases: content.aliases = words
        case .audience: content.audience = words
        case .themes: content.themes = words
        case .results: content.results = words
        case .channels: content.channels = words.map { EntryLine.channel($0) ?? $0 }
        case .variants: content.variants = entries.map { .init(id: $0[0], name: $0[1].isEmpty ? $0[0] : $0[1]) }
        case .places:
            content.places = entries.map {
                .init(name: $0[0], address: $0[1], window: $0[2], hours: $0[3], phone: $0[4])
            }
        case .legalBasis: content.legalBasis = entries.map { .init(title: $0[0], article: $0[1]) }
        case .conditions:
            content.conditions = entries.map { .init(text: $0[0], variants: $0.variants, channels: $0.channels) }
        case .materials:
            content.materials = entries.map {
                .init(
                    name: $0[0], originals: number($0[1]), copies: number($0[2]), source: $0[3],
                    isRequired: isRequired($0[4]) ?? true, note: optional($0[5]), waiver: optional($0[6]),
                    variants: $0.variants, channels: $0.channels)
            }
        case .steps:
            content.steps = entries.map {
                .init(
                    name: $0[0], text: $0[1], time: optional($0[2]), variants: $0.variants, channels: $0.channels)
            }
        case .questions: content.questions = entries.map { .init(question: $0[0], answer: $0[1]) }
        default: break
        }
    }
}
