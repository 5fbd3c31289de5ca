import ArgumentParser
import Foundation
import Security
import ServiceKit
import Storage

/// training's data folder, shared by every command.
struct TrainingFolder: StoreFolder {
    @OptionGroup var folder: ServiceFolder

    static let service = "training"
    static var resources: String { Bundle.module.bundlePath + "/Resources" }
    static var migrations: String { Bundle.module.bundlePath + "/Migrations" }
    static var sealed: [SealedColumn] { LearnerSeal.columns }

    static func hasSealedValues(_ db: Connection) throws -> Bool {
        try db.first("SELECT 1 AS one FROM learner LIMIT 1") != nil
            || db.first("SELECT 1 AS one FROM instructor LIMIT 1") != nil
    }
}
