import Foundation
import Security
import Storage

/// What a service's `keys status` and `keys rotate` do; the service says which columns it seals.
package struct KeyWork: Sendable {
    private let store: ServiceStore
    private let columns: [SealedColumn]
    private static let batch = 500

    package init(_ store: ServiceStore, _ columns: [SealedColumn]) {
        self.store = store
        self.columns = columns
    }

    /// Prints the active key's version and how many values are under older ones.
    package func printStatus() throws {
        let waiting = try waiting()
        let version = store.ring.current.encryption.activeVersion
        print("active key 当前密钥: \(version); under older keys 旧密钥: \(waiting)")
    }

    /// A new key, and everything under it, in small transactions while the service serves. What an earlier call left unfinished comes
    /// first, under the key that it made. Old keys stay in the file, for backups that were made under them.
    package func rotate() async throws {
        if try waiting() == 0 {
            _ = try store.ring.file.addKey()
            try store.ring.reload()
            try await AuditLog(database: store.database).append(AuditEvent("keys.rotate", by: .machine))
        }
        let progress = BackupProgress()
        defer { progress.end() }
        let sealed = try sealAnew { progress.show("\($0)") }
        progress.end()
        print("active key 当前密钥: \(store.ring.current.encryption.activeVersion); sealed anew 已重新加密: \(sealed)")
    }

    /// How many values are under an old key.
    package func waiting() throws -> Int {
        var count = 0
        for column in columns {
            try forEachBatch(of: column) { rows in
                for row in rows where try needsRotation(row.get(column.column)) { count += 1 }
            }
        }
        return count
    }

    /// - Parameter progress: called with the number of values looked at so far.
    /// - Returns: how many were sealed anew.
    package func sealAnew(progress: (Int) -> Void = { _ in }) throws -> Int {
        var (seen, sealed) = (0, 0)
        for column in columns {
            try forEachBatch(of: column) { rows in
                let old = try rows.filter { try needsRotation($0.get(column.column)) }
                if !old.isEmpty {
                    sealed += try store.database.writeBlocking { db in
                        try old.count { row in try renew(row, of: column, in: db) }
                    }
                }
                seen += rows.count
                progress(seen)
            }
        }
        return sealed
    }

    private func renew(_ row: Row, of column: SealedColumn, in db: Connection) throws -> Bool {
        let value: [UInt8] = try row.get(column.column)
        guard let new = try store.ring.current.encryption.rotated(value, at: column.place(row)) else { return false }
        return try column.store(new, for: row, old: value, in: db)
    }

    private func needsRotation(_ value: [UInt8]) throws -> Bool {
        try store.ring.current.encryption.needsRotation(value)
    }

    private func forEachBatch(of column: SealedColumn, _ body: ([Row]) throws -> Void) throws {
        var last: Row?
        while true {
            let rows = try store.database.readBlocking { [last] db in
                try column.rows(after: last, limit: Self.batch, in: db)
            }
            guard let end = rows.last else { return }
            try body(rows)
            last = end
        }
    }
}
