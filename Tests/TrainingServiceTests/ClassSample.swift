import Foundation
import ServiceKit
import SocialDomain
import Storage
import TestDatabases

@testable import TrainingService

/// A county with two schools, a neighbour with one, rooms, instructors, an approved program of 12 hours; the day is
/// 2026-06-30.
struct ClassSample {
    let sample: TrainingSample
    let now = "2026-06-30T02:00:00Z"

    static let codes = ["52150402MJY1234565", "52150402MJY6543218", "52150403MJY111111Q"]

    init(_ engine: Engine = .sqlite, signIn: SignIn? = nil) async throws {
        sample = try await TrainingSample(engine, signIn: signIn)
        try await database.write { db in
            for (id, division, until) in [
                (1, "150402", "2027-12-31"), (2, "150402", "2026-07-20"), (3, "150403", "2027-12-31"),
            ] {
                try db.execute(
                    """
                    INSERT INTO school (school_id, credit_code, name, division, licence_until)
                    VALUES (\(id), \(Self.codes[id - 1]), \("演示学校\(id)"), \(division), \(until))
                    """)
                try db.execute(
                    "INSERT INTO room (room_id, school_id, name, seats) VALUES (\(id), \(id), \("教室\(id)"), 30)")
                // One person teaches at all three schools.
                try db.execute(
                    """
                    INSERT INTO instructor (instructor_id, school_id, name, number_sealed, number_index)
                    VALUES (\(id), \(id), '教师甲', \([UInt8](arrayLiteral: 1)), \([UInt8](arrayLiteral: 7)))
                    """)
                try db.execute(
                    """
                    INSERT INTO program (program_id, school_id, title, trade, level, hours, price, subsidy, state)
                    VALUES (\(id), \(id), \("家政服务\(id)"), '4-10-01-06', 5, 12, 0, 150000, 'approved')
                    """)
            }
            try db.execute("INSERT INTO room (room_id, school_id, name, seats) VALUES (4, 1, '小教室', 10)")
            try db.execute(
                """
                INSERT INTO instructor (instructor_id, school_id, name, number_sealed, number_index)
                VALUES (4, 1, '教师乙', \([UInt8](arrayLiteral: 1)), \([UInt8](arrayLiteral: 8)))
                """)
            if db.engine == .postgres {
                // Ids that were given by hand are not given again.
                for table in ["school", "room", "instructor", "program"] {
                    try db.execute(
                        """
                        SELECT setval(pg_get_serial_sequence(\(table), \("\(table)_id")), 100)
                        """)
                }
            }
        }
    }

    var database: Database { sample.application.database }

    /// A class from 1 to 31 July, put in as it stands.
    func insertClass(_ id: Int64, school: Int64 = 1, state: String = "draft", capacity: Int64 = 30) async throws {
        try await database.write { db in
            _ = try db.execute(
                """
                INSERT INTO training_class (class_id, program_id, school_id, division, title, audience, place, capacity,
                    starts_on, ends_on, sign_up_until, state)
                VALUES (\(id), \(school), \(school), \(school == 3 ? "150403" : "150402"), \("班次\(id)"), 'any', '教学楼',
                    \(capacity), '2026-07-01', '2026-07-31', '2026-07-01', \(state))
                """)
            if db.engine == .postgres {
                try db.execute("SELECT setval(pg_get_serial_sequence('training_class', 'class_id'), 1000)")
            }
        }
    }

    /// With a number and a phone that can be opened.
    func insertLearner(_ id: Int64, number: String = "150402199001010023", aid: String? = nil) async throws {
        let seal = sample.application.seal
        let number = try CitizenID(number)
        let index = seal.index(of: number)
        let (sealed, phone) = (try seal.seal(number), try seal.seal(phone: "13900001234", index: index))
        try await database.write { db in
            _ = try db.execute(
                """
                INSERT INTO learner (learner_id, division, name, number_sealed, number_index, phone_sealed, born_on, sex,
                    residence, aid_person, created_at)
                VALUES (\(id), '150402', \("学员\(id)"), \(sealed), \(index), \(phone), '1990-01-01', 'female', 'rural',
                    \(aid), \(now))
                """)
        }
    }

    func enroll(_ learner: Int64, in item: Int64, state: String = "seated") async throws {
        try await database.write { db in try Self.enroll(learner, in: item, state: state, at: now, db) }
    }

    static func enroll(_ learner: Int64, in item: Int64, state: String, at now: String, _ db: Connection) throws {
        let holds = state == "seated" || state == "offered"
        try db.execute(
            """
            UPDATE training_class SET last_sequence = last_sequence + 1, seated = seated + \(holds ? 1 : 0)
            WHERE class_id = \(item)
            """)
        try db.execute(
            """
            INSERT INTO enrollment (class_id, learner_id, division, state, sequence, offered_until, created_at, changed_at)
            VALUES (\(item), \(learner), '150402', \(state),
                (SELECT last_sequence FROM training_class WHERE class_id = \(item)),
                \(state == "offered" ? "2026-07-01T00:00:00Z" : nil), \(now), \(now))
            """)
    }

    /// One change by an account of the county.
    @discardableResult
    func change<Value: Sendable>(
        by id: String = "anna", division: String? = "150402", at time: String? = nil,
        _ work: @escaping @Sendable (ChangeDesk) throws -> Value
    ) async throws -> Value {
        let caller = ClassPeople.caller(id, division: division)
        let moment = time ?? now
        return try await database.write { db in
            try work(ChangeDesk(db: db, caller: caller, time: moment, request: "r"))
        }
    }

    func text(_ sql: SQL, _ column: String) async throws -> String? {
        try await database.read { db in try db.first(sql)?.get(column) }
    }

    func count(_ sql: SQL) async throws -> Int64 {
        try await database.read { db in try db.first(sql)?.get("n") ?? 0 }
    }

    /// A session of July 2026, in hours of the clock.
    static func session(
        _ day: Int64, _ from: Int64, _ to: Int64, room: Int64 = 1, instructor: Int64 = 1, hours: Int64 = 4
    ) throws -> PlannedSession {
        let date = CalendarDate(year: 2026, month: 7, day: Int(day)) ?? CalendarDate(dayNumber: 0)
        return PlannedSession(
            room: room, instructor: instructor, startsAt: TimetableMinute.of(date, from * 60),
            endsAt: TimetableMinute.of(date, to * 60), hours: hours, topic: "")
    }
}
