import Foundation
import HTTPTypes
import NIOCore
import Security
import ServiceKit
import SocialDomain
import Storage
import TestPages

@testable import TrainingService

/// 2026-06-30, 10:00 in Beijing: session 1 of class 1 begins, and session 2 of class 2 in another room; both last until
/// 12:00. Session 3 of class 1 is on the next day, session 4 belongs to class 3 in the neighbouring county. Learners 1 to
/// `learners` sit in class 1, with the same numbers as enrollments.
struct AttendanceSample {
    let classes: ClassSample
    let tokens: [LearnerToken]
    /// When session 1 begins, since 1970; a window of the code begins with it.
    static let start: Int64 = 1_782_784_800
    static let code1 = CheckInCode(secret: [UInt8](repeating: 1, count: 32), session: 1)
    static let code2 = CheckInCode(secret: [UInt8](repeating: 2, count: 32), session: 2)
    static let list = "/training/classes/1/sessions/1"

    var sample: TrainingSample { classes.sample }
    var database: Database { classes.database }

    init(_ engine: Engine = .sqlite, learners: Int64 = 3) async throws {
        classes = try await ClassSample(engine, signIn: ClassPeople.signIn())
        tokens = (0..<learners).map { _ in .random() }
        try await classes.insertClass(1, state: "running")
        try await classes.insertClass(2, state: "running")
        try await classes.insertClass(3, school: 3, state: "running")
        for id in 1...learners {
            try await classes.insertLearner(id, number: Self.number(id))
            try await classes.enroll(id, in: 1)
        }
        let ring = sample.store.ring
        let (digests, begin) = (tokens.map(\.digest), AttendanceMinutes.minute(Self.start))
        try await database.write { db in
            for (index, digest) in digests.enumerated() {
                try db.execute("UPDATE learner SET token_digest = \(digest) WHERE learner_id = \(Int64(index + 1))")
            }
            // session, class, room, instructor, minutes after 10:00
            let sessions: [(Int64, Int64, Int64, Int64, Int64)] = [
                (1, 1, 1, 1, 0), (2, 2, 4, 4, 0), (3, 1, 1, 1, 1440), (4, 3, 3, 3, 240),
            ]
            for (id, item, room, instructor, minutes) in sessions {
                try Self.insert(id, item, room, instructor, begin + minutes, hours: 2, db)
            }
            for (id, secret) in [(Int64(1), UInt8(1)), (2, 2), (3, 3)] {
                let sealed = try ring.seal(
                    [UInt8](repeating: secret, count: 32),
                    at: FieldPlace(table: "attendance_list", column: "secret", row: "\(id)"))
                try db.execute(
                    """
                    INSERT INTO attendance_list (session_id, secret_sealed, opened_at, opened_by)
                    VALUES (\(id), \(sealed), '2026-06-30T02:00:00Z', 'tom')
                    """)
            }
        }
    }

    /// Two hours of the clock.
    static func insert(
        _ id: Int64, _ item: Int64, _ room: Int64, _ instructor: Int64, _ minute: Int64, hours: Int64,
        isCancelled: Int64 = 0, _ db: Connection
    ) throws {
        let person: [UInt8] = [instructor == 4 ? 8 : 7]
        try db.execute(
            """
            INSERT INTO class_session (session_id, class_id, room_id, instructor_id, instructor_number, starts_at,
                ends_at, hours, topic, is_cancelled)
            VALUES (\(id), \(item), \(room), \(instructor), \(person), \(minute), \(minute + 120), \(hours), '礼仪',
                \(isCancelled))
            """)
    }

    /// A valid number of somebody born on 1990-03-07.
    static func number(_ index: Int64) throws -> String {
        let body = "15040219900307" + String(100 + index)
        return body + String(UnicodeScalar(CitizenID.checkCharacter(ofBody: UInt64(body) ?? 0)))
    }

    // MARK: - Asking

    /// A phone of its own for each learner unless another is named.
    func phone(_ learner: Int, device: Int? = nil) -> HTTPFields {
        let digits = String(device ?? learner)
        let secret = String(repeating: "0", count: 64 - digits.count) + digits
        return [.cookie: "training_learner=\(tokens[learner - 1].text); training_device=\(secret)"]
    }

    func checkIn(_ learner: Int, _ code: String, session: Int = 1, device: Int? = nil) async throws -> PageAnswer {
        try await sample.post("/training/check-in/\(session)", ["code": code], phone(learner, device: device))
    }

    /// The code of session 1 at its start.
    static var firstCode: String { code1.text(atStep: CheckInCode.step(start)) }

    func mark(
        _ enrollment: Int, _ state: String, _ reason: String = "", seen: String = "", at list: String = Self.list
    ) async throws -> PageAnswer {
        try await sample.post(
            "\(list)/attendance/\(enrollment)", ["state": state, "reason": reason, "seen": seen],
            ClassPeople.headers("tom", ["instructor"]))
    }

    func upload(_ text: String, at list: String = Self.list) async throws -> PageAnswer {
        var headers = try await ClassPeople.headers("tom", ["instructor"])
        headers[.contentType] = "multipart/form-data; boundary=b"
        let body =
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"list.csv\"\r\n\r\n\(text)\r\n--b--\r\n"
        return try await sample.ask("\(list)/sheet", .post, headers, ByteBuffer(string: body))
    }

    /// `1 present code`, by enrollment.
    func entries(session: Int64 = 1) async throws -> [String] {
        try await database.read { db in
            try db.rows(
                """
                SELECT enrollment_id, state, source FROM attendance WHERE session_id = \(session) ORDER BY enrollment_id
                """
            ).map { row in
                let number: Int64 = try row.get("enrollment_id")
                return "\(number) \(try row.get("state", as: String.self)) \(try row.get("source", as: String.self))"
            }
        }
    }
}
