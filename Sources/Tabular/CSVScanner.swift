internal import CScan
import Glibc

/// One cell's bytes in the scanner's buffer, without its quotes and with `""` already undone.
package struct CellSpan: Sendable {
    package var start: UInt32
    package var end: UInt32

    @inlinable
    package init(start: UInt32, end: UInt32) {
        self.start = start
        self.end = end
    }
}

/// One record: where its cells stand in the batch, and the line on which it begins.
package struct TableRow: Sendable {
    package var firstCell: UInt32
    /// The number of cells (of a record with too many: any number above the header's); `broken` where the record
    /// breaks RFC 4180.
    package var cellCount: Int32
    /// Lines before this one in the part of the file that the scanner was opened on.
    package var line: UInt32

    package static let broken: Int32 = -1

    @inlinable
    package init(firstCell: UInt32, cellCount: Int32, line: UInt32) {
        self.firstCell = firstCell
        self.cellCount = cellCount
        self.line = line
    }
}

/// Reads records of a CSV file (RFC 4180, with the exact treatment of broken quotes of design/monitoring.md) from any
/// record's start on, in batches, at the speed of memory.
///
/// Records without a quote are found by byte masks, 64 bytes at a time; a record with one is read again, byte by byte.
/// One scanner serves one thread; its buffer is reused from part to part. A record longer than `longestRecord` is
/// reported as broken, so that no input makes the buffer grow without bound.
package final class CSVScanner {
    package static let longestRecord = 64 << 20

    /// The bytes to which the spans of the current batch point.
    package private(set) var base: UnsafeMutablePointer<UInt8>
    package let rows: UnsafeMutablePointer<TableRow>
    package private(set) var cells: UnsafeMutablePointer<CellSpan>
    package private(set) var rowCount = 0
    /// Lines consumed since the scanner was opened.
    package private(set) var lineCount = 0

    private let file: ReadableFile
    private let encoding: TextEncoding
    /// Cells of a whole record; only so many are kept of any record, plus one to show that there are more.
    private let columns: Int
    private let rowCapacity = 1024
    private var cellCapacity: Int
    private var capacity: Int
    /// The file offset of `base[0]`.
    private var origin = 0
    private var filled = 0
    private var reachesEnd = false
    /// Where the next record begins in the buffer.
    private var position = 0
    private var isTooLong = false
    /// Records that begin at this file offset or later belong to the next part.
    private var bound = 0

    package init(file: ReadableFile, encoding: TextEncoding, columns: Int) {
        self.file = file
        self.encoding = encoding
        self.columns = columns
        capacity = 1 << 20
        cellCapacity = max(8192, 2 * min(columns, 1 << 16) + 256)
        base = .allocate(capacity: capacity + Self.padding)
        rows = .allocate(capacity: rowCapacity)
        cells = .allocate(capacity: cellCapacity)
    }

    deinit {
        base.deallocate()
        rows.deallocate()
        cells.deallocate()
    }

    private static let padding = 64

    /// The file offset at which the next record begins.
    package var offset: Int { origin + position }

    /// Opens the records that begin in `from ..< bound`, where `from` begins a record.
    package func open(from start: Int, until bound: Int) throws(ReadFault) {
        try load(from: start, until: bound)
        position = 0
    }

    /// Opens the records that begin in `from ..< bound`, taking the first line that begins there for a record's start;
    /// returns the offset of that line, or nil where no line begins there.
    package func openAtLine(from start: Int, until bound: Int) throws(ReadFault) -> Int? {
        try load(from: start - 1, until: bound)
        guard let newline = memchr(base, 0x0A, min(filled, bound - start)) else { return nil }
        position = newline - UnsafeMutableRawPointer(base) + 1
        return offset
    }

    /// Whether the bytes from the next record to the first line that begins at or after the bound are well-formed.
    package func isWellFormed() throws(ReadFault) -> Bool {
        var searched = max(position, bound - 1 - origin)
        while true {
            if searched < filled, let newline = memchr(base + searched, 0x0A, filled - searched) {
                let end = newline - UnsafeMutableRawPointer(base) + 1
                return encoding.isValid(UnsafeRawBufferPointer(start: base + position, count: end - position))
            }
            if reachesEnd {
                return encoding.isValid(UnsafeRawBufferPointer(start: base + position, count: filled - position))
            }
            guard filled < Self.longestRecord else { return try isLongLineWellFormed() }
            searched = max(searched, filled)
            try extend()
        }
    }

    /// Reads the next batch; false where no record is left in this part.
    package func nextBatch() throws(ReadFault) -> Bool {
        rowCount = 0
        var cellCount = 0
        var rowStart = position
        var cellStart = rowStart
        var firstCell = 0
        var block = rowStart
        while origin + rowStart < bound {
            if block + 64 > filled, !reachesEnd {
                if block - rowStart > Self.longestRecord {
                    if rowCount > 0 { break }
                    rowStart = try skipLongRecord(from: rowStart)
                    break
                }
                try extend()
                continue
            }
            if block >= filled {
                // The file ends without a line end after its last record.
                if rowStart < filled {
                    append(CellSpan(start: UInt32(cellStart), end: UInt32(filled)), &cellCount, firstCell)
                    finishRow(firstCell, &cellCount, rowStart)
                    rowStart = filled
                }
                break
            }
            if cellCount + 64 > cellCapacity {
                if rowCount > 0 { break }
                // Cells beyond the header's only need to be known as too many.
                if cellCount > columns { cellCount = columns + 1 } else { growCells(cellCount) }
                if cellCount + 64 > cellCapacity { growCells(cellCount) }
            }
            let masks = scan_block(base + block)
            var separators = masks.commas | masks.newlines
            var quotes = masks.quotes
            let left = filled - block
            if left < 64 {
                let inside = (UInt64(1) << UInt64(left)) &- 1
                separators &= inside
                quotes &= inside
            }
            if quotes != 0 {
                separators &= (quotes & (0 &- quotes)) &- 1
            }
            while separators != 0 {
                let bit = separators.trailingZeroBitCount
                let place = block &+ bit
                cells[cellCount] = CellSpan(
                    start: UInt32(truncatingIfNeeded: cellStart), end: UInt32(truncatingIfNeeded: place))
                cellCount &+= 1
                cellStart = place &+ 1
                if masks.newlines &>> UInt64(bit) & 1 != 0 {
                    finishRow(firstCell, &cellCount, rowStart)
                    lineCount &+= 1
                    firstCell = cellCount
                    rowStart = cellStart
                    if rowCount == rowCapacity || origin &+ rowStart >= bound {
                        position = rowStart
                        return true
                    }
                }
                separators &= separators &- 1
            }
            if quotes != 0 {
                cellCount = firstCell
                let lines = lineCount
                let end = try readQuotedRecord(from: rowStart, &cellCount)
                if isTooLong {
                    isTooLong = false
                    rowCount -= 1
                    lineCount = lines
                    if rowCount == 0 { rowStart = try skipLongRecord(from: rowStart) }
                    break
                }
                firstCell = cellCount
                rowStart = end
                cellStart = end
                block = end
                if rowCount == rowCapacity { break }
            } else {
                block &+= 64
            }
        }
        position = rowStart
        return rowCount > 0
    }

    /// Ends a row of unquoted cells: drops the CR of its line end, passes over a blank line.
    @inline(__always)
    private func finishRow(_ firstCell: Int, _ cellCount: inout Int, _ rowStart: Int) {
        let last = cellCount &- 1
        let span = cells[last]
        if span.end > span.start, base[Int(span.end) &- 1] == 0x0D, Int(span.end) < filled {
            cells[last].end = span.end &- 1
        }
        if cellCount &- firstCell == 1, isBlank(cells[firstCell]) {
            cellCount = firstCell
            return
        }
        rows[rowCount] = TableRow(
            firstCell: UInt32(truncatingIfNeeded: firstCell),
            cellCount: Int32(truncatingIfNeeded: cellCount &- firstCell),
            line: UInt32(truncatingIfNeeded: lineCount))
        rowCount &+= 1
    }

    private func isBlank(_ span: CellSpan) -> Bool {
        WhiteSpace.isBlank(
            UnsafeRawBufferPointer(start: base + Int(span.start), count: Int(span.end - span.start)), encoding)
    }

    private func append(_ span: CellSpan, _ cellCount: inout Int, _ firstCell: Int) {
        guard cellCount - firstCell <= columns else { return }
        if cellCount == cellCapacity { growCells(cellCount) }
        cells[cellCount] = span
        cellCount += 1
    }

    private func growCells(_ cellCount: Int) {
        let grown = UnsafeMutablePointer<CellSpan>.allocate(capacity: 2 * cellCapacity)
        grown.update(from: cells, count: cellCount)
        cells.deallocate()
        cells = grown
        cellCapacity *= 2
    }
}

