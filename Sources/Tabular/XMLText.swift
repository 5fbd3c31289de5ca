import Glibc

/// The characters of an XML text, its references resolved and its line ends made one LF.
struct XMLText {
    private(set) var bytes: [UInt8] = []
    private var lastWasReturn = false

    var string: String? {
        String(validating: bytes, as: UTF8.self)
    }

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        lastWasReturn = false
    }

    /// Adds a text with references; false where one is none of XML's own or a character is not allowed.
    mutating func appendResolving(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let start = text.baseAddress, memchr(start, Int32(UInt8(ascii: "&")), text.count) != nil else {
            return append(text)
        }
        var index = 0
        while index < text.count {
            let rest = UnsafeRawBufferPointer(rebasing: text[index...])
            guard let ampersand = rest.firstIndex(of: UInt8(ascii: "&")) else { return append(rest) }
            guard append(UnsafeRawBufferPointer(rebasing: rest[..<ampersand])) else { return false }
            let reference = rest[(ampersand + 1)...].prefix(16)
            guard let semicolon = reference.firstIndex(of: UInt8(ascii: ";")),
                let scalar = Self.scalar(ofReference: reference[..<semicolon]),
                let encoded = UTF8.encode(scalar)
            else { return false }
            bytes.append(contentsOf: encoded)
            lastWasReturn = false
            index += semicolon + 1
        }
        return true
    }

    /// Adds characters as they stand, line ends as one LF (XML 1.0, 2.11); false where one is not allowed.
    mutating func append(_ text: UnsafeRawBufferPointer) -> Bool {
        guard !text.isEmpty else { return true }
        if text.allSatisfy({ $0 >= 0x20 }) {
            bytes.append(contentsOf: text)
            lastWasReturn = false
            return true
        }
        for byte in text {
            switch byte {
            case 0x0D: bytes.append(0x0A)
            case 0x0A: if !lastWasReturn { bytes.append(0x0A) }
            case 0x09, 0x20...: bytes.append(byte)
            default: return false
            }
            lastWasReturn = byte == 0x0D
        }
        return true
    }

    private static func scalar(ofReference name: Slice<UnsafeRawBufferPointer>) -> Unicode.Scalar? {
        switch String(decoding: name, as: UTF8.self) {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "quot": return "\""
        case "apos": return "'"
        case let text where text.hasPrefix("#x"): return scalar(digits: text.dropFirst(2), radix: 16)
        case let text where text.hasPrefix("#"): return scalar(digits: text.dropFirst(), radix: 10)
        default: return nil
        }
    }

    /// A character that XML allows (XML 1.0, 2.2).
    private static func scalar(digits: Substring, radix: Int) -> Unicode.Scalar? {
        guard let first = digits.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-"),
            let value = UInt32(digits, radix: radix),
            value >= 0x20 || value == 9 || value == 10 || value == 13, value != 0xFFFE, value != 0xFFFF
        else { return nil }
        return Unicode.Scalar(value)
    }
}

/// The escapes of ECMA-376 part 1, 22.9.2.19, by which spreadsheets write characters that XML does not allow:
/// `_x000D_` is a CR, `_x005F_` an underscore.
enum SpreadsheetEscape {
    /// Replaces the escapes by what they stand for; U+0000 and halves of characters are left as written.
    static func resolve(_ bytes: inout [UInt8]) {
        guard let first = bytes.firstIndex(of: UInt8(ascii: "_")), bytes.count >= 7 else { return }
        var result = Array(bytes[..<first])
        var index = first
        while index < bytes.count {
            guard let unit = unit(bytes, at: index) else {
                result.append(bytes[index])
                index += 1
                continue
            }
            var length = 7
            var value = UInt32(unit)
            if unit & 0xFC00 == 0xD800, let low = Self.unit(bytes, at: index + 7), low & 0xFC00 == 0xDC00 {
                value = 0x10000 + (UInt32(unit) & 0x3FF) << 10 + UInt32(low) & 0x3FF
                length = 14
            }
            if value != 0, let scalar = Unicode.Scalar(value), let encoded = UTF8.encode(scalar) {
                result.append(contentsOf: encoded)
            } else {
                result.append(contentsOf: bytes[index..<index + length])
            }
            index += length
        }
        bytes = result
    }

    /// Writes a text so that it reads back the same: escapes what looks like an escape and what XML does not allow.
    static func escape(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "_") || $0 == 0xEF }) else { return text }
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "_") where unit(bytes, at: index) != nil:
                result.append(contentsOf: "_x005F_".utf8)
            case 0:
                // No C string and no XML can hold it.
                result.append(contentsOf: "\u{FFFD}".utf8)
            case 0xBE...0xBF where index >= 2 && bytes[index - 1] == 0xBF && bytes[index - 2] == 0xEF:
                // U+FFFE and U+FFFF, which XML excludes, become U+FFFD.
                result.append(0xBD)
            case 0x09, 0x0A, 0x20...:
                result.append(byte)
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                result.append(contentsOf: "_x00\(hex.count == 1 ? "0" : "")\(hex)_".utf8)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The UTF-16 unit that an escape at this place spells.
    private static func unit(_ bytes: [UInt8], at index: Int) -> UInt16? {
        guard index + 7 <= bytes.count, bytes[index] == UInt8(ascii: "_"), bytes[index + 1] == UInt8(ascii: "x"),
            bytes[index + 6] == UInt8(ascii: "_")
        else { return nil }
        var value: UInt16 = 0
        for byte in bytes[(index + 2)..<(index + 6)] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt16(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt16(byte - UInt8(ascii: "A") + 10)
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt16(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }
}
