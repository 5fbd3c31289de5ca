import Foundation
package import SocialDomain

/// Moments in seconds since 1970, and what the clock on the wall says then (UTC+8, without summer time).
package enum BeijingTime {
    private static let offset: Int64 = 8 * 3600
    private static let dayLength: Int64 = 24 * 3600

    package static func seconds(iso8601: String) -> Int64? {
        (try? Date(iso8601, strategy: .iso8601)).map { Int64($0.timeIntervalSince1970) }
    }

    package static func iso8601(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }

    package static func day(_ seconds: Int64) -> CalendarDate {
        let local = seconds + offset
        return CalendarDate(dayNumber: Int32((Double(local) / Double(dayLength)).rounded(.down)))
    }

    /// - Parameter moment: ISO 8601 in UTC.
    package static func day(iso8601 moment: String) -> CalendarDate {
        day(seconds(iso8601: moment) ?? 0)
    }

    /// Minutes since midnight.
    package static func minute(_ seconds: Int64) -> Int {
        let rest = (seconds + offset) % dayLength
        return Int(rest < 0 ? rest + dayLength : rest) / 60
    }

    package static func seconds(_ day: CalendarDate, minute: Int) -> Int64 {
        Int64(day.dayNumber) * dayLength + Int64(minute) * 60 - offset
    }

    /// `09:30`
    package static func clock(_ seconds: Int64) -> String {
        let minute = minute(seconds)
        return "\(minute / 600)\(minute / 60 % 10):\(minute % 60 / 10)\(minute % 10)"
    }
}
