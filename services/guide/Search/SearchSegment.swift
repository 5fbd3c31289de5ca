/// An unchanging part of the index: at most 65,536 documents with their postings.
///
/// A posting is a document's number in 16 bits and one byte: five bits of fields, three bits for the length of the name.
final class SearchSegment: Sendable {
    static let capacity = 1 << 16

    let count: Int
    let ids: [Int64]
    /// 0…1, by the logarithm of use.
    let popularity: [Float]
    /// The actions that the name speaks of, see `Lexicon`.
    let actions: [UInt32]
    /// For each document a number that items of one name without brackets share.
    let groups: [UInt32]
    private let terms: TermTable
    private let postingStarts: [UInt32]
    private let documents: [UInt16]
    private let payloads: [UInt8]
    private let textStarts: [UInt32]
    private let firstTexts: [UInt32]
    private let units: [UInt16]
    private let codes: CodeTable
    private let sortedIDs: [(id: Int64, document: UInt16)]

    /// Takes the first 65,536 documents.
    init(_ all: some Collection<SearchDocument>, _ tables: CharacterTables, _ lexicon: Lexicon) {
        let all = all.prefix(Self.capacity)
        var terms = TermTable()
        var forward: [(term: UInt32, payload: UInt8)] = []
        var forwardStarts: [Int] = [0]
        var counts: [UInt32] = []
        var units: [UInt16] = []
        var textStarts: [UInt32] = [0]
        var firstTexts: [UInt32] = [0]
        var actions: [UInt32] = []
        var groups: [UInt32] = []
        var codes = CodeTable.Builder()

        for (number, document) in all.enumerated() {
            let parts = DocumentTerms(document, tables)
            let name = parts.texts.min { $0.count < $1.count } ?? []
            let length = UInt8(min(7, name.count / 4))
            for term in parts.terms {
                let key = terms.insert(term.key)
                if Int(key) == counts.count { counts.append(0) }
                counts[Int(key)] += 1
                forward.append((key, term.fields << 3 | length))
            }
            forwardStarts.append(forward.count)
            for text in parts.texts {
                units += text
                textStarts.append(UInt32(units.count))
            }
            firstTexts.append(UInt32(textStarts.count - 1))
            actions.append(lexicon.actions(in: parts.name, withoutBrackets: parts.plainName))
            groups.append(UInt32(truncatingIfNeeded: TermKey.hash(parts.plainName ?? parts.name)))
            for segment in parts.codeSegments { codes.add(segment, UInt16(number)) }
        }

        var starts: [UInt32] = [0]
        starts.reserveCapacity(counts.count + 1)
        for count in counts { starts.append((starts.last ?? 0) + count) }
        var next = starts
        var documents = [UInt16](repeating: 0, count: forward.count)
        var payloads = [UInt8](repeating: 0, count: forward.count)
        for number in 0..<all.count {
            for (term, payload) in forward[forwardStarts[number]..<forwardStarts[number + 1]] {
                let place = Int(next[Int(term)])
                next[Int(term)] += 1
                documents[place] = UInt16(number)
                payloads[place] = payload
            }
        }

        count = all.count
        ids = all.map(\.id)
        popularity = all.map { Self.popularity($0.popularity) }
        sortedIDs = ids.enumerated().map { ($1, UInt16($0)) }.sorted { $0.id < $1.id }
        self.groups = groups
        self.codes = codes.table()
        (self.terms, postingStarts, self.documents, self.payloads) = (terms, starts, documents, payloads)
        (self.units, self.textStarts, self.firstTexts, self.actions) = (units, textStarts, firstTexts, actions)
    }

    /// Where a term's documents and payloads stand in the memory, by rising document number.
    func postings(_ key: UInt64) -> Range<Int> {
        guard let term = terms.number(key) else { return 0..<0 }
        return Int(postingStarts[term])..<Int(postingStarts[term + 1])
    }

    func frequency(_ key: UInt64) -> Int {
        guard let term = terms.number(key) else { return 0 }
        return Int(postingStarts[term + 1] - postingStarts[term])
    }

    func name(_ document: Int) -> ArraySlice<UInt16> {
        let text = Int(firstTexts[document])
        return units[Int(textStarts[text])..<Int(textStarts[text + 1])]
    }

    /// The postings and texts as plain memory, for the loops that run over many documents.
    ///
    /// Valid only within `withMemory`. Every range and number in it is made by this class and in bounds; a debug build
    /// checks each access, and SearchIndexTests runs random queries over it.
    struct Memory {
        let documents: UnsafeBufferPointer<UInt16>
        let payloads: UnsafeBufferPointer<UInt8>
        let units: UnsafeBufferPointer<UInt16>
        fileprivate let textStarts: UnsafeBufferPointer<UInt32>
        fileprivate let firstTexts: UnsafeBufferPointer<UInt32>

        /// Numbers of a document's names and aliases; the name comes first.
        @inline(__always)
        func texts(_ document: Int) -> Range<Int> {
            Int(firstTexts[document])..<Int(firstTexts[document + 1])
        }

        /// Where a text stands in `units`, compact.
        @inline(__always)
        func text(_ number: Int) -> UnsafeBufferPointer<UInt16> {
            let start = Int(textStarts[number])
            return UnsafeBufferPointer(rebasing: units[start..<Int(textStarts[number + 1])])
        }
    }

    func withMemory<Result>(_ body: (Memory) -> Result) -> Result {
        documents.withUnsafeBufferPointer { documents in
            payloads.withUnsafeBufferPointer { payloads in
                units.withUnsafeBufferPointer { units in
                    textStarts.withUnsafeBufferPointer { textStarts in
                        firstTexts.withUnsafeBufferPointer { firstTexts in
                            body(
                                Memory(
                                    documents: documents, payloads: payloads, units: units, textStarts: textStarts,
                                    firstTexts: firstTexts))
                        }
                    }
                }
            }
        }
    }

    func documents(codeLike query: [UInt16]) -> [UInt16] { codes.documents(like: query) }

    func document(id: Int64) -> Int? {
        var low = 0
        var high = sortedIDs.count
        while low < high {
            let middle = (low + high) / 2
            if sortedIDs[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low < sortedIDs.count && sortedIDs[low].id == id ? Int(sortedIDs[low].document) : nil
    }

    private static func popularity(_ uses: Int) -> Float {
        // log2(100,001) = 16.6: each doubling counts alike up to 100,000.
        var level: Float = 0
        var rest = Float(max(0, min(uses, 100_000)) + 1)
        while rest >= 2 { (rest, level) = (rest / 2, level + 1) }
        return min(1, (level + rest - 1) / 16.6)
    }
}
