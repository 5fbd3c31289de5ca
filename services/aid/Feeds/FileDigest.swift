import Crypto

#if canImport(Glibc)
    import Glibc
#endif

/// The SHA-256 and the length of a file's bytes.
struct FileDigest: Hashable, Sendable {
    let sha256: String
    let bytes: Int

    init(sha256: String, bytes: Int) {
        self.sha256 = sha256
        self.bytes = bytes
    }

    init(ofFile path: String) throws(FileFault) {
        var hasher = SHA256()
        var bytes = 0
        try FileBytes.forEachPart(ofFile: path) { part throws(FileFault) in
            hasher.update(bufferPointer: part)
            bytes += part.count
        }
        self.init(sha256: hasher.finalize().hexadecimal, bytes: bytes)
    }
}

/// A file's bytes in order, a part at a time, so that gigabytes need little memory.
enum FileBytes {
    static func forEachPart(
        ofFile path: String, _ body: (UnsafeRawBufferPointer) throws(FileFault) -> Void
    ) throws(FileFault) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileFault(errno: errno, path: path) }
        defer { close(file) }
        let part = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { part.deallocate() }
        while true {
            let count = read(file, part.baseAddress, part.count)
            if count == 0 { return }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileFault(errno: errno, path: path)
            }
            try body(UnsafeRawBufferPointer(rebasing: part[..<count]))
        }
    }
}

extension Digest {
    /// Two small letters or digits a byte.
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
