import Foundation

/// The parts of a run's `report.json` that pages show beside the counts.
struct RunReport: Sendable, Decodable {
    struct Refused: Sendable, Decodable {
        let file: String
        let reason: String
        let field: String
    }

    struct Failure: Sendable, Decodable {
        let indicator: String?
        let fact: String?
        let count: Int
    }

    let refused: [Refused]
    let ignored: [String]
    let failures: [Failure]
    let seconds: [String: Double]

    init?(json: String) {
        guard let report = try? JSONDecoder().decode(RunReport.self, from: Data(json.utf8)) else { return nil }
        self = report
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        refused = try container.decodeIfPresent([Refused].self, forKey: .refused) ?? []
        ignored = try container.decodeIfPresent([String].self, forKey: .ignored) ?? []
        failures = try container.decodeIfPresent([Failure].self, forKey: .failures) ?? []
        seconds = try container.decodeIfPresent([String: Double].self, forKey: .seconds) ?? [:]
    }

    private enum CodingKeys: String, CodingKey {
        case refused
        case ignored
        case failures
        case seconds
    }
}
