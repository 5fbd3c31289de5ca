import Foundation

extension PostgresSource {
    /// One snapshot of the serving database in the custom format of `pg_dump`, read back once before it gets its name.
    func backUp(to path: String, on workers: Workers, progress: @escaping @Sendable (String) -> Void) async throws {
        let version = try await workers.run { try self.serverVersion() }
        let dump = try await PostgresTool(.dump, target: target, server: version, folders: options.programs)
        // It reads every part of the archive, without a server.
        let check = try await PostgresTool(.restore, target: target, server: version, folders: options.programs)
        let draft = path + ".draft"
        do {
            try await dump.run(
                ["--format=custom", "--no-owner", "--no-privileges", "--verbose", "--file=\(draft)"], progress: progress
            )
            try await check.run(["--file=/dev/null", draft], isConnecting: false)
            try LastingFile.rename(draft, to: path)
        } catch {
            try? FileManager.default.removeItem(atPath: draft)
            throw error
        }
    }

    /// All of a backup in one transaction, into a database without tables.
    func restore(from path: String, on workers: Workers, progress: (String) -> Void) async throws {
        let version = try await workers.run {
            guard try self.isEmpty() else { throw DatabaseFault.notEmpty }
            return try self.serverVersion()
        }
        let restore = try await PostgresTool(.restore, target: target, server: version, folders: options.programs)
        try await restore.run(
            ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", "--verbose", path],
            progress: progress)
    }

    private func isEmpty() throws(DatabaseFault) -> Bool {
        try asked { db in
            try db.first(
                """
                SELECT 1 AS one FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'
                    AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') LIMIT 1
                """) == nil
        }
    }

    private func serverVersion() throws(DatabaseFault) -> Int {
        let number = try asked { db in
            try db.first("SELECT CAST(current_setting('server_version_num') AS BIGINT) AS number")?
                .get("number", as: Int.self)
        }
        return (number ?? 0) / 10_000
    }

    private func asked<Value>(_ body: (Connection) throws -> Value) throws(DatabaseFault) -> Value {
        do {
            return try read(body)
        } catch let fault as DatabaseFault {
            throw fault
        } catch {
            throw .backupFailed("\(error)")
        }
    }
}
