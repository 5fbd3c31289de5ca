import GRDB
import GRDBSQLite

#if canImport(Glibc)
    import Glibc
#endif

/// A prepared statement on the connection's own handle, for tables of a million rows: no value is boxed, no array made.
///
/// It must not outlive the closure that was given the `Database`, and is used on that connection only (it is not
/// Sendable). Texts that `column…` looks at are valid until the next `step()`. BulkStatementTests holds the reading and
/// the errors.
final class BulkStatement {
    private let handle: OpaquePointer
    private let connection: OpaquePointer

    init(_ db: Database, _ sql: String) throws {
        guard let connection = db.sqliteConnection else { throw DatabaseError(resultCode: .SQLITE_MISUSE) }
        self.connection = connection
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else { throw Self.error(connection) }
        self.handle = handle
    }

    deinit { sqlite3_finalize(handle) }

    private static func error(_ connection: OpaquePointer) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: String(cString: sqlite3_errmsg(connection)))
    }

    // SQLite copies the text before the call returns (SQLITE_TRANSIENT): a short Swift string has no lasting address.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    func bind(_ index: Int32, _ text: String) {
        var text = text
        text.withUTF8 { bind(index, $0) }
    }

    /// - Parameter text: UTF-8.
    func bind(_ index: Int32, _ text: UnsafeBufferPointer<UInt8>) {
        text.withMemoryRebound(to: CChar.self) { bytes in
            // An empty buffer may have no address, and no address would bind NULL.
            if let base = bytes.baseAddress {
                _ = sqlite3_bind_text(handle, index, base, Int32(bytes.count), Self.copied)
            } else {
                _ = sqlite3_bind_text(handle, index, "", 0, Self.copied)
            }
        }
    }

    func bind(_ index: Int32, _ text: String?) {
        if let text { bind(index, text) } else { sqlite3_bind_null(handle, index) }
    }

    func bind(_ index: Int32, _ number: Int64) {
        sqlite3_bind_int64(handle, index, number)
    }

    func bind(_ index: Int32, _ number: Int64?) {
        if let number { bind(index, number) } else { sqlite3_bind_null(handle, index) }
    }

    /// Whether there is a row.
    func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let error = Self.error(connection)
            sqlite3_reset(handle)
            throw error
        }
    }

    func reset() {
        sqlite3_reset(handle)
    }

    /// Runs a statement that gives no rows, and makes it ready for the next values.
    func run() throws {
        _ = try step()
        sqlite3_reset(handle)
    }

    func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    func integer(_ column: Int32) -> Int64 {
        sqlite3_column_int64(handle, column)
    }

    func text(_ column: Int32) -> String {
        withText(column) { String(decoding: $0, as: UTF8.self) }
    }

    func withText<Value>(_ column: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
        let text = sqlite3_column_text(handle, column)
        return body(UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(handle, column))))
    }

    /// Below, at or above 0 as the column's text comes before, is, or comes after this one, byte by byte as SQLite's
    /// BINARY compares.
    func compare(_ column: Int32, with text: String) -> Int {
        var text = text
        return text.withUTF8 { right in
            withText(column) { left in
                let shared = min(left.count, right.count)
                if shared > 0, let leftBase = left.baseAddress, let rightBase = right.baseAddress {
                    let order = memcmp(leftBase, rightBase, shared)
                    if order != 0 { return Int(order) }
                }
                return left.count - right.count
            }
        }
    }
}
