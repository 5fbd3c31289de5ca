/// A job title or a query, cut down to what it says about the work and into its terms.
struct TitleText {
    /// At most this much of a query is looked at; nobody's job needs more words.
    static let limit = 120

    /// Runs of Chinese, and of Latin letters with digits.
    let runs: [ArraySlice<UInt16>]

    init(_ text: String, _ characters: TitleCharacters, _ fillers: TitleFillers) {
        var units = Self.withoutBrackets(characters.fold(text, limit: Self.limit))
        units = fillers.afterCall(units)
        let cut = Self.runs(fillers.separating(units))
        // 师傅 alone is all that was said.
        runs = cut.isEmpty ? Self.runs(units) : cut
    }

    /// The words of a definition.
    init(definition: String, _ characters: TitleCharacters) {
        runs = Self.runs(characters.fold(definition, limit: 1000))
    }

    /// A title whose core is known.
    init(core: [UInt16]) { runs = Self.runs(core) }

    /// The runs joined.
    var core: [UInt16] { runs.flatMap { $0 } }

    /// Single characters, pairs and threes, the last one and two of each run; a Latin word as a whole. Each once.
    var terms: [TitleTerm] {
        var terms = OnceEach()
        for run in runs {
            guard let first = run.first, TitleCharacters.isHan(first) else {
                terms.add(TitleTerm(word: run))
                continue
            }
            for size in 1...3 where size <= run.count {
                for start in run.startIndex...(run.endIndex - size) {
                    terms.add(TitleTerm(run[start..<start + size]))
                }
            }
            terms.add(TitleTerm(run.suffix(1), endsRun: true))
            terms.add(TitleTerm(run.suffix(2), endsRun: true))
        }
        return terms.inOrder
    }

    /// Pairs of Chinese characters, each once.
    var pairs: [TitleTerm] {
        var pairs = OnceEach()
        for run in runs where run.first.map(TitleCharacters.isHan) ?? false {
            for start in run.indices.dropLast() { pairs.add(TitleTerm(run[start..<start + 2])) }
        }
        return pairs.inOrder
    }

    /// Terms in the order of the text, so that sums over them are the same in every process.
    private struct OnceEach {
        private(set) var inOrder: [TitleTerm] = []
        private var seen: Set<TitleTerm> = []

        mutating func add(_ term: TitleTerm) {
            if seen.insert(term).inserted { inOrder.append(term) }
        }
    }

    /// Blanks what stands in brackets, unless nothing else would be left.
    private static func withoutBrackets(_ units: [UInt16]) -> [UInt16] {
        var inside = false
        let bare = units.map { unit in
            if unit == TitleCharacters.openBracket { inside = true }
            defer { if unit == TitleCharacters.closeBracket { inside = false } }
            return inside || unit == TitleCharacters.closeBracket ? 0 : unit
        }
        return bare.contains { TitleCharacters.isHan($0) || TitleCharacters.isLetter($0) } ? bare : units
    }

    private static func runs(_ units: [UInt16]) -> [ArraySlice<UInt16>] {
        var runs: [ArraySlice<UInt16>] = []
        var place = 0
        while place < units.count {
            let start = place
            if TitleCharacters.isHan(units[place]) {
                while place < units.count, TitleCharacters.isHan(units[place]) { place += 1 }
                // 开挖掘机的 → 开挖掘机
                var run = units[start..<place]
                while run.count > 1, run.last == 0x7684 { run.removeLast() }
                runs.append(run)
            } else if TitleCharacters.isLetter(units[place]) {
                while place < units.count, isInWord(units[place]) { place += 1 }
                runs.append(units[start..<place])
            } else {
                place += 1
            }
        }
        return runs
    }

    private static func isInWord(_ unit: UInt16) -> Bool {
        TitleCharacters.isLetter(unit) || unit >= 0x30 && unit <= 0x39 || unit == 0x2B || unit == 0x23
    }
}
