internal import CScan

/// How a text file's bytes spell characters; told apart by the whole file's bytes, never by its beginning.
package enum TextEncoding: Sendable {
    case utf8
    case gb18030
}

extension TextEncoding {
    /// Whether every byte of the buffer belongs to a well-formed character of this encoding.
    ///
    /// A buffer must begin and end at a character's border; line ends are such borders in both encodings.
    package func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        switch self {
        case .utf8: UTF8Check.isValid(bytes)
        case .gb18030: GB18030Table.shared.isValid(bytes)
        }
    }

    /// The text as UTF-8, for bytes that are valid in this encoding; what is not becomes U+FFFD.
    package func decode(_ bytes: UnsafeRawBufferPointer) -> String {
        switch self {
        case .utf8: String(decoding: bytes, as: UTF8.self)
        case .gb18030: String(decoding: GB18030Table.shared.utf8(bytes), as: UTF8.self)
        }
    }
}

/// The well-formedness of UTF-8 (Unicode 15, table 3-7), fast over ASCII and over the three-byte forms of Chinese.
enum UTF8Check {
    static func isValid(_ buffer: UnsafeRawBufferPointer) -> Bool {
        guard let base = buffer.baseAddress else { return true }
        let answer = scan_is_utf8(base.assumingMemoryBound(to: UInt8.self), buffer.count)
        return answer < 0 ? isValidByWords(buffer) : answer != 0
    }

    /// The same on any processor.
    static func isValidByWords(_ buffer: UnsafeRawBufferPointer) -> Bool {
        guard let base = buffer.baseAddress else { return true }
        let count = buffer.count
        var index = 0
        while index < count {
            if index &+ 8 <= count {
                let word = base.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                if word & 0x8080_8080_8080_8080 == 0 {
                    index &+= 8
                    continue
                }
                // ASCII before the first high byte is passed in one step.
                index &+= (word & 0x8080_8080_8080_8080).trailingZeroBitCount &>> 3
            }
            let first = base.load(fromByteOffset: index, as: UInt8.self)
            if first < 0x80 {
                index &+= 1
                continue
            }
            // A run of three-byte characters E1–EC, EE–EF: no second-byte exceptions.
            while index &+ 4 <= count {
                let word = base.loadUnaligned(fromByteOffset: index, as: UInt32.self)
                let lead = word & 0xFF
                guard word & 0x00C0_C0F0 == 0x0080_80E0, lead != 0xE0, lead != 0xED else { break }
                index &+= 3
            }
            guard index < count else { break }
            let length = sequenceLength(base, index, count)
            if length == 0 { return false }
            index &+= length
        }
        return true
    }

    /// The length of the well-formed character at the index, 0 where there is none.
    private static func sequenceLength(_ base: UnsafeRawPointer, _ index: Int, _ count: Int) -> Int {
        func byte(_ offset: Int) -> UInt8 {
            index &+ offset < count ? base.load(fromByteOffset: index &+ offset, as: UInt8.self) : 0
        }
        func isTail(_ offset: Int) -> Bool { byte(offset) & 0xC0 == 0x80 }
        let first = byte(0)
        switch first {
        case 0x00...0x7F: return 1
        case 0xC2...0xDF: return isTail(1) ? 2 : 0
        case 0xE0...0xEF:
            let second = byte(1)
            let low: UInt8 = first == 0xE0 ? 0xA0 : 0x80
            let high: UInt8 = first == 0xED ? 0x9F : 0xBF
            return second >= low && second <= high && isTail(2) ? 3 : 0
        case 0xF0...0xF4:
            let second = byte(1)
            let low: UInt8 = first == 0xF0 ? 0x90 : 0x80
            let high: UInt8 = first == 0xF4 ? 0x8F : 0xBF
            return second >= low && second <= high && isTail(2) && isTail(3) ? 4 : 0
        default: return 0
        }
    }
}
