import ArgumentParser
import ServiceKit

/// `keys`: the keys that seal identity numbers and phones.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Look after the keys of sealed fields. 管理字段加密密钥。",
        subcommands: [KeysStatusCommand.self, KeysRotateCommand.self], defaultSubcommand: KeysStatusCommand.self)
}

/// `keys status`: which key is active, and what is still to be sealed with it.
struct KeysStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the active key's version and what it does not seal yet. 查看密钥状态。")
    @OptionGroup var data: TrainingFolder

    func run() async throws {
        try await Told.run { try KeyWork(data.open(), LearnerSeal.columns).printStatus() }
    }
}

/// `keys rotate`: a new key, and everything sealed with it, while the service serves.
struct KeysRotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Add a key and seal everything with it, while the service serves. 轮换密钥，不停服务。",
        discussion: """
            A rotation that was stopped goes on where it stood: call it again. Old keys stay in the file, for backups that \
            were made under them. Exit codes: 0 done, 64 usage, 65 keys damaged, 73 cannot write, 74 failed midway.
            """)
    @OptionGroup var data: TrainingFolder

    func run() async throws {
        try await Told.run { try await KeyWork(data.open(), LearnerSeal.columns).rotate() }
    }
}
