/// The second pass over a segment: how well each candidate answers the query, and why.
struct DocumentRanking {
    let segment: SearchSegment
    let plan: SearchPlan
    let flat: RankingPlan
    let tables: CharacterTables
    /// For each code in the plan its documents.
    let codes: [[UInt16]]

    struct Ranked {
        var document: Int
        var score: Float
        var match: Float
        var usesCorrection: Bool
    }

    /// What one concept is worth in one document.
    struct Worth {
        var alternative = 0
        var worth: Float = 0
        var field: SearchField?
    }

    /// Points of a full match; the bonuses stand beside it.
    private static let fullMatch: Float = 100

    /// Ranks the candidates, which come in rising order.
    func ranked(_ candidates: [Int]) -> [Ranked] {
        let postings = flat.unitKeys.map(segment.postings)
        var places = postings.map(\.lowerBound)
        var fields = [UInt8](repeating: 0, count: postings.count)
        var scratch = Scratch(concepts: flat.concepts.count)
        return segment.withMemory { memory in
            flat.withMemory { plan in
                candidates.map { document in
                    for unit in postings.indices {
                        let place = memory.documents.place(
                            of: UInt16(document), from: places[unit], below: postings[unit].upperBound)
                        places[unit] = place
                        let isThere = place < postings[unit].upperBound && memory.documents[place] == UInt16(document)
                        fields[unit] = isThere ? memory.payloads[place] >> 3 : 0
                    }
                    return fields.withUnsafeBufferPointer {
                        rank(document, $0, memory, plan, &scratch, explain: nil)
                    }
                }
            }
        }
    }

    func explanation(_ document: Int) -> [SearchResult.Reason] {
        var reasons: [SearchResult.Reason] = []
        var scratch = Scratch(concepts: flat.concepts.count)
        segment.withMemory { memory in
            let fields = flat.unitKeys.map { key -> UInt8 in
                let range = segment.postings(key)
                let place = memory.documents.place(
                    of: UInt16(document), from: range.lowerBound, below: range.upperBound)
                let isThere = place < range.upperBound && memory.documents[place] == UInt16(document)
                return isThere ? memory.payloads[place] >> 3 : 0
            }
            flat.withMemory { plan in
                fields.withUnsafeBufferPointer { fields in
                    _ = rank(document, fields, memory, plan, &scratch) { reasons.append($0) }
                }
            }
        }
        return reasons
    }

    /// Reused for all candidates of a search.
    private struct Scratch {
        var worths: [Worth]
        /// The characters that the query has, and those that it means.
        var typed = CharacterMarks()
        var meant = CharacterMarks()

        init(concepts: Int) { worths = [Worth](repeating: Worth(), count: concepts) }
    }

    private typealias Fields = UnsafeBufferPointer<UInt8>

    private func rank(
        _ document: Int, _ fields: Fields, _ memory: SearchSegment.Memory, _ flat: RankingPlan.Memory,
        _ scratch: inout Scratch, explain: ((SearchResult.Reason) -> Void)?
    ) -> Ranked {
        var best: (match: Float, reading: Int) = (0, 0)
        for (number, reading) in flat.readings.enumerated() {
            var sum: Float = 0
            for concept in reading.concepts {
                let worth = bestAlternative(flat.concepts[concept], document, fields, memory, flat)
                scratch.worths[concept] = worth
                sum += flat.concepts[concept].weight * worth.worth
            }
            if reading.share * sum > best.match { best = (reading.share * sum, number) }
        }
        var ranked = Ranked(document: document, score: 0, match: best.match, usesCorrection: false)
        guard best.match > 0 else { return ranked }

        let reading = flat.readings[best.reading]
        scratch.typed.clear()
        scratch.meant.clear()
        for concept in reading.concepts where scratch.worths[concept].worth > 0 {
            let worth = scratch.worths[concept]
            let used = flat.alternatives[worth.alternative]
            for character in used.characters {
                if used.source == .synonym {
                    scratch.meant.insert(flat.characters[character])
                } else {
                    scratch.typed.insert(flat.characters[character])
                }
            }
            let points = Self.fullMatch * reading.share * flat.concepts[concept].weight * worth.worth
            ranked.score += points
            explain?(
                .init(
                    kind: .init(used.source), term: self.flat.texts[worth.alternative], field: worth.field,
                    points: points))
        }
        ranked.usesCorrection = reading.factor == SearchPlan.correctedFactor
        let bonuses = bonuses(document, scratch, memory, match: best.match)
        ranked.score += bonuses.total
        if let explain { for reason in bonuses.reasons(plan) { explain(reason) } }
        return ranked
    }

