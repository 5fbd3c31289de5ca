import ArgumentParser
import ServiceKit

/// `minsheng backup`: a copy of the serving database.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the accounts while the gateway serves. 在线备份。",
        discussion: """
            PostgreSQL is copied by pg_dump, which must be of the server's version or newer. The keys are not in it: keep a copy \
            of the keys folder elsewhere. Exit codes: 0 done, 64 usage, 65 refused, 74 failed midway.
            """)
    @OptionGroup var options: GatewayOptions

    @Option(help: "A new folder for the backup.")
    var out: String

    func run() async throws {
        try await Told.run {
            try await BackupWork.backUp(try options.open().database, service: "gateway", to: out)
        }
    }
}

/// `minsheng restore`: a backup into a new data folder.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a backup into a new data folder. 恢复备份到新的数据文件夹。",
        discussion: """
            A backup of PostgreSQL goes into an empty database that --database names. Put the keys folder into the data folder \
            too: without it authenticators cannot be read, and services trust other keys. Exit codes: 0 done, 64 usage, 65 \
            refused, 74 failed midway.
            """)

    @OptionGroup var options: RestoreOptions

    func run() async throws {
        try await Told.run { try await options.restore(service: "gateway") }
    }
}
