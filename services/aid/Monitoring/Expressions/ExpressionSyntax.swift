/// An expression as written: nodes in one array, every node behind its children.
struct ExpressionSyntax: Sendable {
    typealias Index = Int

    struct Node: Sendable {
        let kind: Kind
        /// In UTF-8 bytes of the source, parentheses around the node left out.
        let span: Range<Int>
        /// Where a fault of this node is shown: the name, the operator.
        let place: Int
        let depth: Int
    }

    enum Kind: Sendable {
        case int(Int64)
        case double(Double)
        case text(String)
        case bool(Bool)
        case null
        case list([Index])
        case name(String)
        case field(of: Index, String)
        case call(String, target: Index?, arguments: [Index])
        case not(Index)
        case negate(Index)
        case arithmetic(Arithmetic, Index, Index)
        case comparison(Comparison, Index, Index)
        case all([Index])
        case any([Index])
        case choice(Index, Index, Index)

        var children: [Index] {
            switch self {
            case .int, .double, .text, .bool, .null, .name: []
            case .list(let children), .all(let children), .any(let children): children
            case .field(let child, _), .not(let child), .negate(let child): [child]
            case .call(_, let target, let arguments): (target.map { [$0] } ?? []) + arguments
            case .arithmetic(_, let left, let right), .comparison(_, let left, let right): [left, right]
            case .choice(let condition, let first, let second): [condition, first, second]
            }
        }
    }

    enum Arithmetic: String, Sendable {
        case plus = "+"
        case minus = "-"
        case times = "*"
        case over = "/"
        case modulo = "%"
    }

    enum Comparison: String, Sendable {
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case equal = "=="
        case notEqual = "!="
        case isIn = "in"
    }

    let source: String
    var nodes: [Node] = []
    var root: Index = 0

    subscript(index: Index) -> Node { nodes[index] }

    /// The node's own text.
    func text(of index: Index) -> String {
        text(in: nodes[index].span)
    }

    func text(in span: Range<Int>) -> String {
        String(decoding: Array(source.utf8)[span], as: UTF8.self)
    }
}
