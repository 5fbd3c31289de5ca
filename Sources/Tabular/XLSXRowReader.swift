/// Reads the rows of a worksheet part; only what stands at `worksheet/sheetData/row/c` counts.
struct XLSXRowReader {
    /// The current row's cells up to its last value.
    private(set) var cells: [XLSXCell] = []

    private let scanner: XMLScanner
    private let workbook: XLSXWorkbook
    private let sharedStrings: XLSXSharedStrings
    private var cellsLeft: Int
    private var line = 0
    /// Where the next cell without a reference goes, counted from 0.
    private var nextColumn = 0

    private enum CellType {
        case number
        case boolean
        case error
        case sharedString
        case inlineString
        case formulaString
        case isoDate
    }

    init(scanner: XMLScanner, workbook: XLSXWorkbook, sharedStrings: XLSXSharedStrings, cellLimit: Int) {
        self.scanner = scanner
        self.workbook = workbook
        self.sharedStrings = sharedStrings
        cellsLeft = cellLimit
    }

    /// The next row with a value, or nil at the part's end, which has then been read whole.
    mutating func nextRow() throws(XLSXFault) -> Int? {
        while true {
            switch try scanner.next() {
            case .finish: return nil
            case .end: continue
            case .start: break
            }
            switch scanner.depth {
            case 1:
                guard scanner.isNamed("worksheet") else { throw scanner.fault(.syntax) }
            case 2 where scanner.isNamed("sheetData"): continue
            case 3 where scanner.isNamed("row"):
                try readRow()
                if !cells.isEmpty {
                    cellsLeft -= cells.count
                    guard cellsLeft >= 0 else { throw .zipBomb(.cells) }
                    return line
                }
            default:
                try scanner.skipElement()
            }
        }
    }

    private mutating func readRow() throws(XLSXFault) {
        cells.removeAll(keepingCapacity: true)
        nextColumn = 0
        var number = line + 1
        let hasNumber = scanner.attributeBytes("r") != nil
        if hasNumber {
            guard let given = scanner.integer("r"), given > line else { throw scanner.fault(.rowNumber) }
            number = given
        }
        guard number <= XLSXSheet.maximumRow else { throw scanner.fault(.rowNumber) }
        line = number
        while case .start = try scanner.next() {
            if scanner.isNamed("c") {
                try readCell(rowIsNumbered: hasNumber)
            } else {
                try scanner.skipElement()
            }
        }
    }

    private mutating func readCell(rowIsNumbered: Bool) throws(XLSXFault) {
        if let reference = scanner.attributeBytes("r") {
            guard let place = Self.place(reference), place.row == line || !rowIsNumbered else {
                throw scanner.fault(.reference)
            }
            nextColumn = place.column
        }
        guard nextColumn < XLSXSheet.maximumColumns else { throw scanner.fault(.reference) }
        let column = nextColumn
        nextColumn += 1
        let type = type()
        let style = scanner.integer("s") ?? 0
        var cell = XLSXCell.empty
        while case .start = try scanner.next() {
            if scanner.isNamed("v") {
                try readValue()
                // A value beside an inline string is of no account, as Excel has it.
                if cell == .empty { cell = try value(type, style: style) }
            } else if scanner.isNamed("is"), type == .inlineString {
                cell = try text(try scanner.readStringItem())
            } else {
                try scanner.skipElement()
            }
        }
        guard cell != .empty else { return }
        if column < cells.count {
            guard cells[column] == .empty else { throw scanner.fault(.reference) }
            cells[column] = cell
        } else {
            while cells.count < column { cells.append(.empty) }
            cells.append(cell)
        }
    }

    private func type() -> CellType {
        guard let bytes = scanner.attributeBytes("t"), let first = bytes.first else { return .number }
        switch (first, bytes.count) {
        case (UInt8(ascii: "s"), 1): return .sharedString
        case (UInt8(ascii: "i"), _): return .inlineString
        case (UInt8(ascii: "s"), _): return .formulaString
        case (UInt8(ascii: "b"), _): return .boolean
        case (UInt8(ascii: "e"), _): return .error
        case (UInt8(ascii: "d"), _): return .isoDate
        default: return .number
        }
    }

