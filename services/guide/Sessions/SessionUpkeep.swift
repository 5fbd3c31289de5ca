import Logging
import ServiceKit
import Storage

/// What a running service does to sessions by itself: ends those that lapsed, forgets signals, removes what was kept long
/// enough. Every copy may do it; what is done already is found done.
struct SessionUpkeep: Sendable {
    let desk: HelpDesk
    private static let interval = Duration.seconds(30)

    /// Until the task is cancelled.
    func follow(_ logger: Logger) async {
        while !Task.isCancelled {
            do {
                let done = try await once()
                if done.ended > 0 || done.removed > 0 {
                    logger.info(
                        "sessions were looked after",
                        metadata: ["ended": "\(done.ended)", "removed": "\(done.removed)"])
                }
            } catch {
                // A database that does not answer now is asked again.
                logger.error("sessions could not be looked after", metadata: ["error": "\(type(of: error))"])
            }
            try? await Task.sleep(for: Self.interval)
        }
    }

    func once() async throws -> (ended: Int, removed: Int) {
        let time = desk.clock()
        return try await desk.database.write { [desk] db in
            let ended = try SessionRetention.endLapsed(at: time, desk.settings, store: desk.store, in: db)
            try SessionStore.forgetSignals(before: time, in: db)
            let last = time - Int64(desk.settings.keepDays) * 86400
            return (ended, try SessionRetention.remove(endedBefore: last, at: time, in: db))
        }
    }
}
