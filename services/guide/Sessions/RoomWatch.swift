import Storage

/// Wakes those who wait for news of a room: at once where the news came through this copy of the service, within a
/// quarter of a second where it came through another, by one query for all rooms.
actor RoomWatch {
    private struct Waiter {
        let known: Int64
        let deadline: ContinuousClock.Instant
        let wake: CheckedContinuation<Void, Never>
    }

    private static let interval = Duration.milliseconds(250)
    private let database: Database
    private var waiters: [HelpSessionID: [Waiter]] = [:]
    private var isPolling = false

    init(database: Database) {
        self.database = database
    }

    /// Returns when the room has more than the known sequence number, or the time is up; sometimes for nothing.
    func wait(for room: HelpSessionID, beyond known: Int64, atMost limit: Duration) async {
        await withCheckedContinuation { wake in
            waiters[room, default: []].append(Waiter(known: known, deadline: .now + limit, wake: wake))
            if !isPolling {
                isPolling = true
                Task { await poll() }
            }
        }
    }

    // MARK: - How many follow

    /// Both sides' windows, and those that a broken connection left behind.
    private static let mostFollowers = 12
    private var followers: [HelpSessionID: Int] = [:]

    /// Whether one more may follow the room here; whoever may leaves in the end.
    func enter(_ room: HelpSessionID) -> Bool {
        guard followers[room, default: 0] < Self.mostFollowers else { return false }
        followers[room, default: 0] += 1
        return true
    }

    func leave(_ room: HelpSessionID) {
        let left = (followers[room] ?? 1) - 1
        followers[room] = left > 0 ? left : nil
    }

    // MARK: - News

    func ring(_ room: HelpSessionID) {
        for waiter in waiters.removeValue(forKey: room) ?? [] { waiter.wake.resume() }
    }

    private func poll() async {
        while !waiters.isEmpty {
            try? await Task.sleep(for: Self.interval)
            let rooms = Array(waiters.keys)
            let database = database
            // A database that does not answer now is asked again.
            let last = try? await database.read { db in try SessionStore.lastSequences(rooms, in: db) }
            let now = ContinuousClock.now
            for room in rooms {
                let (ready, rest) = (waiters[room] ?? []).divided { waiter in
                    waiter.deadline <= now || (last?[room] ?? 0) > waiter.known
                }
                waiters[room] = rest.isEmpty ? nil : rest
                for waiter in ready { waiter.wake.resume() }
            }
        }
        isPolling = false
    }
}

extension Array {
    fileprivate func divided(_ isFirst: (Element) -> Bool) -> (first: [Element], rest: [Element]) {
        (filter(isFirst), filter { !isFirst($0) })
    }
}
