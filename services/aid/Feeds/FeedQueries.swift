import Security
import ServiceKit
import Storage

/// A file that was taken in.
struct ImportedFile: Sendable {
    let file: String
    let kind: String
    let feed: String?
    let bytes: Int
    let rows: Int?
    let importedAt: String
    let through: String
    let replacedAt: String?
    /// Of the last run that read it.
    var counts: RunFileCounts?
    var problems = 0
}

struct FeedQueries: Sendable {
    let database: Database
    let scope: Scope

    /// Whether the account may see whole files, which hold everyone's rows: its division holds every household.
    func coversAll() async throws -> Bool {
        let division = scope.division
        return try await database.read { db in
            try db.first("SELECT 1 AS one FROM household WHERE NOT (\(SQL.within(division, "division"))) LIMIT 1")
                == nil
        }
    }

    /// Removing a file, or bringing a register, changes what every division's runs see.
    func requireAll() async throws {
        guard try await coversAll() else { throw Problem.notAllowed }
    }

    /// The files in use with the counts of the last run, then those that were replaced, the newest first.
    func files(limit: Int = 200) async throws -> (files: [ImportedFile], run: RunSummary?) {
        try await database.read { db in
            let run = try RunQueries(database: database).latestDone(db)
            let counts = try run.map { run in try RunFileCounts.of(run: run.id, in: db) } ?? []
            let byFile = Dictionary(counts.map { ($0.file, $0) }) { first, _ in first }
            let files = try db.rows(
                """
                SELECT file, kind, feed, bytes, rows, imported_at, imported_through, replaced_at,
                    (SELECT count(*) FROM registry_problem p WHERE p.import_id = i.import_id) AS problems
                FROM import i ORDER BY replaced_at IS NOT NULL, kind DESC, imported_at DESC, file LIMIT \(limit)
                """)
            return (
                try files.map { row in
                    let replaced: String? = try row.get("replaced_at")
                    let file: String = try row.get("file")
                    return ImportedFile(
                        file: file, kind: try row.get("kind"), feed: try row.get("feed"), bytes: try row.get("bytes"),
                        rows: try row.get("rows"), importedAt: try row.get("imported_at"),
                        through: try row.get("imported_through"), replacedAt: replaced,
                        counts: replaced == nil ? byFile[file] : nil, problems: try row.get("problems"))
                }, run
            )
        }
    }

    /// What the register's file said wrongly, in the order met; nothing for who may not see the whole file.
    func problems(limit: Int = 1000) async throws -> [(file: String, line: Int, reason: String, subject: String)] {
        guard try await coversAll() else { return [] }
        return try await database.read { db in
            try db.rows(
                """
                SELECT p.file, p.line, p.reason, p.subject FROM registry_problem p JOIN import i USING (import_id)
                WHERE i.replaced_at IS NULL ORDER BY p.import_id, p.number LIMIT \(limit)
                """
            ).map { (try $0.get("file"), try $0.get("line"), try $0.get("reason"), try $0.get("subject")) }
        }
    }
}
