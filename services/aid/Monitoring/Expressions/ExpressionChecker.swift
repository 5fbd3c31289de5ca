import SocialDomain

/// Resolves an expression's names and checks its types, node by node, children first.
struct ExpressionChecker {
    private typealias Index = ExpressionSyntax.Index

    private let syntax: ExpressionSyntax
    private let scope: ExpressionScope
    private var checked: CheckedExpression
    private var named: Set<Int> = []

    /// The checked expression, whose result is a bool.
    static func check(_ source: String, in scope: ExpressionScope) throws(ExpressionFault) -> CheckedExpression {
        let syntax = try ExpressionParser.parse(source)
        var checker = ExpressionChecker(syntax: syntax, scope: scope, checked: CheckedExpression(syntax: syntax))
        let stranger = checker.firstUnknownFunction()
        do throws(ExpressionFault) {
            for index in syntax.nodes.indices {
                let (type, mayFail) = try checker.type(of: index)
                checker.checked.types.append(type)
                checker.checked.mayFail.append(mayFail)
            }
        } catch {
            // The arguments of `exists(x, …)` are wrong only because nobody knows `exists`.
            if let stranger, stranger.offset < error.offset { throw stranger }
            throw error
        }
        let result = try checker.value(syntax.root)
        guard result.base == .bool else {
            throw ExpressionFault(
                at: syntax[syntax.root].place, zh: "结果应为 bool，这里是 \(result.title)",
                en: "the result has to be a bool; this is \(result.title)")
        }
        return checker.checked
    }

    private init(syntax: ExpressionSyntax, scope: ExpressionScope, checked: CheckedExpression) {
        self.syntax = syntax
        self.scope = scope
        self.checked = checked
    }

    // MARK: Nodes

    private mutating func type(of index: Index) throws(ExpressionFault) -> (ValueType, mayFail: Bool) {
        switch syntax[index].kind {
        case .int: return (.int, false)
        case .double: return (.double, false)
        case .text: return (.text, false)
        case .bool: return (.bool, false)
        case .null: return (ValueType(base: .null, isNullable: true), false)
        case .name(let name): return (try resolve(name, at: index), false)
        case .field(let target, let name): return (try field(name, of: target, at: index), false)
        case .list(let elements): return try list(elements, at: index)
        case .not(let operand):
            try require(.bool, operand, for: "!", at: index)
            return (.bool, fails(operand))
        case .negate(let operand):
            let type = try value(operand)
            guard type.base == .int || type.base == .double else {
                throw noOverload("-", [type], at: index)
            }
            return (ValueType(base: type.base), type.base == .int || fails(operand))
        case .arithmetic(let operation, let left, let right):
            return try arithmetic(operation, left, right, at: index)
        case .comparison(let comparison, let left, let right):
            return try compare(comparison, left, right, at: index)
        case .all(let operands):
            for operand in operands { try require(.bool, operand, for: "&&", at: index) }
            return (.bool, operands.contains { fails($0) })
        case .any(let operands):
            for operand in operands { try require(.bool, operand, for: "||", at: index) }
            return (.bool, operands.contains { fails($0) })
        case .choice(let condition, let first, let second):
            return try choice(condition, first, second, at: index)
        case .call(let name, let target, let arguments):
            return try call(name, target, arguments, at: index)
        }
    }

    /// The type of a node that is used as a value.
    private func value(_ index: Index) throws(ExpressionFault) -> ValueType {
        let type = checked.types[index]
        guard type.base != .group else {
            let name = syntax.text(of: index)
            throw ExpressionFault(
                at: syntax[index].place, zh: "“\(name)”不是值，应写 \(name).字段名",
                en: "'\(name)' is no value; write \(name).FIELD")
        }
        return type
    }

    /// Whether the node can fail where a value that is present is needed.
    private func fails(_ index: Index) -> Bool {
        checked.mayFail[index] || checked.types[index].isNullable
    }

    private func require(_ base: ValueType.Base, _ operand: Index, for operation: String, at index: Index)
        throws(ExpressionFault)
    {
        let type = try value(operand)
        guard type.base == base else {
            let wanted = ValueType(base: base).title
            throw ExpressionFault(
                at: syntax[operand].place, zh: "\(operation) 需要 \(wanted)，这里是 \(type.title)",
                en: "\(operation) takes a \(wanted); this is \(type.title)")
        }
    }

    private func noOverload(_ operation: String, _ types: [ValueType], at index: Index) -> ExpressionFault {
        let numbers = Set(types.map(\.base)) == [.int, .double]
        let list = types.map(\.title)
        return ExpressionFault(
            at: syntax[index].place,
            zh: "\(operation) 不能用于 \(list.joined(separator: " 与 "))\(numbers ? "，可用 double() 或 int() 转换" : "")",
            en: "\(operation) does not take \(list.joined(separator: " and "))"
                + (numbers ? "; convert with double() or int()" : ""))
    }

    // MARK: Names

