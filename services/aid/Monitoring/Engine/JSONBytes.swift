/// Writes JSON by hand where every byte and its place are laid down.
struct JSONBytes {
    private(set) var bytes: [UInt8] = []

    mutating func reserveCapacity(_ count: Int) {
        bytes.reserveCapacity(count)
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    @inline(__always)
    mutating func raw(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @inline(__always)
    mutating func raw(_ text: some Collection<UInt8>) {
        bytes.append(contentsOf: text)
    }

    @inline(__always)
    mutating func raw(_ text: UnsafeBufferPointer<UInt8>) {
        bytes.append(contentsOf: text)
    }

    mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { string($0) }
    }

    /// A quoted string; only `"`, `\` and U+0000–U+001F are escaped.
    mutating func string(_ text: UnsafeBufferPointer<UInt8>) {
        bytes.append(0x22)
        if text.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) {
            bytes.append(contentsOf: text)
        } else {
            for byte in text { escaped(byte) }
        }
        bytes.append(0x22)
    }

    private mutating func escaped(_ byte: UInt8) {
        switch byte {
        case 0x22: raw("\\\"")
        case 0x5C: raw("\\\\")
        case 0x08: raw("\\b")
        case 0x09: raw("\\t")
        case 0x0A: raw("\\n")
        case 0x0C: raw("\\f")
        case 0x0D: raw("\\r")
        case 0..<0x20:
            raw("\\u00")
            for digit in [byte >> 4, byte & 0xF] { bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
        default: bytes.append(byte)
        }
    }

    mutating func int(_ value: Int64) {
        if value >= 0, value < 10 {
            bytes.append(0x30 + UInt8(value))
        } else {
            bytes.append(contentsOf: String(value).utf8)
        }
    }

    /// Whole hundredths as the double that they are divided by 100: the shortest decimal, at least one digit behind the
    /// point.
    ///
    /// Two decimals are the shortest up to 10¹⁵ hundredths, where doubles still tell neighbours apart.
    mutating func hundredths(_ value: Int64) {
        guard value >= 0, value < 1_000_000_000_000_000 else {
            bytes.append(contentsOf: DecimalText.text(of: Double(value) / 100).utf8)
            return
        }
        int(value / 100)
        bytes.append(0x2E)
        let cents = UInt8(value % 100)
        bytes.append(0x30 + cents / 10)
        if cents % 10 != 0 { bytes.append(0x30 + cents % 10) }
    }
}
