/// Cuts an expression into tokens (cel-spec, langdef "Syntax").
struct ExpressionLexer {
    /// A rule is a sentence: what is longer than this is a mistake or an attack.
    static let maximumLength = 1 << 20

    private let bytes: [UInt8]
    private var position = 0

    static func tokens(of source: String) throws(ExpressionFault) -> [ExpressionToken] {
        var lexer = ExpressionLexer(bytes: Array(source.utf8))
        guard lexer.bytes.count <= maximumLength else {
            throw ExpressionFault(at: 0, zh: "表达式过长", en: "the expression is too long")
        }
        var tokens: [ExpressionToken] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private func byte(_ ahead: Int = 0) -> UInt8? {
        position + ahead < bytes.count ? bytes[position + ahead] : nil
    }

    private mutating func next() throws(ExpressionFault) -> ExpressionToken {
        skipBlanks()
        let start = position
        guard let first = byte() else { return ExpressionToken(kind: .end, span: start..<start) }
        let kind: ExpressionToken.Kind
        if ReservedWord.isDigit(first) || first == UInt8(ascii: ".") && ReservedWord.isDigit(byte(1) ?? 0) {
            kind = try number()
        } else if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
            kind = .text(try text(isRaw: false, from: start))
        } else if ReservedWord.isLetter(first) {
            kind = try word()
        } else {
            kind = .symbol(try symbol())
        }
        return ExpressionToken(kind: kind, span: start..<position)
    }

    private mutating func skipBlanks() {
        while let current = byte() {
            switch current {
            case 0x20, 0x09, 0x0A, 0x0C, 0x0D:
                position += 1
            case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"):
                while let inComment = byte(), inComment != 0x0A { position += 1 }
            default:
                return
            }
        }
    }

    private mutating func symbol() throws(ExpressionFault) -> ExpressionToken.Symbol {
        for length in [2, 1] where position + length <= bytes.count {
            let text = String(decoding: bytes[position..<position + length], as: UTF8.self)
            if let symbol = ExpressionToken.Symbol(rawValue: text) {
                position += length
                return symbol
            }
        }
        let rest = String(decoding: bytes[position...].prefix(4), as: UTF8.self)
        let shown = rest.unicodeScalars.first.map { String($0) } ?? ""
        switch shown {
        case "=":
            throw ExpressionFault(at: position, zh: "单个 = 不是运算符，相等写作 ==", en: "a single = is no operator; write ==")
        case "&", "|":
            throw ExpressionFault(
                at: position, zh: "单个 \(shown) 不是运算符，应写 \(shown)\(shown)",
                en: "a single \(shown) is no operator; write \(shown)\(shown)")
        default:
            throw ExpressionFault(
                at: position, zh: "此处不应有字符“\(shown)”", en: "unexpected character '\(shown)'")
        }
    }

