import ArgumentParser
import ServiceKit

/// `backup`: a copy of the serving database, sealed as it is.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy everything while the service serves. 在线备份。",
        discussion: """
            PostgreSQL is copied by pg_dump, which must be of the server's version or newer. The keys are not in it: keep a copy \
            of the keys folder elsewhere. Exit codes: 0 done, 64 usage, 65 refused, 74 failed midway.
            """)
    @OptionGroup var data: TrainingFolder

    @Option(help: "A new folder for the backup.")
    var out: String

    func run() async throws {
        try await Told.run { try await BackupWork.backUp(try data.open().database, service: "training", to: out) }
    }
}

/// `restore`: a backup into a new data folder.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a backup into a new data folder. 恢复备份到新的数据文件夹。",
        discussion: """
            A backup of PostgreSQL goes into an empty database that --database names. Put the keys folder into the data folder \
            too: without it identity numbers and phones cannot be read. Exit codes: 0 done, 64 usage, 65 refused, 74 failed \
            midway.
            """)
    @OptionGroup var options: RestoreOptions

    func run() async throws {
        try await Told.run { try await options.restore(service: "training") }
    }
}
