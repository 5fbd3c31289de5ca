import ArgumentParser
import Foundation
import Security
import ServiceKit
import Storage

/// `migrate`: brings the data folder's schema forward.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Make the data folder's database, or bring its schema forward. 建立或升级数据库。",
        discussion:
            "Writes the service's public keys to keys/aid.jwks.json, for other services' --jwks. Exit codes: 0 done, 64 usage, 65 data of a newer version, 73 cannot write, 74 failed midway."
    )

    @OptionGroup var data: DataOption
    @OptionGroup var output: OutputOption

    func run() async throws {
        try await CommandFailure.told {
            let database = try data.open()
            try database.folder.signingKeys().publish(in: database.folder.path + "/keys")
            var result = CommandOutput([("migration 迁移", "number"), ("title 内容", "title")])
            result.rows = database.applied.map { [String($0.number), $0.title] }
            if result.rows.isEmpty, output.form == .table {
                FileHandle.standardOutput.write(Data("nothing to do 已是最新\n".utf8))
            } else {
                result.print(as: output.form)
            }
        }
    }
}
