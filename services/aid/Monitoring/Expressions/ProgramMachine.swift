#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Runs a program's instructions.
///
/// It trusts the compiler: every index is in bounds and every slot holds the type that the checker gave it. The tests
/// of `ExpressionsEvaluationTests` run over all instructions. A frame has at least one slot: an operand that a step does
/// not have is read from there and ignored.
enum ProgramMachine {
    @inline(__always)
    private static func slot(
        _ operand: UInt32, _ frame: UnsafePointer<Slot>, _ constants: UnsafePointer<Slot>,
        _ temporaries: UnsafeMutablePointer<Slot>
    ) -> Slot {
        if operand < Operand.constant { return frame[Int(operand)] }
        let index = Int(operand & Operand.indexMask)
        return operand < Operand.temporary ? constants[index] : temporaries[index]
    }

    /// Where a step whose comparison holds, or not, goes on; it fails over an absent value.
    @inline(__always)
    private static func target(_ step: UnsafePointer<Instruction>, _ first: Slot, _ second: Slot, _ holds: Bool)
        -> UInt32
    {
        if first.isNull || second.isNull { return step.pointee.fail }
        return holds ? step.pointee.yes : step.pointee.no
    }

    /// What nearly every rule consists of is done here, all else in `rare`, so that this loop stays small.
    static func run(
        _ instructions: UnsafePointer<Instruction>, constants: UnsafePointer<Slot>, frame: UnsafePointer<Slot>,
        temporaries: UnsafeMutablePointer<Slot>, arena: UnsafeMutablePointer<TextArena>?
    ) -> Truth {
        var next = UInt32(Instruction.firstIndex)
        while next >= UInt32(Instruction.firstIndex) {
            let step = instructions + (Int(next) - Instruction.firstIndex)
            let first = slot(step.pointee.first, frame, constants, temporaries)
            let second = slot(step.pointee.second, frame, constants, temporaries)
            switch step.pointee.opcode {
            case .jump:
                next = step.pointee.yes
            case .isTrue:
                next = first.isNull ? step.pointee.fail : first.bits != 0 ? step.pointee.yes : step.pointee.no
            case .isNull:
                next = first.isNull ? step.pointee.yes : step.pointee.no
            case .lessInt:
                next = target(step, first, second, first.int < second.int)
            case .lessOrEqualInt:
                next = target(step, first, second, first.int <= second.int)
            case .lessDouble:
                next = target(step, first, second, first.double < second.double)
            case .lessOrEqualDouble:
                next = target(step, first, second, first.double <= second.double)
            case .equalBits:
                next = equal(.equalBits, first, second) ? step.pointee.yes : step.pointee.no
            case .equalText:
                next = equal(.equalText, first, second) ? step.pointee.yes : step.pointee.no
            case .copy:
                temporaries[Int(step.pointee.result)] = first
                next += 1
            case .addDouble where !first.isNull && !second.isNull:
                temporaries[Int(step.pointee.result)] = .double(first.double + second.double)
                next += 1
            case .multiplyDouble where !first.isNull && !second.isNull:
                temporaries[Int(step.pointee.result)] = .double(first.double * second.double)
                next += 1
            case .divideDouble where !first.isNull && !second.isNull:
                temporaries[Int(step.pointee.result)] = .double(first.double / second.double)
                next += 1
            case .intToDouble where !first.isNull:
                temporaries[Int(step.pointee.result)] = .double(Double(first.int))
                next += 1
            default:
                next = rare(step, next, first, second, constants, temporaries, arena)
            }
        }
        return Truth(rawValue: UInt8(truncatingIfNeeded: next)) ?? .failed
    }

