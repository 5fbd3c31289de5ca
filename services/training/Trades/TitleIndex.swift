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
    private(set) var rarity: [Float] = []
    private(set) var shares: [[Share]] = []
    private(set) var titlesByTerm: [[Int32]] = []

    private static let nameWeight: Float = 1
    private static let unlikelyWeight: Float = 0.8
    /// Recruiters' names for trades are often loose.
    private static let aliasWeight: Float = 0.7
    /// Titles that the counts stand for, about.
    private static let titleCount: Float = 5000

    func row(_ term: TitleTerm) -> Int? { rows[term] }

    /// Reads titles.tsv and, where it is there, counts.tsv. `leavingOut` aliases and counting nothing is for measuring.
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
        try finish(places, withCounts ? OccupationTable(folder, "counts.tsv") : nil, characters)
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

    private mutating func finish(
        _ places: [OccupationCode: Int], _ table: OccupationTable?, _ characters: TitleCharacters
    ) throws {
        var counts: [[Int32: Float]] = []
        var totals: [Float] = []
        try table?.forEach(fields: 3) { fields in
            guard let total = Float(fields[1]) else { return false }
            var row: [Int32: Float] = [:]
            for pair in fields[2].split(separator: " ") {
                let parts = pair.split(separator: ":")
                guard parts.count == 2, let place = OccupationCode(parts[0]).flatMap({ places[$0] }),
                    let count = Float(parts[1])
                else { return false }
                row[Int32(place)] = count
            }
            rows[TitleTerm(written: fields[0])] = counts.count
            counts.append(row)
            totals.append(total)
            return true
        }
        titlesByTerm = Array(repeating: [], count: counts.count)
        for (number, title) in titles.enumerated() {
            for term in Self.terms(title.core) {
                let row = rows[term] ?? counts.count
                if row == counts.count {
                    rows[term] = row
                    counts.append([:])
                    totals.append(0)
                    titlesByTerm.append([])
                }
                for (trade, weight) in title.trades {
                    counts[row][Int32(trade), default: 0] += weight
                    totals[row] += weight
                }
                titlesByTerm[row].append(Int32(number))
            }
            addSound(number, title.core, characters)
        }
        rarity = totals.map { log(1 + Self.titleCount / (1 + $0)) }
        shares = zip(counts, totals).map { row, total in
            row.map { Share(trade: $0.key, share: $0.value / (total + 1)) }.sorted { $0.trade < $1.trade }
        }
        for (row, numbers) in titlesByTerm.enumerated() {
            for number in numbers { titles[Int(number)].mass += rarity[row] }
        }
    }

    private mutating func addSound(_ number: Int, _ core: [UInt16], _ characters: TitleCharacters) {
        let syllables = core.compactMap(characters.sound)
        guard syllables.count == core.count, core.count > 1 else { return }
        let letters = syllables.flatMap { $0 }
        titlesBySound[letters, default: []].append(number)
        sounds.append((number, letters, syllables.compactMap(\.first)))
    }

    private static func terms(_ core: [UInt16]) -> [TitleTerm] { TitleText(core: core).terms }
}
