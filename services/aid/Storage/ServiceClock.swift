import Foundation
import SocialDomain

/// The time as the service sees it; tests pass their own.
struct ServiceClock: Sendable {
    let now: @Sendable () -> Date

    static let system = ServiceClock(now: { Date() })

    /// ISO 8601 in UTC, `2026-06-30T08:00:00Z`.
    func timestamp() -> String {
        now().formatted(.iso8601)
    }

    /// The day in Beijing time, which all of China keeps (UTC+8, without summer time).
    func today() -> CalendarDate {
        let seconds = now().timeIntervalSince1970 + 8 * 3600
        return CalendarDate(dayNumber: Int32((seconds / 86_400).rounded(.down)))
    }
}
