extension Program {
    /// Every comparison of the expression, in the order written, with its operands' values over the frame.
    ///
    /// Nothing is skipped: what a chain of `&&` did not need to look at is told as well.
    func trace(_ frame: UnsafePointer<Slot>) -> [(source: String, value: String)] {
        var steps: [(source: String, value: String)] = []
        trace(checked.syntax.root, frame, into: &steps)
        return steps
    }

    private func trace(
        _ index: ExpressionSyntax.Index, _ frame: UnsafePointer<Slot>,
        into steps: inout [(source: String, value: String)]
    ) {
        let kind = checked.syntax[index].kind
        switch kind {
        case .not, .all, .any:
            for child in kind.children { trace(child, frame, into: &steps) }
        case .choice where checked.types[index].base == .bool:
            for child in kind.children { trace(child, frame, into: &steps) }
        case .comparison(let comparison, let left, let right):
            let operands = "\(shown(left, frame)) \(comparison.rawValue) \(shown(right, frame))"
            steps.append((checked.syntax.text(of: index), "\(operands): \(outcome(index, frame))"))
        case .call(let name, let target, let arguments):
            let inner = arguments.map { shown($0, frame) }.joined(separator: ", ")
            let call = (target.map { shown($0, frame) + "." } ?? "") + "\(name)(\(inner))"
            steps.append((checked.syntax.text(of: index), "\(call): \(outcome(index, frame))"))
        default:
            steps.append((checked.syntax.text(of: index), outcome(index, frame)))
        }
    }

    private func outcome(_ index: ExpressionSyntax.Index, _ frame: UnsafePointer<Slot>) -> String {
        switch Program(checked, code: ProgramCompiler.condition(checked, index)).evaluate(frame) {
        case .yes: "true"
        case .no: "false"
        case .failed: "failed"
        }
    }

    private func shown(_ index: ExpressionSyntax.Index, _ frame: UnsafePointer<Slot>) -> String {
        if let elements = checked.elements[index] {
            return "[" + elements.map { shown($0, frame) }.joined(separator: ", ") + "]"
        }
        let type = checked.types[index]
        return Program(checked, code: ProgramCompiler.value(checked, index)).run(frame) { truth, slot in
            if truth == .failed { return "failed" }
            if slot.isNull { return "null" }
            return switch type.base {
            case .int: String(slot.int)
            case .double: DecimalText.text(of: slot.double)
            case .bool: slot.bits == 0 ? "false" : "true"
            case .text: Self.quoted(String(decoding: slot.bytes, as: UTF8.self))
            case .null, .list, .group: "null"
            }
        }
    }

    /// A text as a CEL literal.
    private static func quoted(_ text: String) -> String {
        var result = "'"
        for scalar in text.unicodeScalars {
            switch scalar {
            case "'", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "'"
    }
}
