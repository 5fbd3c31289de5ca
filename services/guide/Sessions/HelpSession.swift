import ServiceKit
import SocialDomain

typealias HelpSessionID = TextID<HelpSession>

/// One citizen's session with the helpers, from asking to the end; the rules of what may follow on what.
struct HelpSession: Hashable, Sendable {
    enum Channel: String, CaseIterable, Sendable {
        case video
        case walkIn = "walk-in"
        case phone
    }

    enum State: String, Sendable {
        case booked
        case waiting
        case serving
        case ended
    }

    enum Ending: String, Sendable {
        case done
        case left
        case cancelled
        case noShow = "no-show"
    }

    let id: HelpSessionID
    let division: String
    let channel: Channel
    let ticket: Int64
    let itemCode: String?
    let itemName: String
    /// The slot's beginning. Moments are seconds since 1970.
    let bookedFor: Int64?
    let askedAt: Int64
    var state: State
    var ending: Ending?
    /// The account that answers or answered last.
    var helper: String?
    var helperName: String?
    var waitingSince: Int64?
    var seenAt: Int64?
    var startedAt: Int64?
    var endedAt: Int64?
    var lastSequence: Int64
    var outcome: String?
    var followUpOn: String?
    var rating: Int64?
    var isRemoved: Bool

    static let outcomes = ["answered", "handed-in", "referred", "come-again", "not-settled"]
    /// A page says every 15 s that it is there.
    static let presence: Int64 = 60

    func isPresent(at now: Int64) -> Bool {
        channel != .video || (seenAt ?? 0) >= now - Self.presence
    }

    // MARK: - What the citizen does

    /// Comes into the queue at the booked time.
    mutating func arrive(at now: Int64, _ settings: HelpSettings) throws(SessionRefusal) {
        guard state == .booked, let bookedFor else { throw state == .ended ? .tooLate : .notWaiting }
        let opens = bookedFor - Int64(settings.earlyMinutes) * 60
        guard now >= opens else { throw .tooEarly(from: BeijingTime.clock(opens)) }
        guard now <= bookedFor + Int64(settings.lateMinutes) * 60 else { throw .tooLate }
        state = .waiting
        waitingSince = now
        seenAt = now
    }

    mutating func leave(at now: Int64) throws(SessionRefusal) {
        switch state {
        case .booked: close(.cancelled, at: now)
        case .waiting: close(.left, at: now)
        case .serving: close(.done, at: now)
        case .ended: throw .alreadyEnded
        }
    }

    mutating func rate(_ stars: Int64) throws(SessionRefusal) {
        guard state == .ended, startedAt != nil else { throw .notEnded }
        guard rating == nil else { throw .alreadyRated }
        rating = stars
    }

    // MARK: - What the helper does

    mutating func take(by account: String, name: String, at now: Int64) throws(SessionRefusal) {
        switch state {
        case .waiting: break
        case .serving: throw .alreadyTaken(by: helperName ?? "")
        case .booked, .ended: throw .notWaiting
        }
        state = .serving
        helper = account
        helperName = name
        if startedAt == nil { startedAt = now }
    }

    /// To another helper; nil puts the citizen back, at the head of the queue by the time of waiting.
    mutating func handOver(from account: String, to other: (account: String, name: String)?) throws(SessionRefusal) {
        try requireServing(by: account)
        if let other {
            (helper, helperName) = other
        } else {
            (helper, helperName) = (nil, nil)
            state = .waiting
        }
    }

    mutating func end(by account: String, at now: Int64) throws(SessionRefusal) {
        try requireServing(by: account)
        close(.done, at: now)
    }

    /// The citizen did not come, or does not answer.
    mutating func miss(at now: Int64) throws(SessionRefusal) {
        guard state == .booked || state == .waiting else { throw .notWaiting }
        close(.noShow, at: now)
    }

    func requireServing(by account: String) throws(SessionRefusal) {
        guard state == .serving else { throw state == .ended ? .alreadyEnded : .notServing }
        guard helper == account else { throw .notYours }
    }

    /// Notes may be completed after the end too.
    func requireNotes(by account: String) throws(SessionRefusal) {
        guard state == .serving || state == .ended else { throw .notServing }
        guard helper == account, !isRemoved else { throw .notYours }
    }

    mutating func close(_ why: Ending, at now: Int64) {
        state = .ended
        ending = why
        endedAt = now
    }
}
