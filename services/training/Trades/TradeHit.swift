/// A trade found for a job title.
struct TradeHit: Hashable, Sendable {
    var occupation: Occupation
    /// Higher is better: from 1 on a title was met as a whole, below 0.15 it is a guess. Comparable within one answer.
    var score: Double
    /// Titles of this trade that the query met, the best first, so that a page can say why: 月嫂.
    var words: [String]
}
