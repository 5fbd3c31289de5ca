import Security
import SocialDomain
import Storage

/// Brings every sealed value under the active key, and seals what an earlier version of the service stored plainly.
///
/// In small transactions, while the service serves; it may be stopped anywhere and called again. A value that someone
/// else changes meanwhile is theirs.
struct SealRecords: Sendable {
    let database: AidDatabase
    static let batch = 1000

    /// - Parameter progress: called after each batch with the number of values looked at so far.
    /// - Returns: how many values were sealed anew.
    @discardableResult
    func callAsFunction(
        progress: (Int) -> Void = { _ in }, isStopped: () -> Bool = { false }
    ) throws -> (sealed: Int, wasPlain: Int) {
        var (seen, sealed, wasPlain) = (0, 0, 0)
        for table in [Table.person, .evidence] {
            var last = ""
            while !isStopped() {
                let values = try database.read { db in try table.values(after: last, in: db) }
                guard let end = values.last else { break }
                let changed = try values.filter { value in
                    try value.sealed.map { try database.seal.ring.current.encryption.needsRotation($0) } ?? true
                }
                if !changed.isEmpty {
                    let renewed = try RecordSeal.sideBySide(changed) { value in try table.renewed(value, database.seal)
                    }
                    try database.write { db in
                        for (value, new) in zip(changed, renewed) { try table.store(new, for: value, in: db) }
                    }
                    sealed += changed.count
                    wasPlain += changed.count { $0.sealed == nil }
                }
                seen += values.count
                last = end.key
                progress(seen)
            }
        }
        // What was written plainly still stands in the file's free pages.
        if wasPlain > 0, !isStopped() { try database.database.compact() }
        return (sealed, wasPlain)
    }

    /// How many values are plain or under an old key.
    func waiting() throws -> (plain: Int, old: Int) {
        var (plain, old) = (0, 0)
        for table in [Table.person, .evidence] {
            var last = ""
            while true {
                let values = try database.read { db in try table.values(after: last, in: db) }
                guard let end = values.last else { break }
                for value in values {
                    guard let sealed = value.sealed else {
                        plain += 1
                        continue
                    }
                    if try database.seal.ring.current.encryption.needsRotation(sealed) { old += 1 }
                }
                last = end.key
            }
        }
        return (plain, old)
    }
}

private struct StoredValue: Sendable {
    let key: String
    let plain: String?
    let sealed: [UInt8]?
}

private enum Table {
    case person
    case evidence

    func values(after last: String, in db: Connection) throws -> [StoredValue] {
        let rows: [Row]
        switch self {
        case .person:
            rows = try db.rows(
                """
                SELECT person_id AS id, id_number AS plain, id_number_sealed AS sealed FROM person
                WHERE person_id > \(last) AND (id_number IS NOT NULL OR id_number_sealed IS NOT NULL)
                ORDER BY person_id LIMIT \(SealRecords.batch)
                """)
        case .evidence:
            rows = try db.rows(
                """
                SELECT household_id AS id, rows AS plain, sealed FROM evidence WHERE household_id > \(last)
                ORDER BY household_id LIMIT \(SealRecords.batch)
                """)
        }
        return try rows.map {
            StoredValue(key: try $0.get("id"), plain: try $0.get("plain"), sealed: try $0.get("sealed"))
        }
    }

    func renewed(_ value: StoredValue, _ seal: RecordSeal) throws -> RecordSeal.Number {
        switch self {
        case .person:
            let number = try value.sealed.map { try seal.openNumber($0, person: value.key) } ?? value.plain ?? ""
            return try seal.number(number, person: value.key)
        case .evidence:
            let json = try value.sealed.map { try seal.openEvidence($0, household: value.key) } ?? value.plain ?? ""
            return .init(sealed: try seal.evidence(Array(json.utf8), household: value.key), index: [])
        }
    }

    func store(_ new: RecordSeal.Number, for old: StoredValue, in db: Connection) throws {
        switch self {
        case .person:
            try db.execute(
                """
                UPDATE person SET id_number = NULL, id_number_sealed = \(new.sealed), id_number_index = \(new.index)
                WHERE person_id = \(old.key) AND id_number IS NOT DISTINCT FROM \(old.plain)
                    AND id_number_sealed IS NOT DISTINCT FROM \(old.sealed)
                """)
        case .evidence:
            try db.execute(
                """
                UPDATE evidence SET rows = '', sealed = \(new.sealed)
                WHERE household_id = \(old.key) AND rows IS NOT DISTINCT FROM \(old.plain)
                    AND sealed IS NOT DISTINCT FROM \(old.sealed)
                """)
        }
    }
}
