import Dispatch
import Security
import ServiceKit
import SocialDomain
import Storage

/// What citizens and helpers do with sessions: each method is one use case in one transaction.
struct HelpDesk: Sendable {
    let store: SessionStore
    let watch: RoomWatch
    let settings: HelpSettings
    let now: @Sendable () -> String
    private let buckets = RateBuckets()

    /// A person who fills in a form, or an office behind one address.
    private static let asking = RateLimit(perSecond: 0.2, burst: 20)
    /// A call that begins sends a dozen candidates at once.
    private static let signalling = RateLimit(perSecond: 15, burst: 120)

    init(store: ServiceStore, watch: RoomWatch, settings: HelpSettings, now: @escaping @Sendable () -> String) {
        self.store = SessionStore(database: store.database, seal: SessionSeal(ring: store.ring))
        self.watch = watch
        self.settings = settings
        self.now = now
    }

    var database: Database { store.database }

    func clock() -> Int64 { BeijingTime.seconds(iso8601: now()) ?? 0 }

    /// What a citizen fills in, or a helper for a caller.
    struct Request: Hashable, Sendable {
        var words: SessionWords
        var itemCode: String?
    }

    // MARK: - Limits

    func limitAsking(_ address: String?) throws(Problem) {
        if let address { try limit("ask \(address)", Self.asking) }
    }

    func limitSignals(_ room: HelpSessionID, _ side: SessionMessage.Sender) throws(Problem) {
        try limit("signal \(room.rawValue) \(side.rawValue)", Self.signalling)
    }

    private func limit(_ key: String, _ limit: RateLimit) throws(Problem) {
        let seconds = Double(DispatchTime.now().uptimeNanoseconds) / 1e9
        if let wait = buckets.take(key, limit, now: seconds) {
            throw .tooManyRequests(after: Int(wait.rounded(.up)))
        }
    }

    // MARK: - Asking

    /// Into the queue now; the address of the room.
    func ask(_ request: Request) async throws -> RoomToken {
        let (token, id, time) = (RoomToken.random(), Self.newID(), clock())
        try await database.write { [store, settings] db in
            let place = try Self.place(request.itemCode, in: db)
            guard try settings.isOpen(at: time) || Desk.active(in: place.division, at: time, db: db) > 0 else {
                throw SessionRefusal.closed(hours: settings.hoursText)
            }
            try Self.checkQueue(place.division, settings, in: db)
            let session = try Self.new(id, .video, place, request, bookedFor: nil, at: time, in: db)
            try store.insert(session, token: token, words: request.words, in: db)
            try SessionStore.record("asked", session, at: time, in: db)
        }
        return token
    }

    /// A slot; the address of the room. Of many at once as many succeed as there are places.
    func book(_ request: Request, slot: Int64) async throws -> RoomToken {
        let (token, id, time) = (RoomToken.random(), Self.newID(), clock())
        guard settings.isBookable(slot, at: time) else { throw SessionRefusal.noSuchSlot }
        // Another process may take the same place between the look and the insert: then the next one is tried.
        for attempt in 1... {
            do {
                try await database.write { [store, settings] db in
                    let place = try Self.place(request.itemCode, in: db)
                    let session = try Self.new(id, .video, place, request, bookedFor: slot, at: time, in: db)
                    try store.insert(session, token: token, words: request.words, in: db)
                    try SessionStore.takeSeat(slot, of: place.division, seats: settings.helpers, for: id, in: db)
                    try SessionStore.record("booked", session, at: time, in: db)
                }
                break
            } catch DatabaseFault.constraint(let violation)
                where violation.kind == .unique && attempt <= settings.helpers
            {
                continue
            }
        }
        return token
    }

