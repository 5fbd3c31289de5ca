import GRDB
import SocialDomain
import Testing

@testable import AidService

struct AlertStoreTests {
    private let database: AidDatabase
    private let store: AlertStore
    private let data: SampleData

    init() throws {
        data = try SampleData()
        database = try data.database()
        store = AlertStore(database: database)
        for run in 1...5 { try database.insertRun(Int64(run)) }
    }

    private func apply(_ run: Int64, _ alerts: [FoundAlert]) throws -> AlertChanges {
        try store.apply(run: run) { body in
            for alert in alerts { try body(alert) }
        }
    }

    private static func alert(
        _ household: String, _ direction: Direction = .support, tier: Tier = .orange, points: Int = 40,
        division: String = "150402001002", signals: [(String, String)] = [("S01", #"{"medicalSelfPaid":42000.5}"#)]
    ) -> FoundAlert {
        let found = signals.map {
            FoundSignal(indicator: $0.0, subject: household, points: 40, factsJSON: $0.1)
        }
        let json = found.map {
            #"{"indicator":"\#($0.indicator)","subject":"\#($0.subject)","points":40,"facts":\#($0.factsJSON)}"#
        }
        return FoundAlert(
            household: household, division: division, direction: direction, tier: tier, points: points, signals: found,
            signalsJSON: "[" + json.joined(separator: ",") + "]")
    }

    private func alerts() throws -> [String] {
        try database.lines(
            """
            SELECT household_id, direction, state, tier, points, opened_run, changed_run FROM alert ORDER BY alert_id
            """)
    }

    private func changes() throws -> [String] {
        try database.lines(
            "SELECT alert_id, number, run_id, change, points FROM alert_change ORDER BY alert_id, number")
    }

    private func signals() throws -> [String] {
        try database.lines("SELECT alert_id, indicator, subject, points, facts FROM alert_signal")
    }

    @Test func `what has no alert gets one, with its signals and its first line of history`() throws {
        let result = try apply(1, [Self.alert("H1", .review), Self.alert("H1"), Self.alert("H2", points: 45)])

        #expect(result == AlertChanges(opened: 3))
        #expect(
            try alerts() == [
                "H1|review|open|orange|40|1|1", "H1|support|open|orange|40|1|1", "H2|support|open|orange|45|1|1",
            ])
        #expect(try signals().count == 3)
        #expect(try signals().first == #"1|S01|H1|40|{"medicalSelfPaid":42000.5}"#)
        #expect(try changes() == ["1|1|1|opened|40", "2|1|1|opened|40", "3|1|1|opened|45"])
    }

    @Test func `the same again writes nothing at all`() throws {
        let found = [Self.alert("H1", .review), Self.alert("H1"), Self.alert("H2")]
        _ = try apply(1, found)
        let before = try database.write { db in db.totalChangesCount }

        let result = try apply(2, found)

        #expect(result == AlertChanges(unchanged: 3))
        #expect(try database.write { db in db.totalChangesCount } == before)
    }

    @Test func `an open alert takes over tier, points and signals and keeps its history`() throws {
        _ = try apply(1, [Self.alert("H1")])

        let result = try apply(
            2, [Self.alert("H1", tier: .red, points: 80, signals: [("S01", "{}"), ("S02", "{}")])])

        #expect(result == AlertChanges(updated: 1))
        #expect(try alerts() == ["H1|support|open|red|80|1|2"])
        #expect(try signals() == ["1|S01|H1|40|{}", "1|S02|H1|40|{}"])
        #expect(try changes() == ["1|1|1|opened|40", "1|2|2|updated|80"])
    }

    @Test(arguments: [
        AlertStoreTests.alert("H1", tier: .red), AlertStoreTests.alert("H1", points: 41),
        AlertStoreTests.alert("H1", division: "150502001002"), AlertStoreTests.alert("H1", signals: [("S02", "{}")]),
        AlertStoreTests.alert("H1", signals: [("S01", #"{"medicalSelfPaid":42000.0}"#)]),
        AlertStoreTests.alert("H1", signals: []),
    ])
    func `any difference is an update`(changed: FoundAlert) throws {
        _ = try apply(1, [Self.alert("H1"), Self.alert("H2")])

        let result = try apply(2, [changed, Self.alert("H2")])

        #expect(result == AlertChanges(updated: 1, unchanged: 1))
    }

    @Test func `an alert whose signals are gone is cleared, for a person to close`() throws {
        _ = try apply(1, [Self.alert("H1"), Self.alert("H2"), Self.alert("H3")])

        let result = try apply(2, [Self.alert("H2")])

        #expect(result == AlertChanges(cleared: 2, unchanged: 1))
        #expect(
            try alerts() == [
                "H1|support|cleared|orange|40|1|2", "H2|support|open|orange|40|1|1",
                "H3|support|cleared|orange|40|1|2",
            ])
        #expect(try signals().count == 1)
        #expect(
            try database.lines("SELECT change, signals FROM alert_change WHERE alert_id = 1 AND number = 2") == [
                "cleared|[]"
            ])
    }

    @Test func `a cleared alert is not cleared again`() throws {
        _ = try apply(1, [Self.alert("H1")])
        _ = try apply(2, [])

        let result = try apply(3, [])

        #expect(result == AlertChanges(unchanged: 1))
        #expect(try changes().count == 2)
    }

    @Test func `a cleared alert whose signals come back is opened again`() throws {
        _ = try apply(1, [Self.alert("H1")])
        _ = try apply(2, [])

        let result = try apply(3, [Self.alert("H1")])

        #expect(result == AlertChanges(reopened: 1))
        #expect(try alerts() == ["H1|support|open|orange|40|1|3"])
        #expect(try signals().count == 1)
        #expect(try changes() == ["1|1|1|opened|40", "1|2|2|cleared|40", "1|3|3|reopened|40"])
    }

    @Test func `households are told apart bytewise, in any script`() throws {
        let households = ["H1", "H10", "H2", "h1", "é", "家1", "𠀀"]
        _ = try apply(1, households.map { Self.alert($0) })

        let result = try apply(2, households.filter { $0 != "H2" }.map { Self.alert($0) })

        #expect(result == AlertChanges(cleared: 1, unchanged: 6))
        #expect(try database.lines("SELECT household_id FROM alert WHERE state = 'cleared'") == ["H2"])
    }

    @Test func `a person closes an alert with a note, and it stands in the history`() throws {
        _ = try apply(1, [Self.alert("H1")])

        try store.close(1, note: " 已入户核实，纳入临时救助 ")

        #expect(try alerts() == ["H1|support|closed|orange|40|1|1"])
        #expect(
            try database.lines("SELECT run_id, change, points, signals, note FROM alert_change WHERE number = 2") == [
                #"-|closed|40|[{"indicator":"S01","subject":"H1","points":40,"facts":{"medicalSelfPaid":42000.5}}]|已入户核实，纳入临时救助"#
            ])
    }

    @Test func `after a person has closed it, the same signals open a new alert`() throws {
        _ = try apply(1, [Self.alert("H1")])
        try store.close(1, note: "已核实")

        let result = try apply(2, [Self.alert("H1")])

        #expect(result == AlertChanges(opened: 1))
        #expect(try alerts() == ["H1|support|closed|orange|40|1|1", "H1|support|open|orange|40|2|2"])
    }

    @Test func `closing needs a note, an alert, and one that is not closed`() throws {
        _ = try apply(1, [Self.alert("H1")])

        #expect(throws: AlertRefusal.noteMissing) { try store.close(1, note: " \u{3000}\n") }
        #expect(throws: AlertRefusal.unknown(7)) { try store.close(7, note: "已核实") }
        try store.close(1, note: "已核实")
        #expect(throws: AlertRefusal.closedAlready) { try store.close(1, note: "已核实") }
        #expect(try changes().count == 2)
    }

    @Test func `a run that fails in the middle changes nothing`() throws {
        _ = try apply(1, [Self.alert("H1"), Self.alert("H3")])

        #expect(throws: RunFailure.stopped) {
            try store.apply(run: 2) { body in
                try body(Self.alert("H2"))
                throw RunFailure.stopped
            }
        }

        #expect(try alerts() == ["H1|support|open|orange|40|1|1", "H3|support|open|orange|40|1|1"])
        #expect(try changes().count == 2)
    }
}
