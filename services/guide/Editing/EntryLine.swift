import SocialDomain

/// One entry of a list as people type it: parts with `|` between them, and at the end for which variants or channels it
/// holds, `身份证 | 1 | 1 | 政府部门核发 | 情形:new,change | 方式:窗口`.
///
/// A bar, a backslash or a line break within a part is written `\|`, `\\`, `\n`.
struct EntryLine: Hashable, Sendable {
    var parts: [String]
    var variants: [String]?
    var channels: [String]?

    private static let variantMarks = ["情形:", "情形：", "variants:"]
    private static let channelMarks = ["方式:", "方式：", "channels:"]

    init(_ parts: [String], variants: [String]? = nil, channels: [String]? = nil) {
        self.parts = parts
        self.variants = variants
        self.channels = channels
    }

    init(parsing line: some StringProtocol) {
        parts = []
        for (text, isPlain) in Self.split(line) {
            if !parts.isEmpty, !isPlain, let ids = Self.values(text, after: Self.variantMarks) {
                variants = ids
            } else if !parts.isEmpty, !isPlain, let ids = Self.values(text, after: Self.channelMarks) {
                channels = ids.map { Self.channel($0) ?? $0 }
            } else {
                parts.append(text)
            }
        }
    }

    /// The part, or an empty text where the line ends before it.
    subscript(index: Int) -> String { parts.indices.contains(index) ? parts[index] : "" }

    var text: String {
        var pieces = parts
        while pieces.count > 1, pieces.last?.isEmpty == true { pieces.removeLast() }
        var texts = pieces.enumerated().map { index, part in
            let isMark = index > 0 && (Self.variantMarks + Self.channelMarks).contains { part.hasPrefix($0) }
            return (isMark ? "\\" : "") + Self.escaped(part)
        }
        if let variants, !variants.isEmpty { texts.append("情形:" + variants.joined(separator: ",")) }
        if let channels, !channels.isEmpty {
            texts.append("方式:" + channels.map { Self.channelWords[$0]?.first ?? $0 }.joined(separator: ","))
        }
        return texts.joined(separator: " | ")
    }

    // MARK: - Channels

    private static let channelWords = [
        "online": ["网上", "网上办", "线上"], "window": ["窗口", "窗口办", "现场"], "post": ["邮寄", "邮寄办", "寄递"],
    ]

    /// The id of a channel from its id or its word.
    static func channel(_ word: String) -> String? {
        if channelWords[word] != nil { return word }
        return channelWords.first { $0.value.contains(word) }?.key
    }

    static func channelWord(_ id: String) -> String { channelWords[id]?.first ?? id }

    // MARK: - Splitting

    static func escaped(_ part: String) -> String {
        var text = ""
        for character in part {
            switch character {
            case "|", "｜", "\\": text += "\\\(character)"
            case let character where character.isNewline: text += "\\n"
            default: text.append(character)
            }
        }
        return text
    }

    /// The parts, and whether each begins with a backslash and is thus no mark.
    private static func split(_ line: some StringProtocol) -> [(text: String, isPlain: Bool)] {
        var parts: [(String, Bool)] = []
        var (current, isPlain, isEscaped, isAtStart) = ("", false, false, true)
        for character in line {
            if isEscaped {
                current.append(character == "n" ? "\n" : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
                if isAtStart { isPlain = true }
                isAtStart = false
            } else if character == "|" || character == "｜" {
                parts.append((TextForm.trimmed(current), isPlain))
                (current, isPlain, isAtStart) = ("", false, true)
            } else {
                if !character.isWhitespace { isAtStart = false }
                current.append(character)
            }
        }
        parts.append((TextForm.trimmed(current), isPlain))
        return parts
    }

    private static func values(_ text: String, after marks: [String]) -> [String]? {
        guard let mark = marks.first(where: { text.hasPrefix($0) }) else { return nil }
        return text.dropFirst(mark.count).split { ",，、 ".contains($0) }.map(String.init)
    }
}
