import Contracts
import Foundation
import HTTPTypes
import NIOCore
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import TestPages
import Testing

@testable import TrainingService

/// From an ended class to money that was paid, as a browser asks for it.
@Suite struct SubsidyPagesTests {
    private static func made(_ engine: Engine) async throws -> SubsidySample {
        let sample = try await SubsidySample(engine, signIn: try await SubsidySample.signIn())
        try await sample.prepare { db in
            try SubsidySample.addClass(1, db)
            try SubsidySample.addLearner(1, to: 1, name: "其其格", lowIncome: "yes", db)
            try SubsidySample.addLearner(2, to: 1, name: "王小明", sessions: [1], db)
        }
        return sample
    }

    /// The value of a hidden field of a page.
    private static func field(_ name: String, in html: String) throws -> String {
        let start = try #require(html.firstRange(of: "name=\"\(name)\" value=\""))
        let rest = html[start.upperBound...]
        return String(rest[..<(try #require(rest.firstIndex(of: "\"")))])
    }

    /// A claim that stands under public notice; its address.
    private static func noticed(_ sample: SubsidySample) async throws -> String {
        let school = try await SubsidySample.headers("school", "school")
        let made = try await sample.sample.post("/training/subsidies", ["class": "1"], school)
        let page = try await sample.sample.get(made.location, school)
        let fields = ["version": try field("version", in: page.text), "sheet": try field("sheet", in: page.text)]
        _ = try await sample.sample.post("\(made.location)/submit", fields, school)
        let reviewer = try await SubsidySample.headers("reviewer", "reviewer")
        _ = try await sample.sample.post(
            "\(made.location)/review", ["version": "2", "decision": "notice", "note": ""], reviewer)
        return made.location
    }

    @Test(arguments: TestServer.engines) func `a claim is made, handed in twice by a double click, and counted once`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.made(engine)
        let school = try await SubsidySample.headers("school", "school")

        let made = try await sample.sample.post("/training/subsidies", ["class": "1"], school)
        let again = try await sample.sample.post("/training/subsidies", ["class": "1"], school)
        let page = try await sample.sample.get(made.location, school)
        let fields = [
            "version": try Self.field("version", in: page.text), "sheet": try Self.field("sheet", in: page.text),
        ]
        let first = try await sample.sample.post("\(made.location)/submit", fields, school)
        let second = try await sample.sample.post("\(made.location)/submit", fields, school)

        #expect(made.status == 303)
        #expect(again.location == made.location)
        #expect(page.text.contains("attendance-below-80"))
        #expect((first.status, second.status) == (303, 303))
        // The standard, and two days of 50 yuan.
        #expect(try await sample.committed() == 1100_00)
        #expect(try await sample.faults() == [])
    }

    @Test func `a neighbour's account finds nothing of a claim or a batch`() async throws {
        let sample = try await Self.made(.sqlite)
        let claim = try await Self.noticed(sample)
        let neighbour = try await SubsidySample.headers("n", "officer", division: "150403")

        // A budget that is not the reader's leads to the reader's own.
        let ledger = try await sample.sample.get("/training/ledger?division=150402&year=2026", neighbour)
        #expect(ledger.location == "/training/budgets")
        for path in [
            claim, "\(claim)/sheet.csv", "/training/payments/P1",
            claim.replacing("/subsidies/", with: "/v1/claims/"),
        ] {
            var headers = neighbour
            headers[.accept] = "*/*"
            let answer = try await sample.sample.get(path, headers)
            #expect(answer.status == 404, "\(path)")
            #expect(!answer.text.contains("其其格"))
        }
        let made = try await sample.sample.post("/training/subsidies", ["class": "1"], neighbour)
        #expect(made.status == 404)
    }

    @Test func `evidence that changed since the page was shown stops the hand-in and is shown`() async throws {
        let sample = try await Self.made(.sqlite)
        let school = try await SubsidySample.headers("school", "school")
        let made = try await sample.sample.post("/training/subsidies", ["class": "1"], school)
        let page = try await sample.sample.get(made.location, school)
        let fields = [
            "version": try Self.field("version", in: page.text), "sheet": try Self.field("sheet", in: page.text),
        ]
        try await sample.prepare { db in
            try db.execute(
                "UPDATE certificate SET revoked_on = '2026-06-09', revoked_by = 'x', revoked_why = '错' WHERE learner_id = 1"
            )
        }

        let answer = try await sample.sample.post("\(made.location)/submit", fields, school)

        #expect(answer.status == 409)
        #expect(answer.text.contains("和草稿相比的变化"))
        #expect(answer.text.contains("证书已撤销"))
        #expect(try await sample.committed() == 0)
    }

    @Test func `a stale page and an approval before its day are refused with what holds now`() async throws {
        let sample = try await Self.made(.sqlite)
        let claim = try await Self.noticed(sample)
        let reviewer = try await SubsidySample.headers("reviewer", "reviewer")

        let stale = try await sample.sample.post(
            "\(claim)/review", ["version": "2", "decision": "refuse", "note": "迟到的页面"], reviewer)
        let early = try await sample.sample.post("\(claim)/approve", ["version": "3"], reviewer)

        #expect((stale.status, early.status) == (409, 409))
        #expect(early.text.contains("2026年6月17日"))
        #expect(try await sample.committed() == 1100_00)
    }

    @Test func `the public notice masks names, tells no need, and is taken down on its day`() async throws {
        let sample = try await Self.made(.sqlite)
        let claim = try await Self.noticed(sample)
        let notice = claim.replacing("/subsidies/", with: "/notices/")

        let list = try await sample.sample.get("/training/notices")
        let page = try await sample.sample.get(notice)
        sample.sample.wait(8 * 86_400)
        let after = try await sample.sample.get(notice)

        #expect(list.text.contains("班1"))
        #expect(page.status == 200)
        #expect(page.text.contains("其**"))
        #expect(!page.text.contains("其其格") && !page.text.contains("王小明") && !page.text.contains("低收入"))
        #expect(after.status == 404)
    }

    @Test(arguments: TestServer.engines)
    func `the bank's file is paid, wrong results are refused, the right one counts once`(
        _ engine: Engine
    ) async throws {
        let sample = try await Self.made(engine)
        let claim = try await Self.noticed(sample)
        sample.sample.wait(8 * 86_400)
        let reviewer = try await SubsidySample.headers("reviewer", "reviewer")
        let officer = try await SubsidySample.headers("officer", "officer")
        #expect(try await sample.sample.post("\(claim)/approve", ["version": "3"], reviewer).status == 303)

        let made = try await sample.sample.post("/training/payments/new", ["division": "150402"], officer)
        let again = try await sample.sample.post("/training/payments/new", ["division": "150402"], officer)
        let file = try await sample.sample.get("\(made.location)/file.csv", officer)
        let page = try await sample.sample.get(made.location, officer)

        #expect((made.status, again.status) == (303, 409))
        #expect(page.text.contains(PaymentFile.digest(file.bytes)))
        let batch = String(made.location.split(separator: "/").last ?? "")
        // 400 yuan to the school; 600 back and 100 of living allowance to the learner.
        #expect(file.text.contains("\(batch)-0001,S52150402MJY1234565,学校1,400.00,"))
        #expect(file.text.contains("\(batch)-0002,L1,其其格,700.00,"))

        func send(_ rows: String) async throws -> Int {
            var headers = officer
            headers[.contentType] = "multipart/form-data; boundary=b"
            let body =
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"r.csv\"\r\n\r\n"
                + "reference,amount,result,reason\n\(rows)\r\n--b--\r\n"
            return try await sample.sample.ask(
                "\(made.location)/result", .post, headers, ByteBuffer(string: body)
            ).status
        }
        let right = "\(batch)-0001,400.00,paid,\n\(batch)-0002,700.00,paid,\n"
        #expect(try await send("\(batch)-0001,400.00,paid,\n") == 422)
        #expect(try await send("\(batch)-0001,400.00,paid,\n\(batch)-0002,700.01,paid,\n") == 422)
        #expect(try await send(right) == 303)
        #expect(try await send(right) == 200)
        #expect(try await send("\(batch)-0001,400.00,paid,\n\(batch)-0002,700.00,failed,x\n") == 422)

        let state = try await sample.sample.get(claim, officer)
        #expect(state.text.contains("每一笔都已付到"))
        #expect(try await sample.faults() == [])
    }

    @Test func `a budget below what is committed is refused, and one of elsewhere too`() async throws {
        let sample = try await Self.made(.sqlite)
        _ = try await Self.noticed(sample)
        let officer = try await SubsidySample.headers("officer", "officer")
        func set(_ division: String, _ amount: String, version: String) async throws -> PageAnswer {
            try await sample.sample.post(
                "/training/budgets", ["division": division, "year": "2026", "amount": amount, "version": version],
                officer)
        }

        let below = try await set("150402", "1099.99", version: "1")
        let elsewhere = try await set("150403", "9999", version: "1")
        let words = try await set("150402", "多一点", version: "1")
        let exact = try await set("150402", "1100", version: "1")
        let again = try await set("150402", "1100", version: "1")
        let stale = try await set("150402", "5000", version: "1")

        #expect((below.status, elsewhere.status, words.status) == (422, 422, 422))
        #expect(below.text.contains("1,100.00 元"))
        #expect((exact.status, again.status, stale.status) == (303, 303, 409))
        #expect(try await sample.faults() == [])
    }

    @Test func `an API client reads the sheet with the rule that refused a line`() async throws {
        let sample = try await Self.made(.sqlite)
        let claim = try await Self.noticed(sample)
        var headers = try await SubsidySample.headers("reviewer", "reviewer")
        headers[.accept] = "application/json"

        let one = try await sample.sample.get(claim.replacing("/subsidies/", with: "/v1/claims/"), headers)
        let list = try await sample.sample.get("/training/v1/claims?state=noticed&limit=1", headers)

        #expect(one.status == 200)
        #expect(one.headers[.eTag] == "\"3\"")
        #expect(one.text.contains("\"refusedBy\":\"attendance-below-80\""))
        #expect(one.text.contains("\"total\":\"1100.00\""))
        #expect(list.text.contains("\"state\":\"noticed\""))
    }
}
