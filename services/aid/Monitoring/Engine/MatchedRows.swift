import Glibc

/// Where the values of a matched row stand in its record.
struct RowLayout: Sendable {
    static let person = 0
    static let date = 4
    static let hash = 8
    static let line = 24
    static let state = 28
    static let mask = 32
    let values: Int
    /// Where in the part's evidence the row's own begins; its length in the four bytes after the four of the offset.
    let evidence: Int
    let stride: Int

    init(maskWords: Int, values valueCount: Int, keepsEvidence: Bool) {
        values = Self.mask + 8 * maskWords
        evidence = values + 8 * valueCount
        stride = evidence + (keepsEvidence ? 8 : 0)
    }
}

/// What has been found of a matched row among those with the same key.
enum RowState {
    static let open: UInt32 = 0
    static let used: UInt32 = 1
    static let duplicate: UInt32 = 2
}

/// The matched rows of one part of a file, as records of one layout end to end.
///
/// Sendable because one thread fills it, and after that phase each record is written by the one thread that owns its
/// key's or its household's share.
final class MatchedRows: @unchecked Sendable {
    let layout: RowLayout
    private(set) var base: UnsafeMutableRawPointer
    private(set) var count = 0
    /// Rows that are no duplicates, once `countUsed` has run.
    private(set) var usedCount = 0
    private var capacity: Int

    init(layout: RowLayout) {
        self.layout = layout
        capacity = 64
        base = Self.allocate(nil, capacity * layout.stride)
    }

    deinit {
        free(base)
    }

    @inline(__always)
    func append() -> UnsafeMutableRawPointer {
        if count == capacity { grow() }
        let row = base + count &* layout.stride
        count &+= 1
        return row
    }

    @inline(__always)
    func row(_ index: Int) -> UnsafeMutableRawPointer {
        base + index &* layout.stride
    }

    func countUsed() {
        usedCount = (0..<count).count {
            row($0).load(fromByteOffset: RowLayout.state, as: UInt32.self) == RowState.used
        }
    }

    private func grow() {
        base = Self.allocate(base, 2 * capacity * layout.stride)
        capacity *= 2
    }

    /// The allocator moves large blocks by their page tables: nothing is copied, no page is cleared twice.
    private static func allocate(_ block: UnsafeMutableRawPointer?, _ byteCount: Int) -> UnsafeMutableRawPointer {
        guard let moved = realloc(block, byteCount) else { preconditionFailure("out of memory") }
        return moved
    }
}
