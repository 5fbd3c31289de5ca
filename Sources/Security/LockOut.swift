/// Wrong passwords of one account: a wait that doubles after each from the fifth on, up to an hour. Times are seconds
/// since 1970.
package struct LockOut: Hashable, Sendable {
    package private(set) var failures: Int
    package private(set) var lockedUntil: Int64?

    package init(failures: Int = 0, lockedUntil: Int64? = nil) {
        self.failures = failures
        self.lockedUntil = lockedUntil
    }

    package func isLocked(at second: Int64) -> Bool {
        lockedUntil.map { second < $0 } ?? false
    }

    /// An attempt while locked changes nothing, so that nobody keeps another out for ever.
    package mutating func fail(at second: Int64) {
        guard !isLocked(at: second) else { return }
        failures = min(failures + 1, 1000)
        guard failures >= 5 else { return }
        lockedUntil = second + min(3600, Int64(30) << min(failures - 5, 7))
    }

    package mutating func unlock() {
        self = LockOut()
    }
}
