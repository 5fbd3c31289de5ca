import Synchronization

/// How far a run is.
struct MonitoringProgress: Sendable {
    /// `register`, `feeds`, `alerts` or `writing`.
    let phase: String
    let doneBytes: Int
    let totalBytes: Int
}

/// What connects a run with whoever watches it: how far it is, and whether it is to stop.
final class RunControl: Sendable {
    private let done = Atomic<Int>(0)
    private let total: Int
    private let phase = Mutex("register")
    private let progress: @Sendable (MonitoringProgress) -> Void
    private let stops: @Sendable () -> Bool

    init(
        totalBytes: Int = 0, progress: @escaping @Sendable (MonitoringProgress) -> Void = { _ in },
        isStopped: @escaping @Sendable () -> Bool = { false }
    ) {
        total = totalBytes
        self.progress = progress
        stops = isStopped
    }

    var isStopped: Bool { stops() }

    func enter(_ name: String) {
        phase.withLock { $0 = name }
        advance(by: 0)
    }

    func advance(by bytes: Int) {
        let now = done.wrappingAdd(bytes, ordering: .relaxed).newValue
        progress(MonitoringProgress(phase: phase.withLock { $0 }, doneBytes: min(now, total), totalBytes: total))
    }
}
