import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import Testing

@testable import AidService

/// An alert store with five runs to work for.
private struct AlertDesk {
    let database: AidDatabase
    let store: AlertStore
    let data: SampleData

    init(_ engine: Engine) throws {
        data = try SampleData()
        database = try data.database(engine)
        store = AlertStore(database: database)
        for run in 1...5 { try database.insertRun(Int64(run)) }
    }

    func apply(_ run: Int64, _ alerts: [FoundAlert]) throws -> AlertChanges {
        try store.apply(run: run) { body in
            for alert in alerts { try body(alert) }
        }
    }

    static func alert(
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

    func alerts() throws -> [String] {
        try database.lines(
            """
            SELECT household_id, direction, state, tier, points, opened_run, changed_run FROM alert ORDER BY alert_id
            """)
    }

    func changes() throws -> [String] {
        try database.lines(
            "SELECT alert_id, number, run_id, change, points FROM alert_change ORDER BY alert_id, number")
    }

    func signals() throws -> [String] {
        try database.lines("SELECT alert_id, indicator, subject, points, facts FROM alert_signal")
    }

    /// Everything that a run may change.
    func content() throws -> [String] {
        try database.lines("SELECT alert_id, state, changed_at, changed_run FROM alert ORDER BY alert_id")
            + signals() + changes()
    }
}

struct AlertStoreTests {
    @Test(arguments: TestServer.engines)
    func `what has no alert gets one, with its signals and its first line of history`(_ engine: Engine) throws {
        let desk = try AlertDesk(engine)
        let result = try desk.apply(
            1, [AlertDesk.alert("H1", .review), AlertDesk.alert("H1"), AlertDesk.alert("H2", points: 45)])

        #expect(result == AlertChanges(opened: 3))
        #expect(
            try desk.alerts() == [
                "H1|review|open|orange|40|1|1", "H1|support|open|orange|40|1|1", "H2|support|open|orange|45|1|1",
            ])
        #expect(try desk.signals().count == 3)
        #expect(try desk.signals().first == #"1|S01|H1|40|{"medicalSelfPaid":42000.5}"#)
        #expect(try desk.changes() == ["1|1|1|opened|40", "2|1|1|opened|40", "3|1|1|opened|45"])
    }

    @Test(arguments: TestServer.engines) func `the same again writes nothing at all`(_ engine: Engine) throws {
        let desk = try AlertDesk(engine)
        let found = [AlertDesk.alert("H1", .review), AlertDesk.alert("H1"), AlertDesk.alert("H2")]
        _ = try desk.apply(1, found)
        let before = try desk.content()

        let result = try desk.apply(2, found)

        #expect(result == AlertChanges(unchanged: 3))
        #expect(try desk.content() == before)
    }

    @Test(arguments: TestServer.engines) func `an open alert takes over tier, points and signals and keeps its history`(
        _ engine: Engine
    ) throws {
        let desk = try AlertDesk(engine)
        _ = try desk.apply(1, [AlertDesk.alert("H1")])

        let result = try desk.apply(
            2, [AlertDesk.alert("H1", tier: .red, points: 80, signals: [("S01", "{}"), ("S02", "{}")])])

        #expect(result == AlertChanges(updated: 1))
        #expect(try desk.alerts() == ["H1|support|open|red|80|1|2"])
        #expect(try desk.signals() == ["1|S01|H1|40|{}", "1|S02|H1|40|{}"])
        #expect(try desk.changes() == ["1|1|1|opened|40", "1|2|2|updated|80"])
    }

