import Storage

/// An alert as it stands in the database before a run's changes.
struct StoredAlert {
    let id: Int64
    let isCleared: Bool
    let tier: String
    let points: Int64
}

/// Walks the alerts that are not closed, with their signals, in the order in which a run finds alerts: one pass over
/// two sorted lists instead of a question for each of half a million households.
final class StoredAlertCursor {
    private let rows: any BulkStatement
    private(set) var hasAlert: Bool
    private(set) var alert = StoredAlert(id: 0, isCleared: false, tier: "", points: 0)

    var isCleared: Bool { alert.isCleared }

    init(_ db: Connection) throws {
        rows = try db.prepare(
            """
            SELECT a.alert_id, a.household_id, a.direction, a.division, a.state, a.tier, a.points,
                s.indicator, s.subject, s.points, s.facts
            FROM alert AS a \(db.reading(by: "alert_not_closed")) LEFT JOIN alert_signal AS s ON s.alert_id = a.alert_id
            WHERE a.state <> 'closed'
            ORDER BY a.household_id, a.direction, s.indicator, s.subject
            """)
        hasAlert = false
        hasAlert = try rows.step()
        readAlert()
    }

    private func readAlert() {
        guard hasAlert else { return }
        alert = StoredAlert(
            id: rows.integer(0), isCleared: rows.compare(4, with: "cleared") == 0, tier: rows.text(5),
            points: rows.integer(6))
    }

    /// Below 0 where the stored alert comes first, 0 where both are of one household and direction.
    func order(beside found: FoundAlert) -> Int {
        let order = rows.compare(1, with: found.household)
        return order != 0 ? order : rows.compare(2, with: found.direction.rawValue)
    }

    /// Goes on to the next alert.
    func skip() throws {
        let id = alert.id
        repeat { hasAlert = try rows.step() } while hasAlert && rows.integer(0) == id
        readAlert()
    }

    /// Whether the stored alert says what the found one says; goes on to the next.
    func takeAndCompare(with found: FoundAlert) throws -> Bool {
        let id = alert.id
        var isSame =
            rows.compare(3, with: found.division) == 0 && rows.compare(5, with: found.tier.rawValue) == 0
            && rows.integer(6) == Int64(found.points)
        var count = 0
        repeat {
            if !rows.isNull(7) {
                isSame = isSame && count < found.signals.count && isSignal(found.signals[count])
                count += 1
            }
            hasAlert = try rows.step()
        } while hasAlert && rows.integer(0) == id
        readAlert()
        return isSame && count == found.signals.count
    }

    private func isSignal(_ signal: FoundSignal) -> Bool {
        rows.compare(7, with: signal.indicator) == 0 && rows.compare(8, with: signal.subject) == 0
            && rows.integer(9) == Int64(signal.points) && rows.compare(10, with: signal.factsJSON) == 0
    }
}
