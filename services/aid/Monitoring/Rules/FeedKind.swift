import SocialDomain

/// One department's extract: its columns, its key, and the column that dates a row.
struct FeedKind: Sendable {
    /// What the names of its files start with.
    let name: String
    let title: LocalizedText
    /// In the table's order, in which checks are made and told.
    let fields: [FeedField]
    /// The fields that tell one row from another.
    let key: [Int]
    let dateField: Int?

    /// The field that holds the identity number; every kind has one.
    var idField: Int { fields.firstIndex { $0.type == .idNumber } ?? 0 }

    var nameField: Int? { fields.firstIndex { $0.type == .name } }

    func field(named name: String) -> Int? {
        fields.firstIndex { $0.name == name }
    }
}

/// One column of an extract.
struct FeedField: Sendable {
    let name: String
    /// Other headers that mean this column.
    let aliases: [String]
    let title: LocalizedText
    let type: FeedFieldType
}

enum FeedFieldType: String, CaseIterable, Sendable {
    case idNumber = "id_number"
    case name
    case text
    case date
    case money
    case area
    case level

    /// Whether facts may sum it, or take its max or min.
    var isNumber: Bool { self == .money || self == .area || self == .level }

    /// What `where` sees of it.
    var valueType: ValueType {
        switch self {
        case .idNumber, .name, .text, .date: .text
        case .money, .area: .double
        case .level: .int
        }
    }
}
