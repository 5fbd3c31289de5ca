import ArgumentParser
import SocialDomain

/// How `serve` offers the remote helper.
struct SessionOptions: ParsableArguments {
    @Option(
        name: .customLong("help-hours"),
        help: "When helpers answer on working days, Beijing time: 09:00-12:00,13:30-17:00.")
    var hours = "09:00-12:00,13:30-17:00"

    @Option(name: .customLong("help-desks"), help: "How many citizens can book the same slot.")
    var helpers = 2

    @Option(name: .customLong("help-slot"), help: "Minutes of a slot.")
    var slotMinutes = 20

    @Option(name: .customLong("help-days"), help: "How many days ahead can be booked.")
    var daysAhead = 14

    @Option(
        name: .customLong("holiday"),
        help: "A day without helpers, 2026-10-01, or with ! before it a weekend day with them; once for each.")
    var holidays: [String] = []

    @Option(
        name: .customLong("keep-days"),
        help: "Days after a session's end on which names, phones, chat and pictures are removed.")
    var keepDays = 30

    @Option(
        name: .customLong("ice-server"),
        help: "A STUN or TURN server for calls: stun:host:3478 or turn:host:3478,user,credential; once for each.")
    var iceServers: [String] = []

    func validate() throws {
        guard HelpSettings.spans(hours) != nil else {
            throw ValidationError("--help-hours are spans such as 09:00-12:00,13:30-17:00, in order")
        }
        guard (1...100).contains(helpers) else { throw ValidationError("--help-desks is 1 to 100") }
        guard (5...240).contains(slotMinutes) else { throw ValidationError("--help-slot is 5 to 240 minutes") }
        guard (1...60).contains(daysAhead) else { throw ValidationError("--help-days is 1 to 60") }
        guard (1...3650).contains(keepDays) else { throw ValidationError("--keep-days is 1 to 3650") }
        for text in holidays where Self.day(text) == nil {
            throw ValidationError("--holiday \(text) is not a day such as 2026-10-01")
        }
        for text in iceServers where Self.iceServer(text) == nil {
            throw ValidationError("--ice-server \(text) is not stun:HOST:PORT or turn:HOST:PORT,USER,CREDENTIAL")
        }
    }

    var settings: HelpSettings {
        var settings = HelpSettings()
        settings.hours = HelpSettings.spans(hours) ?? settings.hours
        settings.helpers = helpers
        settings.slotMinutes = slotMinutes
        settings.daysAhead = daysAhead
        settings.keepDays = keepDays
        settings.holidays = HolidayTable(
            holidays: Set(holidays.filter { !$0.hasPrefix("!") }.compactMap(Self.day)),
            makeUpDays: Set(holidays.filter { $0.hasPrefix("!") }.compactMap(Self.day)))
        settings.iceServers = iceServers.compactMap(Self.iceServer)
        return settings
    }

    private static func day(_ text: String) -> CalendarDate? {
        CalendarDate(iso8601: text.hasPrefix("!") ? text.dropFirst() : text[...])
    }

    /// A credential may hold commas.
    static func iceServer(_ text: String) -> HelpSettings.IceServer? {
        let parts = text.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        let address = parts[0]
        guard let colon = address.firstIndex(of: ":"), address.index(after: colon) < address.endIndex,
            !address.contains(" ")
        else { return nil }
        switch address[..<colon] {
        case "stun", "stuns": return parts.count == 1 ? HelpSettings.IceServer(urls: address) : nil
        case "turn", "turns":
            return parts.count == 3
                ? HelpSettings.IceServer(urls: address, username: parts[1], credential: parts[2]) : nil
        default: return nil
        }
    }
}
