/// The terms of one document, each with the fields that it stands in.
struct DocumentTerms {
    /// The compact forms by which the document is called: its name, the name without brackets, the aliases.
    let texts: [[UInt16]]
    /// The compact name, and the same without what stands in brackets.
    let name: [UInt16]
    let plainName: [UInt16]?
    /// Key and field bits, in the order of the keys, each key once.
    let terms: [(key: UInt64, fields: UInt8)]
    /// Segments of the code in plain letters.
    let codeSegments: [[UInt16]]

    init(_ document: SearchDocument, _ tables: CharacterTables) {
        var collector = Collector(tables: tables)
        let name = FoldedText(document.name, tables)
        var texts = [name.compact]
        plainName = FoldedText.withoutBrackets(document.name).map { FoldedText($0, tables).compact }
        if let plainName, !plainName.isEmpty { texts.append(plainName) }
        for text in texts { collector.addCalled(text, .name) }
        collector.addWords(name, .name)
        for alias in document.aliases {
            let folded = FoldedText(alias, tables)
            collector.addCalled(folded.compact, .alias)
            collector.addWords(folded, .alias)
            texts.append(folded.compact)
        }
        for keyword in document.keywords { collector.addRunning(keyword, .keyword) }
        collector.addRunning(document.department, .department)
        collector.addRunning(document.summary, .summary)

        collector.add(TermKey.facet(.department, document.department), .department)
        collector.add(TermKey.facet(.kind, document.kind), .department)
        for audience in document.audiences { collector.add(TermKey.facet(.audience, audience), .department) }
        for channel in document.channels { collector.add(TermKey.facet(.channel, channel), .department) }

        self.name = name.compact
        self.texts = texts
        terms = collector.merged()
        codeSegments = FoldedText(document.code, tables).units
            .split { $0 == FoldedText.hyphen || $0 == 0 }.map(Array.init)
    }

    private struct Collector {
        let tables: CharacterTables
        var terms: [(key: UInt64, fields: UInt8)] = []

        mutating func add(_ key: UInt64, _ field: SearchField) { terms.append((key, field.rawValue)) }

        /// A text by which an item is called: characters, pairs and sounds across all signs.
        mutating func addCalled(_ units: [UInt16], _ field: SearchField) {
            addCharacters(units[...], field)
            var before: [UInt16] = []
            var initials: [[UInt8]] = [[TermKey.start]]
            for unit in units where FoldedText.isHan(unit) {
                let readings = Array(tables.readings(unit))
                let sounds = readings.map { tables.soundClasses[Int($0)] }
                for sound in sounds {
                    add(TermKey.syllable(sound), field)
                    for first in before { add(TermKey.syllablePair(first, sound), field) }
                }
                before = sounds
                initials.append(readings.map { tables.syllables[Int($0)].first })
            }
            for index in initials.indices.dropFirst() {
                for last in initials[index] {
                    for middle in initials[index - 1] {
                        if index == 1 { add(TermKey.initials(middle, last, 0), field) }
                        if index >= 2 {
                            for first in initials[index - 2] { add(TermKey.initials(first, middle, last), field) }
                        }
                    }
                }
            }
        }

        /// Words of Latin letters and digits.
        mutating func addWords(_ text: FoldedText, _ field: SearchField) {
            for run in text.runs where !run.isHan { add(TermKey.word(run.units), field) }
        }

        /// A running text: pairs within runs, single characters only where a run has but one.
        mutating func addRunning(_ text: String, _ field: SearchField) {
            for run in FoldedText(text, tables).runs {
                if !run.isHan {
                    add(TermKey.word(run.units), field)
                } else if run.units.count == 1 || field == .keyword {
                    addCharacters(run.units, field)
                } else {
                    addPairs(run.units, field)
                }
            }
        }

        private mutating func addCharacters(_ units: ArraySlice<UInt16>, _ field: SearchField) {
            for unit in units where FoldedText.isHan(unit) { add(TermKey.character(unit), field) }
            addPairs(units, field)
        }

        private mutating func addPairs(_ units: ArraySlice<UInt16>, _ field: SearchField) {
            for (first, second) in zip(units, units.dropFirst())
            where FoldedText.isHan(first) || FoldedText.isHan(second) {
                add(TermKey.pair(first, second), field)
            }
        }

        mutating func merged() -> [(key: UInt64, fields: UInt8)] {
            terms.sort { $0.key < $1.key }
            var merged: [(key: UInt64, fields: UInt8)] = []
            merged.reserveCapacity(terms.count)
            for term in terms {
                if let last = merged.last, last.key == term.key {
                    merged[merged.count - 1].fields |= term.fields
                } else {
                    merged.append(term)
                }
            }
            return merged
        }
    }
}
