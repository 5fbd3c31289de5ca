package import SocialDomain

/// One place of a value that cannot stand.
package struct SchemaFault: Hashable, Sendable {
    /// JSON pointer (RFC 6901), `/members/0/name`; empty for the whole.
    package let pointer: String
    package let message: LocalizedText

    package init(pointer: String, message: LocalizedText) {
        self.pointer = pointer
        self.message = message
    }
}

extension Schema {
    /// More faults than these help nobody.
    private static let most = 20

    /// Everything in the value that cannot stand, in the order of the schema.
    package func faults(in value: JSONValue) -> [SchemaFault] {
        var faults: [SchemaFault] = []
        check(value, at: "", &faults)
        return faults
    }

    private func check(_ value: JSONValue, at pointer: String, _ faults: inout [SchemaFault]) {
        guard faults.count < Self.most else { return }
        func fault(_ zh: String, _ en: String) {
            faults.append(SchemaFault(pointer: pointer, message: LocalizedText(zh: zh, en: en)))
        }
        if value == .null {
            if !mayBeNull, kind != .any { fault("不能为空（null）。", "must not be null.") }
            return
        }
        switch (kind, value) {
        case (.text(let least, let most), .text(let text)):
            let count = text.unicodeScalars.count
            if count < least { fault("至少 \(least) 个字符。", "must have at least \(least) characters.") }
            if count > most { fault("最多 \(most) 个字符。", "must have at most \(most) characters.") }
            if text.unicodeScalars.contains("\0") { fault("不能含有空字符。", "must not hold U+0000.") }
        case (.formatted(let format), .text(let text)):
            if !format.accepts(text) { fault(format.hint.zh, format.hint.en) }
        case (.choice(let values), .text(let text)):
            if !values.contains(text) {
                fault("只能是：\(values.joined(separator: "、"))。", "must be one of: \(values.joined(separator: ", ")).")
            }
        case (.integer(let least, let most), .integer(let number)):
            if number < least { fault("不能小于 \(least)。", "must be at least \(least).") }
            if number > most { fault("不能大于 \(most)。", "must be at most \(most).") }
        case (.integer, .number(let number)) where number == number.rounded() && abs(number) < 9e15:
            check(.integer(Int64(number)), at: pointer, &faults)
        case (.number, .integer), (.number, .number), (.boolean, .boolean), (.any, _): break
        case (.list(let element, let most), .list(let values)):
            if let most, values.count > most { fault("最多 \(most) 项。", "must have at most \(most) entries.") }
            for (index, value) in values.enumerated() { element.check(value, at: "\(pointer)/\(index)", &faults) }
        case (.object(let properties), .object(let members)):
            check(members, properties, at: pointer, &faults)
        default: fault("应为\(typeWords.zh)。", "must be \(typeWords.en).")
        }
    }

    private func check(
        _ members: [String: JSONValue], _ properties: [Property], at pointer: String, _ faults: inout [SchemaFault]
    ) {
        for property in properties {
            let place = "\(pointer)/\(property.name)"
            if let value = members[property.name] {
                property.schema.check(value, at: place, &faults)
            } else if property.isRequired {
                faults.append(
                    SchemaFault(pointer: place, message: LocalizedText(zh: "缺少这一项。", en: "is missing.")))
            }
        }
        let known = Set(properties.map(\.name))
        for name in members.keys.sorted() where !known.contains(name) {
            let place = name.replacing("~", with: "~0").replacing("/", with: "~1").prefix(100)
            faults.append(
                SchemaFault(
                    pointer: "\(pointer)/\(place)",
                    message: LocalizedText(zh: "没有这一项，请去掉。", en: "is not known here: leave it out.")))
        }
    }

    private var typeWords: LocalizedText {
        switch kind {
        case .text, .formatted, .choice: LocalizedText(zh: "文本", en: "a string")
        case .integer: LocalizedText(zh: "整数", en: "a whole number")
        case .number: LocalizedText(zh: "数字", en: "a number")
        case .boolean: LocalizedText(zh: "true 或 false", en: "true or false")
        case .list: LocalizedText(zh: "列表", en: "a list")
        case .object: LocalizedText(zh: "对象", en: "an object")
        case .any: LocalizedText(zh: "JSON", en: "JSON")
        }
    }
}
