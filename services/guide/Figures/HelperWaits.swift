import Security
import SocialDomain
import Storage

/// How long citizens waited for a helper, as the figures' page says it.
struct HelperWaits: Hashable, Sendable {
    /// Those that a helper took.
    let sessions: Int
    /// Those that ended before anybody came.
    let missed: Int
    /// Seconds from asking to being answered: in the middle, and what nine of ten were answered within.
    let median: Int
    let ninetieth: Int

    static func read(_ period: Period, within scope: Scope, in db: Connection) throws -> HelperWaits {
        let condition: SQL =
            "day >= \(period.from.description) AND day <= \(period.to.description) AND \(SQL.within(scope.division, "division"))"
        let waits = try db.rows(
            "SELECT wait_seconds FROM session_event WHERE kind = 'taken' AND wait_seconds IS NOT NULL AND \(condition)"
        ).map { try $0.get("wait_seconds", as: Int.self) }.sorted()
        let missed = try db.first(
            """
            SELECT count(*) AS n FROM session_event e WHERE kind = 'ended' AND \(condition) AND NOT EXISTS (
                SELECT 1 FROM session_event t WHERE t.session_id = e.session_id AND t.kind = 'taken')
            """)?.get("n", as: Int.self)
        return HelperWaits(
            sessions: waits.count, missed: missed ?? 0, median: rank(waits, 50), ninetieth: rank(waits, 90))
    }

    /// The smallest value that so many in a hundred do not exceed (nearest rank).
    private static func rank(_ sorted: [Int], _ percent: Int) -> Int {
        sorted.isEmpty ? 0 : sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
    }
}
