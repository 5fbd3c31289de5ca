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
        let statement = try prepared(sql)
        defer { statement.reset() }
        while try statement.step() {}
        // SQLite's own count stays what it was when a statement changes nothing.
        return db.totalChangesCount == before ? 0 : db.changesCount
    }

    func rows(_ sql: SQL) throws(DatabaseFault) -> [Row] {
        let statement = try prepared(sql)
        defer { statement.reset() }
        var rows: [Row] = []
        guard try statement.step() else { return rows }
        let columns = statement.columns
        repeat { rows.append(statement.row(columns: columns)) } while try statement.step()
        return rows
    }

    func forEach(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        let statement = try prepared(sql)
        defer { statement.reset() }
        let columns = statement.columns
        while try statement.step() { try body(statement.row(columns: columns)) }
    }

    func script(_ text: String) throws(DatabaseFault) {
        do { try db.execute(sql: text) } catch { throw DatabaseFault(sqlite: error) }
    }

    func prepare(
        _ sql: String, note: @escaping (DatabaseFault) -> Void
    ) throws(DatabaseFault) -> any BulkStatement {
        guard let connection = db.sqliteConnection else { throw .closed }
        return try SQLiteBulkStatement(on: connection, sql, note: note)
    }

    func load(into table: String, columns: [String], _ body: (BulkWriter) throws -> Void) throws {
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        let sql =
            "INSERT INTO \(table.quotedName) (\(columns.map(\.quotedName).joined(separator: ", "))) VALUES (\(marks))"
        let statement = try prepared(SQL(trusted: sql))
        try body(
            BulkWriter { row in
                guard row.count == columns.count else {
                    throw DatabaseFault.engine(code: "bulk", message: "a row has another number of values")
                }
                for (index, value) in row.enumerated() { try statement.bind(value, at: Int32(index + 1)) }
                defer { statement.reset() }
                while try statement.step() {}
            })
    }

    private func prepared(_ sql: SQL) throws(DatabaseFault) -> SQLiteStatement {
        let text = sql.text(for: .sqlite)
        do {
            var statement = try db.cachedStatement(sql: text)
            // The same statement is being stepped further up.
            if sqlite3_stmt_busy(statement.sqliteStatement) != 0 { statement = try db.makeStatement(sql: text) }
            let bound = SQLiteStatement(handle: statement.sqliteStatement, owner: statement)
            try bound.bind(sql.values)
            return bound
        } catch {
            throw DatabaseFault(sqlite: error)
        }
    }
}

extension String {
    /// As a name in SQL, on both engines.
    var quotedName: String {
        "\"" + split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
