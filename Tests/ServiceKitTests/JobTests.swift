import Foundation
import Logging
import Security
import ServiceLifecycle
import SocialDomain
import Storage
import Synchronization
import TestDatabases
import Testing

@testable import ServiceKit

struct JobTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let clerk = Caller(kind: .person, id: "a1", name: "张伟", scope: .ownMachine)

    private final class Counter: Sendable {
        private let number = Mutex(0)

        @discardableResult
        func change(_ body: (Int) -> Int) -> Int {
            number.withLock { number in
                number = body(number)
                return number
            }
        }
    }

    private struct Sum: Codable {
        let numbers: [Int]
    }

    private static func store(_ engine: Engine) throws -> JobStore {
        let database = try EventSample.database(engine)
        try database.migrate(
            [Migration(number: 1, title: "step", sql: "CREATE TABLE step (number BIGINT NOT NULL)")],
            at: "2026-06-30T08:00:00Z")
        return JobStore(database: database)
    }

    private static func runner(
        _ store: JobStore, _ handlers: [JobHandler], schedules: [JobSchedule] = [], clock: TestClock = TestClock()
    ) -> JobRunner {
        var options = JobOptions()
        options.poll = .milliseconds(20)
        return JobRunner(
            store: store, handlers: handlers, schedules: schedules, options: options, logger: quiet, now: clock.read)
    }

    /// Works until it is told to stop.
    private static let endless = JobHandler("endless") { control -> Int in
        control.report("working", done: 1, total: 2)
        while true {
            try control.checkStopped()
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private static func wait(for state: Job.State, of id: String, in store: JobStore) async throws -> Job {
        while true {
            if let job = try await store.job(id), job.state == state { return job }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test(arguments: TestServer.engines) func `a job gets its parameters and leaves its result`(_ engine: Engine)
        async throws
    {
        let store = try Self.store(engine)
        let adding = JobHandler("add") { control in
            control.report("working", done: 3, total: 3)
            return try control.parameters(as: Sum.self).numbers.reduce(0, +)
        }
        let id = try await store.add(JobRequest("add", parameters: Sum(numbers: [1, 2, 39])), by: Self.clerk)

        #expect(try await Self.runner(store, [adding], clock: TestClock(4_000_000_000)).runAll() == 1)

        let job = try #require(try await store.job(id))
        #expect(job.state == .done && job.result == "42" && job.attempt == 1 && job.requester == "张伟")
        #expect(job.progress == JobProgress(phase: "working", done: 3, total: 3))
    }

    @Test(arguments: TestServer.engines) func `the same job is not queued twice while it is open`(_ engine: Engine)
        async throws
    {
        let store = try Self.store(engine)
        let request = try JobRequest("add", once: .whileOpen("150402"))
        let clock = TestClock()

        let first = try await store.add(request, by: Self.clerk, at: clock.now)
        let second = try await store.add(request, by: Self.clerk, at: clock.now)
        let other = try await store.add(
            JobRequest("add", once: .whileOpen("150403")), by: Self.clerk, at: clock.now)
        try await Self.runner(store, [JobHandler("add") { _ in 1 }], clock: clock).runAll()
        let later = try await store.add(request, by: Self.clerk, at: clock.now)

        #expect(first == second && first != other && first != later)
    }

    @Test(arguments: TestServer.engines) func `a job that fails says why in both languages`(_ engine: Engine)
        async throws
    {
        let store = try Self.store(engine)
        let id = try await store.add(JobRequest("bad"), by: Self.clerk, at: TestClock().now)

        try await Self.runner(store, [JobHandler("bad") { _ -> Int in throw ResendRefusal.notDead }]).runAll()

        let job = try #require(try await store.job(id))
        #expect(job.state == .failed)
        #expect(job.failure?.zh == "没有这样的死信：它可能已经重新发送。")
        #expect(job.failure?.en == "there is no such dead letter: it may have been sent again already")
    }

    @Test(arguments: TestServer.engines) func `a job waits where its database is gone for a moment`(_ engine: Engine)
        async throws
    {
        let store = try Self.store(engine)
        let clock = TestClock()
        let flaky = JobHandler("flaky") { control in
            if control.job.attempt == 1 { throw DatabaseFault.serverGone }
            return control.job.attempt
        }
        let id = try await store.add(JobRequest("flaky"), by: Self.clerk, at: clock.now)
        let runner = Self.runner(store, [flaky], clock: clock)

        #expect(try await runner.runAll() == 1)
        #expect(try await store.job(id)?.state == .queued)
        clock.wait(10)
        #expect(try await runner.runAll() == 1)

        #expect(try await store.job(id)?.result == "2")
    }

    // MARK: - Stopping

    @Test(arguments: TestServer.engines) func `a queued job that is stopped never runs`(_ engine: Engine) async throws {
        let store = try Self.store(engine)
        let clock = TestClock()
        let id = try await store.add(JobRequest("endless"), by: Self.clerk, at: clock.now)

        #expect(try await store.stop(id, by: Self.clerk))
        #expect(try await Self.runner(store, [Self.endless], clock: clock).runAll() == 0)

        #expect(try await store.job(id)?.state == .cancelled)
        #expect(try await store.stop(id, by: Self.clerk) == false)
        let log = try await AuditLog(database: store.database).entries(.init(), within: .ownMachine, limit: 9)
        #expect(log.map(\.action) == ["job.stop"] && log.map(\.name) == ["张伟"])
    }

    @Test(.timeLimit(.minutes(1)), arguments: TestServer.engines)
    func `a running job that is stopped ends soon`(_ engine: Engine) async throws {
        let store = try Self.store(engine)
        let clock = TestClock()
        let id = try await store.add(JobRequest("endless"), by: Self.clerk, at: clock.now)
        let running = Task { try await Self.runner(store, [Self.endless], clock: clock).runAll() }
        _ = try await Self.wait(for: .running, of: id, in: store)

        #expect(try await store.stop(id, by: Self.clerk))

        #expect(try await running.value == 1)
        #expect(try await store.job(id)?.state == .cancelled)
    }

    @Test(.timeLimit(.minutes(1)), arguments: TestServer.engines)
    func `a service that stops gives its job back with its checkpoint, and that is no attempt`(_ engine: Engine)
        async throws
    {
        let store = try Self.store(engine)
        let clock = TestClock()
        let saving = JobHandler("save") { control in
            if let known = try control.checkpoint(as: [Int].self) { return known }
            try await control.save([1, 2])
            control.report("saved")
            while true {
                try control.checkStopped()
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        let id = try await store.add(JobRequest("save"), by: Self.clerk, at: clock.now)
        let group = ServiceGroup(
            services: [Self.runner(store, [saving], clock: clock)], gracefulShutdownSignals: [], logger: Self.quiet)
        let serving = Task { try await group.run() }
        while try await store.job(id)?.progress.phase != "saved" { try await Task.sleep(for: .milliseconds(5)) }

        await group.triggerGracefulShutdown()
        try await serving.value
        let queued = try #require(try await store.job(id))
        try await Self.runner(store, [saving], clock: clock).runAll()

        #expect(queued.state == .queued && queued.attempt == 0 && queued.checkpoint == "[1,2]")
        let job = try #require(try await store.job(id))
        #expect(job.state == .done && job.result == "[1,2]" && job.attempt == 1)
    }

    // MARK: - Several copies

    @Test(.timeLimit(.minutes(1)), arguments: TestServer.engines)
    func `three copies run each job once and never two of a kind at a time`(_ engine: Engine) async throws {
        let store = try Self.store(engine)
        let (inside, most) = (Counter(), Counter())
        let done = Mutex([Int]())
        let counting = JobHandler("count") { control in
            let number = try control.parameters(as: Int.self)
            let now = inside.change { $0 + 1 }
            most.change { max($0, now) }
            try await Task.sleep(for: .milliseconds(3))
            inside.change { $0 - 1 }
            done.withLock { $0.append(number) }
            return number
        }
        let clock = TestClock()
        for number in 0..<30 {
            try await store.add(JobRequest("count", parameters: number), by: .machine, at: clock.now)
        }

        let copies = (0..<3).map { _ in Self.runner(store, [counting], clock: clock) }
        try await withThrowingTaskGroup { group in
            for copy in copies { group.addTask { _ = try await copy.runAll() } }
            try await group.waitForAll()
        }
        try await copies[0].runAll()

        #expect(done.withLock { $0.sorted() } == Array(0..<30))
        #expect(most.change { $0 } == 1)
        #expect(try await store.list(limit: 99).allSatisfy { $0.state == .done && $0.attempt == 1 })
    }

    @Test(arguments: TestServer.engines) func `a runner whose job was taken over can write neither progress nor result`(
        _ engine: Engine
    ) async throws {
        let store = try Self.store(engine)
        let handler = JobHandler("slow") { _ in 1 }
        let id = try await store.add(JobRequest("slow"), by: .machine, at: TestClock().now)
        let now = TestClock().milliseconds
        let first = try #require(try await store.claim(handler, lease: .seconds(30), at: now))
        #expect(try await store.claim(handler, lease: .seconds(30), at: now + 29_999) == nil)

        let second = try #require(try await store.claim(handler, lease: .seconds(30), at: now + 30_000))
        await #expect(throws: JobLost.self) {
            _ = try await store.beat(first, JobProgress(phase: "old"), for: .seconds(30), at: now + 30_001)
        }
        let control = JobControl(first, store: store)
        await #expect(throws: JobLost.self) {
            try await control.save([9]) { db in try db.execute("INSERT INTO step VALUES (9)") }
        }
        let isWritten = try await store.finish(first, as: .done, result: "0", progress: JobProgress(), at: now + 30_002)
        try await store.giveBack(first, counts: true, due: now)

        #expect(!isWritten && control.isCancelled)
        let job = try #require(try await store.job(id))
        #expect(job.state == .running && job.attempt == 2 && job.checkpoint == nil && job.progress.phase.isEmpty)
        #expect(try await store.database.read { db in try db.rows("SELECT number FROM step") }.isEmpty)
        #expect(try await store.finish(second, as: .done, result: "1", progress: JobProgress(), at: now + 30_003))
    }

    @Test(arguments: TestServer.engines) func `a job whose runners die is tried three times`(_ engine: Engine)
        async throws
    {
        let store = try Self.store(engine)
        let handler = JobHandler("deadly") { _ in 1 }
        let id = try await store.add(JobRequest("deadly"), by: .machine, at: TestClock().now)
        var now = TestClock().milliseconds
        for attempt in 1...3 {
            let lease = try await store.claim(handler, lease: .seconds(30), at: now)
            #expect(lease?.job.attempt == attempt)
            now += 30_000
        }

        #expect(try await store.claim(handler, lease: .seconds(30), at: now) == nil)

        let job = try #require(try await store.job(id))
        #expect(job.state == .failed && job.failure == JobStore.abandoned)
    }

    // MARK: - Schedules

    @Test(arguments: TestServer.engines)
    func `two copies ask for the night's job once a day, over the boundary of days`(
        _ engine: Engine
    ) async throws {
        let store = try Self.store(engine)
        // 2026-06-30 01:58 in Beijing; in UTC that is still the 29th.
        let clock = TestClock(1_782_755_880)
        let nightly = JobSchedule(kind: "nightly", .daily(hour: 2, minute: 0))
        let copies = (0..<2).map { _ in
            Self.runner(store, [JobHandler("nightly") { _ in 1 }], schedules: [nightly], clock: clock)
        }
        func slots() async throws -> [String] {
            for copy in copies { try await copy.runAll() }
            return try await store.database.read { db in
                try db.rows("SELECT slot FROM job ORDER BY slot").map { try $0.get("slot") }
            }
        }

        #expect(try await slots() == ["2026-06-28T18:00:00Z"])
        clock.wait(119)
        #expect(try await slots() == ["2026-06-28T18:00:00Z"])
        clock.wait(1)
        #expect(try await slots() == ["2026-06-28T18:00:00Z", "2026-06-29T18:00:00Z"])
        clock.wait(86_399)
        #expect(try await slots().count == 2)
        clock.wait(1)
        #expect(
            try await slots() == ["2026-06-28T18:00:00Z", "2026-06-29T18:00:00Z", "2026-06-30T18:00:00Z"])
    }

    @Test func `a schedule of minutes has a slot a period`() {
        let schedule = JobSchedule(kind: "k", .every(minutes: 15))

        #expect(schedule.slot(at: Date(timeIntervalSince1970: 1_782_806_399)) == "2026-06-30T07:45:00Z")
        #expect(schedule.slot(at: Date(timeIntervalSince1970: 1_782_806_400)) == "2026-06-30T08:00:00Z")
        #expect(schedule.slot(at: Date(timeIntervalSince1970: 1_782_807_299)) == "2026-06-30T08:00:00Z")
    }
}
