/// Writes CSV by RFC 4180 into memory, with quotes only where they are needed.
///
///     var writer = CSVWriter(forPeople: true, lineEnd: .crlf, hasByteOrderMark: true)
///     writer.append([.text("姓名"), .text("金额")])
///     try file.write(writer.takeBytes())
package struct CSVWriter: Sendable {
    package enum LineEnd: Sendable {
        case lf
        case crlf
    }

    /// What has been written and not yet taken.
    package private(set) var bytes: [UInt8] = []
    private let lineEnd: LineEnd
    private let forPeople: Bool

    /// - Parameters:
    ///   - forPeople: Puts an apostrophe before text cells that a spreadsheet would take for a formula. Files that
    ///     programs read back, such as rejects, are written without.
    ///   - hasByteOrderMark: By which Excel knows UTF-8.
    package init(forPeople: Bool = false, lineEnd: LineEnd = .lf, hasByteOrderMark: Bool = false) {
        self.forPeople = forPeople
        self.lineEnd = lineEnd
        if hasByteOrderMark { bytes = [0xEF, 0xBB, 0xBF] }
    }

    package mutating func append(_ row: [TableValue]) {
        for (index, value) in row.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            if case .text(let text) = value {
                appendText(text, isAlone: row.count == 1)
            } else {
                appendField(value.plainText, isAlone: row.count == 1)
            }
        }
        endLine()
    }

    package mutating func append(_ row: [String]) {
        for (index, text) in row.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            appendText(text, isAlone: row.count == 1)
        }
        endLine()
    }

    /// Hands over what has been written since the last time, for files larger than memory should hold.
    package mutating func takeBytes() -> [UInt8] {
        defer { bytes.removeAll() }
        return bytes
    }

    /// Whether a spreadsheet may take a text for a formula or a command: one that begins with = + - @, in their full
    /// width too, with a tab or a line end.
    package static func looksLikeFormula(_ text: String) -> Bool {
        switch text.unicodeScalars.first {
        case "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": true
        default: false
        }
    }

    private mutating func appendText(_ text: String, isAlone: Bool) {
        if forPeople, Self.looksLikeFormula(text) {
            appendField("'" + text, isAlone: isAlone)
        } else {
            appendField(text, isAlone: isAlone)
        }
    }

    private mutating func appendField(_ text: String, isAlone: Bool) {
        let needsQuotes =
            text.utf8.contains { byte in
                switch byte {
                case UInt8(ascii: ","), UInt8(ascii: "\""), 0x0A, 0x0D: true
                default: false
                }
            }
            // Alone on its line, white space would read as no row at all.
            || isAlone && text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
            // At the file's start it would read as a byte order mark.
            || bytes.isEmpty && text.unicodeScalars.first == "\u{FEFF}"
        guard needsQuotes else {
            bytes.append(contentsOf: text.utf8)
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func endLine() {
        if lineEnd == .crlf { bytes.append(0x0D) }
        bytes.append(0x0A)
    }
}
