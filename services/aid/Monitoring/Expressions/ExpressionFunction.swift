/// The functions of the subset; all others are unknown names.
enum ExpressionFunction: Hashable, Sendable {
    case has
    case size
    case contains
    case startsWith
    case endsWith
    case toInt
    case toDouble
    case toText

    init?(name: String, isMethod: Bool) {
        switch (name, isMethod) {
        case ("has", false): self = .has
        case ("size", _): self = .size
        case ("contains", true): self = .contains
        case ("startsWith", true): self = .startsWith
        case ("endsWith", true): self = .endsWith
        case ("int", false): self = .toInt
        case ("double", false): self = .toDouble
        case ("string", false): self = .toText
        default: return nil
        }
    }

    static let known = "has size contains startsWith endsWith int double string"
}

/// An expression whose names and types are known to be right.
struct CheckedExpression: Sendable {
    let syntax: ExpressionSyntax
    /// By node.
    var types: [ValueType] = []
    /// By node: whether evaluating it can fail.
    var mayFail: [Bool] = []
    /// The variables that nodes stand for.
    var variables: [ExpressionSyntax.Index: ExpressionScope.Variable] = [:]
    var functions: [ExpressionSyntax.Index: ExpressionFunction] = [:]
    /// The names that the expression uses, dotted, in the order of first use, with their frame slots.
    var names: [(name: String, slot: Int)] = []
    /// The elements of list nodes, concatenations taken apart.
    var elements: [ExpressionSyntax.Index: [ExpressionSyntax.Index]] = [:]
    /// The elements' type, nil for the empty list.
    var elementTypes: [ExpressionSyntax.Index: ValueType] = [:]
}
