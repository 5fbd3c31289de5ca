import Foundation
import HTTPTypes
import Security
import ServiceKit
import Storage
import Synchronization
import TestDatabases
import TestPages
import Testing

@testable import TrainingService

/// Assessment, issuing, revoking, and what anybody learns of a number. Session 1 is over; learners 1 to 4 attended it.
@Suite struct CertificateTests {
    private static let classPath = "/training/classes/1/certificates"
    private static let number = "7KM4QXC29TRX"

    /// Olga recorded that 1 passed and 3 did not, Ruth that 2 passed; nobody assessed 4.
    private func sample(_ engine: Engine = .sqlite) async throws -> AttendanceSample {
        let sample = try await AttendanceSample(engine, learners: 4)
        sample.sample.wait(7200)
        try await sample.database.write { db in
            for enrollment in Int64(1)...4 {
                try db.execute(
                    """
                    INSERT INTO attendance (session_id, enrollment_id, class_id, state, source, marked_at)
                    VALUES (1, \(enrollment), 1, 'present', 'teacher', '2026-06-30T02:00:00Z')
                    """)
            }
            for (enrollment, points, by) in [(Int64(1), Int64(800), "olga"), (2, 700, "ruth"), (3, 599, "olga")] {
                try db.execute(
                    """
                    INSERT INTO assessment_result (enrollment_id, attempt, taken_on, theory, practice, passed,
                        recorded_by, recorded_at)
                    VALUES (\(enrollment), 1, '2026-06-30', \(points), 900, \(Int64(points >= 600 ? 1 : 0)), \(by),
                        '2026-06-30T04:00:00Z')
                    """)
            }
        }
        return sample
    }

    /// With a certificate of learner 1 that Ruth issued.
    private func certified(_ engine: Engine = .sqlite) async throws -> AttendanceSample {
        let sample = try await sample(engine)
        _ = try await sample.database.write { db in
            try db.execute(
                """
                INSERT INTO certificate (number, enrollment_id, learner_id, division, trade, level, issued_on, issued_by)
                VALUES (\(Self.number), 1, 1, '150402', '4-10-01-06', 5, '2026-06-30', 'ruth')
                """)
        }
        return sample
    }

    private func reviewer(_ id: String, division: String = "150402") async throws -> HTTPFields {
        try await ClassPeople.headers(id, ["reviewer"], division: division)
    }

    /// `1 ruth`, by enrollment.
    private func issued(_ sample: AttendanceSample) async throws -> [String] {
        try await sample.database.read { db in
            try db.rows("SELECT enrollment_id, issued_by FROM certificate ORDER BY enrollment_id").map { row in
                "\(try row.get("enrollment_id", as: Int64.self)) \(try row.get("issued_by", as: String.self))"
            }
        }
    }

    // MARK: - Issuing

