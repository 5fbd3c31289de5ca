/// How much a workbook may ask of its reader before it is refused.
///
/// The defaults let through every sheet that Excel can save with ordinary data and refuse files made to exhaust memory
/// or time. Apart from the shared strings nothing grows with the file.
package struct XLSXLimits: Hashable, Sendable {
    /// Parts in the zip file; default 10,000.
    package var entries = 10_000
    /// Bytes of the zip file's directory of parts; default 16 MiB.
    package var directoryBytes = 16 << 20
    /// Unpacked bytes of all parts that are read; default 2 GiB.
    package var unpackedBytes = 2 << 30
    /// Unpacked bytes for one byte of the file, once `ratioFloor` is passed; default 400. Sheets reach 10 to 150,
    /// deflate at most 1,032.
    package var ratio = 400
    /// Unpacked bytes below which the ratio is not looked at; default 16 MiB.
    package var ratioFloor = 16 << 20
    /// Shared strings; default 8 million.
    package var sharedStrings = 8_000_000
    /// UTF-8 bytes of all shared strings, which are kept in memory; default 256 MiB.
    package var sharedStringBytes = 256 << 20
    /// UTF-8 bytes of one text; default 1 MiB. Excel itself keeps 32,767 characters.
    package var textBytes = 1 << 20
    /// Cells handed out, the empty ones before a row's last value included; default 250 million.
    package var cells = 250_000_000

    package static let standard = XLSXLimits()

    package init() {}
}

/// The limit of `XLSXLimits` that a workbook went over.
package enum XLSXLimit: String, Hashable, Sendable {
    case entries
    case directoryBytes
    case unpackedBytes
    case ratio
    case sharedStrings
    case sharedStringBytes
    case textBytes
    case cells
}
