import Contracts
import HTTPTypes
import NIOCore
import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import TestPages
import Testing

@testable import TrainingService

/// Every endpoint, asked for what is a county's or a school's own by an account of another county and of another school.
@Suite struct ScopeSweepTests {
    /// Stands in the name of everything that the others must not see.
    private static let secret = "不得外露"

    /// A county's year; the first school's, its class's and its people's names are marked.
    private static func sample(_ engine: Engine) async throws -> (TrainingSample, ids: [String: String]) {
        let sample = try await TrainingSample(engine, signIn: ClassPeople.signIn())
        _ = try DemoLoad(year: DemoTests.year()).callAsFunction(
            into: sample.store.database, seal: sample.application.seal)
        let found = try await sample.store.database.write { db in
            try mark(in: db)
            return try ids(in: db)
        }
        return (sample, found)
    }

    private static func mark(in db: Connection) throws {
        let classes: SQL = "SELECT class_id FROM training_class WHERE school_id = 1"
        let people: SQL = "SELECT learner_id FROM enrollment WHERE class_id IN (\(classes))"
        let shared: SQL = "SELECT learner_id FROM enrollment WHERE class_id NOT IN (\(classes))"
        for change: SQL in [
            "UPDATE school SET name = \(secret) WHERE school_id = 1",
            "UPDATE training_class SET title = \(secret) WHERE school_id = 1",
            "UPDATE program SET title = \(secret) WHERE school_id = 1",
            "UPDATE instructor SET name = \(secret) WHERE school_id = 1",
            "UPDATE room SET name = \(secret) WHERE school_id = 1 AND room_id = (SELECT min(room_id) FROM room)",
            "UPDATE employer SET name = \(secret) WHERE employer_id = 1",
            "UPDATE vacancy SET title = \(secret) WHERE employer_id = 1",
            "UPDATE learner SET name = \(secret) WHERE learner_id IN (\(people)) AND learner_id NOT IN (\(shared))",
        ] { try db.execute(change) }
    }

