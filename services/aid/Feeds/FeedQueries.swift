import GRDB

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
    let database: any DatabaseReader

    /// The files in use with the counts of the last run, then those that were replaced, the newest first.
    func files(limit: Int = 200) async throws -> (files: [ImportedFile], run: RunSummary?) {
        try await database.read { db in
            let run = try RunQueries(database: database).latestDone(db)
            let counts =
                try run.map { run in
                    try RunFileCounts.fetchAll(db, sql: "SELECT * FROM run_file WHERE run_id = ?", arguments: [run.id])
                } ?? []
            let byFile = Dictionary(counts.map { ($0.file, $0) }) { first, _ in first }
            let files = try Row.fetchAll(
                db,
                sql: """
                    SELECT file, kind, feed, bytes, rows, imported_at, imported_through, replaced_at,
                        (SELECT count(*) FROM registry_problem p WHERE p.import_id = i.import_id) AS problems
                    FROM import i ORDER BY replaced_at IS NOT NULL, kind DESC, imported_at DESC, file LIMIT ?
                    """,
                arguments: [limit])
            return (
                files.map { row in
                    let replaced: String? = row["replaced_at"]
                    let file: String = row["file"]
                    return ImportedFile(
                        file: file, kind: row["kind"], feed: row["feed"], bytes: row["bytes"], rows: row["rows"],
                        importedAt: row["imported_at"], through: row["imported_through"], replacedAt: replaced,
                        counts: replaced == nil ? byFile[file] : nil, problems: row["problems"])
                }, run
            )
        }
    }

    /// What the register's file said wrongly, in the order met.
    func problems(limit: Int = 1000) async throws -> [(file: String, line: Int, reason: String, subject: String)] {
        try await database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT p.file, p.line, p.reason, p.subject FROM registry_problem p JOIN import i USING (import_id)
                    WHERE i.replaced_at IS NULL ORDER BY p.import_id, p.number LIMIT ?
                    """,
                arguments: [limit]
            ).map { ($0["file"], $0["line"], $0["reason"], $0["subject"]) }
        }
    }
}
