/// A number of a spreadsheet in plain digits.
enum SpreadsheetNumber {
    /// The number that the bytes spell in XML's way (`-12.5e3`), or nil where they spell none that a double can hold.
    static func value(of bytes: UnsafeRawBufferPointer) -> Double? {
        guard isNumber(bytes), let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else {
            return nil
        }
        return value
    }

    /// Whether the bytes are already the shortest decimal that reads back the same.
    ///
    /// Every decimal of at most 15 digits names its own double (C's DBL_DIG is 15), so that no shorter one can read
    /// back the same: only needless zeros and signs have to be ruled out.
    static func isShortest(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        let count = bytes.count
        if index < count, bytes[index] == UInt8(ascii: "-") { index += 1 }
        guard count - index <= 16, index < count else { return false }
        let first = index
        while index < count, isDigit(bytes[index]) { index += 1 }
        let whole = index - first
        guard whole > 0, whole <= 15 else { return false }
        if bytes[first] == UInt8(ascii: "0"), whole > 1 { return false }
        if index == count { return !(first == 1 && bytes[first] == UInt8(ascii: "0")) }
        guard bytes[index] == UInt8(ascii: ".") else { return false }
        index += 1
        let fractionStart = index
        while index < count, isDigit(bytes[index]) { index += 1 }
        guard index == count, index > fractionStart, bytes[index - 1] != UInt8(ascii: "0") else { return false }
        return whole + index - fractionStart <= 15
    }

    /// The shortest decimal that reads back the same, without exponent; whole numbers without a point. A negative zero
    /// is zero: spreadsheets know only one.
    static func plainDigits(_ value: Double) -> String {
        if value == 0 { return "0" }
        // Swift prints the shortest digits that read back the same, with an exponent for large and small values.
        let shortest = Array(value.description.utf8)
        var digits: [UInt8] = []
        var pointAt: Int?
        var exponent = 0
        var index = shortest[0] == UInt8(ascii: "-") ? 1 : 0
        let isNegative = index == 1
        while index < shortest.count {
            let byte = shortest[index]
            if byte == UInt8(ascii: ".") {
                pointAt = digits.count
            } else if byte == UInt8(ascii: "e") {
                exponent = Int(String(decoding: shortest[(index + 1)...], as: UTF8.self)) ?? 0
                break
            } else {
                digits.append(byte)
            }
            index += 1
        }
        var point = (pointAt ?? digits.count) + exponent
        while digits.count > 1, digits.last == UInt8(ascii: "0"), digits.count > point { digits.removeLast() }
        let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(leading)
        point -= leading

        var text: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
        if point <= 0 {
            text += [UInt8(ascii: "0"), UInt8(ascii: ".")]
            text += repeatElement(UInt8(ascii: "0"), count: -point)
            text += digits
        } else if digits.count <= point {
            text += digits
            text += repeatElement(UInt8(ascii: "0"), count: point - digits.count)
        } else {
            text += digits[..<point]
            text.append(UInt8(ascii: "."))
            text += digits[point...]
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }

    /// `xsd:double` without its names for infinity and not-a-number.
    private static func isNumber(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        func digits() -> Int {
            let start = index
            while index < bytes.count, isDigit(bytes[index]) { index += 1 }
            return index - start
        }
        func sign() {
            if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
                index += 1
            }
        }
        sign()
        var count = digits()
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            count += digits()
        }
        guard count > 0 else { return false }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            sign()
            guard digits() > 0 else { return false }
        }
        return index == bytes.count
    }
}
