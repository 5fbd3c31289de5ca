import Foundation
import SocialDomain
import Testing

@testable import AidService

@Suite(.timeLimit(.minutes(1)))
struct RunJobTests {
    private let data: SampleData
    private let database: AidDatabase
    private let day: CalendarDate

    init() throws {
        data = try SampleData()
        database = try data.database()
        day = try #require(CalendarDate(iso8601: "2026-06-30"))
        _ = try ImportRegister(database: database)(folder: try data.writeRegister(), through: .command)
    }

    private func job(_ outcome: SampleOutcome) -> RunJob {
        RunJob(database: database, computation: RunComputation { _ in outcome })
    }

    @Test func `a run records its alerts, evidence, files and figures, and keeps its output`() async throws {
        let job = job(
            SampleOutcome(
                alerts: [
                    SampleOutcome.alert("H1", .support, .red, division: "150502001228"),
                    SampleOutcome.alert("H2", .review, .yellow, division: "150402001002"),
                    SampleOutcome.alert("H2", .support, .red, division: "150402001002"),
                ],
                evidence: [("H1", "[1]"), ("H2", "[2]")],
                files: """
                    {"file":"relief.csv","feed":"relief","rows":9,"rejected":1,"unmatched":2,"conflict":1,"duplicate":1,"matched":4}
                    """))

        let id = try await job.submit(asOf: day)
        let record = try await job.finished(id)

        #expect(record.state == .done)
        #expect(record.asOf == "2026-06-30")
        #expect([record.households, record.persons, record.covered] == [2, 3, 2])
        #expect([record.opened, record.updated, record.cleared, record.reopened, record.unchanged] == [3, 0, 0, 0, 0])
        #expect(try database.evidence() == ["H1|1|[1]", "H2|1|[2]"])
        #expect(try database.lines("SELECT * FROM run_file") == ["1|relief.csv|relief|9|1|2|1|1|4"])
        #expect(
            try database.lines("SELECT division, direction, tier, alerts FROM run_figure ORDER BY 1, 2, 3") == [
                "|review|yellow|1", "|support|red|2", "15|review|yellow|1", "15|support|red|2",
                "1504|review|yellow|1", "1504|support|red|1", "150402|review|yellow|1", "150402|support|red|1",
                "150402001|review|yellow|1", "150402001|support|red|1", "1505|support|red|1", "150502|support|red|1",
                "150502001|support|red|1",
            ])
        #expect(
            try database.lines("SELECT division, households, persons, covered FROM run_population ORDER BY 1") == [
                "|2|3|2", "15|2|3|2", "1504|1|2|2", "150402|1|2|2", "150402001|1|2|2", "1505|1|1|0", "150502|1|1|0",
                "150502001|1|1|0",
            ])
        #expect(
            try data.names(in: data.folder.run(1)) == ["alerts.jsonl", "conflicts.csv", "rejects.csv", "report.json"])
    }

    @Test func `a second run on the same input writes no alert, signal or history`() async throws {
        let job = job(SampleOutcome(alerts: [SampleOutcome.alert("H1", .support, .red, division: "150502001228")]))
        _ = try await job.finished(try await job.submit(asOf: day))
        let tables = ["alert", "alert_signal", "alert_change"]
        let before = try tables.map { try database.lines("SELECT * FROM \($0)") }

        let record = try await job.finished(try await job.submit(asOf: day))

        #expect([record.opened, record.unchanged] == [0, 1])
        #expect(try tables.map { try database.lines("SELECT * FROM \($0)") } == before)
    }

    @Test func `a run brings the data rows of its extracts into the library`() async throws {
        let library = FeedLibrary(database: database)
        _ = try library.takeIn(file: try data.write("a\n", to: "relief.csv"), through: .command)
        let job = job(
            SampleOutcome(
                files: """
                    {"file":"relief.csv","feed":"relief","rows":1,"rejected":0,"unmatched":1,"conflict":0,"duplicate":0,"matched":0}
                    """))

        _ = try await job.finished(try await job.submit(asOf: day))

        #expect(try library.current().map(\.rows) == [1])
    }

    @Test func `runs are computed one after the other in the order in which they were asked for`() async throws {
        let held = HeldComputation()
        let job = RunJob(database: database, computation: held.computation())
        let first = try await job.submit(asOf: day)
        let second = try await job.submit(asOf: day)
        try await held.waitUntilStarted()

        let states = try RunStore(database: database).list(limit: 5).map(\.state)
        held.open()
        let ends = [try await job.finished(first).state, try await job.finished(second).state]

        #expect(states == [.queued, .running])
        #expect(ends == [.done, .done])
        #expect(held.started == 2)
    }

    @Test func `a stopped run changes no alert and leaves no output`() async throws {
        let held = HeldComputation()
        let outcome = SampleOutcome(alerts: [SampleOutcome.alert("H1", .support, .red, division: "150502001228")])
        let job = RunJob(database: database, computation: held.computation(outcome))
        let id = try await job.submit(asOf: day)
        try await held.waitUntilStarted()

        #expect(await job.stop(id))
        let record = try await job.finished(id)

        #expect(record.state == .stopped)
        #expect(record.failure == "运行已按要求停止，没有改动任何预警。")
        #expect(try database.lines("SELECT count(*) FROM alert") == ["0"])
        #expect(try data.names(in: data.folder.runs).isEmpty)
    }

    @Test func `a queued run that is stopped never starts`() async throws {
        let held = HeldComputation()
        let job = RunJob(database: database, computation: held.computation())
        let first = try await job.submit(asOf: day)
        let second = try await job.submit(asOf: day)
        try await held.waitUntilStarted()

        await job.stop(second)
        held.open()

        #expect(try await job.finished(first).state == .done)
        #expect(try await job.finished(second).state == .stopped)
        #expect(held.started == 1)
    }

    @Test func `a run that fails says why in both languages`() async throws {
        let job = RunJob(
            database: database,
            computation: RunComputation { _ in throw FileFault.missing(path: "relief.csv") })

        let record = try await job.finished(try await job.submit(asOf: day))

        #expect(record.state == .failed)
        #expect(record.failure == "找不到 relief.csv。")
        #expect(record.failureEnglish == "relief.csv does not exist")
    }

    @Test func `without a register a run fails before it computes`() async throws {
        let empty = try SampleData()
        let held = HeldComputation()
        let job = RunJob(database: try empty.database(), computation: held.computation())

        let record = try await job.finished(try await job.submit(asOf: day))

        #expect(record.state == .failed)
        #expect(record.failureEnglish == "no register of low-income households is in yet: import it first")
        #expect(held.started == 0)
    }

    @Test func `at the next start a run that was left running has failed and its output is gone`() async throws {
        try database.insertRun(1, state: "running")
        try data.write("", to: "data/runs/1/alerts.jsonl")
        let job = job(SampleOutcome())

        let failed = try await job.recover(takingUpQueued: true)

        #expect(failed == [1])
        let record = try #require(try RunStore(database: database).run(1))
        #expect(record.state == .failed)
        #expect(record.failure == "运行中途程序意外中断，没有改动任何预警。请重新运行。")
        #expect(try data.names(in: data.folder.runs).isEmpty)
    }

    @Test func `at the next start what was queued is computed`() async throws {
        try database.insertRun(1, state: "queued")
        let job = job(SampleOutcome())

        try await job.recover(takingUpQueued: true)

        #expect(try await job.finished(1).state == .done)
    }

    @Test func `the run of another living process is left alone and waited for`() async throws {
        let held = HeldComputation()
        let other = RunJob(database: try data.database(), computation: held.computation())
        let running = try await other.submit(asOf: day)
        try await held.waitUntilStarted()
        let job = job(SampleOutcome())

        let failed = try await job.recover(takingUpQueued: false)
        let id = try await job.submit(asOf: day)
        let waiting = try RunStore(database: database).run(id)?.state
        held.open()

        #expect(failed.isEmpty)
        #expect(waiting == .queued)
        #expect(try await job.finished(id).state == .done)
        #expect(try await other.finished(running).state == .done)
    }

    @Test func `shutting down stops the run and leaves the queued ones for the next start`() async throws {
        let held = HeldComputation()
        let job = RunJob(database: database, computation: held.computation())
        _ = try await job.submit(asOf: day)
        _ = try await job.submit(asOf: day)
        try await held.waitUntilStarted()

        await job.shutDown()

        #expect(try RunStore(database: database).list(limit: 5).map(\.state) == [.queued, .stopped])
    }

    @Test func `a running run's progress is written down`() async throws {
        let held = HeldComputation()
        let computation = held.computation()
        let job = RunJob(
            database: database,
            computation: RunComputation { input in
                input.control.report(MonitoringProgress(phase: "feeds", doneBytes: 5, totalBytes: 10))
                return try computation.outcome(input)
            })
        let id = try await job.submit(asOf: day)

        var record = try RunStore(database: database).run(id)
        while record?.phase != "feeds" {
            try await Task.sleep(for: .milliseconds(20))
            record = try RunStore(database: database).run(id)
        }
        held.open()

        #expect([record?.doneUnits, record?.totalUnits] == [5, 10])
        #expect(try await job.finished(id).phase == "")
    }
}
