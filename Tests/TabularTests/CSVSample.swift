import Foundation
import Tabular

/// A CSV file in a folder of its own, and how the reader reads it.
struct CSVSample: ~Copyable {
    /// One record: its cells as bytes, nil where it is broken, and the line on which it begins.
    struct Record: Equatable {
        let line: Int
        let cells: [[UInt8]]?

        /// The cells as text; nil where the record is broken.
        var text: [String]? { cells?.map { String(decoding: $0, as: UTF8.self) } }
    }

    let file: ReadableFile
    private let folder: URL

    init(_ bytes: some Collection<UInt8>) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "csv-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let place = folder.appending(path: "sample.csv")
        try Data(bytes).write(to: place)
        file = try ReadableFile(path: place.path)
    }

    init(_ text: String) throws {
        try self.init(Array(text.utf8))
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    var url: URL { folder.appending(path: "sample.csv") }

    func header(_ encoding: TextEncoding = .utf8) throws -> CSVHeader {
        try CSVHeader(file: file, encoding: encoding)
    }

    /// Why the header is refused, nil where it is not.
    func headerFault(_ encoding: TextEncoding = .utf8) -> CSVHeader.Fault? {
        do throws(CSVHeader.Fault) {
            _ = try CSVHeader(file: file, encoding: encoding)
            return nil
        } catch {
            return error
        }
    }

    /// The records behind the header, read through the header's own idea of where they begin.
    func dataRecords(_ encoding: TextEncoding = .utf8) throws -> [Record] {
        let header = try header(encoding)
        return try records(
            from: header.dataOffset, columns: header.columns, firstLine: header.lines + 1, encoding: encoding)
    }

    /// Every record from an offset on; the borders are where one opening of the reader ends and the next begins.
    func records(
        from start: Int = 0, columns: Int = 100, firstLine: Int = 1, encoding: TextEncoding = .utf8,
        borders: [Int] = []
    ) throws -> [Record] {
        let scanner = CSVScanner(file: file, encoding: encoding, columns: columns)
        var records: [Record] = []
        var line = firstLine
        var offset = start
        for border in borders + [file.size] where border > offset {
            try scanner.open(from: offset, until: border)
            while try scanner.nextBatch() {
                for index in 0..<scanner.rowCount {
                    let row = scanner.rows[index]
                    records.append(Record(line: line + Int(row.line), cells: Self.cells(of: row, scanner)))
                }
            }
            line += scanner.lineCount
            offset = scanner.offset
        }
        return records
    }

    private static func cells(of row: TableRow, _ scanner: CSVScanner) -> [[UInt8]]? {
        guard row.cellCount >= 0 else { return nil }
        return (0..<Int(row.cellCount)).map { index in
            let span = scanner.cells[Int(row.firstCell) + index]
            return Array(UnsafeBufferPointer(start: scanner.base + Int(span.start), count: Int(span.end - span.start)))
        }
    }
}

/// The records of a text that begins with one.
func csvRecords(_ text: String) throws -> [CSVSample.Record] {
    try CSVSample(text).records()
}

/// The records' cells of a text; nil where a record is broken.
func csvCells(_ text: String) throws -> [[String]?] {
    try csvRecords(text).map(\.text)
}

/// The lines on which a text's records begin.
func csvLines(_ text: String) throws -> [Int] {
    try csvRecords(text).map(\.line)
}
