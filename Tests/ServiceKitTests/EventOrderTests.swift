import Foundation
import Security
import Storage
import Synchronization
import TestDatabases
import Testing

@testable import ServiceKit

struct EventOrderTests {
    @Test(arguments: TestServer.engines) func `an event that fails holds back its own subject and no other`(
        _ engine: Engine
    ) async throws {
        let sample = try await EventSample(engine)
        sample.trouble.withLock {
            $0 = { event, _ in event.subject == "a" && event.sequence == 2 ? .status(503) : nil }
        }
        for number in 1...4 {
            try await sample.add(number, of: "a")
            try await sample.add(number, of: "b")
        }

        try await sample.run(sample.sender(), upTo: 60)
        #expect(try await sample.seen("a") == [1])
        #expect(try await sample.seen("b") == [1, 2, 3, 4])

        sample.trouble.withLock { $0 = { _, _ in nil } }
        try await sample.run(sample.sender())
        #expect(try await sample.seen("a") == [1, 2, 3, 4])
    }

    @Test(arguments: TestServer.engines) func `a lane that waits after a failure goes on waiting when more is added`(
        _ engine: Engine
    ) async throws {
        let sample = try await EventSample(engine)
        sample.trouble.withLock { $0 = { _, _ in .status(503, retryAfter: "60") } }
        try await sample.add(1, of: "a")
        try await sample.sender().sendDue()

        try await sample.add(2, of: "a")

        let due = try await sample.outbox.nextDue(at: sample.clock.milliseconds)
        #expect(due == sample.clock.milliseconds + 60_000)
    }

    @Test(arguments: TestServer.engines) func `two copies that send at once with failures in the middle keep the order`(
        _ engine: Engine
    ) async throws {
        let sample = try await EventSample(engine)
        // Every third first try fails, some of them after the receiver has taken the event.
        sample.trouble.withLock {
            $0 = { event, tries in
                guard tries == 0, event.sequence % 3 == 1 else { return nil }
                return event.sequence % 2 == 0 ? .answerLost : .status(500)
            }
        }
        for number in 1...12 {
            for subject in ["a", "b", "c"] { try await sample.add(number, of: subject) }
        }
        var options = EventOptions()
        options.batch = 2
        let copies = [sample.sender(options), sample.sender(options)]

        for _ in 0..<200 {
            try await withThrowingTaskGroup { group in
                for copy in copies { group.addTask { _ = try await copy.sendDue() } }
                try await group.waitForAll()
            }
            let now = sample.clock.milliseconds
            guard let due = try await sample.outbox.nextDue(at: now) else { break }
            sample.clock.wait(Double(max(1, due - now)) / 1000)
        }

        for subject in ["a", "b", "c"] {
            #expect(try await sample.seen(subject) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
        }
        #expect(try await sample.outbox.counts().delivered == 36)
    }

    @Test(arguments: TestServer.engines) func `a dead letter lets later events pass and can be sent again`(
        _ engine: Engine
    ) async throws {
        let sample = try await EventSample(engine)
        sample.trouble.withLock { $0 = { event, _ in event.sequence == 2 ? .status(422) : nil } }
        for number in 1...3 { try await sample.add(number, of: "a") }
        try await sample.run(sample.sender())
        let dead = try #require(try await sample.outbox.list(.dead, limit: 9).first)
        #expect(dead.sequence == 2 && dead.reason == "http-422" && dead.attempts == 1)
        #expect(try await sample.seen("a") == [1, 3])

        sample.trouble.withLock { $0 = { _, _ in nil } }
        try await sample.outbox.resend(dead.event, by: .machine, at: sample.clock.now)
        try await sample.run(sample.sender())

        #expect(try await sample.seen("a") == [1, 3, 2])
        let log = try await AuditLog(database: sample.sending).entries(.init(), within: .ownMachine, limit: 9)
        #expect(log.map(\.action) == ["event.resend"] && log.map(\.subject) == [dead.event])
        await #expect(throws: ResendRefusal.notDead) { try await sample.outbox.resend(dead.event, by: .machine) }
        try await sample.add(4, of: "a")
        try await sample.run(sample.sender())
        #expect(try await sample.seen("a") == [1, 3, 2, 4])
    }

