import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import TestPages
import Testing

@testable import TrainingService

/// Schools and classes for programs: the API.
@Suite struct ClassEndpointTests {
    private func signedIn(_ engine: Engine = .sqlite) async throws -> ClassSample {
        try await ClassSample(engine, signIn: ClassPeople.signIn())
    }

    private func officer() async throws -> HTTPFields { try await ClassPeople.headers("anna", ["officer"]) }
    private func reviewer() async throws -> HTTPFields { try await ClassPeople.headers("ruth", ["reviewer"]) }

    private func ask(
        _ sample: ClassSample, _ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields,
        _ body: String? = nil,
        key: String? = nil, match: String? = nil
    ) async throws -> TrainingSample.Answer {
        var headers = headers
        headers[.accept] = "application/json"
        if body != nil { headers[.contentType] = "application/json" }
        if let key, let name = HTTPField.Name("Idempotency-Key") { headers[name] = key }
        headers[.ifMatch] = match
        return try await sample.sample.ask(path, method, headers, body.map { ByteBuffer(string: $0) })
    }

    @Test(arguments: TestServer.engines)
    func `a program makes a class once, plans it, hands it in, and another approves`(
        _ engine: Engine
    ) async throws {
        let sample = try await signedIn(engine)
        let (officer, reviewer) = (try await officer(), try await reviewer())
        let body = """
            {"program": 1, "title": "家政服务二班", "division": "150402", "audience": "any", "place": "教学楼", "capacity": 20,
            "startsOn": "2026-07-01", "endsOn": "2026-07-31", "signUpUntil": "2026-06-30", "policy": "first-come",
            "needsApproval": false}
            """
        let lesson = #"{"day": "2026-07-0%", "from": "09:00", "to": "12:00", "room": 1, "instructor": 1}"#
        let lessons =
            "{\"sessions\": [" + (1...3).map { lesson.replacing("%", with: "\($0)") }.joined(separator: ",") + "]}"

        let made = try await ask(sample, .post, "/training/v1/classes", officer, body, key: "k1")
        let again = try await ask(sample, .post, "/training/v1/classes", officer, body, key: "k1")
        let path = made.location
        let planned = try await ask(sample, .post, path + "/sessions", officer, lessons, key: "k2")
        let second = try await ask(sample, .post, "/training/v1/classes", officer, body, key: "k3")
        let clash = try await ask(sample, .post, second.location + "/sessions", officer, lessons, key: "k4")
        let blind = try await ask(sample, .post, path + "/submit", officer)
        let stale = try await ask(sample, .post, path + "/submit", officer, match: "\"1\"")
        let submitted = try await ask(sample, .post, path + "/submit", officer, key: "k5", match: "\"2\"")
        let own = try await ask(
            sample, .post, path + "/approve", ClassPeople.headers("anna", ["officer", "reviewer"]), match: "\"3\"")
        let approved = try await ask(sample, .post, path + "/approve", reviewer, match: "\"3\"")
        let list = try await ask(sample, .get, "/training/v1/classes?limit=1", officer)
        let sessions = try await ask(sample, .get, path + "/sessions", officer)
        let neighbour = try await ask(
            sample, .get, path, ClassPeople.headers("nora", ["officer"], division: "150403"))

        #expect(made.status == 201)
        #expect(again.text == made.text && again.location == made.location)
        #expect(planned.status == 200 && planned.headers[.eTag] == "\"2\"")
        #expect(planned.text.contains(#""plannedHours":12"#))
        #expect(clash.status == 409)
        #expect(clash.text.contains(#""code":"timetable-clash""#) && clash.text.contains("《家政服务二班》"))
        #expect(blind.status == 428)
        #expect(stale.status == 412)
        #expect(submitted.text.contains(#""state":"submitted""#))
        #expect(own.status == 409)
        #expect(approved.text.contains(#""state":"open""#))
        #expect(list.text.contains(#""next":"#))
        #expect(sessions.text.contains(#""from":"09:00""#))
        #expect(neighbour.status == 404)
        #expect(try await sample.count("SELECT count(*) AS n FROM training_class") == 2)
    }

    @Test func `schools and programs are listed by pages`() async throws {
        let sample = try await signedIn()

        let first = try await ask(sample, .get, "/training/v1/schools?limit=1", officer())
        let second = try await ask(sample, .get, "/training/v1/schools?limit=1&cursor=1", officer())
        let bad = try await ask(sample, .get, "/training/v1/schools?cursor=x", officer())
        let one = try await ask(sample, .get, "/training/v1/programs/1", officer())
        let foreign = try await ask(sample, .get, "/training/v1/programs/3", officer())

        #expect(first.text.contains("演示学校1") && first.text.contains(#""next":"1""#))
        #expect(second.text.contains("演示学校2") && !second.text.contains(#""next""#))
        #expect(bad.status == 422)
        #expect(one.text.contains(#""subsidy":"1500.00""#) && one.headers[.eTag] == "\"1\"")
        #expect(foreign.status == 404)
    }

    @Test func `what is answered is what the schema names`() async throws {
        let sample = try await signedIn()
        try await sample.insertClass(1)
        let lesson = try ClassSample.session(1, 9, 12)
        try await sample.change { _ = try $0.addSessions([lesson], to: 1) }
        let scope = ClassPeople.caller("anna").scope
        let (school, program, item, session) = try await sample.database.read { db in
            (
                try #require(try SchoolQueries.school(1, within: scope, in: db)).record,
                try #require(try SchoolQueries.program(1, within: scope, in: db)).record,
                try #require(try ClassQueries.trainingClass(1, within: scope, in: db)).record,
                try #require(try ClassQueries.sessions(of: 1, in: db).first).record
            )
        }

        #expect(try faults(school).isEmpty)
        #expect(try faults(program).isEmpty)
        #expect(try faults(item).isEmpty)
        #expect(try faults(session).isEmpty)
    }

    private func faults<Body: APIBody>(_ body: Body) throws -> [SchemaFault] {
        Body.schema.faults(in: try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(body)))
    }

    @Test func `bad values are told by their places, and nothing is made`() async throws {
        let sample = try await signedIn()
        try await sample.insertClass(1)
        let body = """
            {"program": 3, "title": "x", "division": "150402", "audience": "any", "place": "y", "capacity": 20,
            "startsOn": "2026-07-01", "endsOn": "2026-06-01", "signUpUntil": "2026-06-30", "policy": "first-come",
            "needsApproval": false}
            """
        let lessons = """
            {"sessions": [{"day": "2026-07-01", "from": "09:00", "to": "12:00", "room": 1, "instructor": 1},
            {"day": "2026-07-02", "from": "12:00", "to": "09:00", "room": 1, "instructor": 1}]}
            """

        let backwards = try await ask(sample, .post, "/training/v1/classes", officer(), body)
        let foreign = try await ask(
            sample, .post, "/training/v1/classes", officer(), body.replacing("2026-06-01", with: "2026-07-31"))
        let half = try await ask(sample, .post, "/training/v1/classes/1/sessions", officer(), lessons)
        let none = try await ask(sample, .post, "/training/v1/classes/99/sessions", officer(), lessons)

        #expect(backwards.status == 422 && backwards.text.contains(#""pointer":"/endsOn""#))
        #expect(foreign.status == 422 && foreign.text.contains(#""pointer":"/program""#))
        #expect(half.status == 422 && half.text.contains(#""pointer":"/sessions/1/to""#))
        #expect(none.status == 422)
        #expect(try await sample.count("SELECT count(*) AS n FROM class_session") == 0)
        #expect(try await sample.count("SELECT count(*) AS n FROM training_class") == 1)
    }
}
