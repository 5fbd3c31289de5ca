import SocialDomain
import Tabular

/// A file of rows that is to be read: CSV or XLSX, by its suffix.
struct FeedFile: Hashable, Sendable {
    /// As reports show it.
    let name: String
    let path: String

    var isWorkbook: Bool { name.lowercased().hasSuffix(".xlsx") }
}

/// Why a file is not used, as the report tells it.
struct Refusal: Error, Equatable {
    let reason: RefusalReason
    /// Empty where no field is meant.
    let field: String

    init(_ reason: RefusalReason, field: String = "") {
        self.reason = reason
        self.field = field
    }
}

/// An open file whose header has been read.
struct OpenTable: Sendable {
    enum Content: Sendable {
        case csv(ReadableFile, TextEncoding, CSVHeader)
        case workbook(WorkbookRows)
    }

    let file: FeedFile
    let content: Content

    var names: [String] {
        switch content {
        case .csv(_, _, let header): header.names
        case .workbook(let rows): rows.header
        }
    }

    /// The encoding of the bytes that batches hand out.
    var encoding: TextEncoding {
        if case .csv(_, let encoding, _) = content { encoding } else { .utf8 }
    }

    var isWorkbook: Bool {
        if case .workbook = content { true } else { false }
    }

    /// Bytes, for the progress.
    var size: Int {
        switch content {
        case .csv(let file, _, _): file.size
        case .workbook(let rows): rows.size
        }
    }

    static func open(_ file: FeedFile) throws -> OpenTable {
        if file.isWorkbook {
            return OpenTable(file: file, content: .workbook(try WorkbookRows(file: file)))
        }
        let readable = try ReadableFile(path: file.path)
        do throws(CSVHeader.Fault) {
            return OpenTable(
                file: file, content: .csv(readable, .utf8, try CSVHeader(file: readable, encoding: .utf8)))
        } catch {
            guard error == .encoding else { throw try Self.refusal(error, readable, .utf8) }
            return try openAsGB18030(file, readable)
        }
    }

    /// The same file with its bytes read as GB18030, once they have turned out not to be UTF-8.
    func reopenedAsGB18030() throws -> OpenTable {
        guard case .csv(let readable, _, _) = content else { return self }
        return try Self.openAsGB18030(file, readable)
    }

    private static func openAsGB18030(_ file: FeedFile, _ readable: ReadableFile) throws -> OpenTable {
        do throws(CSVHeader.Fault) {
            let header = try CSVHeader(file: readable, encoding: .gb18030)
            return OpenTable(file: file, content: .csv(readable, .gb18030, header))
        } catch {
            throw try refusal(error, readable, .gb18030)
        }
    }

    /// What to say of a header that cannot be used. A file that is in neither encoding is refused for that first.
    private static func refusal(
        _ fault: CSVHeader.Fault, _ readable: ReadableFile, _ encoding: TextEncoding
    ) throws -> any Error {
        let isEncoded = try isWellFormed(readable, .utf8) || isWellFormed(readable, .gb18030)
        switch fault {
        case .read(let fault): return fault
        case .encoding: return Refusal(.encoding)
        case .broken: return isEncoded ? Refusal(.syntax) : Refusal(.encoding)
        case .empty: return isEncoded ? Refusal(.missingColumn) : Refusal(.encoding)
        }
    }

    /// Whether the whole file is in the encoding: needed only where its header is refused.
    static func isWellFormed(_ file: ReadableFile, _ encoding: TextEncoding) throws(ReadFault) -> Bool {
        let scanner = CSVScanner(file: file, encoding: encoding, columns: 1)
        let part = TableParts.partSize
        var offset = 0
        while offset < file.size {
            if offset == 0 {
                try scanner.open(from: 0, until: part)
            } else if try scanner.openAtLine(from: offset, until: offset + part) == nil {
                offset += part
                continue
            }
            guard try scanner.isWellFormed() else { return false }
            offset += part
        }
        return true
    }
}

/// Rows of one part of a file, as the reader of the part gets them.
struct TableBatch {
    let base: UnsafePointer<UInt8>
    let rows: UnsafePointer<TableRow>
    let cells: UnsafePointer<CellSpan>
    let count: Int

    @inline(__always)
    func cell(_ row: TableRow, _ column: Int) -> Cell {
        let span = cells[Int(row.firstCell) &+ column]
        return Cell(start: base + Int(span.start), count: Int(span.end &- span.start))
    }
}

/// Takes in the rows of one part of a file.
protocol TablePartReader: AnyObject, Sendable {
    /// The column of identity numbers, which a spreadsheet may have rounded.
    var identityColumn: Int? { get }

    func read(_ batch: TableBatch)
}
