import Yams

/// The text of a rules file by lines, to find the place in it of what YAML has read from it.
struct RuleFileSource {
    typealias Place = (line: Int, column: Int)

    /// Without a byte order mark.
    let text: String
    private let lines: [[Unicode.Scalar]]

    init(_ yaml: String) {
        var scalars = Substring(yaml).unicodeScalars
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        text = String(scalars)
        var lines: [[Unicode.Scalar]] = [[]]
        var previous: Unicode.Scalar?
        for scalar in scalars {
            switch scalar {
            case "\n" where previous == "\r":
                break
            // The line breaks of YAML 1.1 §4.2, by which libyaml counts.
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
                lines.append([])
            default:
                lines[lines.count - 1].append(scalar)
            }
            previous = scalar
        }
        self.lines = lines
    }

    func line(_ number: Int) -> String {
        guard lines.indices.contains(number - 1) else { return "" }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: lines[number - 1])
        return String(text)
    }

    /// The place of the n-th `Character` of the text.
    func place(ofCharacter offset: Int) -> Place {
        let prefix = text.prefix(offset)
        var line = 1
        var column = 1
        for character in prefix {
            if character.isNewline {
                line += 1
                column = 1
            } else {
                column += character.unicodeScalars.count
            }
        }
        return (line, column)
    }

    /// Where a key stands for the second time; its first place where that cannot be told.
    func repetition(of key: String, from first: Place) -> Place {
        let key = Array(key.unicodeScalars)
        var (line, column) = (first.line - 1, first.column - 1 + max(1, key.count))
        while line < lines.count {
            while column < lines[line].count {
                if isKey(key, lines[line], column) { return (line + 1, column + 1) }
                column += 1
            }
            line += 1
            column = 0
        }
        return first
    }

    /// Whether the key, quoted or not, begins there: nothing of a word before it, a colon behind it.
    private func isKey(_ key: [Unicode.Scalar], _ line: [Unicode.Scalar], _ start: Int) -> Bool {
        if start > 0, !" \t{,?".unicodeScalars.contains(line[start - 1]) { return false }
        if let before = line[..<start].last(where: { $0 != " " && $0 != "\t" }) {
            guard "{,?-".unicodeScalars.contains(before) else { return false }
        }
        var index = start
        let quote = line[index] == "\"" || line[index] == "'" ? line[index] : nil
        if quote != nil { index += 1 }
        guard line.count >= index + key.count, Array(line[index..<index + key.count]) == key else { return false }
        index += key.count
        if let quote {
            guard index < line.count, line[index] == quote else { return false }
            index += 1
        }
        while index < line.count, line[index] == " " { index += 1 }
        return index < line.count && line[index] == ":"
    }

    // MARK: Inside a scalar

    /// The place in the file of a place in a scalar's value, given in UTF-8 bytes.
    ///
    /// The scalar is read again from its mark: characters that are not white space are found one by one, through
    /// quotes, escapes, line folding and indentation, which only add white space and marks of their own. Where the two
    /// do not agree, the scalar's own place is told.
    func place(in scalar: Node.Scalar, offset: Int) -> Place {
        guard let mark = scalar.mark else { return (1, 1) }
        var cursor = ScalarCursor(lines: lines, line: mark.line - 1, column: mark.column - 1, style: scalar.style)
        cursor.open()
        let start = cursor.place
        var consumed = 0
        for character in scalar.string.unicodeScalars {
            guard consumed < offset else { break }
            consumed += String(character).utf8.count
            guard cursor.pass(character) else { return start }
        }
        let rest = scalar.string.utf8.dropFirst(offset).first
        if let rest, !ScalarCursor.isBlank(Unicode.Scalar(rest)) { cursor.skipBlanks() }
        return cursor.place
    }
}

/// Walks over a scalar as the file has it, beside its value.
private struct ScalarCursor {
    let lines: [[Unicode.Scalar]]
    private(set) var line: Int
    private(set) var column: Int
    let style: Node.Scalar.Style

    init(lines: [[Unicode.Scalar]], line: Int, column: Int, style: Node.Scalar.Style) {
        self.lines = lines
        self.line = line
        self.column = column
        self.style = style
    }

    static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
    }

    var place: RuleFileSource.Place { (line + 1, column + 1) }

    private var current: Unicode.Scalar? {
        lines.indices.contains(line) && column < lines[line].count ? lines[line][column] : nil
    }

    private var hasMore: Bool { line + 1 < lines.count }

    /// Goes to the scalar's first character: behind an anchor or a tag, the quote, or a block's header line.
    mutating func open() {
        while let mark = current, mark == "&" || mark == "!" {
            while let inside = current, !Self.isBlank(inside) { column += 1 }
            skipBlanks()
        }
        switch style {
        case .singleQuoted, .doubleQuoted:
            column += 1
        case .literal, .folded:
            if hasMore { (line, column) = (line + 1, 0) }
            skipBlanks()
        case .plain, .any:
            break
        }
    }

    mutating func skipBlanks() {
        while true {
            if let blank = current {
                if style == .doubleQuoted, blank == "\\", column + 1 == lines[line].count, hasMore {
                    (line, column) = (line + 1, 0)
                } else if Self.isBlank(blank) {
                    column += 1
                } else {
                    return
                }
            } else if hasMore {
                (line, column) = (line + 1, 0)
            } else {
                return
            }
        }
    }

    /// Goes behind one character of the value; false where the file has another there.
    mutating func pass(_ character: Unicode.Scalar) -> Bool {
        if Self.isBlank(character) {
            // A folded line end stays where it is until the next character is looked for.
            if let blank = current, Self.isBlank(blank) {
                column += 1
            } else if style == .doubleQuoted, let length = escapeLength(for: character) {
                column += length
            }
            return true
        }
        skipBlanks()
        switch style {
        case .singleQuoted where character == "'":
            guard current == "'" else { return false }
            column += 2
            return true
        case .doubleQuoted where current == "\\":
            return passEscape(character)
        default:
            guard current == character else { return false }
            column += 1
            return true
        }
    }

    private mutating func passEscape(_ character: Unicode.Scalar) -> Bool {
        guard let length = escapeLength(for: character) else { return false }
        column += length
        return true
    }

    /// The length of the escape at the cursor if it may stand for the character.
    private func escapeLength(for character: Unicode.Scalar) -> Int? {
        guard current == "\\", column + 1 < lines[line].count else { return nil }
        let letter = lines[line][column + 1]
        let digits: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]
        guard let count = digits[letter] else {
            let isWhite = letter == "n" || letter == "t" || letter == "r" || letter == " " || letter == "\t"
            return isWhite == Self.isBlank(character) ? 2 : nil
        }
        guard column + 2 + count <= lines[line].count else { return nil }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: lines[line][column + 2..<column + 2 + count])
        return UInt32(String(text), radix: 16) == character.value ? 2 + count : nil
    }
}
