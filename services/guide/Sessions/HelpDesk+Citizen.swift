import ServiceKit
import SocialDomain
import Storage

extension HelpDesk {
    /// What the citizen's page shows.
    struct Room: Hashable, Sendable {
        let session: HelpSession
        let words: SessionWords
        let conversation: [SessionMessage]
        let place: QueuePlace?
    }

    /// Nil where no room has the token, or what it held was removed.
    func room(_ token: RoomToken) async throws -> Room? {
        let time = clock()
        let isThere = try await database.write { db in
            guard let session = try SessionStore.session(token, in: db) else { return false }
            try SessionStore.see(session.id, at: time, in: db)
            return true
        }
        guard isThere else { return nil }
        return try await database.read { [store] db in
            guard let session = try SessionStore.session(token, in: db) else { return nil }
            return Room(
                session: session, words: try store.words(session.id, in: db),
                conversation: try store.conversation(of: session.id, in: db),
                place: try Self.place(of: session, at: time, in: db))
        }
    }

    func session(_ token: RoomToken) async throws -> HelpSession? {
        try await database.read { db in try SessionStore.session(token, in: db) }
    }

    func arrive(_ token: RoomToken) async throws {
        try await change(token) { [settings] session, time, db in
            try session.arrive(at: time, settings)
            try SessionStore.record("arrived", session, at: time, in: db)
        }
    }

    func leave(_ token: RoomToken) async throws {
        try await change(token) { session, time, db in
            try session.leave(at: time)
            try Self.recordEnd(session, at: time, in: db)
        }
    }

    func rate(_ token: RoomToken, stars: Int64, word: String?) async throws {
        try await change(token) { [store] session, time, db in
            try session.rate(stars)
            if let word { try store.setWord(word, .word, of: session.id, in: db) }
            try SessionStore.record("rated", session, at: time, in: db)
        }
    }

    private func change(
        _ token: RoomToken,
        _ body: @escaping @Sendable (inout HelpSession, _ time: Int64, Connection) throws -> Void
    ) async throws {
        let time = clock()
        let id = try await database.write { [store] db in
            guard var session = try SessionStore.session(token, in: db) else { throw Problem.notFound }
            let state = session.state
            try body(&session, time, db)
            try SessionStore.save(session, in: db)
            if session.state != state { try store.postState(session, at: time, in: db) }
            return session.id
        }
        await watch.ring(id)
    }

    static func recordEnd(_ session: HelpSession, at time: Int64, in db: Connection) throws {
        try SessionStore.record(
            "ended", session, at: time, length: session.startedAt.map { time - $0 }, in: db)
    }

    // MARK: - The queue

    /// Nil for who does not wait.
    static func place(of session: HelpSession, at time: Int64, in db: Connection) throws -> QueuePlace? {
        guard session.state == .waiting else { return nil }
        let waiting = HelpQueue.ordered(
            try SessionStore.open([.waiting], where: "division = \(session.division)", in: db), at: time)
        let ahead = waiting.firstIndex { $0.id == session.id } ?? waiting.count
        let minutes = HelpQueue.minutes(
            ahead: ahead, usualLength: try usualLength(session.division, in: db),
            helpers: try Desk.active(in: session.division, at: time, db: db))
        return QueuePlace(ahead: ahead, minutes: minutes)
    }

    /// The mean of the last twenty sessions, in seconds.
    static func usualLength(_ division: String, in db: Connection) throws -> Int64 {
        let lengths = try db.rows(
            """
            SELECT length_seconds FROM session_event
            WHERE kind = 'ended' AND division = \(division) AND length_seconds IS NOT NULL
            ORDER BY happened_at DESC LIMIT 20
            """
        ).map { try $0.get("length_seconds", as: Int64.self) }
        return lengths.isEmpty ? HelpQueue.usualLength : max(60, lengths.reduce(0, +) / Int64(lengths.count))
    }

    /// The places that are left of each slot of a day.
    func freePlaces(on day: CalendarDate, item: String?) async throws -> [(slot: Int64, free: Int)] {
        let time = clock()
        let slots = settings.slots(on: day).filter { settings.isBookable($0, at: time) }
        guard let first = slots.first, let last = slots.last else { return [] }
        let taken = try await database.read { db in
            try SessionStore.taken(Self.division(of: item, in: db), from: first, before: last + 1, in: db)
        }
        return slots.map { ($0, max(0, settings.helpers - (taken[$0] ?? 0))) }
    }

    /// How many wait in the item's division, and whether anyone answers now.
    func outlook(item: String?) async throws -> (waiting: Int, minutes: Int, isOpen: Bool) {
        let (time, settings) = (clock(), settings)
        return try await database.read { db in
            let division = try Self.division(of: item, in: db)
            let waiting = try SessionStore.open([.waiting], where: "division = \(division)", in: db).count
            let helpers = try Desk.active(in: division, at: time, db: db)
            return (
                waiting,
                HelpQueue.minutes(
                    ahead: waiting, usualLength: try Self.usualLength(division, in: db), helpers: helpers),
                settings.isOpen(at: time) || helpers > 0
            )
        }
    }
}
