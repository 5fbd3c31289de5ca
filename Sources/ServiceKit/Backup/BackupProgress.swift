import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// The table that a backup or a restore has come to, on one line of a terminal; nothing where nobody watches.
package struct BackupProgress: Sendable {
    private let isTerminal = isatty(STDERR_FILENO) == 1

    package init() {}

    package func show(_ table: String) {
        guard isTerminal else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(table)".utf8))
    }

    package func end() {
        guard isTerminal else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }
}