// MARK: - Records with quotes

extension CSVScanner {
    /// Reads a record in which a quote stands; returns where the next begins. Sets `isTooLong` where it gave up.
    private func readQuotedRecord(from start: Int, _ cellCount: inout Int) throws(ReadFault) -> Int {
        let firstCell = cellCount
        var place = start
        var escaped: [Int] = []
        while true {
            if try byte(at: place) == 0x22 {
                guard let field = try quotedField(from: place) else {
                    return try breakRecord(start, brokenAt: place, firstCell, &cellCount)
                }
                if field.hasEscapes { escaped.append(cellCount) }
                append(CellSpan(start: UInt32(place + 1), end: UInt32(field.close)), &cellCount, firstCell)
                place = field.close + 1
                guard let next = try byte(at: place) else {
                    return endRecord(start, place, firstCell, cellCount, escaped)
                }
                if next == 0x2C {
                    place += 1
                    continue
                }
                if next == 0x0A { return endRecord(start, place + 1, firstCell, cellCount, escaped) }
                if next == 0x0D, try byte(at: place + 1) == 0x0A {
                    return endRecord(start, place + 2, firstCell, cellCount, escaped)
                }
                return try breakRecord(start, brokenAt: place, firstCell, &cellCount)
            }
            let cellStart = place
            while let next = try byte(at: place), next != 0x2C, next != 0x0A { place += 1 }
            let isLineEnd = try byte(at: place) == 0x0A
            let dropsReturn = isLineEnd && place > cellStart && base[place - 1] == 0x0D
            append(
                CellSpan(start: UInt32(cellStart), end: UInt32(place - (dropsReturn ? 1 : 0))), &cellCount, firstCell)
            guard let next = try byte(at: place) else {
                return endRecord(start, place, firstCell, cellCount, escaped)
            }
            place += 1
            if next == 0x0A { return endRecord(start, place, firstCell, cellCount, escaped) }
        }
    }

