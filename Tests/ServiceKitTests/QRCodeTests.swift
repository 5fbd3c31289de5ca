import ServiceKit
import Testing

struct QRCodeTests {
    @Test func `a code of the smallest kind has 21 modules and its finders`() throws {
        let code = try #require(QRCode("A"))

        #expect(code.width == 21)
        // The first row begins with the finder's seven dark modules, behind a quiet zone of four.
        #expect(code.svg(label: "x").contains("<path d=\"M4,4h7v1h-7z"))
    }

    @Test func `a label is escaped`() throws {
        #expect(try #require(QRCode("A")).svg(label: "\"<b>").contains("aria-label=\"&quot;&lt;b&gt;\""))
    }

    @Test func `what is too long for any code gives none`() {
        #expect(QRCode(String(repeating: "a", count: 3000)) == nil)
    }

    @Test func `the PNG has the size, the depth and the sums that the standard asks for`() throws {
        let png = try #require(QRCode("A")).png(scale: 1)

        // 29 × 29, one bit, grey; the sum over the header was worked out with zlib's crc32.
        #expect(
            png.prefix(33) == [
                0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 29, 0, 0,
                0, 29,
                1, 0, 0, 0, 0, 0x7E, 0xE8, 0x5A, 0xA2,
            ])
        #expect(png.suffix(12) == [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82])
        // Every row a filter byte and four bytes, in one stored block.
        #expect(png[33..<48] == [0, 0, 0, 156, 0x49, 0x44, 0x41, 0x54, 0x78, 0x01, 1, 145, 0, 0x6E, 0xFF])
    }
}
