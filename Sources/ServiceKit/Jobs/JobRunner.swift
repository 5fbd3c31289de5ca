package import Foundation
package import Logging
import ServiceLifecycle
import SocialDomain
import Storage
import Synchronization

/// How a runner works. The defaults suit a service.
package struct JobOptions: Hashable, Sendable {
    /// A job whose runner was not heard of for so long is taken over.
    package var lease: Duration = .seconds(30)
    /// How often is looked for jobs that other processes have added, and for those asked to stop.
    package var poll: Duration = .seconds(1)
    /// How long a job waits that was given back because the database was gone.
    package var pause: Duration = .seconds(10)

    package init() {}
}

/// Runs jobs beside the requests of a service: each by one copy at a time, from its last checkpoint where an earlier runner
/// died, and asks for those that are scheduled.
package final class JobRunner: Service {
    private let store: JobStore
    private let handlers: [JobHandler]
    private let schedules: [JobSchedule]
    private let options: JobOptions
    private let logger: Logger
    private let now: @Sendable () -> Date
    private let running = Mutex<[String: JobControl]>([:])
    private let slots = Mutex<[JobSchedule: String]>([:])
    private let stops = Atomic<Bool>(false)

    package init(
        store: JobStore, handlers: [JobHandler], schedules: [JobSchedule] = [], options: JobOptions = JobOptions(),
        logger: Logger, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.store = store
        self.handlers = handlers
        self.schedules = schedules
        self.options = options
        self.logger = logger
        self.now = now
    }

    /// Until the service is to stop; what runs then is told, and goes back into the queue from its last checkpoint.
    package func run() async throws {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                while !stops.load(ordering: .relaxed), !Task.isCancelled {
                    let rings = JobStore.changed.rings
                    do {
                        try await askForScheduled()
                        for lease in try await claim() { group.addTask { await self.run(lease) } }
                    } catch {
                        if Task.isCancelled { break }
                        logger.error("Jobs cannot be taken", metadata: ["error": "\(type(of: error))"])
                    }
                    if stops.load(ordering: .relaxed) { break }
                    await JobStore.changed.wait(beyond: rings, atMost: options.poll)
                }
                shutDown()
            }
        } onGracefulShutdown: {
            self.stops.store(true, ordering: .relaxed)
            self.shutDown()
            JobStore.changed.ring()
        }
    }

    private func shutDown() {
        for control in running.withLock({ Array($0.values) }) { control.end(.shutDown) }
    }

    /// Runs what can be run now to its end; for tests and commands. How many jobs that were.
    @discardableResult
    package func runAll() async throws -> Int {
        var count = 0
        try await askForScheduled()
        while true {
            let leases = try await claim()
            if leases.isEmpty { return count }
            count += leases.count
            await withDiscardingTaskGroup { group in
                for lease in leases { group.addTask { await self.run(lease) } }
            }
        }
    }

    /// Another copy may have done so before: a slot stands once.
    private func askForScheduled() async throws {
        for schedule in schedules {
            let slot = schedule.slot(at: now())
            if slots.withLock({ $0[schedule] }) == slot { continue }
            try await store.add(JobRequest(schedule.kind, once: .slot(slot)), by: .machine, at: now())
            slots.withLock { $0[schedule] = slot }
        }
    }

    private func claim() async throws -> [JobLease] {
        var leases: [JobLease] = []
        guard try await store.hasWork(for: handlers.map(\.kind), at: now().unixMilliseconds) else { return [] }
        for handler in handlers {
            for _ in 0..<handler.atOnce {
                let lease = try await store.claim(handler, lease: options.lease, at: now().unixMilliseconds)
                guard let lease else { break }
                leases.append(lease)
            }
        }
        return leases
    }

    // MARK: - One job

    private func run(_ lease: JobLease) async {
        guard let handler = handlers.first(where: { $0.kind == lease.job.kind }) else { return }
        let control = JobControl(lease, store: store)
        running.withLock { $0[lease.holder] = control }
        defer { _ = running.withLock { $0.removeValue(forKey: lease.holder) } }
        if stops.load(ordering: .relaxed) { control.end(.shutDown) }
        let work = Task { try await handler.work(control) }
        control.onStop { work.cancel() }
        let heart = Task { await beat(control) }
        let result = await withTaskCancellationHandler {
            await work.result
        } onCancel: {
            control.end(.shutDown)
        }
        heart.cancel()
        await heart.value
        do {
            try await end(control, result, handler)
        } catch {
            // Its lease runs out, and the job is taken up again.
            logger.error(
                "A job's end could not be recorded",
                metadata: ["job": "\(lease.job.id)", "error": "\(type(of: error))"])
        }
    }

    private func end(_ control: JobControl, _ result: Result<String, any Error>, _ handler: JobHandler) async throws {
        let (lease, time) = (control.lease, now().unixMilliseconds)
        let isHeld: Bool
        switch result {
        case .success(let value):
            isHeld = try await store.finish(lease, as: .done, result: value, progress: control.progress, at: time)
        case .failure(let error):
            switch control.stop {
            case .asked:
                isHeld = try await store.finish(lease, as: .cancelled, progress: control.progress, at: time)
            case .shutDown:
                return try await store.giveBack(lease, counts: false, due: time)
            case .lost: isHeld = false
            case nil:
                if Self.isPassing(error), lease.job.attempt < handler.attempts {
                    return try await store.giveBack(lease, counts: true, due: time + options.pause.milliseconds)
                }
                logger.error(
                    "A job has failed", metadata: ["job": "\(lease.job.id)", "error": "\(type(of: error))"])
                isHeld = try await store.finish(
                    lease, as: .failed, failure: Self.words(for: error), progress: control.progress, at: time)
            }
        }
        if !isHeld { logger.warning("A job was taken over by another runner", metadata: ["job": "\(lease.job.id)"]) }
    }

    /// Keeps the lease, writes progress, and hears whether the job is to stop.
    private func beat(_ control: JobControl) async {
        var last = ContinuousClock.now
        while !Task.isCancelled {
            let rings = JobStore.changed.rings
            await JobStore.changed.wait(beyond: rings, atMost: min(options.poll, options.lease / 3))
            if Task.isCancelled { return }
            do {
                let isAsked: Bool
                if control.takeNews() || ContinuousClock.now - last >= options.lease / 3 {
                    isAsked = try await store.beat(
                        control.lease, control.progress, for: options.lease, at: now().unixMilliseconds)
                    last = ContinuousClock.now
                } else {
                    isAsked = try await store.isAskedToStop(control.job.id)
                }
                if isAsked { control.end(.asked) }
            } catch is JobLost {
                return control.end(.lost)
            } catch {
                // The database is gone for a moment; the lease may outlive that.
                logger.warning("A job's progress could not be written", metadata: ["job": "\(control.job.id)"])
            }
        }
    }

    private static func isPassing(_ error: any Error) -> Bool {
        guard let fault = error as? DatabaseFault else { return false }
        switch fault {
        case .serverGone, .tooManyConnections, .timedOut, .locked, .conflict: return true
        default: return false
        }
    }

    private static func words(for error: any Error) -> LocalizedText {
        switch error {
        case let fault as any ExplainedFault: fault.explanation
        default:
            LocalizedText(
                zh: "程序内部出错（\(type(of: error))）。", en: "an unexpected error of the program (\(type(of: error)))")
        }
    }
}
