/// A piece of a title as one number: up to three characters, or the hash of a Latin word.
struct TitleTerm: Hashable, Sendable {
    private let packed: UInt64

    /// `endsRun`: the piece stands at the end of a run of Chinese, where a Chinese title says what kind of work it is.
    init(_ units: some Collection<UInt16>, endsRun: Bool = false) {
        var packed: UInt64 = endsRun ? 1 << 48 : 0
        for (place, unit) in units.prefix(3).enumerated() { packed |= UInt64(unit) << UInt64(16 * place) }
        self.packed = packed
    }

    init(word: some Sequence<UInt16>) { packed = TitleTerm.hash(word) | 1 << 63 }

    /// As counts.tsv writes it: 司机$ ends a run.
    init(written text: Substring) {
        let units = Array(text.utf16)
        if units.count > 1, units.last == 0x24 {
            self.init(units.dropLast(), endsRun: true)
        } else if let first = units.first, TitleCharacters.isHan(first) {
            self.init(units)
        } else {
            self.init(word: units)
        }
    }

    /// FNV-1a, 64 bits.
    static func hash(_ units: some Sequence<UInt16>) -> UInt64 {
        units.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
