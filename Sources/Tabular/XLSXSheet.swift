/// One sheet of a workbook, read row by row.
///
///     let sheet = try XLSXSheet(path: "accidents.xlsx")
///     try sheet.forEachRow { line, cells in … return true }
///
/// Rows are read as they come, and only the shared strings are kept. A workbook's checksums stand at the end of its
/// parts: a fault can be thrown after rows have been handed out, and then none of them is to be used.
package struct XLSXSheet: Sendable {
    /// Excel's own limits.
    static let maximumRow = 1_048_576
    static let maximumColumns = 16_384

    package let name: String
    /// All sheets with cells, in the workbook's order, hidden ones included.
    package let sheetNames: [String]
    private let package: ZipPackage
    private let workbook: XLSXWorkbook
    private let part: String
    private let sharedStrings: XLSXSharedStrings

    /// Opens a workbook's first sheet in the workbook's order, or the sheet of this name.
    package init(path: String, sheet: String? = nil, limits: XLSXLimits = .standard) throws(XLSXFault) {
        try self.init(source: try ZipSource(path: path), sheet: sheet, limits: limits)
    }

    package init(bytes: [UInt8], sheet: String? = nil, limits: XLSXLimits = .standard) throws(XLSXFault) {
        try self.init(source: .bytes(bytes), sheet: sheet, limits: limits)
    }

    private init(source: ZipSource, sheet name: String?, limits: XLSXLimits) throws(XLSXFault) {
        package = try ZipPackage(source: source, limits: limits)
        let budget = UnpackBudget(limits: limits, fileSize: source.size)
        workbook = try XLSXWorkbook(package, budget: budget)
        sheetNames = workbook.sheets.map(\.name)
        let found: XLSXWorkbook.Sheet? =
            if let name {
                // By code points: Swift's == would take two spellings of one character for the same.
                workbook.sheets.first { $0.name.unicodeScalars.elementsEqual(name.unicodeScalars) }
            } else {
                workbook.sheets.first
            }
        guard let found else { throw .noSheet(name) }
        self.name = found.name
        part = found.part
        sharedStrings =
            if let part = workbook.sharedStringsPart {
                try XLSXSharedStrings(package, part: part, budget: budget)
            } else {
                XLSXSharedStrings()
            }
    }

    /// Hands each row that has a value to `body`, in the sheet's order, until it returns false.
    ///
    /// - Parameter body: `line` is the sheet's row number, `cells` the cells from column A to the row's last value.
    /// - Throws: `XLSXFault`, and what `body` throws.
    package func forEachRow(_ body: (_ line: Int, _ cells: [XLSXCell]) throws -> Bool) throws {
        let budget = UnpackBudget(limits: package.limits, fileSize: package.source.size)
        let scanner = try XMLScanner(package, part: part, budget: budget)
        var reader = XLSXRowReader(
            scanner: scanner, workbook: workbook, sharedStrings: sharedStrings, cellLimit: package.limits.cells)
        while let line = try reader.nextRow() {
            guard try body(line, reader.cells) else { return }
        }
        try package.source.requireUnchanged()
    }
}
