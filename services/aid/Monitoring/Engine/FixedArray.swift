import Glibc

/// An array of a fixed length outside Swift's reference counting, zero at first, for columns of millions of values.
///
/// Sendable because its users write it in one phase, each element by one thread, and only read it after that phase has
/// been joined; `MonitoringRunTests` compares the results of one and of many threads.
final class FixedArray<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    let base: UnsafeMutablePointer<Element>
    let count: Int

    private let mappedBytes: Int
    /// From here on the memory is mapped for the array alone, in large pages: fewer faults, fewer misses.
    private static var mapped: Int { 4 << 20 }

    init(count: Int) {
        self.count = count
        let bytes = max(1, count) * MemoryLayout<Element>.stride
        let memory: UnsafeMutableRawPointer?
        if bytes >= Self.mapped {
            let hugePage = 2 << 20
            mappedBytes = (bytes + hugePage - 1) / hugePage * hugePage
            let found = mmap(nil, mappedBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            memory = found == MAP_FAILED ? nil : found
            if let memory { madvise(memory, mappedBytes, MADV_HUGEPAGE) }
        } else {
            mappedBytes = 0
            memory = calloc(1, bytes)
        }
        guard let memory else { fatalError("out of memory for \(bytes) bytes") }
        base = memory.bindMemory(to: Element.self, capacity: max(1, count))
    }

    convenience init(_ elements: [Element]) {
        self.init(count: elements.count)
        elements.withUnsafeBufferPointer { source in
            if let first = source.baseAddress { base.update(from: first, count: source.count) }
        }
    }

    deinit {
        if mappedBytes > 0 { munmap(base, mappedBytes) } else { free(base) }
    }

    @inline(__always)
    subscript(index: Int) -> Element {
        get {
            assert(index >= 0 && index < count)
            return base[index]
        }
        set {
            assert(index >= 0 && index < count)
            base[index] = newValue
        }
    }
}

/// Values at a fixed place, read without reference counting or bounds checks: what the innermost loops go by.
///
/// Sendable because it is never written after it has been made.
final class PinnedArray<Element: Sendable>: @unchecked Sendable {
    let base: UnsafePointer<Element>
    let count: Int
    private let memory: UnsafeMutablePointer<Element>

    init(_ elements: [Element]) {
        count = elements.count
        memory = .allocate(capacity: max(1, elements.count))
        for (place, element) in elements.enumerated() { (memory + place).initialize(to: element) }
        base = UnsafePointer(memory)
    }

    deinit {
        memory.deinitialize(count: count)
        memory.deallocate()
    }

    var buffer: UnsafeBufferPointer<Element> {
        @inline(__always) get { UnsafeBufferPointer(start: base, count: count) }
    }
}

/// Texts end to end, in a fixed order.
struct TextArray: Sendable {
    private let bytes: FixedArray<UInt8>
    private let starts: FixedArray<UInt32>
    let count: Int

    /// The column's texts, of which `order[i]` becomes the i-th.
    init(_ column: JoinedTexts, order: FixedArray<UInt32>) {
        count = order.count
        bytes = FixedArray(count: column.byteCount)
        starts = FixedArray(count: order.count + 1)
        let view = column.view
        var place = 0
        for index in 0..<order.count {
            starts[index] = UInt32(truncatingIfNeeded: place)
            place += view[Int(order[index])].count
        }
        starts[order.count] = UInt32(truncatingIfNeeded: place)
        SideBySide.run(rangesOf: order.count) { [bytes, starts] range in
            let view = column.view
            for index in range {
                let text = view[Int(order[index])]
                if let base = text.baseAddress {
                    (bytes.base + Int(starts[index])).update(from: base, count: text.count)
                }
            }
        }
    }

    @inline(__always)
    subscript(index: Int) -> UnsafeBufferPointer<UInt8> {
        let start = Int(starts[index])
        return UnsafeBufferPointer(start: bytes.base + start, count: Int(starts[index &+ 1]) &- start)
    }

    func text(_ index: Int) -> String {
        String(decoding: self[index], as: UTF8.self)
    }
}
