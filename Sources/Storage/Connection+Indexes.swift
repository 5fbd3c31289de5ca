extension Connection {
    /// Takes the tables' indexes away for the closure and builds them anew after it: sorting two million keys at the end
    /// takes a fraction of the time that placing each in turn does. Keys and unique constraints stay.
    package func withoutIndexes<Value>(of tables: [String], _ body: () throws -> Value) throws -> Value {
        let indexes = try rows(engine == .sqlite ? Self.sqliteIndexes(tables) : Self.postgresIndexes(tables)).map {
            (name: try $0.get("name", as: String.self), sql: try $0.get("sql", as: String.self))
        }
        for index in indexes { try execute("DROP INDEX \(trusted: index.name.quotedName)") }
        let value = try body()
        // PostgreSQL builds no index on a table whose deferred constraints are still to be checked.
        if engine == .postgres { try script("SET CONSTRAINTS ALL IMMEDIATE") }
        for index in indexes { try execute("\(trusted: index.sql)") }
        return value
    }

    private static func sqliteIndexes(_ tables: [String]) -> SQL {
        """
        SELECT name, sql FROM sqlite_master
        WHERE type = 'index' AND tbl_name IN \(list: tables) AND sql IS NOT NULL ORDER BY name
        """
    }

    private static func postgresIndexes(_ tables: [String]) -> SQL {
        """
        SELECT CAST(indexname AS TEXT) AS name, indexdef AS sql FROM pg_indexes
        WHERE schemaname = current_schema() AND tablename IN \(list: tables)
            AND indexname NOT IN (SELECT conname FROM pg_constraint) ORDER BY indexname
        """
    }

    /// `INDEXED BY` for SQLite, which plans without statistics; nothing for PostgreSQL, which has them.
    package func reading(by index: String) -> SQL {
        engine == .sqlite ? "INDEXED BY \(trusted: index)" : ""
    }

    /// `NOT INDEXED` for SQLite, nothing for PostgreSQL.
    package func readingWithoutIndex() -> SQL {
        engine == .sqlite ? "NOT INDEXED" : ""
    }
}
