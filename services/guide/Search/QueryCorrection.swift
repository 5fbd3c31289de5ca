/// Puts wrong characters right: a homophone, a look-alike, two that changed places.
enum QueryCorrection {
    /// The run with up to two edits that leave fewer unknown pairs; nil where nothing gets better.
    static func corrected(_ run: HanRun, in index: SearchIndex) -> [UInt16]? {
        guard run.units.count >= 2 else { return nil }
        var units = Array(run.units)
        let original = units
        for _ in 0..<2 {
            // Pairs within a word of the lexicon are known to it; pairs across its edge are nobody's fault.
            let edges = wordEdges(units, index.lexicon)
            guard let better = bestEdit(units, edges, index) else { break }
            units = better
        }
        return units == original ? nil : units
    }

    private static func wordEdges(_ units: [UInt16], _ lexicon: Lexicon) -> Set<Int> {
        var edges: Set<Int> = []
        for piece in HanRun(units[...], lexicon).pieces where piece.isFiller || !piece.entries.isEmpty {
            edges.insert(piece.units.startIndex - 1)
            edges.insert(piece.units.endIndex - 1)
        }
        return edges
    }

    private static func bestEdit(_ units: [UInt16], _ edges: Set<Int>, _ index: SearchIndex) -> [UInt16]? {
        let unknown = units.indices.dropLast().filter {
            !edges.contains($0) && !isKnown(units[$0], units[$0 + 1], index)
        }
        guard !unknown.isEmpty else { return nil }
        var best: (gain: Float, units: [UInt16])?

        func consider(_ edited: [UInt16], _ range: Range<Int>) {
            let before = knownPairs(units, range, index)
            let after = knownPairs(edited, range, index)
            guard after.count > before.count else { return }
            let gain = Float(after.count - before.count) * 4 + after.strength
            if gain > (best?.gain ?? 0) { best = (gain, edited) }
        }

        for place in unknown.prefix(6) {
            var swapped = units
            swapped.swapAt(place, place + 1)
            consider(swapped, place - 1..<place + 2)
            for wrong in [place, place + 1] {
                for likely in alternatives(units[wrong], index.tables) {
                    var edited = units
                    edited[wrong] = likely
                    consider(edited, wrong - 1..<wrong + 1)
                }
            }
        }
        return best?.units
    }

    private static func alternatives(_ unit: UInt16, _ tables: CharacterTables) -> [UInt16] {
        let alike = tables.sound(unit).map { tables.charactersBySound[Int($0)] } ?? []
        return tables.lookalikes(unit) + alike.filter { $0 != unit }
    }

    /// Known pairs that begin within `range`, and how common they are.
    private static func knownPairs(
        _ units: [UInt16], _ range: Range<Int>, _ index: SearchIndex
    ) -> (count: Int, strength: Float) {
        var count = 0
        var strength: Float = 0
        for place in range.clamped(to: 0..<units.count - 1) {
            guard isKnown(units[place], units[place + 1], index) else { continue }
            count += 1
            strength += index.commonness(TermKey.pair(units[place], units[place + 1]))
        }
        return (count, strength)
    }

    private static func isKnown(_ first: UInt16, _ second: UInt16, _ index: SearchIndex) -> Bool {
        index.frequency(TermKey.pair(first, second)) > 0 || index.lexicon.knows(first, second)
    }
}
