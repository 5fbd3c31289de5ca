/// One administrative division with its name.
package struct Division: Hashable, Sendable {
    package let code: DivisionCode
    package let name: String

    package init(code: DivisionCode, name: String) {
        self.code = code
        self.name = name
    }

    package var level: DivisionLevel { code.level }
}

/// A code that is no longer given out; identity numbers that begin with it stay valid.
package struct AbandonedDivision: Hashable, Sendable {
    package let code: DivisionCode
    package let name: String
    /// Where its people are counted today; more than one where it was divided.
    package let successors: [DivisionCode]

    package init(code: DivisionCode, name: String, successors: [DivisionCode]) {
        self.code = code
        self.name = name
        self.successors = successors
    }
}

/// The named divisions of a region.
package struct DivisionTree: Sendable {
    /// All divisions by code, so that each stands directly before what lies in it.
    package let all: [Division]
    /// By code.
    package let abandoned: [AbandonedDivision]

    private let places: [DivisionCode: Int]
    private let abandonedPlaces: [DivisionCode: Int]

    package init(_ divisions: [Division], abandoned: [AbandonedDivision] = []) {
        all = divisions.sorted { $0.code < $1.code }
        self.abandoned = abandoned.sorted { $0.code < $1.code }
        places = Dictionary(zip(all.map(\.code), all.indices)) { first, _ in first }
        abandonedPlaces = Dictionary(zip(self.abandoned.map(\.code), self.abandoned.indices)) { first, _ in first }
    }

    package subscript(code: DivisionCode) -> Division? {
        places[code].map { all[$0] }
    }

    package var leagues: [Division] { all.filter { $0.level == .prefecture } }
    package var counties: [Division] { all.filter { $0.level == .county } }
    package var townships: [Division] { all.filter { $0.level == .township } }

    /// The division, if it has a name here, and all that lies in it, by code.
    package func subtree(of code: DivisionCode) -> ArraySlice<Division> {
        let end = code.endOfSubtree
        return all[firstPlace { $0 >= code }..<firstPlace { $0 >= end }]
    }

    /// The divisions directly below, by code.
    package func children(of code: DivisionCode) -> [Division] {
        subtree(of: code).filter { $0.code.parent == code }
    }

    /// The named divisions from the province down to this one; an abandoned code's path is its successor's, as far as its
    /// successors share one. A village without a name ends with its township.
    package func path(of code: DivisionCode) -> [Division] {
        let paths = currentCodes(for: code).map { current in
            current.level.andAbove.compactMap { current.ancestor(at: $0) }.compactMap { self[$0] }
        }
        guard var shared = paths.first else { return [] }
        for path in paths.dropFirst() {
            shared = zip(shared, path).prefix { $0 == $1 }.map(\.0)
        }
        return shared
    }

    /// Where a code's people are counted today: an abandoned county's or prefecture's successors, itself otherwise.
    ///
    /// Of a township of an abandoned county only the county's successor is known.
    package func currentCodes(for code: DivisionCode) -> [DivisionCode] {
        if places[code] != nil { return [code] }
        for level in code.level.andAbove.reversed() {
            guard let ancestor = code.ancestor(at: level) else { continue }
            if let place = abandonedPlaces[ancestor] { return abandoned[place].successors }
            if places[ancestor] != nil { return [code] }
        }
        return [code]
    }

    private func firstPlace(_ isReached: (DivisionCode) -> Bool) -> Int {
        var (low, high) = (0, all.count)
        while low < high {
            let middle = (low + high) / 2
            if isReached(all[middle].code) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// For pages.
extension DivisionTree {
    /// The division's own name, an abandoned one's old name, or the code where neither is known.
    package func name(of code: DivisionCode) -> String {
        if let division = self[code] { return division.name }
        return abandonedPlaces[code].map { abandoned[$0].name } ?? code.text
    }

    /// `赤峰市 红山区 某街道`: the names from the league down, what has no name as its code; the region's own name stands
    /// only by itself. Of a place outside the tree the province is named.
    package func pathName(of code: DivisionCode, separator: String = " ") -> String {
        let path = path(of: code)
        var names = path.count > 1 && path[0].level == .province ? path.dropFirst().map(\.name) : path.map(\.name)
        if path.isEmpty, let province = Province.name(of: code) { names = [province] }
        let isNamed = path.contains { $0.code == code } || currentCodes(for: code) != [code]
        if !isNamed { names.append(code.text) }
        return names.joined(separator: separator)
    }

    /// The same for digits as they were typed or stored; digits that are no code stand for themselves.
    package func pathName(ofDigits digits: some StringProtocol, separator: String = " ") -> String {
        guard let code = DivisionCode(prefix: digits) else { return String(digits) }
        return pathName(of: code, separator: separator)
    }
}

extension DivisionLevel {
    fileprivate var andAbove: [DivisionLevel] { Self.allCases.filter { $0 <= self } }
}

extension DivisionTree {
    /// Reads the two compact texts that `DivisionTree+InnerMongolia.swift` describes; a word that fits nowhere is passed
    /// over (a test counts what was read).
    init(compact: String, abandoned: String) {
        var divisions: [Division] = []
        var county = ""
        var township = 0
        var opened: DivisionCode?
        for word in compact.split(whereSeparator: \.isWhitespace) {
            if let number = Int(word) {
                if word.utf8.count == 3 {
                    township = number
                } else {
                    opened = DivisionCode(prefix: word)
                    county = String(word)
                }
            } else if let code = opened {
                divisions.append(Division(code: code, name: String(word)))
                opened = nil
            } else {
                let digits = String(township)
                let padded = String(repeating: "0", count: 3 - digits.count) + digits
                if let code = DivisionCode(prefix: county + padded) {
                    divisions.append(Division(code: code, name: String(word)))
                }
                township += 1
            }
        }
        let names = Dictionary(divisions.map { ($0.code, $0.name) }) { first, _ in first }
        let gone = abandoned.split(whereSeparator: \.isWhitespace).compactMap { word -> AbandonedDivision? in
            let sides = word.split(separator: ">", maxSplits: 1)
            guard sides.count == 2, let code = DivisionCode(sides[0]) else { return nil }
            let parts = sides[1].split(separator: "=", maxSplits: 1)
            let successors = parts[0].split(separator: ",").compactMap { DivisionCode($0) }
            guard let first = successors.first else { return nil }
            let name = parts.count == 2 ? String(parts[1]) : names[first] ?? code.text
            return AbandonedDivision(code: code, name: name, successors: successors)
        }
        self.init(divisions, abandoned: gone)
    }
}
