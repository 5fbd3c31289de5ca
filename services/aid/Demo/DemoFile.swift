import Foundation

/// A file being written, a megabyte at a time.
final class DemoFile {
    /// Rows are written here; `rowIsDone` passes them on.
    let text = DemoBytes(capacity: chunk + 65_536)

    private let path: String
    private let descriptor: Int32
    private let encoder: DemoGB18030?

    private static let chunk = 1 << 20

    init(path: String, encoding: DemoFeedFile.Encoding = .utf8) throws(DemoFailure) {
        self.path = path
        encoder = encoding == .gb18030 ? DemoGB18030() : nil
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure(path) }
        if encoding == .utf8WithMark { text.append("\u{FEFF}") }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Called where a character ends, so that a chunk can be encoded by itself.
    func rowIsDone() throws(DemoFailure) {
        if text.count >= Self.chunk { try flush() }
    }

    func flush() throws(DemoFailure) {
        if let encoder {
            try write(encoder.encode(text.contents))
        } else {
            try write(text.contents)
        }
        text.removeAll()
    }

    /// Writes the buffer over what stands at an offset, and goes on at the end.
    func patch(at offset: Int) throws(DemoFailure) {
        let bytes = text.contents
        guard pwrite(descriptor, bytes.baseAddress, bytes.count, off_t(offset)) == bytes.count else {
            throw Self.failure(path)
        }
        text.removeAll()
    }

    private func write(_ bytes: UnsafeBufferPointer<UInt8>) throws(DemoFailure) {
        var rest = UnsafeRawBufferPointer(bytes)
        while let start = rest.baseAddress, !rest.isEmpty {
            let written = Foundation.write(descriptor, start, rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                throw Self.failure(path)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    private static func failure(_ path: String) -> DemoFailure {
        .cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
}
