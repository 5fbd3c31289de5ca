import Foundation

/// The national occupation classification of 2022 (国家职业分类大典), read once when the service starts.
struct OccupationClassification: Sendable {
    /// All entries by code.
    let occupations: [Occupation]
    /// Those that one can learn and work as, by code.
    let trades: [Occupation]
    private let places: [OccupationCode: Int]
    private let parentPlaces: [Int?]

    /// Reads occupations.tsv: code, level, marks, name, definition, aliases.
    init(folder: URL) throws {
        var occupations: [Occupation] = []
        occupations.reserveCapacity(2_100)
        try OccupationTable(folder, "occupations.tsv").forEach(fields: 6) { fields in
            guard let code = OccupationCode(fields[0]), let level = Int(fields[1]).flatMap(Occupation.Level.init),
                !fields[3].isEmpty, occupations.last.map({ $0.code < code }) ?? true
            else { return false }
            occupations.append(
                Occupation(
                    code: code, level: level, name: String(fields[3]), definition: String(fields[4]),
                    aliases: fields[5].split(separator: "|").map(String.init), parents: [],
                    isGreen: fields[2].utf8.contains(UInt8(ascii: "L")),
                    isDigital: fields[2].utf8.contains(UInt8(ascii: "S"))))
            return true
        }
        let places = Dictionary(uniqueKeysWithValues: occupations.indices.map { (occupations[$0].code, $0) })
        // Groups come before what they hold, so a parent's own parents are known already.
        var parentPlaces: [Int?] = []
        for place in occupations.indices {
            let parent = occupations[place].code.groups.lazy.compactMap { places[$0] }.first
            parentPlaces.append(parent)
            if let parent { occupations[place].parents = occupations[parent].parents + [occupations[parent].name] }
        }
        self.occupations = occupations
        self.places = places
        self.parentPlaces = parentPlaces
        trades = occupations.filter { $0.level == .trade }
    }

    subscript(code: OccupationCode) -> Occupation? { places[code].map { occupations[$0] } }

    /// The trade of this code; nil for a group's code, since nobody is trained as a group.
    func trade(_ code: OccupationCode) -> Occupation? { self[code].flatMap { $0.level == .trade ? $0 : nil } }

    /// What stands right below an entry, or the eight major groups below nil.
    func children(of code: OccupationCode?) -> [Occupation] {
        let parent = code.flatMap { places[$0] }
        if code != nil, parent == nil { return [] }
        return occupations.indices.filter { parentPlaces[$0] == parent }.map { occupations[$0] }
    }

    /// The groups above an entry, the widest first.
    func parents(of code: OccupationCode) -> [Occupation] {
        var chain: [Occupation] = []
        var place = places[code].flatMap { parentPlaces[$0] }
        while let here = place {
            chain.append(occupations[here])
            place = parentPlaces[here]
        }
        return chain.reversed()
    }
}
