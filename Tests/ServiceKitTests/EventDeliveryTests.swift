import Foundation
import Logging
import Storage
import Synchronization
import TestDatabases
import Testing

@testable import ServiceKit

struct EventDeliveryTests {
    @Test(arguments: TestServer.engines) func `an event arrives once, with what it says`(_ engine: Engine) async throws
    {
        let sample = try await EventSample(engine)
        try await sample.add(7, of: "a")

        #expect(try await sample.sender().sendDue() == 1)
        #expect(try await sample.sender().sendDue() == 0)

        #expect(try await sample.seen("a") == [7])
        let delivered = try await sample.outbox.list(.delivered, limit: 9)
        #expect(delivered.map(\.attempts) == [1])
        let entry = try #require(try await sample.inbox.list(limit: 9).first)
        #expect(entry.source == "/gateway" && entry.sequence == 1 && entry.type == "cn.minsheng.test.happened")
    }

    @Test(arguments: TestServer.engines) func `a receiver that is down for an hour loses nothing and doubles nothing`(
        _ engine: Engine
    ) async throws {
        let sample = try await EventSample(engine)
        let sender = sample.sender()
        let back = sample.clock.now.addingTimeInterval(3600)
        let clock = sample.clock
        sample.trouble.withLock { $0 = { _, _ in clock.now < back ? .unreachable : nil } }
        for number in 1...20 { try await sample.add(number, of: "s\(number % 4)") }

        let waited = try await sample.run(sender)

        #expect(waited >= 3600 && waited < 3600 + 320)
        #expect(try await sample.seen("s0") == [4, 8, 12, 16, 20])
        #expect(try await sample.seen("s1") == [1, 5, 9, 13, 17])
        #expect(try await sample.seen("s2") == [2, 6, 10, 14, 18])
        #expect(try await sample.seen("s3") == [3, 7, 11, 15, 19])
        #expect(try await sample.outbox.counts().queued == 0)
        // From 1 s doubling to 5 minutes: some twenty tries an hour, not thousands.
        let tries = try await sample.outbox.list(.delivered, limit: 99).map(\.attempts)
        #expect(tries.max() ?? 0 > 12 && tries.max() ?? 0 < 40)
    }

    @Test(arguments: TestServer.engines) func `an event that is answered 500 is sent again`(_ engine: Engine)
        async throws
    {
        let sample = try await EventSample(engine)
        sample.trouble.withLock { $0 = { _, tries in tries < 2 ? .status(500) : nil } }
        try await sample.add(1, of: "a")

        #expect(try await sample.sender().sendDue() == 0)
        #expect(try await sample.outbox.list(.queued, limit: 9).map(\.reason) == ["http-500"])
        let waited = try await sample.run(sample.sender())

        #expect(waited >= 1.5 && waited <= 3.1)
        #expect(try await sample.seen("a") == [1])
    }

    @Test(arguments: TestServer.engines) func `an event whose answer was lost is handled once`(_ engine: Engine)
        async throws
    {
        let sample = try await EventSample(engine)
        sample.trouble.withLock { $0 = { _, tries in tries < 3 ? .answerLost : nil } }
        for number in 1...3 { try await sample.add(number, of: "a") }

        try await sample.run(sample.sender())

        #expect(try await sample.seen("a") == [1, 2, 3])
        #expect(try await sample.outbox.counts().delivered == 3)
    }

    @Test(arguments: TestServer.engines) func `a transaction that is rolled back leaves no event`(_ engine: Engine)
        async throws
    {
        let sample = try await EventSample(engine)
        let event = try OutgoingEvent(EventSample.type, subject: "a", data: EventSample.Body(number: 1))

        await #expect(throws: CancellationError.self) {
            try await sample.sending.write { db in
                try Outbox.add([event], in: db)
                throw CancellationError()
            }
        }
        try await sample.add(2, of: "a")
        try await sample.run(sample.sender())

