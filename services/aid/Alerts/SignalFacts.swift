/// A fact's value as an alert keeps it.
enum FactValue: Hashable, Sendable {
    case whole(Int)
    case decimal(Double)
    case absent

    var number: Double? {
        switch self {
        case .whole(let number): Double(number)
        case .decimal(let number): number
        case .absent: nil
        }
    }
}

/// The facts of one signal, `{"medicalSelfPaid":42000.5,"reliefRows":0}`, sorted by name.
struct SignalFacts: Sendable {
    let values: [(name: String, value: FactValue)]

    init(_ values: [(name: String, value: FactValue)]) {
        self.values = values.sorted { $0.name < $1.name }
    }

    /// Reads what the engine wrote: names are identifiers, values numbers or null, so commas and colons only part them.
    /// A decimal carries a point, a whole number none.
    init(json: String) {
        let body = json.filter { $0 != "{" && $0 != "}" && $0 != "\"" && !$0.isWhitespace }
        self.init(
            body.split(separator: ",").compactMap { pair in
                let sides = pair.split(separator: ":", maxSplits: 1)
                guard sides.count == 2 else { return nil }
                let name = String(sides[0])
                if sides[1] == "null" { return (name, .absent) }
                if let number = Int(sides[1]) { return (name, .whole(number)) }
                return Double(sides[1]).map { (name, .decimal($0)) }
            })
    }

    subscript(name: String) -> FactValue? { values.first { $0.name == name }?.value }
    var names: [String] { values.map(\.name) }
}
