import Tabular

/// Writes GB18030, for the characters that a demonstration holds.
///
/// Built from what the reader decodes, so the two agree by construction; what is not in the two-byte part or the list
/// below becomes `?`.
final class DemoGB18030 {
    private var codes = [UInt16](repeating: 0, count: 0x10000)
    private let output = DemoBytes(capacity: 1 << 20)

    /// The dots and the yuan sign that take four bytes.
    private static let long: [UInt32: [UInt8]] = [
        0x00A5: [0x81, 0x30, 0x84, 0x36], 0x2022: [0x81, 0x36, 0xA6, 0x31], 0x2027: [0x81, 0x36, 0xA6, 0x34],
        0x30FB: [0x81, 0x39, 0xA7, 0x39], 0xFF65: [0x84, 0x31, 0x96, 0x31],
    ]

    init() {
        for lead in 0x81...0xFE as ClosedRange<UInt8> {
            for trail in 0x40...0xFE as ClosedRange<UInt8> where trail != 0x7F {
                let pair = [lead, trail]
                let text = pair.withUnsafeBytes { bytes in
                    TextEncoding.gb18030.isValid(bytes) ? TextEncoding.gb18030.decode(bytes) : ""
                }
                if let scalar = text.unicodeScalars.first, scalar.value < 0x10000, text.unicodeScalars.count == 1 {
                    codes[Int(scalar.value)] = UInt16(lead) << 8 | UInt16(trail)
                }
            }
        }
    }

    /// The text in GB18030, until the next call.
    func encode(_ utf8: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        output.removeAll()
        var place = 0
        while place < utf8.count {
            let byte = utf8[place]
            if byte < 0x80 {
                output.append(byte)
                place += 1
                continue
            }
            // All text comes from this program: well-formed, of two or three bytes a character.
            let scalar: UInt32
            if byte < 0xE0 {
                scalar = UInt32(byte & 0x1F) << 6 | UInt32(utf8[place + 1] & 0x3F)
                place += 2
            } else {
                scalar =
                    UInt32(byte & 0x0F) << 12 | UInt32(utf8[place + 1] & 0x3F) << 6 | UInt32(utf8[place + 2] & 0x3F)
                place += 3
            }
            let code = codes[Int(scalar)]
            if code != 0 {
                output.append(UInt8(code >> 8))
                output.append(UInt8(code & 0xFF))
            } else if let bytes = Self.long[scalar] {
                for byte in bytes {
                    output.append(byte)
                }
            } else {
                output.append(UInt8(ascii: "?"))
            }
        }
        return output.contents
    }
}
