/// Latin letters as pinyin: cut into syllables and initials, and matched against the sounds of a text.
enum PinyinLetters {
    struct Piece: Equatable {
        /// Nil for a lone initial.
        var syllable: UInt16?
        var initial: UInt8
    }

    /// The likeliest cuts: as few pieces as can be, whole syllables before lone initials; two where two are as good
    /// (fangan: fang an, fan gan).
    static func cuts(_ letters: [UInt8], _ tables: CharacterTables) -> [[Piece]] {
        let longFirst = cut(letters, tables, preferringLong: true)
        let shortFirst = cut(letters, tables, preferringLong: false)
        return longFirst == shortFirst ? [longFirst] : [longFirst, shortFirst]
    }

    private static func cut(_ letters: [UInt8], _ tables: CharacterTables, preferringLong: Bool) -> [Piece] {
        let letters = letters.prefix(64)
        // cost[i]: of the letters from i on; a lone initial costs a little more than half a syllable.
        var costs = [Int](repeating: .max / 2, count: letters.count + 1)
        var choices: [(length: Int, syllable: UInt16?)] = Array(repeating: (1, nil), count: letters.count + 1)
        costs[letters.count] = 0
        for start in stride(from: letters.count - 1, through: 0, by: -1) {
            for length in 1...min(6, letters.count - start) {
                let syllable = tables.syllable(letters[start..<start + length])
                guard syllable != nil || length == 1 else { continue }
                let isLone = syllable == nil || length == 1 && !isVowel(letters[start])
                let price = isLone ? (isInitial(letters[start]) ? 14 : 60) : length == 1 ? 16 : 10
                let cost = price + costs[start + length]
                if cost < costs[start] || cost == costs[start] && preferringLong {
                    costs[start] = cost
                    choices[start] = (length, isLone ? nil : syllable)
                }
            }
        }
        var pieces: [Piece] = []
        var place = 0
        while place < letters.count {
            pieces.append(Piece(syllable: choices[place].syllable, initial: letters[place]))
            place += choices[place].length
        }
        return pieces
    }

    private static func isVowel(_ letter: UInt8) -> Bool { "aoe".utf8.contains(letter) }

    private static func isInitial(_ letter: UInt8) -> Bool { !"iuv".utf8.contains(letter) }

    /// How the letters stand in the sounds of a text.
    struct Match {
        /// The first character matched.
        var start: Int
        var length: Int
        /// The part of the matched characters whose syllable was typed in full.
        var fullness: Float
    }

    /// The first place at which all letters are used up, each character by its full syllable, a beginning of its
    /// syllable at the end, or its initial (zh, ch, sh also as two letters).
    static func match(
        _ letters: ArraySlice<UInt16>, in text: UnsafeBufferPointer<UInt16>, _ tables: CharacterTables
    ) -> Match? {
        guard let head = letters.first else { return nil }
        var skipped = 0
        for start in text.indices {
            guard FoldedText.isHan(text[start]) else {
                skipped += 1
                continue
            }
            let canStart = tables.readings(text[start]).contains { UInt16(tables.syllables[Int($0)].first) == head }
            guard canStart else { continue }
            var steps = 0
            if let (length, full) = consume(letters, text[start...], tables, &steps) {
                return Match(
                    start: start - skipped, length: length,
                    fullness: Float(full) / Float(max(1, length)))
            }
        }
        return nil
    }

    /// Bounded: a text with many alike syllables could otherwise be tried in very many ways.
    private static func consume(
        _ letters: ArraySlice<UInt16>, _ text: Slice<UnsafeBufferPointer<UInt16>>, _ tables: CharacterTables,
        _ steps: inout Int
    ) -> (length: Int, full: Int)? {
        guard !letters.isEmpty else { return (0, 0) }
        var text = text
        while let unit = text.first, !FoldedText.isHan(unit) { text.removeFirst() }
        guard let unit = text.first, steps < 200 else { return nil }
        steps += 1
        for reading in tables.readings(unit) {
            let syllable = tables.syllables[Int(reading)]
            var common = 0
            while common < syllable.count, common < letters.count,
                letters[letters.startIndex + common] == UInt16(syllable[common])
            {
                common += 1
            }
            guard common > 0 else { continue }
            if common == syllable.count || common == letters.count,
                let (length, full) = consume(letters.dropFirst(common), text.dropFirst(), tables, &steps)
            {
                return (length + 1, full + (common == syllable.count ? 1 : 0))
            }
            for short in [2, 1] where short < common && (short == 1 || syllable[1] == UInt8(ascii: "h")) {
                if let (length, full) = consume(letters.dropFirst(short), text.dropFirst(), tables, &steps) {
                    return (length + 1, full)
                }
            }
        }
        return nil
    }
}