    /// Reads the text of a `v` that has just started into the scanner's text.
    private func readValue() throws(XLSXFault) {
        scanner.clearText()
        scanner.collectsText = true
        while case .start = try scanner.next() { try scanner.skipElement() }
        scanner.collectsText = false
    }

    private func value(_ type: CellType, style: Int) throws(XLSXFault) -> XLSXCell {
        switch type {
        case .inlineString, .formulaString:
            var bytes = scanner.text
            SpreadsheetEscape.resolve(&bytes)
            return try text(bytes)
        case .number: return try number(style: style)
        case .sharedString, .boolean, .error, .isoDate: break
        }
        let value = try trimmedText()
        if value.isEmpty { return .empty }
        switch type {
        case .sharedString:
            guard let index = Int(value), let bytes = sharedStrings[index] else { throw scanner.fault(.sharedString) }
            return try text(bytes)
        case .boolean:
            return switch value {
            case "1", "true": XLSXCell(text: "TRUE", kind: .boolean)
            case "0", "false": XLSXCell(text: "FALSE", kind: .boolean)
            default: XLSXCell(text: value, kind: .text)
            }
        case .error:
            return XLSXCell(text: value, kind: .error)
        default:
            if let date = SpreadsheetDate.date(ofISO8601: value) { return XLSXCell(text: date, kind: .date) }
            return XLSXCell(text: value, kind: .text)
        }
    }

    private func number(style: Int) throws(XLSXFault) -> XLSXCell {
        let isDated = workbook.datedStyles.indices.contains(style) && workbook.datedStyles[style]
        let quick = scanner.text.withUnsafeBytes { bytes -> XLSXCell? in
            let bytes = Self.trimmed(bytes)
            if bytes.isEmpty { return .empty }
            if !isDated, SpreadsheetNumber.isShortest(bytes) {
                return XLSXCell(text: String(decoding: bytes, as: UTF8.self), kind: .number)
            }
            guard let value = SpreadsheetNumber.value(of: bytes) else { return nil }
            if isDated, let date = SpreadsheetDate.iso8601(value, epoch: workbook.epoch) {
                return XLSXCell(text: date, kind: .date)
            }
            let digits = SpreadsheetNumber.plainDigits(value)
            let count = digits.utf8.count(where: SpreadsheetNumber.isDigit)
            return XLSXCell(text: digits, kind: .number, hasRoundedDigits: count >= 16)
        }
        if let quick { return quick }
        // No number that a double can hold: shown as it is written, for the row's own checks to refuse.
        return XLSXCell(text: try trimmedText(), kind: .text)
    }

    private func text(_ bytes: some Collection<UInt8>) throws(XLSXFault) -> XLSXCell {
        if bytes.isEmpty { return .empty }
        guard let string = String(validating: bytes, as: UTF8.self) else { throw scanner.fault(.encoding) }
        return XLSXCell(text: string, kind: .text)
    }

    private func trimmedText() throws(XLSXFault) -> String {
        let string = scanner.text.withUnsafeBytes { bytes in
            String(validating: Self.trimmed(bytes), as: UTF8.self)
        }
        guard let string else { throw scanner.fault(.encoding) }
        return string
    }

    private static func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var range = bytes.indices
        while let first = range.first, bytes[first] <= 0x20 { range = (first + 1)..<range.upperBound }
        while let last = range.last, bytes[last] <= 0x20 { range = range.lowerBound..<last }
        return UnsafeRawBufferPointer(rebasing: bytes[range])
    }

    /// Column (from 0) and row of a reference such as `AB12`; nil where it is none or beyond Excel's last cell.
    private static func place(_ reference: UnsafeRawBufferPointer) -> (column: Int, row: Int)? {
        var column = 0
        var row = 0
        var index = 0
        while index < reference.count, index < 4 {
            let letter = reference[index] & 0xDF
            guard (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(letter), reference[index] >= UInt8(ascii: "A")
            else { break }
            column = column * 26 + Int(letter - UInt8(ascii: "A")) + 1
            index += 1
        }
        guard index > 0, index < reference.count, reference.count - index <= 7 else { return nil }
        for byte in reference[index...] {
            guard SpreadsheetNumber.isDigit(byte) else { return nil }
            row = row * 10 + Int(byte - UInt8(ascii: "0"))
        }
        guard column <= XLSXSheet.maximumColumns, row > 0 else { return nil }
        return (column - 1, row)
    }
}
