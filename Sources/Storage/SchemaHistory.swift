/// Brings a database forward and notes each step with its checksum, in a table of its own.
struct SchemaHistory: Sendable {
    let migrations: [Migration]
    /// The table's name.
    let table: String

    func apply(on connection: Connection, at time: String) throws -> [Migration] {
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS \(trusted: table) (
                number BIGINT PRIMARY KEY, title TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at TEXT NOT NULL)
            """)
        let done = try connection.rows("SELECT number, sha256 FROM \(trusted: table) ORDER BY number")
        let known = Dictionary(migrations.map { ($0.number, $0.checksum) }) { first, _ in first }
        var last = 0
        for row in done {
            let number: Int = try row.get("number")
            guard let checksum = known[number] else {
                throw DatabaseFault.fromTheFuture(found: number, known: migrations.last?.number ?? 0)
            }
            guard try checksum == row.get("sha256") else { throw DatabaseFault.migrationChanged(number: number) }
            last = number
        }
        let missing = migrations.filter { $0.number > last }
        for migration in missing {
            try connection.script(migration.sql)
            try connection.execute(
                """
                INSERT INTO \(trusted: table) (number, title, sha256, applied_at)
                VALUES (\(migration.number), \(migration.title), \(migration.checksum), \(time))
                """)
        }
        return missing
    }
}
