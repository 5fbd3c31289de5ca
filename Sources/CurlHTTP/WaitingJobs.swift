/// Jobs for one host that wait until another of it is done, in their order: a job needs much less room than a transfer.
struct WaitingJobs {
    /// Transfers of the host that are under way.
    var running = 0
    private var jobs: [UInt64: TransferJob] = [:]
    private var order: [UInt64] = []
    private var next = 0

    var isEmpty: Bool { jobs.isEmpty }
    var earliestEnd: ContinuousClock.Instant? { jobs.values.map(\.end).min() }

    mutating func add(_ job: TransferJob) {
        jobs[job.id] = job
        order.append(job.id)
    }

    mutating func takeFirst() -> TransferJob? {
        while next < order.count {
            let id = order[next]
            next += 1
            if let job = jobs.removeValue(forKey: id) {
                trim()
                return job
            }
        }
        trim()
        return nil
    }

    mutating func remove(_ id: UInt64) -> TransferJob? {
        jobs.removeValue(forKey: id)
    }

    mutating func removeEnded(at now: ContinuousClock.Instant) -> [TransferJob] {
        let ended = jobs.values.filter { $0.end <= now }
        for job in ended { jobs[job.id] = nil }
        return ended
    }

    private mutating func trim() {
        guard next == order.count || next > 1024 else { return }
        order.removeFirst(next)
        next = 0
    }
}
