import Foundation
import SocialDomain

@testable import AidService

/// A small rules file, to be changed one place at a time.
enum RulesSample {
    static let lines = [
        "version: \"1\"",
        "parameters:",
        "  standard: { default: 760.0, \"1503\": 905.0 }",
        "facts:",
        "  spent: { feed: medical, sum: self_paid, months: 12 }",
        "  price: { feed: vehicles, max: price }",
        "  worst: { feed: disability, min: level, where: \"category == '肢体'\" }",
        "  children: { count: members, where: \"person.age < 16\" }",
        "indicators:",
        "  - id: S01",
        "    title: { zh: 支出, en: Spending }",
        "    direction: support",
        "    scope: household",
        "    when: spent >= param.standard",
        "    points: 40",
        "  - { id: R01, title: { zh: 车辆, en: Vehicle }, direction: review, scope: person, points: 5, when: \"price != null && price > 1.0\" }",
        "tiers:",
        "  support: { red: 60, orange: 40, yellow: 15 }",
        "  review: { red: 60, orange: 40, yellow: 20 }",
    ]

    static let kinds: Result<FeedKindCatalogue, any Error> = Result { try FeedKindCatalogue.shipped() }

    /// The sample with some of its lines, from 1, replaced.
    static func yaml(_ changes: [Int: String] = [:]) -> String {
        var lines = lines
        for (number, line) in changes { lines[number - 1] = line }
        return lines.joined(separator: "\n") + "\n"
    }

    static func load(_ changes: [Int: String] = [:]) throws -> RuleBook {
        try load(yaml: yaml(changes))
    }

    static func load(yaml: String) throws -> RuleBook {
        try RuleBook.load(yaml: yaml, file: "rules.yaml", kinds: kinds.get())
    }

    static func error(_ changes: [Int: String]) throws -> RuleFileError? {
        try error(yaml: yaml(changes))
    }

    static func error(yaml: String) throws -> RuleFileError? {
        let kinds = try kinds.get()
        do throws(RuleFileError) {
            _ = try RuleBook.load(yaml: yaml, file: "rules.yaml", kinds: kinds)
            return nil
        } catch {
            return error
        }
    }

    /// Each fault as `line:column message`.
    static func faults(_ changes: [Int: String]) throws -> [String] {
        try error(changes)?.faults.map { "\($0.line):\($0.column) \($0.message.en)" } ?? []
    }

    static func repositoryFile(_ path: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}
