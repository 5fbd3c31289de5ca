import GRDB
import GRDBSQLite

/// Statements on the handle of GRDB's connection, which keeps them prepared.
///
/// Valid only within the closure that was given the `GRDB.Database`.
final class SQLiteSession: Session {
    private let db: GRDB.Database

    init(_ db: GRDB.Database) {
        self.db = db
    }

    var engine: Engine { .sqlite }

    func execute(_ sql: SQL) throws(DatabaseFault) -> Int {
        let before = db.totalChangesCount
        try forEachHandle(sql) { _ in }
        // SQLite's own count stays what it was when a statement changes nothing.
        return db.totalChangesCount == before ? 0 : db.changesCount
    }

    func rows(_ sql: SQL) throws(DatabaseFault) -> [Row] {
        var rows: [Row] = []
        var columns: [String]?
        try forEachHandle(sql) { handle in
            let names = columns ?? Self.columns(of: handle)
            columns = names
            rows.append(Self.row(of: handle, columns: names))
        }
        return rows
    }

    func forEach(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        let statement = try prepared(sql)
        let handle = statement.sqliteStatement
        defer { sqlite3_reset(handle) }
        let columns = Self.columns(of: handle)
        while try step(handle) { try body(Self.row(of: handle, columns: columns)) }
    }

    /// A statement without values and rows, kept prepared.
    func run(_ text: String) throws(DatabaseFault) {
        try forEachHandle(SQL(trusted: text)) { _ in }
    }

    func script(_ text: String) throws(DatabaseFault) {
        do { try db.execute(sql: text) } catch { throw DatabaseFault(sqlite: error) }
    }

    func prepare(
        _ sql: String, note: @escaping (DatabaseFault) -> Void
    ) throws(DatabaseFault) -> any BulkStatement {
        try SQLiteBulkStatement(db, sql, note: note)
    }

    func load(into table: String, columns: [String], _ body: (BulkWriter) throws -> Void) throws {
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        let sql =
            "INSERT INTO \(table.quotedName) (\(columns.map(\.quotedName).joined(separator: ", "))) VALUES (\(marks))"
        let statement = try prepared(SQL(trusted: sql))
        let handle = statement.sqliteStatement
        try body(
            BulkWriter { [self] row in
                guard row.count == columns.count else {
                    throw DatabaseFault.engine(code: "bulk", message: "a row has another number of values")
                }
                for (index, value) in row.enumerated() { try bind(value, to: handle, at: Int32(index + 1)) }
                defer { sqlite3_reset(handle) }
                while try step(handle) {}
            })
    }

    private func forEachHandle(_ sql: SQL, _ body: (OpaquePointer) -> Void) throws(DatabaseFault) {
        let statement = try prepared(sql)
        let handle = statement.sqliteStatement
        defer { sqlite3_reset(handle) }
        while try step(handle) { body(handle) }
    }

    private func prepared(_ sql: SQL) throws(DatabaseFault) -> Statement {
        let text = sql.text(for: .sqlite)
        do {
            var statement = try db.cachedStatement(sql: text)
            // The same statement is being stepped further up.
            if sqlite3_stmt_busy(statement.sqliteStatement) != 0 { statement = try db.makeStatement(sql: text) }
            let handle = statement.sqliteStatement
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
            for (index, value) in sql.values.enumerated() { try bind(value, to: handle, at: Int32(index + 1)) }
            return statement
        } catch {
            throw DatabaseFault(sqlite: error)
        }
    }

    private func step(_ handle: OpaquePointer) throws(DatabaseFault) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw error()
        }
    }

    private func error() -> DatabaseFault {
        guard let connection = db.sqliteConnection else { return .closed }
        return DatabaseFault(
            sqliteCode: sqlite3_extended_errcode(connection), message: String(cString: sqlite3_errmsg(connection)))
    }

    // SQLite copies the value before the call returns (SQLITE_TRANSIENT): a Swift string has no lasting address.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    private func bind(_ value: SQLValue, to handle: OpaquePointer, at index: Int32) throws(DatabaseFault) {
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
        guard code == SQLITE_OK else { throw error() }
    }

    private static func columns(of handle: OpaquePointer) -> [String] {
        (0..<sqlite3_column_count(handle)).map { sqlite3_column_name(handle, $0).map { String(cString: $0) } ?? "" }
    }

    private static func row(of handle: OpaquePointer, columns: [String]) -> Row {
        Row(
            columns: columns,
            values: (0..<Int32(columns.count)).map { index in
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
            })
    }
}

extension String {
    /// As a name in SQL, on both engines.
    var quotedName: String {
        "\"" + split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
