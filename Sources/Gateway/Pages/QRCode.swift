import CQREncode

/// A QR code as SVG, black on white with the quiet zone of four modules that ISO/IEC 18004 §6.3.8 asks for.
enum QRCode {
    /// Nil where the text is too long for any code.
    static func svg(_ text: String, label: String) -> String? {
        guard let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else { return nil }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        guard let modules = code.pointee.data else { return nil }
        var path = ""
        for row in 0..<width {
            for column in 0..<width where modules[row * width + column] & 1 == 1 {
                path += "M\(column + 4),\(row + 4)h1v1h-1z"
            }
        }
        let size = width + 8
        return """
            <svg class="qr" viewBox="0 0 \(size) \(size)" width="\(size * 5)" height="\(size * 5)" role="img" \
            aria-label="\(label)" shape-rendering="crispEdges"><rect width="\(size)" height="\(size)" fill="#fff"/>\
            <path d="\(path)" fill="#000"/></svg>
            """
    }
}
