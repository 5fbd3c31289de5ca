import Foundation
import SocialDomain
import Testing

@testable import AidService

/// The county's files of Tests/Fixtures/monitoring: every kind of dirt, and what two other engines made of it.
@Suite struct MonitoringCountyTests {
    @Test(arguments: [1, 2, 3])
    func `the county's alerts, rejects and conflicts are the expected bytes`(_ threads: Int) throws {
        let folder = try TestFolder()

        try Self.run(threads: threads, into: folder.path("out")) { $0 }

        for name in ["alerts.jsonl", "rejects.csv", "conflicts.csv"] {
            let written = try Data(contentsOf: URL(filePath: folder.path("out/\(name)")))
            let expected = try Data(contentsOf: Self.fixtures.appending(path: "expected/\(name)"))
            #expect(Self.firstDifference(written, expected) == nil, "\(name)")
        }
    }

    @Test func `the county's report is the expected one but for times and memory`() throws {
        let folder = try TestFolder()

        try Self.run(threads: 2, into: folder.path("out")) { $0 }

        let written = try Data(contentsOf: URL(filePath: folder.path("out/report.json")))
        let expected = try Data(contentsOf: Self.fixtures.appending(path: "expected/report.json"))
        #expect(try MonitoringResult.withoutMeasures(written) == MonitoringResult.withoutMeasures(expected))
    }

    @Test func `the county's bytes do not depend on the order in which the files are handed in`() throws {
        let folder = try TestFolder()

        try Self.run(threads: 3, into: folder.path("out")) { $0.reversed() }

        for name in ["alerts.jsonl", "rejects.csv", "conflicts.csv"] {
            let written = try Data(contentsOf: URL(filePath: folder.path("out/\(name)")))
            let expected = try Data(contentsOf: Self.fixtures.appending(path: "expected/\(name)"))
            #expect(Self.firstDifference(written, expected) == nil, "\(name)")
        }
    }

    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/monitoring")

    private static func run(
        threads: Int, into folder: String, _ order: ([FeedFile]) -> [FeedFile]
    ) throws {
        let kinds = try FeedKindCatalogue.shipped()
        let yaml = try String(contentsOf: fixtures.appending(path: "rules.yaml"), encoding: .utf8)
        let run = MonitoringRun(
            rules: try RuleBook.load(yaml: yaml, file: "rules.yaml", kinds: kinds), kinds: kinds,
            asOf: try #require(CalendarDate(iso8601: "2026-06-30")), threads: threads)
        let register = try RegisterFiles.load(
            folder: fixtures.appending(path: "registry").path, threads: threads, control: RunControl())
        let feeds = order(try FeedFile.list(fixtures.appending(path: "feeds").path))
        try run.execute(register: register, feeds: feeds).write(to: folder)
    }

    /// The first line in which two files differ, as both have it.
    private static func firstDifference(_ left: Data, _ right: Data) -> String? {
        if left == right { return nil }
        let lines = zip(left.split(separator: 0x0A), right.split(separator: 0x0A)).enumerated()
        for (number, (one, other)) in lines where one != other {
            return
                "line \(number + 1): \(String(decoding: one, as: UTF8.self))\n≠ \(String(decoding: other, as: UTF8.self))"
        }
        return "\(left.count) bytes ≠ \(right.count) bytes"
    }
}
