import Foundation

/// Finds the trades that an everyday job title means: 月嫂, 开挖掘机的, weixiugong.
///
/// Built once when the service starts; a search takes some tenths of a millisecond. docs/trades.md says how it works.
struct TradeSearch: Sendable {
    let classification: OccupationClassification
    let characters: TitleCharacters
    let fillers: TitleFillers
    let index: TitleIndex

    /// Reads the tables of Resources/occupations.
    init(folder: URL) throws {
        try self.init(OccupationClassification(folder: folder), folder: folder)
    }

    /// Aliases left out, and counts, are for measuring.
    init(
        _ classification: OccupationClassification, folder: URL, leavingOut: (String) -> Bool = { _ in false },
        withCounts: Bool = true
    ) throws {
        self.classification = classification
        characters = try TitleCharacters(folder: folder)
        fillers = try TitleFillers(folder: folder)
        index = try TitleIndex(
            classification, folder: folder, characters: characters, fillers: fillers, leavingOut: leavingOut,
            withCounts: withCounts)
    }

    /// The trades for a title, the likeliest first; equal ones by code. A code finds its trade, or a group's trades.
    ///
    /// Empty for a query without Chinese and Latin letters. Of a long query the first 120 characters count.
    func find(_ query: String, limit: Int) -> [TradeHit] {
        guard limit > 0 else { return [] }
        let byCode = find(code: query)
        if !byCode.isEmpty { return Array(byCode.prefix(limit)) }
        let text = TitleText(query, characters, fillers)
        guard !text.runs.isEmpty else { return [] }

        var scores = TradeScores(trades: classification.trades.count)
        addShares(text, &scores)
        addWholeTitles(text, &scores)
        addSounds(text, &scores)
        return scores.best(limit, atLeast: 0.03).map { trade, score in
            TradeHit(
                occupation: classification.trades[trade], score: Double(score),
                words: scores.reasons(trade).map { index.titles[$0].text })
        }
    }

    private func find(code query: String) -> [TradeHit] {
        let text = query.prefix(20).trimmingCharacters(in: .whitespacesAndNewlines)
        guard query.utf8.count <= 40, let code = OccupationCode(text) else { return [] }
        return classification.trades.filter { $0.code == code || $0.code.groups.contains(code) }
            .map { TradeHit(occupation: $0, score: 1, words: [$0.code.description]) }
    }

    /// What the terms tell, each by its rarity, and how alike titles are.
    private func addShares(_ text: TitleText, _ scores: inout TradeScores) {
        let rows = text.terms.compactMap(index.row).sorted()
        let mass = rows.reduce(Float(0)) { $0 + index.rarity[$1] }
        guard mass > 0 else { return }
        var overlap = [Float](repeating: 0, count: index.titles.count)
        for row in rows {
            let part = index.rarity[row] / mass
            for share in index.shares[row] { scores.add(part * share.share, to: Int(share.trade)) }
            for title in index.titlesByTerm[row] { overlap[Int(title)] += index.rarity[row] }
        }
        for (number, common) in overlap.enumerated() where common > 0 {
            let title = index.titles[number]
            let likeness = common * common / (mass * title.mass)
            guard likeness > 0.1 else { continue }
            for (trade, weight) in title.trades {
                scores.offer(.likeness, weight * 0.1 * likeness * likeness, to: trade, because: number)
            }
        }
    }

    /// Titles that stand in the query as a whole: all of it, or the part of it that they cover.
    private func addWholeTitles(_ text: TitleText, _ scores: inout TradeScores) {
        let count = text.runs.reduce(0) { $0 + $1.count }
        let core = text.core
        if let number = index.titlesByCore[TitleTerm.hash(core)], index.titles[number].core == core {
            for (trade, weight) in index.titles[number].trades {
                scores.offer(.whole, weight, to: trade, because: number)
            }
        }
        for run in text.runs where run.count > 1 {
            for start in run.indices {
                for end in (start + 1)...max(start + 1, min(start + index.longest, run.endIndex)) {
                    guard end <= run.endIndex, end - start > 1 else { continue }
                    guard let number = index.titlesByCore[TitleTerm.hash(run[start..<end])],
                        index.titles[number].core.elementsEqual(run[start..<end])
                    else { continue }
                    let cover = Float(end - start) / Float(count) * (end == run.endIndex ? 1 : 0.8)
                    for (trade, weight) in index.titles[number].trades {
                        scores.offer(.part, weight * 0.2 * cover, to: trade, because: number)
                    }
                }
            }
        }
    }

    /// Pinyin, initials, and characters that sound alike.
    private func addSounds(_ text: TitleText, _ scores: inout TradeScores) {
        let core = text.core
        if core.allSatisfy(TitleCharacters.isLetter), core.count > 1 {
            let typed = core.map { UInt8(truncatingIfNeeded: $0) }
            let letters = TitleCharacters.plainSound(typed)
            for sound in index.sounds {
                let strength: Float =
                    if sound.letters == letters {
                        1
                    } else if sound.initials == typed {
                        0.8
                    } else if letters.count > 3, sound.letters.starts(with: letters) {
                        0.6 * Float(letters.count) / Float(sound.letters.count)
                    } else {
                        0
                    }
                guard strength > 0 else { continue }
                for (trade, weight) in index.titles[sound.title].trades {
                    scores.offer(.sound, strength * weight, to: trade, because: sound.title)
                }
            }
        } else {
            let syllables = core.compactMap(characters.sound)
            guard syllables.count == core.count, core.count > 1 else { return }
            for number in index.titlesBySound[syllables.flatMap { $0 }] ?? [] {
                for (trade, weight) in index.titles[number].trades {
                    scores.offer(.sound, 0.5 * weight, to: trade, because: number)
                }
            }
        }
    }
}
