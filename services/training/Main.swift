import ArgumentParser
import ServiceKit

/// `training-service`: vocational training (职业技能培训).
@main
struct TrainingService: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "training-service", abstract: "From a need to a job. 职业技能培训。",
        subcommands: [
            ServeCommand.self, MigrateCommand<TrainingFolder>.self, DemoCommand.self, LedgerCommand.self,
            LotteryCommand.self,
            KeysCommand<TrainingFolder>.self, EventCommand<TrainingFolder>.self,
            AuditCommand<TrainingFolder>.self, BackupCommand<TrainingFolder>.self, RestoreCommand<TrainingFolder>.self,
        ])
}
