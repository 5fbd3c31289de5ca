import Contracts
import ServiceKit
import Testing

@testable import GuideService

struct GuideRouteTests {
    @Test func `every contract has its route, and every route its contract`() async throws {
        let routes = try await GuideSample().application.routes()

        #expect(Set(routes.contracts.map(\.id)) == Set(GuideContract.all.map(\.id)))
        #expect(routes.contracts.count == GuideContract.all.count)
    }
}