    @inline(never)
    private static func rare(
        _ step: UnsafePointer<Instruction>, _ index: UInt32, _ first: Slot, _ second: Slot,
        _ constants: UnsafePointer<Slot>, _ temporaries: UnsafeMutablePointer<Slot>,
        _ arena: UnsafeMutablePointer<TextArena>?
    ) -> UInt32 {
        let opcode = step.pointee.opcode
        let made: Slot?
        switch opcode {
        case .equalDouble:
            return equal(opcode, first, second) ? step.pointee.yes : step.pointee.no
        case .isInBits, .isInDoubles, .isInTexts:
            let elements = constants + Int(step.pointee.second & Operand.indexMask)
            let comparison: Opcode =
                opcode == .isInBits ? .equalBits : opcode == .isInDoubles ? .equalDouble : .equalText
            for index in 0..<Int(step.pointee.result) where equal(comparison, first, elements[index]) {
                return step.pointee.yes
            }
            return step.pointee.no
        case .lessIntDouble, .lessOrEqualIntDouble, .lessDoubleInt, .lessOrEqualDoubleInt, .lessText, .lessOrEqualText,
            .contains, .startsWith, .endsWith:
            if first.isNull || second.isNull { return step.pointee.fail }
            return holds(opcode, first, second) ? step.pointee.yes : step.pointee.no
        case .present:
            return first.isNull ? step.pointee.fail : index + 1
        case .addInt, .subtractInt, .multiplyInt, .divideInt, .remainderInt, .addDouble, .subtractDouble,
            .multiplyDouble, .divideDouble:
            made = first.isNull || second.isNull ? nil : arithmetic(opcode, first, second)
        case .negateInt, .negateDouble, .sizeOfText, .intToDouble, .doubleToInt, .textToInt, .textToDouble:
            made = first.isNull ? nil : convert(opcode, first)
        case .intToText, .doubleToText:
            made = first.isNull ? nil : makeText(opcode, first, second, arena)
        case .concatenate:
            made = first.isNull || second.isNull ? nil : makeText(opcode, first, second, arena)
        case .jump, .isTrue, .isNull, .lessInt, .lessOrEqualInt, .lessDouble, .lessOrEqualDouble, .equalBits,
            .equalText, .copy:
            // The loop has its own cases for these.
            return step.pointee.fail
        }
        guard let made else { return step.pointee.fail }
        temporaries[Int(step.pointee.result)] = made
        return index + 1
    }

    // MARK: Conditions

    @inline(__always)
    private static func equal(_ opcode: Opcode, _ first: Slot, _ second: Slot) -> Bool {
        if first.isNull || second.isNull { return first.isNull && second.isNull }
        switch opcode {
        case .equalDouble: return first.double == second.double
        case .equalText: return first.length == second.length && compare(first, second) == 0
        default: return first.bits == second.bits
        }
    }

    private static func holds(_ opcode: Opcode, _ first: Slot, _ second: Slot) -> Bool {
        switch opcode {
        case .lessIntDouble: !second.double.isNaN && order(first.int, second.double) < 0
        case .lessOrEqualIntDouble: !second.double.isNaN && order(first.int, second.double) <= 0
        case .lessDoubleInt: !first.double.isNaN && order(second.int, first.double) > 0
        case .lessOrEqualDoubleInt: !first.double.isNaN && order(second.int, first.double) >= 0
        case .lessText: compare(first, second) < 0
        case .lessOrEqualText: compare(first, second) <= 0
        case .contains: contains(first, second)
        case .startsWith: second.length <= first.length && matches(first, at: 0, second)
        default: second.length <= first.length && matches(first, at: Int(first.length - second.length), second)
        }
    }

    /// An int against a double without rounding either; the double is not NaN.
    private static func order(_ int: Int64, _ double: Double) -> Int {
        // 2^63 is a double, the greatest int is not.
        if double >= 0x1p63 { return -1 }
        if double < -0x1p63 { return 1 }
        let whole = double.rounded(.towardZero)
        let truncated = Int64(whole)
        if int != truncated { return int < truncated ? -1 : 1 }
        return double > whole ? -1 : double < whole ? 1 : 0
    }

    /// UTF-8 keeps the order of code points, so bytes decide.
    @inline(__always)
    private static func compare(_ first: Slot, _ second: Slot) -> Int {
        let common = Int(min(first.length, second.length))
        if common > 0, let left = first.bytes.baseAddress, let right = second.bytes.baseAddress {
            let order = memcmp(left, right, common)
            if order != 0 { return Int(order) }
        }
        return Int(first.length) - Int(second.length)
    }

