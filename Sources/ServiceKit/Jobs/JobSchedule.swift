package import Foundation

/// When jobs of a kind are asked for by themselves: once a slot, however many copies of a service run. A slot that was
/// missed is made up for, the latest only.
package struct JobSchedule: Hashable, Sendable {
    package enum Rule: Hashable, Sendable {
        /// Every day at this time of Beijing, which all of China keeps (UTC+8, without summer time).
        case daily(hour: Int, minute: Int)
        /// Counted from midnight UTC of 1970-01-01.
        case every(minutes: Int)
    }

    package let kind: String
    package let rule: Rule

    package init(kind: String, _ rule: Rule) {
        self.kind = kind
        self.rule = rule
    }

    /// The slot that a time lies in, by its beginning: `2026-06-29T18:00:00Z`.
    package func slot(at time: Date) -> String {
        let second = Int64(time.timeIntervalSince1970.rounded(.down))
        let start: Int64
        switch rule {
        case .daily(let hour, let minute):
            let offset = Int64(hour * 3600 + minute * 60) - 8 * 3600
            start = Self.floor(second - offset, 86_400) + offset
        case .every(let minutes):
            start = Self.floor(second, Int64(max(1, minutes)) * 60)
        }
        return Date(timeIntervalSince1970: Double(start)).formatted(.iso8601)
    }

    private static func floor(_ number: Int64, _ step: Int64) -> Int64 {
        let rest = number % step
        return number - (rest < 0 ? rest + step : rest)
    }
}
