/// Where an instruction's operand stands: in the caller's frame, among the constants, or among the run's own slots.
enum Operand {
    static let frame: UInt32 = 0
    static let constant: UInt32 = 1 << 30
    static let temporary: UInt32 = 1 << 31
    static let indexMask: UInt32 = 1 << 30 - 1
}

enum Opcode: UInt8 {
    // Conditions: they go on at `yes`, `no` or `fail`.
    case jump
    case isTrue
    case isNull
    case lessInt
    case lessOrEqualInt
    case lessDouble
    case lessOrEqualDouble
    case lessIntDouble
    case lessOrEqualIntDouble
    case lessDoubleInt
    case lessOrEqualDoubleInt
    case lessText
    case lessOrEqualText
    case equalBits
    case equalDouble
    case equalText
    case isInBits
    case isInDoubles
    case isInTexts
    case contains
    case startsWith
    case endsWith
    // Values: they write the slot `result` and go on behind themselves, or at `fail`.
    case copy
    case addInt
    case subtractInt
    case multiplyInt
    case divideInt
    case remainderInt
    case negateInt
    case addDouble
    case subtractDouble
    case multiplyDouble
    case divideDouble
    case negateDouble
    case concatenate
    case sizeOfText
    case intToDouble
    case doubleToInt
    case textToInt
    case textToDouble
    case intToText
    case doubleToText
    /// Fails where the operand is null.
    case present
}

/// One trivial step of a program; targets are indices of instructions, 0 to 2 the results of `Truth`.
struct Instruction {
    var opcode: Opcode
    var first: UInt32 = 0
    var second: UInt32 = 0
    /// The temporary that a value goes to; of the `isIn…` instructions the number of constants from `second` on.
    var result: UInt32 = 0
    var yes: UInt32 = 0
    var no: UInt32 = 0
    var fail: UInt32 = 0

    /// The instructions begin behind the three results.
    static let firstIndex = 3
}
