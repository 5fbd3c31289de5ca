import GRDBSQLite

/// A prepared statement while it is bound and stepped.
struct SQLiteStatement {
    let handle: OpaquePointer
    /// What ends the handle when it goes; nil where somebody else keeps it.
    var owner: AnyObject?

    /// Takes back what was bound before.
    func bind(_ values: [SQLValue]) throws(DatabaseFault) {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
        for (index, value) in values.enumerated() { try bind(value, at: Int32(index + 1)) }
    }

    /// Whether there is a row to read.
    func step() throws(DatabaseFault) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw fault()
        }
    }

    /// The last that is done with it, so the owner stays until then.
    func reset() {
        withExtendedLifetime(owner) { _ = sqlite3_reset(handle) }
    }

    /// How often SQLite has prepared it anew, for another schema.
    var renewals: Int32 { sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_REPREPARE, 0) }

    var columns: [String] {
        (0..<sqlite3_column_count(handle)).map { sqlite3_column_name(handle, $0).map { String(cString: $0) } ?? "" }
    }

    func row(columns: [String]) -> Row {
        Row(columns: columns, values: (0..<Int32(columns.count)).map(value))
    }

    // SQLite copies the value before the call returns (SQLITE_TRANSIENT): a Swift string has no lasting address.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    func bind(_ value: SQLValue, at index: Int32) throws(DatabaseFault) {
        let code: Int32
        switch value {
        case .null: code = sqlite3_bind_null(handle, index)
        case .integer(let number): code = sqlite3_bind_int64(handle, index, number)
        case .double(let number): code = sqlite3_bind_double(handle, index, number)
        case .bool(let isTrue): code = sqlite3_bind_int64(handle, index, isTrue ? 1 : 0)
        case .text(let text): code = sqlite3_bind_text(handle, index, text, Int32(text.utf8.count), Self.copied)
        case .blob(let bytes):
            // An empty buffer may have no address, and no address would bind NULL.
            code =
                bytes.isEmpty
                ? sqlite3_bind_zeroblob(handle, index, 0)
                : sqlite3_bind_blob(handle, index, bytes, Int32(bytes.count), Self.copied)
        }
        guard code == SQLITE_OK else { throw fault() }
    }

    private func value(_ index: Int32) -> SQLValue {
        switch sqlite3_column_type(handle, index) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, index))
        case SQLITE_FLOAT: return .double(sqlite3_column_double(handle, index))
        case SQLITE_TEXT:
            let text = sqlite3_column_text(handle, index)
            let count = Int(sqlite3_column_bytes(handle, index))
            return .text(String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            let bytes = sqlite3_column_blob(handle, index)
            let count = Int(sqlite3_column_bytes(handle, index))
            return .blob(Array(UnsafeRawBufferPointer(start: bytes, count: count)))
        default: return .null(.text)
        }
    }

    private func fault() -> DatabaseFault {
        guard let connection = sqlite3_db_handle(handle) else { return .closed }
        return DatabaseFault(sqlite: connection)
    }
}

extension DatabaseFault {
    /// What SQLite last said on a connection.
    init(sqlite connection: OpaquePointer) {
        self.init(
            sqliteCode: sqlite3_extended_errcode(connection), message: String(cString: sqlite3_errmsg(connection)))
    }
}
