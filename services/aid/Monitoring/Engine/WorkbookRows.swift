import SocialDomain
import Tabular

/// The rows of a workbook's first sheet, handed out like those of a CSV file: every row as wide as the header.
///
/// The whole sheet is read once when it is opened: a workbook that breaks at its end is refused, not half used.
struct WorkbookRows: Sendable {
    let header: [String]
    /// Bytes of the file.
    let size: Int
    private let file: FeedFile

    /// Throws `ReadFault` where the file cannot be read, `Refusal` where it is no workbook or is empty.
    init(file: FeedFile) throws {
        self.file = file
        size = file.size
        // Tells a file that cannot be opened from one that is no workbook.
        _ = try ReadableFile(path: file.path)
        var names: [String]?
        do {
            try XLSXSheet(path: file.path).forEachRow { _, cells in
                if names == nil { names = cells.map { TextForm.trimmed($0.text) } }
                return true
            }
        } catch let fault as XLSXFault {
            switch fault {
            case .changed: throw ReadFault.changed(path: file.path)
            case .unreadable(let code): throw ReadFault.cannotRead(path: file.path, code: code)
            default: throw Refusal(.unreadable)
            }
        }
        guard let names else { throw Refusal(.missingColumn) }
        header = names
    }

    /// Hands out the rows below the header.
    ///
    /// - Parameter identityColumn: where a number of 16 or more digits is no identity number: a spreadsheet has
    ///   rounded it.
    func read(identityColumn: Int?, _ body: (TableBatch) -> Void) throws(ReadFault) {
        var batch = WorkbookBatch()
        var isHeader = true
        do {
            try XLSXSheet(path: file.path).forEachRow { line, cells in
                if isHeader {
                    isHeader = false
                    return true
                }
                batch.append(line: line, cells, width: header.count, identityColumn: identityColumn)
                if batch.isFull { batch.handOut(body) }
                return true
            }
            batch.handOut(body)
        } catch {
            // It was read whole a moment ago.
            throw .changed(path: file.path)
        }
    }
}

/// Rows put together in the form in which a CSV file's are.
private struct WorkbookBatch {
    private var bytes: [UInt8] = []
    private var rows: [TableRow] = []
    private var cells: [CellSpan] = []

    var isFull: Bool { rows.count == 512 }

    mutating func append(line: Int, _ row: [XLSXCell], width: Int, identityColumn: Int?) {
        // The first line of the part is 1, and its rows count from there.
        rows.append(
            TableRow(firstCell: UInt32(cells.count), cellCount: Int32(width), line: UInt32(line - 1)))
        for column in 0..<width {
            let start = UInt32(bytes.count)
            if column < row.count {
                let isRounded = row[column].hasRoundedDigits && column == identityColumn
                bytes.append(contentsOf: isRounded ? "#".utf8 : row[column].text.utf8)
            }
            cells.append(CellSpan(start: start, end: UInt32(bytes.count)))
        }
    }

    mutating func handOut(_ body: (TableBatch) -> Void) {
        // Readers load whole words: room behind the last cell.
        bytes.append(contentsOf: repeatElement(0, count: 64))
        bytes.withUnsafeBufferPointer { bytes in
            rows.withUnsafeBufferPointer { rows in
                cells.withUnsafeBufferPointer { cells in
                    guard let base = bytes.baseAddress, let row = rows.baseAddress, let cell = cells.baseAddress
                    else { return }
                    body(TableBatch(base: base, rows: row, cells: cell, count: rows.count))
                }
            }
        }
        bytes.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        cells.removeAll(keepingCapacity: true)
    }
}
