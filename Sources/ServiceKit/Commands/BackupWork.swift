package import ArgumentParser
import Foundation
package import Storage

/// What `backup` does where all that counts is the database: a checked copy while the service serves.
package enum BackupWork {
    package static func backUp(_ database: Database, service: String, to folder: String) async throws {
        let progress = BackupProgress()
        defer { progress.end() }
        try await BackupFolder(folder).make(
            of: database, service: service, at: Date().formatted(.iso8601), progress: { progress.show($0) })
        progress.end()
        print("backed up 已备份: \(folder)")
    }
}

/// What `restore` takes, and does, for such a backup.
package struct RestoreOptions: ParsableArguments {
    @Option(help: "The backup's folder.")
    package var from: String

    @Option(name: .customLong("data"), help: "The new data folder.")
    package var folder: String

    @Option(
        name: .customLong("database"),
        help: "For a backup of PostgreSQL: an empty database, postgres://user@host/name.")
    package var address: String?

    package init() {}

    package func restore(service: String) async throws {
        let progress = BackupProgress()
        defer { progress.end() }
        let target = try address.map { text in try DatabaseAddress(text) }
        let place: (String) -> String? = { name in name == "database" ? "\(folder)/\(service).sqlite" : nil }
        try await BackupFolder(from).restore(
            service: service, into: target, progress: { progress.show($0) }, place: place)
        // A backup of PostgreSQL brings no file; the keys have their place all the same.
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        progress.end()
        print("restored 已恢复: \(folder)")
    }
}