    @Test(arguments: TestServer.engines) func `an event that fails for a day becomes a dead letter`(_ engine: Engine)
        async throws
    {
        let sample = try await EventSample(engine)
        sample.trouble.withLock { $0 = { _, _ in .unreachable } }
        try await sample.add(1, of: "a")

        let waited = try await sample.run(sample.sender())

        #expect(waited >= 86_400 && waited < 86_400 + 300)
        #expect(try await sample.outbox.list(.dead, limit: 9).map(\.reason) == ["http-unreachable"])
    }

    @Test(arguments: TestServer.engines) func `a receiver restored from a backup is sent what it lost`(_ engine: Engine)
        async throws
    {
        let sample = try await EventSample(engine)
        for number in 1...3 { try await sample.add(number, of: "a") }
        try await sample.run(sample.sender())
        try await sample.receiving.write { db in
            try db.execute("DELETE FROM seen WHERE number > 1")
            try db.execute("DELETE FROM inbox_event WHERE sequence > 1")
            try db.execute("UPDATE inbox_subject SET sequence = 1")
        }

        try await sample.add(4, of: "a")
        try await sample.run(sample.sender())

        #expect(try await sample.seen("a") == [1, 2, 3, 4])
    }

    @Test(arguments: TestServer.engines) func `a receiver that joins late begins with what happens then`(
        _ engine: Engine
    )
        async throws
    {
        let sample = try await EventSample(engine)
        try await sample.outbox.setReceivers([])
        try await sample.add(1, of: "a")
        try await sample.outbox.setReceivers([
            .init(name: "care", address: "http://127.0.0.1:1/care", types: ["other", EventSample.type])
        ])
        try await sample.add(2, of: "a")

        try await sample.run(sample.sender())

        #expect(try await sample.seen("a") == [2])
    }

    @Test(.timeLimit(.minutes(3)), arguments: TestServer.engines)
    func `a thousand events of fifty subjects are handled once each by a receiver with several at a time`(
        _ engine: Engine
    ) async throws {
        let sample = try await EventSample(engine)
        sample.trouble.withLock { $0 = { event, tries in tries == 0 && event.sequence % 7 == 3 ? .answerLost : nil } }
        for round in 1...20 {
            for subject in 0..<50 { try await sample.add(round, of: "s\(subject)") }
        }
        let began = ContinuousClock.now

        try await sample.run(sample.sender())

        print("\(engine): a thousand handled in \(ContinuousClock.now - began)")
        for subject in 0..<50 { #expect(try await sample.seen("s\(subject)") == Array(1...20)) }
        #expect(try await sample.outbox.counts().delivered == 1000)
    }

    @Test(.timeLimit(.minutes(3)), arguments: TestServer.engines)
    func `ten thousand events of a hundred subjects arrive once each and in order`(_ engine: Engine) async throws {
        let sample = try await EventSample(engine)
        let arrived = Mutex<[String: [Int64]]>([:])
        let transport = EventTransport { _, event in
            arrived.withLock { $0[event.subject, default: []].append(event.sequence) }
            return EventAnswer(status: 200)
        }
        let began = ContinuousClock.now
        for round in 0..<100 {
            let events = try (0..<100).map { number in
                try OutgoingEvent(EventSample.type, subject: "s\(number)", data: EventSample.Body(number: round))
            }
            try await sample.sending.write { db in try Outbox.add(events, in: db, at: sample.clock.now) }
        }
        let added = ContinuousClock.now

        let copies = [sample.sender(transport: transport), sample.sender(transport: transport)]
        try await withThrowingTaskGroup { group in
            for copy in copies { group.addTask { _ = try await copy.sendDue() } }
            try await group.waitForAll()
        }
        // A copy may leave while the other has the last lanes.
        try await copies[0].sendDue()

        print("\(engine): added in \(added - began), sent in \(ContinuousClock.now - added)")
        let all = arrived.withLock { $0 }
        #expect(all.count == 100)
        #expect(all.values.allSatisfy { $0 == Array(1...100) })
        #expect(try await sample.outbox.counts() == .init(queued: 0, dead: 0, delivered: 10_000, oldest: nil))
    }
}
