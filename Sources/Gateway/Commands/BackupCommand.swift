import ArgumentParser
import Foundation
import ServiceKit
import Storage

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
            let progress = BackupProgress()
            defer { progress.end() }
            try await BackupFolder(out).make(
                of: try options.open().database, service: "gateway", at: Date().formatted(.iso8601),
                progress: { progress.show($0) })
            progress.end()
            print("backed up 已备份: \(out)")
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

    @Option(help: "The backup's folder.")
    var from: String

    @Option(name: .customLong("data"), help: "The new data folder.")
    var folder: String

    @Option(
        name: .customLong("database"),
        help: "For a backup of PostgreSQL: an empty database, postgres://user@host/name.")
    var address: String?

    func run() async throws {
        try await Told.run {
            let progress = BackupProgress()
            defer { progress.end() }
            let target = try address.map { text in try DatabaseAddress(text) }
            try BackupFolder(from).restore(service: "gateway", into: target, progress: { progress.show($0) }) { name in
                name == "database" ? "\(folder)/gateway.sqlite" : nil
            }
            // A backup of PostgreSQL brings no file; the keys have their place all the same.
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            progress.end()
            print("restored 已恢复: \(folder)")
        }
    }
}
