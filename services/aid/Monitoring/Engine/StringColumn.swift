/// Many short texts end to end in one buffer: four bytes beside each text instead of an object.
struct StringColumn: Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var ends: [UInt32] = []

    var count: Int { ends.count }

    mutating func append(_ text: some Sequence<UInt8>) {
        bytes.append(contentsOf: text)
        ends.append(UInt32(truncatingIfNeeded: bytes.count))
    }

    mutating func append(contentsOf other: StringColumn) {
        let shift = UInt32(truncatingIfNeeded: bytes.count)
        bytes.append(contentsOf: other.bytes)
        ends.reserveCapacity(ends.count + other.ends.count)
        for end in other.ends { ends.append(end &+ shift) }
    }

    mutating func reserveCapacity(texts: Int, bytes byteCount: Int) {
        ends.reserveCapacity(texts)
        bytes.reserveCapacity(byteCount)
    }

    /// Whether the offsets of four bytes still reach everything.
    var fits: Bool { bytes.count <= Int(UInt32.max) }

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

    /// A view without reference counting, valid while the body runs.
    func withView<Result>(_ body: (View) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBufferPointer { bytes in
            try ends.withUnsafeBufferPointer { ends in try body(View(bytes: bytes, ends: ends)) }
        }
    }

    struct View {
        fileprivate let bytes: UnsafeBufferPointer<UInt8>
        fileprivate let ends: UnsafeBufferPointer<UInt32>

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
    private(set) var texts: [String] = []
    private var numbers: [[UInt8]: UInt32] = [:]
    private var last: ([UInt8], UInt32)?

    mutating func number(of text: UnsafeBufferPointer<UInt8>) -> UInt32 {
        if let last, last.0.elementsEqual(text) { return last.1 }
        let key = Array(text)
        let number: UInt32
        if let known = numbers[key] {
            number = known
        } else {
            number = UInt32(texts.count)
            texts.append(String(decoding: key, as: UTF8.self))
            numbers[key] = number
        }
        last = (key, number)
        return number
    }

    mutating func number(of text: String) -> UInt32 {
        var text = text
        return text.withUTF8 { number(of: $0) }
    }
}
