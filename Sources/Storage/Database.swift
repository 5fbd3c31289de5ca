/// The transactions of one engine.
protocol TransactionSource: Sendable {
    func read<Value>(_ body: (Connection) throws -> Value) throws -> Value
    /// A read of well under a millisecond, at once; nil where that is not possible.
    func glance<Value>(_ body: (Connection) throws -> Value) throws -> Value?
    func write<Value>(_ body: (Connection) throws -> Value) throws -> Value
    func writeByRows<Value>(_ body: (Connection) throws -> Value) throws -> Value
    /// For migrations: one at a time among all processes, and seeing what those before it committed.
    func migrate<Value>(_ body: (Connection) throws -> Value) throws -> Value
    func writeInBulk<Value>(checkingAtEnd tables: [String], _ body: (Connection) throws -> Value) throws -> Value
    func compact() throws
    /// - Parameter workers: for calls that block.
    func backUp(to path: String, on workers: Workers, progress: @escaping @Sendable (String) -> Void) async throws
    func restore(from path: String, on workers: Workers, progress: (String) -> Void) async throws
    func close()
}

/// A database, SQLite or PostgreSQL, behind one API.
package struct Database: Sendable {
    package let address: DatabaseAddress
    private let source: any TransactionSource
    private let readers: Workers
    private let writers: Workers
    private let lifetime: Lifetime

    /// Connects; throws at once where that fails. The schema is left as it is: see `migrate`.
    ///
    /// The call blocks for up to the connect time-out: not on Swift's own threads while a service serves.
    package init(_ address: DatabaseAddress, options: DatabaseOptions = DatabaseOptions()) throws(DatabaseFault) {
        self.address = address
        switch address.engine {
        case .sqlite: source = try SQLiteSource(path: address.target, options: options)
        case .postgres: source = try PostgresSource(target: address.target, options: options)
        }
        readers = Workers(count: options.readers, name: "storage-read")
        writers = Workers(count: address.engine == .sqlite ? 1 : options.writers, name: "storage-write")
        lifetime = Lifetime(source: source, workers: [readers, writers])
    }

    package var engine: Engine { address.engine }

    /// One snapshot, off the cooperative pool. The closure may run again after a lost connection.
    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        let source = source
        return try await readers.run { try source.read(body) }
    }

    /// As `read`, for what takes well under a millisecond, such as a few rows by their keys: on SQLite it is done on the
    /// caller's thread, where a connection is free.
    package func glance<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        if let value = try source.glance(body) { return value }
        return try await read(body)
    }

    /// One serializable transaction: all of it or, where the closure throws, nothing. The closure runs again after a
    /// conflict or a connection lost before the commit, so it must do nothing but work on the connection.
    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        let source = source
        return try await writers.run { try source.write(body) }
    }

    /// As `write`, for what many do at the same time to rows of a queue: on PostgreSQL only rows that it changes or locks
    /// are kept from others (READ COMMITTED), each statement sees what was committed before it, and others that work on
    /// other rows are never in conflict. What the closure reads without a lock may have changed when it commits.
    package func writeByRows<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        let source = source
        return try await writers.run { try source.writeByRows(body) }
    }

    /// As `write`, without waiting for it: what it gave, or why it failed, goes to `done`, on the writer's thread.
    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value,
        done: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        let source = source
        writers.submit({ done(Result { try source.write(body) }) }, refused: { done(.failure(DatabaseFault.closed)) })
    }

    /// As `read`, on the caller's thread, which must be one that may block.
    package func readBlocking<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        try source.read(body)
    }

    /// As `write`, on the caller's thread, which must be one that may block.
    package func writeBlocking<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        try source.write(body)
    }

    /// One long transaction, as `writeBlocking`, with room in memory for its indexes and no limit of time.
    ///
    /// - Parameter tables: where it names any, foreign keys are not checked row by row, but once before the commit: on
    ///   SQLite for these tables, on PostgreSQL where they are deferrable.
    package func writeInBulkBlocking<Value>(
        checkingAtEnd tables: [String] = [], _ body: (Connection) throws -> Value
    ) throws -> Value {
        try source.writeInBulk(checkingAtEnd: tables, body)
    }

    /// Brings the schema forward, in one transaction that only one process can be in; the migrations applied now.
    ///
    /// - Parameters:
    ///   - time: noted with each migration, ISO 8601.
    ///   - history: the table that notes them; the kit's own tables have a history beside the service's.
    @discardableResult
    package func migrate(
        _ migrations: [Migration], at time: String, history table: String = "schema_migration"
    ) throws -> [Migration] {
        let history = SchemaHistory(migrations: migrations, table: table)
        return try source.migrate { connection in try history.apply(on: connection, at: time) }
    }

    /// Copies one snapshot of a serving database into a new file and checks it before it gets its name: an SQLite database, or an archive
    /// of `pg_dump`.
    ///
    /// - Parameter progress: called with each table that PostgreSQL's program comes to.
    package func backUp(
        to path: String, progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws {
        try await source.backUp(to: path, on: readers, progress: progress)
    }

    /// Puts an archive of `backUp` into this PostgreSQL database, which holds no table yet: all of it or nothing.
    package func restore(from path: String, progress: (String) -> Void = { _ in }) async throws {
        try await source.restore(from: path, on: readers, progress: progress)
    }

    /// Gives back the room of what was deleted, so that nothing of it stands in the database's files any more.
    package func compact() throws {
        try source.compact()
    }

    /// Whether the database answers.
    package func check() async throws {
        _ = try await read { try $0.first("SELECT 1 AS one") }
    }

    /// Ends the threads and connections once they are idle; later calls throw `closed`.
    package func close() {
        lifetime.end()
    }
}

/// What the copies of a `Database` share: the last one that goes ends the threads and connections.
private final class Lifetime: Sendable {
    private let source: any TransactionSource
    private let workers: [Workers]

    init(source: any TransactionSource, workers: [Workers]) {
        self.source = source
        self.workers = workers
    }

    func end() {
        for workers in workers { workers.close() }
        source.close()
    }

    deinit { end() }
}
