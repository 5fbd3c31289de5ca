import Security
import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import TestPages
import Testing

@testable import GuideService

@Suite struct KeyRotationTests {
    @Test(arguments: TestServer.engines) func `what citizens told a helper is readable under the new key`(
        _ engine: Engine
    ) async throws {
        let sample = try await GuideSample(engine)
        _ = try await sample.post("/guide/help", ["name": "王女士", "phone": "13800000000", "topic": "办执照"])
        let work = KeyWork(sample.store, SessionSeal.columns)

        try await work.rotate()

        #expect(sample.store.ring.current.encryption.activeVersion == 2)
        #expect(try work.waiting() == 0)
        let row = try #require(
            try sample.store.database.readBlocking { db in
                try db.first("SELECT session_id, name_sealed, topic_sealed FROM help_session")
            })
        let seal = SessionSeal(ring: sample.store.ring)
        let id = HelpSessionID(rawValue: try row.get("session_id"))
        #expect(try seal.open(row.get("name_sealed"), .name, of: id) == "王女士")
        #expect(try seal.open(row.get("topic_sealed"), .topic, of: id) == "办执照")
    }
}
