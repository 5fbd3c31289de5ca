import Foundation
import SocialDomain
import Tabular
import Testing

@testable import AidService

/// People whose identity numbers are right, and made up.
enum Somebody {
    /// Born 1990-01-01.
    static let saRula = "150102199001011230"
    /// Born 1985-06-15.
    static let bayar = "150102198506150020"
    /// Born 2015-03-10.
    static let child = "150102201503100049"
    /// Born 1940-02-29.
    static let old = "150102194002290013"
    /// In no register of these tests.
    static let stranger = "150203197007075553"
    /// Its check character is X.
    static let withX = "15010219880808003X"
}

/// A register, extracts and rules in a folder of their own, to be changed one place at a time.
struct MonitoringCase {
    static let householdsHeader = "household_id,division,settlement,category,income_per_capita,enrolled_on\n"
    static let personsHeader = "person_id,household_id,id_number,name,sex,birth_date,relation\n"

    var households = "H1,150102,urban,dibao,500.00,2024-01-01\n"
    var persons = "P1,H1,\(Somebody.saRula),萨如拉,female,1990-01-01,head\n"
    /// The whole of the register's files, where they are not as usual.
    var householdsFile: [UInt8]?
    var personsFile: [UInt8]?
    private(set) var feeds: [(name: String, bytes: [UInt8])] = []
    /// Lines of the sections of the rules file.
    var parameters: [String] = []
    var facts: [String] = []
    var indicators: [String] = []
    var supportTiers = "{ red: 60, orange: 40, yellow: 15 }"
    var asOf = "2026-06-30"
    var threads = 2

    init() {}

    /// One fact `f`, which an indicator `S01` shows in the alert of every household, and one file where one is named.
    init(_ fact: String, _ file: String? = nil, _ rows: String...) {
        facts = ["f: \(fact)"]
        if let file { addFeed(file, rows.joined(separator: "\n") + "\n") }
        show(["f"])
    }

    mutating func addFeed(_ name: String, _ text: String) {
        feeds.append((name, Array(text.utf8)))
    }

    mutating func addFeed(_ name: String, bytes: [UInt8]) {
        feeds.append((name, bytes))
    }

    /// An indicator that holds for everybody and names the facts.
    mutating func show(_ names: [String], scope: String = "household") {
        addIndicator("S01", scope: scope, when: names.map { "\($0) == \($0)" }.joined(separator: " && "))
    }

    mutating func addIndicator(
        _ id: String, direction: String = "support", scope: String = "household", points: Int = 20, when: String
    ) {
        indicators.append(
            "- { id: \(id), title: { zh: 一, en: One }, direction: \(direction), scope: \(scope), points: \(points), "
                + "when: \"\(when)\" }")
    }

    var rules: String {
        var lines = ["version: \"t\""]
        if !parameters.isEmpty { lines += ["parameters:"] + parameters.map { "  \($0)" } }
        if !facts.isEmpty { lines += ["facts:"] + facts.map { "  \($0)" } }
        lines += ["indicators:"] + indicators.map { "  \($0)" }
        lines += ["tiers:", "  support: \(supportTiers)", "  review: { red: 60, orange: 40, yellow: 20 }"]
        return lines.joined(separator: "\n") + "\n"
    }

    func run(isStopped: @escaping @Sendable () -> Bool = { false }) throws -> MonitoringResult {
        let folder = try TestFolder()
        let files = try write(to: folder)
        let register = try RegisterFiles.load(
            folder: folder.path("registry"), threads: threads, control: RunControl())
        let kinds = try FeedKindCatalogue.shipped()
        let run = MonitoringRun(
            rules: try RuleBook.load(yaml: rules, file: "rules.yaml", kinds: kinds), kinds: kinds,
            asOf: try #require(CalendarDate(iso8601: asOf)), threads: threads)
        let outcome = try run.execute(register: register, feeds: files, isStopped: isStopped)
        try outcome.write(to: folder.path("out"))
        return try MonitoringResult(folder: folder.path("out"), report: outcome.report)
    }

    /// Why the run ends without a result, nil where it does not.
    func failure() throws -> MonitoringFailure? {
        do {
            _ = try run()
            return nil
        } catch let failure as MonitoringFailure {
            return failure
        }
    }

    private func write(to folder: borrowing TestFolder) throws -> [FeedFile] {
        try folder.write(
            householdsFile ?? Array((Self.householdsHeader + households).utf8), to: "registry/households.csv")
        try folder.write(personsFile ?? Array((Self.personsHeader + persons).utf8), to: "registry/persons.csv")
        for feed in feeds { try folder.write(feed.bytes, to: "feeds/\(feed.name)") }
        return feeds.map { FeedFile(name: $0.name, path: folder.path("feeds/\($0.name)")) }
    }
}

/// What a run wrote.
struct MonitoringResult {
    /// The lines of alerts.jsonl.
    let alerts: [String]
    /// The lines of rejects.csv and conflicts.csv below their headers.
    let rejects: [String]
    let conflicts: [String]
    let report: MonitoringReport
    /// report.json without `seconds` and `peakBytes`.
    let reportJSON: NSDictionary
    /// The four files' bytes, the report's without its measures.
    let bytes: [[UInt8]]