    private mutating func resolve(_ name: String, at index: Index) throws(ExpressionFault) -> ValueType {
        if let variable = scope.variables[name] { return use(variable, as: name, at: index) }
        if scope.groups[name] != nil { return ValueType(base: .group) }
        let place = syntax[index].place
        if let reason = scope.elsewhere[name] { throw ExpressionFault(at: place, zh: reason.zh, en: reason.en) }
        let near = Spelling.nearest(to: name, among: Array(scope.variables.keys) + Array(scope.groups.keys))
        throw unknown(name, near: near, at: place, isEcho: scope.broken.contains(name))
    }

    private mutating func field(_ name: String, of target: Index, at index: Index) throws(ExpressionFault) -> ValueType
    {
        guard case .name(let root) = syntax[target].kind, let group = scope.groups[root],
            checked.types[target].base == .group
        else {
            let type = try value(target)
            throw ExpressionFault(
                at: syntax[index].place, zh: "\(type.title) 没有字段“\(name)”",
                en: "a value of type \(type.title) has no field '\(name)'")
        }
        if let variable = group.variables[name] { return use(variable, as: "\(root).\(name)", at: index) }
        let near = Spelling.nearest(to: name, among: Array(group.variables.keys)).map { "\(root).\($0)" }
        throw unknown(
            "\(root).\(name)", near: near, at: syntax[index].place, isEcho: group.broken.contains(name))
    }

    private mutating func use(_ variable: ExpressionScope.Variable, as name: String, at index: Index) -> ValueType {
        checked.variables[index] = variable
        if named.insert(variable.slot).inserted { checked.names.append((name, variable.slot)) }
        return variable.type
    }

    private func unknown(_ name: String, near: String?, at place: Int, isEcho: Bool) -> ExpressionFault {
        let hint = near.map { (zh: "，是否为 \($0)？", en: "; did you mean \($0)?") } ?? (zh: "", en: "")
        return ExpressionFault(
            at: place, zh: "未知的名称“\(name)”\(hint.zh)", en: "unknown name '\(name)'\(hint.en)", isEcho: isEcho)
    }

    // MARK: Operators

    private func arithmetic(_ operation: ExpressionSyntax.Arithmetic, _ left: Index, _ right: Index, at index: Index)
        throws(ExpressionFault) -> (ValueType, mayFail: Bool)
    {
        let types = (try value(left), try value(right))
        guard types.0.base == types.1.base else {
            throw noOverload(operation.rawValue, [types.0, types.1], at: index)
        }
        switch types.0.base {
        case .int:
            return (.int, true)
        case .double where operation != .modulo:
            return (.double, fails(left) || fails(right))
        case .text where operation == .plus:
            return (.text, fails(left) || fails(right))
        default:
            throw noOverload(operation.rawValue, [types.0, types.1], at: index)
        }
    }

    private func compare(_ comparison: ExpressionSyntax.Comparison, _ left: Index, _ right: Index, at index: Index)
        throws(ExpressionFault) -> (ValueType, mayFail: Bool)
    {
        let (first, second) = (try value(left), try value(right))
        let mayFail = checked.mayFail[left] || checked.mayFail[right]
        switch comparison {
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            let ordered: Set<ValueType.Base> = [.int, .double, .text, .bool]
            let numbers: Set<ValueType.Base> = [.int, .double]
            guard ordered.contains(first.base),
                first.base == second.base || numbers.contains(first.base) && numbers.contains(second.base)
            else { throw noOverload(comparison.rawValue, [first, second], at: index) }
            return (.bool, fails(left) || fails(right))
        case .equal, .notEqual:
            guard first.base != .list || second.base != .list else {
                throw ExpressionFault(
                    at: syntax[index].place, zh: "列表只能用于 in 和 size()", en: "lists are taken by in and size() only")
            }
            try requireComparable(first, second, comparison.rawValue, at: index)
            return (.bool, mayFail)
        case .isIn:
            guard second.base == .list else {
                throw ExpressionFault(
                    at: syntax[right].place, zh: "in 右边应为列表，这里是 \(second.title)",
                    en: "in takes a list on its right; this is \(second.title)")
            }
            guard first.base != .list else { throw noOverload("in", [first, second], at: index) }
            if let element = checked.elementTypes[right] {
                try requireComparable(first, element, "in", at: index)
            }
            return (.bool, mayFail)
        }
    }

    /// Whether `==` may stand between the two: one type, or null and what may be absent.
    private func requireComparable(_ first: ValueType, _ second: ValueType, _ operation: String, at index: Index)
        throws(ExpressionFault)
    {
        if first.base == second.base { return }
        if first.base == .null, second.isNullable { return }
        if second.base == .null, first.isNullable { return }
        if first.base == .null || second.base == .null {
            let other = first.base == .null ? second.title : first.title
            throw ExpressionFault(
                at: syntax[index].place, zh: "此值（\(other)）总是存在，不能与 null 比较",
                en: "this \(other) is never absent; it cannot be compared with null")
        }
        throw noOverload(operation, [first, second], at: index)
    }

