/// SplitMix64: the same draws on every machine, and a fresh start for any (seed, stream, index), so that the n-th person
/// or row can be made again without those before it.
struct DemoRandom {
    private var state: UInt64

    init(seed: UInt64, stream: UInt64, index: UInt64) {
        state = Self.mix(seed ^ Self.mix(stream &* 0xD6E8_FEB8_6659_FD93 ^ Self.mix(index)))
    }

    static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func next() -> UInt64 {
        state = state &+ 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0 ..< bound.
    mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// The smaller of two draws: the low numbers come up more often.
    mutating func skewed(_ bound: Int) -> Int {
        min(below(bound), below(bound))
    }

    /// True so many times in ten thousand.
    mutating func chance(_ perTenThousand: Int) -> Bool {
        below(10_000) < perTenThousand
    }

    /// About normal, mean 0, deviation 1: eight uniform numbers of 16 bits added up (Irwin–Hall, variance 8/12).
    mutating func normal() -> Double {
        var sum: UInt64 = 0
        for _ in 0..<2 {
            let draw = next()
            sum += (draw & 0xFFFF) + (draw >> 16 & 0xFFFF) + (draw >> 32 & 0xFFFF) + (draw >> 48)
        }
        return (Double(sum) / 65_536 - 4) * 1.224_744_871_391_589
    }

    /// Log-normal: costs, wages and prices have this shape.
    mutating func logNormal(median: Double, spread: Double) -> Double {
        median * Self.exponential(normal() * spread)
    }

    /// e to the power, by multiplications alone: the C library's `exp` differs in the last bit from one system to another.
    private static func exponential(_ power: Double) -> Double {
        var term = 1.0
        var sum = 1.0
        let small = power / 16
        for step in 1...10 {
            term = term * small / Double(step)
            sum += term
        }
        sum *= sum
        sum *= sum
        sum *= sum
        return sum * sum
    }
}
