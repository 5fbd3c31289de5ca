/// Turns a checked expression into instructions.
///
/// Conditions become jumps: every comparison knows where to go on when it holds, when it does not and when it fails, so
/// that `&&`, `||` and `!` cost nothing of their own. The recursion is as deep as the tree, which the parser bounds.
struct ProgramCompiler {
    typealias Index = ExpressionSyntax.Index
    /// Negative until its place is known, the instruction's index or a result then.
    typealias Label = Int

    let checked: CheckedExpression
    private(set) var code: [Instruction] = []
    private var labels: [UInt32] = [0, 1, 2]
    private var constants: [ProgramCode.Constant] = []
    private var constantIndices: [ProgramCode.Constant: Int] = [:]
    private var used = 0
    private var temporaryCount = 0
    private var makesText = false

    private static let no: Label = 0
    private static let yes: Label = 1
    private static let failed: Label = 2

    init(_ checked: CheckedExpression) {
        self.checked = checked
    }

    /// The program of a node that is a condition.
    static func condition(_ checked: CheckedExpression, _ index: Index) -> ProgramCode {
        var compiler = ProgramCompiler(checked)
        compiler.condition(index, yes: yes, no: no, fail: failed)
        return compiler.finish()
    }

    /// The program that leaves a node's value in its first temporary and answers yes.
    static func value(_ checked: CheckedExpression, _ index: Index) -> ProgramCode {
        var compiler = ProgramCompiler(checked)
        let result = compiler.temporary()
        let value = compiler.value(index, fail: failed)
        compiler.emit(.copy, value, result: result)
        compiler.jump(yes)
        return compiler.finish()
    }

    private func finish() -> ProgramCode {
        let resolved = code.map { instruction in
            var resolved = instruction
            resolved.yes = labels[Int(instruction.yes)]
            resolved.no = labels[Int(instruction.no)]
            resolved.fail = labels[Int(instruction.fail)]
            return resolved
        }
        return ProgramCode(
            instructions: resolved, constants: constants, temporaryCount: temporaryCount, makesText: makesText)
    }

    // MARK: Emitting

    private mutating func label() -> Label {
        labels.append(UInt32.max)
        return labels.count - 1
    }

    private mutating func place(_ label: Label) {
        labels[label] = UInt32(code.count + Instruction.firstIndex)
    }

    private mutating func jump(_ target: Label) {
        code.append(Instruction(opcode: .jump, yes: UInt32(target)))
    }

    private mutating func emit(
        _ opcode: Opcode, _ first: UInt32, _ second: UInt32 = 0, result: UInt32 = 0, fail: Label = Self.failed
    ) {
        code.append(
            Instruction(
                opcode: opcode, first: first, second: second, result: result & Operand.indexMask, fail: UInt32(fail)))
    }

    private mutating func branch(
        _ opcode: Opcode, _ first: UInt32, _ second: UInt32 = 0, count: Int = 0, yes: Label, no: Label, fail: Label
    ) {
        code.append(
            Instruction(
                opcode: opcode, first: first, second: second, result: UInt32(count), yes: UInt32(yes), no: UInt32(no),
                fail: UInt32(fail)))
    }

    private mutating func temporary() -> UInt32 {
        used += 1
        temporaryCount = max(temporaryCount, used)
        return Operand.temporary | UInt32(used - 1)
    }

    private mutating func constant(_ value: ProgramCode.Constant) -> UInt32 {
        if let known = constantIndices[value] { return Operand.constant | UInt32(known) }
        constants.append(value)
        constantIndices[value] = constants.count - 1
        return Operand.constant | UInt32(constants.count - 1)
    }

    private func constantValue(_ index: Index) -> ProgramCode.Constant? {
        switch checked.syntax[index].kind {
        case .int(let value): .bits(UInt64(bitPattern: value))
        case .double(let value): .bits(value.bitPattern)
        case .text(let value): .text(Array(value.utf8))
        case .bool(let value): .bits(value ? 1 : 0)
        case .null: .null
        default: nil
        }
    }

    // MARK: Conditions

