import Crypto
import Foundation
package import SocialDomain
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
    private static let database = "database.sqlite"

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
    ///   - files: asked for after the database was copied: a name in the backup and where the file lies.
    package func make(
        of database: Database, service: String, at time: String, files: () throws -> [(name: String, path: String)]
    ) async throws {
        guard database.engine == .sqlite else { throw BackupFault.otherEngine }
        guard !FileManager.default.fileExists(atPath: path) else { throw BackupFault.exists(path) }
        let draft = path + ".draft"
        try? FileManager.default.removeItem(atPath: draft)
        do {
            try FileManager.default.createDirectory(
                atPath: draft, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try await database.backUp(to: "\(draft)/\(Self.database)")
            var entries = [try Self.entry(Self.database, in: draft)]
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

    /// Checks every file against the manifest and puts it where `place` says; an existing file is never replaced.
    ///
    /// - Returns: how many files were put back.
    @discardableResult
    package func restore(service: String, place: (_ name: String) -> String?) throws -> Int {
        guard let data = FileManager.default.contents(atPath: manifest),
            let manifest = try? JSONDecoder().decode(Manifest.self, from: data)
        else { throw BackupFault.noManifest(path) }
        guard manifest.service == service else { throw BackupFault.otherService(manifest.service) }
        // Everything is looked at before anything is written.
        var copies: [(from: String, to: String)] = []
        for file in manifest.files {
            guard !file.name.split(separator: "/").contains(".."), !file.name.hasPrefix("/"),
                let target = place(file.name == Self.database ? "database" : file.name)
            else { throw BackupFault.unknownFile(file.name) }
            guard let found = try? Self.entry(file.name, in: path), found.sha256 == file.sha256 else {
                throw BackupFault.damaged(file.name)
            }
            guard !FileManager.default.fileExists(atPath: target) else { throw BackupFault.exists(target) }
            copies.append(("\(path)/\(file.name)", target))
        }
        for copy in copies {
            try FileManager.default.createDirectory(
                atPath: (copy.to as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            try FileManager.default.copyItem(atPath: copy.from, toPath: copy.to)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: copy.to)
        }
        return copies.count
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

/// Why a backup was not made or not put back.
package enum BackupFault: ExplainedFault, Hashable {
    case exists(String)
    case cannotWrite(String)
    case noManifest(String)
    case otherService(String)
    case unknownFile(String)
    case damaged(String)
    /// A file was replaced while it was being copied.
    case changedMeanwhile(String)
    case otherEngine

    package var explanation: LocalizedText {
        switch self {
        case .exists(let path):
            LocalizedText(
                zh: "\(path) 已经存在，不会覆盖。请换一个位置。", en: "\(path) exists and is not replaced: choose another place")
        case .cannotWrite(let path):
            LocalizedText(zh: "无法写入 \(path)。", en: "\(path) cannot be written")
        case .noManifest(let path):
            LocalizedText(
                zh: "\(path) 不是完整的备份：缺少 manifest.json。", en: "\(path) is not a whole backup: manifest.json is missing")
        case .otherService(let name):
            LocalizedText(zh: "这是服务“\(name)”的备份。", en: "this is a backup of the service \(name)")
        case .unknownFile(let name):
            LocalizedText(zh: "备份里有不认识的文件 \(name)。", en: "the backup holds an unknown file \(name)")
        case .damaged(let name):
            LocalizedText(
                zh: "备份里的 \(name) 已损坏或缺失，请用另一份备份。",
                en: "\(name) in the backup is damaged or missing: use another backup")
        case .changedMeanwhile(let name):
            LocalizedText(zh: "备份时 \(name) 被替换，请重新备份。", en: "\(name) was replaced during the backup: make it again")
        case .otherEngine:
            LocalizedText(
                zh: "PostgreSQL 请用 pg_dump 或 pg_basebackup 备份。",
                en: "back PostgreSQL up with pg_dump or pg_basebackup")
        }
    }
}
