import CoreMetrics
import CurlHTTP
import Foundation
import HTTPTypes
import Logging
import Security
import Storage
import Synchronization
import TestDatabases

@testable import ServiceKit

/// A clock that stands still until it is moved.
final class TestClock: Sendable {
    private let time: Mutex<Date>

    init(_ second: Double = 1_782_806_400) {
        time = Mutex(Date(timeIntervalSince1970: second))
    }

    var now: Date { time.withLock { $0 } }
    var milliseconds: Int64 { Int64(now.timeIntervalSince1970 * 1000) }

    func wait(_ seconds: Double) {
        time.withLock { $0.addTimeInterval(seconds) }
    }

    var read: @Sendable () -> Date { { self.now } }
}

/// A gateway that sends and an aid that receives, each with a database of its own, and trouble on the way between them.
final class EventSample: Sendable {
    enum Trouble: Sendable {
        case unreachable
        case status(Int, retryAfter: String? = nil)
        /// The receiver takes the event, but the sender never hears of it.
        case answerLost
    }

    static let type = "cn.minsheng.test.happened"

    let clock = TestClock()
    let sending: Database
    let receiving: Database
    let registry = PrometheusRegistry()
    /// What happens to an event on its way; nil where it gets through. Told how often it was tried before.
    let trouble = Mutex<@Sendable (CloudEvent, Int) -> Trouble?>({ _, _ in nil })
    private let tries = Mutex<[String: Int]>([:])

    var outbox: Outbox { Outbox(database: sending) }

    init(_ engine: Engine) async throws {
        sending = try Self.database(engine)
        receiving = try Self.database(engine)
        try receiving.migrate(
            [
                Migration(
                    number: 1, title: "seen",
                    sql: "CREATE TABLE seen (place BIGINT NOT NULL, subject TEXT NOT NULL, number BIGINT NOT NULL)")
            ], at: "2026-06-30T08:00:00Z")
        try await outbox.setReceivers([
            EventReceiver(name: "aid", address: "http://127.0.0.1:1/aid", types: [Self.type])
        ])
    }

    static func database(_ engine: Engine) throws -> Database {
        let database = try Database(TestServer.emptyDatabase(engine))
        try KitMigrations.apply(to: database, at: "2026-06-30T08:00:00Z")
        return database
    }

    struct Body: Codable, Hashable {
        let number: Int
    }

    var inbox: Inbox {
        var inbox = Inbox(database: receiving, now: clock.read)
        inbox.on(Self.type) { event, db in
            let number = try event.data(as: Body.self).number
            try db.execute(
                """
                INSERT INTO seen SELECT COALESCE(max(place), 0) + 1, \(event.subject), \(number) FROM seen
                """)
        }
        return inbox
    }

    static let gateway = Caller(kind: .service, id: "gateway", name: "gateway", scope: .ownMachine)

    func sender(_ options: EventOptions = EventOptions(), transport: EventTransport? = nil) -> EventSender {
        EventSender(
            service: "gateway", outbox: outbox, transport: transport ?? self.transport, options: options,
            metrics: registry, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: clock.read)
    }

    private var transport: EventTransport {
        EventTransport { [self] _, sent in
            let event = try CloudEvent(document: sent.document)
            let before = tries.withLock { tries in
                defer { tries[event.id, default: 0] += 1 }
                return tries[event.id] ?? 0
            }
            let trouble = trouble.withLock { $0 }(event, before)
            switch trouble {
            case .unreachable: throw ClientFault.unreachable(host: "127.0.0.1")
            case .status(let status, let retryAfter): return EventAnswer(status: status, retryAfter: retryAfter)
            case .answerLost, nil: break
            }
            do {
                _ = try await inbox.receive(event, from: Self.gateway)
            } catch let problem as Problem {
                return EventAnswer(status: Int(problem.status.code))
            } catch {
                // What EventIntake answers; it is tested with its route.
                guard let expected = Self.expected(error) else { return EventAnswer(status: 500) }
                return EventAnswer(status: 409, expected: expected)
            }
            if case .answerLost = trouble { throw ClientFault.connectionLost(host: "127.0.0.1") }
            return EventAnswer(status: 200)
        }
    }

    private static func expected(_ error: any Error) -> Int64? {
        (error as? Inbox.OutOfOrder)?.expected
    }

    /// One event, in a transaction of its own.
    func add(_ number: Int, of subject: String) async throws {
        let event = try OutgoingEvent(Self.type, subject: subject, data: Body(number: number))
        let time = clock.now
        try await sending.write { db in try Outbox.add([event], in: db, at: time) }
    }

    /// The numbers that were handled, in their order.
    func seen(_ subject: String) async throws -> [Int] {
        try await receiving.read { db in
            try db.rows("SELECT number FROM seen WHERE subject = \(subject) ORDER BY place").map {
                try $0.get("number")
            }
        }
    }

    /// Moves the clock from one due time to the next until nothing waits or the time is over; the seconds that took.
    @discardableResult
    func run(_ sender: EventSender, upTo seconds: Double = 100_000) async throws -> Double {
        let start = clock.now
        while clock.now.timeIntervalSince(start) < seconds {
            try await sender.sendDue()
            let now = clock.milliseconds
            guard let due = try await outbox.nextDue(at: now) else { break }
            clock.wait(max(0.001, Double(due - now) / 1000))
        }
        return clock.now.timeIntervalSince(start)
    }
}