    // MARK: Concepts

    private func bestAlternative(
        _ concept: RankingPlan.Concept, _ document: Int, _ fields: Fields, _ memory: SearchSegment.Memory,
        _ flat: RankingPlan.Memory
    ) -> Worth {
        var best = Worth()
        for number in concept.alternatives where flat.alternatives[number].factor > best.worth {
            let alternative = flat.alternatives[number]
            var worth = Worth(alternative: number)
            if alternative.code >= 0 {
                worth.worth = codes[alternative.code].contains(UInt16(document)) ? 1 : 0
            } else {
                (worth.worth, worth.field) = coverage(alternative, fields, flat)
                if alternative.source == .pinyin, worth.worth > 0 { pinyin(alternative, document, memory, &worth) }
            }
            worth.worth *= alternative.factor
            if worth.worth > best.worth { best = worth }
        }
        return best
    }

    private func coverage(
        _ alternative: RankingPlan.Alternative, _ fields: Fields, _ flat: RankingPlan.Memory
    ) -> (Float, SearchField?) {
        // Lanes: name, alias, keyword, department, summary, anywhere.
        var sums = SIMD8<Float>()
        for place in alternative.units {
            let bits = fields[Int(flat.unitNumbers[place])]
            guard bits != 0 else { continue }
            sums += flat.lanes[Int(bits)] * flat.unitWeights[place]
        }
        guard sums[5] > 0 else { return (0, nil) }
        var best: (worth: Float, lane: Int) = (0, 5)
        for lane in 0..<6 where sums[lane] > 0 {
            let part = min(1, sums[lane] * alternative.share)
            let curve = alternative.isStrict ? part * part * part : part * part.squareRoot()
            let worth = Self.laneWorth(lane) * curve
            if worth > best.worth { best = (worth, lane) }
        }
        return (best.worth, best.lane < 5 ? SearchField(rawValue: 1 << UInt8(best.lane)) : nil)
    }

    /// Words scattered over several fields, the last lane, are worth little.
    @inline(__always)
    private static func laneWorth(_ lane: Int) -> Float {
        SearchField(rawValue: 1 << UInt8(lane))?.worth ?? 0.4
    }

    private func pinyin(
        _ alternative: RankingPlan.Alternative, _ document: Int, _ memory: SearchSegment.Memory, _ worth: inout Worth
    ) {
        worth.worth *= 0.6
        let letters = flat.letters[alternative.letters]
        let texts = memory.texts(document)
        for number in texts {
            let text = memory.text(number)
            guard let match = PinyinLetters.match(letters, in: text, tables) else { continue }
            let part = Float(match.length) / Float(max(1, text.count))
            let full = 0.72 + 0.1 * match.fullness + (match.start == 0 ? 0.1 : 0) + 0.08 * part
            if full > worth.worth { (worth.worth, worth.field) = (full, number == texts.lowerBound ? .name : .alias) }
        }
    }

    // MARK: Bonuses

    private struct Bonuses {
        var literal: (kind: SearchResult.Reason.Kind, points: Float) = (.phrase, 0)
        var brevity: Float = 0
        var popularity: Float = 0
        var otherAction: Float = 0

