import ArgumentParser
import Security
import ServiceKit

/// `minsheng audit`: the log of sign-ins and of what was done to accounts.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Verify or export the log of sign-ins and accounts. 核对或导出记录。",
        subcommands: [AuditVerifyCommand.self, AuditExportCommand.self], defaultSubcommand: AuditVerifyCommand.self)
}

/// `minsheng audit verify`: follows the chain from its first entry.
struct AuditVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Find any change, removal or reorder. 查找改动、删除和调换。",
        discussion: """
            Keeps how far the log reached in keys/audit.checkpoint of the data folder; keep a copy of it elsewhere. Exit \
            codes: 0 unchanged, 1 changed, 64 usage, 74 cannot be read.
            """)
    @OptionGroup var options: GatewayOptions

    func run() async throws {
        try await Told.run {
            let database = try options.open().database
            try AuditWork.verify(
                database, checkpoint: "\(options.folder)/keys/audit.checkpoint",
                key: options.keys.readOrMake().derived("audit"))
        }
    }
}

/// `minsheng audit export`: every entry as CSV.
struct AuditExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write every entry to standard output as CSV. 导出为 CSV。",
        discussion: "Exit codes: 0 done, 64 usage, 74 cannot be read.")
    @OptionGroup var options: GatewayOptions

    func run() async throws {
        try await Told.run { try AuditWork.export(try options.open().database) }
    }
}
