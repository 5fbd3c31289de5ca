import Testing

@testable import Tabular

@Suite struct UTF8CheckTests {
    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
            [0xE4, 0xB8], [0xE4, 0xB8, 0x41], [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80],
            [0xF0, 0x9F, 0x98], [0xFF], [0x41, 0xBF], [0xC3, 0xA9, 0xA9],
        ] as [[UInt8]])
    func `what is no character is found wherever it stands`(bytes: [UInt8]) {
        for before in 0..<70 {
            for after in [0, 1, 31, 32, 40] {
                let text = [UInt8](repeating: 0x61, count: before) + bytes + [UInt8](repeating: 0x62, count: after)

                #expect(text.withUnsafeBytes(UTF8Check.isValid) == false, "after \(before) bytes, before \(after)")
                #expect(text.withUnsafeBytes(UTF8Check.isValidByWords) == false)
            }
        }
    }

    @Test(arguments: ["é", "一", "퟿", "\u{E000}", "\u{800}", "\u{7FF}", "\u{10000}", "\u{10FFFF}", "👩‍👩‍👧", "苏日娜"])
    func `a character is right wherever it stands`(character: String) {
        for before in 0..<70 {
            let text = String(repeating: "a", count: before) + character

            #expect(Array(text.utf8).withUnsafeBytes(UTF8Check.isValid))
            #expect(Array(text.utf8).withUnsafeBytes(UTF8Check.isValidByWords))
        }
    }

    @Test func `random bytes are judged as the standard library judges them`() {
        var random = SystemRandomNumberGenerator()
        let leads: [UInt8] = [0x41, 0x7F, 0x80, 0x9F, 0xA0, 0xBF, 0xC2, 0xDF, 0xE0, 0xE4, 0xED, 0xEF, 0xF0, 0xF3, 0xF4]
        for _ in 0..<20_000 {
            var bytes: [UInt8] = Array("社会救助".utf8)
            for _ in 0..<Int.random(in: 0..<90, using: &random) {
                let place = Int.random(in: 0...bytes.count, using: &random)
                if Int.random(in: 0..<8, using: &random) == 0 {
                    bytes.insert(leads.randomElement(using: &random) ?? 0, at: place)
                } else {
                    bytes += Array(["a", "é", "助", "😀"].randomElement(using: &random)?.utf8 ?? "".utf8)
                }
            }
            let expected = String(validating: bytes, as: UTF8.self) != nil

            #expect(bytes.withUnsafeBytes(UTF8Check.isValid) == expected, "\(bytes)")
            #expect(bytes.withUnsafeBytes(UTF8Check.isValidByWords) == expected, "\(bytes)")
        }
    }
}
