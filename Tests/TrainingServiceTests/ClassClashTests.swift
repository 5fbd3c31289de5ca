import Foundation
import Storage
import TestDatabases
import Testing

@testable import TrainingService

/// The database's own rule: no room, instructor or learner in two places. Statements go to it as they are, past every check
/// of the service.
@Suite struct ClassClashTests {
    /// Both have begun, and have seen what there was, before either goes on.
    final class Gate: @unchecked Sendable {
        // The condition's lock guards the count.
        private let condition = NSCondition()
        private var count = 0
        private let wanted: Int

        init(_ wanted: Int) { self.wanted = wanted }

        func pass() {
            condition.lock()
            defer { condition.unlock() }
            count += 1
            condition.broadcast()
            let end = Date().addingTimeInterval(10)
            while count < wanted, condition.wait(until: end) {}
        }
    }

    enum Mode: String, CaseIterable, Sendable {
        case serializable
        case byRows

        func run(_ database: Database, _ work: @escaping @Sendable (Connection) throws -> Void) async throws {
            switch self {
            case .serializable: try await database.write(work)
            case .byRows: try await database.writeByRows(work)
            }
        }
    }

    static func insert(_ planned: PlannedSession, _ item: Int64, _ db: Connection) throws {
        try db.execute(
            """
            INSERT INTO class_session (class_id, room_id, instructor_id, instructor_number, starts_at, ends_at, hours)
            VALUES (\(item), \(planned.room), \(planned.instructor),
                (SELECT number_index FROM instructor WHERE instructor_id = \(planned.instructor)),
                \(planned.startsAt), \(planned.endsAt), \(planned.hours))
            """)
    }

