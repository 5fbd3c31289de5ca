/// Who comes next, and how long it may take.
enum HelpQueue {
    /// Whoever booked comes first from so many seconds before the slot.
    private static let head: Int64 = 120
    /// Where nothing was measured yet: how long a session takes, in seconds.
    static let usualLength: Int64 = 600

    /// Booked ones whose time has come, by their slots; then everyone by waiting. Who booked and came early waits as if
    /// come at the slot.
    static func ordered(_ waiting: [HelpSession], at now: Int64) -> [HelpSession] {
        func isDue(_ session: HelpSession) -> Bool { session.bookedFor.map { $0 - head <= now } ?? false }
        func key(_ session: HelpSession) -> (Int, Int64, Int64) {
            isDue(session)
                ? (0, session.bookedFor ?? 0, session.ticket)
                : (1, max(session.waitingSince ?? session.askedAt, session.bookedFor ?? 0), session.ticket)
        }
        return waiting.sorted { key($0) < key($1) }
    }

    /// Whole minutes, at least one, from the sessions before it, their usual length and the helpers who answer.
    static func minutes(ahead: Int, usualLength: Int64, helpers: Int) -> Int {
        max(1, Int((Double(ahead) * Double(usualLength) / Double(max(1, helpers)) / 60).rounded(.up)))
    }
}

/// A citizen's place.
struct QueuePlace: Hashable, Sendable, Codable {
    let ahead: Int
    let minutes: Int
}
