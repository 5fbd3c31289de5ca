import SocialDomain

/// Which rule of the schema a change breaks. Names of the schema only, no values.
package struct ConstraintViolation: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case unique
        case check
        case notNull = "not-null"
        case foreignKey = "foreign-key"
        /// Two things in one place at the same time: by EXCLUDE, or by a trigger that stands for it.
        case exclusion
        case other
    }

    package let kind: Kind
    /// SQLite does not say it for CHECK and FOREIGN KEY.
    package var table: String?
    /// The constraint's own name; SQLite says it for CHECK, and for a trigger what the trigger says.
    package var name: String?
    /// The columns, for UNIQUE and NOT NULL on both engines.
    package var columns: [String] = []
}

/// Why a database did not do what was asked. `description` is for logs and holds no values of the data.
package enum DatabaseFault: ExplainedFault, Hashable {
    /// A transaction that could succeed if tried again: another one won.
    package enum Conflict: String, Hashable, Sendable {
        case serialization
        case deadlock
    }

    case badAddress
    case wrongPassword
    /// The database, or the role's right to it, does not exist.
    case noSuchDatabase
    case serverGone
    case tooManyConnections
    /// The connection broke while the commit was on its way: it may or may not have happened.
    case outcomeUnknown
    case timedOut
    case closed
    case diskFull
    case readOnly
    case notADatabase
    case damaged
    case cannotOpen
    case locked
    case conflict(Conflict)
    case constraint(ConstraintViolation)
    case columnMissing(column: String, present: [String])
    case columnType(column: String, expected: String, found: String)
    /// The PostgreSQL database must keep UTF-8 and compare texts byte by byte, as SQLite does.
    case unsuitableLocale
    /// The data was written by a newer version of the program.
    case fromTheFuture(found: Int, known: Int)
    /// A migration that was applied reads otherwise now.
    case migrationChanged(number: Int)
    /// The migrations' files have a gap, a number twice, or cannot be read.
    case badMigrations(String)
    case backupFailed(String)
    /// A backup goes into a database without tables only.
    case notEmpty
    /// `pg_dump` or `pg_restore` is not installed.
    case toolMissing(String)
    /// It is of an older major version than the server and would not read all of it.
    case toolTooOld(String, version: Int, server: Int)
    /// Any other failure: SQLite's extended code or PostgreSQL's SQLSTATE, and the engine's words where they cannot
    /// hold values.
    case engine(code: String, message: String)

    /// Stable, for programs.
    package var code: String {
        switch self {
        case .badAddress: "database-address"
        case .wrongPassword: "database-password"
        case .noSuchDatabase: "database-missing"
        case .serverGone: "database-gone"
        case .tooManyConnections: "database-connections"
        case .outcomeUnknown: "database-outcome-unknown"
        case .timedOut: "database-time-out"
        case .closed: "database-closed"
        case .diskFull: "database-disk-full"
        case .readOnly: "database-read-only"
        case .notADatabase: "database-not-a-database"
        case .damaged: "database-damaged"
        case .cannotOpen: "database-cannot-open"
        case .locked: "database-locked"
        case .conflict: "database-conflict"
        case .constraint: "database-constraint"
        case .columnMissing: "database-column-missing"
        case .columnType: "database-column-type"
        case .unsuitableLocale: "database-locale"
        case .fromTheFuture: "database-from-the-future"
        case .migrationChanged: "database-migration-changed"
        case .badMigrations: "database-migrations"
        case .backupFailed: "database-backup"
        case .notEmpty: "database-not-empty"
        case .toolMissing: "database-tool-missing"
        case .toolTooOld: "database-tool-too-old"
        case .engine: "database-failed"
        }
    }

    /// Whether the same transaction may be tried again: it was rolled back, or never began.
    var isTransient: Bool {
        switch self {
        case .conflict, .serverGone, .tooManyConnections: true
        default: false
        }
    }
}
