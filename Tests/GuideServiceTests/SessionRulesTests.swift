import ServiceKit
import SocialDomain
import Testing

@testable import GuideService

/// The rules of a session, its hours and its queue, without a database.
struct SessionRulesTests {
    /// 2026-06-30 10:00 in Beijing, a Tuesday.
    private static let ten: Int64 = 1_782_784_800

    private static func session(
        _ id: String = "a", state: HelpSession.State = .waiting, ticket: Int64 = 1, waitingSince: Int64? = ten,
        bookedFor: Int64? = nil, helper: String? = nil
    ) -> HelpSession {
        HelpSession(
            id: HelpSessionID(id), division: "150402", channel: .video, ticket: ticket, itemCode: nil, itemName: "",
            bookedFor: bookedFor, askedAt: ten, state: state, helper: helper, waitingSince: waitingSince, seenAt: ten,
            lastSequence: 0, isRemoved: false)
    }

    @Test func `a working day has its slots and a weekend none`() throws {
        let settings = HelpSettings(
            hours: [.init(from: 540, to: 600), .init(from: 840, to: 870)], slotMinutes: 20)

        let tuesday = try #require(CalendarDate(iso8601: "2026-06-30"))
        let sunday = try #require(CalendarDate(iso8601: "2026-06-28"))

        #expect(settings.slots(on: tuesday).map(BeijingTime.clock) == ["09:00", "09:20", "09:40", "14:00"])
        #expect(settings.slots(on: sunday).isEmpty)
        #expect(BeijingTime.iso8601(settings.slots(on: tuesday)[0]) == "2026-06-30T01:00:00Z")
    }

    @Test func `a holiday closes a Tuesday and a make-up day opens a Sunday`() throws {
        let tuesday = try #require(CalendarDate(iso8601: "2026-06-30"))
        let sunday = try #require(CalendarDate(iso8601: "2026-06-28"))
        var settings = HelpSettings()
        settings.holidays = HolidayTable(holidays: [tuesday], makeUpDays: [sunday])

        #expect(settings.slots(on: tuesday).isEmpty)
        #expect(settings.slots(on: sunday).count == 19)
        #expect(!settings.isOpen(at: Self.ten))
    }

    @Test func `only a slot of the table that lies ahead can be booked`() {
        let settings = HelpSettings()

        #expect(settings.isBookable(Self.ten + 1200, at: Self.ten))
        #expect(!settings.isBookable(Self.ten, at: Self.ten))
        #expect(!settings.isBookable(Self.ten + 1260, at: Self.ten))
        #expect(!settings.isBookable(Self.ten + 15 * 86400, at: Self.ten))
    }

    @Test(arguments: [
        "", "9:00-12:00", "09:00", "12:00-09:00", "09:00-12:00,11:00-13:00", "09:00-25:00", "09:60-10:00",
    ])
    func `hours that are none are refused`(text: String) {
        #expect(HelpSettings.spans(text) == nil)
    }

    @Test func `who booked comes first when the time has come and not before`() {
        let walkIn = Self.session("walk", ticket: 1, waitingSince: Self.ten - 600)
        let booked = Self.session("booked", ticket: 2, waitingSince: Self.ten, bookedFor: Self.ten + 600)

        let early = HelpQueue.ordered([booked, walkIn], at: Self.ten)
        let due = HelpQueue.ordered([walkIn, booked], at: Self.ten + 600)

        #expect(early.map(\.id.rawValue) == ["walk", "booked"])
        #expect(due.map(\.id.rawValue) == ["booked", "walk"])
    }

    @Test func `the wait is told in whole minutes, at least one`() {
        #expect(HelpQueue.minutes(ahead: 3, usualLength: 600, helpers: 2) == 15)
        #expect(HelpQueue.minutes(ahead: 0, usualLength: 600, helpers: 2) == 1)
        #expect(HelpQueue.minutes(ahead: 1, usualLength: 600, helpers: 0) == 10)
    }

    @Test func `only one helper takes a citizen`() throws {
        var session = Self.session()
        try session.take(by: "a1", name: "乌兰", at: Self.ten)

        #expect(throws: SessionRefusal.alreadyTaken(by: "乌兰")) {
            try session.take(by: "a2", name: "苏和", at: Self.ten)
        }
    }

    @Test func `a session that is handed over keeps its beginning and belongs to the other`() throws {
        var session = Self.session()
        try session.take(by: "a1", name: "乌兰", at: Self.ten)
        try session.handOver(from: "a1", to: ("a2", "苏和"))

        #expect(session.state == .serving)
        #expect(session.helper == "a2")
        #expect(session.startedAt == Self.ten)
        #expect(throws: SessionRefusal.notYours) { try session.end(by: "a1", at: Self.ten) }
    }

    @Test func `who booked can come from a quarter of an hour before to a quarter after`() throws {
        let settings = HelpSettings()
        let slot = Self.ten + 3600
        var session = Self.session(state: .booked, waitingSince: nil, bookedFor: slot)

        #expect(throws: SessionRefusal.tooEarly(from: "10:45")) { try session.arrive(at: slot - 901, settings) }
        #expect(throws: SessionRefusal.tooLate) { try session.arrive(at: slot + 901, settings) }
        try session.arrive(at: slot - 900, settings)

        #expect(session.state == .waiting)
    }

    @Test func `a session is rated once, after a helper was there`() throws {
        var left = Self.session()
        try left.leave(at: Self.ten)
        var served = Self.session()
        try served.take(by: "a1", name: "乌兰", at: Self.ten)
        try served.end(by: "a1", at: Self.ten)
        try served.rate(4)

        #expect(throws: SessionRefusal.notEnded) { try left.rate(5) }
        #expect(throws: SessionRefusal.alreadyRated) { try served.rate(5) }
        #expect(served.rating == 4)
    }

    @Test func `a picture is known by its first bytes and not by its name`() {
        #expect(SessionPicture.type(of: [0xFF, 0xD8, 0xFF, 0xE0]) == "image/jpeg")
        #expect(SessionPicture.type(of: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]) == "image/png")
        #expect(SessionPicture.type(of: Array("RIFF1234WEBPVP8 ".utf8)) == "image/webp")
        #expect(SessionPicture.type(of: Array("RIFF1234WAVE".utf8)) == nil)
        #expect(SessionPicture.type(of: Array("<svg onload=1>".utf8)) == nil)
        #expect(SessionPicture.type(of: []) == nil)
    }

    @Test func `a TURN server comes with its user and a credential that may hold commas`() {
        #expect(SessionOptions.iceServer("stun:10.0.0.1:3478") == .init(urls: "stun:10.0.0.1:3478"))
        #expect(
            SessionOptions.iceServer("turn:t.example:3478,user,a,b")
                == .init(urls: "turn:t.example:3478", username: "user", credential: "a,b"))
        #expect(SessionOptions.iceServer("turn:t.example:3478") == nil)
        #expect(SessionOptions.iceServer("http://t.example") == nil)
    }
}
