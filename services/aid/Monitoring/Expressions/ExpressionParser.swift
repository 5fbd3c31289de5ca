/// Reads an expression by CEL's grammar (cel-spec, langdef "Syntax").
///
/// The depth of the tree is bounded, so that nothing behind the parser can run out of stack.
struct ExpressionParser {
    /// Levels of parentheses, calls, lists and `?:` inside one another.
    static let maximumNesting = 100
    /// Levels of the tree; a chain of `+` takes one for each term, a chain of `&&` one in all.
    static let maximumDepth = 250

    private typealias Index = ExpressionSyntax.Index
    private typealias Symbol = ExpressionToken.Symbol

    private let tokens: [ExpressionToken]
    private var position = 0
    private var nesting = 0
    private var syntax: ExpressionSyntax

    static func parse(_ source: String) throws(ExpressionFault) -> ExpressionSyntax {
        var parser = ExpressionParser(
            tokens: try ExpressionLexer.tokens(of: source), syntax: ExpressionSyntax(source: source))
        if parser.current.kind == .end {
            throw ExpressionFault(at: 0, zh: "表达式为空", en: "the expression is empty")
        }
        parser.syntax.root = try parser.expression()
        guard parser.current.kind == .end else { throw parser.unexpected() }
        return parser.syntax
    }

    private init(tokens: [ExpressionToken], syntax: ExpressionSyntax) {
        self.tokens = tokens
        self.syntax = syntax
    }

    // MARK: Tokens

    private var current: ExpressionToken { tokens[position] }

    private func sees(_ symbol: Symbol) -> Bool { current.kind == .symbol(symbol) }

    private mutating func takes(_ symbol: Symbol) -> Bool {
        guard sees(symbol) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ symbol: Symbol) throws(ExpressionFault) {
        if !takes(symbol) { throw unexpected(instead: symbol) }
    }

    private func unexpected(instead wanted: Symbol? = nil) -> ExpressionFault {
        let wish = wanted.map { (zh: "，应为“\($0.rawValue)”", en: "; expected '\($0.rawValue)'") } ?? (zh: "", en: "")
        if current.kind == .end {
            return ExpressionFault(
                at: current.span.lowerBound, zh: "表达式不完整\(wish.zh)", en: "the expression ends too soon\(wish.en)")
        }
        var text = syntax.text(in: current.span)
        if text.count > 40 { text = text.prefix(40) + "…" }
        return ExpressionFault(
            at: current.span.lowerBound, zh: "此处不应有“\(text)”\(wish.zh)", en: "unexpected '\(text)'\(wish.en)")
    }

    // MARK: Nodes

    private mutating func add(
        _ kind: ExpressionSyntax.Kind, _ span: Range<Int>, at place: Int? = nil
    ) throws(ExpressionFault) -> Index {
        var depth = 1
        for child in kind.children { depth = max(depth, syntax[child].depth + 1) }
        let place = place ?? span.lowerBound
        if depth > Self.maximumDepth { throw tooDeep(at: place) }
        syntax.nodes.append(ExpressionSyntax.Node(kind: kind, span: span, place: place, depth: depth))
        return syntax.nodes.count - 1
    }

    private func tooDeep(at place: Int) -> ExpressionFault {
        ExpressionFault(
            at: place, zh: "表达式嵌套过深（至多 \(Self.maximumNesting) 层括号、\(Self.maximumDepth) 层运算）",
            en: "the expression is too deep (at most \(Self.maximumNesting) levels of nesting and "
                + "\(Self.maximumDepth) operators in a chain)")
    }

    /// From the start of one node to the end of the last token taken.
    private func span(from start: Int) -> Range<Int> {
        start..<max(start, tokens[max(0, position - 1)].span.upperBound)
    }

    // MARK: Grammar

    private mutating func expression() throws(ExpressionFault) -> Index {
        nesting += 1
        defer { nesting -= 1 }
        if nesting > Self.maximumNesting { throw tooDeep(at: current.span.lowerBound) }
        let start = current.span.lowerBound
        let condition = try disjunction()
        let place = current.span.lowerBound
        guard takes(.question) else { return condition }
        let first = try disjunction()
        try expect(.colon)
        let second = try expression()
        return try add(.choice(condition, first, second), span(from: start), at: place)
    }

    private mutating func disjunction() throws(ExpressionFault) -> Index {
        let start = current.span.lowerBound
        let first = try conjunction()
        guard sees(.or) else { return first }
        let place = current.span.lowerBound
        var operands = [first]
        while takes(.or) { operands.append(try conjunction()) }
        return try add(.any(operands), span(from: start), at: place)
    }

    private mutating func conjunction() throws(ExpressionFault) -> Index {
        let start = current.span.lowerBound
        let first = try relation()
        guard sees(.and) else { return first }
        let place = current.span.lowerBound
        var operands = [first]
        while takes(.and) { operands.append(try relation()) }
        return try add(.all(operands), span(from: start), at: place)
    }

    private var comparison: ExpressionSyntax.Comparison? {
        switch current.kind {
        case .symbol(let symbol): ExpressionSyntax.Comparison(rawValue: symbol.rawValue)
        case .identifier("in"): .isIn
        default: nil
        }
    }

    private mutating func relation() throws(ExpressionFault) -> Index {
        let start = current.span.lowerBound
        var left = try sum()
        while let comparison {
            let place = current.span.lowerBound
            position += 1
            let right = try sum()
            left = try add(.comparison(comparison, left, right), span(from: start), at: place)
        }
        return left
    }