    @Test(arguments: TestServer.engines) func `issuing pressed twice, and five times at once, issues once`(
        _ engine: Engine
    ) async throws {
        let sample = try await sample(engine)
        let ruth = try await reviewer("ruth")

        let asked = try await sample.sample.get("\(Self.classPath)/issue", ruth)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<5 {
                group.addTask { try await sample.sample.post("\(Self.classPath)/issue", [:], ruth).status }
            }
            for try await status in group { #expect(status == 303) }
        }
        let again = try await sample.sample.post("\(Self.classPath)/issue", [:], ruth)
        let page = try await sample.sample.get(Self.classPath, ruth)

        #expect(asked.status == 200 && asked.text.contains("给 1 人颁发证书？"))
        #expect(again.status == 303)
        #expect(try await issued(sample) == ["1 ruth"])
        #expect(page.text.contains("成绩由您录入，须由另一人颁发") && page.text.contains("考核未合格"))
        #expect(page.text.contains("未考核"))
        #expect(
            try await sample.classes.count("SELECT count(*) AS n FROM audit_entry WHERE action = 'certificate.issue'")
                == 1)
    }

    @Test(arguments: TestServer.engines)
    func `another reviewer issues what the first one recorded; an officer issues nothing`(
        _ engine: Engine
    ) async throws {
        let sample = try await sample(engine)

        let officer = try await sample.sample.post(
            "\(Self.classPath)/issue", [:], ClassPeople.headers("olga", ["officer"]))
        let neighbour = try await sample.sample.post(
            "\(Self.classPath)/issue", [:], reviewer("nora", division: "150403"))
        let first = try await sample.sample.post("\(Self.classPath)/issue", [:], reviewer("ruth"))
        let second = try await sample.sample.post("\(Self.classPath)/issue", [:], reviewer("rolf"))

        #expect(officer.status == 403)
        #expect(neighbour.status == 404)
        #expect(first.status == 303 && second.status == 303)
        #expect(try await issued(sample) == ["1 ruth", "2 rolf"])
    }

    @Test(arguments: TestServer.engines) func `hours that were taken away after the assessment stand in the way`(
        _ engine: Engine
    ) async throws {
        let sample = try await sample(engine)
        _ = try await sample.database.write { db in
            try db.execute("UPDATE attendance SET state = 'absent' WHERE enrollment_id = 1")
        }

        let answer = try await sample.sample.post("\(Self.classPath)/issue", [:], reviewer("ruth"))
        let page = try await sample.sample.get(Self.classPath, reviewer("ruth"))

        #expect(answer.status == 409 && answer.text.contains("没有可以颁发的证书"))
        #expect(page.text.contains("出勤不足 80%"))
        #expect(try await issued(sample).isEmpty)
    }

    @Test(arguments: TestServer.engines) func `a number that is taken is drawn again`(_ engine: Engine) async throws {
        let sample = try await certified(engine)
        let drawn = Drawn(["7KM4QXC29TRX", "7KM4QXC29TRX", "ABCDEFGHJKM9"])
        var store = CertificateStore(database: sample.database)
        store.draw = { drawn.next() }

        let count = try await store.issue(
            forClass: 1,
            by: ActingAccount(
                caller: ClassPeople.caller("rolf", ["reviewer"]), request: "r", second: AttendanceSample.start + 7200))

        #expect(count == 1)
        #expect(
            try await sample.classes.text("SELECT number FROM certificate WHERE enrollment_id = 2", "number")
                == "ABCDEFGHJKM9")
    }

    // MARK: - Checking

    @Test(arguments: TestServer.engines) func `anybody learns whether a certificate holds, and no more of its holder`(
        _ engine: Engine
    ) async throws {
        let sample = try await certified(engine)

        let valid = try await sample.sample.get("/training/certificates/7km4-qxc2-9trx")
        let unknown = try await sample.sample.get("/training/certificates/ABCDEFGHJKM9")
        let mistyped = try await sample.sample.get("/training/certificates/7KM4QXC29TXR")
        let odd = try await sample.sample.get("/training/certificates/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
        let found = try await sample.sample.get("/training/certificates?number=+7KM4-QXC2-9TRX+")
        let record = try await sample.sample.get("/training/v1/certificates/\(Self.number)", [:])
        let none = try await sample.sample.get("/training/v1/certificates/ABCDEFGHJKM9", [:])
        let wrong = try await sample.sample.get("/training/v1/certificates/7KM4QXC29TXR", [:])

        #expect(valid.status == 200 && valid.text.contains("证书有效") && valid.text.contains("7KM4-QXC2-9TRX"))
        #expect(valid.text.contains("家政服务1") && !valid.text.contains("学员1"))
        #expect(!valid.text.contains("19900307") && !valid.text.contains("ruth"))
        #expect(unknown.status == 404 && unknown.text.contains("没有这张证书"))
        #expect(mistyped.status == 404 && mistyped.text.contains("编号抄错了"))
        #expect(odd.status == 404 && odd.text.contains("编号抄错了") && !odd.text.contains("<script>alert"))
        #expect(found.status == 303 && found.location == "/training/certificates/7KM4-QXC2-9TRX")
        #expect(record.status == 200 && record.text.contains(#""state":"valid""#) && !record.text.contains("学员1"))
        #expect(none.status == 404)
        #expect(wrong.status == 422)
    }

    // MARK: - Revoking

    @Test(arguments: TestServer.engines) func `whoever issued a certificate does not revoke it, another reviewer does`(
        _ engine: Engine
    ) async throws {
        let sample = try await certified(engine)
        let path = "/training/manage/certificates/\(Self.number)/revoke"
        let fields = ["why": "fraud", "note": "督导核实代签"]

        let own = try await sample.sample.get(path, reviewer("ruth"))
        let ownPress = try await sample.sample.post(path, fields, reviewer("ruth"))
        let officer = try await sample.sample.post(path, fields, ClassPeople.headers("olga", ["officer"]))
        let noReason = try await sample.sample.post(path, ["note": "督导核实代签"], reviewer("rolf"))
        let noNote = try await sample.sample.post(path, ["why": "fraud"], reviewer("rolf"))
        let before = try await sample.sample.get("/training/certificates/\(Self.number)")
        let revoked = try await sample.sample.post(path, fields, reviewer("rolf"))
        let twice = try await sample.sample.post(path, fields, reviewer("rolf"))
        let third = try await sample.sample.post(path, fields, reviewer("rita"))
        let after = try await sample.sample.get("/training/certificates/\(Self.number)")
        let record = try await sample.sample.get("/training/v1/certificates/\(Self.number)", [:])
        let printed = try await sample.sample.get("\(Self.classPath)/print", reviewer("rolf"))

        #expect(own.status == 409 && own.text.contains("须由另一名审核人员撤销"))
        #expect(ownPress.status == 409 && officer.status == 403)
        #expect(noReason.status == 422 && noReason.text.contains("请选择对外公布的撤销原因"))
        #expect(noNote.status == 422 && noNote.text.contains("请写明查到了什么"))
        #expect(before.text.contains("证书有效"))
        #expect(revoked.status == 303 && twice.status == 303)
        #expect(third.status == 409 && third.text.contains("这张证书已经撤销"))
        #expect(after.status == 200 && after.text.contains("证书已撤销"))
        #expect(after.text.contains("考勤或考核弄虚作假") && !after.text.contains("督导核实代签"))
        #expect(record.text.contains(#""state":"revoked""#) && record.text.contains(#""revokedWhy":"fraud""#))
        #expect(printed.status == 404)
        #expect(
            try await sample.classes.count("SELECT count(*) AS n FROM audit_entry WHERE action = 'certificate.revoke'")
                == 1)
    }

    @Test(arguments: TestServer.engines) func `what was issued in error is issued anew, what was falsified is not`(
        _ engine: Engine
    ) async throws {
        let sample = try await certified(engine)
        let valid: SQL = "SELECT count(*) AS n FROM certificate WHERE enrollment_id = 1 AND revoked_on IS NULL"
        func revoke(_ why: String) async throws -> Int {
            let number = try await sample.classes.text(
                "SELECT number FROM certificate WHERE enrollment_id = 1 AND revoked_on IS NULL", "number")
            return try await sample.sample.post(
                "/training/manage/certificates/\(try #require(number))/revoke", ["why": why, "note": "核实"],
                reviewer("rolf")
            ).status
        }

        #expect(try await revoke("error") == 303)
        let page = try await sample.sample.get(Self.classPath, reviewer("ruth"))
        let again = try await sample.sample.post("\(Self.classPath)/issue", [:], reviewer("ruth"))
        #expect(page.text.contains("可以颁发"))
        #expect(again.status == 303)
        #expect(try await sample.classes.count(valid) == 1)
        #expect(try await sample.sample.get("/training/certificates/\(Self.number)").text.contains("证书已撤销"))

        #expect(try await revoke("fraud") == 303)
        _ = try await sample.sample.post("\(Self.classPath)/issue", [:], reviewer("ruth"))
        let last = try await sample.sample.get(Self.classPath, reviewer("ruth"))
        #expect(try await sample.classes.count(valid) == 0)
        #expect(last.text.contains("证书已撤销，不再颁发"))
        let people = try await sample.database.read { db in
            try SubsidyEvidence.read(classID: 1, claim: "", within: .ownMachine, in: db)?.people.filter {
                $0.enrollment == 1
            }
        }
        #expect(people?.count == 1 && people?.first?.certificate?.revokedOn != nil, "one line, with what was revoked")
    }

    @Test(arguments: TestServer.engines) func `the neighbour's reviewer finds neither class nor certificate`(
        _ engine: Engine
    ) async throws {
        let sample = try await certified(engine)
        let nora = try await reviewer("nora", division: "150403")
        let one = "/training/manage/certificates/\(Self.number)"

        for path in [
            one, "\(one)/revoke", Self.classPath, "\(Self.classPath)/issue", "\(Self.classPath)/print",
            "/training/classes/1/results", "/training/classes/1/results/1", "/training/classes/1/results.csv",
        ] {
            #expect(try await sample.sample.get(path, nora).status == 404, "\(path)")
        }
        let revoked = try await sample.sample.post("\(one)/revoke", ["why": "fraud", "note": "x"], nora)
        let granted = try await sample.sample.post("/training/classes/1/results/4/exception", ["reason": "x"], nora)
        let mark = try await sample.sample.post("/training/classes/1/pass-mark", ["theory": "10"], nora)
        let list = try await sample.sample.get("/training/manage/certificates", nora)
        let file = try await sample.sample.get("/training/manage/certificates.csv", nora)
        let ours = try await sample.sample.get("/training/manage/certificates", reviewer("ruth"))

        #expect(revoked.status == 404 && granted.status == 404 && mark.status == 404)
        #expect(list.status == 200 && !list.text.contains("7KM4"))
        #expect(file.status == 200 && !file.text.contains("7KM4"))
        #expect(ours.text.contains("7KM4-QXC2-9TRX"))
    }

    // MARK: - Assessment

    @Test(arguments: TestServer.engines)
    func `too little attendance means no result unless a reviewer makes an exception`(
        _ engine: Engine
    ) async throws {
        let sample = try await sample(engine)
        let path = "/training/classes/1/results/4"
        let result = ["attempt": "1", "day": "2026-06-30", "theory": "60", "practice": "59.9"]
        _ = try await sample.database.write { db in
            try db.execute("DELETE FROM attendance WHERE enrollment_id = 4")
        }
        let olga = try await ClassPeople.headers("olga", ["officer"])
        let both = try await ClassPeople.headers("ruth", ["reviewer", "officer"])

        let refused = try await sample.sample.post(path, result, olga)
        let needless = try await sample.sample.post(
            "/training/classes/1/results/3/exception", ["reason": "x"], reviewer("ruth"))
        let granted = try await sample.sample.post("\(path)/exception", ["reason": "住院，已自学"], reviewer("ruth"))
        let own = try await sample.sample.post(path, result, both)
        let taken = try await sample.sample.post(path, result, olga)
        let passed = try await sample.classes.count(
            "SELECT passed AS n FROM assessment_result WHERE enrollment_id = 4")

        #expect(refused.status == 409 && refused.text.contains("不到 80%"))
        #expect(needless.status == 409 && needless.text.contains("不需要例外"))
        #expect(granted.status == 303)
        #expect(own.status == 409 && own.text.contains("例外是您本人准予的"))
        #expect(taken.status == 303)
        #expect(passed == 0)
    }

    @Test(arguments: TestServer.engines) func `a result is put right only with a reason, and three attempts are all`(
        _ engine: Engine
    ) async throws {
        let sample = try await sample(engine)
        let path = "/training/classes/1/results/3"
        let olga = try await ClassPeople.headers("olga", ["officer"])
        var result = ["attempt": "1", "day": "2026-06-30", "theory": "40", "practice": "90"]

        let silent = try await sample.sample.post(path, result, olga)
        result["reason"] = "登分表抄错"
        let corrected = try await sample.sample.post(path, result, olga)
        result["reason"] = nil
        var later: [Int] = []
        for attempt in ["3", "2", "3", "4"] {
            result["attempt"] = attempt
            later.append(try await sample.sample.post(path, result, olga).status)
        }

        #expect(silent.status == 409 && silent.text.contains("要更正，请写明理由"))
        #expect(corrected.status == 303)
        #expect(later == [409, 303, 303, 409])
        #expect(
            try await sample.classes.count(
                "SELECT count(*) AS n FROM assessment_result WHERE enrollment_id = 3 AND passed = 0") == 3)
    }
}

/// Numbers in the order in which a test wants them drawn.
private final class Drawn: Sendable {
    private let left: Mutex<[String]>

    init(_ numbers: [String]) { left = Mutex(numbers) }

    func next() -> CertificateNumber {
        let text = left.withLock { $0.isEmpty ? "" : $0.removeFirst() }
        return (try? CertificateNumber(text)) ?? .random()
    }
}
