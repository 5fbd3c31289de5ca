import ArgumentParser

/// `run`: computes the alerts in this process, or lists the runs.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Match, evaluate and bring the alerts up to date. 运行监测预警。",
        subcommands: [RunStartCommand.self, RunListCommand.self],
        defaultSubcommand: RunStartCommand.self)
}
