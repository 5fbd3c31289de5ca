import SocialDomain

/// The rules that every content keeps, whoever brings it: the form, the API or an import.
enum ContentCheck {
    static func faults(in content: ItemContent) -> [ElementFault] {
        texts(content) + values(content) + applicability(content) + addresses(content)
    }

    // MARK: - Lengths and characters

    private static func texts(_ content: ItemContent) -> [ElementFault] {
        var faults: [ElementFault] = []
        for element in ItemElement.allCases {
            let entries = ItemText.lines(element, of: content)
            if element.isList, entries.count > ItemElement.mostEntries {
                faults.append(
                    ElementFault(
                        element, "最多 \(ItemElement.mostEntries) 条，现有 \(entries.count) 条。",
                        "At most \(ItemElement.mostEntries) entries; there are \(entries.count)."))
            }
            for (index, entry) in entries.enumerated() {
                let line = element.isList ? index + 1 : nil
                let length = entry.unicodeScalars.count
                if length > element.longest {
                    faults.append(
                        ElementFault(
                            element, line: line, "最多 \(element.longest) 个字符，现有 \(length) 个，请缩短。",
                            "At most \(element.longest) characters; there are \(length). Shorten it."))
                } else if entry.unicodeScalars.contains(where: isForbidden) {
                    faults.append(
                        ElementFault(
                            element, line: line, "有看不见的控制字符，请重新输入。", "It holds control characters: type it anew."))
                }
            }
        }
        return faults
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: false
        case 0x00...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069, 0xFFFE, 0xFFFF: true
        default: false
        }
    }

    // MARK: - Values

    private static func values(_ content: ItemContent) -> [ElementFault] {
        var faults: [ElementFault] = []
        if content.code.isEmpty { faults.append(ElementFault(.code, "请填写事项编码。", "Fill in the item's code.")) }
        if content.code.contains(where: { $0 == "/" || $0 == "?" || $0 == "#" || $0.isWhitespace }) {
            faults.append(
                ElementFault(.code, "编码里不能有空格、/、? 或 #。", "A code holds no white space, /, ? or #."))
        }
        if content.name.isEmpty { faults.append(ElementFault(.name, "请填写事项名称。", "Fill in the item's name.")) }
        if content.department.isEmpty {
            faults.append(ElementFault(.department, "请选择部门。", "Choose the department."))
        }
        if !content.kind.isEmpty, !ItemElement.kinds.contains(where: { $0.name == content.kind }) {
            faults.append(
                ElementFault(
                    .kind, "没有这种事项类型；可以是：" + ItemElement.kinds.map(\.name).joined(separator: "、") + "。",
                    "There is no such kind. The kinds are: " + ItemElement.kinds.map(\.name).joined(separator: ", ")
                        + "."))
        }
        if let promised = content.promisedDays, let statutory = content.statutoryDays, promised > statutory {
            faults.append(
                ElementFault(
                    .promisedDays, "承诺时限不能比法定时限（\(statutory) 个工作日）长。",
                    "The promised time may not be longer than the statutory one (\(statutory) working days)."))
        }
        for (element, value, most) in [
            (ItemElement.statutoryDays, content.statutoryDays, 3650), (.promisedDays, content.promisedDays, 3650),
            (.visits, content.visits, 99),
        ] {
            if let value, !(0...most).contains(value) {
                faults.append(ElementFault(element, "应在 0 到 \(most) 之间。", "It lies between 0 and \(most)."))
            }
        }
        for (index, material) in content.materials.enumerated()
        where !(0...99).contains(material.originals) || !(0...99).contains(material.copies) {
            faults.append(
                ElementFault(.materials, line: index + 1, "份数应在 0 到 99 之间。", "Copies lie between 0 and 99."))
        }
        var scratch = content
        return faults + ItemText.set(.feeAmount, to: content.fee.amount, in: &scratch)
    }

    // MARK: - What holds for some variants or channels

    private static func applicability(_ content: ItemContent) -> [ElementFault] {
        var faults: [ElementFault] = []
        for (index, channel) in content.channels.enumerated() where !ItemContent.allChannels.contains(channel) {
            faults.append(
                ElementFault(
                    .channels, line: index + 1, "办理方式只有：网上、窗口、邮寄。", "The channels are online, window and post."))
        }
        let ids = content.variants.map(\.id)
        if Set(ids).count < ids.count {
            faults.append(ElementFault(.variants, "有两种情形用了同一个编号。", "Two variants have one id."))
        }
        func check(_ parts: [any Applicable], _ element: ItemElement) {
            for (index, part) in parts.enumerated() {
                for id in part.variants ?? [] where !ids.contains(id) {
                    faults.append(
                        ElementFault(
                            element, line: index + 1, "没有“\(id.prefix(30))”这种情形，请先在“情形”里列出。",
                            "There is no variant “\(id.prefix(30))”: list it among the variants first."))
                }
                for id in part.channels ?? [] where !content.channels.contains(id) {
                    faults.append(
                        ElementFault(
                            element, line: index + 1,
                            "本事项没有“\(EntryLine.channelWord(id).prefix(30))”这种办理方式，请先在“办理方式”里选上。",
                            "The item has no channel “\(id.prefix(30))”: choose it among the channels first."))
                }
            }
        }
        check(content.conditions, .conditions)
        check(content.materials, .materials)
        check(content.steps, .steps)
        return faults
    }

    // MARK: - Addresses

    /// The form of web addresses only: nothing is asked over the network.
    private static func addresses(_ content: ItemContent) -> [ElementFault] {
        var faults: [ElementFault] = []
        if let video = content.video, !WebAddress.isWellFormed(video) {
            faults.append(
                ElementFault(
                    .video, "网址应以 http:// 或 https:// 开头，中间没有空格。",
                    "An address begins with http:// or https:// and holds no space."))
        }
        for element in ItemElement.allCases where element != .video {
            for (index, entry) in ItemText.lines(element, of: content).enumerated() {
                guard let broken = WebAddress.broken(in: entry) else { continue }
                faults.append(
                    ElementFault(
                        element, line: element.isList ? index + 1 : nil, "网址“\(broken.prefix(60))”不完整，请核对。",
                        "The address “\(broken.prefix(60))” is not whole: check it."))
            }
        }
        return faults
    }
}

/// The form of a web address.
enum WebAddress {
    static func isWellFormed(_ text: String) -> Bool {
        guard
            let rest = ["https://", "http://"].first(where: { text.lowercased().hasPrefix($0) }).map({
                text.dropFirst($0.count)
            })
        else { return false }
        let host = rest.prefix { !"/?#:".contains($0) }
        guard host.utf8.count <= 253, host.contains("."), !host.hasPrefix("."), !host.hasSuffix("."),
            !host.contains(".."), !host.contains("@"),
            host.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" })
        else { return false }
        let port = rest.dropFirst(host.count)
        if port.first == ":" {
            let digits = port.dropFirst().prefix { $0.isNumber }
            guard let number = Int(digits), (1...65535).contains(number) else { return false }
        }
        return !rest.contains { $0.isWhitespace || "\"'<>\\`{}".contains($0) }
    }

    /// The first address within a text that is not well formed.
    static func broken(in text: String) -> String? {
        var rest = text[...]
        while let start = rest.firstRange(of: "http")?.lowerBound {
            let word = rest[start...].prefix { character in
                !character.isWhitespace && !"，。；、）)】》\"'<>|".contains(character)
            }
            let address = String(word)
            if address.hasPrefix("http://") || address.hasPrefix("https://"), !isWellFormed(address) { return address }
            rest = rest[start...].dropFirst(max(4, word.count))
        }
        return nil
    }
}
