/// A piece of SQL whose interpolations bind: `"SELECT name FROM person WHERE person_id = \(id)"`.
///
/// A `String` never becomes SQL by accident: it is bound. What must stand in the text itself is a nested `SQL`, or
/// `\(trusted: text)`; `IN \(list: ids)` binds each element.
package struct SQL: ExpressibleByStringInterpolation, Sendable {
    enum Piece: Hashable, Sendable {
        case text(String)
        case value(SQLValue)
    }

    private(set) var pieces: [Piece]

    package init(stringLiteral text: String) {
        pieces = text.isEmpty ? [] : [.text(text)]
    }

    package init(stringInterpolation: StringInterpolation) {
        pieces = stringInterpolation.pieces
    }

    /// Takes a text into the statement as it is. Never one that came from outside the program.
    package init(trusted text: String) {
        pieces = [.text(text)]
    }

    package static func + (left: SQL, right: SQL) -> SQL {
        var sum = left
        sum.pieces += right.pieces
        return sum
    }

    package static func += (left: inout SQL, right: SQL) {
        left.pieces += right.pieces
    }

    /// The values in the order of their places.
    package var values: [SQLValue] {
        pieces.compactMap { piece in
            if case .value(let value) = piece { value } else { nil }
        }
    }

    /// The text as an engine takes it: places are `?` on SQLite and `$1`, `$2`… on PostgreSQL.
    package func text(for engine: Engine) -> String {
        var text = ""
        var place = 0
        for piece in pieces {
            switch piece {
            case .text(let part): text += part
            case .value:
                place += 1
                text += engine == .sqlite ? "?" : "$\(place)"
            }
        }
        return text
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var pieces: [Piece] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(interpolationCount * 2 + 1)
        }

        package mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { pieces.append(.text(literal)) }
        }

        package mutating func appendInterpolation(_ value: some SQLBindable) {
            pieces.append(.value(value.sqlValue))
        }

        package mutating func appendInterpolation<Value: SQLBindable>(_ value: Value?) {
            pieces.append(.value(value.sqlValue))
        }

        package mutating func appendInterpolation(_ sql: SQL) {
            pieces += sql.pieces
        }

        package mutating func appendInterpolation(trusted text: String) {
            pieces.append(.text(text))
        }

        /// For `IN` and `NOT IN`. An empty list is a query without rows, which both engines take.
        package mutating func appendInterpolation<Value: SQLBindable>(list values: some Sequence<Value>) {
            var isFirst = true
            for value in values {
                pieces.append(.text(isFirst ? "(" : ", "))
                pieces.append(.value(value.sqlValue))
                isFirst = false
            }
            pieces.append(.text(isFirst ? "(SELECT CAST(NULL AS \(Value.sqlType.rawValue)) WHERE 1 = 0)" : ")"))
        }
    }
}

extension Sequence<SQL> {
    /// The pieces with another between each two, as for conditions: `parts.joined(by: " AND ")`.
    package func joined(by separator: SQL) -> SQL {
        var sum: SQL = ""
        var isFirst = true
        for part in self {
            if !isFirst { sum += separator }
            sum += part
            isFirst = false
        }
        return sum
    }
}
