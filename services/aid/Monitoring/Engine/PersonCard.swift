/// What is looked at of a person for every row of an extract: 32 bytes that one cache line holds.
struct PersonCard: BitwiseCopyable, Sendable {
    /// The first 17 digits, 0 where absent or wrong.
    var idNumber: Int64
    /// The name's bytes, where they are at most `longestName`: with the size they tell one name from any other.
    private var name: PackedName
    private var nameSize: UInt8
    /// Whether another person has the same identity number.
    var isShared: Bool

    private static let longestName = 16
    private static let isElsewhere: UInt8 = 255

    init(idNumber: Int64, name: UnsafeBufferPointer<UInt8>) {
        self.idNumber = idNumber
        isShared = false
        if let base = name.baseAddress, name.count <= Self.longestName {
            self.name = PackedName(base, name.count)
            nameSize = UInt8(name.count)
        } else {
            self.name = PackedName()
            nameSize = name.isEmpty ? 0 : Self.isElsewhere
        }
    }

    /// Whether these are the registered name's bytes; false also where the card has no room for them.
    @inline(__always)
    func hasName(_ start: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        count == Int(nameSize) && count <= Self.longestName && PackedName(start, count) == name
    }
}

/// Up to 16 bytes in two words; texts of one size have the same words only where they are the same.
private struct PackedName: BitwiseCopyable, Equatable, Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init() {}

    /// The two words overlap where the text is shorter than both.
    @inline(__always)
    init(_ start: UnsafePointer<UInt8>, _ count: Int) {
        let bytes = UnsafeRawPointer(start)
        if count >= 8 {
            low = bytes.loadUnaligned(as: UInt64.self)
            high = bytes.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
        } else if count >= 4 {
            low = UInt64(bytes.loadUnaligned(as: UInt32.self))
            high = UInt64(bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
        } else if count > 0 {
            low = UInt64(start[0]) | UInt64(start[count &>> 1]) &<< 8 | UInt64(start[count &- 1]) &<< 16
        }
    }
}
