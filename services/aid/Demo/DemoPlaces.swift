import SocialDomain

/// The divisions of a demonstration, as the numbers that its files need.
struct DemoPlaces: Sendable {
    struct County: Sendable {
        let code: UInt64
        /// Banners (旗) have more Mongolian households than counties and districts.
        let isBanner: Bool
        let townships: [UInt64]
        let blocks: Range<Int>
    }

    /// Those that the register's households live in, in the order of their codes.
    let counties: [County]
    let countyOfBlock: [UInt16]
    /// Codes of six digits that identity numbers begin with: all counties of today, and those given up.
    let countyCodes: [UInt64]
    let abandonedCodes: [UInt64]

    init(scale: DemoScale, seed: UInt64) {
        let tree = DivisionTree.innerMongolia
        let all = tree.counties.sorted { $0.code < $1.code }
        countyCodes = all.map { Self.number($0.code) }
        abandonedCodes = tree.abandoned.map { Self.number($0.code) }.filter { $0 % 100 != 0 }.sorted()

        let chosen = all.filter { $0.code.prefix.hasPrefix(scale.area) }
        var random = DemoRandom(seed: seed, stream: 1, index: 0)
        let townships = chosen.map { tree.children(of: $0.code).map { Self.number($0.code) } }
        let weights = townships.map { $0.count * 4 + random.below(30) + 10 }
        let total = weights.reduce(0, +)
        var counties: [County] = []
        var countyOfBlock: [UInt16] = []
        var reached = 0
        for (place, county) in chosen.enumerated() {
            reached += weights[place]
            let blocks = countyOfBlock.count..<(scale.blocks * reached / total)
            countyOfBlock += repeatElement(UInt16(place), count: blocks.count)
            counties.append(
                County(
                    code: Self.number(county.code), isBanner: county.name.hasSuffix("旗"), townships: townships[place],
                    blocks: blocks))
        }
        self.counties = counties
        self.countyOfBlock = countyOfBlock
    }

    private static func number(_ code: DivisionCode) -> UInt64 {
        UInt64(code.prefix) ?? 0
    }
}
