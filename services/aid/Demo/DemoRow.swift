/// One row of a feed before it is written: its fields' texts in one buffer, in any order.
final class DemoRow {
    let texts = DemoBytes(capacity: 4096)
    private let starts: UnsafeMutablePointer<Int32>
    private let ends: UnsafeMutablePointer<Int32>
    /// The fields to be quoted whatever the file's habit, by bit.
    private(set) var quoted: UInt32 = 0
    /// Fields written as they are, without quoting: broken on purpose.
    private(set) var raw: UInt32 = 0

    static let capacity = 12
    /// Columns that no kind declares: a running number and a remark.
    static let serial = 10
    static let remark = 11

    init() {
        starts = .allocate(capacity: Self.capacity)
        ends = .allocate(capacity: Self.capacity)
        starts.initialize(repeating: 0, count: Self.capacity)
        ends.initialize(repeating: 0, count: Self.capacity)
    }

    deinit {
        starts.deallocate()
        ends.deallocate()
    }

    func clear() {
        texts.removeAll()
        quoted = 0
        raw = 0
        for field in 0..<Self.capacity {
            starts[field] = 0
            ends[field] = 0
        }
    }

    /// Sets a field, or sets it anew.
    @inline(__always)
    func set(_ field: Int, quoting: Bool = false, _ write: (DemoBytes) -> Void) {
        starts[field] = Int32(texts.count)
        write(texts)
        ends[field] = Int32(texts.count)
        if quoting { quoted |= 1 << UInt32(field) }
    }

    /// Sets a field to what is written verbatim, quotes and all.
    func set(raw field: Int, _ text: StaticString) {
        set(field) { $0.append(text) }
        raw |= 1 << UInt32(field)
    }

    subscript(field: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: texts.contents[Int(starts[field])..<Int(ends[field])])
    }

    /// The bytes of a field of their own, so that the field can be set from them.
    func copy(_ field: Int) -> [UInt8] {
        Array(self[field])
    }

    func writeField(_ field: Int, quotesAll: Bool, to output: DemoBytes) {
        let mask: UInt32 = 1 << UInt32(field)
        if raw & mask != 0 || (quoted & mask == 0 && !quotesAll) {
            output.append(self[field])
            return
        }
        output.append(UInt8(ascii: "\""))
        for byte in self[field] {
            if byte == UInt8(ascii: "\"") { output.append(byte) }
            output.append(byte)
        }
        output.append(UInt8(ascii: "\""))
    }
}
