import Security
import SocialDomain
import Storage

/// A picture that one side shows the other.
struct SessionPicture: Sendable {
    let type: String
    let content: [UInt8]

    private static let most = 30

    /// The kind of picture by its first bytes, whatever its name says; nil where it is none that is taken.
    static func type(of content: some Collection<UInt8>) -> String? {
        let head = Array(content.prefix(12))
        if head.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "image/png" }
        if head.count == 12, head.starts(with: Array("RIFF".utf8)), head[8...].elementsEqual("WEBP".utf8) {
            return "image/webp"
        }
        return nil
    }

    static func put(
        _ picture: SessionPicture, id: String, by sender: SessionMessage.Sender, in room: HelpSessionID, at now: Int64,
        store: SessionStore, db: Connection
    ) throws {
        let count: Int =
            try db.first("SELECT count(*) AS count FROM help_picture WHERE session_id = \(room.rawValue)")?.get("count")
            ?? 0
        guard count < most else { throw SessionRefusal.tooManyPictures }
        try db.execute(
            """
            INSERT INTO help_picture (picture_id, session_id, sender, type, bytes, content_sealed, sent_at)
            VALUES (\(id), \(room.rawValue), \(sender.rawValue), \(picture.type), \(picture.content.count),
                \(store.seal.ring.seal(picture.content, at: SessionSeal.picture(id))), \(now))
            """)
    }

    static func read(_ id: String, of room: HelpSessionID, store: SessionStore, db: Connection) throws
        -> SessionPicture?
    {
        guard
            let row = try db.first(
                """
                SELECT type, content_sealed FROM help_picture
                WHERE picture_id = \(id) AND session_id = \(room.rawValue)
                """)
        else { return nil }
        return SessionPicture(
            type: try row.get("type"),
            content: try store.seal.ring.open(row.get("content_sealed"), at: SessionSeal.picture(id)))
    }
}
