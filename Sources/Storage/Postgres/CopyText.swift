/// Rows in the text format of COPY.
struct CopyText {
    var bytes: [UInt8] = []

    mutating func add(_ row: [SQLValue]) {
        for (index, value) in row.enumerated() {
            if index > 0 { bytes.append(0x09) }
            switch value {
            case .null: bytes += [0x5c, 0x4e]  // \N
            case .integer(let number): bytes += String(number).utf8
            case .double(let number): bytes += Self.text(of: number).utf8
            case .bool(let isTrue): bytes.append(isTrue ? 0x74 : 0x66)
            case .text(let text): addEscaped(text)
            case .blob(let blob): addHexadecimal(blob)
            }
        }
        bytes.append(0x0a)
    }

    private mutating func addEscaped(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case 0x5c: bytes += [0x5c, 0x5c]
            case 0x09: bytes += [0x5c, 0x74]
            case 0x0a: bytes += [0x5c, 0x6e]
            case 0x0d: bytes += [0x5c, 0x72]
            default: bytes.append(byte)
            }
        }
    }

    private mutating func addHexadecimal(_ blob: [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        bytes += [0x5c, 0x5c, 0x78]  // \\x
        for byte in blob { bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    }

    static func text(of number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
        return "\(number)"
    }
}
