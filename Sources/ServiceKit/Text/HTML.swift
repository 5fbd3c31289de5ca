/// Escaping for the pieces of HTML that code writes itself: charts and tables.
package enum HTML {
    package static func escaped(_ text: some StringProtocol) -> String {
        var escaped = ""
        add(text, to: &escaped)
        return escaped
    }

    /// Most texts hold nothing to escape and are taken as they are.
    static func add(_ text: some StringProtocol, to html: inout String) {
        guard text.utf8.contains(where: isMarkup) else {
            html += text
            return
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "\"": html += "&quot;"
            case "'": html += "&#39;"
            default: html.unicodeScalars.append(scalar)
            }
        }
    }

    private static func isMarkup(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
        default: false
        }
    }
}
