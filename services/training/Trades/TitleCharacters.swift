import Foundation

/// What the search by title knows of characters: their plain form and how they sound.
struct TitleCharacters: Sendable {
    /// For each UTF-16 unit its plain form: lower case, half width, simplified; 0 where it only separates.
    private let plain: [UInt16]
    private let sounds: [UInt16: [UInt8]]

    static let openBracket: UInt16 = 0x28
    static let closeBracket: UInt16 = 0x29

    /// Reads characters.tsv: character, syllables with the most usual first, other forms of it.
    init(folder: URL) throws {
        var plain = [UInt16](repeating: 0, count: 1 << 16)
        for unit in UInt16(0x4E00)...0x9FFF { plain[Int(unit)] = unit }
        for range in [0x30...0x39, 0x61...0x7A] {
            for unit in range {
                plain[unit] = UInt16(unit)
                plain[unit + 0xFEE0] = UInt16(unit)
            }
        }
        for letter in 0x41...0x5A {
            plain[letter] = UInt16(letter + 32)
            plain[letter + 0xFEE0] = UInt16(letter + 32)
        }
        for sign in "+#".utf16 { plain[Int(sign)] = sign }
        for sign in "(（[［【〔".utf16 { plain[Int(sign)] = Self.openBracket }
        for sign in ")）]］】〕".utf16 { plain[Int(sign)] = Self.closeBracket }
        var sounds: [UInt16: [UInt8]] = [:]
        try OccupationTable(folder, "characters.tsv").forEach(fields: 3) { fields in
            guard let unit = fields[0].utf16.first, fields[0].utf16.count == 1 else { return false }
            for other in fields[2].utf16 { plain[Int(other)] = unit }
            if let syllable = fields[1].split(separator: " ").first { sounds[unit] = Self.plainSound(syllable.utf8) }
            return true
        }
        self.plain = plain
        self.sounds = sounds
    }

    /// The first `limit` units of a text in plain form.
    func fold(_ text: String, limit: Int) -> [UInt16] { text.utf16.prefix(limit).map { plain[Int($0)] } }

    /// Letters of the usual reading, in which zh = z and ng = n as many people speak; nil for a character that stands
    /// in no table.
    func sound(_ unit: UInt16) -> [UInt8]? { sounds[unit] }

    static func isHan(_ unit: UInt16) -> Bool { unit >= 0x4E00 && unit <= 0x9FFF }

    static func isLetter(_ unit: UInt16) -> Bool { unit >= 0x61 && unit <= 0x7A }

    /// zhuang, zuang → zuan; typed pinyin goes through it too, without regard to where its syllables end.
    static func plainSound(_ letters: some Sequence<UInt8>) -> [UInt8] {
        var sound: [UInt8] = []
        for letter in letters {
            if letter == UInt8(ascii: "h"), let last = sound.last, "zcs".utf8.contains(last) { continue }
            if letter == UInt8(ascii: "g"), sound.last == UInt8(ascii: "n") { continue }
            sound.append(letter)
        }
        return sound
    }
}
