import ArgumentParser
import Foundation
import Security
import ServiceKit
import Storage

#if canImport(Glibc)
    import Glibc
#endif

/// `keys`: the keys that seal identity numbers in the database.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Look after the keys that seal identity numbers. 管理字段加密密钥。",
        subcommands: [KeysStatusCommand.self, KeysRotateCommand.self], defaultSubcommand: KeysStatusCommand.self)
}

/// `keys status`: which key is active, and what is still to be sealed with it.
struct KeysStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the active key's version and what it does not seal yet. 查看密钥状态。")

    @OptionGroup var data: DataOption
    @OptionGroup var output: OutputOption

    func run() async throws {
        try await CommandFailure.told {
            let database = try data.open()
            let waiting = try SealRecords(database: database).waiting()
            var result = CommandOutput([
                ("active key 当前密钥", "active"), ("plain 未加密", "plain"), ("under older keys 旧密钥", "old"),
            ])
            result.rows = [
                [
                    String(database.seal.ring.current.encryption.activeVersion), String(waiting.plain),
                    String(waiting.old),
                ]
            ]
            result.print(as: output.form)
        }
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

    @OptionGroup var data: DataOption
    @OptionGroup var output: OutputOption

    func run() async throws {
        try await CommandFailure.told {
            let database = try data.open()
            let records = SealRecords(database: database)
            // What an earlier call left unfinished comes first, with the key that it made.
            if try records.waiting() == (0, 0) {
                _ = try database.seal.ring.file.addKey()
                try database.seal.ring.reload()
                try await AuditLog(database: database.database).append(
                    AuditEvent("keys.rotate", by: .machine))
            }
            let isTerminal = isatty(STDERR_FILENO) == 1
            let done = try records(progress: { seen in
                if isTerminal { FileHandle.standardError.write(Data("\r\u{1B}[K\(seen)".utf8)) }
            })
            if isTerminal { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
            var result = CommandOutput([("active key 当前密钥", "active"), ("sealed 已加密", "sealed")])
            result.rows = [[String(database.seal.ring.current.encryption.activeVersion), String(done.sealed)]]
            result.print(as: output.form)
        }
    }
}
