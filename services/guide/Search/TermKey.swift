/// The 64-bit key of an indexed term: its kind in the upper four bits, its content below.
enum TermKey {
    enum Facet: UInt16 {
        case department
        case kind
        case audience
        case channel
    }

    static func character(_ char: UInt16) -> UInt64 { UInt64(char) }

    static func pair(_ first: UInt16, _ second: UInt16) -> UInt64 {
        1 << 60 | UInt64(first) << 16 | UInt64(second)
    }

    /// A syllable by its sound class, see `CharacterTables`.
    static func syllable(_ sound: UInt16) -> UInt64 { 2 << 60 | UInt64(sound) }

    static func syllablePair(_ first: UInt16, _ second: UInt16) -> UInt64 {
        3 << 60 | UInt64(first) << 16 | UInt64(second)
    }

    /// Three initials in a row; `TermKey.start` stands before a text, 0 where only one or two are asked.
    static func initials(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> UInt64 {
        4 << 60 | UInt64(first) << 16 | UInt64(second) << 8 | UInt64(third)
    }

    /// A word of Latin letters and digits, or a segment of a code.
    static func word(_ letters: some Sequence<UInt16>) -> UInt64 { 5 << 60 | hash(letters) >> 4 }

    static func facet(_ facet: Facet, _ value: String) -> UInt64 {
        6 << 60 | hash([facet.rawValue] + Array(value.utf16)) >> 4
    }

    static let start = UInt8(ascii: "^")

    static func hash(_ units: some Sequence<UInt16>) -> UInt64 {
        var hash = hashStart
        for unit in units { hash = hashing(hash, unit) }
        return hash
    }

    /// FNV-1a over 16-bit units.
    static let hashStart: UInt64 = 0xcbf2_9ce4_8422_2325

    @inline(__always)
    static func hashing(_ hash: UInt64, _ unit: UInt16) -> UInt64 {
        (hash ^ UInt64(unit)) &* 0x0000_0100_0000_01b3
    }
}
