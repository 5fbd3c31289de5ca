/// The texts that one run of a program makes: a fixed buffer first, the heap where it is full.
struct TextArena {
    static let fixedCapacity = 512

    private let fixed: UnsafeMutablePointer<UInt8>
    private var used = 0
    private var overflow: [UnsafeMutablePointer<UInt8>] = []

    init(fixed: UnsafeMutablePointer<UInt8>) {
        self.fixed = fixed
    }

    mutating func allocate(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        if used + count <= Self.fixedCapacity {
            defer { used += count }
            return fixed + used
        }
        let block = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
        overflow.append(block)
        return block
    }

    mutating func copy(_ text: String) -> Slot {
        var text = text
        return text.withUTF8 { bytes in
            let target = allocate(max(1, bytes.count))
            if let source = bytes.baseAddress { target.update(from: source, count: bytes.count) }
            return .text(target, count: bytes.count)
        }
    }

    mutating func release() {
        for block in overflow { block.deallocate() }
        overflow = []
    }
}
