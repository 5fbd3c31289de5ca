import Crypto

#if canImport(Glibc)
    import Glibc
#endif

/// An extract that is being received: its bytes go into a file of its own beside the extracts and are seen by no run
/// until `FeedLibrary.finish` has taken it in.
///
/// The file stays locked while it is written, so that another process can tell one that is coming in from one that
/// was left behind. Not Sendable: one task receives it.
final class FeedIntake {
    let name: FeedName
    let kind: FeedKind
    let path: String
    private let file: Int32
    private var hasher = SHA256()
    private var bytes = 0

    init(name: FeedName, kind: FeedKind, folder: String) throws(FeedRefusal) {
        self.name = name
        self.kind = kind
        path = "\(folder)/\(Self.prefix)\(UInt64.random(in: .min ... .max))"
        file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .file(FileFault(errno: errno, path: path)) }
        flock(file, LOCK_EX)
    }

    static let prefix = ".incoming-"

    /// What was not taken in is gone.
    deinit {
        close(file)
        unlink(path)
    }

    func append(_ part: UnsafeRawBufferPointer) throws(FileFault) {
        hasher.update(bufferPointer: part)
        bytes += part.count
        var rest = part
        while let base = rest.baseAddress, !rest.isEmpty {
            let written = write(file, base, rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                throw FileFault(errno: errno, path: path)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    /// Brings the bytes to the disk; none come after.
    func seal() throws(FeedRefusal) -> FileDigest {
        guard fsync(file) == 0 else { throw .file(FileFault(errno: errno, path: path)) }
        return FileDigest(sha256: hasher.finalize().hexadecimal, bytes: bytes)
    }
}
