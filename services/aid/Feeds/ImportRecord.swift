import GRDB

/// A row of table `import` to be written: a file that was taken in.
struct ImportRecord {
    let file: String
    let feed: String?
    let digest: FileDigest
    let rows: Int?
    let time: String
    let route: ImportRoute

    /// Ends the file of this name that is current, and puts this one in its place. The new row's id.
    func replaceCurrent(in db: Database, kind: String) throws -> Int64 {
        try Self.endCurrent(file, at: time, in: db)
        try db.execute(
            sql: """
                INSERT INTO import (kind, file, feed, sha256, bytes, rows, imported_at, imported_through)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [kind, file, feed, digest.sha256, digest.bytes, rows, time, route.rawValue])
        return db.lastInsertedRowID
    }

    static func endCurrent(_ file: String, at time: String, in db: Database) throws {
        try db.execute(
            sql: "UPDATE import SET replaced_at = ? WHERE file = ? AND replaced_at IS NULL", arguments: [time, file])
    }
}
