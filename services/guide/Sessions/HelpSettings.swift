import ServiceKit
import SocialDomain

/// How the remote helper is offered; `serve` reads it from its options.
struct HelpSettings: Hashable, Sendable {
    /// A span of the day in minutes since midnight.
    struct Span: Hashable, Sendable {
        let from: Int
        let to: Int
    }

    /// A STUN or TURN server that pages give to the browser's call.
    struct IceServer: Hashable, Sendable, Codable {
        let urls: String
        var username: String?
        var credential: String?
    }

    /// Of every working day.
    var hours = [Span(from: 9 * 60, to: 12 * 60), Span(from: 13 * 60 + 30, to: 17 * 60)]
    var holidays = HolidayTable()
    /// How many citizens can book the same slot.
    var helpers = 2
    var slotMinutes = 20
    /// How many days ahead can be booked, today included.
    var daysAhead = 14
    /// Who booked may come so early, and counts as not come after so long.
    var earlyMinutes = 15
    var lateMinutes = 15
    /// Who waits and whose page was not heard of for so long has left.
    var absentMinutes = 30
    /// Names, phones, what was said and shown is removed so many days after the end.
    var keepDays = 30
    /// How many may wait in one division.
    var longestQueue = 200
    var iceServers: [IceServer] = []

    /// `09:00-12:00,13:30-17:00`; nil where it is none, or the spans overlap.
    static func spans(_ text: String) -> [Span]? {
        var spans: [Span] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map(minute)
            guard ends.count == 2, let from = ends[0], let to = ends[1], from < to,
                spans.last.map({ $0.to <= from }) ?? true
            else { return nil }
            spans.append(Span(from: from, to: to))
        }
        return spans.isEmpty ? nil : spans
    }

    private static func minute(_ text: Substring) -> Int? {
        let sides = text.split(separator: ":", omittingEmptySubsequences: false)
        guard sides.count == 2, sides.allSatisfy({ $0.utf8.count == 2 }), let hour = Int(sides[0]),
            let minute = Int(sides[1]), (0...24).contains(hour), (0...59).contains(minute), hour * 60 + minute <= 1440
        else { return nil }
        return hour * 60 + minute
    }

    /// `09:00–12:00 13:30–17:00`, for people.
    var hoursText: String {
        let day = CalendarDate(dayNumber: 0)
        return hours.map { span in
            BeijingTime.clock(BeijingTime.seconds(day, minute: span.from)) + "–"
                + BeijingTime.clock(BeijingTime.seconds(day, minute: span.to))
        }.joined(separator: " ")
    }

    func isOpen(at now: Int64) -> Bool {
        let minute = BeijingTime.minute(now)
        return holidays.isWorkingDay(BeijingTime.day(now)) && hours.contains { $0.from <= minute && minute < $0.to }
    }

    /// The slots of a day by their beginnings; a rest shorter than a slot is none.
    func slots(on day: CalendarDate) -> [Int64] {
        guard holidays.isWorkingDay(day) else { return [] }
        return hours.flatMap { span in
            stride(from: span.from, through: span.to - slotMinutes, by: slotMinutes).map {
                BeijingTime.seconds(day, minute: $0)
            }
        }
    }

    /// The working days that can be booked now.
    func days(at now: Int64) -> [CalendarDate] {
        let today = BeijingTime.day(now)
        return (0..<daysAhead).map { today.adding(days: $0) }.filter { day in slots(on: day).contains { $0 > now } }
    }

    func isBookable(_ slot: Int64, at now: Int64) -> Bool {
        guard slot > now, slot < 253_402_300_800 else { return false }
        let day = BeijingTime.day(slot)
        return slot > now && day < BeijingTime.day(now).adding(days: daysAhead) && slots(on: day).contains(slot)
    }
}
