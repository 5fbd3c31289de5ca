/// A word of the Common Expression Language.
struct ExpressionToken: Sendable {
    enum Kind: Hashable, Sendable {
        /// The digits' value; the sign is the parser's.
        case integer(UInt64)
        case double(Double)
        case text(String)
        case identifier(String)
        case symbol(Symbol)
        case end
    }

    enum Symbol: String, Sendable {
        case leftParenthesis = "("
        case rightParenthesis = ")"
        case leftBracket = "["
        case rightBracket = "]"
        case leftBrace = "{"
        case rightBrace = "}"
        case dot = "."
        case comma = ","
        case question = "?"
        case colon = ":"
        case not = "!"
        case minus = "-"
        case plus = "+"
        case times = "*"
        case over = "/"
        case modulo = "%"
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case equal = "=="
        case notEqual = "!="
        case and = "&&"
        case or = "||"
    }

    let kind: Kind
    /// In UTF-8 bytes of the expression.
    let span: Range<Int>
}

/// Words that name nothing in CEL (cel-spec, langdef "Syntax": IDENT excludes RESERVED).
enum ReservedWord {
    static let all: Set<String> = [
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import",
        "let", "loop", "package", "namespace", "return", "var", "void", "while",
    ]

    /// Whether a rule may be called so: a CEL identifier that is not reserved.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first), !all.contains(text) else { return false }
        return text.utf8.allSatisfy { isLetter($0) || isDigit($0) }
    }

    static func isLetter(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) && byte < 0x80
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
