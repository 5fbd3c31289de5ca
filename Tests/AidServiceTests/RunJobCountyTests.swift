import Foundation
import SocialDomain
import Testing

@testable import AidService

@Suite(.timeLimit(.minutes(5)))
struct RunJobCountyTests {
    private static let county = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/monitoring").path

    @Test func `the county through the database gives the county's bytes, and a second run changes nothing`()
        async throws
    {
        let data = try SampleData()
        let database = try data.database()
        try data.write(try data.text(of: Self.county + "/rules.yaml"), to: "data/rules.yaml")
        _ = try ImportRegister(database: database)(folder: Self.county + "/registry", through: .command)
        let library = FeedLibrary(database: database)
        let ofNoKind = ["readme.txt", "shebao-2026.csv"]
        for name in try data.names(in: Self.county + "/feeds") where !ofNoKind.contains(name) {
            _ = try library.takeIn(file: Self.county + "/feeds/" + name, through: .command)
        }
        let job = RunJob(database: database)
        let day = try #require(CalendarDate(iso8601: "2026-06-30"))

        let first = try await job.finished(try await job.submit(asOf: day))
        let second = try await job.finished(try await job.submit(asOf: day))

        #expect([first.opened, first.updated, first.cleared] == [3604, 0, 0])
        #expect([second.opened, second.updated, second.cleared, second.unchanged] == [0, 0, 0, 3604])
        for file in ["alerts.jsonl", "rejects.csv", "conflicts.csv"] {
            let expected = try Data(contentsOf: URL(fileURLWithPath: Self.county + "/expected/" + file))
            let found = try Data(contentsOf: URL(fileURLWithPath: data.folder.run(first.id) + "/" + file))
            #expect(found == expected, "\(file) differs")
        }
        #expect(try database.lines("SELECT count(*) FROM alert_signal") == ["6827"])
        #expect(
            try database.lines("SELECT * FROM run_file WHERE run_id = 1 AND file = 'companies.csv'") == [
                "1|companies.csv|companies|2103|13|2028|0|1|61"
            ])
    }
}
