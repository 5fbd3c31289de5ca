import Glibc

/// A folder into which a run's files are written under other names first and then given theirs, so that nobody ever
/// sees half of a result.
struct OutputFolder: ~Copyable {
    private let folder: String
    private var written: [(partial: String, name: String)] = []
    private var isCommitted = false

    init(_ folder: String) throws(MonitoringFailure) {
        self.folder = folder
        var path = ""
        for part in folder.split(separator: "/", omittingEmptySubsequences: false) {
            path += part
            if !path.isEmpty, mkdir(path, 0o755) != 0, errno != EEXIST {
                throw .cannotWrite(path: path, detail: String(cString: strerror(errno)))
            }
            path += "/"
        }
        guard access(folder, W_OK | X_OK) == 0 else {
            throw .cannotWrite(path: folder, detail: String(cString: strerror(errno)))
        }
    }

    deinit {
        if !isCommitted { for file in written { unlink(file.partial) } }
    }

    mutating func write(_ blocks: [[UInt8]], to name: String) throws(MonitoringFailure) {
        let partial = "\(folder)/.\(name).\(getpid()).partial"
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .cannotWrite(path: partial, detail: String(cString: strerror(errno))) }
        written.append((partial, "\(folder)/\(name)"))
        defer { close(descriptor) }
        for block in blocks {
            var done = 0
            while done < block.count {
                let count = block.withUnsafeBytes { bytes in
                    Glibc.write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
                }
                if count < 0 {
                    if errno == EINTR { continue }
                    throw .writeFailed(path: "\(folder)/\(name)", detail: String(cString: strerror(errno)))
                }
                done += count
            }
        }
    }

    /// Gives the files their names.
    mutating func commit() throws(MonitoringFailure) {
        // All of them or none: what can be known to stand in the way is looked for before the first is renamed.
        for file in written {
            if let standing = opendir(file.name) {
                closedir(standing)
                throw .writeFailed(path: file.name, detail: String(cString: strerror(EISDIR)))
            }
        }
        for file in written {
            guard rename(file.partial, file.name) == 0 else {
                throw .writeFailed(path: file.name, detail: String(cString: strerror(errno)))
            }
        }
        isCommitted = true
    }
}
