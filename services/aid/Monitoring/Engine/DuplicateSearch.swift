internal import CScan
import Dispatch

/// Marks, among the matched rows of one feed kind, the last of each key as used and the others as duplicates.
enum DuplicateSearch {
    /// - Parameter parts: in file order, then line order.
    static func mark(_ parts: [MatchedRows], threads: Int) {
        let total = parts.reduce(0) { $0 + $1.count }
        guard total > 0 else { return }
        let shares = total < 10_000 ? 1 : threads
        DispatchQueue.concurrentPerform(iterations: shares) { share in
            markShare(parts, share: UInt64(share), of: UInt64(shares), total: total)
        }
    }

    /// Goes from the last row to the first, so that the first of a key to be met is the one that wins.
    private static func markShare(_ parts: [MatchedRows], share: UInt64, of shares: UInt64, total: Int) {
        var size = 64
        while size < total / Int(shares) * 3 / 2 + 64 { size *= 2 }
        // A share may get more than its part of the keys, though only by the square root of it: never a full table.
        let mask = size - 1
        let seen = FixedArray<UInt>(count: size)
        let tags = FixedArray<UInt32>(count: size)
        let ahead = 16
        for part in parts.reversed() {
            let stride = part.layout.stride
            var row = part.base + part.count &* stride
            for index in 0..<part.count {
                row -= stride
                if index &+ ahead < part.count {
                    let next = (row - ahead &* stride).load(fromByteOffset: RowLayout.hash, as: UInt64.self)
                    if next % shares == share { scan_prefetch(tags.base + Int(truncatingIfNeeded: next &>> 8) & mask) }
                }
                let low = row.load(fromByteOffset: RowLayout.hash, as: UInt64.self)
                guard low % shares == share else { continue }
                let high = row.load(fromByteOffset: RowLayout.hash + 8, as: UInt64.self)
                let tag = UInt32(truncatingIfNeeded: high) | 1
                var place = Int(truncatingIfNeeded: low &>> 8) & mask
                var state = RowState.used
                while tags[place] != 0 {
                    if tags[place] == tag, let other = UnsafeRawPointer(bitPattern: seen[place]),
                        other.load(fromByteOffset: RowLayout.hash, as: UInt64.self) == low,
                        other.load(fromByteOffset: RowLayout.hash + 8, as: UInt64.self) == high
                    {
                        state = RowState.duplicate
                        break
                    }
                    place = (place &+ 1) & mask
                }
                if state == RowState.used {
                    tags[place] = tag
                    seen[place] = UInt(bitPattern: row)
                }
                row.storeBytes(of: state, toByteOffset: RowLayout.state, as: UInt32.self)
            }
        }
    }
}
