import Security
import SocialDomain
import Storage
import TestDatabases
import Testing

@testable import AidService

/// What an officer gets of two households in two neighbouring counties, 红山区 150402 (H1) and 元宝山区 150403 (H2), and of
/// one without a readable division (H3).
struct ScopeTests {
    private static func database(_ engine: Engine) throws -> AidDatabase {
        let database = try SampleData().database(engine)
        try database.run(PageSample.rows)
        try database.run(
            """
            INSERT INTO household (household_id, division, size, position) VALUES ('H3', '', 1, 2);
            INSERT INTO person (person_id, household_id, name, position) VALUES ('P9', 'H3', '李强', 9)
            """)
        return database
    }

    @Test(arguments: TestServer.engines) func `a household's page is its own division's alone`(_ engine: Engine)
        async throws
    {
        let database = try Self.database(engine)

        let own = HouseholdQueries(database: database.database, scope: SampleData.scope("150402"), seal: database.seal)
        let neighbour = HouseholdQueries(
            database: database.database, scope: SampleData.scope("150403"), seal: database.seal)

        #expect(try await own.story("H1")?.members.count == 2)
        #expect(try await neighbour.story("H1") == nil)
        #expect(try await neighbour.story("H2")?.members.count == 1)
    }

    @Test(arguments: TestServer.engines) func `a search finds nobody of another division`(_ engine: Engine)
        async throws
    {
        let database = try Self.database(engine)

        let own = HouseholdQueries(database: database.database, scope: SampleData.scope("150402"), seal: database.seal)
        let neighbour = HouseholdQueries(
            database: database.database, scope: SampleData.scope("150403"), seal: database.seal)

        for text in ["H1", "乌兰其其格", "11010519491231002X"] {
            #expect(try await own.search(text).map(\.id) == ["H1"])
            #expect(try await neighbour.search(text).isEmpty)
        }
        #expect(try await neighbour.search("李强").map(\.id) == ["H2"])
    }

    @Test(arguments: TestServer.engines) func `the list and its count hold the own division's alerts alone`(
        _ engine: Engine
    ) async throws {
        let database = try Self.database(engine)
        var cleared = AlertFilter()
        cleared.state = "cleared"
        var asked = AlertFilter()
        asked.division = "150402"

        let own = AlertQueries(database: database.database, scope: SampleData.scope("150402001"))
        let neighbour = AlertQueries(database: database.database, scope: SampleData.scope("150403"))

        #expect(try await own.page(AlertFilter(), order: .byPoints, after: nil, limit: 9).map(\.id) == [1])
        #expect(try await own.count(AlertFilter()) == 1)
        #expect(try await own.count(cleared) == 0)
        #expect(try await neighbour.page(AlertFilter(), order: .byPoints, after: nil, limit: 9).isEmpty)
        #expect(try await neighbour.page(asked, order: .byPoints, after: nil, limit: 9).isEmpty)
        #expect(try await neighbour.count(asked) == 0)
        #expect(try await neighbour.count(cleared) == 1)
        #expect(try await neighbour.divisionChoices("150402") == ["150403"])
    }

    @Test(arguments: TestServer.engines) func `the figures begin with the own division and go to no other`(
        _ engine: Engine
    ) async throws {
        let database = try Self.database(engine)

        let queries = DashboardQueries(database: database.database, scope: SampleData.scope("150403"))

        #expect(try await queries.figures(division: "")?.population.persons == 1)
        #expect(try await queries.figures(division: "")?.clearedAlerts == 1)
        #expect(try await queries.figures(division: "150402") == nil)
        #expect(try await queries.figures(division: "1504") == nil)
    }

    @Test(arguments: TestServer.engines) func `whole files are for who may see every household`(_ engine: Engine)
        async throws
    {
        let database = try Self.database(engine)

        #expect(try await FeedQueries(database: database.database, scope: SampleData.scope("15")).coversAll())
        #expect(try await !FeedQueries(database: database.database, scope: SampleData.scope("1504")).coversAll())
        #expect(try await !FeedQueries(database: database.database, scope: SampleData.scope("150402")).coversAll())
        #expect(try await FeedQueries(database: database.database, scope: .ownMachine).coversAll())
    }

    @Test(arguments: TestServer.engines) func `what has no readable division is the region's`(_ engine: Engine)
        async throws
    {
        let database = try Self.database(engine)

        let region = HouseholdQueries(database: database.database, scope: SampleData.scope("15"), seal: database.seal)
        let other = HouseholdQueries(database: database.database, scope: SampleData.scope("1504"), seal: database.seal)

        #expect(try await region.story("H3") != nil)
        #expect(try await other.story("H3") == nil)
    }
}
