import Foundation

/// Everyday words and the official words that they stand for; an operator edits it as synonyms.json.
struct Lexicon: Sendable {
    /// One line of the file.
    struct Entry: Sendable, Codable, Equatable {
        /// As people say it.
        var words: [String]
        /// As items are named; a space parts words that need not stand together.
        var means: [String]
        /// For what is done with a paper already held (注销, 变更): an item so named yields to the one that
        /// grants the paper unless the query speaks of it.
        var action: Bool?
    }

    private struct File: Codable {
        var synonyms: [Entry]
        /// Words that say nothing about which item is meant: 我想, 怎么办理.
        var fillers: [String]
        /// Words of names that grant a paper, whatever else they do: 申领补换.
        var grants: [String]
    }

    enum Word: Sendable {
        case filler
        case entries([Int])
    }

    let entries: [Entry]
    /// Bit numbers of the entries that are actions.
    let actionBits: [Int: UInt32]
    private let words: [UInt64: Word]
    private let longest: Int
    private let pairs: Set<UInt64>
    private let sorted: [(units: [UInt16], entry: Int)]
    private let grants: [[UInt16]]
    private let actionMeans: [(units: [UInt16], bit: UInt32)]

    static let empty = Lexicon(
        entries: [], fillers: [], tables: CharacterTables(pinyin: "", folding: "", lookalikes: ""))

    /// Throws `DecodingError` where the file is not of the form.
    init(json: Data, tables: CharacterTables) throws {
        let file = try JSONDecoder().decode(File.self, from: json)
        self.init(entries: file.synonyms, fillers: file.fillers, grants: file.grants, tables: tables)
    }

    init(entries: [Entry], fillers: [String], grants: [String] = [], tables: CharacterTables) {
        var words: [UInt64: Word] = [:]
        var pairs: Set<UInt64> = []
        var sorted: [(units: [UInt16], entry: Int)] = []
        var bits: [Int: UInt32] = [:]
        var actionMeans: [(units: [UInt16], bit: UInt32)] = []
        var longest = 0

        func note(_ text: String) -> [UInt16] {
            let units = FoldedText(text, tables).compact
            longest = max(longest, units.count)
            for (first, second) in zip(units, units.dropFirst()) { pairs.insert(TermKey.pair(first, second)) }
            return units
        }

        for filler in fillers { words[TermKey.hash(note(filler))] = .filler }
        for (number, entry) in entries.enumerated() {
            if entry.action == true, bits.count < 32 {
                let bit = UInt32(1) << UInt32(bits.count)
                bits[number] = bit
                actionMeans += entry.means.map { (FoldedText($0, tables).compact, bit) }
            }
            for word in entry.words + (entry.action == true ? entry.means : []) {
                let units = note(word)
                guard !units.isEmpty else { continue }
                let key = TermKey.hash(units)
                if case .entries(let known) = words[key] {
                    if !known.contains(number) { words[key] = .entries(known + [number]) }
                } else {
                    words[key] = .entries([number])
                }
                sorted.append((units, number))
            }
        }
        sorted.sort { $0.units.lexicographicallyPrecedes($1.units) }
        (self.entries, self.words, self.pairs, self.longest) = (entries, words, pairs, longest)
        self.grants = grants.map { FoldedText($0, tables).compact }
        (self.sorted, self.actionBits, self.actionMeans) = (sorted, bits, actionMeans)
    }

    /// The longest word that starts at the head of `units`.
    func longestWord(at units: ArraySlice<UInt16>) -> (length: Int, word: Word)? {
        var found: (length: Int, word: Word)?
        var hash = TermKey.hashStart
        for (offset, unit) in units.prefix(longest).enumerated() {
            hash = TermKey.hashing(hash, unit)
            if let word = words[hash] { found = (offset + 1, word) }
        }
        return found
    }

    /// Whether two characters follow each other in any word of the lexicon.
    func knows(_ first: UInt16, _ second: UInt16) -> Bool { pairs.contains(TermKey.pair(first, second)) }

    /// Entries with a word that begins with `prefix`, at most `limit`.
    func entries(beginningWith prefix: [UInt16], limit: Int) -> [Int] {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle].units.lexicographicallyPrecedes(prefix) { low = middle + 1 } else { high = middle }
        }
        var found: [Int] = []
        while low < sorted.count, found.count < limit, sorted[low].units.starts(with: prefix) {
            if !found.contains(sorted[low].entry) { found.append(sorted[low].entry) }
            low += 1
        }
        return found
    }

    /// The actions that a name stands for: those in its brackets, else all that it speaks of unless it grants too.
    func actions(in name: [UInt16], withoutBrackets plain: [UInt16]?) -> UInt32 {
        let all = actions(in: name)
        guard all != 0 else { return 0 }
        let outside = plain ?? name
        let grantsOutside = grants.contains { outside.offset(of: $0) != nil }
        return grantsOutside ? all & ~actions(in: outside) : all
    }

    private func actions(in text: [UInt16]) -> UInt32 {
        var mask: UInt32 = 0
        for (units, bit) in actionMeans where mask & bit == 0 && text.offset(of: units) != nil { mask |= bit }
        return mask
    }
}