    private mutating func condition(_ index: Index, yes: Label, no: Label, fail: Label) {
        switch checked.syntax[index].kind {
        case .bool(let value):
            jump(value ? yes : no)
        case .not(let operand):
            condition(operand, yes: no, no: yes, fail: fail)
        case .all(let operands):
            chain(operands, open: yes, closed: no, fail: fail, isAll: true)
        case .any(let operands):
            chain(operands, open: no, closed: yes, fail: fail, isAll: false)
        case .choice(let test, let first, let second):
            let (firstLabel, secondLabel) = (label(), label())
            condition(test, yes: firstLabel, no: secondLabel, fail: fail)
            place(firstLabel)
            condition(first, yes: yes, no: no, fail: fail)
            place(secondLabel)
            condition(second, yes: yes, no: no, fail: fail)
        case .comparison(let comparison, let left, let right):
            let kept = used
            defer { used = kept }
            compare(comparison, left, right, yes: yes, no: no, fail: fail)
        case .call(_, let target, let arguments):
            let kept = used
            defer { used = kept }
            let operands = (target.map { [$0] } ?? []) + arguments
            switch checked.functions[index] {
            case .has:
                branch(.isNull, value(operands[0], fail: fail), yes: no, no: yes, fail: fail)
            case .contains:
                test(.contains, operands[0], operands[1], yes: yes, no: no, fail: fail)
            case .startsWith:
                test(.startsWith, operands[0], operands[1], yes: yes, no: no, fail: fail)
            default:
                test(.endsWith, operands[0], operands[1], yes: yes, no: no, fail: fail)
            }
        case .null:
            jump(fail)
        default:
            branch(.isTrue, value(index, fail: fail), yes: yes, no: no, fail: fail)
        }
    }

    /// `&&` (`open` is yes, `closed` no) or `||` (the other way round).
    ///
    /// An operand that fails does not end the chain, since a later one may still close it; a temporary remembers it.
    private mutating func chain(_ operands: [Index], open: Label, closed: Label, fail: Label, isAll: Bool) {
        let kept = used
        defer { used = kept }
        var memory: UInt32?
        for (position, operand) in operands.enumerated() {
            let isLast = position == operands.count - 1
            let next = isLast ? label() : label()
            let mayFail = checked.mayFail[operand] || checked.types[operand].isNullable
            if mayFail, !isLast, memory == nil {
                let slot = temporary()
                emit(.copy, constant(.bits(0)), result: slot)
                memory = slot
            }
            let failing = isLast || !mayFail ? fail : label()
            condition(operand, yes: isAll ? next : closed, no: isAll ? closed : next, fail: failing)
            if mayFail, !isLast, let memory {
                // Behind the operand's own code, which always jumps, only its failure arrives here.
                place(failing)
                emit(.copy, constant(.bits(1)), result: memory)
            }
            place(next)
        }
        if let memory {
            branch(.isTrue, memory, yes: fail, no: open, fail: fail)
        } else {
            jump(open)
        }
    }

    private mutating func test(_ opcode: Opcode, _ left: Index, _ right: Index, yes: Label, no: Label, fail: Label) {
        let first = value(left, fail: fail)
        let second = value(right, fail: fail)
        branch(opcode, first, second, yes: yes, no: no, fail: fail)
    }

    private mutating func compare(
        _ comparison: ExpressionSyntax.Comparison, _ left: Index, _ right: Index, yes: Label, no: Label, fail: Label
    ) {
        let types = (checked.types[left].base, checked.types[right].base)
        switch comparison {
        case .less:
            test(order(types, orEqual: false), left, right, yes: yes, no: no, fail: fail)
        case .lessOrEqual:
            test(order(types, orEqual: true), left, right, yes: yes, no: no, fail: fail)
        case .greater, .greaterOrEqual:
            let first = value(left, fail: fail)
            let second = value(right, fail: fail)
            let opcode = order((types.1, types.0), orEqual: comparison == .greaterOrEqual)
            branch(opcode, second, first, yes: yes, no: no, fail: fail)
        case .equal:
            equal(left, right, yes: yes, no: no, fail: fail)
        case .notEqual:
            equal(left, right, yes: no, no: yes, fail: fail)
        case .isIn:
            isIn(left, right, yes: yes, no: no, fail: fail)
        }
    }

    private func order(_ types: (ValueType.Base, ValueType.Base), orEqual: Bool) -> Opcode {
        switch types {
        case (.double, .double): orEqual ? .lessOrEqualDouble : .lessDouble
        case (.int, .double): orEqual ? .lessOrEqualIntDouble : .lessIntDouble
        case (.double, .int): orEqual ? .lessOrEqualDoubleInt : .lessDoubleInt
        case (.text, .text): orEqual ? .lessOrEqualText : .lessText
        default: orEqual ? .lessOrEqualInt : .lessInt
        }
    }

    private mutating func equal(_ left: Index, _ right: Index, yes: Label, no: Label, fail: Label) {
        let first = value(left, fail: fail)
        let second = value(right, fail: fail)
        let types = (checked.types[left].base, checked.types[right].base)
        if types.1 == .null {
            branch(.isNull, first, yes: yes, no: no, fail: fail)
        } else if types.0 == .null {
            branch(.isNull, second, yes: yes, no: no, fail: fail)
        } else {
            branch(equality(types.0), first, second, yes: yes, no: no, fail: fail)
        }
    }

    private func equality(_ base: ValueType.Base) -> Opcode {
        switch base {
        case .double: .equalDouble
        case .text: .equalText
        default: .equalBits
        }
    }

