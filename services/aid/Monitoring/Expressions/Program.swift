/// A compiled condition of the Common Expression Language: evaluated over a frame of slots, from any thread.
struct Program: Sendable {
    /// The expression as the rules file has it.
    let source: String
    /// The names that the expression uses, dotted as written, in the order of first use.
    let names: [String]
    /// The frame slots behind `names`, in the same order.
    let slots: [Int]

    let checked: CheckedExpression
    private let code: ProgramCode
    // Both point into `code`, which is never written again and lives as long as this value; they stand here so that a
    // run touches no object.
    private nonisolated(unsafe) let instructions: UnsafePointer<Instruction>
    private nonisolated(unsafe) let constants: UnsafePointer<Slot>
    private let temporaryCount: Int
    private let makesText: Bool

    /// As many temporaries as a run finds on the stack.
    private static let stackTemporaries = 32

    init(compiling source: String, in scope: ExpressionScope) throws(ExpressionFault) {
        let checked = try ExpressionChecker.check(source, in: scope)
        self.init(checked, code: ProgramCompiler.condition(checked, checked.syntax.root))
    }

    init(_ checked: CheckedExpression, code: ProgramCode) {
        source = checked.syntax.source
        names = checked.names.map(\.name)
        slots = checked.names.map(\.slot)
        self.checked = checked
        self.code = code
        instructions = UnsafePointer(code.instructions)
        constants = UnsafePointer(code.constants)
        temporaryCount = code.temporaryCount
        makesText = code.makesText
    }

    /// The condition over one subject; the frame holds every slot of the scope that it was compiled in.
    @inline(__always)
    func evaluate(_ frame: UnsafePointer<Slot>) -> Truth {
        if temporaryCount == 0 {
            // Nothing is written where there are no temporaries.
            return ProgramMachine.run(
                instructions, constants: constants, frame: frame, temporaries: UnsafeMutablePointer(mutating: frame),
                arena: nil)
        }
        return evaluateWithTemporaries(frame)
    }

    @inline(never)
    private func evaluateWithTemporaries(_ frame: UnsafePointer<Slot>) -> Truth {
        guard makesText || temporaryCount > Self.stackTemporaries else {
            return withUnsafeTemporaryAllocation(of: Slot.self, capacity: Self.stackTemporaries) { temporaries in
                guard let base = temporaries.baseAddress else { return .failed }
                return ProgramMachine.run(
                    instructions, constants: constants, frame: frame, temporaries: base, arena: nil)
            }
        }
        return run(frame) { truth, _ in truth }
    }

    /// Runs with room for texts and any number of temporaries; the body sees the first temporary while texts live.
    func run<Result>(_ frame: UnsafePointer<Slot>, _ body: (Truth, Slot) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: TextArena.fixedCapacity) { fixed in
            withUnsafeTemporaryAllocation(of: Slot.self, capacity: max(1, temporaryCount)) { temporaries in
                guard let bytes = fixed.baseAddress, let base = temporaries.baseAddress else {
                    return body(.failed, .null)
                }
                base.initialize(repeating: .null, count: max(1, temporaryCount))
                var arena = TextArena(fixed: bytes)
                defer { arena.release() }
                let truth = ProgramMachine.run(
                    instructions, constants: constants, frame: frame, temporaries: base, arena: &arena)
                return body(truth, base.pointee)
            }
        }
    }
}
