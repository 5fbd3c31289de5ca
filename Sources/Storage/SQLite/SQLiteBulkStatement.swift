import GRDBSQLite

/// A statement of SQLite's, run a million times.
final class SQLiteBulkStatement: BulkStatement {
    private let handle: OpaquePointer
    private let connection: OpaquePointer
    private let note: (DatabaseFault) -> Void

    init(
        on connection: OpaquePointer, _ sql: String, note: @escaping (DatabaseFault) -> Void
    ) throws(DatabaseFault) {
        self.connection = connection
        self.note = note
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else { throw DatabaseFault(sqlite: connection) }
        self.handle = handle
    }

    deinit { sqlite3_finalize(handle) }

    // SQLite copies the value before the call returns (SQLITE_TRANSIENT): a short Swift string has no lasting address.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    func bind(_ place: Int, _ number: Int64) {
        sqlite3_bind_int64(handle, Int32(place), number)
    }

    func bind(_ place: Int, _ text: UnsafeBufferPointer<UInt8>) {
        text.withMemoryRebound(to: CChar.self) { bytes in
            // An empty buffer may have no address, and no address would bind NULL.
            if let base = bytes.baseAddress {
                _ = sqlite3_bind_text(handle, Int32(place), base, Int32(bytes.count), Self.copied)
            } else {
                _ = sqlite3_bind_text(handle, Int32(place), "", 0, Self.copied)
            }
        }
    }

    func bind(_ place: Int, blob: UnsafeBufferPointer<UInt8>) {
        if let base = blob.baseAddress, !blob.isEmpty {
            sqlite3_bind_blob(handle, Int32(place), base, Int32(blob.count), Self.copied)
        } else {
            sqlite3_bind_zeroblob(handle, Int32(place), 0)
        }
    }

    func bindNull(_ place: Int) {
        sqlite3_bind_null(handle, Int32(place))
    }

    func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let fault = DatabaseFault(sqlite: connection)
            sqlite3_reset(handle)
            note(fault)
            throw fault
        }
    }

    func run() throws {
        while try step() {}
        sqlite3_reset(handle)
    }

    func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL
    }

    func integer(_ column: Int) -> Int64 {
        sqlite3_column_int64(handle, Int32(column))
    }

    func bytes(_ column: Int) -> UnsafeBufferPointer<UInt8> {
        // The order matters: asking for the address settles the form that the length is then of.
        let start = sqlite3_column_blob(handle, Int32(column))?.assumingMemoryBound(to: UInt8.self)
        return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, Int32(column))))
    }
}