    init(folder: String, report: MonitoringReport) throws {
        func read(_ name: String) throws -> [UInt8] {
            [UInt8](try Data(contentsOf: URL(filePath: folder).appending(path: name)))
        }
        func lines(_ name: String) throws -> [String] {
            let parts = try read(name).split(separator: 0x0A, omittingEmptySubsequences: false)
            return parts.dropLast().map { String(decoding: $0, as: UTF8.self) }
        }
        alerts = try lines("alerts.jsonl")
        rejects = Array(try lines("rejects.csv").dropFirst())
        conflicts = Array(try lines("conflicts.csv").dropFirst())
        self.report = report
        reportJSON = try MonitoringResult.withoutMeasures(Data(try read("report.json")))
        bytes = [
            try read("alerts.jsonl"), try read("rejects.csv"), try read("conflicts.csv"),
            report.json(withMeasures: false),
        ]
    }

    static func withoutMeasures(_ json: Data) throws -> NSDictionary {
        var report = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        report["seconds"] = nil
        report["peakBytes"] = nil
        return report as NSDictionary
    }

    /// The facts of the first alert's first signal, as they stand in the line.
    var facts: String? {
        alerts.first.flatMap { line in
            line.firstRange(of: "\"facts\":").flatMap { start in
                line[start.upperBound...].firstIndex(of: "}").map { String(line[start.upperBound...$0]) }
            }
        }
    }

    /// `rows rejected unmatched conflict duplicate matched` of a file.
    func counts(_ file: String) -> [Int]? {
        report.files.first { $0.file == file }.map {
            [
                $0.counts.rows, $0.counts.rejected, $0.counts.unmatched, $0.counts.conflict, $0.counts.duplicate,
                $0.counts.matched,
            ]
        }
    }

    /// Each as `file reason field`.
    var refused: [String] { report.refused.map { "\($0.file) \($0.reason.rawValue) \($0.field)" } }

    /// Each as `file:line reason subject`.
    var problems: [String] { report.registryProblems.map { "\($0.file):\($0.line) \($0.reason) \($0.subject)" } }

    /// Each as `name count subject…`.
    var failures: [String] {
        report.failures.map { failure in
            let name =
                switch failure.expression {
                case .fact(let name): "fact \(name)"
                case .indicator(let id): "indicator \(id)"
                }
            return "\(name) \(failure.count) " + failure.subjects.joined(separator: " ")
        }
    }
}

/// A folder that goes when its last holder does.
struct TestFolder: ~Copyable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "monitoring-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String { url.appending(path: name).path }

    func write(_ bytes: [UInt8], to name: String) throws {
        let place = url.appending(path: name)
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: place)
    }
}

extension String {
    /// The text as GB18030, for the few characters that tests write in it.
    var gb18030: [UInt8] {
        let known: [Character: [UInt8]] = [
            "萨": [0xC8, 0xF8], "如": [0xC8, 0xE7], "拉": [0xC0, 0xAD], "姓": [0xD0, 0xD5], "名": [0xC3, 0xFB],
            "苏": [0xCB, 0xD5], "　": [0xA1, 0xA1], "年": [0xC4, 0xEA], "月": [0xD4, 0xC2], "日": [0xC8, 0xD5],
            "元": [0xD4, 0xAA], "￥": [0xA3, 0xA4], "·": [0xA1, 0xA4],
        ]
        return flatMap { known[$0] ?? Array(String($0).utf8) }
    }
}
