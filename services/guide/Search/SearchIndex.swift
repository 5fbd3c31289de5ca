/// Finds items by what people type; unchanging, so that a service swaps it as a whole.
///
/// A change makes a new index that shares the big segments and rebuilds only a small one, see `updating`.
struct SearchIndex: Sendable {
    let tables: CharacterTables
    let lexicon: Lexicon
    /// Built once each; the last one holds what changed since.
    private(set) var segments: [SearchSegment]
    /// For each segment the documents that a later segment replaced or that were withdrawn.
    private(set) var removed: [Set<UInt16>]
    /// The documents of the last segment where it is a small one.
    private var recent: [SearchDocument] = []
    private(set) var count: Int

    /// Beyond this many changes the small segment is closed and a new one begun.
    private static let recentLimit = 512
    /// From here on a service should build anew from its database when it finds time.
    var isFragmented: Bool { segments.count > (count / SearchSegment.capacity) + 8 }

    init(_ documents: [SearchDocument], tables: CharacterTables, lexicon: Lexicon) {
        self.tables = tables
        self.lexicon = lexicon
        var segments: [SearchSegment] = []
        var rest = documents[...]
        while !rest.isEmpty {
            segments.append(SearchSegment(rest, tables, lexicon))
            rest = rest.dropFirst(SearchSegment.capacity)
        }
        self.segments = segments
        removed = segments.map { _ in [] }
        count = documents.count
    }

    /// The index with these documents added or replaced by id, and those ids taken out.
    func updating(_ changed: [SearchDocument], removing ids: [Int64] = []) -> SearchIndex {
        var next = self
        if !recent.isEmpty {
            next.segments.removeLast()
            next.removed.removeLast()
        }
        let latest = Dictionary(changed.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        let gone = Set(latest.keys).union(ids)
        next.recent = recent.filter { !gone.contains($0.id) }
        for id in gone {
            for (number, segment) in next.segments.enumerated() {
                if let document = segment.document(id: id) { next.removed[number].insert(UInt16(document)) }
            }
        }
        next.recent += latest.values.sorted { $0.id < $1.id }
        if !next.recent.isEmpty {
            next.segments.append(SearchSegment(next.recent, tables, lexicon))
            next.removed.append([])
        }
        next.count = zip(next.segments, next.removed).reduce(0) { $0 + $1.0.count - $1.1.count }
        // A full small segment stays as it is; the next change begins another.
        if next.recent.count >= Self.recentLimit { next.recent = [] }
        return next
    }

    /// In how many documents a term stands; replaced ones count until the next build.
    func frequency(_ key: UInt64) -> Int { segments.reduce(0) { $0 + $1.frequency(key) } }

    /// How much a term tells: the logarithm of how few documents have it, 0.2…7; a word that none has tells little.
    func rarity(_ key: UInt64) -> Float {
        let having = frequency(key)
        guard having > 0 else { return 1.5 }
        return max(0.2, min(7, naturalLogarithm((Float(count) + 1) / (Float(having) + 0.5))))
    }

    /// The logarithm of how many documents have a term.
    func commonness(_ key: UInt64) -> Float { naturalLogarithm(1 + Float(frequency(key))) }

    /// By series, so that every platform gives the same bits: scores and their order must not depend on a libm.
    private func naturalLogarithm(_ value: Float) -> Float {
        guard value > 0 else { return 0 }
        let (exponent, part) = (Float(value.exponent), value.significand)
        let ratio = (part - 1) / (part + 1)
        let square = ratio * ratio
        return exponent * 0.693_147_2 + 2 * ratio
            * (1 + square * (1 / 3 + square * (1 / 5 + square * (1 / 7 + square / 9))))
    }
}
