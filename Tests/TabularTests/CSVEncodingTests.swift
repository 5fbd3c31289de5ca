import Tabular
import Testing

/// UTF-8, GB18030 and white space by the words of design/monitoring.md.
@Suite struct CSVEncodingTests {
    @Suite struct Validity {
        @Test(
            arguments: [
                "", "a", "é", "苏", "😀", "\u{FEFF}a", "\0", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}",
                "\u{E000}", "\u{FFFD}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}",
            ])
        func `well-formed UTF-8 is valid`(_ text: String) {
            #expect(isValid(Array(text.utf8), .utf8))
        }

        @Test(
            arguments: [
                [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x9F, 0xBF],
                [0xE4, 0xB8], [0xE4, 0xB8, 0x41], [0xED, 0xA0, 0x80], [0xEE, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
                [0xF0, 0x90, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF],
            ] as [[UInt8]])
        func `bytes that are no well-formed UTF-8 are invalid wherever they stand`(_ bytes: [UInt8]) {
            for before in 0..<20 {
                for after in 0..<12 {
                    let text = Array(repeating: 0x61, count: before) + bytes + Array(repeating: 0x62, count: after)
                    #expect(!isValid(text, .utf8))
                    let han = Array(String(repeating: "苏", count: before).utf8) + bytes
                    #expect(!isValid(han + Array(String(repeating: "日", count: after).utf8), .utf8))
                }
            }
        }

        @Test(
            arguments: [
                [0x61], [0xCB, 0xD5], [0x81, 0x40], [0xFE, 0xFE], [0x81, 0x30, 0x81, 0x30], [0x84, 0x31, 0xA4, 0x39],
                [0x90, 0x30, 0x81, 0x30], [0xE3, 0x32, 0x9A, 0x35],
            ] as [[UInt8]])
        func `a character of GB18030 is valid`(_ bytes: [UInt8]) {
            #expect(isValid(bytes, .gb18030))
        }

        @Test(
            arguments: [
                [0x80], [0xFF], [0x61, 0x80, 0x61], [0x61, 0xFF, 0x61], [0xCB], [0x81, 0x2C], [0x81, 0x7F],
                [0x81, 0xFF], [0x81, 0x30], [0x81, 0x30, 0x81], [0x81, 0x30, 0x80, 0x30], [0x81, 0x30, 0x81, 0x40],
                [0x84, 0x31, 0xA5, 0x30], [0xE3, 0x32, 0x9A, 0x36], [0xFE, 0x39, 0xFE, 0x39],
            ] as [[UInt8]])
        func `what is no character of GB18030 is invalid`(_ bytes: [UInt8]) {
            #expect(!isValid(bytes, .gb18030))
        }
    }

    @Suite struct Decoding {
        @Test func `two-byte forms are decoded`() {
            #expect(decoded([0xCB, 0xD5, 0xC8, 0xD5, 0xC4, 0xC8]) == "苏日娜")
        }

        @Test func `four-byte forms of the basic plane are decoded`() {
            #expect(decoded([0x81, 0x39, 0xEE, 0x39]) == "\u{3400}")
            #expect(decoded([0x81, 0x34, 0xD6, 0x32]) == "\u{1822}")
        }

        @Test func `four-byte forms of the supplementary planes are decoded`() {
            #expect(decoded([0x90, 0x30, 0x81, 0x30]) == "\u{10000}")
            #expect(decoded([0x95, 0x32, 0x82, 0x36]) == "\u{20000}")
            #expect(decoded([0xE3, 0x32, 0x9A, 0x35]) == "\u{10FFFF}")
        }

        @Test func `the euro sign and the middle dot are decoded`() {
            #expect(decoded([0xA2, 0xE3]) == "€")
            #expect(decoded([0xA1, 0xA4]) == "·")
        }

        @Test func `bytes that are no character become U+FFFD`() {
            #expect(decoded([0x61, 0x80, 0x62, 0xFF]) == "a\u{FFFD}b\u{FFFD}")
        }

        private func decoded(_ bytes: [UInt8]) -> String {
            bytes.withUnsafeBytes { TextEncoding.gb18030.decode($0) }
        }
    }

