import ArgumentParser

/// `minsheng`: the gateway to the five services.
@main
struct Minsheng: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "minsheng", abstract: "Sign-in, accounts and the portal of Minsheng. 民生统一入口。",
        subcommands: [
            ServeCommand.self, AccountCommand.self, AuditCommand.self, EventCommand.self, StatusCommand.self,
            BackupCommand.self,
            RestoreCommand.self,
        ])
}
