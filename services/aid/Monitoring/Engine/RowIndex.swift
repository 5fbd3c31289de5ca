internal import CScan

/// Finds the row of a text; of equal texts the first.
///
/// Sendable because one thread fills it, and after that phase it is only read.
final class RowIndex: @unchecked Sendable {
    /// The rows whose text an earlier row has.
    private(set) var repeated: [Int] = []
    private let count: Int
    /// In each slot a row's number plus one, above it as much of its text's hash.
    private let slots: FixedArray<UInt64>
    private let mask: Int
    private let hash: KeyedHash
    /// Rows whose slots are fetched before the first of them is looked at.
    private static let block = 64

    init(count: Int, hash: KeyedHash) {
        var size = 64
        while size < count * 2 { size *= 2 }
        self.count = count
        mask = size - 1
        slots = FixedArray(count: size)
        self.hash = hash
    }

    /// The rows whose text no earlier row has.
    var distinct: [UInt32] {
        var rows: [UInt32] = []
        rows.reserveCapacity(count)
        var next = 0
        for row in 0..<count {
            if next < repeated.count, repeated[next] == row {
                next += 1
            } else {
                rows.append(UInt32(row))
            }
        }
        return rows
    }

    func fill(_ texts: JoinedTexts) {
        let view = texts.view
        forEachHash(view, 0..<view.count) { row, value in
            let found = probe(view[row], value, in: view)
            if found.row < 0 {
                slots.base[found.place] = value.tag | UInt64(row + 1)
            } else {
                repeated.append(row)
            }
        }
    }

    /// Calls the body with each of the texts and its row in `known`, the filled texts; −1 where there is none.
    func find(
        _ texts: JoinedTexts, _ range: Range<Int>, in known: JoinedTexts, _ body: (_ text: Int, _ row: Int) -> Void
    ) {
        let view = texts.view
        let knownView = known.view
        // Members of a household mostly stand one after the other.
        var last = -1
        var lastRow = -1
        forEachHash(view, range) { index, value in
            if last >= 0, view[last].hasSameBytes(as: view[index]) {
                body(index, lastRow)
                return
            }
            lastRow = probe(view[index], value, in: knownView).row
            last = index
            body(index, lastRow)
        }
    }

    private struct Value {
        let low: UInt64
        let tag: UInt64
    }

    @inline(__always)
    private func forEachHash(_ view: StringColumn.View, _ range: Range<Int>, _ body: (Int, Value) -> Void) {
        withUnsafeTemporaryAllocation(of: Value.self, capacity: Self.block) { values in
            var start = range.lowerBound
            while start < range.upperBound {
                let end = min(start + Self.block, range.upperBound)
                for row in start..<end {
                    let value = hash.hash(view[row])
                    values[row &- start] = Value(low: value.low, tag: value.high & 0xFFFF_FFFF_0000_0000)
                    scan_prefetch(slots.base + Int(truncatingIfNeeded: value.low) & mask)
                }
                for row in start..<end { body(row, values[row &- start]) }
                start = end
            }
        }
    }

    /// The row with the text, or −1 and where it would stand.
    @inline(__always)
    private func probe(
        _ text: UnsafeBufferPointer<UInt8>, _ value: Value, in view: StringColumn.View
    ) -> (row: Int, place: Int) {
        var place = Int(truncatingIfNeeded: value.low) & mask
        while slots.base[place] != 0 {
            let slot = slots.base[place]
            if slot & 0xFFFF_FFFF_0000_0000 == value.tag {
                let row = Int(slot & 0xFFFF_FFFF) - 1
                if view[row].hasSameBytes(as: text) { return (row, place) }
            }
            place = (place &+ 1) & mask
        }
        return (-1, place)
    }
}
