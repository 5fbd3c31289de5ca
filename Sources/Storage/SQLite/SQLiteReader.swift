import GRDBSQLite

/// A connection that only reads, with no queue before it: whoever has taken it is alone with it.
///
/// GRDB's own connections are only reached through a queue, which costs a glance half of what it costs itself.
final class SQLiteReader: Session, @unchecked Sendable {
    /// A statement kept prepared, with the names of its columns.
    private struct Kept {
        let statement: SQLiteStatement
        let columns: [String]
        /// How often SQLite had prepared it anew, for another schema, when the names were read.
        let renewals: Int32
    }

    private let connection: OpaquePointer
    private var statements: [String: Kept] = [:]
    /// What is asked on pages and by endpoints is far fewer; texts that are put together from filters could be more.
    private static let most = 200

    /// - Parameter patience: how long it waits for a lock, in milliseconds.
    init(path: String, patience: Int) throws(DatabaseFault) {
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nil)
        guard let connection = opened else { throw .cannotOpen }
        self.connection = connection
        guard code == SQLITE_OK else { throw DatabaseFault(sqlite: connection) }
        sqlite3_extended_result_codes(connection, 1)
        sqlite3_busy_timeout(connection, Int32(clamping: patience))
    }

    deinit {
        for kept in statements.values { sqlite3_finalize(kept.statement.handle) }
        sqlite3_close_v2(connection)
    }

    /// One snapshot.
    func read<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        try run("BEGIN")
        var isOpen = true
        // A statement that failed may have ended the transaction already.
        defer { if isOpen { try? run("ROLLBACK") } }
        let connection = Connection(self)
        let value = try body(connection)
        if let failure = connection.failure { throw failure }
        try run("COMMIT")
        isOpen = false
        return value
    }

    /// Whether no transaction is open: a connection that could not end its own would read an old snapshot for ever.
    var isIdle: Bool { sqlite3_get_autocommit(connection) != 0 }

    // MARK: - Session

    var engine: Engine { .sqlite }

    func rows(_ sql: SQL) throws(DatabaseFault) -> [Row] {
        let kept = try prepared(sql.text(for: .sqlite))
        defer { kept.statement.reset() }
        try kept.statement.bind(sql.values)
        var rows: [Row] = []
        guard try kept.statement.step() else { return rows }
        // A migration beside the running service has SQLite prepare a `SELECT *` anew, with other columns.
        let columns = kept.renewals == kept.statement.renewals ? kept.columns : kept.statement.columns
        repeat { rows.append(kept.statement.row(columns: columns)) } while try kept.statement.step()
        return rows
    }

    func forEach(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        // Not stepped bit by bit: the closure may ask the same again.
        for row in try rows(sql) { try body(row) }
    }

    func execute(_ sql: SQL) throws(DatabaseFault) -> Int {
        _ = try rows(sql)
        return 0
    }

    func script(_ text: String) throws(DatabaseFault) {
        guard sqlite3_exec(connection, text, nil, nil, nil) == SQLITE_OK else {
            throw DatabaseFault(sqlite: connection)
        }
    }

    func prepare(
        _ sql: String, note: @escaping (DatabaseFault) -> Void
    ) throws(DatabaseFault) -> any BulkStatement {
        try SQLiteBulkStatement(on: connection, sql, note: note)
    }

    func load(into table: String, columns: [String], _ body: (BulkWriter) throws -> Void) throws {
        throw DatabaseFault.engine(code: "read", message: "nothing is written on a connection that only reads")
    }

    private func run(_ text: String) throws(DatabaseFault) {
        let statement = try prepared(text).statement
        defer { statement.reset() }
        _ = try statement.step()
    }

    private func prepared(_ text: String) throws(DatabaseFault) -> Kept {
        if let kept = statements[text] { return kept }
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else { throw DatabaseFault(sqlite: connection) }
        let statement = SQLiteStatement(handle: handle)
        let kept = Kept(
            statement: statement, columns: statement.columns, renewals: statement.renewals)
        if statements.count >= Self.most { forget() }
        statements[text] = kept
        return kept
    }

    /// Not those in use: within a statement's rows no other is asked.
    private func forget() {
        for kept in statements.values { sqlite3_finalize(kept.statement.handle) }
        statements = [:]
    }
}
