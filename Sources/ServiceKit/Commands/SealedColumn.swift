package import Security
package import Storage

/// A column of sealed values, as a rotation of keys goes through it.
package struct SealedColumn: Sendable {
    let table: String
    let column: String
    /// The columns of the primary key.
    let keys: [String]
    let place: @Sendable (Row) throws -> FieldPlace

    /// - Parameters:
    ///   - keys: the columns of the primary key; texts or whole numbers.
    ///   - others: columns that `place` reads besides.
    ///   - place: where the row's value was sealed for.
    package init(
        _ table: String, _ column: String, keys: [String], others: [String] = [],
        place: @escaping @Sendable (Row) throws -> FieldPlace
    ) {
        self.table = table
        self.column = column
        self.keys = keys
        self.others = others
        self.place = place
    }

    private let others: [String]

    /// The next rows by their keys.
    func rows(after last: Row?, limit: Int, in db: Connection) throws -> [Row] {
        let names = (keys + others + [column]).map { SQL(trusted: $0) }.joined(by: ", ")
        var condition: SQL = "\(trusted: column) IS NOT NULL"
        if let last { condition += SQL(" AND ") + after(last) }
        let order = keys.map { SQL(trusted: $0) }.joined(by: ", ")
        return try db.rows(
            "SELECT \(names) FROM \(trusted: table) WHERE \(condition) ORDER BY \(order) LIMIT \(Int64(limit))")
    }

    /// `(a, b) > (1, 2)`, which both engines take.
    private func after(_ row: Row) -> SQL {
        let names = keys.map { SQL(trusted: $0) }.joined(by: ", ")
        let values = keys.map { SQL.value(row, $0) }.joined(by: ", ")
        return "(\(names)) > (\(values))"
    }

    /// Puts the new value in the old one's place; not where someone else has changed it meanwhile.
    func store(_ new: [UInt8], for row: Row, old: [UInt8], in db: Connection) throws -> Bool {
        let key = keys.map { "\(trusted: $0) = \(SQL.value(row, $0))" as SQL }.joined(by: " AND ")
        return try db.execute(
            """
            UPDATE \(trusted: table) SET \(trusted: column) = \(new) WHERE \(key) AND \(trusted: column) = \(old)
            """) == 1
    }
}

extension SQL {
    /// A key's value, of whichever type it is.
    fileprivate static func value(_ row: Row, _ name: String) -> SQL {
        if let number: Int64 = try? row.get(name) { return "\(number)" }
        let text: String? = try? row.get(name)
        return "\(text ?? "")"
    }
}