    /// A helper adds someone who stands there or calls.
    func add(
        _ request: Request, channel: HelpSession.Channel, within scope: Scope, audit: AuditEvent
    ) async throws -> HelpSessionID {
        let (id, time) = (Self.newID(), clock())
        try await database.write { [store, settings] db in
            var place = try Self.place(request.itemCode, in: db)
            if let division = scope.division, !division.contains(DivisionCode(prefix: place.division) ?? division) {
                place.division = division.prefix
            }
            try Self.checkQueue(place.division, settings, in: db)
            let session = try Self.new(id, channel, place, request, bookedFor: nil, at: time, in: db)
            try store.insert(session, token: nil, words: request.words, in: db)
            try SessionStore.record("asked", session, at: time, in: db)
            try AuditLog.append([audit.about(session)], in: db)
        }
        return id
    }

    private static func newID() -> HelpSessionID { HelpSessionID(RandomText.make(10, of: RandomText.readable)) }

    private struct Place {
        var division: String
        var code: String?
        var name = ""
    }

    /// Where a question belongs: to the item's division, without an item to the hall's.
    private static func place(_ code: String?, in db: Connection) throws -> Place {
        if let code,
            let row = try db.first(
                """
                SELECT division, name FROM item
                WHERE code = \(code) AND published_number IS NOT NULL AND withdrawn_at IS NULL
                """)
        {
            return Place(division: try row.get("division"), code: code, name: try row.get("name"))
        }
        guard let row = try db.first("SELECT division FROM department ORDER BY length(division), division LIMIT 1")
        else { throw SessionRefusal.notOffered }
        return Place(division: try row.get("division"))
    }

    static func division(of itemCode: String?, in db: Connection) throws -> String {
        try place(itemCode, in: db).division
    }

    private static func checkQueue(_ division: String, _ settings: HelpSettings, in db: Connection) throws {
        let waiting: Int =
            try db.first(
                "SELECT count(*) AS count FROM help_session WHERE state = 'waiting' AND division = \(division)")?
            .get("count") ?? 0
        guard waiting < settings.longestQueue else { throw SessionRefusal.queueFull }
    }

    private static func new(
        _ id: HelpSessionID, _ channel: HelpSession.Channel, _ place: Place, _ request: Request, bookedFor: Int64?,
        at time: Int64, in db: Connection
    ) throws -> HelpSession {
        HelpSession(
            id: id, division: place.division, channel: channel,
            ticket: try SessionStore.nextTicket(place.division, at: time, in: db), itemCode: place.code,
            itemName: place.name, bookedFor: bookedFor, askedAt: time, state: bookedFor == nil ? .waiting : .booked,
            waitingSince: bookedFor == nil ? time : nil, seenAt: bookedFor == nil ? time : nil, lastSequence: 0,
            isRemoved: false)
    }
}

extension AuditEvent {
    func about(_ session: HelpSession) -> AuditEvent {
        var event = self
        event.subject = session.id.rawValue
        event.division = session.division
        return event
    }
}

/// Where a helper sits: known from the queue's page, so that others can hand over to them.
enum Desk {
    /// A desk whose page was heard of so lately answers.
    private static let activeSeconds: Int64 = 300

    static func touch(_ caller: Caller, at now: Int64, in db: Connection) throws {
        try db.execute(
            """
            INSERT INTO help_desk (account, name, division, seen_at)
            VALUES (\(caller.id), \(caller.name), \(caller.scope.division?.prefix ?? ""), \(now))
            ON CONFLICT (account) DO UPDATE SET name = excluded.name, division = excluded.division,
                seen_at = excluded.seen_at
            """)
    }

    static func active(in division: String, at now: Int64, db: Connection) throws -> Int {
        try others(than: "", in: division, since: now - activeSeconds, db: db).count
    }

    /// The helpers who may see the division, by name.
    static func others(
        than account: String, in division: String, since: Int64, db: Connection
    ) throws -> [(account: String, name: String)] {
        try db.rows(
            """
            SELECT account, name, division FROM help_desk
            WHERE seen_at >= \(since) AND account <> \(account) ORDER BY name, account
            """
        ).compactMap { row in
            guard division.hasPrefix(try row.get("division", as: String.self)) else { return nil }
            return (try row.get("account"), try row.get("name"))
        }
    }
}
