import Glibc

/// The bytes of a zip file, in memory or in a file that is read piece by piece.
enum ZipSource: Sendable {
    case bytes([UInt8])
    case file(ReadableFile)

    init(path: String) throws(XLSXFault) {
        do throws(ReadFault) {
            self = .file(try ReadableFile(path: path))
        } catch {
            throw XLSXFault(error)
        }
    }

    var size: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .file(let file): file.size
        }
    }

    /// Fills the buffer from the offset on; returns fewer bytes than asked only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(XLSXFault) -> Int {
        switch self {
        case .bytes(let bytes):
            guard offset >= 0, offset < bytes.count else { return 0 }
            let count = min(buffer.count, bytes.count - offset)
            bytes.withUnsafeBytes { all in
                buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: all[offset..<offset + count]))
            }
            return count
        case .file(let file):
            do throws(ReadFault) {
                return try file.read(into: buffer, at: offset)
            } catch {
                throw XLSXFault(error)
            }
        }
    }

    func bytes(at offset: Int, count: Int) throws(XLSXFault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(0, min(count, size - offset)))
        var fault: XLSXFault?
        let filled = bytes.withUnsafeMutableBytes { buffer -> Int in
            do throws(XLSXFault) {
                return try self.read(into: buffer, at: offset)
            } catch {
                fault = error
                return 0
            }
        }
        if let fault { throw fault }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }

    func requireUnchanged() throws(XLSXFault) {
        guard case .file(let file) = self else { return }
        do throws(ReadFault) {
            try file.requireUnchanged()
        } catch {
            throw XLSXFault(error)
        }
    }
}

extension XLSXFault {
    fileprivate init(_ fault: ReadFault) {
        switch fault {
        case .cannotOpen(_, let code), .cannotRead(_, let code): self = .unreadable(code: code)
        case .changed: self = .changed
        case .tooLarge: self = .unreadable(code: EFBIG)
        }
    }
}