        #expect(try await sample.seen("a") == [2])
        #expect(try await sample.inbox.list(limit: 9).map(\.sequence) == [1])
    }

    @Test(arguments: TestServer.engines) func `a receiver's Retry-After is honoured`(_ engine: Engine) async throws {
        let sample = try await EventSample(engine)
        sample.trouble.withLock { $0 = { _, tries in tries == 0 ? .status(503, retryAfter: "90") : nil } }
        try await sample.add(1, of: "a")

        let waited = try await sample.run(sample.sender())

        #expect(waited >= 90 && waited < 91)
    }

    @Test func `a Retry-After may be a date, and counts for an hour at most`() {
        let now = Date(timeIntervalSince1970: 1_782_806_400)  // 2026-06-30 08:00:00 GMT
        let item = EventLane.Item(
            id: "e", type: "t", sequence: 1, attempts: 0, triedAt: nil, occurredAt: 0, data: "{}")
        func wait(_ text: String) -> DeliveryRule.Verdict {
            DeliveryRule.verdict(
                on: EventAnswer(status: 503, retryAfter: text), for: item, delivered: 0, EventOptions(), chance: 1,
                now: now)
        }

        #expect(wait("Tue, 30 Jun 2026 08:02:00 GMT") == .wait(reason: "http-503", after: 120_000, counts: true))
        #expect(wait("999999") == .wait(reason: "http-503", after: 3_600_000, counts: true))
        #expect(wait("soon") == .wait(reason: "http-503", after: 1000, counts: true))
    }

    @Test(arguments: TestServer.engines) func `what was claimed by a copy that died is sent when its lease is over`(
        _ engine: Engine
    ) async throws {
        let sample = try await EventSample(engine)
        try await sample.add(1, of: "a")
        let claimed = try await sample.outbox.claim(9, batch: 9, lease: .seconds(60), at: sample.clock.milliseconds)
        #expect(claimed.map(\.subject) == ["a"])

        #expect(try await sample.sender().sendDue() == 0)
        sample.clock.wait(59)
        #expect(try await sample.sender().sendDue() == 0)
        sample.clock.wait(1)
        #expect(try await sample.sender().sendDue() == 1)

        #expect(try await sample.seen("a") == [1])
    }

    @Test(arguments: TestServer.engines) func `a copy whose lease was taken over changes nothing any more`(
        _ engine: Engine
    )
        async throws
    {
        let sample = try await EventSample(engine)
        try await sample.add(1, of: "a")
        let now = sample.clock.milliseconds
        let lane = try #require(try await sample.outbox.claim(9, batch: 9, lease: .zero, at: now).first)
        let later = try #require(try await sample.outbox.claim(9, batch: 9, lease: .seconds(60), at: now).first)

        var outcome = LaneOutcome()
        outcome.dead = lane.items.map { ($0, "http-400") }
        try await sample.outbox.settle(lane, outcome, at: now)

        #expect(later.items.map(\.id) == lane.items.map(\.id))
        #expect(try await sample.outbox.counts().dead == 0)
        #expect(try await sample.outbox.claim(9, batch: 9, lease: .seconds(60), at: now).isEmpty)
    }

    @Test(arguments: TestServer.engines) func `delivered events go after a month, dead ones stay`(_ engine: Engine)
        async throws
    {
        let sample = try await EventSample(engine)
        sample.trouble.withLock { $0 = { event, _ in event.subject == "bad" ? .status(422) : nil } }
        try await sample.add(1, of: "a")
        try await sample.add(2, of: "bad")
        try await sample.run(sample.sender())
        let runner = JobRunner(
            store: JobStore(database: sample.sending),
            handlers: [EventRetention.handler(database: sample.sending, now: sample.clock.read)],
            schedules: [EventRetention.schedule], logger: .init(label: "test"), now: sample.clock.read)

        sample.clock.wait(29 * 86_400)
        try await runner.runAll()
        let kept = try await sample.outbox.counts()
        sample.clock.wait(2 * 86_400)
        try await runner.runAll()
        let left = try await sample.outbox.counts()

        #expect(kept.delivered == 1 && kept.dead == 1)
        #expect(left.delivered == 0 && left.dead == 1)
        let jobs = try await JobStore(database: sample.sending).list(limit: 9)
        #expect(
            jobs.map(\.result) == [
                #"{"delivered":1,"jobs":0,"received":0}"#, #"{"delivered":0,"jobs":0,"received":0}"#,
            ])
    }

    @Test func `the figures tell how much waits and for how long`() async throws {
        let sample = try await EventSample(.sqlite)
        sample.trouble.withLock { $0 = { event, _ in event.subject == "down" ? .unreachable : nil } }
        try await sample.add(1, of: "down")
        try await sample.add(1, of: "a")
        sample.clock.wait(40)
        let running = Task { try await sample.sender().run() }
        while try await sample.outbox.counts().delivered == 0 { try await Task.sleep(for: .milliseconds(5)) }
        while !sample.registry.text().contains("events_queued 1") { try await Task.sleep(for: .milliseconds(5)) }
        running.cancel()

        let text = sample.registry.text()

        #expect(text.contains("events_oldest_age_seconds 40\n"))
        #expect(text.contains("events_dead 0\n"))
        #expect(text.contains("events_delivered_total{receiver=\"aid\"} 1\n"))
    }
}
