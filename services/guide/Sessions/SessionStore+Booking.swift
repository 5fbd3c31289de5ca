import SocialDomain
import Storage

extension SessionStore {
    /// How many places of each slot are taken.
    static func taken(_ division: String, from first: Int64, before last: Int64, in db: Connection) throws -> [Int64:
        Int]
    {
        var taken: [Int64: Int] = [:]
        try db.forEach(
            """
            SELECT slot, count(*) AS taken FROM help_seat
            WHERE division = \(division) AND slot >= \(first) AND slot < \(last) GROUP BY slot
            """
        ) { row in taken[try row.get("slot")] = try row.get("taken") }
        return taken
    }

    /// Takes the lowest free place of a slot; the schema holds each place once.
    static func takeSeat(
        _ slot: Int64, of division: String, seats: Int, for id: HelpSessionID, in db: Connection
    ) throws {
        let taken = Set(
            try db.rows("SELECT seat FROM help_seat WHERE division = \(division) AND slot = \(slot)").map {
                try $0.get("seat", as: Int.self)
            })
        guard let seat = (1...max(1, seats)).first(where: { !taken.contains($0) }) else {
            throw SessionRefusal.slotTaken
        }
        try db.execute(
            """
            INSERT INTO help_seat (division, slot, seat, session_id)
            VALUES (\(division), \(slot), \(seat), \(id.rawValue))
            """)
    }
}