    @Suite struct Records {
        @Test func `trail bytes of GB18030 are no separators`() throws {
            // Trail bytes begin at 0x30: none is a comma, a quote, a CR or an LF.
            let bytes: [UInt8] = [0x61, 0x2C, 0x81, 0x30, 0x84, 0x32, 0x2C, 0x95, 0x5C, 0x0A]

            let records = try CSVSample(bytes).records(encoding: .gb18030)

            #expect(records.map(\.cells) == [[[0x61], [0x81, 0x30, 0x84, 0x32], [0x95, 0x5C]]])
        }

        @Test func `a line of GB18030 white space only is blank`() throws {
            // U+3000 as A1 A1, U+00A0 as 81 30 84 32, U+0085 as 81 30 81 35.
            let blank: [UInt8] = [0xA1, 0xA1, 0x20, 0x81, 0x30, 0x84, 0x32, 0x81, 0x30, 0x81, 0x35]
            let bytes = Array("a\n".utf8) + blank + Array("\nb\n".utf8)

            let records = try CSVSample(bytes).records(encoding: .gb18030)

            #expect(records.map(\.text) == [["a"], ["b"]])
        }

        @Test func `a GB18030 header is decoded and trimmed`() throws {
            let bytes: [UInt8] = [0xA1, 0xA1, 0xD0, 0xD5, 0xC3, 0xFB, 0x20, 0x2C, 0x69, 0x64, 0x0A]

            #expect(try CSVSample(bytes).header(.gb18030).names == ["姓名", "id"])
        }
    }

    @Suite struct White {
        @Test(
            arguments: [
                "\t", "\n", "\u{B}", "\u{C}", "\r", " ", "\u{85}", "\u{A0}", "\u{1680}", "\u{2000}", "\u{2005}",
                "\u{200A}", "\u{2028}", "\u{2029}", "\u{202F}", "\u{205F}", "\u{3000}",
            ])
        func `white space is trimmed from both ends only`(_ space: String) {
            #expect(trimmed("\(space)\(space)苏\(space)a\(space)") == "苏\(space)a")
        }

        @Test(arguments: ["\u{200B}", "\u{FEFF}", "\u{180E}", "\u{2060}", "\u{1F}", "\u{0}", "\u{200C}", "\u{AD}"])
        func `what is not White_Space stays`(_ kept: String) {
            #expect(trimmed(" \(kept) ") == kept)
        }

        @Test func `a Han character whose last bytes look like white space stays`() {
            // 脀 U+8100 ends in 84 80; 怀 ends in 80 80 as no white space does.
            #expect(trimmed("\u{8100}\u{6000}") == "\u{8100}\u{6000}")
            #expect(trimmed("\u{10085}") == "\u{10085}")
        }

        @Test func `GB18030 white space is trimmed from both ends only`() {
            let space: [UInt8] = [0xA1, 0xA1]
            let text: [UInt8] = space + [0xCB, 0xD5] + space + [0xC4, 0xC8] + space + [0x20]

            let trimmed = text.withUnsafeBytes { Array(WhiteSpace.trimmed($0, .gb18030)) }

            #expect(trimmed == [0xCB, 0xD5, 0xA1, 0xA1, 0xC4, 0xC8])
        }

        @Test func `a GB18030 character whose trail byte pairs look like U+3000 stays`() {
            // 啊 B0 A1 twice: its middle bytes are A1 B0, its last A1.
            let text: [UInt8] = [0xB0, 0xA1, 0xB0, 0xA1]

            #expect(text.withUnsafeBytes { Array(WhiteSpace.trimmed($0, .gb18030)) } == text)
        }

        private func trimmed(_ text: String) -> String {
            Array(text.utf8).withUnsafeBytes { String(decoding: WhiteSpace.trimmed($0, .utf8), as: UTF8.self) }
        }
    }
}

private func isValid(_ bytes: [UInt8], _ encoding: TextEncoding) -> Bool {
    bytes.withUnsafeBytes { encoding.isValid($0) }
}