        var total: Float { literal.points + brevity + popularity + otherAction }

        func reasons(_ plan: SearchPlan) -> [SearchResult.Reason] {
            let asked = String(utf16: plan.core.isEmpty ? plan.whole : plan.core)
            return [
                SearchResult.Reason(kind: literal.kind, term: asked, field: nil, points: literal.points),
                .init(kind: .brevity, term: "", field: nil, points: brevity),
                .init(kind: .popularity, term: "", field: nil, points: popularity),
                .init(kind: .otherAction, term: "", field: nil, points: otherAction),
            ].filter { $0.points != 0 }
        }
    }

    private func bonuses(
        _ document: Int, _ scratch: Scratch, _ memory: SearchSegment.Memory, match: Float
    ) -> Bonuses {
        var bonuses = Bonuses()
        var density: Float = 0
        let hasFillers = !plan.core.isEmpty && plan.core.count != plan.whole.count
        let texts = memory.texts(document)
        for number in texts {
            let text = memory.text(number)
            let isName = number == texts.lowerBound
            var explained: Float = 0
            for unit in text { explained += scratch.typed.contains(unit) ? 1 : scratch.meant.contains(unit) ? 0.7 : 0 }
            density = max(density, explained / Float(max(1, text.count)))
            consider(plan.whole, text, isName: isName, &bonuses)
            if hasFillers { consider(plan.core, text, isName: isName, &bonuses) }
        }
        bonuses.brevity = 14 * density * match
        bonuses.popularity = (plan.isPrefix ? 14 : 8) * segment.popularity[document] * match
        if segment.actions[document] & ~plan.actions != 0 { bonuses.otherAction = -9 }
        return bonuses
    }

    private func consider(
        _ asked: [UInt16], _ text: UnsafeBufferPointer<UInt16>, isName: Bool, _ bonuses: inout Bonuses
    ) {
        guard asked.count <= text.count, let offset = text.offset(of: asked) else { return }
        let found: (SearchResult.Reason.Kind, Float) =
            asked.count == text.count
            ? (.exactName, plan.isPrefix ? 36 : isName ? 18 : 13)
            : offset == 0 ? (.beginning, plan.isPrefix ? 30 : isName ? 10 : 6) : (.phrase, isName ? 7 : 3)
        if bonuses.literal.points < found.1 { bonuses.literal = found }
    }
}

/// A set of characters that is quick to ask and to clear.
struct CharacterMarks {
    private var bits = [UInt64](repeating: 0, count: 1024)
    private var members: [UInt16] = []

    mutating func insert(_ unit: UInt16) {
        bits[Int(unit >> 6)] |= 1 << UInt64(unit & 63)
        members.append(unit)
    }

    @inline(__always)
    func contains(_ unit: UInt16) -> Bool { bits[Int(unit >> 6)] & 1 << UInt64(unit & 63) != 0 }

    mutating func clear() {
        for unit in members { bits[Int(unit >> 6)] = 0 }
        members.removeAll(keepingCapacity: true)
    }
}

extension UnsafeBufferPointer<UInt16> {
    /// The first place at or after `start` whose value is not below `value`, or `end`; values rise up to there.
    @inline(__always)
    fileprivate func place(of value: UInt16, from start: Int, below end: Int) -> Int {
        // Galloping, then halving: candidates are few, postings may be many.
        var low = start
        var step = 1
        while low + step < end, self[low + step] < value { (low, step) = (low + step, step * 2) }
        var high = Swift.min(low + step + 1, end)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension SearchResult.Reason.Kind {
    fileprivate init(_ source: SearchPlan.Source) {
        switch source {
        case .typed: self = .typed
        case .synonym: self = .synonym
        case .corrected: self = .corrected
        case .homophone: self = .homophone
        case .pinyin: self = .pinyin
        case .code: self = .code
        }
    }
}
