import Contracts
import ServiceKit
import Storage
import TestDatabases
import TestPages
import Testing

@testable import TrainingService

@Suite struct FoundationTests {
    @Test(arguments: TestServer.engines) func `the start page answers`(_ engine: Engine) async throws {
        let sample = try await TrainingSample(engine)

        let answer = try await sample.get("/training/")

        #expect(answer.status == 200)
        #expect(answer.text.contains("学一门手艺"))
    }

    @Test func `every route stands in the contract and the other way round`() async throws {
        let sample = try await TrainingSample()

        let routes = Set(sample.application.routes().contracts.map(\.id))

        #expect(routes == Set(TrainingContract.all.map(\.id)))
    }
}
