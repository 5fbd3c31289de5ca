import GRDB
import GRDBSQLite

extension DatabaseFault {
    init(sqlite error: any Error) {
        switch error {
        case let fault as DatabaseFault: self = fault
        case let error as DatabaseError:
            self.init(sqliteCode: error.extendedResultCode.rawValue, message: error.message ?? "")
        default: self = .engine(code: "sqlite", message: String(describing: type(of: error)))
        }
    }

    /// SQLite's messages name tables, columns and constraints, never values.
    init(sqliteCode code: Int32, message: String) {
        self =
            switch code & 0xff {
            case SQLITE_FULL: .diskFull
            case SQLITE_READONLY, SQLITE_PERM: .readOnly
            case SQLITE_NOTADB: .notADatabase
            case SQLITE_CORRUPT: .damaged
            case SQLITE_BUSY, SQLITE_LOCKED: .locked
            case SQLITE_CANTOPEN: .cannotOpen
            case SQLITE_CONSTRAINT: .constraint(ConstraintViolation(sqliteCode: code, message: message))
            // A misused handle is one whose pool has been closed.
            case SQLITE_MISUSE: .closed
            default: .engine(code: "sqlite-\(code)", message: message)
            }
    }
}

extension ConstraintViolation {
    /// `UNIQUE constraint failed: alert.household_id, alert.direction`, `CHECK constraint failed: name`.
    fileprivate init(sqliteCode code: Int32, message: String) {
        kind =
            switch Int(code) >> 8 {
            case 1: .check
            case 3: .foreignKey
            case 5: .notNull
            case 7: .exclusion
            // PRIMARYKEY, UNIQUE and ROWID.
            case 6, 8, 10: .unique
            default: .other
            }
        let parts = message.split(separator: ": ", maxSplits: 1)
        guard parts.count == 2 else {
            if kind == .exclusion { name = message }
            return
        }
        switch kind {
        case .check: name = String(parts[1])
        case .unique, .notNull:
            let places = parts[1].split(separator: ", ").map { $0.split(separator: ".", maxSplits: 1) }
            table = places.first?.first.map(String.init)
            columns = places.compactMap { $0.count == 2 ? String($0[1]) : nil }
        default: break
        }
    }
}
