import ArgumentParser
import Foundation
import ServiceKit
import Storage
import Testing

@testable import GuideService

struct BackupTests {
    @Test func `what is backed up while it serves comes back whole in another folder`() async throws {
        let sample = try await GuideSample()
        let folder = FileManager.default.temporaryDirectory.path + "/guide-backup-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let before = try await Self.codes(sample.store.database)

        try await BackupWork.backUp(sample.store.database, service: "guide", to: folder + "/backup")
        try await RestoreOptions.parse(["--from", folder + "/backup", "--data", folder + "/new"]).restore(
            service: "guide")

        let restored = try Database(DatabaseAddress(sqliteFile: folder + "/new/guide.sqlite"))
        defer { restored.close() }
        #expect(try await Self.codes(restored) == before)
        #expect(!before.isEmpty)
        await #expect(throws: (any Error).self) {
            try await RestoreOptions.parse(["--from", folder + "/backup", "--data", folder + "/new"]).restore(
                service: "guide")
        }
        await #expect(throws: (any Error).self) {
            try await RestoreOptions.parse(["--from", folder + "/backup", "--data", folder + "/other"]).restore(
                service: "aid")
        }
    }

    private static func codes(_ database: Database) async throws -> [String] {
        try await database.read { db in
            try db.rows("SELECT code FROM item ORDER BY item_id").map { try $0.get("code") }
        }
    }
}
