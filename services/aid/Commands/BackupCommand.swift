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
            The keys are not in it: keep a copy of the keys folder elsewhere. Exit codes: 0 done, 64 usage, 73 cannot write, \
            74 failed midway.
            """)

    @OptionGroup var data: DataOption

    @Option(help: "A new folder for the backup.")
    var out: String

    func run() async throws {
        try await CommandFailure.told {
            let database = try data.open()
            try await AidBackup.make(out, of: database)
            FileHandle.standardOutput.write(Data("backed up 已备份: \(out)\n".utf8))
        }
    }
}

/// `restore`: a backup into a new data folder.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a backup into a new data folder. 恢复备份到新的数据文件夹。",
        discussion: """
            Put the keys folder there too, before or after: without it the sealed fields cannot be read. Exit codes: 0 done, \
            64 usage, 65 backup refused, 73 cannot write, 74 failed midway.
            """)

    @Option(help: "The backup's folder.")
    var from: String

    @Option(name: .customLong("data"), help: "The new data folder.")
    var folder: String

    func run() async throws {
        try await CommandFailure.told {
            let data = DataFolder(folder)
            let count = try BackupFolder(from).restore(service: "aid") { name in
                switch name {
                case "database": data.database
                case "rules.yaml": data.rules
                case "feed-kinds.yaml": data.kinds
                default: name.hasPrefix("feeds/") ? "\(data.path)/\(name)" : nil
                }
            }
            FileHandle.standardOutput.write(Data("restored 已恢复: \(folder) (\(count))\n".utf8))
        }
    }
}

/// A backup of aid: its database, the extracts that it names, the operator's rules.
enum AidBackup {
    static func make(_ out: String, of database: AidDatabase) async throws {
        // The same before and after the copy, so it is what the copy names.
        let before = try FeedLibrary(database: database).current().map { [$0.file, $0.sha256] }
        try await BackupFolder(out).make(of: database.database, service: "aid", at: database.clock.timestamp()) {
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
