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
    /// What the innermost loops keep instead of the program: without reference counting, valid as long as the program.
    let runner: ProgramRunner

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
        runner = ProgramRunner(code)
    }

    /// The condition over one subject; the frame holds every slot of the scope that it was compiled in.
    @inline(__always)
    func evaluate(_ frame: UnsafePointer<Slot>) -> Truth {
        runner.evaluate(frame)
    }

    /// Runs with room for texts and any number of temporaries; the body sees the first temporary while texts live.
    func run<Result>(_ frame: UnsafePointer<Slot>, _ body: (Truth, Slot) -> Result) -> Result {
        runner.run(frame, body)
    }
}

/// A program's code as a run goes through it.
struct ProgramRunner: BitwiseCopyable, Sendable {
    // Both point into the program's code, which is never written again.
    private nonisolated(unsafe) let instructions: UnsafePointer<Instruction>
    private nonisolated(unsafe) let constants: UnsafePointer<Slot>
    private let temporaryCount: Int
    private let makesText: Bool

    /// As many temporaries as a run finds on the stack.
    private static let stackTemporaries = 32

    fileprivate init(_ code: ProgramCode) {
        instructions = UnsafePointer(code.instructions)
        constants = UnsafePointer(code.constants)
        temporaryCount = code.temporaryCount
        makesText = code.makesText
    }

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
