import SocialDomain

/// Sums for each division: what is counted under a full code is found again under every prefix of 2, 4, 6 and 9 digits
/// and under the empty one.
struct DivisionCounts {
    private let width: Int
    private var byDivision: [String: [Int]] = [:]

    /// - Parameter width: how many numbers are counted side by side.
    init(width: Int) {
        self.width = width
    }

    mutating func add(_ amount: Int, at index: Int, division: String) {
        byDivision[division, default: [Int](repeating: 0, count: width)][index] += amount
    }

    /// A code that cannot be read counts under the empty prefix only.
    func byPrefix() -> [String: [Int]] {
        var result = ["": [Int](repeating: 0, count: width)]
        for (division, counts) in byDivision {
            let prefixes = DivisionCode(division)?.prefixes.filter { $0.utf8.count <= 9 } ?? []
            for prefix in prefixes + [""] {
                for (index, count) in counts.enumerated() {
                    result[prefix, default: [Int](repeating: 0, count: width)][index] += count
                }
            }
        }
        return result
    }
}
