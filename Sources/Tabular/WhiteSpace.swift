/// Unicode's White_Space property, over bytes.
///
/// Code points: U+0009–U+000D, U+0020, U+0085, U+00A0, U+1680, U+2000–U+200A, U+2028, U+2029, U+202F, U+205F, U+3000
/// (PropList.txt, Unicode 15.1); U+200B and U+FEFF are not among them.
package enum WhiteSpace {
    package static func isBlank(_ bytes: UnsafeRawBufferPointer, _ encoding: TextEncoding) -> Bool {
        guard let first = bytes.first else { return true }
        if first > 0x20, first < 0x80 { return false }
        return trimmed(bytes, encoding).isEmpty
    }

    /// The bytes without the white space at both ends.
    package static func trimmed(
        _ bytes: UnsafeRawBufferPointer, _ encoding: TextEncoding
    ) -> UnsafeRawBufferPointer {
        var (start, end) = (0, bytes.count)
        switch encoding {
        case .utf8:
            while start < end {
                let length = leadingLength(bytes, start, end)
                if length == 0 { break }
                start += length
            }
            while start < end {
                let length = trailingLength(bytes, start, end)
                if length == 0 { break }
                end -= length
            }
        case .gb18030:
            // Trail bytes look like other characters, so the end is found by going forward once.
            var place = 0
            var lastInk = 0
            var firstInk: Int?
            while place < end {
                let length = GB18030Form.length(bytes, place)
                if !GB18030Form.isWhiteSpace(bytes, place, length) {
                    if firstInk == nil { firstInk = place }
                    lastInk = place + length
                }
                place += length
            }
            start = firstInk ?? end
            end = max(start, min(lastInk, end))
        }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }

    @inline(__always)
    private static func leadingLength(_ bytes: UnsafeRawBufferPointer, _ at: Int, _ end: Int) -> Int {
        let first = bytes[at]
        if first < 0x80 { return isASCII(first) ? 1 : 0 }
        if first == 0xC2, at + 1 < end { return bytes[at + 1] == 0x85 || bytes[at + 1] == 0xA0 ? 2 : 0 }
        guard at + 2 < end else { return 0 }
        return isThreeByte(first, bytes[at + 1], bytes[at + 2]) ? 3 : 0
    }

    @inline(__always)
    private static func trailingLength(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Int {
        let last = bytes[end - 1]
        if last < 0x80 { return isASCII(last) ? 1 : 0 }
        if end - start >= 2, bytes[end - 2] == 0xC2 { return last == 0x85 || last == 0xA0 ? 2 : 0 }
        guard end - start >= 3 else { return 0 }
        return isThreeByte(bytes[end - 3], bytes[end - 2], last) ? 3 : 0
    }

    private static func isASCII(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
    }

    private static func isThreeByte(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
        switch (first, second) {
        case (0xE1, 0x9A): third == 0x80
        case (0xE2, 0x80): third <= 0x8A || third == 0xA8 || third == 0xA9 || third == 0xAF
        case (0xE2, 0x81): third == 0x9F
        case (0xE3, 0x80): third == 0x80
        default: false
        }
    }
}

/// The lengths and the white space of GB 18030's forms.
private enum GB18030Form {
    static func length(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> Int {
        guard bytes[at] >= 0x81, at + 1 < bytes.count else { return 1 }
        return bytes[at + 1] >= 0x30 && bytes[at + 1] <= 0x39 ? min(4, bytes.count - at) : 2
    }

    static func isWhiteSpace(_ bytes: UnsafeRawBufferPointer, _ at: Int, _ length: Int) -> Bool {
        let form = UnsafeRawBufferPointer(rebasing: bytes[at..<at + length])
        let utf8 = GB18030Table.shared.utf8(form)
        return utf8.withUnsafeBytes { WhiteSpace.isBlank($0, .utf8) }
    }
}
