import Storage

/// A row of table `import` to be written: a file that was taken in.
struct ImportRecord {
    let file: String
    let feed: String?
    let digest: FileDigest
    let rows: Int?
    let time: String
    let route: ImportRoute

    /// Ends the file of this name that is current, and puts this one in its place. The new row's id.
    func replaceCurrent(in db: Connection, kind: String) throws -> Int64 {
        try Self.endCurrent(file, at: time, in: db)
        let row = try db.first(
            """
            INSERT INTO import (kind, file, feed, sha256, bytes, rows, imported_at, imported_through)
            VALUES (\(kind), \(file), \(feed), \(digest.sha256), \(digest.bytes), \(rows), \(time), \(route.rawValue))
            RETURNING import_id
            """)
        guard let row else { throw DatabaseFault.closed }
        return try row.get("import_id")
    }

    static func endCurrent(_ file: String, at time: String, in db: Connection) throws {
        try db.execute("UPDATE import SET replaced_at = \(time) WHERE file = \(file) AND replaced_at IS NULL")
    }
}
