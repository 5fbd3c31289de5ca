import ArgumentParser
import Foundation
import ServiceKit
import SocialDomain
import Storage

/// `backup`: a copy of the serving database with the extracts that it names.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy everything while the service serves. 在线备份。",
        discussion: """
            PostgreSQL is copied by pg_dump, which must be of the server's version or newer. The keys are not in it: keep a copy \
            of the keys folder elsewhere. Exit codes: 0 done, 64 usage, 69 pg_dump missing or too old, 73 cannot write, 74 failed \
            midway.
            """)

    @OptionGroup var data: DataOption

    @Option(help: "A new folder for the backup.")
    var out: String

    func run() async throws {
        try await CommandFailure.told {
            let progress = BackupProgress()
            defer { progress.end() }
            try await AidBackup.make(out, of: try data.open()) { progress.show($0) }
            progress.end()
            FileHandle.standardOutput.write(Data("backed up 已备份: \(out)\n".utf8))
        }
    }
}

/// `restore`: a backup into a new data folder.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a backup into a new data folder. 恢复备份到新的数据文件夹。",
        discussion: """
            A backup of PostgreSQL goes into an empty database that --database names. Put the keys folder into the data folder too, \
            before or after: without it the sealed fields cannot be read. Exit codes: 0 done, 64 usage, 65 backup refused, 69 \
            pg_restore missing or too old, 73 something is there already, or cannot write, 74 failed midway.
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
        try await CommandFailure.told {
            let data = DataFolder(folder)
            let progress = BackupProgress()
            defer { progress.end() }
            let target = try address.map { text in try DatabaseAddress(text) }
            let count = try await BackupFolder(from).restore(
                service: "aid", into: target, progress: { progress.show($0) }
            ) { name in
                switch name {
                case "database": data.database
                case "rules.yaml": data.rules
                case "feed-kinds.yaml": data.kinds
                default: name.hasPrefix("feeds/") ? "\(data.path)/\(name)" : nil
                }
            }
            try data.create()
            progress.end()
            FileHandle.standardOutput.write(Data("restored 已恢复: \(folder) (\(count))\n".utf8))
        }
    }
}

/// A backup of aid: its database, the extracts that it names, the operator's rules.
enum AidBackup {
    static func make(
        _ out: String, of database: AidDatabase, progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws {
        // The same before and after the copy, so it is what the copy names.
        let before = try FeedLibrary(database: database).current().map { [$0.file, $0.sha256] }
        try await BackupFolder(out).make(
            of: database.database, service: "aid", at: database.clock.timestamp(), progress: progress
        ) {
            let current = try FeedLibrary(database: database).current()
            let feeds = try current.map { record in
                let path = "\(database.folder.feeds)/\(record.file)"
                guard before.contains([record.file, record.sha256]),
                    let digest = try? FileDigest(ofFile: path), digest.sha256 == record.sha256
                else { throw BackupFault.changedMeanwhile(record.file) }
                return (name: "feeds/\(record.file)", path: path)
            }
            guard current.count == before.count else { throw BackupFault.changedMeanwhile("feeds") }
            let own = [("rules.yaml", database.folder.rules), ("feed-kinds.yaml", database.folder.kinds)]
            return feeds + own.filter { FileManager.default.fileExists(atPath: $0.1) }
        }
    }
}