    private func choice(_ condition: Index, _ first: Index, _ second: Index, at index: Index)
        throws(ExpressionFault) -> (ValueType, mayFail: Bool)
    {
        try require(.bool, condition, for: "?:", at: index)
        let types = (try value(first), try value(second))
        let mayFail = fails(condition) || checked.mayFail[first] || checked.mayFail[second]
        guard let type = join(types.0, types.1), type.base != .list else {
            throw noOverload("?:", [types.0, types.1], at: index)
        }
        return (type, mayFail)
    }

    /// The one type of both: the same, or one with null.
    private func join(_ first: ValueType, _ second: ValueType) -> ValueType? {
        if first.base == .null { return second.orNull }
        if second.base == .null { return first.orNull }
        guard first.base == second.base else { return nil }
        return ValueType(base: first.base, isNullable: first.isNullable || second.isNullable)
    }

    private mutating func list(_ elements: [Index], at index: Index)
        throws(ExpressionFault) -> (ValueType, mayFail: Bool)
    {
        var joined: ValueType?
        for element in elements {
            let type = try value(element)
            guard type.base != .list, let next = joined.map({ join($0, type) }) ?? type else {
                throw ExpressionFault(
                    at: syntax[element].place, zh: "列表的元素应为同一类型，这里是 \(type.title)",
                    en: "the elements of a list are of one type; this is \(type.title)")
            }
            joined = next
        }
        checked.elements[index] = elements
        checked.elementTypes[index] = joined
        return (ValueType(base: .list), elements.contains { checked.mayFail[$0] })
    }

    // MARK: Functions

    private mutating func call(_ name: String, _ target: Index?, _ arguments: [Index], at index: Index)
        throws(ExpressionFault) -> (ValueType, mayFail: Bool)
    {
        guard let function = ExpressionFunction(name: name, isMethod: target != nil) else {
            throw unknownFunction(name, at: index)
        }
        checked.functions[index] = function
        let operands = (target.map { [$0] } ?? []) + arguments
        let count = [.contains, .startsWith, .endsWith].contains(function) ? 2 : 1
        guard operands.count == count else {
            let wanted = count - (target == nil ? 0 : 1)
            throw ExpressionFault(
                at: syntax[index].place, zh: "\(name)() 需要 \(wanted) 个参数，这里有 \(arguments.count) 个",
                en: "\(name)() takes \(wanted) argument\(wanted == 1 ? "" : "s"); there are \(arguments.count)")
        }
        if function == .has { return (try has(operands[0], at: index), false) }
        let types = try values(operands)
        let mayFail = operands.contains { fails($0) }
        switch function {
        case .size where types[0].base == .text || types[0].base == .list:
            return (.int, mayFail)
        case .contains where types.allSatisfy { $0.base == .text },
            .startsWith where types.allSatisfy { $0.base == .text },
            .endsWith where types.allSatisfy { $0.base == .text }:
            return (.bool, mayFail)
        case .toInt where isConvertible(types[0]):
            return (.int, mayFail || types[0].base != .int)
        case .toDouble where isConvertible(types[0]):
            return (.double, mayFail || types[0].base == .text)
        case .toText where isConvertible(types[0]):
            return (.text, mayFail)
        default:
            throw noOverload("\(name)()", types, at: index)
        }
    }

    private func unknownFunction(_ name: String, at index: Index) -> ExpressionFault {
        ExpressionFault(
            at: syntax[index].place, zh: "未知的函数“\(name)”（可用：\(ExpressionFunction.known)）",
            en: "unknown function '\(name)' (known: \(ExpressionFunction.known))")
    }

    private func firstUnknownFunction() -> ExpressionFault? {
        var first: ExpressionFault?
        for (index, node) in syntax.nodes.enumerated() {
            guard case .call(let name, let target, _) = node.kind,
                ExpressionFunction(name: name, isMethod: target != nil) == nil, node.place < first?.offset ?? .max
            else { continue }
            first = unknownFunction(name, at: index)
        }
        return first
    }

    private func values(_ operands: [Index]) throws(ExpressionFault) -> [ValueType] {
        var types: [ValueType] = []
        for operand in operands { types.append(try value(operand)) }
        return types
    }

    private func isConvertible(_ type: ValueType) -> Bool {
        type.base == .int || type.base == .double || type.base == .text
    }

    private func has(_ operand: Index, at index: Index) throws(ExpressionFault) -> ValueType {
        guard case .field(let target, _) = syntax[operand].kind, case .name(let root) = syntax[target].kind,
            let group = scope.groups[root], group.allowsHas
        else {
            let groups = scope.groups.filter(\.value.allowsHas).keys.sorted().map { "\($0).FIELD" }
            throw ExpressionFault(
                at: syntax[operand].place, zh: "has() 只能用于 \(groups.joined(separator: "、"))",
                en: "has() takes \(groups.joined(separator: " or ")) only")
        }
        return .bool
    }
}