    /// The byte at a place of the buffer, read in where it is not there yet; nil at the file's end, and where the
    /// record has become too long.
    @inline(__always)
    private func byte(at place: Int) throws(ReadFault) -> UInt8? {
        while place >= filled {
            if reachesEnd { return nil }
            if filled > Self.longestRecord + (1 << 20) + Self.overhang {
                isTooLong = true
                return nil
            }
            try extend()
        }
        return base[place]
    }

    /// Where the quoted field that opens at `open` closes; nil where it never does within the longest record.
    private func quotedField(from open: Int) throws(ReadFault) -> (close: Int, hasEscapes: Bool)? {
        var place = open + 1
        var hasEscapes = false
        while true {
            if place < filled, let quote = memchr(base + place, 0x22, filled - place) {
                place = quote - UnsafeMutableRawPointer(base)
                guard try byte(at: place + 1) == 0x22 else { return (place, hasEscapes) }
                hasEscapes = true
                place += 2
                continue
            }
            place = max(place, filled)
            guard try byte(at: place) != nil else { return nil }
        }
    }

    private func endRecord(_ start: Int, _ end: Int, _ firstCell: Int, _ cellCount: Int, _ escaped: [Int]) -> Int {
        rows[rowCount] = TableRow(
            firstCell: UInt32(firstCell), cellCount: Int32(cellCount - firstCell), line: UInt32(lineCount))
        rowCount += 1
        // Counted before escapes are undone: that moves line ends and leaves copies of them behind.
        countLines(start, end)
        for index in escaped where index < cellCount { undoEscapes(&cells[index]) }
        return end
    }

    /// Reports the record as broken and goes on after the line in which it broke.
    private func breakRecord(
        _ start: Int, brokenAt place: Int, _ firstCell: Int, _ cellCount: inout Int
    ) throws(ReadFault) -> Int {
        cellCount = firstCell
        var end = place
        while let next = try byte(at: end), next != 0x0A { end += 1 }
        end = min(end + 1, filled)
        rows[rowCount] = TableRow(firstCell: UInt32(firstCell), cellCount: TableRow.broken, line: UInt32(lineCount))
        rowCount += 1
        countLines(start, end)
        return end
    }