    /// What stands for each part of an address: of the first school where a school has it.
    private static func ids(in db: Connection) throws -> [String: String] {
        let claim = try #require(
            try db.first(
                """
                SELECT c.claim_id, c.class_id FROM subsidy_claim c JOIN certificate t ON t.enrollment_id IN (
                    SELECT enrollment_id FROM enrollment e WHERE e.class_id = c.class_id)
                WHERE c.school_id = 1 ORDER BY c.claim_id LIMIT 1
                """))
        let number: Int64 = try claim.get("class_id")
        func one(_ column: String, _ sql: SQL) throws -> String {
            let row = try #require(try db.first(sql), "\(column)")
            return if let text = try? row.get(column, as: String.self) {
                text
            } else {
                "\(try row.get(column, as: Int64.self))"
            }
        }
        return [
            "school": "1", "class": "\(number)", "claim": try claim.get("claim_id"),
            "program": try one("program_id", "SELECT program_id FROM training_class WHERE class_id = \(number)"),
            "instructor": try one("instructor_id", "SELECT instructor_id FROM instructor WHERE school_id = 1 LIMIT 1"),
            "room": try one("room_id", "SELECT room_id FROM room WHERE school_id = 1 LIMIT 1"),
            "session": try one(
                "session_id", "SELECT session_id FROM class_session WHERE class_id = \(number) LIMIT 1"),
            "enrollment": try one(
                "enrollment_id",
                """
                SELECT t.enrollment_id FROM certificate t JOIN enrollment e ON e.enrollment_id = t.enrollment_id
                WHERE e.class_id = \(number) LIMIT 1
                """),
            "number": try one(
                "number",
                """
                SELECT t.number FROM certificate t JOIN enrollment e ON e.enrollment_id = t.enrollment_id
                WHERE e.class_id = \(number) LIMIT 1
                """),
            "batch": try one("batch_id", "SELECT batch_id FROM payment_batch LIMIT 1"),
            "employer": "1", "brand": "1",
            "vacancy": try one("vacancy_id", "SELECT vacancy_id FROM vacancy WHERE employer_id = 1 LIMIT 1"),
            "application": try one(
                "application_id",
                "SELECT a.application_id FROM job_application a JOIN vacancy v ON v.vacancy_id = a.vacancy_id WHERE v.employer_id = 1 LIMIT 1"
            ),
            "placement": try one("placement_id", "SELECT placement_id FROM placement LIMIT 1"),
            "person": "P-1", "token": "x", "kind": "instructors", "id": "1", "name": "x",
        ]
    }

    /// Parts of an address that are nobody's own.
    private static let nobodys: Set<String> = ["kind", "id", "name", "token", "person"]

    /// Their bodies are read before anything is looked for, and the sweep sends none that is whole.
    private static let readsFirst: Set<String> = ["addSessions", "returnClassRecord", "reviewClaim", "takeResult"]

    /// Asks for everything that needs a role; the answer tells nothing, and nothing is changed.
    private static func sweep(
        _ sample: TrainingSample, _ ids: [String: String], _ headers: HTTPFields
    ) async throws -> (asked: Int, found: [String]) {
        let before = try await state(of: sample)
        var (asked, found): (Int, [String]) = (0, [])
        for endpoint in TrainingContract.all {
            guard case .roles = endpoint.access else { continue }
            var path = endpoint.path
            var isOwned = false
            for parameter in endpoint.parameters where parameter.place == .path {
                let id = try #require(ids[parameter.name], "\(endpoint.id) has a part \(parameter.name)")
                path = path.replacing("{\(parameter.name)}", with: id)
                isOwned = isOwned || !nobodys.contains(parameter.name)
            }
            let answer: PageAnswer
            var all = headers
            all[.accept] = endpoint.isPage ? "text/html, */*;q=0.1" : "application/json"
            switch endpoint.method {
            case .get: answer = try await sample.ask(path, .get, all, nil)
            case .post where endpoint.isPage && isOwned:
                answer = try await sample.post(
                    path, ["version": "1", "confirmed": "1", "reason": "other", "note": "试", "to": ids["class"] ?? ""],
                    all)
            default:
                guard isOwned else { continue }
                all[.contentType] = "application/json"
                all[.ifMatch] = "\"1\""
                answer = try await sample.ask(
                    path, try #require(HTTPRequest.Method(endpoint.method.rawValue)), all, ByteBuffer(string: "{}"))
            }
            asked += 1
            if answer.text.contains(secret) { found.append("\(endpoint.id) tells a name") }
            let allowed = readsFirst.contains(endpoint.id) ? [400, 403, 404, 422] : [403, 404]
            if isOwned, !allowed.contains(answer.status) { found.append("\(endpoint.id): \(answer.status)") }
        }
        #expect(try await state(of: sample) == before)
        return (asked, found)
    }

    /// What a change would show in.
    private static func state(of sample: TrainingSample) async throws -> [String] {
        try await sample.store.database.read { db in
            try ["school", "program", "training_class", "enrollment", "subsidy_claim", "employer", "vacancy"].map {
                table in
                let row = try db.first(
                    "SELECT count(*) AS n, CAST(sum(version) AS BIGINT) AS versions FROM \(trusted: table)")
                return "\(table) \(try row?.get("n", as: Int.self) ?? 0) \(try row?.get("versions", as: Int.self) ?? 0)"
            }
        }
    }

    @Test(arguments: TestServer.engines) func `a neighbour county's account finds nothing at any address`(
        _ engine: Engine
    ) async throws {
        let (sample, ids) = try await Self.sample(engine)
        let everyRole = TrainingContract.roles.filter { !TrainingContract.organisationRoles.contains($0) }

        let neighbour = try await Self.sweep(
            sample, ids, ClassPeople.headers("nora", everyRole, division: "150403"))

        #expect(neighbour.found == [])
        #expect(neighbour.asked > 100)
    }

    @Test(arguments: TestServer.engines) func `another school's account finds nothing at any address`(
        _ engine: Engine
    ) async throws {
        let (sample, ids) = try await Self.sample(engine)
        let code = try await sample.store.database.read { db in
            try db.first("SELECT credit_code FROM school WHERE school_id = 2")?.get("credit_code", as: String.self)
        }
        let roles = TrainingContract.organisationRoles.sorted()

        let other = try await Self.sweep(sample, ids, ClassPeople.headers("otto", roles, organisation: code))
        let own = try await sample.get(
            "/training/classes", ClassPeople.headers("otto", roles, organisation: code))
        let stray = try await sample.get(
            "/training/enrollments", ClassPeople.headers("stray", roles, organisation: "91150402MA0ABCD123"))

        #expect(other.found == [])
        #expect(other.asked > 60)
        #expect(own.text.contains("/training/classes/"), "the school's own classes are there")
        #expect(!stray.text.contains(/\/training\/enrollments\/[0-9]/))
    }

    @Test(arguments: TestServer.engines) func `another employer's account finds nothing at any address`(
        _ engine: Engine
    ) async throws {
        let (sample, ids) = try await Self.sample(engine)
        let code = try await sample.store.database.read { db in
            try db.first("SELECT credit_code FROM employer WHERE employer_id = 2")?.get("credit_code", as: String.self)
        }

        let other = try await Self.sweep(sample, ids, ClassPeople.headers("eva", ["employer"], organisation: code))
        let own = try await sample.get(
            "/training/employment/employers/2", ClassPeople.headers("eva", ["employer"], organisation: code))

        #expect(other.found == [])
        #expect(other.asked > 60)
        #expect(own.status == 200 && own.text.contains("/training/employment/vacancies/"))
    }

    @Test(arguments: TestServer.engines) func `a school neither takes over a learner nor learns of another's classes`(
        _ engine: Engine
    ) async throws {
        let county = try await ClassSample(engine, signIn: ClassPeople.signIn())
        try await county.insertClass(11)
        try await county.insertClass(12, school: 2)
        try await county.insertLearner(1)
        try await county.enroll(1, in: 11)
        let school = ClassPeople.caller("tara", ["school"]).scope
        let officer = ClassPeople.caller("anna").scope
        // The same teacher at the other school, at the same hours.
        try await county.database.write { db in
            _ = try db.execute(
                """
                INSERT INTO class_session (class_id, room_id, instructor_id, instructor_number, starts_at, ends_at, hours)
                VALUES (12, 2, 2, \([UInt8](arrayLiteral: 7)), 29713500, 29713680, 3)
                """)
        }
        let planned = PlannedSession(
            room: 1, instructor: 1, startsAt: 29_713_500, endsAt: 29_713_680, hours: 3, topic: "")

        let renewed = try await county.sample.post(
            "/training/enrollments/1/renew", ["confirmed": "1"], ClassPeople.headers("tara", ["school"]))
        let (own, all) = try await county.database.read { db in
            (
                try TimetableClash.find([planned], of: 11, within: school, in: db).map(\.message.zh),
                try TimetableClash.find([planned], of: 11, within: officer, in: db).map(\.message.zh)
            )
        }

        #expect(renewed.status == 403)
        #expect(own.count == 1 && own.allSatisfy { $0.contains("别处的班") && !$0.contains("班次12") })
        #expect(all.count == 1 && all.allSatisfy { $0.contains("班次12") })
    }

    @Test func `an account of a school of which nobody said which sees nothing`() {
        let roles = ["training": Set(["school"])]
        let county = DivisionCode(prefix: "150402")

        #expect(OrganisationScope(Scope(roles: roles, division: county)) == .none)
        #expect(
            OrganisationScope(Scope(roles: roles, division: county, organisation: "52150402MJY1234565"))
                == .one("52150402MJY1234565"))
        #expect(OrganisationScope(Scope(roles: ["training": ["school", "officer"]], division: county)) == .every)
        #expect(OrganisationScope(.ownMachine) == .every)
    }
}
