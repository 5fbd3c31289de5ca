import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// The keys of one service's sealed fields, in a file that only its owner may read (0600).
///
/// One key a line: a version from 1 or the word `index`, a space, 32 bytes in Base64. The highest version is the active
/// one; the index key never changes. Lines that begin with `#` are for people.
package struct FieldKeyFile: Hashable, Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    package var exists: Bool { access(path, F_OK) == 0 }

    package func read() throws(SecurityFault) -> FieldKeys {
        let lines = try lines()
        var keys: [(version: UInt32, bytes: [UInt8])] = []
        var index: [UInt8]?
        for (number, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
            let parts = line.split(separator: " ")
            guard parts.count == 2, let data = Data(base64Encoded: String(parts[1])), data.count == 32 else {
                throw .keysDamaged(path: path, line: number + 1)
            }
            if parts[0] == "index", index == nil {
                index = [UInt8](data)
            } else if let version = UInt32(parts[0]), version > 0 {
                keys.append((version, [UInt8](data)))
            } else {
                throw .keysDamaged(path: path, line: number + 1)
            }
        }
        guard let index, let active = keys.map(\.version).max() else {
            throw .keysDamaged(path: path, line: lines.count)
        }
        return FieldKeys(
            encryption: try FieldEncryption(keys: keys, activeVersion: active), index: try BlindIndex(key: index))
    }

    /// Makes the file with a first key, and the folder where it is missing. A file that is there is kept.
    package func make() throws(SecurityFault) {
        let folder = (path as NSString).deletingLastPathComponent
        if access(folder, F_OK) != 0 {
            guard
                (try? FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])) != nil
            else { throw .keysUnwritable(path: path) }
        }
        try write(
            """
            # Secret. Without this file the sealed fields of the database cannot be read by anyone:
            # keep a copy away from the database's backups. 密钥文件，请与数据库备份分开另存一份。
            index \(Self.newKey())
            1 \(Self.newKey())

            """, isNew: true)
    }

    /// Adds a key, which becomes the active one; its version.
    package func addKey() throws(SecurityFault) -> UInt32 {
        let next = try read().encryption.activeVersion + 1
        let text = try lines().joined(separator: "\n").trimmingCharacters(in: .newlines)
        try write("\(text)\n\(next) \(Self.newKey())\n", isNew: false)
        return next
    }

    private static func newKey() -> String {
        var generator = SystemRandomNumberGenerator()
        return Data((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }).base64EncodedString()
    }

    private func lines() throws(SecurityFault) -> [String] {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw errno == ENOENT ? .keysMissing(path: path) : .keysUnreadable(path: path)
        }
        guard status.st_mode & 0o077 == 0 else { throw .keysExposed(path: path) }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { throw .keysUnreadable(path: path) }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Whole or not at all, on disk before it returns.
    private func write(_ text: String, isNew: Bool) throws(SecurityFault) {
        let draft = "\(path).\(UInt64.random(in: .min ... .max))"
        defer { unlink(draft) }
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .keysUnwritable(path: path) }
        let bytes = Array(text.utf8)
        let written = Glibc.write(file, bytes, bytes.count)
        let isWhole = written == bytes.count && fsync(file) == 0
        close(file)
        guard isWhole else { throw .keysUnwritable(path: path) }
        // A second process that makes the file at the same time must not replace the first one's.
        let isPlaced = isNew ? link(draft, path) == 0 || errno == EEXIST : rename(draft, path) == 0
        guard isPlaced else { throw .keysUnwritable(path: path) }
    }
}

/// The keys of sealed fields as they are used.
package struct FieldKeys: Sendable {
    package let encryption: FieldEncryption
    package let index: BlindIndex

    package init(encryption: FieldEncryption, index: BlindIndex) {
        self.encryption = encryption
        self.index = index
    }
}
