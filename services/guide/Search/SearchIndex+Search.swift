extension SearchIndex {
    /// A match below this is not an answer, only the nearest there is.
    private static let answer: Float = 0.45

    /// The best items for a query, best first; equal scores by rising id.
    func search(
        _ query: String, filter: SearchFilter = SearchFilter(), limit: Int = 20, explain: Bool = false
    ) -> SearchResult {
        let plan = SearchPlanner.plan(query, in: self)
        let search = RankedSearch(self, plan, filter)
        var result = SearchResult()
        result.hits = search.best.prefix(max(0, limit)).map { place in
            SearchResult.Hit(
                id: place.id, score: place.ranked.score, match: place.ranked.match,
                explanation: explain ? search.explanation(place) : [])
        }
        if let best = result.hits.first { result.quality = best.match >= Self.answer ? .found : .nearest }
        if let corrected = plan.corrected, search.best.first?.ranked.usesCorrection == true {
            result.correctedQuery = String(utf16: corrected)
        }
        return result
    }

    /// Items for a query that is still being typed: its beginning in Chinese, pinyin or initials.
    func suggest(_ prefix: String, limit: Int = 8, filter: SearchFilter = SearchFilter()) -> [SearchSuggestion] {
        let search = RankedSearch(self, SearchPlanner.plan(prefix, in: self, isPrefix: true), filter)
        var names: Set<ArraySlice<UInt16>> = []
        var suggestions: [SearchSuggestion] = []
        for place in search.best where suggestions.count < limit {
            // Two items of one name look alike in a list of names.
            if names.insert(segments[place.segment].name(place.ranked.document)).inserted {
                suggestions.append(.init(id: place.id, score: place.ranked.score))
            }
        }
        return suggestions
    }
}

/// A plan carried out over all segments.
private struct RankedSearch {
    struct Place {
        var segment: Int
        var id: Int64
        var ranked: DocumentRanking.Ranked
        /// What it lost for coming after others of its name.
        var repeated: Float = 0
    }

    /// Beside a good match, one below this part of it is noise.
    private static let leastPart: Float = 0.2

    /// Points for each item of the same name before the last one.
    private static let stepBack: Float = 8

    let rankings: [DocumentRanking]
    private(set) var best: [Place] = []

    init(_ index: SearchIndex, _ plan: SearchPlan, _ filter: SearchFilter) {
        guard !plan.readings.isEmpty else {
            rankings = []
            return
        }
        let (keys, asked, flat) = (filter.termKeys, plan.codes, RankingPlan(plan))
        rankings = index.segments.map { segment in
            DocumentRanking(
                segment: segment, plan: plan, flat: flat, tables: index.tables,
                codes: asked.map(segment.documents(codeLike:)))
        }
        for (number, ranking) in rankings.enumerated() {
            let search = CandidateSearch(
                segment: ranking.segment, removed: index.removed[number], plan: plan, filter: keys,
                codes: ranking.codes)
            for ranked in ranking.ranked(search.candidates()) where ranked.match > 0 {
                best.append(Place(segment: number, id: ranking.segment.ids[ranked.document], ranked: ranked))
            }
        }
        let least = Self.leastPart * (best.map(\.ranked.match).max() ?? 0)
        best.removeAll { $0.ranked.match < least }
        sort()
        spread(index)
    }

    func explanation(_ place: Place) -> [SearchResult.Reason] {
        let reasons = rankings[place.segment].explanation(place.ranked.document)
        return place.repeated == 0
            ? reasons : reasons + [.init(kind: .repeated, term: "", field: nil, points: -place.repeated)]
    }

    private mutating func sort() {
        best.sort { $0.ranked.score != $1.ranked.score ? $0.ranked.score > $1.ranked.score : $0.id < $1.id }
    }

    /// Lets the third and every further item of one name step back, so that a page shows more than one thing.
    private mutating func spread(_ index: SearchIndex) {
        var counts: [UInt32: Int] = [:]
        for place in best.indices {
            let group = index.segments[best[place].segment].groups[best[place].ranked.document]
            let count = counts[group, default: 0]
            counts[group] = count + 1
            best[place].repeated = Self.stepBack * Float(min(10, max(0, count - 1)))
            best[place].ranked.score -= best[place].repeated
        }
        sort()
    }
}
