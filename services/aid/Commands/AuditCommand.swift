import ArgumentParser
import Security
import ServiceKit

/// `audit`: the log of who did and who looked.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Verify or export the log of who did and who looked. 核对或导出操作与查阅记录。",
        subcommands: [AuditVerifyCommand.self, AuditExportCommand.self])
}

/// `audit verify`: follows the chain from its first entry.
struct AuditVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Find any change, removal or reorder. 查找改动、删除和调换。",
        discussion: """
            Keeps how far the log reached in keys/audit.checkpoint of the data folder; keep a copy of it elsewhere. Exit \
            codes: 0 unchanged, 1 changed, 64 usage, 74 cannot be read.
            """)

    @OptionGroup var data: DataOption

    func run() async throws {
        try await CommandFailure.told {
            let database = try data.open()
            try AuditWork.verify(
                database.database, checkpoint: database.folder.auditCheckpoint,
                key: database.folder.signingKeys().derived("audit"))
        }
    }
}

/// `audit export`: every entry as CSV.
struct AuditExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write every entry to standard output as CSV. 导出为 CSV。")

    @OptionGroup var data: DataOption

    func run() async throws {
        try await CommandFailure.told { try AuditWork.export(try data.open().database) }
    }
}