    private static func matches(_ text: Slot, at offset: Int, _ part: Slot) -> Bool {
        guard part.length > 0, let left = text.bytes.baseAddress, let right = part.bytes.baseAddress else {
            return true
        }
        return memcmp(left + offset, right, Int(part.length)) == 0
    }

    private static func contains(_ text: Slot, _ part: Slot) -> Bool {
        guard part.length <= text.length else { return false }
        for offset in 0...Int(text.length - part.length) where matches(text, at: offset, part) { return true }
        return false
    }

    // MARK: Values

    private static func arithmetic(_ opcode: Opcode, _ first: Slot, _ second: Slot) -> Slot? {
        let result: (partialValue: Int64, overflow: Bool)
        switch opcode {
        case .addDouble: return .double(first.double + second.double)
        case .subtractDouble: return .double(first.double - second.double)
        case .multiplyDouble: return .double(first.double * second.double)
        case .divideDouble: return .double(first.double / second.double)
        case .addInt: result = first.int.addingReportingOverflow(second.int)
        case .subtractInt: result = first.int.subtractingReportingOverflow(second.int)
        case .multiplyInt: result = first.int.multipliedReportingOverflow(by: second.int)
        case .divideInt: result = first.int.dividedReportingOverflow(by: second.int)
        default: result = first.int.remainderReportingOverflow(dividingBy: second.int)
        }
        return result.overflow ? nil : .int(result.partialValue)
    }

    private static func convert(_ opcode: Opcode, _ value: Slot) -> Slot? {
        switch opcode {
        case .negateInt:
            return value.int == .min ? nil : .int(-value.int)
        case .negateDouble:
            return .double(-value.double)
        case .sizeOfText:
            var count: Int64 = 0
            // Every byte but the continuation bytes 10xxxxxx begins a code point.
            for byte in value.bytes where byte & 0xC0 != 0x80 { count += 1 }
            return .int(count)
        case .intToDouble:
            return .double(Double(value.int))
        case .doubleToInt:
            guard value.double >= -0x1p63, value.double < 0x1p63 else { return nil }
            return .int(Int64(value.double))
        case .textToInt:
            return Int64(String(decoding: value.bytes, as: UTF8.self)).map(Slot.int)
        default:
            return decimal(String(decoding: value.bytes, as: UTF8.self)).map(Slot.double)
        }
    }

    /// A decimal number as CEL's `double()` takes it; hexadecimal floats are Swift's own.
    private static func decimal(_ text: String) -> Double? {
        let unsigned = text.drop { $0 == "-" || $0 == "+" }
        let isDecimal =
            unsigned.first.map { $0 == "." || $0.isASCII && $0.isNumber } ?? false
            && !unsigned.utf8.contains { $0 | 0x20 == UInt8(ascii: "x") }
        if isDecimal { return Double(text).flatMap { $0.isFinite ? $0 : nil } }
        switch text.lowercased() {
        case "nan": return .nan
        case "inf", "+inf", "infinity", "+infinity": return .infinity
        case "-inf", "-infinity": return -.infinity
        default: return nil
        }
    }

    private static func makeText(
        _ opcode: Opcode, _ first: Slot, _ second: Slot, _ arena: UnsafeMutablePointer<TextArena>?
    ) -> Slot? {
        guard let arena else { return nil }
        switch opcode {
        case .intToText: return arena.pointee.copy(String(first.int))
        case .doubleToText: return arena.pointee.copy(DecimalText.text(of: first.double))
        default:
            let count = Int(first.length) + Int(second.length)
            // A slot's length has 32 bits.
            guard count <= Int(UInt32.max) else { return nil }
            let target = arena.pointee.allocate(max(1, count))
            if let source = first.bytes.baseAddress { target.update(from: source, count: Int(first.length)) }
            if let source = second.bytes.baseAddress {
                (target + Int(first.length)).update(from: source, count: Int(second.length))
            }
            return .text(target, count: count)
        }
    }
}
