import ServiceKit
import SocialDomain
import Storage

/// Writes what a run does to alerts, each change with its line of history.
final class AlertWriter {
    /// What a run can do to an alert that is there.
    enum Change: String {
        case updated
        case reopened
    }

    private let db: Connection
    private let run: Int64
    private let insertAlert: any BulkStatement
    private let updateAlert: any BulkStatement
    private let clearAlert: any BulkStatement
    private let insertSignal: any BulkStatement
    private let deleteSignals: any BulkStatement
    private let insertChange: any BulkStatement
    private var nextID: Int64
    private let day: String
    /// For the rescue chains of their households.
    private(set) var findings: [RescueEvent] = []

    init(_ db: Connection, run: Int64, time: String) throws {
        self.db = db
        self.run = run
        day = BeijingTime.day(iso8601: time).description
        insertAlert = try db.prepare(
            """
            INSERT INTO alert (alert_id, household_id, division, direction, state, tier, points,
                opened_at, opened_run, changed_at, changed_run)
            VALUES (?1, ?2, ?3, ?4, 'open', ?5, ?6, ?7, ?8, ?7, ?8)
            """)
        updateAlert = try db.prepare(
            """
            UPDATE alert SET state = 'open', division = ?2, tier = ?3, points = ?4, changed_at = ?5, changed_run = ?6
            WHERE alert_id = ?1
            """)
        clearAlert = try db.prepare(
            "UPDATE alert SET state = 'cleared', changed_at = ?2, changed_run = ?3 WHERE alert_id = ?1")
        insertSignal = try db.prepare(
            "INSERT INTO alert_signal (alert_id, indicator, subject, points, facts) VALUES (?1, ?2, ?3, ?4, ?5)")
        deleteSignals = try db.prepare("DELETE FROM alert_signal WHERE alert_id = ?1")
        insertChange = try db.prepare(
            """
            INSERT INTO alert_change (alert_id, number, run_id, changed_at, change, tier, points, signals)
            VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM alert_change WHERE alert_id = ?1),
                ?2, ?3, ?4, ?5, ?6, ?7)
            """)
        nextID = try db.first("SELECT coalesce(max(alert_id), 0) + 1 AS next FROM alert")?.get("next") ?? 1
        insertAlert.bind(7, time)
        insertAlert.bind(8, run)
        updateAlert.bind(5, time)
        updateAlert.bind(6, run)
        clearAlert.bind(2, time)
        clearAlert.bind(3, run)
        insertChange.bind(2, run)
        insertChange.bind(3, time)
    }

    func open(_ found: FoundAlert) throws {
        let id = nextID
        nextID += 1
        insertAlert.bind(1, id)
        insertAlert.bind(2, found.household)
        insertAlert.bind(3, found.division)
        insertAlert.bind(4, found.direction.rawValue)
        insertAlert.bind(5, found.tier.rawValue)
        insertAlert.bind(6, Int64(found.points))
        try insertAlert.run()
        try insertSignals(of: found, alert: id)
        try note("opened", alert: id, found.tier.rawValue, Int64(found.points), signals: found.signalsJSON)
        findings.append(.found(found, id: id, run: run, isBack: false, day: day))
    }

    func change(_ stored: StoredAlert, to found: FoundAlert, as change: Change) throws {
        updateAlert.bind(1, stored.id)
        updateAlert.bind(2, found.division)
        updateAlert.bind(3, found.tier.rawValue)
        updateAlert.bind(4, Int64(found.points))
        try updateAlert.run()
        try removeSignals(alert: stored.id)
        try insertSignals(of: found, alert: stored.id)
        try note(
            change.rawValue, alert: stored.id, found.tier.rawValue, Int64(found.points), signals: found.signalsJSON)
        if change == .reopened { findings.append(.found(found, id: stored.id, run: run, isBack: true, day: day)) }
    }

    /// The signals are gone; tier and points stay as they last were.
    func clear(_ stored: StoredAlert) throws {
        clearAlert.bind(1, stored.id)
        try clearAlert.run()
        try removeSignals(alert: stored.id)
        try note("cleared", alert: stored.id, stored.tier, stored.points, signals: "[]")
    }

    private func insertSignals(of found: FoundAlert, alert: Int64) throws {
        insertSignal.bind(1, alert)
        for signal in found.signals {
            insertSignal.bind(2, signal.indicator)
            insertSignal.bind(3, signal.subject)
            insertSignal.bind(4, Int64(signal.points))
            insertSignal.bind(5, signal.factsJSON)
            try insertSignal.run()
        }
    }

    private func removeSignals(alert: Int64) throws {
        deleteSignals.bind(1, alert)
        try deleteSignals.run()
    }

    private func note(_ change: String, alert: Int64, _ tier: String, _ points: Int64, signals: String) throws {
        insertChange.bind(1, alert)
        insertChange.bind(4, change)
        insertChange.bind(5, tier)
        insertChange.bind(6, points)
        insertChange.bind(7, signals)
        try insertChange.run()
    }
}
