import Crypto
import Foundation
import GRDB

/// One numbered step of the schema, in plain SQL; frozen once it was applied anywhere.
struct Migration: Hashable, Sendable {
    let number: Int
    let title: String
    let sql: String

    /// SHA-256 of the SQL, in hexadecimal.
    var checksum: String { SHA256.hash(data: Data(sql.utf8)).hexadecimal }

    /// The steps that come with this program, `NNNN-title.sql`, by number.
    static func shipped() throws(DatabaseFault) -> [Migration] {
        let folder = Bundle.module.bundlePath + "/Migrations"
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { name in
                guard name.hasSuffix(".sql"), let dash = name.firstIndex(of: "-"), let number = Int(name[..<dash])
                else { return nil }
                let title = name[name.index(after: dash)...].dropLast(4)
                let sql = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
                return Migration(number: number, title: String(title), sql: sql)
            }.sorted { $0.number < $1.number }
        } catch {
            throw .folder(FileFault(error, path: folder))
        }
    }
}

extension Digest {
    /// Two small letters or digits a byte.
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// Brings a database forward, one step a transaction, and notes each with its checksum.
struct SchemaHistory: Sendable {
    let migrations: [Migration]

    /// The steps that were applied now. Refuses a database that knows a step beyond these, or another text of one.
    func migrate(_ database: any DatabaseWriter, at time: String) throws -> [Migration] {
        try database.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS schema_migration (
                        number INTEGER PRIMARY KEY, title TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at TEXT NOT NULL)
                    """)
        }
        var applied: [Migration] = []
        // Two processes may start at once: each step looks again, under the write lock, at what has been done.
        while let step = try database.write({ db in try applyNext(db, at: time) }) {
            applied.append(step)
        }
        return applied
    }

    private func applyNext(_ db: Database, at time: String) throws -> Migration? {
        let done = try Row.fetchAll(db, sql: "SELECT number, sha256 FROM schema_migration ORDER BY number")
        let known = Dictionary(uniqueKeysWithValues: migrations.map { ($0.number, $0.checksum) })
        for row in done {
            let number: Int = row[0]
            guard let checksum = known[number] else {
                throw DatabaseFault.fromTheFuture(found: number, known: migrations.last?.number ?? 0)
            }
            guard checksum == row[1] else { throw DatabaseFault.migrationChanged(number: number) }
        }
        let last: Int = done.last?[0] ?? 0
        guard let next = migrations.first(where: { $0.number > last }) else { return nil }
        try db.execute(sql: next.sql)
        try db.execute(
            sql: "INSERT INTO schema_migration (number, title, sha256, applied_at) VALUES (?, ?, ?, ?)",
            arguments: [next.number, next.title, next.checksum, time])
        return next
    }
}
