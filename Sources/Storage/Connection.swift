/// What a transaction's closure works with. It must not leave the closure.
///
/// A statement that fails ends the transaction on both engines: later statements throw the same fault, and nothing is
/// committed even where the closure caught it. `savepoint` is the way to try and go on.
package final class Connection {
    private let session: any Session
    private var savepoints = 0
    /// The first fault of a statement.
    private(set) var failure: DatabaseFault?
    private var afterCommit: [@Sendable () -> Void] = []

    init(_ session: any Session) {
        self.session = session
    }

    package var engine: Engine { session.engine }

    /// Runs a statement; the number of rows that it inserted, updated or deleted.
    @discardableResult
    package func execute(_ sql: SQL) throws -> Int {
        try watched { try session.execute(sql) }
    }

    package func rows(_ sql: SQL) throws -> [Row] {
        try watched { try session.rows(sql) }
    }

    package func first(_ sql: SQL) throws -> Row? {
        try rows(sql).first
    }

    /// Hands over a large result row by row; other statements may run in between.
    package func forEach(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        try watched { try session.forEach(sql, body) }
    }

    /// Inserts many rows: COPY on PostgreSQL, one prepared statement on SQLite. No other statement may run within.
    package func load(into table: String, columns: [String], _ body: (BulkWriter) throws -> Void) throws {
        try watched { try session.load(into: table, columns: columns, body) }
    }

    /// A statement to run or step a million times; its places are `?1`, `?2`…, no value is interpolated.
    package func prepare(_ sql: SQL) throws -> any BulkStatement {
        try watched {
            guard sql.values.isEmpty else {
                throw DatabaseFault.engine(code: "bulk", message: "values are bound by place")
            }
            return try session.prepare(sql.text(for: engine)) { [unowned self] fault in
                if failure == nil { failure = fault }
            }
        }
    }

    /// What the closure does is undone where it throws; the transaction goes on.
    package func savepoint<Value>(_ body: () throws -> Value) throws -> Value {
        savepoints += 1
        defer { savepoints -= 1 }
        let name = "savepoint_\(savepoints)"
        try watched { try session.script("SAVEPOINT \(name)") }
        do {
            let value = try body()
            try watched { try session.script("RELEASE SAVEPOINT \(name)") }
            return value
        } catch {
            // A lost connection or a conflict ends the whole transaction.
            if failure?.isTransient != true {
                failure = nil
                try watched { try session.script("ROLLBACK TO SAVEPOINT \(name); RELEASE SAVEPOINT \(name)") }
            }
            throw error
        }
    }

    /// Runs the closure once the transaction has committed; not where it is rolled back. A savepoint that is rolled back
    /// keeps it.
    package func afterCommit(_ body: @escaping @Sendable () -> Void) {
        afterCommit.append(body)
    }

    func hasCommitted() {
        for body in afterCommit { body() }
    }

    func script(_ text: String) throws {
        try watched { try session.script(text) }
    }

    private func watched<Value>(_ body: () throws -> Value) throws -> Value {
        if let failure { throw failure }
        do {
            return try body()
        } catch let fault as DatabaseFault {
            if failure == nil { failure = fault }
            throw fault
        }
    }
}
