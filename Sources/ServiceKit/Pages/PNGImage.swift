/// A picture in black and white as a PNG file (ISO/IEC 15948): one bit a pixel, not compressed, which for codes of some
/// hundred pixels is 20 kB and needs no library.
struct PNGImage {
    private(set) var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    private static let checksums: [UInt32] = (0..<256).map { number in
        (0..<8).reduce(UInt32(number)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ sum >> 1 : sum >> 1 }
    }

    init(width: Int, height: Int, isBlack: (_ x: Int, _ y: Int) -> Bool) {
        var rows: [UInt8] = []
        rows.reserveCapacity(height * ((width + 7) / 8 + 1))
        for y in 0..<height {
            // No filter.
            rows.append(0)
            for start in stride(from: 0, to: width, by: 8) {
                var byte: UInt8 = 0
                for x in start..<start + 8 {
                    // In grey of one bit, 1 is white.
                    byte = byte << 1 | (x < width && isBlack(x, y) ? 0 : 1)
                }
                rows.append(byte)
            }
        }
        // Depth 1, grey, deflate, the standard filters, not interlaced.
        add("IHDR", Self.number(UInt32(width)) + Self.number(UInt32(height)) + [1, 0, 0, 0, 0])
        add("IDAT", Self.stored(rows))
        add("IEND", [])
    }

    private mutating func add(_ kind: String, _ content: [UInt8]) {
        let body = Array(kind.utf8) + content
        bytes += Self.number(UInt32(content.count)) + body
        let sum = body.reduce(UInt32.max) { Self.checksums[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
        bytes += Self.number(~sum)
    }

    private static func number(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// A zlib stream (RFC 1950) of stored blocks (RFC 1951 §3.2.4), each of at most 65,535 bytes.
    private static func stored(_ data: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        for start in stride(from: 0, to: data.count, by: 65_535) {
            let end = min(start + 65_535, data.count)
            let length = UInt16(end - start)
            stream.append(end == data.count ? 1 : 0)
            for part in [length, ~length] {
                stream += [UInt8(truncatingIfNeeded: part), UInt8(truncatingIfNeeded: part >> 8)]
            }
            stream += data[start..<end]
        }
        // Adler-32.
        var (low, high): (UInt32, UInt32) = (1, 0)
        for byte in data {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return stream + number(high << 16 | low)
    }
}
