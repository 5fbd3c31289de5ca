import Glibc

extension UnsafeBufferPointer<UInt8> {
    @inline(__always)
    func hasSameBytes(as other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count else { return false }
        guard let base = baseAddress, let otherBase = other.baseAddress else { return true }
        return memcmp(base, otherBase, count) == 0
    }
}

/// Many short texts end to end in one buffer: four bytes beside each text instead of an object.
struct StringColumn: Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var ends: [UInt32] = []

    var count: Int { ends.count }

    mutating func append(_ text: some Sequence<UInt8>) {
        bytes.append(contentsOf: text)
        ends.append(UInt32(truncatingIfNeeded: bytes.count))
    }

    mutating func reserveCapacity(texts: Int, bytes byteCount: Int) {
        ends.reserveCapacity(texts)
        bytes.reserveCapacity(byteCount)
    }

    subscript(index: Int) -> String {
        String(decoding: bytes[range(index)], as: UTF8.self)
    }

    @inline(__always)
    func range(_ index: Int) -> Range<Int> {
        Int(index == 0 ? 0 : ends[index - 1])..<Int(ends[index])
    }

    @inline(__always)
    func withBytes<Result>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        let range = range(index)
        return bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
    }

    /// Texts as they lie in memory, without reference counting.
    struct View {
        let bytes: UnsafeBufferPointer<UInt8>
        let ends: UnsafeBufferPointer<UInt32>

        var count: Int { ends.count }

        @inline(__always)
        subscript(index: Int) -> UnsafeBufferPointer<UInt8> {
            let start = index == 0 ? 0 : Int(ends[index &- 1])
            return UnsafeBufferPointer(start: bytes.baseAddress.map { $0 + start }, count: Int(ends[index]) &- start)
        }
    }
}

/// Texts of which few are different: each is kept once and known by its number.
struct StringTable: Sendable {
    private var column = StringColumn()
    private var slots = [UInt32](repeating: 0, count: 256)
    private let hash = KeyedHash()

    var texts: [String] { (0..<column.count).map { column[$0] } }

    mutating func number(of text: UnsafeBufferPointer<UInt8>) -> UInt32 {
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: hash.hash(text).low) & mask
        while slots[place] != 0 {
            let number = slots[place] - 1
            if column.withBytes(Int(number), { $0.hasSameBytes(as: text) }) { return number }
            place = (place + 1) & mask
        }
        column.append(text)
        slots[place] = UInt32(column.count)
        if column.count * 2 > slots.count { grow() }
        return UInt32(column.count - 1)
    }

    mutating func number(of text: String) -> UInt32 {
        var text = text
        return text.withUTF8 { number(of: $0) }
    }

    private mutating func grow() {
        let mask = slots.count * 2 - 1
        slots = [UInt32](repeating: 0, count: mask + 1)
        for number in 0..<column.count {
            var place = Int(truncatingIfNeeded: column.withBytes(number) { hash.hash($0).low }) & mask
            while slots[place] != 0 { place = (place + 1) & mask }
            slots[place] = UInt32(number + 1)
        }
    }
}
