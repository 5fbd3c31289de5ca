import SocialDomain
import Tabular

/// One cell of a row as bytes in its file's encoding.
///
/// The bytes belong to the reader's buffer and live until its next batch.
struct Cell {
    let start: UnsafePointer<UInt8>
    let count: Int

    @inline(__always)
    init(start: UnsafePointer<UInt8>, count: Int) {
        self.start = start
        self.count = count
    }

    @inline(__always)
    subscript(index: Int) -> UInt8 { start[index] }

    var raw: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

    /// Whether nothing but white space stands in the cell.
    @inline(__always)
    func isAbsent(_ encoding: TextEncoding) -> Bool {
        if count == 0 { return true }
        let first = start[0]
        // Neither ASCII ink nor the lead byte of a Han character in UTF-8 can begin white space.
        if (first > 0x20 && first < 0x80) || (encoding == .utf8 && first >= 0xE4) { return false }
        return WhiteSpace.isBlank(raw, encoding)
    }

    /// The cell as text: decoded and trimmed.
    func text(_ encoding: TextEncoding) -> String {
        encoding.decode(WhiteSpace.trimmed(raw, encoding))
    }

    /// The cell for reading a number or a date: decoded, trimmed, full width folded to ASCII, `￥` to `¥`.
    func folded(_ encoding: TextEncoding) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in text(encoding).unicodeScalars {
            let folded: Unicode.Scalar
            switch scalar.value {
            case 0xFF01...0xFF5E: folded = Unicode.Scalar(UInt8(scalar.value - 0xFEE0))
            case 0xFFE5: folded = "¥"
            default: folded = scalar
            }
            bytes.append(contentsOf: UTF8.encode(folded) ?? .init())
        }
        return bytes
    }
}

/// The numbers that stand for a value that is not there.
///
/// Every value of a cell is at least 0 (dates: far above), so that one comparison tells.
enum Absence {
    static let missing: Int64 = -1
    static let bad: Int64 = -2
    static let missingDate = Int32.min
    static let badDate = Int32.min + 1
    /// The date of a row whose file has no date column.
    static let undated = Int32.min + 2
}
