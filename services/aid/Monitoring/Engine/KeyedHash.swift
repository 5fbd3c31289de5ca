/// SipHash-1-3 with 128 bits of result, keyed anew for every run (Aumasson, Bernstein: "SipHash", 2012).
///
/// Rows and ids that hash alike are taken as equal without looking at their bytes: with a secret key the chance that
/// two of 10⁹ different keys meet is below 10⁻²⁰, and no file can be made to cause it.
struct KeyedHash: Sendable {
    struct Value: Hashable, Sendable {
        let low: UInt64
        let high: UInt64
    }

    private let key0: UInt64
    private let key1: UInt64

    init() {
        var random = SystemRandomNumberGenerator()
        key0 = random.next()
        key1 = random.next()
    }

    @inline(__always)
    func begin() -> State {
        State(key0, key1)
    }

    @inline(__always)
    func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Value {
        var state = begin()
        state.absorb(bytes)
        return state.finish()
    }

    struct State {
        private var v0: UInt64
        private var v1: UInt64
        private var v2: UInt64
        private var v3: UInt64

        @inline(__always)
        fileprivate init(_ key0: UInt64, _ key1: UInt64) {
            v0 = key0 ^ 0x736f_6d65_7073_6575
            v1 = key1 ^ 0x646f_7261_6e64_6f6d ^ 0xee
            v2 = key0 ^ 0x6c79_6765_6e65_7261
            v3 = key1 ^ 0x7465_6462_7974_6573
        }

        @inline(__always)
        private mutating func round() {
            v0 = v0 &+ v1
            v1 = (v1 &<< 13 | v1 &>> 51) ^ v0
            v0 = v0 &<< 32 | v0 &>> 32
            v2 = v2 &+ v3
            v3 = (v3 &<< 16 | v3 &>> 48) ^ v2
            v0 = v0 &+ v3
            v3 = (v3 &<< 21 | v3 &>> 43) ^ v0
            v2 = v2 &+ v1
            v1 = (v1 &<< 17 | v1 &>> 47) ^ v2
            v2 = v2 &<< 32 | v2 &>> 32
        }

        @inline(__always)
        mutating func absorb(_ word: UInt64) {
            v3 ^= word
            round()
            v0 ^= word
        }

        /// A text's bytes, then a word with its length, so that no two lists of texts look alike.
        @inline(__always)
        mutating func absorb(_ bytes: UnsafeBufferPointer<UInt8>) {
            var index = 0
            if let base = bytes.baseAddress {
                let raw = UnsafeRawPointer(base)
                while index &+ 8 <= bytes.count {
                    absorb(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                    index &+= 8
                }
            }
            var tail = UInt64(truncatingIfNeeded: bytes.count) &<< 56
            var shift: UInt64 = 0
            while index < bytes.count {
                tail |= UInt64(bytes[index]) &<< shift
                shift &+= 8
                index &+= 1
            }
            absorb(tail)
        }

        @inline(__always)
        mutating func finish() -> Value {
            v2 ^= 0xee
            round()
            round()
            round()
            let low = v0 ^ v1 ^ v2 ^ v3
            v1 ^= 0xdd
            round()
            round()
            round()
            return Value(low: low, high: v0 ^ v1 ^ v2 ^ v3)
        }
    }
}