    private func countLines(_ start: Int, _ end: Int) {
        var place = start
        while place < end, let newline = memchr(base + place, 0x0A, end - place) {
            lineCount += 1
            place = newline - UnsafeMutableRawPointer(base) + 1
        }
    }

    /// Turns `""` into `"` within the cell's own bytes; a record's bytes are never read again.
    private func undoEscapes(_ span: inout CellSpan) {
        var to = Int(span.start)
        var from = to
        let end = Int(span.end)
        while from < end {
            let byte = base[from]
            base[to] = byte
            to += 1
            from += byte == 0x22 ? 2 : 1
        }
        span.end = UInt32(to)
    }
}

// MARK: - The buffer

extension CSVScanner {
    /// Bytes read beyond the bound at first, for the record that runs over it.
    private static let overhang = 32 << 10

    private func load(from start: Int, until bound: Int) throws(ReadFault) {
        origin = start
        position = 0
        filled = 0
        lineCount = 0
        self.bound = min(bound, file.size)
        reachesEnd = false
        try fill(upTo: max(bound - start, 0) + Self.overhang)
    }

    /// Reads on by at least the buffer's overhang, doubling what is there.
    private func extend() throws(ReadFault) {
        try fill(upTo: filled + max(Self.overhang, filled))
    }

    private func fill(upTo wanted: Int) throws(ReadFault) {
        let target = min(wanted, file.size - origin)
        if target > capacity {
            let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: target + Self.padding)
            grown.update(from: base, count: filled)
            base.deallocate()
            base = grown
            capacity = target
        }
        let asked = max(0, target - filled)
        let count = try file.read(
            into: UnsafeMutableRawBufferPointer(start: base + filled, count: asked), at: origin + filled)
        if count < asked { throw .changed(path: file.path) }
        filled += count
        reachesEnd = origin + filled >= file.size
        (base + filled).initialize(repeating: 0, count: Self.padding)
    }

    /// Passes over a record that is too long to hold, as a row of too many or too few cells, or a broken one.
    private func skipLongRecord(from start: Int) throws(ReadFault) -> Int {
        let line = lineCount
        var commas = 0
        var place = start
        var hasQuote = false
        while true {
            if place >= filled {
                if reachesEnd { break }
                // The record's own bytes are not needed again.
                origin += filled
                filled = 0
                place = 0
                try fill(upTo: 1 << 20)
                continue
            }
            let byte = base[place]
            place += 1
            if byte == 0x2C { commas += 1 }
            if byte == 0x22 { hasQuote = true }
            if byte == 0x0A {
                lineCount += 1
                break
            }
        }
        let count = hasQuote || commas + 1 == columns ? TableRow.broken : Int32(min(commas + 1, Int(Int32.max)))
        rows[rowCount] = TableRow(firstCell: 0, cellCount: count, line: UInt32(line))
        rowCount += 1
        return place
    }

    /// Validates a line too long to hold, window by window, each ended before a character that it would cut.
    private func isLongLineWellFormed() throws(ReadFault) -> Bool {
        let window = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { window.deallocate() }
        var place = origin + position
        while true {
            let count = try file.read(into: window, at: place)
            if count == 0 { return true }
            var end = count
            var isLast = place + count >= file.size
            if place + count >= bound {
                let from = max(0, bound - 1 - place)
                if from < count, let base = window.baseAddress, let newline = memchr(base + from, 0x0A, count - from) {
                    end = newline - base + 1
                    isLast = true
                }
            }
            if isLast { return encoding.isValid(UnsafeRawBufferPointer(rebasing: window[..<end])) }
            // ASCII is a border in both encodings, except digits within a four-byte form of GB 18030.
            var cut = end
            while cut > 0, window[cut - 1] >= 0x30 || window[cut - 1] == 0x0A { cut -= 1 }
            if cut == 0 { cut = end }
            guard encoding.isValid(UnsafeRawBufferPointer(rebasing: window[..<cut])) else { return false }
            place += cut
        }
    }
}
