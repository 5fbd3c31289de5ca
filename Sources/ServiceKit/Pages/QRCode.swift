import CQREncode

/// A QR code (ISO/IEC 18004), black on white with the quiet zone of four modules that §6.3.8 asks for.
package struct QRCode: Sendable {
    /// Modules along a side, without the quiet zone.
    package let width: Int
    private let modules: [Bool]
    private static let quietZone = 4

    /// How much of the code may be dirty or torn.
    package enum Correction: Sendable {
        /// 15 %, for screens.
        case medium
        /// 25 %, for what hangs at a door.
        case high
    }

    /// Nil where the text is too long for any code.
    package init?(_ text: String, correction: Correction = .medium) {
        let level = correction == .medium ? QR_ECLEVEL_M : QR_ECLEVEL_Q
        guard let code = QRcode_encodeString8bit(text, 0, level) else { return nil }
        defer { QRcode_free(code) }
        guard let data = code.pointee.data else { return nil }
        width = Int(code.pointee.width)
        modules = (0..<width * width).map { data[$0] & 1 == 1 }
    }

    private func isDark(row: Int, column: Int) -> Bool { modules[row * width + column] }

    /// - Parameter standsAlone: as a file of its own, and not within a page.
    package func svg(label: String, standsAlone: Bool = false) -> String {
        var path = ""
        for row in 0..<width {
            var column = 0
            while column < width {
                guard isDark(row: row, column: column) else {
                    column += 1
                    continue
                }
                let start = column
                while column < width, isDark(row: row, column: column) { column += 1 }
                path += "M\(start + Self.quietZone),\(row + Self.quietZone)h\(column - start)v1h-\(column - start)z"
            }
        }
        let size = width + 2 * Self.quietZone
        let space = standsAlone ? " xmlns=\"http://www.w3.org/2000/svg\"" : ""
        return """
            <svg\(space) class="qr" viewBox="0 0 \(size) \(size)" width="\(size * 5)" height="\(size * 5)" role="img" \
            aria-label="\(HTML.escaped(label))" shape-rendering="crispEdges"><rect width="\(size)" height="\(size)" \
            fill="#fff"/><path d="\(path)" fill="#000"/></svg>
            """
    }

    /// - Parameter scale: pixels a module.
    package func png(scale: Int = 12) -> [UInt8] {
        let size = (width + 2 * Self.quietZone) * scale
        let quiet = Self.quietZone
        return PNGImage(width: size, height: size) { x, y in
            let (column, row) = (x / scale - quiet, y / scale - quiet)
            guard (0..<width).contains(column), (0..<width).contains(row) else { return false }
            return isDark(row: row, column: column)
        }.bytes
    }
}
