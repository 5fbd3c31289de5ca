import Contracts
import Foundation
import HTTPTypes
import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import TestPages
import Testing

@testable import TrainingService

/// People for whom aid asks training: what comes in, what officers see and set, what an offer does.
@Suite struct NeedsTests {
    @Test(arguments: TestServer.engines) func `a need is kept once, however often aid tells it`(_ engine: Engine)
        async throws
    {
        let sample = try await NeedsSample(engine)

        #expect(try await sample.need("P4", id: "e1") == .handled)
        #expect(try await sample.need("P4", id: "e1") == .repeated)
        #expect(try await sample.need("P4", id: "e2") == .handled)

        #expect(
            try await sample.lines(
                "SELECT aid_person, household, division, birth_year, sex, asked_at, state FROM training_need") == [
                    "P4|H1|150402001002|1985|male|2026-06-30T02:00:00Z|open"
                ])
    }

    @Test(arguments: TestServer.engines)
    func `a need is open again when its offer came to nothing, and when work is lost`(
        _ engine: Engine
    ) async throws {
        let sample = try await NeedsSample(engine)
        _ = try await sample.need("P4")
        _ = try await sample.training.post("/training/needs/P4/offer", ["class": "1", "version": "1"])
        let offered = try await sample.lines("SELECT state FROM training_need")
        _ = try await sample.training.post(
            "/training/enrollments/1/withdraw", ["version": "1", "reason": "own-wish", "confirmed": "1"])
        let left = try await sample.lines("SELECT state FROM training_need")
        try await sample.run("UPDATE training_need SET state = 'closed'")
        _ = try await sample.need("P4", sequence: 2, division: "150402001001", id: "e9")

        #expect(offered == ["offered"] && left == ["open"])
        #expect(try await sample.lines("SELECT state, division FROM training_need") == ["open|150402001001"])
    }

    @Test(arguments: TestServer.engines) func `whoever gives a seat back before the class begins is told to aid`(
        _ engine: Engine
    ) async throws {
        let sample = try await NeedsSample(engine)
        _ = try await sample.need("P4")
        _ = try await sample.training.post("/training/needs/P4/offer", ["class": "1", "version": "1"])
        try await sample.run("UPDATE enrollment SET state = 'seated', offered_until = NULL")
        try await sample.run("UPDATE training_need SET state = 'enrolled'")

        _ = try await sample.training.post(
            "/training/enrollments/1/withdraw", ["version": "1", "reason": "own-wish", "confirmed": "1"])

        #expect(try await sample.lines("SELECT state FROM training_need") == ["open"])
        #expect(try await Self.lastMilestone(sample).contains("dropped-out"))
        // Back in the same row, and gone again: another reference, so that aid does not take it for a repetition.
        try await sample.run(
            "UPDATE enrollment SET state = 'seated', sequence = 7; UPDATE training_class SET seated = 1 WHERE class_id = 1"
        )
        _ = try await sample.training.post(
            "/training/enrollments/1/withdraw", ["version": "2", "reason": "own-wish", "confirmed": "1"])
        #expect(try await Self.lastMilestone(sample).contains("enrollment:1:7"))
    }

    private static func lastMilestone(_ sample: NeedsSample) async throws -> String {
        try await sample.lines("SELECT data FROM outbox_event ORDER BY sequence").last ?? ""
    }

    @Test(arguments: TestServer.engines) func `an offer in a class that is cancelled opens the need again`(
        _ engine: Engine
    ) async throws {
        let sample = try await NeedsSample(engine)
        _ = try await sample.need("P4")
        _ = try await sample.training.post("/training/needs/P4/offer", ["class": "1", "version": "1"])
        let version = try await sample.lines("SELECT version FROM training_class WHERE class_id = 1")

        let cancelled = try await sample.training.post(
            "/training/classes/1/cancel", ["version": version.first ?? "", "reason": "教师生病"])

        #expect(cancelled.status == 303)
        #expect(try await sample.lines("SELECT state FROM training_need") == ["open"])
    }

    @Test func `what another service says, or what names no division, is refused`() async throws {
        let sample = try await NeedsSample()

        await #expect(throws: Problem.self) { try await sample.need("P4", from: "care") }
        await #expect(throws: Problem.self) { try await sample.need("P4", division: "x") }
        #expect(try await sample.lines("SELECT 1 FROM training_need").isEmpty)
    }

    @Test(arguments: TestServer.engines)
    func `the list names each person's best class and why, without name or number`(_ engine: Engine) async throws {
        let sample = try await NeedsSample(engine)
        _ = try await sample.need("P4")
        _ = try await sample.need("P7", division: "150403001001")

        let page = try await sample.training.get("/training/needs")

        #expect(page.status == 200)
        #expect(page.text.contains(#"<a href="/training/needs/P4">P4</a>"#))
        #expect(page.text.contains("男，1985 年生"))
        #expect(page.text.contains("育婴员一班"))
        #expect(page.text.contains("这一等级不要求学历；在本苏木乡镇街道"))
        #expect(page.text.contains("元宝山育婴班"))
        #expect(!page.text.contains("⟦"))
        #expect(sample.aid.asked.isEmpty)
    }

    @Test(arguments: TestServer.engines)
    func `an officer sets wish and schooling, and the classes follow`(_ engine: Engine) async throws {
        let sample = try await NeedsSample(engine)
        _ = try await sample.need("P4")

        let set = try await sample.training.post(
            "/training/needs/P4",
            ["wish": "staying", "schooling": "junior", "note": "会做饭", "version": "1"])
        let page = try await sample.training.get("/training/needs/P4")
        let stale = try await sample.training.post(
            "/training/needs/P4", ["wish": "leaving", "schooling": "junior", "version": "1"])
        let half = try await sample.training.post("/training/needs/P4", ["version": "2"])
        let declined = try await sample.training.post(
            "/training/needs/P4", ["wish": "staying", "schooling": "junior", "declined": "yes", "version": "2"])
        let after = try await sample.training.get("/training/needs/P4")

        #expect(set.status == 303)
        #expect(set.location == "/training/needs/P4")
        let titles = page.text.components(separatedBy: "<h3>").dropFirst().map { $0.prefix { $0 != "<" } }
        #expect(titles == ["养老护理一班", "育婴员三班", "元宝山育婴班"])
        #expect(page.text.contains("愿望是就近就业，这个班正是面向就近就业"))
        #expect(page.text.contains("学历初中，达到这一等级要求的初中"))
        #expect(stale.status == 409)
        #expect(stale.text.contains("现在的愿望是就近就业，学历初中，状态待安排"))
        #expect(half.status == 422)
        #expect(declined.status == 303)
        #expect(!after.text.contains("offer-form"))
        #expect(
            try await sample.lines("SELECT wish, schooling, state, version FROM training_need") == [
                "staying|junior|declined|3"
            ])
        #expect(
            try await sample.lines("SELECT action, subject, division FROM audit_entry WHERE action = 'need.set'") == [
                "need.set|P4|150402001002", "need.set|P4|150402001002",
            ])
    }

    // MARK: - Offers

    @Test(arguments: TestServer.engines)
    func `an offer asks aid for the person, holds a seat, and tells aid`(_ engine: Engine) async throws {
        let sample = try await NeedsSample(engine)
        _ = try await sample.need("P4")

        let answer = try await sample.training.post("/training/needs/P4/offer", ["class": "1", "version": "1"])

        #expect(answer.status == 200)
        #expect(sample.aid.asked == ["P4"])
        #expect(answer.text.contains("名额已保留。"))
        #expect(answer.text.contains("育婴员一班：待确认，保留到 2026年7月3日 10:00"))
        #expect(
            try await sample.lines(
                "SELECT name, division, born_on, sex, residence, groups, aid_person FROM learner") == [
                    "巴特尔|150402001002|1985-05-06|male|rural|low-income|P4"
                ])
        #expect(
            try await sample.lines(
                "SELECT class_id, learner_id, division, state, sequence, offered_until, low_income, source FROM enrollment"
            )
                == ["1|1|150402001|offered|1|2026-07-03T02:00:00Z|yes|offer"])
        #expect(
            try await sample.lines("SELECT seated, last_sequence FROM training_class WHERE class_id = 1") == ["30|1"])
        #expect(
            try await sample.lines("SELECT state, learner_id, version FROM training_need") == ["offered|1|2"])
        #expect(
            try await sample.lines("SELECT type, subject, data FROM outbox_event") == [
                """
                cn.minsheng.training.milestone|P4|{"level":5,"milestone":"offered","on":"2026-06-30",\
                "reference":"enrollment:1:1","title":"育婴员一班","trade":"4-10-01-05"}
                """
            ])
        #expect(
            try await sample.lines("SELECT reason FROM audit_entry WHERE action = 'need.offer'") == [
                "class 1, enrollment 1"
            ])
        // The address that was shown opens the learner's page.
        let secret = try #require(answer.text.firstMatch(of: #/\/training\/my\/([A-Za-z0-9_-]{43})/#)).1
        let digest = LearnerSeal.digest(of: String(secret))
        let found = try await sample.training.store.database.read { db in
            try db.first("SELECT learner_id FROM learner WHERE token_digest = \(digest)") != nil
        }
        #expect(found)
    }

    @Test(arguments: TestServer.engines)
    func `a seat is held no longer than the class's first day`(_ engine: Engine) async throws {
        let sample = try await NeedsSample(engine)
        _ = try await sample.need("P4")
        try await sample.run("UPDATE training_class SET starts_on = '2026-07-01' WHERE class_id = 1")

        let answer = try await sample.training.post("/training/needs/P4/offer", ["class": "1", "version": "1"])

        // 72 hours would end on the 3rd; the first day ends at midnight in Beijing.
        #expect(answer.text.contains("保留到 2026年7月2日 00:00"))
        #expect(try await sample.lines("SELECT offered_until FROM enrollment") == ["2026-07-01T16:00:00Z"])
    }

    @Test(arguments: TestServer.engines)
    func `pressed twice, or for a class that is full or gone, it holds nothing more`(_ engine: Engine) async throws {
        let sample = try await NeedsSample(engine)
        _ = try await sample.need("P4")
        _ = try await sample.need("P5")

        _ = try await sample.training.post("/training/needs/P4/offer", ["class": "1", "version": "1"])
        let twice = try await sample.training.post("/training/needs/P4/offer", ["class": "1", "version": "1"])
        let beside = try await sample.training.post("/training/needs/P4/offer", ["class": "2", "version": "2"])
        let full = try await sample.training.post("/training/needs/P5/offer", ["class": "1", "version": "1"])
        let closed = try await sample.training.post("/training/needs/P5/offer", ["class": "4", "version": "1"])
        let none = try await sample.training.post("/training/needs/P5/offer", ["class": "99", "version": "1"])

        let statuses = [twice.status, beside.status, full.status, closed.status, none.status]
        #expect(statuses == [409, 409, 409, 409, 409])
        #expect(twice.text.contains("别人刚刚改过"))
        #expect(beside.text.contains("此人在“育婴员一班”已是待确认"))
        #expect(full.text.contains("已经停止报名"))
        #expect(try await sample.lines("SELECT count(*) FROM enrollment") == ["1"])
        #expect(try await sample.lines("SELECT count(*) FROM learner") == ["1"])
        #expect(try await sample.lines("SELECT count(*) FROM outbox_event") == ["1"])
    }

    @Test(arguments: TestServer.engines)
    func `of many who press for the last seat at the same moment one gets it`(_ engine: Engine) async throws {
        let sample = try await NeedsSample(engine)
        // The numbers of ten people, made beside this program.
        let numbers = [
            "110101198505060011", "11010119850506002X", "110101198505060038", "110101198505060046",
            "110101198505060054", "110101198505060062", "110101198505060070", "110101198505060089",
            "110101198505060097", "11010119850506010X",
        ]
        for index in 0..<10 { _ = try await sample.need("Q\(index)") }
        sample.aid.answers { person in
            PersonRecord(
                person: person, household: "H1", division: "150402001002", settlement: "rural", name: "某某",
                idNumber: numbers[Int(person.dropFirst()) ?? 0], isLowIncome: true)
        }

        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<10 {
                group.addTask {
                    try await sample.training.post(
                        "/training/needs/Q\(index)/offer", ["class": "1", "version": "1"]
                    ).status
                }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }

        #expect(statuses.sorted() == [200, 409, 409, 409, 409, 409, 409, 409, 409, 409])
        #expect(
            try await sample.lines("SELECT seated, last_sequence FROM training_class WHERE class_id = 1") == ["30|1"])
        #expect(try await sample.lines("SELECT count(*) FROM enrollment") == ["1"])
        #expect(try await sample.lines("SELECT count(*) FROM learner") == ["1"])
        #expect(try await sample.lines("SELECT count(*) FROM outbox_event") == ["1"])
    }

    @Test func `its pages are whole in English too`() async throws {
        let sample = try await NeedsSample()
        _ = try await sample.need("P4")
        let english: HTTPFields = [.accept: "text/html", .cookie: "lang=en"]

        for path in ["/training/needs", "/training/needs/P4"] {
            let page = try await sample.training.get(path, english)
            #expect(page.status == 200)
            #expect(!page.text.contains("⟦"))
        }
        let page = try await sample.training.get("/training/needs/P4", english)
        #expect(page.text.contains("The level asks for no schooling"))
        #expect(page.text.contains("Offer this class"))
    }

    @Test(arguments: TestServer.engines)
    func `where aid does not answer nothing is half done, and it can be pressed again`(_ engine: Engine) async throws {
        let sample = try await NeedsSample(engine)
        _ = try await sample.need("P4")
        sample.aid.answers { _ in throw NeedRefusal.aidUnreachable }

        let silent = try await sample.training.post("/training/needs/P4/offer", ["class": "1", "version": "1"])
        #expect(silent.status == 503)
        #expect(silent.text.contains("现在联系不上社会救助服务，没有改动任何数据。请过一会儿再点一次。"))
        #expect(try await sample.lines("SELECT count(*) FROM learner") == ["0"])
        #expect(try await sample.lines("SELECT seated FROM training_class WHERE class_id = 1") == ["29"])

        sample.aid.answers { person in
            PersonRecord(
                person: person, household: "H1", division: "150402001002", settlement: "urban", name: "巴特尔",
                idNumber: "110101198505060011", isLowIncome: true)
        }
        let again = try await sample.training.post("/training/needs/P4/offer", ["class": "1", "version": "1"])
        #expect(again.status == 200)
        #expect(try await sample.lines("SELECT residence FROM learner") == ["urban"])
    }

    @Test func `what aid says is checked`() async throws {
        let sample = try await NeedsSample()
        _ = try await sample.need("P4")
        func offer() async throws -> TrainingSample.Answer {
            try await sample.training.post("/training/needs/P4/offer", ["class": "1", "version": "1"])
        }

        for refusal in [NeedRefusal.unknownInAid, .numberMissingInAid, .aidRefuses] {
            sample.aid.answers { _ in throw refusal }
            let answer = try await offer()
            #expect(answer.status == 409)
            #expect(answer.text.contains(refusal.explanation.zh))
        }
        sample.aid.answers { person in
            PersonRecord(
                person: person, household: "H1", division: "150402001002", settlement: nil, name: "巴特尔",
                idNumber: "11010119850506001X", isLowIncome: true)
        }
        #expect(try await offer().text.contains("给出的身份证号不正确"))
        #expect(try await sample.lines("SELECT count(*) FROM learner") == ["0"])
    }

    @Test func `without aid it is said that the operator has to connect it`() async throws {
        let sample = try await NeedsSample(isConnected: false)
        _ = try await sample.need("P4")

        let answer = try await sample.training.post("/training/needs/P4/offer", ["class": "1", "version": "1"])

        #expect(answer.status == 409)
        #expect(answer.text.contains("还没有连接社会救助服务"))
    }

    @Test(arguments: TestServer.engines)
    func `a learner who signed up before is found by the number and keeps what he said`(_ engine: Engine) async throws {
        let sample = try await NeedsSample(engine)
        _ = try await sample.need("P4")
        let number = try CitizenID("110101198505060011")
        let (seal, index) = (sample.training.application.seal, sample.training.application.seal.index(of: number))
        _ = try await sample.training.store.database.write { db in
            try db.execute(
                """
                INSERT INTO learner (division, name, number_sealed, number_index, token_digest, born_on, sex, residence,
                    schooling, wish, groups, created_at)
                VALUES ('150402', '巴特尔', \(seal.seal(number)), \(index), \([UInt8](repeating: 1, count: 32)),
                    '1985-05-06', 'male', 'urban', 'senior', 'any', 'veteran', '2026-01-01T00:00:00Z')
                """)
        }
        try await sample.run("UPDATE training_need SET wish = 'leaving', schooling = 'junior'")

        let answer = try await sample.training.post("/training/needs/P4/offer", ["class": "1", "version": "1"])

        // The address of his page is his already.
        #expect(answer.status == 303)
        #expect(
            try await sample.lines(
                "SELECT residence, schooling, wish, groups, aid_person, version FROM learner") == [
                    "urban|senior|leaving|low-income,veteran|P4|2"
                ])
    }

    @Test(arguments: TestServer.engines)
    func `whoever withdrew gets the next offer in the same row, with a new place in the order`(_ engine: Engine)
        async throws
    {
        let sample = try await NeedsSample(engine)
        _ = try await sample.need("P4")
        _ = try await sample.training.post("/training/needs/P4/offer", ["class": "2", "version": "1"])
        try await sample.run(
            """
            UPDATE enrollment SET state = 'withdrawn', offered_until = NULL, reason = 'expired';
            UPDATE training_class SET seated = 0 WHERE class_id = 2
            """)

        let again = try await sample.training.post("/training/needs/P4/offer", ["class": "2", "version": "2"])

        #expect(again.status == 303)
        #expect(
            try await sample.lines("SELECT enrollment_id, state, sequence, reason FROM enrollment") == ["1|offered|2|"])
        #expect(
            try await sample.lines("SELECT sequence, data FROM outbox_event ORDER BY sequence").map {
                $0.contains("enrollment:1:1") ? 1 : $0.contains("enrollment:1:2") ? 2 : 0
            } == [1, 2])
    }

    // MARK: - Milestones

    @Test(arguments: TestServer.engines)
    func `enrolled, left early and placed move the need along, and are told to aid`(_ engine: Engine) async throws {
        let sample = try await NeedsSample(engine)
        _ = try await sample.need("P4")
        _ = try await sample.training.post("/training/needs/P4/offer", ["class": "1", "version": "1"])
        let day = CalendarDate(iso8601: "2026-07-03") ?? CalendarDate(dayNumber: 0)
        var states: [String] = []

        for milestone in [Milestone.enrolled, .droppedOut, .enrolled, .certified, .placed, .retained] {
            try await sample.training.store.database.write { db in
                try milestone.record(
                    of: 1, on: day, title: "育婴员一班", trade: "4-10-01-05", level: .junior, reference: "enrollment:1",
                    in: db)
            }
            states += try await sample.lines("SELECT state FROM training_need")
        }

        #expect(states == ["enrolled", "open", "enrolled", "enrolled", "closed", "closed"])
        #expect(try await sample.lines("SELECT count(*) FROM outbox_event") == ["7"])
    }

    // MARK: - Who may

    private static func bearer(_ roles: [String], division: String) async throws -> (SignIn, HTTPFields) {
        let keys = try SigningKeys(issuer: "gateway", seeds: [(1, [UInt8](repeating: 5, count: 32))])
        let verifier = try await TokenVerifier(jwks: [keys.jwks()])
        let token = try await TokenIssuer(keys).sign(
            AccessClaims(
                issuer: "gateway", subject: "a1", name: "测试员", kind: .person, roles: ["training": roles],
                division: division, session: "s1", issuedAt: 1_000_000))
        let signIn = try SignIn(
            .tokens(verifier, gateway: "http://127.0.0.1:8100"), formKey: [UInt8](repeating: 3, count: 32),
            now: { 1_000_000 })
        return (signIn, [.authorization: "Bearer \(token)", .accept: "text/html, */*;q=0.1"])
    }

    @Test(arguments: TestServer.engines)
    func `a neighbour county's officer sees none of it, and gives none of its seats`(_ engine: Engine) async throws {
        let (signIn, officer) = try await Self.bearer(["officer"], division: "150403")
        let sample = try await NeedsSample(engine, signIn: signIn)
        _ = try await sample.need("P4")
        _ = try await sample.need("P7", division: "150403001001")

        let list = try await sample.training.get("/training/needs", officer)
        let file = try await sample.training.get("/training/needs/export.csv?state=all", officer)
        let one = try await sample.training.get("/training/needs/P4", officer)
        let set = try await sample.training.post(
            "/training/needs/P4", ["wish": "any", "schooling": "junior", "version": "1"], officer)
        let offer = try await sample.training.post("/training/needs/P4/offer", ["class": "3", "version": "1"], officer)
        let foreign = try await sample.training.post(
            "/training/needs/P7/offer", ["class": "1", "version": "1"], officer)

        #expect(!list.text.contains("P4"))
        #expect(!list.text.contains("育婴员一班"))
        #expect(list.text.contains("P7"))
        #expect(file.text.contains("\r\nP7,H1,150403001001,1985,male,") && !file.text.contains("P4,"))
        let statuses = [one.status, set.status, offer.status]
        #expect(statuses == [404, 404, 404])
        #expect(foreign.status == 409)
        #expect(sample.aid.asked == ["P7"])
        #expect(try await sample.lines("SELECT count(*) FROM enrollment") == ["0"])
    }

    @Test(arguments: ["viewer", "school", "instructor", "reviewer", "inspector", "operator", "auditor"])
    func `only officers may`(_ role: String) async throws {
        let (signIn, headers) = try await Self.bearer([role], division: "150402")
        let sample = try await NeedsSample(signIn: signIn)
        _ = try await sample.need("P4")

        for path in ["/training/needs", "/training/needs/P4", "/training/needs/export.csv"] {
            #expect(try await sample.training.get(path, headers).status == 403)
        }
        #expect(try await sample.training.post("/training/needs/P4/offer", ["class": "1"], headers).status == 403)
    }
}
