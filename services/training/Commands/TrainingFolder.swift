import ArgumentParser
import Foundation
import Security
import ServiceKit
import Storage

/// training's data folder, shared by every command.
struct TrainingFolder: ParsableArguments {
    @OptionGroup var folder: ServiceFolder

    func open() throws -> ServiceStore {
        try folder.open(service: "training", migrations: Self.migrations) { db in
            try db.first("SELECT 1 AS one FROM learner LIMIT 1") != nil
                || db.first("SELECT 1 AS one FROM instructor LIMIT 1") != nil
        }
    }

    static var resources: String { Bundle.module.bundlePath + "/Resources" }
    static var migrations: String { Bundle.module.bundlePath + "/Migrations" }
}

/// `migrate`: bring the database up to date.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Make the database and bring it up to date. 建库或升级。",
        discussion: "Writes the service's public keys to keys/training.jwks.json, for other services' --jwks.")
    @OptionGroup var data: TrainingFolder

    func run() async throws {
        try await Told.run {
            let store = try data.open()
            try store.signingKeys().publish(in: "\(store.folder)/keys")
            print("up to date 已是最新")
        }
    }
}

/// `audit`: follows the chain from its first entry.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Find any change of the log of who did and who looked. 核对操作记录。",
        discussion: "Exit codes: 0 unchanged, 1 changed, 64 usage, 74 cannot be read.")
    @OptionGroup var data: TrainingFolder

    func run() async throws {
        try await Told.run {
            let store = try data.open()
            try AuditWork.verify(
                store.database, checkpoint: store.auditCheckpoint, key: store.signingKeys().derived("audit"))
        }
    }
}
