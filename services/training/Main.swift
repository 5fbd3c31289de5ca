import ArgumentParser

/// `training-service`: vocational training (职业技能培训).
@main
struct TrainingService: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "training-service", abstract: "From a need to a job. 职业技能培训。",
        subcommands: [
            ServeCommand.self, MigrateCommand.self, DemoCommand.self, LedgerCommand.self, LotteryCommand.self,
            KeysCommand.self,
            AuditCommand.self, BackupCommand.self, RestoreCommand.self,
        ])
}
