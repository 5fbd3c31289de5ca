import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A file that a power cut finds whole or not at all.
enum LastingFile {
    /// Gives a finished draft its name, with everything of it on disk first.
    static func rename(_ draft: String, to path: String) throws(DatabaseFault) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        for (name, isLast) in [(draft, false), (folder, true)] {
            if isLast, Glibc.rename(draft, path) != 0 { throw .cannotOpen }
            let file = open(name, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { throw .cannotOpen }
            defer { close(file) }
            guard fsync(file) == 0 else { throw errno == ENOSPC ? .diskFull : .cannotOpen }
        }
    }
}
