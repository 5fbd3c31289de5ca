#if canImport(Glibc)
    import Glibc
#endif

/// Held by the one process that computes a run in a data folder; the system lets go of it when the process dies, however
/// it dies.
struct RunLock: ~Copyable {
    private let file: Int32

    /// Nil where another run holds it.
    init?(_ folder: DataFolder) throws(FileFault) {
        file = open(folder.runLock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw FileFault(errno: errno, path: folder.runLock) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            return nil
        }
    }

    deinit {
        close(file)
    }

    /// Waits until the lock is free or the run is told to stop.
    static func wait(for folder: DataFolder, _ control: RunSwitch) throws -> RunLock {
        while true {
            try control.checkStopped()
            if let lock = try RunLock(folder) { return lock }
            usleep(100_000)
        }
    }
}
