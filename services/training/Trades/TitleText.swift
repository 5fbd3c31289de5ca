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

    /// A title whose core is known.
    init(core: [UInt16]) { runs = Self.runs(core) }

    /// The runs joined.
    var core: [UInt16] { runs.flatMap { $0 } }

    /// Single characters, pairs and threes, the last one and two of each run; a Latin word as a whole. Each once.
    var terms: [TitleTerm] {
        var terms: Set<TitleTerm> = []
        for run in runs {
            guard let first = run.first, TitleCharacters.isHan(first) else {
                terms.insert(TitleTerm(word: run))
                continue
            }
            for size in 1...3 where size <= run.count {
                for start in run.startIndex...(run.endIndex - size) {
                    terms.insert(TitleTerm(run[start..<start + size]))
                }
            }
            terms.insert(TitleTerm(run.suffix(1), endsRun: true))
            terms.insert(TitleTerm(run.suffix(2), endsRun: true))
        }
        return Array(terms)
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
