import Foundation

/// The keys of one service's sealed fields, in a file that only its owner may read (0600).
///
/// One key a line: a version from 1 or the word `index`, a space, 32 bytes in Base64. The highest version is the active
/// one; the index key never changes. Lines that begin with `#` are for people.
package struct FieldKeyFile: Hashable, Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    private var file: SecretFile { SecretFile(path) }
    package var exists: Bool { file.exists }

    package func read() throws(SecurityFault) -> FieldKeys {
        let lines = try file.lines()
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
        try file.write(
            """
            # Secret. Without this file the sealed fields of the database cannot be read by anyone:
            # keep a copy away from the database's backups. 密钥文件，请与数据库备份分开另存一份。
            index \(SecretFile.newKey())
            1 \(SecretFile.newKey())

            """, isNew: true)
    }

    /// Adds a key, which becomes the active one; its version.
    package func addKey() throws(SecurityFault) -> UInt32 {
        let next = try read().encryption.activeVersion + 1
        let text = try file.lines().joined(separator: "\n").trimmingCharacters(in: .newlines)
        try file.write("\(text)\n\(next) \(SecretFile.newKey())\n", isNew: false)
        return next
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
