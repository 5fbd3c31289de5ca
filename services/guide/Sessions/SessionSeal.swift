import Security
import ServiceKit
import SocialDomain
import Storage

/// Seals what people say, show and are called, each value for its own place.
struct SessionSeal: Sendable {
    enum Column: String, CaseIterable, Sendable {
        case name
        case phone
        case topic
        case notes
        case word
    }

    let ring: FieldKeyRing

    func seal(_ text: String?, _ column: Column, of id: HelpSessionID) throws -> [UInt8]? {
        guard let text, !text.isEmpty else { return nil }
        return try ring.seal(Array(text.utf8), at: Self.place(column, id))
    }

    func open(_ sealed: [UInt8]?, _ column: Column, of id: HelpSessionID) throws -> String {
        guard let sealed else { return "" }
        return String(decoding: try ring.open(sealed, at: Self.place(column, id)), as: UTF8.self)
    }

    /// Every column that holds what was sealed here.
    static let columns: [SealedColumn] =
        Column.allCases.map { column in
            SealedColumn("help_session", "\(column.rawValue)_sealed", keys: ["session_id"]) { row in
                place(column, HelpSessionID(rawValue: try row.get("session_id")))
            }
        } + [
            SealedColumn("help_message", "content_sealed", keys: ["session_id", "sequence"]) { row in
                message(HelpSessionID(rawValue: try row.get("session_id")), try row.get("sequence"))
            },
            SealedColumn("help_picture", "content_sealed", keys: ["picture_id"]) { row in
                picture(try row.get("picture_id"))
            },
        ]

    private static func place(_ column: Column, _ id: HelpSessionID) -> FieldPlace {
        FieldPlace(table: "help_session", column: column.rawValue, row: id.rawValue)
    }

    static func message(_ id: HelpSessionID, _ sequence: Int64) -> FieldPlace {
        FieldPlace(table: "help_message", column: "content", row: "\(id.rawValue)/\(sequence)")
    }

    static func picture(_ id: String) -> FieldPlace {
        FieldPlace(table: "help_picture", column: "content", row: id)
    }
}

/// What is sealed of a session, opened for a page.
struct SessionWords: Hashable, Sendable {
    var name = ""
    var phone = ""
    var topic = ""
    var notes = ""
    var word = ""
}

/// The unguessable part of a room's address: 256 random bits.
struct RoomToken: Hashable, Sendable {
    let text: String

    static func random() -> RoomToken { RoomToken(text: RandomText.make(43, of: RandomText.base64URL)) }
}

/// Texts by the system's generator, which is a cryptographic one.
enum RandomText {
    static let base64URL = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    /// Without letters and digits that are taken for each other.
    static let readable = Array("23456789abcdefghjkmnpqrstuvwxyz")

    static func make(_ count: Int, of characters: [Character]) -> String {
        String((0..<count).compactMap { _ in characters.randomElement() })
    }
}
