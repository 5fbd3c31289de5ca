/// Reads a query against an index: fillers dropped, everyday words widened, sounds and codes recognised.
struct SearchPlanner {
    /// What follows is cut: nobody means more, and the most telling words of an item fit many times over.
    static let longestQuery = 160
    /// In longer queries a wrong character does little harm.
    static let longestCorrected = 32
    /// Terms beyond this add time, not meaning; the rarest are kept.
    static let mostUnits = 72

    private let index: SearchIndex
    private var tables: CharacterTables { index.tables }
    private var lexicon: Lexicon { index.lexicon }
    private var plan = SearchPlan()
    private var unitNumbers: [UInt64: Int] = [:]

    static func plan(_ query: String, in index: SearchIndex, isPrefix: Bool = false) -> SearchPlan {
        var planner = SearchPlanner(index: index)
        planner.plan.isPrefix = isPrefix
        planner.read(FoldedText(query, index.tables, limit: longestQuery))
        return planner.plan
    }

    private init(index: SearchIndex) { self.index = index }

    private mutating func read(_ text: FoldedText) {
        plan.whole = text.compact
        let runs = text.runs
        var parts = runs.map { run in run.isHan ? HanRun(run.units, lexicon) : nil }
        // A query of nothing but fillers is taken at its word.
        let isFiller = !runs.contains { !$0.isHan } && parts.allSatisfy { $0?.pieces.allSatisfy(\.isFiller) ?? true }
        if isFiller { parts = parts.map { $0?.plain } }

        var literal: [SearchPlan.Concept] = []
        var worded: [SearchPlan.Concept] = []
        var hasWords = false
        for (run, part) in zip(runs, parts) {
            guard let part else {
                let concept = latinConcept(Array(run.units))
                literal.append(concept)
                worded.append(concept)
                continue
            }
            for stretch in part.stretches {
                plan.core += stretch
                literal.append(plainConcept(stretch, .typed))
            }
            for piece in part.pieces where !piece.isFiller {
                hasWords = hasWords || !piece.entries.isEmpty
                worded.append(piece.entries.isEmpty ? plainConcept(piece.units, .typed) : wordConcept(piece))
            }
        }
        addReading(literal, factor: 1)
        if hasWords { addReading(worded, factor: 1) }
        if plan.isPrefix { addBeginnings() }
        if plan.whole.count <= Self.longestCorrected { addCorrection(runs: runs, parts: parts) }
        limitUnits()
    }

    private mutating func addReading(_ concepts: [SearchPlan.Concept], factor: Float) {
        let known = concepts.filter { $0.weight > 0 }
        guard !known.isEmpty else { return }
        plan.readings.append(.init(factor: factor, concepts: known))
    }

    // MARK: Concepts

    private mutating func plainConcept(_ units: ArraySlice<UInt16>, _ source: SearchPlan.Source) -> SearchPlan.Concept {
        let typed = alternative([units], source, factor: 1)
        var concept = SearchPlan.Concept(weight: typed.total, alternatives: [typed])
        if units.count == 1 { concept.weight *= 0.5 }
        let pairs = zip(units, units.dropFirst())
        if pairs.contains(where: { index.frequency(TermKey.pair($0, $1)) == 0 }) {
            concept.alternatives.append(homophones(units))
        }
        return concept
    }

    private mutating func wordConcept(_ piece: HanRun.Piece) -> SearchPlan.Concept {
        var alternatives = [alternative([piece.units], .typed, factor: 1)]
        let areActions = piece.entries.allSatisfy { lexicon.actionBits[$0] != nil }
        for entry in piece.entries {
            plan.actions |= lexicon.actionBits[entry] ?? 0
            alternatives += synonyms(entry, of: piece.units)
        }
        // A word of the lexicon weighs like a rare word of its length, an action like a common one.
        let weight = 4.5 * Float(min(5, piece.units.count)) * (areActions ? 0.6 : 1)
        return .init(weight: weight, alternatives: alternatives)
    }

    private mutating func synonyms(_ entry: Int, of word: ArraySlice<UInt16>) -> [SearchPlan.Alternative] {
        var found: [SearchPlan.Alternative] = []
        for (rank, means) in lexicon.entries[entry].means.enumerated() {
            let runs = FoldedText(means, tables).runs.map(\.units)
            if runs.count == 1, runs[0].elementsEqual(word) { continue }
            var synonym = alternative(runs, .synonym, factor: 0.96 - 0.02 * Float(min(rank, 6)))
            synonym.isStrict = true
            found.append(synonym)
        }
        return found
    }

    /// Latin letters and digits: a word, a code, full or short pinyin, or a mixture.
    private mutating func latinConcept(_ letters: [UInt16]) -> SearchPlan.Concept {
        let text = String(utf16: letters)
        var alternatives: [SearchPlan.Alternative] = []
        var word = SearchPlan.Alternative(source: .typed, text: text, factor: 1)
        add(TermKey.word(letters), weight: 1, to: &word)
        alternatives.append(word)
        if let (length, found) = lexicon.longestWord(at: letters[...]), length == letters.count,
            case .entries(let entries) = found
        {
            for entry in entries { alternatives += synonyms(entry, of: letters[...]) }
        }
        if letters.count >= 3, letters.contains(where: FoldedText.isDigit) || letters.contains(FoldedText.hyphen) {
            alternatives.append(.init(source: .code, text: text, factor: 1, letters: letters))
        }
        if letters.allSatisfy(FoldedText.isLetter) { alternatives.append(pinyin(letters, text)) }
        return .init(weight: 5 * Float(min(letters.count, 12)) / 2, alternatives: alternatives)
    }

