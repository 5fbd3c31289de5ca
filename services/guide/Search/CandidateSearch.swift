/// The first pass over a segment: adds up the weights of all terms and keeps the most promising documents.
struct CandidateSearch {
    /// Enough that closer inspection finds the good ones; a big catalogue has the same names many times.
    private var most: Int { segment.count > 10_000 ? 512 : 256 }

    let segment: SearchSegment
    let removed: Set<UInt16>
    let plan: SearchPlan
    let filter: [[UInt64]]
    /// For each code in the plan its documents.
    let codes: [[UInt16]]

    /// Document numbers in rising order.
    func candidates() -> [Int] {
        segment.withMemory { memory in
            let allowed = filter.isEmpty ? nil : allowedDocuments(memory)
            return withUnsafeTemporaryAllocation(of: Float.self, capacity: segment.count) { scores in
                scores.initialize(repeating: 0)
                for unit in plan.units { add(unit.key, unit.weight, memory, to: scores) }
                for code in codes { for document in code { scores[Int(document)] += 100 } }
                return best(scores, allowed).sorted()
            }
        }
    }

    private func best(_ scores: UnsafeMutableBufferPointer<Float>, _ allowed: [Bool]?) -> [Int] {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: most) { places in
            var best = BestDocuments(places)
            segment.popularity.withUnsafeBufferPointer { popularity in
                // Popularity is at most 1, so that most documents are passed over after one comparison.
                for document in 0..<scores.count where scores[document] > 0 && scores[document] + 1 > best.least {
                    if let allowed, !allowed[document] { continue }
                    if !removed.isEmpty, removed.contains(UInt16(document)) { continue }
                    best.add(scores[document] + popularity[document], document)
                }
            }
            return best.documents
        }
    }

    private func add(
        _ key: UInt64, _ weight: Float, _ memory: SearchSegment.Memory,
        to scores: UnsafeMutableBufferPointer<Float>
    ) {
        let range = segment.postings(key)
        guard !range.isEmpty else { return }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 256) { table in
            for payload in 0..<256 { table[payload] = weight * Self.strength[payload] }
            for place in range { scores[Int(memory.documents[place])] += table[Int(memory.payloads[place])] }
        }
    }

    private func allowedDocuments(_ memory: SearchSegment.Memory) -> [Bool] {
        var allowed = [Bool](repeating: true, count: segment.count)
        for alternatives in filter {
            var having = [Bool](repeating: false, count: segment.count)
            for key in alternatives {
                for place in segment.postings(key) { having[Int(memory.documents[place])] = true }
            }
            for document in allowed.indices where !having[document] { allowed[document] = false }
        }
        return allowed
    }

    /// For each payload what a term is worth: its best field, a little for every further one, less in long names.
    static let strength: [Float] = (0..<256).map { payload in
        let fields = UInt8(payload >> 3)
        let worths = SearchField.allCases.filter { fields & $0.rawValue != 0 }.map(\.worth)
        let best = worths.max() ?? 0
        let others = worths.reduce(0, +) - best
        return (best + 0.1 * others) * (1 - 0.04 * Float(payload & 7))
    }
}

extension SearchField {
    /// What a word in this field is worth beside one in the name.
    var worth: Float {
        switch self {
        case .name: 1
        case .alias: 0.97
        case .keyword: 0.5
        case .department: 0.35
        case .summary: 0.45
        }
    }
}

/// The documents with the greatest scores, lower numbers first among equals; a heap in memory lent by the caller.
struct BestDocuments {
    /// Score bits above, the complement of the document below: a greater number is a better document.
    private let heap: UnsafeMutableBufferPointer<UInt64>
    private var count = 0
    /// A document with a score below this is not kept.
    private(set) var least: Float = 0

    init(_ places: UnsafeMutableBufferPointer<UInt64>) { heap = places }

    var documents: [Int] { heap.prefix(count).map { Int(~UInt32(truncatingIfNeeded: $0)) } }

    /// Scores are positive, so that their bits are in the order of their values.
    mutating func add(_ score: Float, _ document: Int) {
        let key = UInt64(score.bitPattern) << 32 | UInt64(~UInt32(document))
        if count < heap.count {
            heap.initializeElement(at: count, to: key)
            count += 1
            rise(from: count - 1)
        } else if key > heap[0] {
            heap[0] = key
            sink()
        }
        if count == heap.count { least = Float(bitPattern: UInt32(heap[0] >> 32)) }
    }

    private func rise(from start: Int) {
        var child = start
        while child > 0, heap[child] < heap[(child - 1) / 2] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in 2 * parent + 1..<2 * parent + 3 where child < count && heap[child] < heap[least] {
                least = child
            }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
