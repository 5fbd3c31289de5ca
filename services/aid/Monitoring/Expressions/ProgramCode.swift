/// A program's instructions, constants and the bytes of its texts, each in one buffer.
///
/// `@unchecked Sendable` holds because the buffers are written in `init` only and freed in `deinit`, which runs when
/// no program refers to them any more.
final class ProgramCode: @unchecked Sendable {
    /// A constant before its bytes have an address.
    enum Constant: Hashable {
        case null
        case bits(UInt64)
        /// UTF-8: Swift's == takes é composed and decomposed for one text.
        case text([UInt8])
    }

    let instructions: UnsafeMutablePointer<Instruction>
    let constants: UnsafeMutablePointer<Slot>
    private let bytes: UnsafeMutablePointer<UInt8>
    let temporaryCount: Int
    let makesText: Bool

    init(instructions code: [Instruction], constants values: [Constant], temporaryCount: Int, makesText: Bool) {
        instructions = .allocate(capacity: max(1, code.count))
        for (index, instruction) in code.enumerated() { (instructions + index).initialize(to: instruction) }
        var byteCount = 0
        for case .text(let text) in values { byteCount += text.count }
        bytes = .allocate(capacity: max(1, byteCount))
        // One more than there are: an empty list begins behind the last, and the machine loads before it looks.
        constants = .allocate(capacity: values.count + 1)
        (constants + values.count).initialize(to: .null)
        var next = bytes
        for (index, value) in values.enumerated() {
            let slot: Slot
            switch value {
            case .null: slot = .null
            case .bits(let bits): slot = Slot(bits: bits)
            case .text(let text):
                let start = next
                for byte in text {
                    next.initialize(to: byte)
                    next += 1
                }
                slot = .text(start, count: next - start)
            }
            (constants + index).initialize(to: slot)
        }
        self.temporaryCount = temporaryCount
        self.makesText = makesText
    }

    deinit {
        // All three hold trivial values: there is nothing to deinitialise.
        instructions.deallocate()
        constants.deallocate()
        bytes.deallocate()
    }
}
