import Security
import ServiceKit
import SocialDomain
import Storage

/// Why an alert is not closed.
enum AlertRefusal: ExplainedFault, Hashable {
    case unknown(Int64)
    case closedAlready
    case noteMissing

    var explanation: LocalizedText {
        switch self {
        case .unknown(let id):
            LocalizedText(zh: "没有编号为 \(id) 的预警。", en: "there is no alert \(id)")
        case .closedAlready:
            LocalizedText(zh: "该预警已经办结，请刷新页面。", en: "the alert is closed already: reload the page")
        case .noteMissing:
            LocalizedText(zh: "请写明办结的情况和依据。", en: "write down why the alert is closed")
        }
    }
}

/// What a run did to the alerts.
struct AlertChanges: Hashable, Sendable, Codable {
    var opened = 0
    var updated = 0
    var cleared = 0
    var reopened = 0
    var unchanged = 0
}

/// The alerts that people work on. For a household and direction at most one is not closed.
struct AlertStore: Sendable {
    let database: AidDatabase

    /// Brings the alerts in line with what a run found, in a transaction of its own.
    ///
    /// - Parameter found: hands over every alert, sorted by household, then direction, bytewise.
    func apply(run: Int64, _ found: ((FoundAlert) throws -> Void) throws -> Void) throws -> AlertChanges {
        try database.writeInBulk { db in try apply(run: run, found, in: db) }
    }

    /// The same within the caller's transaction, which must be the first to change an alert: what is stored is read
    /// from a second connection, whose snapshot is that of the transaction's begin. So the cursor that reads it is
    /// never disturbed by what is written beside it.
    func apply(
        run: Int64, _ found: ((FoundAlert) throws -> Void) throws -> Void, in db: Connection
    ) throws -> AlertChanges {
        let time = database.clock.timestamp()
        return try database.read { snapshot in
            let stored = try StoredAlertCursor(snapshot)
            let writer = try AlertWriter(db, run: run, time: time)
            var changes = AlertChanges()
            func goOn() throws {
                if stored.isCleared {
                    changes.unchanged += 1
                } else {
                    try writer.clear(stored.alert)
                    changes.cleared += 1
                }
                try stored.skip()
            }
            try found { alert in
                while stored.hasAlert, stored.order(beside: alert) < 0 { try goOn() }
                guard stored.hasAlert, stored.order(beside: alert) == 0 else {
                    try writer.open(alert)
                    changes.opened += 1
                    return
                }
                let before = stored.alert
                let isSame = try stored.takeAndCompare(with: alert)
                if before.isCleared {
                    try writer.change(before, to: alert, as: .reopened)
                    changes.reopened += 1
                } else if isSame {
                    changes.unchanged += 1
                } else {
                    try writer.change(before, to: alert, as: .updated)
                    changes.updated += 1
                }
            }
            while stored.hasAlert { try goOn() }
            try RescueChain.append(writer.findings, at: time, in: db)
            return changes
        }
    }

    /// A person closes an alert, and says why. If its signals are found again, the next run opens a new one.
    ///
    /// - Parameters:
    ///   - scope: an alert outside it is unknown.
    ///   - event: who closes; its subject is filled in here.
    func close(_ id: Int64, note: String, within scope: Scope, audit event: AuditEvent) throws {
        let time = database.clock.timestamp()
        try database.write { db in
            try Self.close(id, note: note, at: time, within: scope, audit: event, in: db)
        }
    }

    /// - Parameter version: the number of its last change, where the caller says which one it saw.
    static func close(
        _ id: Int64, note: String, version: Int64? = nil, at time: String, within scope: Scope, audit event: AuditEvent,
        in db: Connection
    ) throws {
        let note = note.trimmingWhiteSpace()
        guard !note.isEmpty else { throw AlertRefusal.noteMissing }
        guard
            let row = try db.first(
                """
                SELECT state, direction, tier, points, household_id, division FROM alert
                WHERE alert_id = \(id) AND \(SQL.within(scope.division, "division"))
                """)
        else { throw AlertRefusal.unknown(id) }
        guard try row.get("state", as: String.self) != "closed" else { throw AlertRefusal.closedAlready }
        let last = try db.first(
            "SELECT number, signals FROM alert_change WHERE alert_id = \(id) ORDER BY number DESC LIMIT 1")
        let number: Int64 = try last?.get("number") ?? 0
        if let version, version != number { throw Problem.stale }
        let signals: String = try last?.get("signals") ?? "[]"
        try db.execute("UPDATE alert SET state = 'closed', changed_at = \(time) WHERE alert_id = \(id)")
        try db.execute(
            """
            INSERT INTO alert_change (alert_id, number, run_id, changed_at, change, tier, points, signals, note)
            VALUES (\(id), \(number + 1), NULL, \(time), 'closed', \(row.get("tier", as: String.self)),
                \(row.get("points", as: Int64.self)), \(signals), \(note))
            """)
        var event = event
        event.subject = try row.get("household_id")
        event.division = try row.get("division")
        try AuditLog.append([event], in: db)
        let alert = RescueEvent.ClosedAlert(
            id: id, household: event.subject, division: event.division, direction: try row.get("direction"),
            tier: try row.get("tier"), points: try row.get("points"))
        try RescueChain.append([.closed(alert, note: note, by: event, at: time)], at: time, in: db)
    }
}

extension String {
    fileprivate func trimmingWhiteSpace() -> String {
        let rest = unicodeScalars.drop { $0.properties.isWhitespace }
        guard let last = rest.lastIndex(where: { !$0.properties.isWhitespace }) else { return "" }
        return String(rest[...last])
    }
}
