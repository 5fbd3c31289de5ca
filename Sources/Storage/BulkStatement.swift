/// A prepared statement for tables of a million rows: no value is boxed, no array made.
///
/// Its places are `?1`, `?2`… on both engines, counted from 1; columns are counted from 0. It must not outlive the
/// closure that was given the `Connection`. Statements that `run` may reach a PostgreSQL server some at a time, so a
/// fault may be told by a later call, at the latest by the commit.
package protocol BulkStatement: AnyObject {
    func bind(_ place: Int, _ number: Int64)
    /// - Parameter text: UTF-8.
    func bind(_ place: Int, _ text: UnsafeBufferPointer<UInt8>)
    func bind(_ place: Int, blob: UnsafeBufferPointer<UInt8>)
    func bindNull(_ place: Int)

    /// Whether there is a row.
    func step() throws -> Bool
    /// Runs a statement that gives no rows, and makes it ready for the next values; those bound stay.
    func run() throws

    func isNull(_ column: Int) -> Bool
    func integer(_ column: Int) -> Int64
    /// A text's UTF-8 or a blob; valid until the next `step()`.
    func bytes(_ column: Int) -> UnsafeBufferPointer<UInt8>
}

extension BulkStatement {
    package func bind(_ place: Int, _ text: String) {
        var text = text
        text.withUTF8 { bind(place, $0) }
    }

    package func bind(_ place: Int, _ text: String?) {
        if let text { bind(place, text) } else { bindNull(place) }
    }

    package func bind(_ place: Int, _ number: Int64?) {
        if let number { bind(place, number) } else { bindNull(place) }
    }

    package func bind(_ place: Int, blob: [UInt8]?) {
        if let blob { blob.withUnsafeBufferPointer { bind(place, blob: $0) } } else { bindNull(place) }
    }

    package func text(_ column: Int) -> String {
        String(decoding: bytes(column), as: UTF8.self)
    }

    package func blob(_ column: Int) -> [UInt8] {
        Array(bytes(column))
    }

    /// Below, at or above 0 as the column's text comes before, is, or comes after this one, byte by byte as both engines
    /// compare.
    package func compare(_ column: Int, with text: String) -> Int {
        var text = text
        let left = bytes(column)
        return text.withUTF8 { right in
            for index in 0..<min(left.count, right.count) where left[index] != right[index] {
                return Int(left[index]) - Int(right[index])
            }
            return left.count - right.count
        }
    }
}
