import ServiceKit
import SocialDomain
import Storage

/// The households' rescue chains in the database.
enum RescueChain {
    /// Events that go in with one look at where their households' chains end.
    private static let batch = 1000

    /// Adds to the chains within the caller's transaction: what is told and that it stands in the chain stand or fall
    /// together. The row that holds the end of all is locked until the commit, so entries have the order of commit.
    ///
    /// - Parameter time: of recording, ISO 8601 in UTC.
    static func append(_ events: [RescueEvent], at time: String, in db: Connection) throws {
        guard !events.isEmpty else { return }
        let lock: SQL = db.engine == .postgres ? "FOR UPDATE" : ""
        guard let end = try db.first("SELECT position, link FROM chain_end WHERE only_row = 1 \(lock)") else {
            throw DatabaseFault.damaged
        }
        var position = UInt64(clamping: try end.get("position", as: Int64.self))
        var link: [UInt8] = try end.get("link")
        let insert = try db.prepare(
            """
            INSERT INTO chain_entry (position, household_id, sequence, division, kind, day, person_id, title, source, actor,
                reference, payload, recorded_at, hash, link)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
            """)
        var rest = events[...]
        while !rest.isEmpty {
            let part = rest.prefix(batch)
            rest = rest.dropFirst(batch)
            var ends = try self.ends(of: Set(part.map(\.household)), in: db)
            for event in part {
                let last = ends[event.household] ?? HouseholdEnd()
                let entry = RescueEntry(event, sequence: last.sequence + 1, recordedAt: time)
                let hash = entry.hash(after: last.hash)
                position += 1
                link = RescueLink(position: position, hash: hash).hash(after: link)
                ends[event.household] = HouseholdEnd(sequence: entry.sequence, hash: hash)
                try insert.add(entry, position: position, hash: hash, link: link)
            }
        }
        try db.execute("UPDATE chain_end SET position = \(Int64(position)), link = \(link) WHERE only_row = 1")
    }

    /// Whether the source has told of it already.
    static func holds(_ reference: String, of source: String, in db: Connection) throws -> Bool {
        try db.first("SELECT 1 AS one FROM chain_entry WHERE source = \(source) AND reference = \(reference)") != nil
    }

    /// A household's entries, the newest first.
    static func entries(of household: String, within division: DivisionCode?, in db: Connection) throws -> [RescueEntry]
    {
        try stored(of: household, within: division, in: db).map(\.entry)
    }

    /// The same with their hashes.
    static func stored(
        of household: String, within division: DivisionCode?, in db: Connection
    ) throws -> [(entry: RescueEntry, hash: [UInt8])] {
        try db.rows(
            """
            SELECT * FROM chain_entry WHERE household_id = \(household) AND \(SQL.within(division, "division"))
            ORDER BY sequence DESC LIMIT 500
            """
        ).map { (try RescueEntry($0), try $0.get("hash")) }
    }

    /// Where a household's chain ends.
    private struct HouseholdEnd {
        var sequence: UInt64 = 0
        var hash = [UInt8](repeating: 0, count: 32)
    }

    private static func ends(of households: Set<String>, in db: Connection) throws -> [String: HouseholdEnd] {
        var ends: [String: HouseholdEnd] = [:]
        for row in try db.rows(
            """
            SELECT household_id, sequence, hash FROM chain_entry WHERE (household_id, sequence) IN (
                SELECT household_id, max(sequence) FROM chain_entry WHERE household_id IN \(list: households.sorted())
                GROUP BY household_id)
            """)
        {
            ends[try row.get("household_id")] = HouseholdEnd(
                sequence: UInt64(clamping: try row.get("sequence", as: Int64.self)), hash: try row.get("hash"))
        }
        return ends
    }
}

extension BulkStatement {
    fileprivate func add(_ entry: RescueEntry, position: UInt64, hash: [UInt8], link: [UInt8]) throws {
        bind(1, Int64(position))
        bind(2, entry.household)
        bind(3, Int64(entry.sequence))
        let texts = [
            entry.division, entry.kind, entry.day, entry.person, entry.title, entry.source, entry.actor,
            entry.reference, entry.payload, entry.recordedAt,
        ]
        for (index, text) in texts.enumerated() { bind(index + 4, text) }
        bind(14, blob: hash)
        bind(15, blob: link)
        try run()
    }
}
