import ArgumentParser

/// `import`: what other systems hand over comes in.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take in the register or departments' extracts. 导入名册或部门数据。",
        subcommands: [ImportRegisterCommand.self, ImportFeedCommand.self])
}
