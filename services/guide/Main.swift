import ArgumentParser
import ServiceKit

/// `guide-service`: the digital government service signboard (数字政务门牌).
@main
struct GuideService: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guide-service", abstract: "Explain every government service item. 数字政务门牌。",
        subcommands: [
            ServeCommand.self, MigrateCommand<GuideFolder>.self, DemoCommand.self, ImportCommand.self,
            ExportCommand.self,
            FlowCommand.self, SessionsCommand.self, KeysCommand<GuideFolder>.self, EventCommand<GuideFolder>.self,
            AuditCommand<GuideFolder>.self, BackupCommand<GuideFolder>.self,
            RestoreCommand<GuideFolder>.self,
        ])
}
