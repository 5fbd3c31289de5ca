import Crypto
import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage

/// Sessions in the database. Methods with `in db` are part of the caller's transaction.
struct SessionStore: Sendable {
    let database: Database
    let seal: SessionSeal

    // MARK: - Reading

    static let columns: SQL = """
        session_id, division, channel, state, ended_why, ticket, item_code, item_name, helper, helper_name, booked_for,
        asked_at, waiting_since, seen_at, started_at, ended_at, last_sequence, outcome, follow_up_on, rating, removed_at
        """

    static func session(_ id: HelpSessionID, in db: Connection) throws -> HelpSession? {
        try db.first("SELECT \(columns) FROM help_session WHERE session_id = \(id.rawValue)").map(decode)
    }

    static func session(_ token: RoomToken, in db: Connection) throws -> HelpSession? {
        try db.first("SELECT \(columns) FROM help_session WHERE token_digest = \(digest(token))").map(decode)
    }

    /// Only what lies in the helper's division.
    static func session(_ id: HelpSessionID, within scope: Scope, in db: Connection) throws -> HelpSession? {
        try db.first(
            """
            SELECT \(columns) FROM help_session
            WHERE session_id = \(id.rawValue) AND \(SQL.within(scope.division, "division"))
            """
        ).map(decode)
    }

    static func open(_ states: [HelpSession.State], where condition: SQL, in db: Connection) throws -> [HelpSession] {
        try db.rows(
            """
            SELECT \(columns) FROM help_session
            WHERE state IN \(list: states.map(\.rawValue)) AND state <> 'ended' AND \(condition)
            ORDER BY ticket, session_id LIMIT 1000
            """
        ).map(decode)
    }

    func words(_ id: HelpSessionID, in db: Connection) throws -> SessionWords {
        guard
            let row = try db.first(
                """
                SELECT name_sealed, phone_sealed, topic_sealed, notes_sealed, word_sealed FROM help_session
                WHERE session_id = \(id.rawValue)
                """)
        else { return SessionWords() }
        return SessionWords(
            name: try seal.open(row.get("name_sealed"), .name, of: id),
            phone: try seal.open(row.get("phone_sealed"), .phone, of: id),
            topic: try seal.open(row.get("topic_sealed"), .topic, of: id),
            notes: try seal.open(row.get("notes_sealed"), .notes, of: id),
            word: try seal.open(row.get("word_sealed"), .word, of: id))
    }

    static func digest(_ token: RoomToken) -> [UInt8] { [UInt8](SHA256.hash(data: Data(token.text.utf8))) }

    static func decode(_ row: Row) throws -> HelpSession {
        HelpSession(
            id: HelpSessionID(try row.get("session_id", as: String.self)), division: try row.get("division"),
            channel: HelpSession.Channel(rawValue: try row.get("channel")) ?? .video, ticket: try row.get("ticket"),
            itemCode: try row.get("item_code"), itemName: try row.get("item_name"),
            bookedFor: try row.get("booked_for"), askedAt: try row.get("asked_at"),
            state: HelpSession.State(rawValue: try row.get("state")) ?? .ended,
            ending: try row.get("ended_why", as: String?.self).flatMap(HelpSession.Ending.init(rawValue:)),
            helper: try row.get("helper"), helperName: try row.get("helper_name"),
            waitingSince: try row.get("waiting_since"), seenAt: try row.get("seen_at"),
            startedAt: try row.get("started_at"), endedAt: try row.get("ended_at"),
            lastSequence: try row.get("last_sequence"), outcome: try row.get("outcome"),
            followUpOn: try row.get("follow_up_on"), rating: try row.get("rating"),
            isRemoved: try row.get("removed_at", as: Int64?.self) != nil)
    }

    // MARK: - Changing

    func insert(_ session: HelpSession, token: RoomToken?, words: SessionWords, in db: Connection) throws {
        let id = session.id
        try db.execute(
            """
            INSERT INTO help_session (session_id, token_digest, division, channel, state, ticket, item_code, item_name,
                name_sealed, phone_sealed, topic_sealed, booked_for, asked_at, waiting_since, seen_at)
            VALUES (\(id.rawValue), \(token.map(Self.digest)), \(session.division), \(session.channel.rawValue),
                \(session.state.rawValue), \(session.ticket), \(session.itemCode), \(session.itemName),
                \(seal.seal(words.name, .name, of: id)), \(seal.seal(words.phone, .phone, of: id)),
                \(seal.seal(words.topic, .topic, of: id)), \(session.bookedFor), \(session.askedAt),
                \(session.waitingSince), \(session.seenAt))
            """)
    }

    static func save(_ session: HelpSession, in db: Connection) throws {
        try db.execute(
            """
            UPDATE help_session SET state = \(session.state.rawValue), ended_why = \(session.ending?.rawValue),
                helper = \(session.helper), helper_name = \(session.helperName),
                waiting_since = \(session.waitingSince), seen_at = \(session.seenAt),
                started_at = \(session.startedAt), ended_at = \(session.endedAt), outcome = \(session.outcome),
                follow_up_on = \(session.followUpOn), rating = \(session.rating)
            WHERE session_id = \(session.id.rawValue)
            """)
        // Who ended it gives the slot back, and the signals of the call name addresses.
        if session.state == .ended {
            try db.execute("DELETE FROM help_seat WHERE session_id = \(session.id.rawValue)")
            try db.execute(
                """
                DELETE FROM help_message
                WHERE session_id = \(session.id.rawValue) AND kind IN \(list: SessionMessage.Kind.signals)
                """)
        }
    }

    func setWord(_ text: String, _ column: SessionSeal.Column, of id: HelpSessionID, in db: Connection) throws {
        let name = SQL(trusted: column.rawValue + "_sealed")
        try db.execute(
            "UPDATE help_session SET \(name) = \(seal.seal(text, column, of: id)) WHERE session_id = \(id.rawValue)")
    }

    static func see(_ id: HelpSessionID, at now: Int64, in db: Connection) throws {
        try db.execute(
            "UPDATE help_session SET seen_at = \(now) WHERE session_id = \(id.rawValue) AND state <> 'ended'")
    }

    /// The next number of the day.
    static func nextTicket(_ division: String, at now: Int64, in db: Connection) throws -> Int64 {
        let day = BeijingTime.day(now).description
        try db.execute(
            """
            INSERT INTO help_ticket (division, day, last) VALUES (\(division), \(day), 1)
            ON CONFLICT (division, day) DO UPDATE SET last = help_ticket.last + 1
            """)
        return try db.first("SELECT last FROM help_ticket WHERE division = \(division) AND day = \(day)")?
            .get("last") ?? 1
    }

    /// For figures: what happened, and nothing about whom.
    static func record(
        _ kind: String, _ session: HelpSession, at now: Int64, wait: Int64? = nil, length: Int64? = nil,
        in db: Connection
    ) throws {
        let number =
            try db.first("SELECT count(*) AS count FROM session_event WHERE session_id = \(session.id.rawValue)")?
            .get("count", as: Int64.self) ?? 0
        try db.execute(
            """
            INSERT INTO session_event (session_id, number, kind, division, channel, item_code, happened_at, day, ended_why,
                wait_seconds, length_seconds, rating)
            VALUES (\(session.id.rawValue), \(number + 1), \(kind), \(session.division), \(session.channel.rawValue),
                \(session.itemCode), \(now), \(BeijingTime.day(now).description), \(session.ending?.rawValue),
                \(wait.map { max(0, $0) }), \(length.map { max(0, $0) }), \(kind == "rated" ? session.rating : nil))
            """)
    }
}
