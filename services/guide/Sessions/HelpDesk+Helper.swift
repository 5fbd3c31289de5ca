import Security
import ServiceKit
import SocialDomain
import Storage

extension HelpDesk {
    /// A line of the helpers' queue.
    struct Line: Sendable {
        let session: HelpSession
        let name: String
    }

    struct Board: Sendable {
        /// In the order in which they are to be taken.
        var waiting: [Line] = []
        /// The helper's own that are under way.
        var mine: [Line] = []
        var booked: [Line] = []
        var followUps: [Line] = []
    }

    /// What the helper's own page of a session shows.
    struct Table: Sendable {
        let session: HelpSession
        let words: SessionWords
        let conversation: [SessionMessage]
        let others: [(account: String, name: String)]
    }

    func board(for caller: Caller) async throws -> Board {
        let time = clock()
        try await database.write { db in try Desk.touch(caller, at: time, in: db) }
        return try await database.read { [store] db in
            let inside = SQL.within(caller.scope.division, "division")
            func lines(_ sessions: [HelpSession]) throws -> [Line] {
                try sessions.map { Line(session: $0, name: try store.words($0.id, in: db).name) }
            }
            let today = BeijingTime.day(time)
            let followUps = try db.rows(
                """
                SELECT \(SessionStore.columns) FROM help_session
                WHERE follow_up_on <= \(today.description) AND follow_up_on >= \(today.adding(days: -30).description)
                    AND helper = \(caller.id) AND removed_at IS NULL AND \(inside)
                ORDER BY follow_up_on LIMIT 50
                """
            ).map(SessionStore.decode)
            return Board(
                waiting: try lines(
                    HelpQueue.ordered(SessionStore.open([.waiting], where: inside, in: db), at: time)),
                mine: try lines(
                    SessionStore.open([.serving], where: "helper = \(caller.id) AND \(inside)", in: db)),
                booked: try lines(
                    SessionStore.open(
                        [.booked],
                        where: """
                            \(inside) AND booked_for >= \(BeijingTime.seconds(today, minute: 0))
                                AND booked_for < \(BeijingTime.seconds(today, minute: 1440))
                            """, in: db
                    ).sorted { ($0.bookedFor ?? 0, $0.ticket) < ($1.bookedFor ?? 0, $1.ticket) }),
                followUps: try lines(followUps))
        }
    }

    /// Nil where there is none in the helper's division; refused where another helper answers.
    func table(_ id: HelpSessionID, for caller: Caller) async throws -> Table? {
        let time = clock()
        return try await database.read { [store] db in
            guard let session = try SessionStore.session(id, within: caller.scope, in: db) else { return nil }
            guard session.state == .serving || session.state == .ended, session.helper == caller.id, !session.isRemoved
            else { throw SessionRefusal.notYours }
            return Table(
                session: session, words: try store.words(id, in: db),
                conversation: try store.conversation(of: id, in: db),
                others: try Desk.others(
                    than: caller.id, in: session.division, since: time - Self.recentSeconds, db: db))
        }
    }

    /// Helpers whose queue was open so lately can be handed over to.
    private static var recentSeconds: Int64 { 1800 }

    /// The first in the queue whose page is there.
    func takeNext(_ caller: Caller, audit: AuditEvent) async throws -> HelpSessionID {
        let time = clock()
        let id = try await database.write { [store] db in
            let waiting = HelpQueue.ordered(
                try SessionStore.open([.waiting], where: SQL.within(caller.scope.division, "division"), in: db),
                at: time)
            guard var session = waiting.first(where: { $0.isPresent(at: time) }) ?? waiting.first else {
                throw SessionRefusal.nobodyWaiting
            }
            try Self.take(&session, caller, at: time, store: store, audit: audit, in: db)
            return session.id
        }
        await watch.ring(id)
        return id
    }

    func take(_ id: HelpSessionID, _ caller: Caller, audit: AuditEvent) async throws {
        try await change(id, caller, audit: nil) { [store] session, time, db in
            try Self.take(&session, caller, at: time, store: store, audit: audit, in: db)
        }
    }

    private static func take(
        _ session: inout HelpSession, _ caller: Caller, at time: Int64, store: SessionStore, audit: AuditEvent,
        in db: Connection
    ) throws {
        // Who was put back into the queue has not waited all the time since.
        let wait = session.startedAt == nil ? time - (session.waitingSince ?? session.askedAt) : nil
        try session.take(by: caller.id, name: caller.name, at: time)
        try SessionStore.save(session, in: db)
        try SessionStore.record("taken", session, at: time, wait: wait, in: db)
        try Desk.touch(caller, at: time, in: db)
        try store.postState(session, at: time, in: db)
        try AuditLog.append([audit.about(session)], in: db)
    }

    func handOver(_ id: HelpSessionID, to account: String?, _ caller: Caller, audit: AuditEvent) async throws {
        try await change(id, caller, audit: audit) { [store] session, time, db in
            var other: (account: String, name: String)?
            if let account {
                other = try Desk.others(
                    than: caller.id, in: session.division, since: time - Self.recentSeconds, db: db
                ).first { $0.account == account }
                if other == nil { throw SessionRefusal.noSuchHelper }
            }
            try session.handOver(from: caller.id, to: other)
            try SessionStore.save(session, in: db)
            try SessionStore.record("handed-over", session, at: time, in: db)
            try store.postState(session, at: time, in: db)
        }
    }

    /// What a helper writes down.
    struct Notes: Hashable, Sendable {
        var text: String?
        var outcome: String?
        var followUpOn: String?
    }

    func note(_ id: HelpSessionID, _ notes: Notes, ends: Bool, _ caller: Caller, audit: AuditEvent) async throws {
        try await change(id, caller, audit: audit) { [store] session, time, db in
            try session.requireNotes(by: caller.id)
            session.outcome = notes.outcome
            session.followUpOn = notes.followUpOn
            if ends { try session.end(by: caller.id, at: time) }
            try SessionStore.save(session, in: db)
            try store.setWord(notes.text ?? "", .notes, of: id, in: db)
            if ends {
                try Self.recordEnd(session, at: time, in: db)
                try store.postState(session, at: time, in: db)
            }
        }
    }

    func miss(_ id: HelpSessionID, _ caller: Caller, audit: AuditEvent) async throws {
        try await change(id, caller, audit: audit) { [store] session, time, db in
            try session.miss(at: time)
            try SessionStore.save(session, in: db)
            try Self.recordEnd(session, at: time, in: db)
            try store.postState(session, at: time, in: db)
        }
    }

    private func change(
        _ id: HelpSessionID, _ caller: Caller, audit: AuditEvent?,
        _ body: @escaping @Sendable (inout HelpSession, _ time: Int64, Connection) throws -> Void
    ) async throws {
        let time = clock()
        try await database.write { db in
            guard var session = try SessionStore.session(id, within: caller.scope, in: db) else {
                throw Problem.notFound
            }
            try body(&session, time, db)
            if let audit { try AuditLog.append([audit.about(session)], in: db) }
        }
        await watch.ring(id)
    }
}