    private static func clash(_ work: () async throws -> Void) async -> String? {
        do {
            try await work()
            return nil
        } catch DatabaseFault.constraint(let violation) {
            return violation.kind == .exclusion ? violation.name ?? "?" : "\(violation.kind)"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: TestServer.engines) func `a room holds one session at a time`(_ engine: Engine) async throws {
        let sample = try await ClassSample(engine)
        try await sample.insertClass(1)
        let (first, over, next) = (
            try ClassSample.session(1, 9, 12), try ClassSample.session(1, 11, 13, instructor: 4),
            try ClassSample.session(1, 12, 14, instructor: 4)
        )
        try await sample.database.write { db in try Self.insert(first, 1, db) }

        let refused = await Self.clash { try await sample.database.write { db in try Self.insert(over, 1, db) } }
        let taken = await Self.clash { try await sample.database.write { db in try Self.insert(next, 1, db) } }

        #expect(refused == "room_clash")
        #expect(taken == nil)
    }

    @Test(arguments: TestServer.engines) func `one person does not teach at two schools at once`(
        _ engine: Engine
    ) async throws {
        let sample = try await ClassSample(engine)
        try await sample.insertClass(1)
        try await sample.insertClass(2, school: 2)
        let first = try ClassSample.session(1, 9, 12)
        let other = try ClassSample.session(1, 10, 11, room: 2, instructor: 2)
        try await sample.database.write { db in try Self.insert(first, 1, db) }

        let refused = await Self.clash { try await sample.database.write { db in try Self.insert(other, 2, db) } }
        try await sample.database.write { db in _ = try db.execute("UPDATE class_session SET is_cancelled = 1") }
        let taken = await Self.clash { try await sample.database.write { db in try Self.insert(other, 2, db) } }
        let restored = await Self.clash {
            try await sample.database.write { db in
                _ = try db.execute("UPDATE class_session SET is_cancelled = 0 WHERE class_id = 1")
            }
        }

        #expect(refused == "instructor_clash")
        #expect(taken == nil)
        #expect(restored == "instructor_clash")
    }

    @Test(arguments: TestServer.engines) func `a learner does not sit in two classes at once`(
        _ engine: Engine
    ) async throws {
        let sample = try await ClassSample(engine)
        try await sample.insertClass(1, state: "open")
        try await sample.insertClass(2, school: 2, state: "open")
        try await sample.insertLearner(1)
        let morning = try ClassSample.session(1, 9, 12)
        let same = try ClassSample.session(1, 11, 13, room: 2, instructor: 4)
        let later = try ClassSample.session(2, 9, 12, room: 2, instructor: 4)
        try await sample.database.write { db in
            try Self.insert(morning, 1, db)
            try Self.insert(later, 2, db)
        }
        try await sample.enroll(1, in: 1)
        try await sample.enroll(1, in: 2)

        let added = await Self.clash { try await sample.database.write { db in try Self.insert(same, 2, db) } }
        let moved = await Self.clash {
            try await sample.database.write { db in
                _ = try db.execute(
                    """
                    UPDATE class_session SET starts_at = \(same.startsAt), ends_at = \(same.endsAt) WHERE class_id = 2
                    """)
            }
        }
        try await sample.database.write { db in
            _ = try db.execute("UPDATE enrollment SET state = 'waiting' WHERE class_id = 2")
        }
        let waiting = await Self.clash { try await sample.database.write { db in try Self.insert(same, 2, db) } }
        let seated = await Self.clash {
            try await sample.database.write { db in
                _ = try db.execute("UPDATE enrollment SET state = 'seated' WHERE class_id = 2")
            }
        }

        #expect(added == "learner_clash")
        #expect(moved == "learner_clash")
        #expect(waiting == nil)
        #expect(seated == "learner_clash")
    }

    // MARK: - Two at once

    /// Two changes that cannot both stand, begun before either is seen by the other.
    private func race(
        _ engine: Engine, _ modes: (Mode, Mode), _ database: Database,
        _ first: @escaping @Sendable (Connection) throws -> Void,
        _ second: @escaping @Sendable (Connection) throws -> Void
    ) async -> [String] {
        let gate = Gate(2)
        // SQLite has one writer: there the second begins when the first has ended.
        let waits = engine == .postgres
        async let one = Self.clash {
            try await modes.0.run(database) { db in
                _ = try db.first("SELECT count(*) AS n FROM class_session, enrollment")
                if waits { gate.pass() }
                try first(db)
            }
        }
        async let other = Self.clash {
            try await modes.1.run(database) { db in
                _ = try db.first("SELECT count(*) AS n FROM class_session, enrollment")
                if waits { gate.pass() }
                try second(db)
            }
        }
        return await [one ?? "done", other ?? "done"].sorted()
    }

    private static let modes: [(Mode, Mode)] = Mode.allCases.flatMap { one in Mode.allCases.map { (one, $0) } }

    @Test(arguments: TestServer.engines) func `two at once do not take one room`(_ engine: Engine) async throws {
        for modes in Self.modes {
            let sample = try await ClassSample(engine)
            try await sample.insertClass(1)
            let one = try ClassSample.session(1, 9, 12)
            let other = try ClassSample.session(1, 10, 13, instructor: 4)

            let ends = await race(
                engine, modes, sample.database, { try Self.insert(one, 1, $0) }, { try Self.insert(other, 1, $0) })

            #expect(ends == ["done", "room_clash"], "\(modes)")
            #expect(try await sample.count("SELECT count(*) AS n FROM class_session") == 1)
        }
    }

    @Test(arguments: TestServer.engines) func `two schools at once do not get one instructor`(
        _ engine: Engine
    ) async throws {
        for modes in Self.modes {
            let sample = try await ClassSample(engine)
            try await sample.insertClass(1)
            try await sample.insertClass(2, school: 2)
            let one = try ClassSample.session(1, 9, 12)
            let other = try ClassSample.session(1, 10, 13, room: 2, instructor: 2)

            let ends = await race(
                engine, modes, sample.database, { try Self.insert(one, 1, $0) }, { try Self.insert(other, 2, $0) })

            #expect(ends == ["done", "instructor_clash"], "\(modes)")
            #expect(try await sample.count("SELECT count(*) AS n FROM class_session") == 1)
        }
    }

    /// Two classes with sessions at the same time, and one learner.
    private func sampleOfTwo(_ engine: Engine) async throws -> ClassSample {
        let sample = try await ClassSample(engine)
        try await sample.insertClass(1, state: "open")
        try await sample.insertClass(2, school: 2, state: "open")
        try await sample.insertLearner(1)
        let one = try ClassSample.session(1, 9, 12)
        let other = try ClassSample.session(1, 10, 13, room: 2, instructor: 4)
        try await sample.database.write { db in
            try Self.insert(one, 1, db)
            try Self.insert(other, 2, db)
        }
        return sample
    }

    @Test(arguments: TestServer.engines) func `two classes at once do not seat one learner`(
        _ engine: Engine
    ) async throws {
        for modes in Self.modes {
            let sample = try await sampleOfTwo(engine)
            let now = sample.now

            let ends = await race(
                engine, modes, sample.database,
                { try ClassSample.enroll(1, in: 1, state: "seated", at: now, $0) },
                { try ClassSample.enroll(1, in: 2, state: "offered", at: now, $0) })

            #expect(ends == ["done", "learner_clash"], "\(modes)")
            #expect(try await sample.count("SELECT count(*) AS n FROM enrollment") == 1)
        }
    }

    @Test(arguments: TestServer.engines) func `a seat and a new session at once do not put a learner in two places`(
        _ engine: Engine
    ) async throws {
        for modes in Self.modes {
            let sample = try await ClassSample(engine)
            try await sample.insertClass(1, state: "open")
            try await sample.insertClass(2, school: 2, state: "open")
            try await sample.insertLearner(1)
            let there = try ClassSample.session(1, 9, 12)
            let new = try ClassSample.session(1, 10, 13, room: 2, instructor: 4)
            try await sample.database.write { db in try Self.insert(there, 1, db) }
            try await sample.enroll(1, in: 1)
            let now = sample.now

            // The learner takes a seat in class 2 while class 2 gets a session at the same time as class 1's.
            let ends = await race(
                engine, modes, sample.database,
                { try ClassSample.enroll(1, in: 2, state: "seated", at: now, $0) }, { try Self.insert(new, 2, $0) })

            #expect(ends == ["done", "learner_clash"], "\(modes)")
        }
    }

    @Test(arguments: TestServer.engines) func `nobody keeps a seat that was taken while the class was cancelled`(
        _ engine: Engine
    ) async throws {
        for mode in Mode.allCases {
            let sample = try await ClassSample(engine)
            try await sample.insertClass(1, state: "open")
            try await sample.insertLearner(1)
            let (now, caller) = (sample.now, ClassPeople.caller("anna"))

            let ends = await race(
                engine, (mode, .serializable), sample.database,
                { db in
                    let given = try db.execute(
                        "UPDATE training_class SET version = version WHERE class_id = 1 AND state = 'open'")
                    if given == 1 { try ClassSample.enroll(1, in: 1, state: "seated", at: now, db) }
                },
                { db in
                    let desk = ChangeDesk(db: db, caller: caller, time: now, request: "r")
                    try desk.cancelClass(1, why: "停电", version: 1)
                })

            #expect(ends == ["done", "done"], "\(mode)")
            #expect(try await sample.count("SELECT count(*) AS n FROM enrollment WHERE state = 'seated'") == 0)
            #expect(try await sample.count("SELECT seated AS n FROM training_class") == 0)
            #expect(
                try await sample.text("SELECT state FROM training_class", "state") == "cancelled", "\(mode)")
        }
    }
}
