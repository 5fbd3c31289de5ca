/// The first line of a CSV file that is not blank: its cells, and where the data begin.
package struct CSVHeader: Sendable {
    /// Trimmed of white space, in the file's order.
    package let names: [String]
    /// The number of columns that every row must have.
    package var columns: Int { names.count }
    /// The file offset of the first line after the header.
    package let dataOffset: Int
    /// Lines up to there.
    package let lines: Int

    package enum Fault: Error, Equatable {
        /// The file has no line that is not blank.
        case empty
        /// The header breaks RFC 4180, or is longer than any header.
        case broken
        /// The header's bytes are not of the encoding.
        case encoding
        case read(ReadFault)
    }

    package init(file: ReadableFile, encoding: TextEncoding) throws(Fault) {
        let scanner = CSVScanner(file: file, encoding: encoding, columns: Self.mostColumns)
        var offset = try Self.reading { () throws(ReadFault) in try Self.byteOrderMark(of: file, encoding) }
        var lines = 0
        while offset < file.size {
            let isWellFormed = try Self.reading { () throws(ReadFault) in
                try scanner.open(from: offset, until: offset + 1)
                return try scanner.isWellFormed()
            }
            guard isWellFormed else { throw .encoding }
            let hasRow = try Self.reading { () throws(ReadFault) in try scanner.nextBatch() && scanner.rowCount > 0 }
            let start = offset
            lines += scanner.lineCount
            offset = scanner.offset
            guard hasRow else { continue }
            let row = scanner.rows[0]
            // Of a record too long to hold there are no cells, whatever their number.
            guard row.cellCount >= 0, row.cellCount <= Self.mostColumns,
                offset - start <= CSVScanner.longestRecord
            else { throw .broken }
            names = (0..<Int(row.cellCount)).map { index in
                let span = scanner.cells[Int(row.firstCell) + index]
                let bytes = UnsafeRawBufferPointer(
                    start: scanner.base + Int(span.start), count: Int(span.end - span.start))
                return encoding.decode(WhiteSpace.trimmed(bytes, encoding))
            }
            // Of a header that quotes a line break only the first line has been looked at so far.
            let isWhollyWellFormed = try Self.reading { () throws(ReadFault) in
                try scanner.open(from: start, until: offset)
                return try scanner.isWellFormed()
            }
            guard isWhollyWellFormed else { throw .encoding }
            dataOffset = offset
            self.lines = lines
            return
        }
        throw .empty
    }

    private static let mostColumns = 1 << 20

    private static func reading<Value>(_ body: () throws(ReadFault) -> Value) throws(Fault) -> Value {
        do throws(ReadFault) {
            return try body()
        } catch {
            throw .read(error)
        }
    }

    /// The length of a UTF-8 byte order mark at the file's beginning.
    private static func byteOrderMark(of file: ReadableFile, _ encoding: TextEncoding) throws(ReadFault) -> Int {
        guard encoding == .utf8 else { return 0 }
        let start = UnsafeMutableRawBufferPointer.allocate(byteCount: 3, alignment: 1)
        defer { start.deallocate() }
        return try file.read(into: start, at: 0) == 3 && start.elementsEqual([0xEF, 0xBB, 0xBF]) ? 3 : 0
    }
}
