/// The segments of all codes in alphabetical order, to find documents by a whole code or by any part of one of three characters or more.
struct CodeTable: Sendable {
    /// A part that more codes share tells nothing; a place for the first ones is enough.
    private static let most = 1024

    private let units: [UInt8]
    private let starts: [UInt32]
    private let postingStarts: [UInt32]
    private let documents: [UInt16]

    /// Documents that have, for each segment of the query, that segment or one that contains it; by rising number.
    func documents(like query: [UInt16]) -> [UInt16] {
        let parts = query.split(separator: FoldedText.hyphen).filter { $0.count >= 3 }
        let lists = parts.map { part -> (segments: [Int], count: Int) in
            let bytes = part.map(Self.byte)
            let segments = segment(equalTo: bytes).map { [$0] } ?? segments(containing: bytes)
            return (segments, segments.reduce(0) { $0 + Int(postingStarts[$1 + 1] - postingStarts[$1]) })
        }.sorted { $0.count < $1.count }
        guard let rarest = lists.first else { return [] }
        var found: [UInt16] = []
        for segment in rarest.segments where found.count < Self.most { found += list(segment).prefix(Self.most) }
        found = rarest.segments.count > 1 ? Set(found).sorted() : found
        for (segments, _) in lists.dropFirst() {
            found = found.filter { document in segments.contains { list($0).holds(document) } }
        }
        return found
    }

    private func list(_ segment: Int) -> ArraySlice<UInt16> {
        documents[Int(postingStarts[segment])..<Int(postingStarts[segment + 1])]
    }

    private func segment(equalTo part: [UInt8]) -> Int? {
        var low = 0
        var high = starts.count - 1
        while low < high {
            let middle = (low + high) / 2
            if text(middle).lexicographicallyPrecedes(part) { low = middle + 1 } else { high = middle }
        }
        return low < starts.count - 1 && text(low).elementsEqual(part) ? low : nil
    }

    private func text(_ segment: Int) -> ArraySlice<UInt8> {
        units[Int(starts[segment])..<Int(starts[segment + 1])]
    }

    private func segments(containing part: [UInt8]) -> [Int] {
        var found: [Int] = []
        guard let head = part.first else { return [] }
        units.withUnsafeBufferPointer { units in
            // Bounds: `place` stops where the rest is shorter than the part; a match across two segments is refused.
            var segment = 0
            var place = 0
            while place + part.count <= units.count {
                if units[place] == head, part.indices.allSatisfy({ units[place + $0] == part[$0] }) {
                    while Int(starts[segment + 1]) <= place { segment += 1 }
                    if place + part.count <= Int(starts[segment + 1]) {
                        found.append(segment)
                        place = Int(starts[segment + 1])
                        continue
                    }
                }
                place += 1
            }
        }
        return found
    }

    /// Codes are of Latin letters and digits; anything else matches nothing.
    private static func byte(_ unit: UInt16) -> UInt8 { unit < 0x80 ? UInt8(unit) : 0 }

    struct Builder {
        private var numbers: [[UInt16]: Int] = [:]
        private var segments: [[UInt16]] = []
        private var lists: [[UInt16]] = []

        mutating func add(_ segment: [UInt16], _ document: UInt16) {
            if let number = numbers[segment] {
                if lists[number].last != document { lists[number].append(document) }
            } else {
                numbers[segment] = segments.count
                segments.append(segment)
                lists.append([document])
            }
        }

        func table() -> CodeTable {
            var units: [UInt8] = []
            var starts: [UInt32] = [0]
            var postingStarts: [UInt32] = [0]
            var documents: [UInt16] = []
            let inOrder = zip(segments.map { $0.map(CodeTable.byte) }, lists)
                .sorted { $0.0.lexicographicallyPrecedes($1.0) }
            for (segment, list) in inOrder {
                units += segment
                starts.append(UInt32(units.count))
                documents += list
                postingStarts.append(UInt32(documents.count))
            }
            return CodeTable(units: units, starts: starts, postingStarts: postingStarts, documents: documents)
        }
    }
}

extension ArraySlice<UInt16> {
    /// Whether a rising list has a value.
    fileprivate func holds(_ value: UInt16) -> Bool {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low < endIndex && self[low] == value
    }
}
