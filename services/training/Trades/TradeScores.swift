/// What speaks for each trade while one query is answered.
struct TradeScores {
    /// Ways in which a title can speak for a trade; of each way only the strongest title counts.
    enum Way: Int, CaseIterable {
        case whole
        case part
        case sound
        case likeness
    }

    private var shares: [Float]
    private var strengths: [Float]
    private var titles: [Int32]

    init(trades: Int) {
        shares = Array(repeating: 0, count: trades)
        strengths = Array(repeating: 0, count: trades * Way.allCases.count)
        titles = Array(repeating: -1, count: trades * Way.allCases.count)
    }

    mutating func add(_ share: Float, to trade: Int) { shares[trade] += share }

    mutating func offer(_ way: Way, _ strength: Float, to trade: Int, because title: Int) {
        let place = trade * Way.allCases.count + way.rawValue
        guard strength > strengths[place] else { return }
        strengths[place] = strength
        titles[place] = Int32(title)
    }

    /// The best trades and their scores, the lower number first where two are equal.
    func best(_ limit: Int, atLeast least: Float) -> [(trade: Int, score: Float)] {
        let ways = Way.allCases.count
        let scored = shares.indices.lazy
            .map { trade in
                (trade: trade, score: strengths[trade * ways..<(trade + 1) * ways].reduce(shares[trade], +))
            }
            .filter { $0.score >= least }
            .sorted { ($1.score, $0.trade) < ($0.score, $1.trade) }
        return Array(scored.prefix(limit))
    }

    /// Titles that spoke for a trade, the strongest way first, each once; at most three.
    func reasons(_ trade: Int) -> [Int] {
        let ways = Way.allCases.count
        let places = (trade * ways..<(trade + 1) * ways).filter { titles[$0] >= 0 }
            .sorted { strengths[$0] > strengths[$1] }
        var found: [Int] = []
        for place in places where !found.contains(Int(titles[place])) { found.append(Int(titles[place])) }
        return Array(found.prefix(3))
    }
}
