import CArchive

/// One pass of libarchive over a zip file's entries, in the order in which they lie in the file.
final class ZipReader {
    private let source: ZipSource
    private let archive: OpaquePointer
    private(set) var entry: OpaquePointer?
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    private var position = 0
    /// What went wrong below libarchive, which passes on only that something did.
    private(set) var readFault: XLSXFault?

    init(source: ZipSource) throws(XLSXFault) {
        self.source = source
        guard let archive = archive_read_new() else { throw .unreadable(code: 12) }
        self.archive = archive
        // Only the reader that goes by the directory: entries that the directory does not name are not there.
        archive_read_support_format_zip_seekable(archive)
        archive_read_set_callback_data(archive, Unmanaged.passUnretained(self).toOpaque())
        archive_read_set_read_callback(archive) { _, context, block in
            guard let context, let block else { return -1 }
            return Unmanaged<ZipReader>.fromOpaque(context).takeUnretainedValue().readBlock(block)
        }
        archive_read_set_seek_callback(archive) { _, context, offset, whence in
            guard let context else { return -30 }
            return Unmanaged<ZipReader>.fromOpaque(context).takeUnretainedValue().seek(offset, whence)
        }
        guard archive_read_open1(archive) == ZipStatus.ok else { throw fault(in: "") }
    }

    deinit {
        archive_read_free(archive)
        buffer.deallocate()
    }

    /// The next entry's name as `ZipPackage.normalised` writes it, or nil after the last.
    func nextEntry() throws(XLSXFault) -> String? {
        while true {
            let status = archive_read_next_header(archive, &entry)
            if status == ZipStatus.end { return nil }
            // A warning concerns names in a foreign encoding; parts of workbooks have ASCII names.
            guard status == ZipStatus.ok || status == ZipStatus.warning else { throw fault(in: "") }
            if let name = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry) {
                return ZipPackage.normalised(String(cString: name))
            }
        }
    }

    var isEncrypted: Bool {
        archive_entry_is_encrypted(entry) != 0
    }

    /// Stored or deflated; a workbook may use nothing else (ECMA-376 part 2, annex B), and the other methods that
    /// libarchive knows can ask for gigabytes.
    var hasKnownMethod: Bool {
        guard let name = archive_format_name(archive) else { return false }
        let text = String(cString: name)
        return text.hasSuffix("(deflation)") || text.hasSuffix("(uncompressed)")
    }

    /// Unpacks more of the current entry; 0 at its end, when its checksum has been found right.
    func read(into target: UnsafeMutableRawBufferPointer, part: String) throws(XLSXFault) -> Int {
        let count = archive_read_data(archive, target.baseAddress, target.count)
        guard count >= 0 else { throw fault(in: part) }
        return count
    }

    func fault(in part: String) -> XLSXFault {
        readFault ?? .damaged(part: part)
    }

    private func readBlock(_ block: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
        do throws(XLSXFault) {
            let count = try source.read(into: buffer, at: position)
            position += count
            block.pointee = UnsafeRawPointer(buffer.baseAddress)
            return count
        } catch {
            readFault = error
            return -1
        }
    }

    private func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
        let base =
            switch whence {
            case 1: position
            case 2: source.size
            default: 0
            }
        let (target, isTooFar) = base.addingReportingOverflow(Int(offset))
        guard !isTooFar, target >= 0 else { return Int64(ZipStatus.fatal) }
        position = min(target, source.size)
        return Int64(position)
    }
}

/// libarchive's results, which its header defines as macros.
enum ZipStatus {
    static let end: Int32 = 1
    static let ok: Int32 = 0
    static let warning: Int32 = -20
    static let fatal: Int32 = -30
}

/// The unpacked bytes of one part.
final class ZipPartStream {
    let part: String
    private let reader: ZipReader
    private let budget: UnpackBudget

    fileprivate init(checked reader: ZipReader, part: String, budget: UnpackBudget) {
        self.reader = reader
        self.part = part
        self.budget = budget
    }

    convenience init(reader: ZipReader, part: String, budget: UnpackBudget) throws(XLSXFault) {
        if reader.isEncrypted { throw .encrypted }
        guard reader.hasKnownMethod else { throw .damaged(part: part) }
        self.init(checked: reader, part: part, budget: budget)
    }

    /// Returns 0 only at the end, when the part's checksum has been found right.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(XLSXFault) -> Int {
        let count = try reader.read(into: buffer, part: part)
        try budget.spend(count)
        return count
    }
}

/// What is left to unpack, over all parts together, so that parts that share their packed bytes are counted each time.
final class UnpackBudget {
    private let limits: XLSXLimits
    private let fileSize: Int
    private var unpacked = 0

    init(limits: XLSXLimits, fileSize: Int) {
        self.limits = limits
        self.fileSize = fileSize
    }

    func spend(_ count: Int) throws(XLSXFault) {
        unpacked += count
        if unpacked > limits.unpackedBytes { throw .zipBomb(.unpackedBytes) }
        if unpacked > limits.ratioFloor, unpacked / limits.ratio > fileSize { throw .zipBomb(.ratio) }
    }
}
