/// JSON in a given order, and safe inside a page: `<`, `>` and `&` are written as escapes, so that no text ends the
/// element that it stands in.
enum JSONText {
    static func quoted(_ words: String) -> String {
        var text = "\""
        for scalar in words.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\0"..."\u{1F}", "<", ">", "&", "\u{7F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }

    /// Members whose value is nil are left out; values are JSON already.
    static func object(_ members: [(name: String, value: String?)]) -> String {
        "{" + members.compactMap { name, value in value.map { quoted(name) + ":" + $0 } }.joined(separator: ",") + "}"
    }

    static func list(_ values: [String]) -> String { "[" + values.joined(separator: ",") + "]" }

    /// Nil for no words, so that the member is left out.
    static func words(_ text: String) -> String? { text.isEmpty ? nil : quoted(text) }

    static func list(ofWords texts: [String]) -> String? { texts.isEmpty ? nil : list(texts.map(quoted)) }
}
