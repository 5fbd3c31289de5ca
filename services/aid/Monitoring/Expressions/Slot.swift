/// One value as a program sees it: 16 trivial bytes.
///
/// An int is the bit pattern of an `Int64`, a double its own bit pattern, a bool 0 or 1, a text the address of its UTF-8
/// bytes and their number. Whoever fills a frame keeps the bytes alive while a program runs over it.
struct Slot {
    var bits: UInt64
    var length: UInt32
    var isNull: Bool

    @inline(__always)
    init(bits: UInt64, length: UInt32 = 0, isNull: Bool = false) {
        self.bits = bits
        self.length = length
        self.isNull = isNull
    }

    static var null: Slot {
        @inline(__always) get { Slot(bits: 0, isNull: true) }
    }

    @inline(__always)
    static func int(_ value: Int64) -> Slot { Slot(bits: UInt64(bitPattern: value)) }

    @inline(__always)
    static func double(_ value: Double) -> Slot { Slot(bits: value.bitPattern) }

    @inline(__always)
    static func bool(_ value: Bool) -> Slot { Slot(bits: value ? 1 : 0) }

    @inline(__always)
    static func text(_ bytes: UnsafePointer<UInt8>, count: Int) -> Slot {
        Slot(bits: UInt64(UInt(bitPattern: bytes)), length: UInt32(truncatingIfNeeded: count))
    }

    var int: Int64 {
        @inline(__always) get { Int64(bitPattern: bits) }
    }

    var double: Double {
        @inline(__always) get { Double(bitPattern: bits) }
    }

    var bytes: UnsafeBufferPointer<UInt8> {
        @inline(__always) get {
            UnsafeBufferPointer(start: UnsafePointer(bitPattern: UInt(truncatingIfNeeded: bits)), count: Int(length))
        }
    }
}

/// What a condition says of one subject.
enum Truth: UInt8, Sendable {
    case no
    case yes
    case failed
}
