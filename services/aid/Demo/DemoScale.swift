import SocialDomain

/// How much a demonstration holds: the three sizes of the monitoring job.
enum DemoScale: String, CaseIterable, Sendable {
    case county
    case district
    case region

    var households: Int { blocks * householdsInBlock }
    var persons: Int { blocks * personsInBlock }

    /// Rows of all feeds together.
    var rows: Int {
        switch self {
        case .county: 70_000
        case .district: 2_500_000
        case .region: 25_000_000
        }
    }

    /// The part of the region that the people live in; `Self.area` of a county is 巴林右旗, of a district 赤峰市.
    var area: String {
        switch self {
        case .county: "150423"
        case .district: "1504"
        case .region: "15"
        }
    }

    /// Households come in blocks of equal make-up, so that the n-th person's household is found by division.
    var blocks: Int {
        switch self {
        case .county: 100
        case .district: 1000
        case .region: 10_000
        }
    }

    var householdsInBlock: Int { sizesInBlock.reduce(0) { $0 + $1.count } }
    var personsInBlock: Int { sizesInBlock.reduce(0) { $0 + $1.size * $1.count } }

    /// How many households of each size a block has.
    var sizesInBlock: [(size: Int, count: Int)] {
        switch self {
        case .county: [(1, 49), (2, 20), (3, 4), (4, 1)]
        case .district, .region: [(1, 27), (2, 33), (3, 18), (4, 8), (5, 3), (6, 1)]
        }
    }
}
