import ArgumentParser
import Foundation
import Security
import ServiceKit
import Storage

/// guide's data folder, shared by every command.
struct GuideFolder: StoreFolder {
    @OptionGroup var folder: ServiceFolder

    static let service = "guide"
    static var resources: String { Bundle.module.bundlePath + "/Resources" }
    static var migrations: String { Bundle.module.bundlePath + "/Migrations" }
    static var sealed: [SealedColumn] { SessionSeal.columns }

    static func hasSealedValues(_ db: Connection) throws -> Bool {
        try SessionRetention.hasSealedValues(db)
    }
}
