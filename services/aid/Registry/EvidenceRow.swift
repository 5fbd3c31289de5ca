import Foundation

/// A matched row behind an alert: where it stands and what it says.
struct EvidenceRow: Sendable, Decodable {
    let person: String
    let feed: String
    let file: String
    let line: Int
    let date: String?
    let key: [String: EvidenceValue]
    let values: [String: EvidenceValue]
    /// The facts that took it in.
    let facts: [String]

    static func list(json: String) -> [EvidenceRow] {
        (try? JSONDecoder().decode([EvidenceRow].self, from: Data(json.utf8))) ?? []
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        person = try container.decodeIfPresent(String.self, forKey: .person) ?? ""
        feed = try container.decode(String.self, forKey: .feed)
        file = try container.decode(String.self, forKey: .file)
        line = try container.decode(Int.self, forKey: .line)
        date = try container.decodeIfPresent(String.self, forKey: .date)
        key = try container.decodeIfPresent([String: EvidenceValue].self, forKey: .key) ?? [:]
        values = try container.decodeIfPresent([String: EvidenceValue].self, forKey: .values) ?? [:]
        facts = try container.decodeIfPresent([String].self, forKey: .facts) ?? []
    }

    private enum CodingKeys: String, CodingKey {
        case person
        case feed
        case file
        case line
        case date
        case key
        case values
        case facts
    }
}

/// A field of such a row, a text or a number.
enum EvidenceValue: Hashable, Sendable, Decodable {
    case text(String)
    case number(Double)
    case absent

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .absent
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }
}
