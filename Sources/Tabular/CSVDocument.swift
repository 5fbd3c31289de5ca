/// A small CSV file, read whole: what the service's forms and tests need; feeds go through `CSVScanner` in batches.
package struct CSVDocument: Sendable {
    package struct Row: Hashable, Sendable {
        /// The line on which the row begins, the header's and blank lines counted, from 1.
        package let line: Int
        /// The cells as they stand, untrimmed; nil where the row breaks RFC 4180.
        package let cells: [String]?

        package init(line: Int, cells: [String]?) {
            self.line = line
            self.cells = cells
        }
    }

    package let encoding: TextEncoding
    /// The first row that is not blank, trimmed.
    package let header: [String]
    package let rows: [Row]

    package enum Fault: Error, Equatable {
        /// Neither UTF-8 nor GB18030 throughout.
        case encoding
        case header(CSVHeader.Fault)
        case read(ReadFault)
    }

    /// - Parameter limit: Bytes of the file beyond which it is refused; default 64 MiB.
    package init(path: String, limit: Int = 64 << 20) throws(Fault) {
        let file: ReadableFile
        let found: TextEncoding?
        do throws(ReadFault) {
            file = try ReadableFile(path: path)
            found = try file.readAll(limit: limit).withUnsafeBytes(Self.encoding)
        } catch {
            throw .read(error)
        }
        guard let found else { throw .encoding }
        encoding = found
        let header: CSVHeader
        do throws(CSVHeader.Fault) {
            header = try CSVHeader(file: file, encoding: found)
        } catch {
            throw .header(error)
        }
        self.header = header.names
        do throws(ReadFault) {
            rows = try Self.rows(file, encoding: found, after: header)
        } catch {
            throw .read(error)
        }
    }

    private static func encoding(of bytes: UnsafeRawBufferPointer) -> TextEncoding? {
        if TextEncoding.utf8.isValid(bytes) { return .utf8 }
        return TextEncoding.gb18030.isValid(bytes) ? .gb18030 : nil
    }

    private static func rows(
        _ file: ReadableFile, encoding: TextEncoding, after header: CSVHeader
    ) throws(ReadFault) -> [Row] {
        // A row may be wider than the header, and is then shown whole.
        let scanner = CSVScanner(file: file, encoding: encoding, columns: max(header.columns, 1 << 14))
        var rows: [Row] = []
        try scanner.open(from: header.dataOffset, until: file.size)
        while try scanner.nextBatch() {
            for row in UnsafeBufferPointer(start: scanner.rows, count: scanner.rowCount) {
                let line = header.lines + Int(row.line) + 1
                guard row.cellCount >= 0 else {
                    rows.append(Row(line: line, cells: nil))
                    continue
                }
                let cells = (0..<Int(row.cellCount)).map { index in
                    let span = scanner.cells[Int(row.firstCell) + index]
                    return encoding.decode(
                        UnsafeRawBufferPointer(
                            start: scanner.base + Int(span.start), count: Int(span.end - span.start)))
                }
                rows.append(Row(line: line, cells: cells))
            }
        }
        try file.requireUnchanged()
        return rows
    }
}
