import Glibc

/// A file opened for reading at any offset; it notices when it is changed meanwhile.
///
/// Plain reads into a buffer of the reader's own, not a mapping: a file that another program cuts short would end a
/// mapped reader with SIGBUS, and pages once mapped count as the process's memory.
package final class ReadableFile: Sendable {
    package let path: String
    /// Bytes, as they were when the file was opened.
    package let size: Int
    private let descriptor: Int32
    private let openedState: FileState

    package init(path: String) throws(ReadFault) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotOpen(path: path, code: errno) }
        guard let state = FileState(descriptor: descriptor), state.isRegular else {
            let code = errno
            close(descriptor)
            throw .cannotOpen(path: path, code: code == 0 ? EISDIR : code)
        }
        openedState = state
        size = state.size
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    deinit {
        close(descriptor)
    }

    /// Fills the buffer from the offset on; returns fewer bytes than asked only at the end of the file.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(ReadFault) -> Int {
        var done = 0
        while done < buffer.count {
            let count = pread(
                descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done, off_t(offset + done))
            if count < 0 {
                if errno == EINTR { continue }
                throw .cannotRead(path: path, code: errno)
            }
            if count == 0 { break }
            done += count
        }
        return done
    }

    /// The whole content, for files known to be small.
    package func readAll(limit: Int) throws(ReadFault) -> [UInt8] {
        guard size <= limit else { throw .tooLarge(path: path, limit: limit) }
        var failure: ReadFault?
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            do throws(ReadFault) {
                count = try read(into: UnsafeMutableRawBufferPointer(buffer), at: 0)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// The size in bytes of a plain file; nil where there is none of this name.
    package static func size(ofPlainFile path: String) -> Int? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// Throws where the file has another size or time of change than when it was opened.
    package func requireUnchanged() throws(ReadFault) {
        guard FileState(descriptor: descriptor) == openedState else { throw .changed(path: path) }
    }
}

/// What tells one state of an open file from another.
private struct FileState: Equatable {
    let size: Int
    let seconds: Int
    let nanoseconds: Int
    let isRegular: Bool

    init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        size = Int(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
        isRegular = status.st_mode & S_IFMT == S_IFREG
    }
}

/// Why a file could not be read.
package enum ReadFault: Error, Equatable {
    case cannotOpen(path: String, code: Int32)
    case cannotRead(path: String, code: Int32)
    case changed(path: String)
    case tooLarge(path: String, limit: Int)
}

extension ReadFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cannotOpen(let path, let code):
            "cannot open \(path): \(Self.reason(code)) (无法打开文件)"
        case .cannotRead(let path, let code):
            "cannot read \(path): \(Self.reason(code)) (读取文件失败)"
        case .changed(let path):
            "\(path) was changed while it was read; copy it to a place where nobody writes and try again "
                + "(读取过程中文件被改动，请先复制到无人写入的位置再试)"
        case .tooLarge(let path, let limit):
            "\(path) is larger than \(limit) bytes (文件过大)"
        }
    }

    private static func reason(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}
