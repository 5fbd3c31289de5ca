/// An entry of the national occupation classification of 2022: a trade, or a group that holds trades.
struct Occupation: Hashable, Sendable {
    /// How far down the classification an entry stands.
    enum Level: Int, Sendable {
        /// 大类
        case major = 1
        /// 中类
        case middle = 2
        /// 小类
        case minor = 3
        /// 细类（职业）: what one learns and works as.
        case trade = 4
    }

    var code: OccupationCode
    var level: Level
    var name: String
    /// What the classification says of it; empty for groups.
    var definition: String
    /// Job advertisements' names for it.
    var aliases: [String]
    /// Names of the groups above, the widest first.
    var parents: [String]
    /// Marked L in the classification: green occupation.
    var isGreen: Bool
    /// Marked S in the classification: digital occupation.
    var isDigital: Bool
}
