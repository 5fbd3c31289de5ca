/// Takes a template's source apart.
struct TemplateReader {
    private enum Kind {
        case value, markup, section, inverted, end, partial, comment

        /// Shows nothing by itself, so a line of its own is no line of the page.
        var mayTakeLine: Bool { self != .value && self != .markup }
    }

    private struct Tag {
        let kind: Kind
        let name: String
        /// In bytes, braces included.
        let range: Range<Int>
    }

    private let bytes: [UInt8]
    private var place = 0

    init(_ source: String) {
        bytes = Array(source.utf8)
    }

    mutating func parts() throws(TemplateFault) -> [Template.Part] { try parts(within: nil) }

    /// - Parameter section: the tag that opened what is read now; nil for the whole template.
    private mutating func parts(within section: Tag?) throws(TemplateFault) -> [Template.Part] {
        var parts: [Template.Part] = []
        while let tag = try nextTag() {
            let taken = tag.kind.mayTakeLine ? wholeLine(around: tag.range) ?? tag.range : tag.range
            addText(place..<taken.lowerBound, to: &parts)
            place = taken.upperBound
            switch tag.kind {
            case .value: parts.append(.value(tag.name))
            case .markup: parts.append(.markup(tag.name))
            case .section: parts.append(.section(tag.name, try self.parts(within: tag)))
            case .inverted: parts.append(.inverted(tag.name, try self.parts(within: tag)))
            case .partial: parts.append(.partial(tag.name))
            case .comment: break
            case .end:
                guard let section, section.name == tag.name else {
                    let open = section.map { "{{#\($0.name)}} of line \(line($0.range.lowerBound)) is open" }
                    throw fault(tag.range.lowerBound, "{{/\(tag.name)}}: \(open ?? "no section is open")")
                }
                return parts
            }
        }
        if let section { throw fault(section.range.lowerBound, "{{#\(section.name)}} is never ended") }
        addText(place..<bytes.count, to: &parts)
        place = bytes.count
        return parts
    }

    // MARK: - Tags

    private func nextTag() throws(TemplateFault) -> Tag? {
        guard let open = find("{{", from: place) else { return nil }
        let isMarkup = open + 2 < bytes.count && bytes[open + 2] == UInt8(ascii: "{")
        let closing: StaticString = isMarkup ? "}}}" : "}}"
        let start = open + (isMarkup ? 3 : 2)
        guard let close = find(closing, from: start) else { throw fault(open, "a tag is never closed") }
        let range = open..<close + closing.utf8CodeUnitCount
        if isMarkup { return Tag(kind: .markup, name: try name(start..<close), range: range) }
        guard let kind = Self.kinds[bytes[start]] else {
            return Tag(kind: .value, name: try name(start..<close), range: range)
        }
        return Tag(kind: kind, name: kind == .comment ? "" : try name(start + 1..<close), range: range)
    }

    private static let kinds: [UInt8: Kind] = [
        UInt8(ascii: "#"): .section, UInt8(ascii: "^"): .inverted, UInt8(ascii: "/"): .end,
        UInt8(ascii: ">"): .partial, UInt8(ascii: "!"): .comment,
    ]

    private func name(_ range: Range<Int>) throws(TemplateFault) -> String {
        let name = bytes[range].drop { $0 == UInt8(ascii: " ") }.reversed().drop { $0 == UInt8(ascii: " ") }.reversed()
        let isName = name.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        let text = String(decoding: name, as: UTF8.self)
        guard text == "." || isName && !text.isEmpty else { throw fault(range.lowerBound, "“\(text)” is not a name") }
        return text
    }

    // MARK: - Text

    private func addText(_ range: Range<Int>, to parts: inout [Template.Part]) {
        if !range.isEmpty { parts.append(.text(String(decoding: bytes[range], as: UTF8.self))) }
    }

    /// The line that holds nothing else, its end included; nil where there is more on it.
    private func wholeLine(around tag: Range<Int>) -> Range<Int>? {
        var start = tag.lowerBound
        while start > 0, isBlank(bytes[start - 1]) { start -= 1 }
        guard start == 0 || bytes[start - 1] == UInt8(ascii: "\n") else { return nil }
        var end = tag.upperBound
        while end < bytes.count, isBlank(bytes[end]) { end += 1 }
        if end + 1 < bytes.count, bytes[end] == UInt8(ascii: "\r"), bytes[end + 1] == UInt8(ascii: "\n") { end += 1 }
        guard end == bytes.count || bytes[end] == UInt8(ascii: "\n") else { return nil }
        return start..<min(end + 1, bytes.count)
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    private func find(_ text: StaticString, from start: Int) -> Int? {
        text.withUTF8Buffer { text in
            guard bytes.count >= text.count else { return nil }
            var place = start
            while place <= bytes.count - text.count {
                if bytes[place] == text[0], bytes[place..<place + text.count].elementsEqual(text) { return place }
                place += 1
            }
            return nil
        }
    }

    private func line(_ place: Int) -> Int { bytes[..<place].count { $0 == UInt8(ascii: "\n") } + 1 }

    private func fault(_ place: Int, _ reason: String) -> TemplateFault {
        TemplateFault(line: line(place), reason: reason)
    }
}
