/// How a database is used. The defaults suit a service.
package struct DatabaseOptions: Hashable, Sendable {
    /// Connections that read at the same time.
    package var readers = 8
    /// Connections that write at the same time; SQLite always has one.
    package var writers = 4
    /// How long a transaction waits for a connection, for another's lock, for a server that restarts, and goes on
    /// trying after serialization failures.
    package var patience: Duration = .seconds(30)
    /// How long the server works on one statement (PostgreSQL); `zero` is for ever.
    package var statementTimeout: Duration = .seconds(60)
    /// How long a connection attempt takes at most (PostgreSQL); libpq counts whole seconds, from 2.
    package var connectTimeout: Duration = .seconds(5)
    /// Where to look for `pg_dump` and `pg_restore`, written as `PATH`; where nil, in `PATH` and Debian's own folders.
    package var programs: String?

    package init() {}
}