    private mutating func isIn(_ left: Index, _ right: Index, yes: Label, no: Label, fail: Label) {
        let subject = value(left, fail: fail)
        let elements = checked.elements[right] ?? []
        // Of null and elements of a type, the elements' type says how to compare.
        let base =
            checked.types[left].base == .null
            ? checked.elementTypes[right]?.base ?? .null : checked.types[left].base
        let fixed = elements.compactMap(constantValue)
        if fixed.count == elements.count {
            let start = constants.count
            constants.append(contentsOf: fixed)
            let opcode: Opcode =
                switch base {
                case .double: .isInDoubles
                case .text: .isInTexts
                default: .isInBits
                }
            branch(
                opcode, subject, Operand.constant | UInt32(start), count: fixed.count, yes: yes, no: no, fail: fail)
            return
        }
        // A list is made before it is looked at: an element that fails makes `in` fail.
        var operands: [UInt32] = []
        for element in elements { operands.append(value(element, fail: fail)) }
        for operand in operands {
            let next = label()
            branch(equality(base), subject, operand, yes: yes, no: next, fail: fail)
            place(next)
        }
        jump(no)
    }

    // MARK: Values

    /// Where the node's value stands once the emitted code has run.
    private mutating func value(_ index: Index, fail: Label) -> UInt32 {
        if let fixed = constantValue(index) { return constant(fixed) }
        if let variable = checked.variables[index] { return Operand.frame | UInt32(variable.slot) }
        if checked.types[index].base == .bool, !isChoice(index) { return materialised(index, fail: fail) }
        let kept = used
        switch checked.syntax[index].kind {
        case .negate(let operand):
            let source = value(operand, fail: fail)
            used = kept
            let result = temporary()
            emit(
                checked.types[index].base == .int ? .negateInt : .negateDouble, source, result: result, fail: fail)
            return result
        case .arithmetic(let operation, let left, let right):
            let first = value(left, fail: fail)
            let second = value(right, fail: fail)
            used = kept
            let result = temporary()
            emit(opcode(operation, checked.types[index].base), first, second, result: result, fail: fail)
            return result
        case .choice(let test, let first, let second):
            let result = temporary()
            let inner = used
            let (firstLabel, secondLabel, end) = (label(), label(), label())
            condition(test, yes: firstLabel, no: secondLabel, fail: fail)
            place(firstLabel)
            emit(.copy, value(first, fail: fail), result: result)
            used = inner
            jump(end)
            place(secondLabel)
            emit(.copy, value(second, fail: fail), result: result)
            used = inner
            place(end)
            return result
        case .call(_, let target, let arguments):
            return call(checked.functions[index], target ?? arguments[0], fail: fail)
        default:
            return constant(.null)
        }
    }

    private func isChoice(_ index: Index) -> Bool {
        if case .choice = checked.syntax[index].kind { true } else { false }
    }

    private mutating func materialised(_ index: Index, fail: Label) -> UInt32 {
        let result = temporary()
        let inner = used
        let (yes, no, end) = (label(), label(), label())
        condition(index, yes: yes, no: no, fail: fail)
        used = inner
        place(yes)
        emit(.copy, constant(.bits(1)), result: result)
        jump(end)
        place(no)
        emit(.copy, constant(.bits(0)), result: result)
        place(end)
        return result
    }

    private mutating func opcode(_ operation: ExpressionSyntax.Arithmetic, _ base: ValueType.Base) -> Opcode {
        switch (operation, base) {
        case (.plus, .int): return .addInt
        case (.minus, .int): return .subtractInt
        case (.times, .int): return .multiplyInt
        case (.over, .int): return .divideInt
        case (.modulo, _): return .remainderInt
        case (.plus, .text):
            makesText = true
            return .concatenate
        case (.plus, _): return .addDouble
        case (.minus, _): return .subtractDouble
        case (.times, _): return .multiplyDouble
        case (.over, _): return .divideDouble
        }
    }

    private mutating func call(_ function: ExpressionFunction?, _ operand: Index, fail: Label) -> UInt32 {
        let kept = used
        if let elements = checked.elements[operand] {
            // size() of a list: its elements are still evaluated, since one may fail.
            for element in elements { _ = value(element, fail: fail) }
            used = kept
            return constant(.bits(UInt64(elements.count)))
        }
        let source = value(operand, fail: fail)
        let opcode: Opcode? =
            switch (function, checked.types[operand].base) {
            case (.size, _): .sizeOfText
            case (.toInt, .double): .doubleToInt
            case (.toInt, .text): .textToInt
            case (.toDouble, .int): .intToDouble
            case (.toDouble, .text): .textToDouble
            case (.toText, .int): .intToText
            case (.toText, .double): .doubleToText
            default: nil
            }
        guard let opcode else {
            emit(.present, source, fail: fail)
            return source
        }
        if opcode == .intToText || opcode == .doubleToText { makesText = true }
        used = kept
        let result = temporary()
        emit(opcode, source, result: result, fail: fail)
        return result
    }
}
