import Foundation
import SocialDomain
import Testing

@testable import AidService

@Suite struct DemoRunTests {
    @Test func `the shipped rules load and hold the bureau's indicators`() throws {
        let rules = try Self.shippedRules()

        #expect(rules.version == "2026.1")
        #expect(
            rules.indicators.map(\.id) == [
                "R01", "R02", "R03", "R04", "R05", "S01", "S02", "S03", "S04", "S05", "S06", "S07", "S08", "S09",
                "S10", "S11",
            ])
    }

    @Test func `a dirty county holds rows for every reason of rejection and conflict`() throws {
        let folder = try DemoFolder.dirty.get()

        let (report, out) = try Self.run(folder)

        let rejects = Set(try out.rows("rejects.csv").map { $0[$0.count - 2] })
        #expect(rejects == ["bad_amount", "bad_date", "bad_id", "bad_level", "columns", "missing", "syntax"])
        #expect(Set(try out.rows("conflicts.csv").map { $0[3] }) == ["name", "duplicate_id"])
        #expect(report.refused.map(\.file) == ["deaths-2024-noid.csv", "medical-0-nokey.csv"])
        #expect(report.ignored == ["readme.txt", "yibao-2026.csv"])
        #expect(report.households == 7400)
        #expect(report.persons == 10_500)
        let problems = Set(report.registryProblems.map { "\($0.reason)" })
        #expect(problems.count >= 6)
    }

    @Test func `a clean county has no rejects and no register problems`() throws {
        let folder = try DemoFolder.clean.get()

        let (report, out) = try Self.run(folder)

        #expect(try out.rows("rejects.csv").isEmpty)
        #expect(report.registryProblems.isEmpty)
        #expect(report.failures.isEmpty)
        #expect(report.files.map(\.counts.rows).reduce(0, +) == 70_000)
    }

    @Test func `about a quarter of the rows match, and a few in a hundred households are red`() throws {
        let folder = try DemoFolder.clean.get()

        let (report, _) = try Self.run(folder)

        let matched = report.files.map(\.counts.matched).reduce(0, +)
        #expect((14_000...21_000).contains(matched))
        #expect((50...250).contains(report.alerts[.support]?[.red] ?? 0))
        #expect((20...150).contains(report.alerts[.review]?[.red] ?? 0))
        #expect((1500...3000).contains(report.alerts[.support]?[.yellow] ?? 0))
    }

    private static func shippedRules() throws -> RuleBook {
        let file = "\(DemoCommand.resources)/rules.yaml"
        return try RuleBook.load(
            yaml: String(contentsOfFile: file, encoding: .utf8), file: "rules.yaml", kinds: .shipped())
    }

    /// Runs the shipped rules over a demonstration; the result's files lie in the folder that comes with the report.
    private static func run(_ folder: DemoFolder) throws -> (MonitoringReport, DemoFolder) {
        let out = DemoFolder()
        let asOf = try #require(CalendarDate(year: 2026, month: 6, day: 30))
        let run = MonitoringRun(rules: try shippedRules(), kinds: try .shipped(), asOf: asOf, threads: 2)
        let register = try RegisterFiles.load(folder: folder.path + "/registry", threads: 2, control: RunControl())
        let outcome = try run.execute(register: register, feeds: FeedFile.list(folder.path + "/feeds"))
        try outcome.write(to: out.path)
        return (outcome.report, out)
    }
}
