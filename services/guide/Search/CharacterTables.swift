import Foundation

/// What search knows of characters: their plain form, their sounds, and which ones look alike.
///
/// Made from the three tables in Resources/search; their README says what they are made from.
struct CharacterTables: Sendable {
    /// For each UTF-16 unit its plain form: lower case, half width, simplified; 0 where it only separates.
    private let plain: [UInt16]
    /// For each UTF-16 unit up to three syllables of ten bits each, the most usual lowest; a syllable is its number + 1.
    private let sounds: [UInt32]
    /// Letters of each syllable, in the order of the table.
    let syllables: [Syllable]
    /// For each syllable the class of syllables that ears and dialects confuse: zh = z, ng = n, l = n.
    let soundClasses: [UInt16]
    /// For each sound class its characters, the most usual reading only.
    let charactersBySound: [[UInt16]]
    private let alike: [UInt16: [UInt16]]
    private let syllableNumbers: [[UInt8]: UInt16]

    /// Reads pinyin.tsv, folding.tsv and lookalikes.txt.
    init(folder: URL) throws {
        self.init(
            pinyin: try String(contentsOf: folder.appending(path: "pinyin.tsv"), encoding: .utf8),
            folding: try String(contentsOf: folder.appending(path: "folding.tsv"), encoding: .utf8),
            lookalikes: try String(contentsOf: folder.appending(path: "lookalikes.txt"), encoding: .utf8))
    }

    init(pinyin: String, folding: String, lookalikes: String) {
        plain = Self.plainForms(folding)

        var sounds = [UInt32](repeating: 0, count: 1 << 16)
        var syllables: [[UInt8]] = []
        var firstReadings: [[UInt16]] = []
        // Column by column, so that the usual readings come before the rarer ones.
        let rows = pinyin.split(separator: "\n").map {
            $0.split(separator: "\t", omittingEmptySubsequences: false)
        }
        for row in rows {
            syllables.append(Array((row.first ?? "").utf8))
            firstReadings.append(row.count > 1 ? Array(row[1].utf16) : [])
        }
        for column in 1...3 {
            for (number, row) in rows.enumerated() where row.count > column {
                for unit in row[column].utf16 {
                    let shift = 10 * UInt32(column - 1)
                    sounds[Int(unit)] |= UInt32(number + 1) << shift
                }
            }
        }
        self.sounds = sounds
        self.syllables = syllables.map(Syllable.init)

        var classNumbers: [[UInt8]: UInt16] = [:]
        var classes: [UInt16] = []
        var characters: [[UInt16]] = []
        for (number, syllable) in syllables.enumerated() {
            let sound = Self.confusable(syllable)
            let known = classNumbers[sound] ?? UInt16(classNumbers.count)
            classNumbers[sound] = known
            classes.append(known)
            if Int(known) == characters.count { characters.append([]) }
            characters[Int(known)] += firstReadings[number]
        }
        soundClasses = classes
        charactersBySound = characters
        syllableNumbers = Dictionary(
            zip(syllables, syllables.indices.map(UInt16.init)), uniquingKeysWith: { first, _ in first })

        var alike: [UInt16: [UInt16]] = [:]
        for line in lookalikes.split(separator: "\n") {
            let members = Array(line.utf16)
            for member in members { alike[member, default: []] += members.filter { $0 != member } }
        }
        self.alike = alike
    }

    @inline(__always)
    func plainForm(_ unit: UInt16) -> UInt16 { plain[Int(unit)] }

    /// The readings' syllable numbers, the most usual first.
    func readings(_ unit: UInt16) -> Readings { Readings(packed: sounds[Int(unit)]) }

    /// The sound class of the usual reading.
    func sound(_ unit: UInt16) -> UInt16? { readings(unit).first.map { soundClasses[Int($0)] } }

    func syllable(_ letters: some Collection<UInt8>) -> UInt16? { syllableNumbers[Array(letters)] }

    func lookalikes(_ unit: UInt16) -> [UInt16] { alike[unit] ?? [] }

    /// Up to seven letters in one word, the first lowest.
    struct Syllable: Sendable {
        private let packed: UInt64

        fileprivate init(_ letters: [UInt8]) {
            var packed = UInt64(letters.count) << 56
            for (place, letter) in letters.prefix(7).enumerated() { packed |= UInt64(letter) << UInt64(8 * place) }
            self.packed = packed
        }

        var count: Int { Int(packed >> 56) }
        var first: UInt8 { self[0] }
        @inline(__always)
        subscript(place: Int) -> UInt8 { UInt8(truncatingIfNeeded: packed >> UInt64(8 * place)) }
    }

    struct Readings: Sequence, IteratorProtocol {
        fileprivate var packed: UInt32

        fileprivate init(packed: UInt32) { self.packed = packed }

        var first: UInt16? { packed == 0 ? nil : UInt16(packed & 1023) - 1 }

        mutating func next() -> UInt16? {
            while packed != 0 {
                let syllable = UInt16(packed & 1023)
                packed >>= 10
                if syllable != 0 { return syllable - 1 }
            }
            return nil
        }
    }

    private static func plainForms(_ folding: String) -> [UInt16] {
        var plain = [UInt16](repeating: 0, count: 1 << 16)
        for han in 0x3400...0x9FFF { plain[han] = UInt16(han) }
        plain[0x3007] = 0x3007
        for letter in UInt16(ascii: "a")...UInt16(ascii: "z") {
            for form in [letter, letter - 32, letter + 0xFEE0, letter - 32 + 0xFEE0] { plain[Int(form)] = letter }
        }
        for digit in UInt16(ascii: "0")...UInt16(ascii: "9") {
            for form in [digit, digit + 0xFEE0] { plain[Int(form)] = digit }
        }
        // A hyphen joins the parts of a code; all other signs separate.
        for hyphen in [0x2D, 0xFF0D, 0x2010, 0x2011, 0x2212] { plain[hyphen] = UInt16(ascii: "-") }
        for line in folding.split(separator: "\n") {
            let parts = line.split(separator: "\t")
            guard parts.count == 2, let form = parts[0].utf16.first else { continue }
            for other in parts[1].utf16 { plain[Int(other)] = form }
        }
        return plain
    }

    /// zhi, zi → zi; ying, yin → yin; lan, nan → nan: what speakers of the south-west mix up.
    private static func confusable(_ syllable: [UInt8]) -> [UInt8] {
        var letters = syllable
        if letters.count > 1, letters[1] == UInt8(ascii: "h") { letters.remove(at: 1) }
        if letters.first == UInt8(ascii: "l") { letters[0] = UInt8(ascii: "n") }
        if letters.suffix(2) == Array("ng".utf8) { letters.removeLast() }
        return letters
    }
}

extension UInt16 {
    fileprivate init(ascii scalar: Unicode.Scalar) { self = UInt16(UInt8(ascii: scalar)) }
}
