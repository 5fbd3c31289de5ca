/// A row of a result, read by its columns' names.
package struct Row: Hashable, Sendable {
    package let columns: [String]
    package let values: [SQLValue]

    /// The column's value. Throws `columnMissing` or `columnType`, which name the column and never repeat the value.
    package func get<Value: SQLBindable>(_ name: String, as type: Value.Type = Value.self) throws(DatabaseFault)
        -> Value
    {
        guard let index = columns.firstIndex(of: name) else {
            throw .columnMissing(column: name, present: columns)
        }
        guard let value = Value(sqlValue: values[index]) else {
            throw .columnType(column: name, expected: "\(Value.self)", found: Self.word(for: values[index]))
        }
        return value
    }

    private static func word(for value: SQLValue) -> String {
        if case .null = value { "NULL" } else { value.type.rawValue }
    }
}
