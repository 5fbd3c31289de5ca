import HTTPTypes
import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import TestPages
import Testing

@testable import TrainingService

@Suite struct TrainingFiguresTests {
    @Test(arguments: TestServer.engines) func `the demonstration's half-year adds up to its share`(
        _ engine: Engine
    ) async throws {
        let sample = try await TrainingSample(engine)
        _ = try DemoLoad(year: try DemoTests.year()).callAsFunction(
            into: sample.store.database, seal: sample.application.seal)
        let half = try #require(HalfYear("2026-1"))

        let figures = try await sample.store.database.read { db in
            try TrainingFigures.read(
                half, within: .ownMachine, on: #require(CalendarDate(iso8601: "2026-06-30")), in: db)
        }
        let elsewhere = try await sample.store.database.read { db in
            try TrainingFigures.read(
                half, within: Scope(roles: [:], division: DivisionCode("150403")),
                on: #require(CalendarDate(iso8601: "2026-06-30")),
                in: db)
        }

        // One of 120 parts of 62,500 = 34,600 urban + 27,900 rural; 17,700 in domestic service.
        #expect(figures.total.personTimes == 521)
        #expect(figures.total.urban == 288)
        #expect(figures.total.rural == 233)
        #expect(figures.total.domestic == 148)
        #expect(figures.trades.map(\.counts.personTimes).reduce(0, +) == 521)
        #expect(figures.schools.map(\.counts.personTimes).reduce(0, +) == 521)
        #expect(figures.total.certificates <= 521 && figures.total.certificates > 0)
        #expect(figures.paid > .zero)
        #expect(elsewhere.total.personTimes == 0)
    }

    @Test func `medians and halves of a year`() throws {
        #expect(TrainingFigures.median([3, 1, 2]) == Money(fen: 2))
        #expect(TrainingFigures.median([4, 1]) == Money(fen: 2))
        #expect(TrainingFigures.median([]) == nil)
        #expect(HalfYear("2026-3") == nil)
        #expect(HalfYear("2026-2")?.first.description == "2026-07-01")
        #expect(HalfYear("2026-2")?.last.description == "2026-12-31")
    }

    @Test func `the page and its file answer`() async throws {
        let sample = try await TrainingSample()

        let page = try await sample.get("/training/figures?half=2026-1")
        let file = try await sample.get("/training/figures.csv?half=2026-1", [:])

        #expect(page.status == 200 && page.text.contains("2026 年上半年培训统计"))
        #expect(page.text.contains("不足 5 人，不公布"))
        #expect(file.status == 200 && file.text.contains("培训人次"))
    }
}
