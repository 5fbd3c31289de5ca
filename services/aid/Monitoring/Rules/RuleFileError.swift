import SocialDomain

/// One thing that is wrong in a rules file, and where.
struct RuleFault: Hashable, Sendable {
    let file: String
    /// From 1.
    let line: Int
    /// From 1, in characters.
    let column: Int
    let message: LocalizedText
    let sourceLine: String
}

/// Why a rules file is refused: one fault or more, in the file's order.
struct RuleFileError: Error, CustomStringConvertible, Sendable {
    let file: String
    let faults: [RuleFault]

    var description: String { rendered { $0.en } }

    /// Each fault as `file:line:column: message`, its line and a caret under the place, in the language that is picked.
    func rendered(in language: (LocalizedText) -> String) -> String {
        faults.map { $0.rendered(in: language) }.joined(separator: "\n")
    }
}

extension RuleFault {
    /// Characters of the line shown on either side of the place.
    private static let reach = 70

    func rendered(in language: (LocalizedText) -> String) -> String {
        let characters = Array(sourceLine.unicodeScalars)
        let place = min(max(0, column - 1), characters.count)
        let first = place > Self.reach * 3 / 2 ? place - Self.reach : 0
        let end = characters.count > place + Self.reach * 3 / 2 ? place + Self.reach : characters.count
        var shown = first > 0 ? "…" : ""
        var blank = first > 0 ? " " : ""
        for (index, scalar) in characters[first..<end].enumerated() {
            shown.unicodeScalars.append(scalar)
            if first + index < place { blank.unicodeScalars.append(Self.blank(under: scalar)) }
        }
        if end < characters.count { shown += "…" }
        return "\(file):\(line):\(column): \(language(message))\n\(shown)\n\(blank)^"
    }

    /// A blank as wide as the character: terminals give Chinese two columns, and U+3000 is a blank of two.
    private static func blank(under scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x09: "\t"
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
            "\u{3000}"
        default: " "
        }
    }
}
