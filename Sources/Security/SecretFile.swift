import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A small file of lines that only its owner may read (0600).
struct SecretFile {
    let path: String

    init(_ path: String) {
        self.path = path
    }

    var exists: Bool { access(path, F_OK) == 0 }

    static func newKey() -> String {
        var generator = SystemRandomNumberGenerator()
        return Data((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }).base64EncodedString()
    }

    func lines() throws(SecurityFault) -> [String] {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw errno == ENOENT ? .keysMissing(path: path) : .keysUnreadable(path: path)
        }
        guard status.st_mode & 0o077 == 0 else { throw .keysExposed(path: path) }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { throw .keysUnreadable(path: path) }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Whole or not at all, on disk before it returns; the folder is made where it is missing.
    func write(_ text: String, isNew: Bool) throws(SecurityFault) {
        let folder = (path as NSString).deletingLastPathComponent
        if access(folder, F_OK) != 0 {
            guard
                (try? FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])) != nil
            else { throw .keysUnwritable(path: path) }
        }
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
