/// The bureau's half-year table (赤峰市, person-times) and a county's part of it in whole people.
///
/// The rule: a county gets one of `parts` equal parts of the total, rounded; each split of it, by residence, by domestic
/// service, and of the domestic part by residence, goes by largest remainder, so that every sum is exact.
struct DemoShare: Hashable {
    let urbanDomestic: Int
    let ruralDomestic: Int
    let urbanOther: Int
    let ruralOther: Int

    static let published = (total: 62_500, urban: 34_600, rural: 27_900, domestic: 17_700)

    /// - Parameter tenths: of the published half-year; the half before it was somewhat smaller.
    init(parts: Int, tenths: Int = 10) {
        let whole = Self.published
        let total = (whole.total * tenths * 2 + parts * 10) / (parts * 20)
        let residence = Self.split(total, by: [whole.urban, whole.rural])
        let domestic = Self.split(total, by: [whole.domestic, whole.total - whole.domestic])[0]
        let domesticResidence = Self.split(domestic, by: residence)
        urbanDomestic = domesticResidence[0]
        ruralDomestic = domesticResidence[1]
        urbanOther = residence[0] - domesticResidence[0]
        ruralOther = residence[1] - domesticResidence[1]
    }

    var urban: Int { urbanDomestic + urbanOther }
    var rural: Int { ruralDomestic + ruralOther }
    var domestic: Int { urbanDomestic + ruralDomestic }
    var total: Int { urban + rural }

    /// Whole parts of a number in proportion to weights, by largest remainder; of equal remainders the first wins.
    static func split(_ total: Int, by weights: [Int]) -> [Int] {
        let sum = weights.reduce(0, +)
        guard sum > 0 else { return weights.map { _ in 0 } }
        var parts = weights.map { total * $0 / sum }
        let order = weights.indices.sorted { left, right in
            let (first, second) = (total * weights[left] % sum, total * weights[right] % sum)
            return first == second ? left < right : first > second
        }
        for index in order.prefix(total - parts.reduce(0, +)) { parts[index] += 1 }
        return parts
    }
}