    private mutating func word() throws(ExpressionFault) -> ExpressionToken.Kind {
        let start = position
        while let current = byte(), ReservedWord.isLetter(current) || ReservedWord.isDigit(current) { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        if byte() == UInt8(ascii: "\"") || byte() == UInt8(ascii: "'") {
            switch word {
            case "r", "R":
                return .text(try text(isRaw: true, from: start))
            case "b", "B", "br", "bR", "Br", "BR", "rb", "rB", "Rb", "RB":
                throw ExpressionFault(at: start, zh: "不支持字节串", en: "byte strings are not supported")
            default:
                break
            }
        }
        return .identifier(word)
    }

    // MARK: Numbers

    private mutating func digits() {
        while let current = byte(), ReservedWord.isDigit(current) { position += 1 }
    }

    private mutating func number() throws(ExpressionFault) -> ExpressionToken.Kind {
        let start = position
        if byte() == UInt8(ascii: "0"), byte(1) == UInt8(ascii: "x") {
            position += 2
            while let current = byte(), isHexDigit(current) { position += 1 }
            return try integer(bytes[(start + 2)..<position], radix: 16, from: start)
        }
        digits()
        var isDouble = false
        if byte() == UInt8(ascii: "."), ReservedWord.isDigit(byte(1) ?? 0) {
            isDouble = true
            position += 1
            digits()
        }
        if let mark = byte(), mark | 0x20 == UInt8(ascii: "e") {
            let sign = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-") ? 1 : 0
            if ReservedWord.isDigit(byte(1 + sign) ?? 0) {
                isDouble = true
                position += 1 + sign
                digits()
            }
        }
        guard isDouble else { return try integer(bytes[start..<position], radix: 10, from: start) }
        guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite else {
            throw ExpressionFault(at: start, zh: "小数超出范围", en: "the double is out of range")
        }
        return .double(value)
    }

    private func integer(
        _ digits: ArraySlice<UInt8>, radix: Int, from start: Int
    ) throws(ExpressionFault) -> ExpressionToken.Kind {
        if byte() == UInt8(ascii: "u") || byte() == UInt8(ascii: "U") {
            throw ExpressionFault(at: start, zh: "不支持无符号整数", en: "unsigned integers are not supported")
        }
        guard !digits.isEmpty else {
            throw ExpressionFault(at: start, zh: "0x 之后应有十六进制数字", en: "0x needs hexadecimal digits")
        }
        guard let value = UInt64(String(decoding: digits, as: UTF8.self), radix: radix), value <= 1 << 63 else {
            throw ExpressionFault(at: start, zh: "整数超出 64 位范围", en: "the integer is out of range")
        }
        return .integer(value)
    }

    private func isHexDigit(_ byte: UInt8) -> Bool {
        ReservedWord.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }

    // MARK: Strings

    private mutating func text(isRaw: Bool, from start: Int) throws(ExpressionFault) -> String {
        let quote = bytes[position]
        let isTriple = byte(1) == quote && byte(2) == quote
        position += isTriple ? 3 : 1
        var decoded: [UInt8] = []
        while let current = byte() {
            if current == quote, !isTriple || byte(1) == quote && byte(2) == quote {
                position += isTriple ? 3 : 1
                return String(decoding: decoded, as: UTF8.self)
            }
            if !isTriple, current == 0x0A || current == 0x0D { break }
            if current == UInt8(ascii: "\\"), !isRaw {
                decoded.append(contentsOf: String(try escape()).utf8)
            } else {
                decoded.append(current)
                position += 1
            }
        }
        throw ExpressionFault(at: start, zh: "字符串没有结束引号", en: "the string has no closing quote")
    }

    private mutating func escape() throws(ExpressionFault) -> Unicode.Scalar {
        let start = position
        guard let letter = byte(1) else {
            throw ExpressionFault(at: start, zh: "转义序列不完整", en: "the escape sequence is incomplete")
        }
        position += 2
        switch letter {
        case UInt8(ascii: "a"): return "\u{07}"
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "v"): return "\u{0B}"
        case UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"):
            return Unicode.Scalar(letter)
        case UInt8(ascii: "x"), UInt8(ascii: "X"): return try codePoint(digits: 2, radix: 16, from: start)
        case UInt8(ascii: "u"): return try codePoint(digits: 4, radix: 16, from: start)
        case UInt8(ascii: "U"): return try codePoint(digits: 8, radix: 16, from: start)
        case UInt8(ascii: "0")...UInt8(ascii: "3"):
            position -= 1
            return try codePoint(digits: 3, radix: 8, from: start)
        default:
            throw ExpressionFault(at: start, zh: "未知的转义序列", en: "unknown escape sequence")
        }
    }

    private mutating func codePoint(digits: Int, radix: Int, from start: Int) throws(ExpressionFault) -> Unicode.Scalar
    {
        let slice = bytes[position..<min(position + digits, bytes.count)]
        guard slice.count == digits, slice.allSatisfy({ radix == 16 ? isHexDigit($0) : (0x30...0x37).contains($0) }),
            let value = UInt32(String(decoding: slice, as: UTF8.self), radix: radix),
            let scalar = Unicode.Scalar(value)
        else {
            throw ExpressionFault(at: start, zh: "转义序列不是有效字符", en: "the escape sequence is no valid character")
        }
        position += digits
        return scalar
    }
}
