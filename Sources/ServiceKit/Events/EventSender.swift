package import CoreMetrics
import CurlHTTP
package import Foundation
package import Logging
import ServiceLifecycle
import Synchronization

/// Sends what stands in the outbox, beside the requests of a service: at least once, each subject's events to each
/// receiver in their order. Several copies of a service share the work.
package final class EventSender: Service {
    private let service: String
    private let outbox: Outbox
    private let transport: EventTransport
    private let options: EventOptions
    private let figures: EventFigures
    private let logger: Logger
    private let now: @Sendable () -> Date
    private let stops = Atomic<Bool>(false)
    private let busy = Atomic<Int>(0)

    /// - Parameter service: the name under which the events are true.
    package init(
        service: String, outbox: Outbox, transport: EventTransport, options: EventOptions = EventOptions(),
        metrics: any MetricsFactory, logger: Logger, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.service = service
        self.outbox = outbox
        self.transport = transport
        self.options = options
        figures = EventFigures(metrics)
        self.logger = logger
        self.now = now
    }

    /// Until the service is to stop; what is on its way then still arrives.
    package func run() async throws {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                var shown: ContinuousClock.Instant?
                while !isEnding {
                    let rings = Outbox.added.rings
                    do {
                        for lane in try await claim(options.lanes - busy.load(ordering: .relaxed)) {
                            busy.add(1, ordering: .relaxed)
                            group.addTask { await self.work(lane) }
                        }
                        if shown.map({ ContinuousClock.now - $0 >= .seconds(1) }) ?? true {
                            figures.show(try await outbox.counts(ofDelivered: false), at: now().unixMilliseconds)
                            shown = .now
                        }
                    } catch {
                        if Task.isCancelled { return }
                        logger.error("Events cannot be sent", metadata: ["error": "\(type(of: error))"])
                    }
                    if isEnding { return }
                    await Outbox.added.wait(beyond: rings, atMost: await pause())
                }
            }
        } onGracefulShutdown: {
            self.stops.store(true, ordering: .relaxed)
            Outbox.added.ring()
        }
    }

    private var isEnding: Bool { stops.load(ordering: .relaxed) || Task.isCancelled }

    private func work(_ lane: EventLane) async {
        do {
            _ = try await send(lane)
        } catch {
            // Its lease runs out, and what arrived is dropped by the receiver when it comes again.
            logger.error("A lane could not be settled", metadata: ["error": "\(type(of: error))"])
        }
        busy.subtract(1, ordering: .relaxed)
        Outbox.added.ring()
    }

    private func claim(_ count: Int) async throws -> [EventLane] {
        let time = now().unixMilliseconds
        guard count > 0, let due = try await outbox.nextDue(at: time), due <= time else { return [] }
        return try await outbox.claim(count, batch: options.batch, lease: options.lease, at: time)
    }

    private func pause() async -> Duration {
        let now = now().unixMilliseconds
        // A lane that ends rings.
        guard busy.load(ordering: .relaxed) < options.lanes, let due = try? await outbox.nextDue(at: now) else {
            return options.poll
        }
        return min(options.poll, .milliseconds(max(10, due - now)))
    }

    /// Sends everything that is due now, for tests and commands; how many deliveries were settled, arrived or dead.
    @discardableResult
    package func sendDue() async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            var (settled, busy) = (0, 0)
            while !isEnding {
                let lanes = try await claim(options.lanes - busy)
                busy += lanes.count
                for lane in lanes { group.addTask { try await self.send(lane) } }
                guard busy > 0, let count = try await group.next() else { break }
                busy -= 1
                settled += count
            }
            while let count = try await group.next() { settled += count }
            return settled
        }
    }

    /// One lane in its order, up to the first event that has to wait.
    private func send(_ lane: EventLane) async throws -> Int {
        var outcome = LaneOutcome()
        var delivered = lane.delivered
        let end = ContinuousClock.now + options.lease / 2
        for item in lane.items where ContinuousClock.now < end && !stops.load(ordering: .relaxed) {
            let verdict = await attempt(item, of: lane, delivered: delivered)
            switch verdict {
            case .delivered:
                outcome.delivered.append(item)
                delivered = max(delivered, item.sequence)
                continue
            case .dead(let reason):
                outcome.dead.append((item, reason))
                logger.error(
                    "An event cannot be delivered",
                    metadata: ["event": "\(item.id)", "receiver": "\(lane.receiver.name)", "reason": "\(reason)"])
                continue
            case .wait(let reason, let after, let counts):
                outcome.waiting = (item, reason, now().unixMilliseconds + after, counts)
            case .rewind(let sequence):
                outcome.rewindsTo = sequence
                logger.warning(
                    "A receiver has lost events; they are sent again", metadata: ["receiver": "\(lane.receiver.name)"])
            }
            break
        }
        try await outbox.settle(lane, outcome, at: now().unixMilliseconds)
        figures.note(delivered: outcome.delivered.count, of: lane.receiver.name)
        return outcome.delivered.count + outcome.dead.count
    }

    private func attempt(_ item: EventLane.Item, of lane: EventLane, delivered: Int64) async -> DeliveryRule.Verdict {
        do {
            let event = try CloudEvent(
                id: item.id, service: service, type: item.type, subject: lane.subject, milliseconds: item.occurredAt,
                sequence: item.sequence, previous: min(delivered, item.sequence - 1), data: item.data)
            let answer = try await transport.send(lane.receiver, event)
            return DeliveryRule.verdict(
                on: answer, for: item, delivered: delivered, options, chance: .random(in: 0...1), now: now())
        } catch {
            let reason = (error as? ClientFault)?.code ?? "not-sent"
            return DeliveryRule.failure(reason, of: item, options, chance: .random(in: 0...1), now: now())
        }
    }
}

/// `events_queued`, `events_dead`, `events_oldest_age_seconds` and, by receiver, `events_delivered_total`.
private struct EventFigures: Sendable {
    private let factory: any MetricsFactory
    private let queued: any MeterHandler
    private let dead: any MeterHandler
    private let age: any MeterHandler

    init(_ factory: any MetricsFactory) {
        self.factory = factory
        queued = factory.makeMeter(label: "events_queued", dimensions: [])
        dead = factory.makeMeter(label: "events_dead", dimensions: [])
        age = factory.makeMeter(label: "events_oldest_age_seconds", dimensions: [])
    }

    func show(_ counts: Outbox.Counts, at now: Int64) {
        queued.set(Int64(counts.queued))
        dead.set(Int64(counts.dead))
        age.set(counts.oldest.map { Double(now - $0) / 1000 } ?? 0)
    }

    func note(delivered count: Int, of receiver: String) {
        guard count > 0 else { return }
        factory.makeCounter(label: "events_delivered", dimensions: [("receiver", receiver)]).increment(by: Int64(count))
    }
}
