import Crypto
import Foundation
package import Storage

#if canImport(Glibc)
    import Glibc
#endif

/// A backup: a folder with a checked copy of a database, the files that belong to it, and a manifest with the SHA-256 of
/// each. Keys are not in it: whoever holds a backup alone cannot read what is sealed.
package struct BackupFolder: Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    private var manifest: String { path + "/manifest.json" }

    /// The name of the database in a backup says what it goes into.
    private static func database(_ engine: Engine) -> String {
        switch engine {
        case .sqlite: "database.sqlite"
        case .postgres: "database.pgdump"
        }
    }

    private struct Manifest: Codable {
        struct File: Codable {
            let name: String
            let sha256: String
            let bytes: Int
        }

        let service: String
        let madeAt: String
        let files: [File]
    }

    /// Copies while the service serves. The folder gets its name when everything in it is whole.
    ///
    /// - Parameters:
    ///   - time: noted in the manifest, ISO 8601.
    ///   - progress: called with each table, on PostgreSQL.
    ///   - files: asked for after the database was copied: a name in the backup and where the file lies.
    package func make(
        of database: Database, service: String, at time: String,
        progress: @escaping @Sendable (String) -> Void = { _ in },
        files: () throws -> [(name: String, path: String)] = { [] }
    ) async throws {
        guard !FileManager.default.fileExists(atPath: path) else { throw BackupFault.exists(path) }
        let draft = path + ".draft"
        try? FileManager.default.removeItem(atPath: draft)
        do {
            try FileManager.default.createDirectory(
                atPath: draft, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let copy = Self.database(database.engine)
            try await database.backUp(to: "\(draft)/\(copy)", progress: progress)
            var entries = [try Self.entry(copy, in: draft)]
            for file in try files() {
                let target = "\(draft)/\(file.name)"
                try FileManager.default.createDirectory(
                    atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
                try FileManager.default.copyItem(atPath: file.path, toPath: target)
                entries.append(try Self.entry(file.name, in: draft))
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try encoder.encode(Manifest(service: service, madeAt: time, files: entries))
                .write(to: URL(fileURLWithPath: draft + "/manifest.json"))
            try Self.syncAll(in: draft)
            guard rename(draft, path) == 0 else { throw BackupFault.cannotWrite(path) }
        } catch {
            try? FileManager.default.removeItem(atPath: draft)
            throw error
        }
    }

    /// Checks every file against the manifest and puts it where `place` says; an existing file is never replaced, and a PostgreSQL
    /// database with tables neither.
    ///
    /// - Parameters:
    ///   - address: where the database goes: an empty PostgreSQL database for a backup of one; nil is for SQLite, whose file lies where
    ///     `place` puts `database`.
    ///   - progress: called with each table, on PostgreSQL.
    /// - Returns: how many files were put back.
    @discardableResult
    package func restore(
        service: String, into address: DatabaseAddress? = nil, options: DatabaseOptions = DatabaseOptions(),
        progress: (String) -> Void = { _ in }, place: (_ name: String) -> String?
    ) async throws -> Int {
        let manifest = try readManifest(of: service)
        let engine = address?.engine ?? .sqlite
        guard manifest.files.contains(where: { $0.name == Self.database(engine) }) else {
            throw engine == .sqlite ? BackupFault.needsPostgres : .needsSQLite
        }
        // Everything is looked at before anything is written.
        var copies: [(from: String, to: String)] = []
        var archive: String?
        for file in manifest.files {
            guard !file.name.split(separator: "/").contains(".."), !file.name.hasPrefix("/") else {
                throw BackupFault.unknownFile(file.name)
            }
            guard let found = try? Self.entry(file.name, in: path), found.sha256 == file.sha256 else {
                throw BackupFault.damaged(file.name)
            }
            if engine == .postgres, file.name == Self.database(engine) {
                archive = "\(path)/\(file.name)"
                continue
            }
            let name = file.name == Self.database(.sqlite) ? "database" : file.name
            guard let target = place(name) else { throw BackupFault.unknownFile(file.name) }
            guard !FileManager.default.fileExists(atPath: target) else { throw BackupFault.exists(target) }
            copies.append(("\(path)/\(file.name)", target))
        }
        // One transaction; what comes after it are copies of files.
        if let address, let archive {
            let database = try Database(address, options: options)
            defer { database.close() }
            try await database.restore(from: archive, progress: progress)
        }
        for copy in copies {
            try FileManager.default.createDirectory(
                atPath: (copy.to as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            try FileManager.default.copyItem(atPath: copy.from, toPath: copy.to)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: copy.to)
        }
        return manifest.files.count
    }

    private func readManifest(of service: String) throws -> Manifest {
        guard let data = FileManager.default.contents(atPath: manifest),
            let manifest = try? JSONDecoder().decode(Manifest.self, from: data)
        else { throw BackupFault.noManifest(path) }
        guard manifest.service == service else { throw BackupFault.otherService(manifest.service) }
        return manifest
    }

    private static func entry(_ name: String, in folder: String) throws -> Manifest.File {
        guard let handle = FileHandle(forReadingAtPath: "\(folder)/\(name)") else { throw BackupFault.damaged(name) }
        defer { try? handle.close() }
        var hash = SHA256()
        var bytes = 0
        while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty {
            hash.update(data: part)
            bytes += part.count
        }
        let digits = hash.finalize().map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }
        return .init(name: name, sha256: digits.joined(), bytes: bytes)
    }

    private static func syncAll(in folder: String) throws {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
        for name in names.map({ "\(folder)/\($0)" }) + [folder] {
            let file = open(name, O_RDONLY | O_CLOEXEC)
            guard file >= 0, fsync(file) == 0 else { throw BackupFault.cannotWrite(name) }
            close(file)
        }
    }
}