    private mutating func sum() throws(ExpressionFault) -> Index {
        let start = current.span.lowerBound
        var left = try product()
        while sees(.plus) || sees(.minus) {
            let place = current.span.lowerBound
            let operation: ExpressionSyntax.Arithmetic = sees(.plus) ? .plus : .minus
            position += 1
            let right = try product()
            left = try add(.arithmetic(operation, left, right), span(from: start), at: place)
        }
        return left
    }

    private mutating func product() throws(ExpressionFault) -> Index {
        let start = current.span.lowerBound
        var left = try unary()
        while sees(.times) || sees(.over) || sees(.modulo) {
            let place = current.span.lowerBound
            let operation: ExpressionSyntax.Arithmetic = sees(.times) ? .times : sees(.over) ? .over : .modulo
            position += 1
            let right = try unary()
            left = try add(.arithmetic(operation, left, right), span(from: start), at: place)
        }
        return left
    }

    private mutating func unary() throws(ExpressionFault) -> Index {
        let start = current.span.lowerBound
        if sees(.not) {
            var count = 0
            while takes(.not) { count += 1 }
            let operand = try member()
            // Two negations say what none says, so that a chain of any length stays flat.
            var result = try add(.not(operand), span(from: start), at: start)
            if count % 2 == 0 { result = try add(.not(result), span(from: start), at: start) }
            return result
        }
        guard sees(.minus) else { return try member() }
        var count = 0
        while takes(.minus) { count += 1 }
        var result: Index
        switch current.kind {
        case .integer, .double:
            // The sign next to a number belongs to the literal: -9223372036854775808 is one.
            count -= 1
            result = try member(isNegative: true)
        default:
            result = try member()
        }
        // -(-x) is not x where x is the least int: it fails. More than two fail where two do.
        let negations = count == 0 ? 0 : count % 2 == 0 ? 2 : 1
        for _ in 0..<negations { result = try add(.negate(result), span(from: start), at: start) }
        return result
    }

    private mutating func member(isNegative: Bool = false) throws(ExpressionFault) -> Index {
        let start = isNegative ? tokens[position - 1].span.lowerBound : current.span.lowerBound
        var result = try primary(isNegative: isNegative, from: start)
        while true {
            if sees(.leftBracket) {
                throw ExpressionFault(
                    at: current.span.lowerBound, zh: "不支持下标 []", en: "indexing with [] is not supported")
            }
            if sees(.leftBrace) { throw braces() }
            guard takes(.dot) else { return result }
            guard case .identifier(let name) = current.kind, !["true", "false", "null", "in"].contains(name) else {
                throw unexpected()
            }
            let place = current.span.lowerBound
            position += 1
            if takes(.leftParenthesis) {
                let arguments = try list(until: .rightParenthesis)
                result = try add(
                    .call(name, target: result, arguments: arguments), span(from: start), at: place)
            } else {
                result = try add(.field(of: result, name), span(from: start), at: place)
            }
        }
    }

    private func braces() -> ExpressionFault {
        ExpressionFault(
            at: current.span.lowerBound, zh: "不支持映射和消息 {}", en: "maps and messages in {} are not supported")
    }

    private mutating func primary(isNegative: Bool, from start: Int) throws(ExpressionFault) -> Index {
        let token = current
        switch token.kind {
        case .integer(let magnitude):
            position += 1
            guard isNegative || magnitude < 1 << 63 else {
                throw ExpressionFault(at: start, zh: "整数超出 64 位范围", en: "the integer is out of range")
            }
            let bits = isNegative ? 0 &- magnitude : magnitude
            return try add(.int(Int64(bitPattern: bits)), span(from: start))
        case .double(let value):
            position += 1
            return try add(.double(isNegative ? -value : value), span(from: start))
        case .text(let value):
            position += 1
            return try add(.text(value), token.span)
        case .symbol(.leftParenthesis):
            position += 1
            let inner = try expression()
            try expect(.rightParenthesis)
            return inner
        case .symbol(.leftBracket):
            position += 1
            let elements = try list(until: .rightBracket)
            return try add(.list(elements), span(from: start))
        case .symbol(.leftBrace):
            throw braces()
        case .symbol(.dot):
            // `.name` is the name looked up from the root, where all of ours stand.
            position += 1
            guard case .identifier(let name) = current.kind, !["true", "false", "null"].contains(name) else {
                throw unexpected()
            }
            return try identifier(from: start)
        case .identifier:
            return try identifier(from: start)
        default:
            throw unexpected()
        }
    }

    private mutating func identifier(from start: Int) throws(ExpressionFault) -> Index {
        guard case .identifier(let name) = current.kind else { throw unexpected() }
        let place = current.span.lowerBound
        if name == "in" { throw unexpected() }
        position += 1
        switch name {
        case "true": return try add(.bool(true), span(from: start))
        case "false": return try add(.bool(false), span(from: start))
        case "null": return try add(.null, span(from: start))
        default: break
        }
        if ReservedWord.all.contains(name) {
            throw ExpressionFault(at: place, zh: "“\(name)”是保留字", en: "'\(name)' is a reserved word")
        }
        if takes(.leftParenthesis) {
            let arguments = try list(until: .rightParenthesis)
            return try add(.call(name, target: nil, arguments: arguments), span(from: start), at: place)
        }
        return try add(.name(name), span(from: start), at: place)
    }

    /// The elements of a list, or the arguments of a call; CEL allows a comma at the end of a list only.
    private mutating func list(until end: Symbol) throws(ExpressionFault) -> [Index] {
        var elements: [Index] = []
        if takes(end) { return elements }
        if end == .rightBracket, sees(.comma) {
            position += 1
            try expect(end)
            return elements
        }
        while true {
            elements.append(try expression())
            if takes(end) { return elements }
            guard takes(.comma) else { throw unexpected(instead: end) }
            if end == .rightBracket, takes(end) { return elements }
        }
    }
}
