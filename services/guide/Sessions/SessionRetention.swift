import Storage

/// What time does to sessions: people who did not come, people who left, and data that is not needed any more.
enum SessionRetention {
    /// Ends what has lapsed; how many.
    static func endLapsed(at now: Int64, _ settings: HelpSettings, store: SessionStore, in db: Connection) throws -> Int
    {
        let missed = now - Int64(settings.lateMinutes) * 60
        let gone = now - Int64(settings.absentMinutes) * 60
        // What nobody has ended within a day has ended.
        let stale = now - 86_400
        let lapsed = try SessionStore.open(
            [.booked, .waiting, .serving],
            where: """
                ((state = 'booked' AND booked_for < \(missed))
                    OR (state = 'waiting' AND channel = 'video' AND COALESCE(seen_at, 0) < \(gone))
                    OR (state = 'waiting' AND channel <> 'video' AND waiting_since < \(stale))
                    OR (state = 'serving' AND started_at < \(stale)))
                """, in: db)
        for var session in lapsed {
            session.close(session.state == .booked ? .noShow : session.state == .serving ? .done : .left, at: now)
            try SessionStore.save(session, in: db)
            try SessionStore.record("ended", session, at: now, in: db)
            try store.postState(session, at: now, in: db)
        }
        return lapsed.count
    }

    /// Removes names, phones, notes, what was said and shown of sessions that ended before; how many sessions.
    static func remove(endedBefore last: Int64, at now: Int64, in db: Connection) throws -> Int {
        let old: SQL = """
            (SELECT session_id FROM help_session WHERE state = 'ended' AND ended_at < \(last) AND removed_at IS NULL)
            """
        try db.execute("DELETE FROM help_message WHERE session_id IN \(old)")
        try db.execute("DELETE FROM help_picture WHERE session_id IN \(old)")
        return try db.execute(
            """
            UPDATE help_session SET token_digest = NULL, name_sealed = NULL, phone_sealed = NULL, topic_sealed = NULL,
                notes_sealed = NULL, word_sealed = NULL, removed_at = \(now)
            WHERE state = 'ended' AND ended_at < \(last) AND removed_at IS NULL
            """)
    }

    /// Whether the database holds what only the keys can open.
    static func hasSealedValues(_ db: Connection) throws -> Bool {
        try db.first(
            """
            SELECT 1 AS one FROM help_session
            WHERE name_sealed IS NOT NULL OR phone_sealed IS NOT NULL OR topic_sealed IS NOT NULL
                OR notes_sealed IS NOT NULL OR word_sealed IS NOT NULL LIMIT 1
            """) != nil
            || db.first("SELECT 1 AS one FROM help_message WHERE content_sealed IS NOT NULL LIMIT 1") != nil
            || db.first("SELECT 1 AS one FROM help_picture LIMIT 1") != nil
    }
}
