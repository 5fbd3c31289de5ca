package func bigEndianBytes<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) }
}

/// The length stands first, so that no two lists of parts have the same bytes.
package func lengthPrefixed(_ bytes: [UInt8]) -> [UInt8] {
    bigEndianBytes(UInt64(bytes.count)) + bytes
}

/// Compares in a time that depends on the lengths alone.
func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
