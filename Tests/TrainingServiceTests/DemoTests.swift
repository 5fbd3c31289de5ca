import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import TestPages
import Testing

@testable import TrainingService

@Suite struct DemoTests {
    static func year(seed: UInt64 = 1, parts: Int = 120) throws -> DemoYear {
        let county = try #require(DivisionCode("150402"))
        return DemoYear(
            county: county, townships: DivisionTree.innerMongolia.children(of: county).map(\.code),
            today: try #require(CalendarDate(iso8601: "2026-06-30")), seed: seed, parts: parts)
    }

    @Test func `a county's share is whole people with exact sums`() {
        let share = DemoShare(parts: 12)

        #expect(share.total == 5208)
        #expect(share.urban == 2883)
        #expect(share.rural == 2325)
        #expect(share.domestic == 1475)
        #expect(DemoShare(parts: 1).urban == 34_600)
        #expect(DemoShare(parts: 1).rural == 27_900)
        #expect(DemoShare(parts: 1).domestic == 17_700)
    }

    @Test(arguments: TestServer.engines) func `the half-year adds up and the ledger balances`(
        _ engine: Engine
    ) async throws {
        let sample = try await TrainingSample(engine)
        let year = try Self.year()

        let isLoaded = try DemoLoad(year: year).callAsFunction(
            into: sample.store.database, seal: sample.application.seal)

        #expect(isLoaded)
        let counts = try await sample.store.database.read { db in
            try db.rows(
                """
                SELECT l.residence AS residence, count(*) AS n, sum(p.is_domestic) AS domestic FROM enrollment e
                JOIN training_class c ON c.class_id = e.class_id JOIN program p ON p.program_id = c.program_id
                JOIN learner l ON l.learner_id = e.learner_id
                WHERE e.state = 'completed' AND c.starts_on BETWEEN '2026-01-01' AND '2026-06-30'
                GROUP BY l.residence ORDER BY l.residence
                """
            ).map {
                "\(try $0.get("residence", as: String.self)) \(try $0.get("n", as: Int.self)) "
                    + "\(Int(try $0.get("domestic", as: Double.self)))"
            }
        }
        // 520.83 person-times for one of 120 parts.
        #expect(counts == ["rural 233 66", "urban 288 82"])
        let (faults, states) = try await sample.store.database.read { db in
            (
                try LedgerCheck.run(in: db).faults,
                try db.rows("SELECT state, count(*) AS n FROM subsidy_claim GROUP BY state ORDER BY state").map {
                    try $0.get("state", as: String.self)
                }
            )
        }
        #expect(faults.isEmpty)
        #expect(Set(states).isSuperset(of: ["noticed", "paid", "submitted"]))
    }

    /// More than the pieces in which a list is read.
    @Test(arguments: TestServer.engines) func `lists are exported whole, each line once, in the list's order`(
        _ engine: Engine
    ) async throws {
        let sample = try await TrainingSample(engine)
        _ = try DemoLoad(year: try Self.year()).callAsFunction(
            into: sample.store.database, seal: sample.application.seal)
        func lines(_ path: String) async throws -> [Substring] {
            try await sample.get(path).text.split(separator: "\r\n").dropFirst().map { $0 }
        }
        func column(_ sql: SQL) async throws -> [String] {
            try await sample.store.database.read { db in try db.rows(sql).map { try $0.get("shown") } }
        }

        let enrollments = try await lines("/training/enrollments.csv")
        let completed = try await lines("/training/enrollments.csv?state=completed")
        let certificates = try await lines("/training/manage/certificates.csv")

        let ids = try await column(
            "SELECT CAST(enrollment_id AS TEXT) AS shown FROM enrollment ORDER BY enrollment_id DESC")
        #expect(ids.count > ListExport.pieceSize)
        #expect(enrollments.map { String($0.prefix { $0 != "," }) } == ids)
        let done = try await column(
            "SELECT CAST(enrollment_id AS TEXT) AS shown FROM enrollment WHERE state = 'completed' ORDER BY enrollment_id DESC"
        )
        #expect(completed.map { String($0.prefix { $0 != "," }) } == done)
        let numbers = try await column("SELECT number AS shown FROM certificate ORDER BY issued_on DESC, number")
        #expect(numbers.count > ListExport.pieceSize)
        #expect(certificates.map { String($0.prefix { $0 != "," }) } == numbers.map(CertificateNumber.printed))
    }

    @Test(arguments: TestServer.engines) func `a database that holds somebody is left as it is`(
        _ engine: Engine
    ) async throws {
        let sample = try await TrainingSample(engine)
        let load = DemoLoad(year: try Self.year(parts: 600))
        #expect(try load.callAsFunction(into: sample.store.database, seal: sample.application.seal))

        let isLoaded = try load.callAsFunction(into: sample.store.database, seal: sample.application.seal)

        #expect(!isLoaded)
    }

    @Test func `the same seed makes the same year and another seed another`() throws {
        let (one, same, other) = (try Self.year(), try Self.year(), try Self.year(seed: 2))

        #expect(one.learners.map(\.person.number) == same.learners.map(\.person.number))
        #expect(one.enrollments.map(\.certificate) == same.enrollments.map(\.certificate))
        #expect(one.jobs.placements.map(\.startedOn) == same.jobs.placements.map(\.startedOn))
        #expect(one.learners.map(\.person.number) != other.learners.map(\.person.number))
    }

    @Test func `no two people share a number and every class ends in its half-year`() throws {
        let year = try Self.year(parts: 12)
        let numbers =
            year.learners.map(\.person.number) + year.instructors.filter { $0.learner == nil }.map(\.person.number)

        #expect(Set(numbers).count == numbers.count)
        #expect(year.learners.count < 12_000)
        for course in year.classes where course.state == "ended" {
            #expect(course.end.description <= (course.start.year == 2025 ? "2025-12-31" : "2026-06-30"))
        }
    }

    @Test func `certificates of the demonstration have numbers that the public page takes`() throws {
        let numbers = try Self.year().enrollments.compactMap(\.certificate)

        #expect(numbers.count > 700)
        #expect(Set(numbers).count == numbers.count)
        for number in numbers { #expect(try CertificateNumber(number).text == number) }
    }

    @Test func `credit codes of the demonstration pass their check`() throws {
        let year = try Self.year()

        for code in year.schools.map(\.creditCode) + year.jobs.employers.map(\.creditCode) {
            #expect(try UnifiedCreditCode(code).text == code)
        }
    }
}
