import CArchive

/// A zip file as the parts of a workbook: a name and a stream of bytes each.
struct ZipPackage: Sendable {
    let source: ZipSource
    let limits: XLSXLimits
    /// How often each part's name occurs, in the form of `normalised`.
    private let parts: [String: Int]

    /// Looks through the directory of parts; unpacks nothing.
    init(source: ZipSource, limits: XLSXLimits) throws(XLSXFault) {
        self.source = source
        self.limits = limits
        try Self.checkSignature(of: source)
        try Self.checkDirectory(of: source, limits: limits)
        let reader = try ZipReader(source: source)
        var parts: [String: Int] = [:]
        var count = 0
        while let name = try reader.nextEntry() {
            count += 1
            guard count <= limits.entries else { throw .zipBomb(.entries) }
            parts[name, default: 0] += 1
        }
        self.parts = parts
    }

    func contains(_ part: String) -> Bool {
        parts[Self.normalised(part)] != nil
    }

    /// The stream of a part's bytes; a part that stands twice in the file is refused, as programs differ in which they
    /// take.
    func open(_ part: String, budget: UnpackBudget) throws(XLSXFault) -> ZipPartStream {
        let name = Self.normalised(part)
        switch parts[name] {
        case nil: throw .missingPart(Self.shown(part))
        case 1: break
        default: throw .damaged(part: Self.shown(part))
        }
        let reader = try ZipReader(source: source)
        while let found = try reader.nextEntry() {
            if found == name { return try ZipPartStream(reader: reader, part: Self.shown(part), budget: budget) }
        }
        throw .damaged(part: Self.shown(part))
    }

    /// Part names compare without regard to ASCII case (ECMA-376 part 2, 6.2.2.3); some writers use backslashes.
    static func normalised(_ name: String) -> String {
        var bytes = Array(name.utf8)
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): bytes[index] |= 0x20
            case UInt8(ascii: "\\"): bytes[index] = UInt8(ascii: "/")
            default: break
            }
        }
        return String(decoding: bytes.first == UInt8(ascii: "/") ? bytes[1...] : bytes[...], as: UTF8.self)
    }

    /// A part's name for messages: the file's own words, without what would spoil a line of a log.
    static func shown(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.prefix(100).map { $0.value < 0x20 ? "?" : $0 }))
    }

    private static func checkSignature(of source: ZipSource) throws(XLSXFault) {
        guard source.size > 0 else { throw .emptyFile }
        let start = try source.bytes(at: 0, count: 8)
        if start == [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] {
            if try isEncryptedCompoundFile(source) { throw .encrypted }
            throw .oldFormat
        }
        guard start.count >= 4, start.starts(with: [0x50, 0x4B]) else { throw .notAZip }
    }

    /// Whether a compound file (MS-CFB) holds the stream in which Office puts an encrypted workbook (MS-OFFCRYPTO
    /// 2.3.4.4): its name stands in the directory in UTF-16.
    private static func isEncryptedCompoundFile(_ source: ZipSource) throws(XLSXFault) -> Bool {
        let name: [UInt8] = "EncryptedPackage".utf8.reduce(into: []) { $0 += [$1, 0] }
        let step = 1 << 20
        var offset = 0
        while offset < source.size {
            let piece = try source.bytes(at: offset, count: step + name.count)
            var index = 0
            while index + name.count <= piece.count {
                if piece[index] == name[0], piece[index..<index + name.count].elementsEqual(name) { return true }
                // Directory entries are 128 bytes in sectors of 512.
                index += 128
            }
            offset += step
        }
        return false
    }

    /// Finds the directory of parts and refuses one that would fill the memory: libarchive reads it whole.
    private static func checkDirectory(of source: ZipSource, limits: XLSXLimits) throws(XLSXFault) {
        let endRecord = 22
        let tailStart = max(0, source.size - endRecord - 0xFFFF - 20)
        let tail = try source.bytes(at: tailStart, count: source.size - tailStart)
        var index = tail.count - endRecord
        while index >= 0, !tail[index...].starts(with: [0x50, 0x4B, 5, 6]) { index -= 1 }
        guard index >= 0 else {
            let start = try source.bytes(at: 0, count: 4)
            throw start == [0x50, 0x4B, 3, 4] ? .truncated : .notAZip
        }
        var entries = tail.littleEndian(at: index + 10, bytes: 2)
        var size = tail.littleEndian(at: index + 12, bytes: 4)
        var offset = tail.littleEndian(at: index + 16, bytes: 4)
        if index >= 20, tail[(index - 20)...].starts(with: [0x50, 0x4B, 6, 7]) {
            let place = tail.littleEndian(at: index - 20 + 8, bytes: 8)
            guard place <= UInt64(source.size) else { throw .damaged(part: "") }
            let record = try source.bytes(at: Int(place), count: 56)
            guard record.count == 56, record.starts(with: [0x50, 0x4B, 6, 6]) else { throw .damaged(part: "") }
            entries = record.littleEndian(at: 32, bytes: 8)
            size = record.littleEndian(at: 40, bytes: 8)
            offset = record.littleEndian(at: 48, bytes: 8)
        }
        let end = UInt64(tailStart + index)
        guard offset <= end, size <= end else { throw .damaged(part: "") }
        guard entries <= UInt64(limits.entries) else { throw .zipBomb(.entries) }
        guard max(size, end - offset) <= UInt64(limits.directoryBytes) else { throw .zipBomb(.directoryBytes) }
    }
}

extension [UInt8] {
    /// The unsigned number of so many bytes, least significant first; they must lie within the array.
    fileprivate func littleEndian(at index: Int, bytes: Int) -> UInt64 {
        self[index..<index + bytes].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
