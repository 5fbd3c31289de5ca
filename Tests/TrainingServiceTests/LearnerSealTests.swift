import ServiceKit
import SocialDomain
import Storage
import TestDatabases
import Testing

@testable import TrainingService

@Suite struct LearnerSealTests {
    @Test(arguments: TestServer.engines) func `a learner's number is readable under the new key`(
        _ engine: Engine
    ) async throws {
        let sample = try await TrainingSample(engine)
        let seal = sample.application.seal
        let number = try CitizenID("11010519491231002X")
        let index = seal.index(of: number)
        _ = try sample.store.database.writeBlocking { db in
            try db.execute(
                """
                INSERT INTO learner (division, name, number_sealed, number_index, phone_sealed, born_on, sex, residence,
                    created_at)
                VALUES ('150402', '张三', \(seal.seal(number)), \(index), \(seal.seal(phone: "13800000000", index: index)),
                    '1949-12-31', 'female', 'rural', '2026-06-30T02:00:00Z')
                """)
        }
        let work = KeyWork(sample.store, LearnerSeal.columns)

        try await work.rotate()

        #expect(try work.waiting() == 0)
        let row = try #require(
            try sample.store.database.readBlocking { db in
                try db.first("SELECT number_sealed, phone_sealed FROM learner")
            })
        #expect(try seal.openNumber(row.get("number_sealed"), index: index) == "11010519491231002X")
        #expect(try seal.openPhone(row.get("phone_sealed"), index: index) == "13800000000")
    }
}