    @Test(arguments: [
        AlertDesk.alert("H1", tier: .red), AlertDesk.alert("H1", points: 41),
        AlertDesk.alert("H1", division: "150502001002"), AlertDesk.alert("H1", signals: [("S02", "{}")]),
        AlertDesk.alert("H1", signals: [("S01", #"{"medicalSelfPaid":42000.0}"#)]),
        AlertDesk.alert("H1", signals: []),
    ])
    func `any difference is an update`(changed: FoundAlert) throws {
        let desk = try AlertDesk(.sqlite)
        _ = try desk.apply(1, [AlertDesk.alert("H1"), AlertDesk.alert("H2")])

        let result = try desk.apply(2, [changed, AlertDesk.alert("H2")])

        #expect(result == AlertChanges(updated: 1, unchanged: 1))
    }

    @Test(arguments: TestServer.engines) func `an alert whose signals are gone is cleared, for a person to close`(
        _ engine: Engine
    ) throws {
        let desk = try AlertDesk(engine)
        _ = try desk.apply(1, [AlertDesk.alert("H1"), AlertDesk.alert("H2"), AlertDesk.alert("H3")])

        let result = try desk.apply(2, [AlertDesk.alert("H2")])

        #expect(result == AlertChanges(cleared: 2, unchanged: 1))
        #expect(
            try desk.alerts() == [
                "H1|support|cleared|orange|40|1|2", "H2|support|open|orange|40|1|1",
                "H3|support|cleared|orange|40|1|2",
            ])
        #expect(try desk.signals().count == 1)
        #expect(
            try desk.database.lines("SELECT change, signals FROM alert_change WHERE alert_id = 1 AND number = 2") == [
                "cleared|[]"
            ])
    }

    @Test(arguments: TestServer.engines) func `a cleared alert is not cleared again`(_ engine: Engine) throws {
        let desk = try AlertDesk(engine)
        _ = try desk.apply(1, [AlertDesk.alert("H1")])
        _ = try desk.apply(2, [])

        let result = try desk.apply(3, [])

        #expect(result == AlertChanges(unchanged: 1))
        #expect(try desk.changes().count == 2)
    }

    @Test(arguments: TestServer.engines) func `a cleared alert whose signals come back is opened again`(
        _ engine: Engine
    ) throws {
        let desk = try AlertDesk(engine)
        _ = try desk.apply(1, [AlertDesk.alert("H1")])
        _ = try desk.apply(2, [])

        let result = try desk.apply(3, [AlertDesk.alert("H1")])

        #expect(result == AlertChanges(reopened: 1))
        #expect(try desk.alerts() == ["H1|support|open|orange|40|1|3"])
        #expect(try desk.signals().count == 1)
        #expect(try desk.changes() == ["1|1|1|opened|40", "1|2|2|cleared|40", "1|3|3|reopened|40"])
    }

    @Test(arguments: TestServer.engines) func `households are told apart bytewise, in any script`(_ engine: Engine)
        throws
    {
        let desk = try AlertDesk(engine)
        let households = ["H1", "H10", "H2", "h1", "é", "家1", "𠀀"]
        _ = try desk.apply(1, households.map { AlertDesk.alert($0) })

        let result = try desk.apply(2, households.filter { $0 != "H2" }.map { AlertDesk.alert($0) })

        #expect(result == AlertChanges(cleared: 1, unchanged: 6))
        #expect(try desk.database.lines("SELECT household_id FROM alert WHERE state = 'cleared'") == ["H2"])
    }

    @Test(arguments: TestServer.engines) func `a person closes an alert with a note, and it stands in the history`(
        _ engine: Engine
    ) throws {
        let desk = try AlertDesk(engine)
        _ = try desk.apply(1, [AlertDesk.alert("H1")])

        try desk.store.close(
            1, note: " 已入户核实，纳入临时救助 ", within: .ownMachine, audit: AuditEvent("alert.close", by: .machine))

        #expect(try desk.alerts() == ["H1|support|closed|orange|40|1|1"])
        #expect(
            try desk.database.lines("SELECT run_id, change, points, signals, note FROM alert_change WHERE number = 2")
                == [
                    #"-|closed|40|[{"indicator":"S01","subject":"H1","points":40,"facts":{"medicalSelfPaid":42000.5}}]|已入户核实，纳入临时救助"#
                ])
    }

    @Test(arguments: TestServer.engines) func `after a person has closed it, the same signals open a new alert`(
        _ engine: Engine
    ) throws {
        let desk = try AlertDesk(engine)
        _ = try desk.apply(1, [AlertDesk.alert("H1")])
        try desk.store.close(1, note: "已核实", within: .ownMachine, audit: AuditEvent("alert.close", by: .machine))

        let result = try desk.apply(2, [AlertDesk.alert("H1")])

        #expect(result == AlertChanges(opened: 1))
        #expect(try desk.alerts() == ["H1|support|closed|orange|40|1|1", "H1|support|open|orange|40|2|2"])
    }

    @Test(arguments: TestServer.engines) func `closing needs a note, an alert, and one that is not closed`(
        _ engine: Engine
    ) throws {
        let desk = try AlertDesk(engine)
        _ = try desk.apply(1, [AlertDesk.alert("H1")])

        #expect(throws: AlertRefusal.noteMissing) {
            try desk.store.close(
                1, note: " \u{3000}\n", within: .ownMachine, audit: AuditEvent("alert.close", by: .machine))
        }
        #expect(throws: AlertRefusal.unknown(7)) {
            try desk.store.close(7, note: "已核实", within: .ownMachine, audit: AuditEvent("alert.close", by: .machine))
        }
        try desk.store.close(1, note: "已核实", within: .ownMachine, audit: AuditEvent("alert.close", by: .machine))
        #expect(throws: AlertRefusal.closedAlready) {
            try desk.store.close(1, note: "已核实", within: .ownMachine, audit: AuditEvent("alert.close", by: .machine))
        }
        #expect(try desk.changes().count == 2)
    }

    @Test(arguments: TestServer.engines) func `a run that fails in the middle changes nothing`(_ engine: Engine) throws
    {
        let desk = try AlertDesk(engine)
        _ = try desk.apply(1, [AlertDesk.alert("H1"), AlertDesk.alert("H3")])

        #expect(throws: RunFailure.stopped) {
            try desk.store.apply(run: 2) { body in
                try body(AlertDesk.alert("H2"))
                throw RunFailure.stopped
            }
        }

        #expect(try desk.alerts() == ["H1|support|open|orange|40|1|1", "H3|support|open|orange|40|1|1"])
        #expect(try desk.changes().count == 2)
    }

    @Test(arguments: TestServer.engines) func `a neighbour's officer cannot close an alert`(_ engine: Engine) throws {
        let desk = try AlertDesk(engine)
        _ = try desk.apply(1, [AlertDesk.alert("H1")])

        #expect(throws: AlertRefusal.unknown(1)) {
            try desk.store.close(
                1, note: "已核实", within: SampleData.scope("150403"), audit: AuditEvent("alert.close", by: .machine))
        }
        try desk.store.close(
            1, note: "已核实", within: SampleData.scope("150402"), audit: AuditEvent("alert.close", by: .machine))

        #expect(try desk.alerts() == ["H1|support|closed|orange|40|1|1"])
    }
}
