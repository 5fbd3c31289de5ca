/// A run of Chinese in a query, cut at the words of the lexicon by longest match from the left.
struct HanRun {
    struct Piece {
        var units: ArraySlice<UInt16>
        var isFiller = false
        /// The lexicon's entries for this word; none for a plain stretch.
        var entries: [Int] = []
    }

    let units: ArraySlice<UInt16>
    private(set) var pieces: [Piece] = []

    init(_ units: ArraySlice<UInt16>, _ lexicon: Lexicon) {
        self.units = units
        var start = units.startIndex
        var place = start
        while place < units.endIndex {
            guard let (length, word) = lexicon.longestWord(at: units[place...]) else {
                place += 1
                continue
            }
            if place > start { pieces.append(Piece(units: units[start..<place])) }
            switch word {
            case .filler: pieces.append(Piece(units: units[place..<place + length], isFiller: true))
            case .entries(let entries): pieces.append(Piece(units: units[place..<place + length], entries: entries))
            }
            place += length
            start = place
        }
        if place > start { pieces.append(Piece(units: units[start..<place])) }
    }

    private init(plain units: ArraySlice<UInt16>) {
        self.units = units
        pieces = [Piece(units: units)]
    }

    /// The same run as one stretch.
    var plain: HanRun { HanRun(plain: units) }

    /// What stands between fillers.
    var stretches: [ArraySlice<UInt16>] {
        var stretches: [ArraySlice<UInt16>] = []
        var open = false
        for piece in pieces {
            if piece.isFiller {
                open = false
            } else if open, let last = stretches.last {
                stretches[stretches.count - 1] = units[last.startIndex..<piece.units.endIndex]
            } else {
                stretches.append(piece.units)
                open = true
            }
        }
        return stretches
    }
}
