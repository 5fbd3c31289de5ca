import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import Testing

@testable import AidService

/// Who is named to training, and what training tells back.
struct AskTrainingTests {
    private static func sweep(_ sample: RescueSample, run: Int64 = 1) throws -> Int {
        try sample.database.write { db in
            try AskTraining(db: db, seal: sample.database.seal, time: RescueSample.time).forFindings(of: run)
        }
    }

    private static func ask(_ sample: RescueSample, _ person: String, of household: String = "H1") throws {
        try sample.database.write { db in
            try AskTraining(db: db, seal: sample.database.seal, time: RescueSample.time).forMember(
                person, of: household, within: RescueSample.officer.scope,
                audit: AuditEvent("training.ask", reason: person, by: RescueSample.officer))
        }
    }

    @Test(arguments: TestServer.engines)
    func `an unemployed member of working age in a low-income household is asked for once`(_ engine: Engine)
        async throws
    {
        let sample = try await RescueSample(engine)

        #expect(try Self.sweep(sample) == 1)
        #expect(try Self.sweep(sample) == 0)

        #expect(
            try sample.chain() == ["H1|1|training-asked|2026-06-30|P4|请求职业技能培训|aid||training:P4"])
        #expect(
            try sample.events() == [
                #"cn.minsheng.aid.training-needed|P4|{"birthYear":1985,"division":"150402001002","household":"H1","sex":"male"}"#
            ])
    }

    @Test(arguments: TestServer.engines)
    func `where no training service is connected nobody is asked for until one is`(_ engine: Engine) async throws {
        let sample = try await RescueSample(engine, isConnected: false)

        #expect(try Self.sweep(sample) == 0)
        #expect(throws: TrainingRefusal.notConnected) { try Self.ask(sample, "P1") }
        #expect(try sample.chain().isEmpty)

        try await Outbox(database: sample.database.database).setReceivers([
            EventReceiver(name: "training", address: "http://127.0.0.1:1/training", types: [TrainingNeed.eventType])
        ])
        #expect(try Self.sweep(sample) == 1)
    }

    @Test(arguments: TestServer.engines)
    func `an officer asks for a member, by name in the chain and in the log`(_ engine: Engine) async throws {
        let sample = try await RescueSample(engine)

        try Self.ask(sample, "P1")

        #expect(
            try sample.chain() == ["H1|1|training-asked|2026-06-30|P1|请求职业技能培训|aid|张伟|training:P1"])
        #expect(try sample.events().count == 1)
        #expect(
            try sample.database.lines("SELECT action, subject, division, reason, name FROM audit_entry") == [
                "training.ask|H1|150402001002|P1|张伟"
            ])
    }

    @Test(arguments: TestServer.engines)
    func `what stands against it is named, and nothing is changed`(_ engine: Engine) async throws {
        let sample = try await RescueSample(engine)
        try Self.ask(sample, "P4")

        #expect(
            throws: TrainingRefusal.askedAlready(on: CalendarDate(iso8601: "2026-06-30") ?? CalendarDate(dayNumber: 0))
        ) {
            try Self.ask(sample, "P4")
        }
        #expect(throws: TrainingRefusal.age(76)) { try Self.ask(sample, "P5") }
        #expect(throws: TrainingRefusal.ageUnknown) { try Self.ask(sample, "P6") }
        #expect(throws: TrainingRefusal.notInHousehold) { try Self.ask(sample, "P3") }
        // Another county's household is not there for this officer.
        #expect(throws: Problem.self) { try Self.ask(sample, "P3", of: "H2") }
        #expect(try sample.chain().count == 1)
        #expect(try sample.events().count == 1)
    }

    @Test func `a household that is only watched is refused`() async throws {
        let sample = try await RescueSample(.sqlite)
        try sample.database.run("UPDATE household SET category = 'monitored' WHERE household_id = 'H1'")

        #expect(throws: TrainingRefusal.notLowIncome) { try Self.ask(sample, "P4") }
    }

    // MARK: - Milestones

    private static func tell(_ sample: RescueSample, _ event: CloudEvent) async throws -> Inbox.Receipt {
        var inbox = Inbox(database: sample.database.database)
        inbox.on(TrainingMilestones.eventType) { event, db in
            try TrainingMilestones.handle(event, at: RescueSample.time, in: db)
        }
        let service = String(event.source.dropFirst())
        return try await inbox.receive(
            event, from: Caller(kind: .service, id: service, name: service, scope: .ownMachine))
    }

    @Test(arguments: TestServer.engines)
    func `each step stands in the chain once, however often it is told`(_ engine: Engine) async throws {
        let sample = try await RescueSample(engine)
        #expect(try Self.sweep(sample) == 1)
        let offered = try sample.milestone("offered", sequence: 1)
        let enrolled = try sample.milestone("enrolled", on: "2026-07-03", sequence: 2)

        #expect(try await Self.tell(sample, offered) == .handled)
        #expect(try await Self.tell(sample, offered) == .repeated)
        // The same step in another event, as after a restore.
        #expect(try await Self.tell(sample, sample.milestone("offered", sequence: 1)) == .handled)
        #expect(try await Self.tell(sample, enrolled) == .handled)

        #expect(
            try sample.chain().dropFirst() == [
                "H1|2|offered|2026-07-02|P4|育婴员一班|training||offered:enrollment:17",
                "H1|3|enrolled|2026-07-03|P4|育婴员一班|training||enrolled:enrollment:17",
            ])
        #expect(try sample.findings().isEmpty)
    }

    @Test(arguments: TestServer.engines)
    func `a person who has moved takes the chain's next entry along`(_ engine: Engine) async throws {
        let sample = try await RescueSample(engine)
        #expect(try Self.sweep(sample) == 1)
        try sample.database.run("UPDATE person SET household_id = 'H2' WHERE person_id = 'P4'")
        #expect(try await Self.tell(sample, sample.milestone("certified")) == .handled)
        try sample.database.run("DELETE FROM person WHERE person_id = 'P4'")
        #expect(try await Self.tell(sample, sample.milestone("placed", sequence: 2)) == .handled)

        #expect(
            try sample.database.lines("SELECT household_id, division, kind FROM chain_entry ORDER BY position") == [
                "H1|150402001002|training-asked", "H2|150403001002|certified", "H1|150402001002|placed",
            ])
    }

    @Test(arguments: TestServer.engines)
    func `what another service says, or of a person nobody asked for, is refused`(_ engine: Engine) async throws {
        let sample = try await RescueSample(engine)
        #expect(try Self.sweep(sample) == 1)

        for event in [
            try sample.milestone("offered", from: "care"), try sample.milestone("offered", of: "P1"),
            try sample.milestone("alert-closed"), try sample.milestone("offered", on: "soon"),
        ] {
            await #expect(throws: Problem.self) { try await Self.tell(sample, event) }
        }
        #expect(try sample.chain().count == 1)
    }

    // MARK: - Alerts

    @Test(arguments: TestServer.engines)
    func `a run's findings and an officer's closing go into the chain with them`(_ engine: Engine) async throws {
        let sample = try await RescueSample(engine)
        try sample.database.run("DELETE FROM alert_signal; DELETE FROM alert")
        let store = AlertStore(database: sample.database)
        for run in 2...4 { try sample.database.insertRun(Int64(run)) }
        let alert = SampleOutcome.alert("H1", .support, .red, division: "150402001002")

        _ = try store.apply(run: 2) { try $0(alert) }
        _ = try store.apply(run: 2) { try $0(alert) }
        _ = try store.apply(run: 3) { _ in }
        _ = try store.apply(run: 4) { try $0(alert) }
        try store.close(
            1, note: "已走访，无需救助。", within: RescueSample.officer.scope,
            audit: AuditEvent("alert.close", by: RescueSample.officer))

        #expect(
            try sample.chain() == [
                "H1|1|alert-found|2026-06-30||发现预警|aid||alert:1:run:2",
                "H1|2|alert-found|2026-06-30||再次发现预警|aid||alert:1:run:4",
                "H1|3|alert-closed|2026-06-30||已走访，无需救助。|aid|张伟|alert:1:closed",
            ])
        #expect(
            try sample.database.lines("SELECT payload FROM chain_entry ORDER BY position") == [
                #"{"alert":1,"direction":"support","points":60,"run":2,"tier":"red"}"#,
                #"{"alert":1,"direction":"support","points":60,"run":4,"tier":"red"}"#,
                #"{"alert":1,"direction":"support","points":60,"tier":"red"}"#,
            ])
        #expect(try sample.findings().isEmpty)
    }
}
