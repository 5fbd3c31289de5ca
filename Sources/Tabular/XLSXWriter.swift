import CXLSXWriter
import Glibc

/// Writes one sheet as a workbook, row by row, in constant memory.
///
/// The header is bold, frozen and filters; columns are as wide as the texts of the first rows. Texts are always
/// written as texts, never as formulas. The file appears under its name when `close` has succeeded; without, nothing
/// stays behind.
package final class XLSXWriter {
    package struct Column: Sendable {
        package let title: String
        /// In characters of the standard font; nil to go by the content.
        package let width: Double?

        package init(_ title: String, width: Double? = nil) {
            self.title = title
            self.width = width
        }
    }

    private static let measuredRows = 1000
    private static let widest = 60.0

    private let path: String
    private let partialPath: String
    private let workbook: UnsafeMutablePointer<lxw_workbook>
    private let worksheet: UnsafeMutablePointer<lxw_worksheet>
    private let dateFormat: UnsafeMutablePointer<lxw_format>
    private let moneyFormat: UnsafeMutablePointer<lxw_format>
    private let columns: [Column]
    private var widths: [Double]
    private var rowCount: UInt32 = 0
    private var isClosed = false

    /// - Parameter sheet: At most 31 characters, none of `[ ] : * ? / \`.
    package init(path: String, sheet: String, columns: [Column]) throws(XLSXWriteFault) {
        self.path = path
        self.columns = columns
        partialPath = path + ".partial"
        widths = columns.map { _ in 8 }
        // Found now, and not after a million rows.
        let probe = open(partialPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard probe >= 0 else { throw .cannotWrite(path: path, code: errno) }
        Glibc.close(probe)

        var options = lxw_workbook_options()
        options.constant_memory = 1
        options.use_zip64 = 0
        guard let workbook = workbook_new_opt(partialPath, &options) else {
            unlink(partialPath)
            throw .cannotWrite(path: path, code: ENOMEM)
        }
        guard workbook_validate_sheet_name(workbook, sheet) == LXW_NO_ERROR,
            let worksheet = workbook_add_worksheet(workbook, sheet),
            let bold = workbook_add_format(workbook),
            let dateFormat = workbook_add_format(workbook),
            let moneyFormat = workbook_add_format(workbook)
        else {
            lxw_workbook_free(workbook)
            unlink(partialPath)
            throw .badSheetName(sheet)
        }
        self.workbook = workbook
        self.worksheet = worksheet
        self.dateFormat = dateFormat
        self.moneyFormat = moneyFormat
        format_set_bold(bold)
        format_set_num_format(dateFormat, "yyyy-mm-dd")
        format_set_num_format(moneyFormat, "#,##0.00")
        worksheet_freeze_panes(worksheet, 1, 0)
        for (index, column) in columns.enumerated() {
            try writeText(column.title, column: index, format: bold)
        }
        rowCount = 1
    }

    deinit {
        guard !isClosed else { return }
        // The library closes its own temporary file only in the course of writing the workbook out.
        if let file = worksheet.pointee.optimize_tmpfile {
            fclose(file)
            worksheet.pointee.optimize_tmpfile = nil
        }
        lxw_workbook_free(workbook)
        unlink(partialPath)
    }

    package func append(_ row: [TableValue]) throws(XLSXWriteFault) {
        for (index, value) in row.enumerated() { try write(value, column: index) }
        rowCount += 1
    }

    /// Completes the file and gives it its name.
    package func close() throws(XLSXWriteFault) {
        precondition(!isClosed, "a workbook is closed once")
        for (index, column) in columns.enumerated() {
            worksheet_set_column(worksheet, UInt16(index), UInt16(index), column.width ?? widths[index], nil)
        }
        if !columns.isEmpty {
            worksheet_autofilter(worksheet, 0, 0, max(rowCount, 1) - 1, UInt16(columns.count - 1))
        }
        isClosed = true
        errno = 0
        let error = workbook_close(workbook)
        let code = errno
        guard error == LXW_NO_ERROR else {
            unlink(partialPath)
            throw .cannotWrite(path: path, code: code == 0 ? EIO : code)
        }
        guard rename(partialPath, path) == 0 else {
            let code = errno
            unlink(partialPath)
            throw .cannotWrite(path: path, code: code)
        }
    }

    private func write(_ value: TableValue, column: Int) throws(XLSXWriteFault) {
        switch value {
        case .empty:
            return
        case .text(let text):
            if !text.isEmpty { try writeText(text, column: column, format: nil) }
            return
        case .integer(let number):
            // Beyond 15 digits a spreadsheet would round: such a number is a name rather than a quantity.
            guard number.magnitude < 1_000_000_000_000_000 else {
                return try writeText(value.plainText, column: column, format: nil)
            }
            try writeNumber(Double(number), column: column, format: nil)
        case .number(let number):
            guard number.isFinite else { return }
            try writeNumber(number, column: column, format: nil)
        case .money(let fen):
            guard fen.magnitude < 1_000_000_000_000_000 else {
                return try writeText(value.plainText, column: column, format: nil)
            }
            try writeNumber(Double(fen) / 100, column: column, format: moneyFormat)
        case .date(let day):
            // Before 1900 a spreadsheet has no dates.
            guard let serial = SpreadsheetDate.serial(dayNumber: Int(day)) else {
                return try writeText(value.plainText, column: column, format: nil)
            }
            try writeNumber(Double(serial), column: column, format: dateFormat)
        }
        measure(value.plainText, column: column)
    }

    private func writeNumber(
        _ number: Double, column: Int, format: UnsafeMutablePointer<lxw_format>?
    ) throws(XLSXWriteFault) {
        try check(worksheet_write_number(worksheet, rowCount, try number16(column), number, format))
    }

    private func writeText(
        _ text: String, column: Int, format: UnsafeMutablePointer<lxw_format>?
    ) throws(XLSXWriteFault) {
        let escaped = SpreadsheetEscape.escape(text)
        try check(worksheet_write_string(worksheet, rowCount, try number16(column), escaped, format))
        measure(text, column: column)
    }

    private func number16(_ column: Int) throws(XLSXWriteFault) -> UInt16 {
        guard let number = UInt16(exactly: column) else { throw .tooLarge }
        return number
    }

    private func check(_ error: lxw_error) throws(XLSXWriteFault) {
        switch error {
        case LXW_NO_ERROR: return
        case LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED: throw .textTooLong(row: Int(rowCount) + 1)
        case LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE: throw .tooLarge
        default: throw .cannotWrite(path: path, code: EIO)
        }
    }

    /// Wide characters take the room of two.
    private func measure(_ text: String, column: Int) {
        guard rowCount < Self.measuredRows, widths.indices.contains(column) else { return }
        var width = 2.0
        for scalar in text.unicodeScalars.prefix(64) { width += scalar.value < 0x1100 ? 1 : 2 }
        widths[column] = min(Self.widest, max(widths[column], width))
    }
}

/// Why a workbook cannot be written.
package enum XLSXWriteFault: Error, Hashable, Sendable {
    /// The operating system would not write the file; an `errno`.
    case cannotWrite(path: String, code: Int32)
    /// A sheet's name has 1 to 31 characters, none of `[ ] : * ? / \`, and no apostrophe at its ends.
    case badSheetName(String)
    /// A cell holds at most 32,767 characters.
    case textTooLong(row: Int)
    /// A sheet holds at most 1,048,576 rows and 16,384 columns.
    case tooLarge
}

extension XLSXWriteFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cannotWrite(let path, let code):
            "cannot write \(path): \(String(cString: strerror(code))) (无法写入文件)"
        case .badSheetName(let name):
            "a sheet cannot be named \(name) (工作表名称无效)"
        case .textTooLong(let row):
            "row \(row) has a text of more than 32,767 characters; export as CSV (单元格文字过长，请导出为 CSV)"
        case .tooLarge:
            "a sheet holds at most 1,048,576 rows and 16,384 columns; export as CSV (超出工作表的行列上限，请导出为 CSV)"
        }
    }
}
