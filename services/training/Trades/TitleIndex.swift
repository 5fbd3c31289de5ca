import Foundation

/// Every title by which a trade may be called, and what its terms tell about trades.
struct TitleIndex: Sendable {
    /// A title, and the trades that it may mean with how surely.
    struct Title: Sendable {
        var text: String
        var core: [UInt16]
        var trades: [(trade: Int, weight: Float)]
        /// Rarity of all its terms together.
        var mass: Float = 0
    }

    /// How often a term stands with a trade, as a share of all trades that it stands with.
    struct Share: Sendable {
        var trade: Int32
        var share: Float
    }

    private(set) var titles: [Title] = []
    private(set) var titlesByCore: [UInt64: Int] = [:]
    private(set) var titlesBySound: [[UInt8]: [Int]] = [:]
    /// Letters and initials of the titles that are Chinese throughout.
    private(set) var sounds: [(title: Int, letters: [UInt8], initials: [UInt8])] = []
    private(set) var longest = 0

    private var rows: [TitleTerm: Int] = [:]
    private var counts: [[Int32: Float]] = []
    private var totals: [Float] = []
    private(set) var rarity: [Float] = []
    private(set) var shares: [[Share]] = []
    private(set) var titlesByTerm: [[Int32]] = []

    private static let nameWeight: Float = 1
    private static let unlikelyWeight: Float = 0.8
    /// Recruiters' names for trades are often loose.
    private static let aliasWeight: Float = 0.7
    /// One advertisement's title counts as much as three of the titles written down here.
    private static let advertisementWeight: Float = 3
    /// A pair of characters in a definition tells little, but is all there is for some words.
    private static let definitionWeight: Float = 0.1
    /// Titles that the counts stand for, about.
    private static let titleCount: Float = 5000
    /// Below 1, so that a trade that a term seldom stands with is not lost.
    private static let shareExponent: Float = 0.6

    func row(_ term: TitleTerm) -> Int? { rows[term] }

    /// Reads titles.tsv and counts.tsv. Aliases left out, and counts, are for measuring.
    init(
        _ classification: OccupationClassification, folder: URL, characters: TitleCharacters, fillers: TitleFillers,
        leavingOut: (String) -> Bool, withCounts: Bool
    ) throws {
        let places = Dictionary(
            uniqueKeysWithValues: classification.trades.indices.map { (classification.trades[$0].code, $0) })
        for (place, trade) in classification.trades.enumerated() {
            add(trade.name, place, Self.nameWeight, characters, fillers)
            for alias in trade.aliases where !leavingOut(alias) {
                add(alias, place, Self.aliasWeight, characters, fillers)
            }
        }
        try OccupationTable(folder, "titles.tsv").forEach(fields: 3) { fields in
            guard let place = OccupationCode(fields[0]).flatMap({ places[$0] }),
                classification.trades[place].name == fields[1]
            else { return false }
            for title in fields[2].split(separator: " ") {
                let isUnlikely = title.last == "?"
                add(
                    String(isUnlikely ? title.dropLast() : title), place,
                    isUnlikely ? Self.unlikelyWeight : Self.nameWeight, characters, fillers)
            }
            return true
        }
        if withCounts { try count(OccupationTable(folder, "counts.tsv"), places) }
        for number in titles.indices {
            count(number)
            addSound(number, characters)
        }
        for (place, trade) in classification.trades.enumerated() {
            for term in TitleText(definition: trade.definition, characters).pairs {
                count(term, with: place, Self.definitionWeight)
            }
        }
        finish()
    }

    private mutating func add(
        _ text: String, _ trade: Int, _ weight: Float, _ characters: TitleCharacters, _ fillers: TitleFillers
    ) {
        let core = TitleText(text, characters, fillers).core
        guard !core.isEmpty else { return }
        let key = TitleTerm.hash(core)
        if let known = titlesByCore[key] {
            if let place = titles[known].trades.firstIndex(where: { $0.trade == trade }) {
                titles[known].trades[place].weight = max(titles[known].trades[place].weight, weight)
            } else {
                titles[known].trades.append((trade, weight))
            }
        } else {
            titlesByCore[key] = titles.count
            longest = max(longest, core.count)
            titles.append(Title(text: text, core: core, trades: [(trade, weight)]))
        }
    }

    private mutating func row(adding term: TitleTerm) -> Int {
        if let row = rows[term] { return row }
        rows[term] = counts.count
        counts.append([:])
        totals.append(0)
        titlesByTerm.append([])
        return counts.count - 1
    }

    private mutating func count(_ term: TitleTerm, with trade: Int, _ weight: Float) {
        let row = row(adding: term)
        counts[row][Int32(trade), default: 0] += weight
        totals[row] += weight
    }

    /// Counts of advertisements' terms: term, in how many titles, and in how many of each trade.
    private mutating func count(_ table: OccupationTable, _ places: [OccupationCode: Int]) throws {
        try table.forEach(fields: 3) { fields in
            guard let total = Float(fields[1]) else { return false }
            let row = row(adding: TitleTerm(written: fields[0]))
            for pair in fields[2].split(separator: " ") {
                let parts = pair.split(separator: ":")
                guard parts.count == 2, let place = OccupationCode(parts[0]).flatMap({ places[$0] }),
                    let count = Float(parts[1])
                else { return false }
                counts[row][Int32(place), default: 0] += count * Self.advertisementWeight
            }
            totals[row] += total * Self.advertisementWeight
            return true
        }
    }

    private mutating func count(_ number: Int) {
        let title = titles[number]
        for term in TitleText(core: title.core).terms {
            for (trade, weight) in title.trades {
                // A loose name still tells which words go with a trade.
                count(term, with: trade, weight == Self.aliasWeight ? Self.nameWeight : weight)
            }
            titlesByTerm[row(adding: term)].append(Int32(number))
        }
    }

    private mutating func addSound(_ number: Int, _ characters: TitleCharacters) {
        let core = titles[number].core
        let syllables = core.compactMap(characters.sound)
        guard syllables.count == core.count, core.count > 1 else { return }
        let letters = syllables.flatMap { $0 }
        titlesBySound[letters, default: []].append(number)
        sounds.append((number, letters, syllables.compactMap(\.first)))
    }

    private mutating func finish() {
        rarity = totals.map { log(1 + Self.titleCount / (1 + $0)) }
        shares = zip(counts, totals).map { row, total in
            row.map { Share(trade: $0.key, share: pow($0.value / (total + 1), Self.shareExponent)) }
                .sorted { $0.trade < $1.trade }
        }
        for (row, numbers) in titlesByTerm.enumerated() {
            for number in numbers { titles[Int(number)].mass += rarity[row] }
        }
        counts = []
        totals = []
    }
}