    private mutating func pinyin(_ letters: [UInt16], _ text: String) -> SearchPlan.Alternative {
        var pinyin = SearchPlan.Alternative(source: .pinyin, text: text, factor: 0.95, letters: letters)
        for pieces in PinyinLetters.cuts(letters.map { UInt8(truncatingIfNeeded: $0) }, tables) {
            var before: UInt16?
            for piece in pieces {
                let sound = piece.syllable.map { tables.soundClasses[Int($0)] }
                if let sound {
                    add(TermKey.syllable(sound), weight: 0.3, to: &pinyin)
                    if let before { add(TermKey.syllablePair(before, sound), weight: 1, to: &pinyin) }
                }
                before = sound
            }
            let initials = pieces.map(\.initial)
            for place in initials.indices.dropFirst(2) {
                add(
                    TermKey.initials(initials[place - 2], initials[place - 1], initials[place]), weight: 0.6,
                    to: &pinyin)
            }
            if let first = initials.first {
                if initials.count == 1 || plan.isPrefix {
                    add(TermKey.initials(TermKey.start, first, 0), weight: 0.2, to: &pinyin)
                }
                if initials.count > 1 {
                    add(TermKey.initials(TermKey.start, first, initials[1]), weight: 0.3, to: &pinyin)
                }
            }
        }
        return pinyin
    }

    private mutating func homophones(_ units: ArraySlice<UInt16>) -> SearchPlan.Alternative {
        var alternative = SearchPlan.Alternative(source: .homophone, text: String(utf16: units), factor: 0.8)
        let sounds = units.map(tables.sound)
        for (first, second) in zip(sounds, sounds.dropFirst()) {
            guard let first, let second else { continue }
            add(TermKey.syllablePair(first, second), weight: 1, to: &alternative)
        }
        return alternative
    }

    /// Words of the lexicon that begin with what has been typed so far.
    private mutating func addBeginnings() {
        guard plan.whole.allSatisfy(FoldedText.isHan), !plan.whole.isEmpty else { return }
        var alternatives: [SearchPlan.Alternative] = []
        for entry in lexicon.entries(beginningWith: plan.whole, limit: 4) where lexicon.actionBits[entry] == nil {
            alternatives += synonyms(entry, of: plan.whole[...])
        }
        if !alternatives.isEmpty { addReading([.init(weight: 5, alternatives: alternatives)], factor: 0.8) }
    }

    private mutating func addCorrection(runs: [FoldedText.Run], parts: [HanRun?]) {
        var concepts: [SearchPlan.Concept] = []
        var corrected: [UInt16] = []
        var isCorrected = false
        for (run, part) in zip(runs, parts) {
            guard let part else {
                corrected += run.units
                concepts.append(latinConcept(Array(run.units)))
                continue
            }
            let units = QueryCorrection.corrected(part, in: index)
            isCorrected = isCorrected || units != nil
            let better = units ?? Array(run.units)
            corrected += better
            for piece in HanRun(better[...], lexicon).pieces where !piece.isFiller {
                concepts.append(piece.entries.isEmpty ? plainConcept(piece.units, .corrected) : wordConcept(piece))
            }
        }
        guard isCorrected else { return }
        plan.corrected = corrected
        addReading(concepts, factor: SearchPlan.correctedFactor)
    }

    // MARK: Units

    private mutating func alternative(
        _ runs: [ArraySlice<UInt16>], _ source: SearchPlan.Source, factor: Float
    ) -> SearchPlan.Alternative {
        var alternative = SearchPlan.Alternative(
            source: source, text: runs.map { String(utf16: $0) }.joined(separator: " "), factor: factor)
        for run in runs {
            for unit in run where FoldedText.isHan(unit) {
                add(TermKey.character(unit), weight: run.count == 1 ? 1 : 0.35, to: &alternative)
            }
            for (first, second) in zip(run, run.dropFirst()) {
                add(TermKey.pair(first, second), weight: 1, to: &alternative)
            }
            alternative.characters += run
        }
        return alternative
    }

    private mutating func add(_ key: UInt64, weight: Float, to alternative: inout SearchPlan.Alternative) {
        let rarity = index.rarity(key)
        let weight = weight * rarity
        let unit: Int
        if let known = unitNumbers[key] {
            unit = known
            plan.units[unit].weight = max(plan.units[unit].weight, weight * alternative.factor)
        } else {
            unit = plan.units.count
            unitNumbers[key] = unit
            plan.units.append((key, weight * alternative.factor))
        }
        if alternative.units.contains(where: { $0.unit == unit }) { return }
        alternative.units.append((unit, weight))
        alternative.total += weight
    }

    /// Keeps the units that tell most; the others stay in the alternatives' totals, so that coverage stays honest.
    private mutating func limitUnits() {
        guard plan.units.count > Self.mostUnits else { return }
        let kept = plan.units.indices.sorted { (-plan.units[$0].weight, $0) < (-plan.units[$1].weight, $1) }
            .prefix(Self.mostUnits).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: zip(kept, kept.indices))
        plan.units = kept.map { plan.units[$0] }
        for reading in plan.readings.indices {
            for concept in plan.readings[reading].concepts.indices {
                for alternative in plan.readings[reading].concepts[concept].alternatives.indices {
                    plan.readings[reading].concepts[concept].alternatives[alternative].units =
                        plan.readings[reading].concepts[concept].alternatives[alternative].units.compactMap { unit in
                            numbers[unit.unit].map { ($0, unit.weight) }
                        }
                }
            }
        }
    }
}

extension String {
    init(utf16 units: some Collection<UInt16>) { self.init(decoding: units, as: UTF16.self) }
}
