import Security
import ServiceKit
import SocialDomain
import Storage

extension PlateStore {
    /// What a change is made by: whose division it must lie in, when, and the entry that the log gets.
    struct Change: Sendable {
        let scope: Scope
        let time: String
        /// For a plate and its division.
        let event: @Sendable (_ code: String, _ division: String) -> AuditEvent
        /// Draws codes.
        var code: @Sendable () -> PlateCode = { PlateCode.random() }
    }

    /// Makes plates, all or none; their codes in the same order.
    func make(_ contents: [PlateContent], _ change: Change) async throws -> [String] {
        try await database.write { db in
            var (codes, events): ([String], [AuditEvent]) = ([], [])
            for content in contents {
                guard change.scope.contains(content.division) else { throw PlateRefusal.outside }
                let code = try Self.insert(content, change, in: db)
                codes.append(code)
                events.append(change.event(code, content.division.prefix))
            }
            try AuditLog.append(events, in: db)
            return codes
        }
    }

    /// Puts right what a plate says; its place may have been described wrongly, but it hangs where it hung.
    func edit(_ code: String, _ content: PlateContent, version: Int64, _ change: Change) async throws {
        try await database.write { db in
            let plate = try Self.active(code, change, in: db)
            guard plate.version == version else { throw PlateRefusal.changedMeanwhile }
            guard change.scope.contains(content.division) else { throw PlateRefusal.outside }
            try db.execute(
                """
                UPDATE plate SET kind = \(content.kind.rawValue), name = \(content.name), trade = \(content.trade),
                    address = \(content.address), division = \(content.division.prefix),
                    longitude = \(content.position?.longitude), latitude = \(content.position?.latitude),
                    helper_name = \(content.helperName), helper_phone = \(content.helperPhone),
                    changed_at = \(change.time), version = version + 1
                WHERE code = \(code)
                """)
            try AuditLog.append([change.event(code, content.division.prefix)], in: db)
        }
    }

    /// The place is closed.
    func retire(_ code: String, _ change: Change) async throws {
        try await database.write { db in
            let plate = try Self.active(code, change, in: db)
            try Self.end(plate, as: .retired, successor: nil, change, in: db)
        }
    }

    /// A new plate for the same place: the old one was lost or cannot be read. The new code.
    func replace(_ code: String, _ change: Change) async throws -> String {
        try await database.write { db in
            let plate = try Self.active(code, change, in: db)
            return try Self.succeed(plate, as: .replaced, by: plate.content, change, in: db)
        }
    }

    /// The place is elsewhere now and gets a plate there; the old one leads on to it. The new code.
    func move(
        _ code: String, to address: String, in division: DivisionCode?, at position: Position?, _ change: Change
    ) async throws -> String {
        guard !address.isEmpty, address.count <= 100 else {
            throw PlateRefusal.field(
                "address", LocalizedText(zh: "请填写新地址，最多 100 个字。", en: "Give the new address, at most 100 characters."))
        }
        return try await database.write { db in
            let plate = try Self.active(code, change, in: db)
            var content = plate.content
            content.address = address
            content.position = position
            if let division { content.division = division }
            guard change.scope.contains(content.division) else { throw PlateRefusal.outside }
            return try Self.succeed(plate, as: .moved, by: content, change, in: db)
        }
    }

    // MARK: - Within a transaction

    private static func active(_ code: String, _ change: Change, in db: Connection) throws -> Plate {
        guard let plate = try plate(code, within: change.scope, in: db) else { throw PlateRefusal.unknown }
        guard plate.state == .active else { throw PlateRefusal.notActive }
        return plate
    }

    private static func succeed(
        _ plate: Plate, as state: Plate.State, by content: PlateContent, _ change: Change, in db: Connection
    ) throws -> String {
        let code = try insert(content, change, in: db)
        try end(plate, as: state, successor: code, change, in: db)
        return code
    }

    private static func end(
        _ plate: Plate, as state: Plate.State, successor: String?, _ change: Change, in db: Connection
    ) throws {
        try db.execute(
            """
            UPDATE plate SET state = \(state.rawValue), successor = \(successor), changed_at = \(change.time),
                version = version + 1 WHERE code = \(plate.code)
            """)
        try AuditLog.append([change.event(plate.code, plate.content.division.prefix)], in: db)
    }

    private static func insert(_ content: PlateContent, _ change: Change, in db: Connection) throws -> String {
        // 31⁷ codes are 27 thousand million: a second draw is rare, a tenth never needed.
        for _ in 0..<10 {
            let code = change.code()
            guard try db.first("SELECT 1 AS one FROM plate WHERE code = \(code.text)") == nil else { continue }
            try insert(content, code: code, at: change.time, in: db)
            return code.text
        }
        throw PlateRefusal.noCodeFree
    }

    static func insert(_ content: PlateContent, code: PlateCode, at time: String, in db: Connection) throws {
        try db.execute(
            """
            INSERT INTO plate (code, kind, name, trade, address, division, longitude, latitude, helper_name,
                helper_phone, state, made_at, changed_at)
            VALUES (\(code.text), \(content.kind.rawValue), \(content.name), \(content.trade), \(content.address),
                \(content.division.prefix), \(content.position?.longitude), \(content.position?.latitude),
                \(content.helperName), \(content.helperPhone), 'active', \(time), \(time))
            """)
    }
}

extension PlateRefusal {
    static let outside = PlateRefusal.field(
        "division",
        LocalizedText(zh: "这个区划不在您负责的范围以内。", en: "This division lies outside the one that you answer for."))
}
