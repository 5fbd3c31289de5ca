import Synchronization

/// What a run and those who watch it share: how far it is, and whether it is to stop.
final class RunSwitch: Sendable {
    private let stops = Atomic<Bool>(false)
    private let latest = Mutex<(progress: MonitoringProgress, isNew: Bool)>(
        (MonitoringProgress(phase: "", doneBytes: 0, totalBytes: 0), false))

    var isStopped: Bool { stops.load(ordering: .relaxed) }

    func stop() {
        stops.store(true, ordering: .relaxed)
    }

    func checkStopped() throws(RunFailure) {
        if isStopped { throw .stopped }
    }

    func report(_ progress: MonitoringProgress) {
        latest.withLock { $0 = (progress, true) }
    }

    func enter(_ phase: String) {
        report(MonitoringProgress(phase: phase, doneBytes: 0, totalBytes: 0))
    }

    var progress: MonitoringProgress { latest.withLock { $0.progress } }

    /// What was reported since the last time, if anything.
    func takeNews() -> MonitoringProgress? {
        latest.withLock { latest in
            guard latest.isNew else { return nil }
            latest.isNew = false
            return latest.progress
        }
    }
}
