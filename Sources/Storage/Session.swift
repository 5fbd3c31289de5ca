/// One engine's connection inside one transaction.
protocol Session: AnyObject {
    var engine: Engine { get }
    /// The rows that were inserted, updated or deleted.
    func execute(_ sql: SQL) throws(DatabaseFault) -> Int
    func rows(_ sql: SQL) throws(DatabaseFault) -> [Row]
    /// Hands the rows over one by one, in memory that does not grow with their number.
    func forEach(_ sql: SQL, _ body: (Row) throws -> Void) throws
    /// Several statements, without values.
    func script(_ text: String) throws(DatabaseFault)
    /// - Parameter note: told of every fault of the statement.
    func prepare(_ sql: String, note: @escaping (DatabaseFault) -> Void) throws(DatabaseFault) -> any BulkStatement
    func load(into table: String, columns: [String], _ body: (BulkWriter) throws -> Void) throws
}

/// Takes the rows of a bulk load.
package struct BulkWriter {
    let addRow: ([SQLValue]) throws -> Void

    /// A row, its values in the order of the columns.
    package func add<each Value: SQLBindable>(_ value: repeat each Value) throws {
        var row: [SQLValue] = []
        repeat row.append((each value).sqlValue)
        try addRow(row)
    }

    package func add(_ row: [SQLValue]) throws {
        try addRow(row)
    }
}
