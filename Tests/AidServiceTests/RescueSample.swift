import Foundation
import Security
import ServiceKit
import SocialDomain
import Storage

@testable import AidService

/// A database with the households of `PageSample`, and chains to tell of.
struct RescueSample: Sendable {
    static let time = "2026-06-30T08:00:00Z"
    static let key = [UInt8](repeating: 8, count: 32)
    static let officer = Caller(
        kind: .person, id: "a1", name: "张伟",
        scope: Scope(roles: ["aid": ["officer"]], division: DivisionCode(prefix: "150402")))

    let data: SampleData
    let database: AidDatabase

    /// - Parameter isConnected: whether a training service is told of needs.
    init(_ engine: Engine, isConnected: Bool = true) async throws {
        data = try SampleData()
        database = try data.database(engine)
        try database.run(Self.rows)
        guard isConnected else { return }
        try await Outbox(database: database.database).setReceivers([
            EventReceiver(
                name: "training", address: "http://127.0.0.1:1/training", types: [TrainingNeed.eventType])
        ])
    }

    static func event(
        _ household: String, _ number: Int, kind: RescueEvent.Kind = .alertFound, person: String = ""
    ) -> RescueEvent {
        RescueEvent(
            household: household, division: "150402001002", kind: kind, day: "2026-06-30", person: person,
            title: "事项\(number)", reference: "test:\(number)")
    }

    func append(_ events: [RescueEvent]) throws {
        try database.write { db in try RescueChain.append(events, at: Self.time, in: db) }
    }

    /// H1 and H2 by turns: positions 1 to 6, three entries each.
    func appendSix() throws {
        for number in 1...6 { try append([Self.event(number % 2 == 1 ? "H1" : "H2", number)]) }
    }

    func verify(
        household: String? = nil, since checkpoint: AuditCheckpoint? = nil
    ) throws -> VerifyRescueChain.Outcome {
        try VerifyRescueChain(database: database.database)(household: household, since: checkpoint, key: Self.key)
    }

    func findings(since checkpoint: AuditCheckpoint? = nil) throws -> [VerifyRescueChain.Finding] {
        try verify(since: checkpoint).findings
    }

    /// As someone would who has the database in hand.
    func tamper(_ sql: String) throws {
        try database.write { db in
            if db.engine == .sqlite {
                try db.execute("DROP TRIGGER chain_entry_is_not_changed")
                try db.execute("DROP TRIGGER chain_entry_is_not_removed")
            } else {
                try db.execute("ALTER TABLE chain_entry DISABLE TRIGGER USER")
            }
            for statement in sql.split(separator: ";") { try db.execute(SQL(trusted: String(statement))) }
        }
    }

    func chain() throws -> [String] {
        try database.lines(
            """
            SELECT household_id, sequence, kind, day, person_id, title, source, actor, reference FROM chain_entry
            ORDER BY position
            """)
    }

    func events() throws -> [String] {
        try database.lines("SELECT type, subject, data FROM outbox_event ORDER BY subject")
    }

    func milestone(
        _ milestone: String, of person: String = "P4", reference: String = "enrollment:17",
        on day: String = "2026-07-02",
        id: String = UUID().uuidString, sequence: Int64 = 1, from service: String = "training"
    ) throws -> CloudEvent {
        try CloudEvent(
            id: id, service: service, type: TrainingMilestones.eventType, subject: person,
            milliseconds: 1_782_806_400_000, sequence: sequence, previous: 0,
            data: """
                {"level":5,"milestone":"\(milestone)","on":"\(day)","reference":"\(reference)","title":"育婴员一班",\
                "trade":"4-10-01-02"}
                """)
    }

    /// H1 is on dibao: P4 lost work, P5 is too old, P6's day of birth is not known, P1 works. H2 is only watched: P3 lost
    /// work there.
    static let rows = """
        INSERT INTO run (run_id, state, as_of, rules_version, rules_sha256, requested_at)
        VALUES (1, 'done', '2026-06-30', '2026.1', 'x', '2026-06-30T01:00:00Z');
        INSERT INTO household (household_id, division, settlement, category, size, position)
        VALUES ('H1', '150402001002', 'rural', 'dibao', 4, 0), ('H2', '150403001002', 'rural', 'monitored', 1, 1);
        INSERT INTO person (person_id, household_id, name, sex, birth_date, relation, position)
        VALUES ('P1', 'H1', '乌兰', 'female', '1980-01-01', 'head', 0), ('P4', 'H1', '巴特尔', 'male', '1985-05-06', 'spouse', 1),
            ('P5', 'H1', '其其格', 'female', '1950-01-01', 'parent', 2), ('P6', 'H1', '苏和', 'male', NULL, 'other', 3),
            ('P3', 'H2', '李强', 'male', '1990-02-03', 'head', 4);
        INSERT INTO alert (alert_id, household_id, division, direction, state, tier, points, opened_at, opened_run,
            changed_at, changed_run)
        VALUES (1, 'H1', '150402001002', 'support', 'open', 'yellow', 15, '2026-06-30T01:00:00Z', 1, '2026-06-30T01:00:00Z', 1),
            (2, 'H2', '150403001002', 'support', 'open', 'yellow', 15, '2026-06-30T01:00:00Z', 1, '2026-06-30T01:00:00Z', 1);
        INSERT INTO alert_signal (alert_id, indicator, subject, points, facts)
        VALUES (1, 'S05', 'P4', 15, '{"jobLoss":1}'), (1, 'S05', 'P5', 15, '{"jobLoss":1}'),
            (1, 'S05', 'P6', 15, '{"jobLoss":1}'), (1, 'S03', 'P1', 20, '{"severelyDisabled":1}'),
            (2, 'S05', 'P3', 15, '{"jobLoss":1}');
        """
}
