/// A value as both engines keep it. Dates are texts in ISO 8601, money is a whole number of fen.
package enum SQLValue: Hashable, Sendable {
    case null(SQLType)
    case integer(Int64)
    case double(Double)
    case bool(Bool)
    case text(String)
    case blob([UInt8])

    /// SQLite keeps no truth values: they come back as 0 and 1.
    var type: SQLType {
        switch self {
        case .null(let type): type
        case .integer: .integer
        case .double: .double
        case .bool: .bool
        case .text: .text
        case .blob: .blob
        }
    }
}

/// The column types of the common dialect: BIGINT, DOUBLE PRECISION, BOOLEAN, TEXT, BYTEA.
package enum SQLType: String, Hashable, Sendable {
    case integer = "BIGINT"
    case double = "DOUBLE PRECISION"
    case bool = "BOOLEAN"
    case text = "TEXT"
    case blob = "BYTEA"
}

/// What can be bound into a statement and read from a column.
package protocol SQLBindable: Sendable {
    static var sqlType: SQLType { get }
    var sqlValue: SQLValue { get }
    /// `nil` where the column holds something else.
    init?(sqlValue: SQLValue)
}

extension Int64: SQLBindable {
    package static var sqlType: SQLType { .integer }
    package var sqlValue: SQLValue { .integer(self) }

    package init?(sqlValue: SQLValue) {
        guard case .integer(let number) = sqlValue else { return nil }
        self = number
    }
}

extension Int: SQLBindable {
    package static var sqlType: SQLType { .integer }
    package var sqlValue: SQLValue { .integer(Int64(self)) }

    package init?(sqlValue: SQLValue) {
        guard case .integer(let number) = sqlValue else { return nil }
        self.init(exactly: number)
    }
}

extension Double: SQLBindable {
    package static var sqlType: SQLType { .double }
    package var sqlValue: SQLValue { .double(self) }

    package init?(sqlValue: SQLValue) {
        switch sqlValue {
        case .double(let number): self = number
        // SQLite's avg() and sums of whole numbers, PostgreSQL's numeric without a fraction.
        case .integer(let number): self = Double(number)
        default: return nil
        }
    }
}

extension Bool: SQLBindable {
    package static var sqlType: SQLType { .bool }
    package var sqlValue: SQLValue { .bool(self) }

    package init?(sqlValue: SQLValue) {
        switch sqlValue {
        case .bool(let isTrue): self = isTrue
        case .integer(0): self = false
        case .integer(1): self = true
        default: return nil
        }
    }
}

extension String: SQLBindable {
    package static var sqlType: SQLType { .text }
    package var sqlValue: SQLValue { .text(self) }

    package init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue else { return nil }
        self = text
    }
}

extension [UInt8]: SQLBindable {
    package static var sqlType: SQLType { .blob }
    package var sqlValue: SQLValue { .blob(self) }

    package init?(sqlValue: SQLValue) {
        guard case .blob(let bytes) = sqlValue else { return nil }
        self = bytes
    }
}

extension Optional: SQLBindable where Wrapped: SQLBindable {
    package static var sqlType: SQLType { Wrapped.sqlType }
    package var sqlValue: SQLValue { map(\.sqlValue) ?? .null(Wrapped.sqlType) }

    package init?(sqlValue: SQLValue) {
        if case .null = sqlValue {
            self = .none
        } else {
            guard let value = Wrapped(sqlValue: sqlValue) else { return nil }
            self = .some(value)
        }
    }
}
