import Contracts
import Foundation
import Testing

/// What holds for the contract of every service.
struct ContractTests {
    private static let contracts: [(service: String, endpoints: [EndpointDescription])] = [
        ("aid", AidContract.all), ("gateway", GatewayContract.all), ("guide", GuideContract.all),
    ]

    @Test(arguments: contracts)
    func `every path stands under its service, and every path parameter is described`(
        _ service: String, _ endpoints: [EndpointDescription]
    ) {
        for endpoint in endpoints {
            // Browsers and search engines ask for these two by themselves.
            let isOwn = ["/", "/robots.txt"].contains(endpoint.path) || endpoint.path.hasPrefix("/\(service)/")
            #expect(isOwn, "\(endpoint.id)")
            let named = endpoint.path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
                $0.dropFirst().dropLast()
            }
            let described = endpoint.parameters.filter { $0.place == .path }.map { Substring($0.name) }
            #expect(Set(named) == Set(described), "\(endpoint.id)")
        }
    }

    @Test(arguments: contracts)
    func `no two routes have one name or one place`(_ service: String, _ endpoints: [EndpointDescription]) {
        #expect(Set(endpoints.map(\.id)).count == endpoints.count)
        #expect(Set(endpoints.map { "\($0.method) \($0.path)" }).count == endpoints.count)
    }

    @Test func `a body's schema names what its value encodes`() throws {
        let entry = AlertEntry(
            id: 1, household: "H1", head: "乌*", division: "150402", category: "dibao", direction: "support",
            state: "open", tier: "red", points: 60, indicators: ["S01"], changedAt: "2026-06-30T08:00:00Z")
        let run = RunEntry(
            id: 1, state: "done", asOf: "2026-06-30", rules: "2026.1", requestedAt: "2026-06-30T08:00:00Z",
            finishedAt: "2026-06-30T08:00:01Z", phase: "", done: 1, total: 1, failure: "x", opened: 1, updated: 0,
            cleared: 0, reopened: 0, unchanged: 0)
        let household = HouseholdRecord(
            id: "H1", division: "150402", settlement: "urban", category: "dibao", incomePerCapita: "784.33",
            enrolledOn: "2021-08-13", isRegistered: true,
            members: [
                .init(id: "P1", name: "乌兰", idNumber: nil, sex: "female", birthDate: "1949-12-31", relation: "head")
            ],
            alerts: [
                .init(
                    id: 1, household: "H1", direction: "support", state: "open", tier: "red", points: 60,
                    openedAt: "2026-06-30T08:00:00Z", changedAt: "2026-06-30T08:00:00Z",
                    signals: [.init(indicator: "S01", subject: "H1", points: 60, facts: ["a": .null, "b": 1])])
            ])

        #expect(try Self.faults(entry).isEmpty)
        #expect(try Self.faults(run).isEmpty)
        #expect(try Self.faults(household).isEmpty)
        #expect(try Self.faults(Listing(items: [entry], next: "x")).isEmpty)
        #expect(try Self.faults(AccessTokenAnswer(token: "t", lifetime: 900)).isEmpty)
        #expect(
            try Self.faults(
                FeedFileEntry(
                    file: "a.csv", kind: "feed", feed: "medical", bytes: 1, rows: 1,
                    importedAt: "2026-06-30T08:00:00Z")
            ).isEmpty)
    }

    private static func faults<Body: APIBody>(_ body: Body) throws -> [SchemaFault] {
        Body.schema.faults(in: try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(body)))
    }

    @Test func `a change of people's data never stands in an address`() {
        for endpoint in AidContract.all + GatewayContract.all where endpoint.method != .get {
            #expect(endpoint.parameters.allSatisfy { $0.place != .query }, "\(endpoint.id)")
        }
    }

    @Test func `the document says how a request can fail`() {
        let statuses = Set(AidContract.closeAlert.description.allProblems.map(\.status))

        #expect(
            statuses == [400, 401, 403, 404, 406, 409, 412, 413, 414, 415, 421, 422, 428, 429, 431, 500, 503])
    }
}
