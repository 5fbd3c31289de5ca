import ArgumentParser

/// `aid-service`: social aid monitoring (社会救助动态监测).
@main
struct AidService: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aid-service",
        abstract: "Find the low-income households that need help. 低收入人口动态监测。",
        subcommands: [
            MonitorCommand.self, RulesCommand.self, DemoCommand.self, ServeCommand.self, ImportCommand.self,
            RunCommand.self, MigrateCommand.self, KeysCommand.self, AuditCommand.self, EventCommand.self,
            ChainCommand.self, BackupCommand.self, RestoreCommand.self,
        ])
}
