import Glibc

/// GB 18030-2005 as glibc's iconv has it: tables of the two-byte forms and of the four-byte forms of the basic plane,
/// made from iconv once; the supplementary planes follow the standard's linear range from 0x90308130.
final class GB18030Table: Sendable {
    static let shared = GB18030Table()

    /// The code point of each two-byte form by its two bytes read big-endian, 0 where iconv knows none.
    private let twoByte: [UInt32]
    /// The code point of each four-byte form from 0x81308130 by its place in the standard's order, 0 for none.
    private let fourByte: [UInt32]

    private init() {
        var pairs = [UInt32](repeating: 0, count: 0x1_0000)
        var quads = [UInt32](repeating: 0, count: 39_420)
        if let converter = Converter() {
            for lead in 0x81...0xFE {
                for tail in 0x40...0xFE where tail != 0x7F {
                    pairs[lead << 8 | tail] = converter.codePoint(of: [UInt8(lead), UInt8(tail)]) ?? 0
                }
            }
            for place in quads.indices {
                quads[place] =
                    converter.codePoint(of: [
                        UInt8(0x81 + place / 12_600), UInt8(0x30 + place / 1260 % 10), UInt8(0x81 + place / 10 % 126),
                        UInt8(0x30 + place % 10),
                    ]) ?? 0
            }
        }
        twoByte = pairs
        fourByte = quads
    }

    func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var isValid = true
        forEachCharacter(of: bytes) { code, _ in
            isValid = code != nil
            return isValid
        }
        return isValid
    }

    func utf8(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 3 / 2 + 4)
        forEachCharacter(of: bytes) { code, _ in
            append(code ?? 0xFFFD, to: &text)
            return true
        }
        return text
    }

    private func append(_ code: UInt32, to text: inout [UInt8]) {
        switch code {
        case 0..<0x80: text.append(UInt8(code))
        case 0x80..<0x800:
            text.append(UInt8(0xC0 | code >> 6))
            text.append(UInt8(0x80 | code & 0x3F))
        case 0x800..<0x1_0000:
            text.append(UInt8(0xE0 | code >> 12))
            text.append(UInt8(0x80 | code >> 6 & 0x3F))
            text.append(UInt8(0x80 | code & 0x3F))
        default:
            text.append(UInt8(0xF0 | code >> 18))
            text.append(UInt8(0x80 | code >> 12 & 0x3F))
            text.append(UInt8(0x80 | code >> 6 & 0x3F))
            text.append(UInt8(0x80 | code & 0x3F))
        }
    }

    /// Calls the body with each character's code point (nil: no character) and length, until it returns false.
    @inline(__always)
    private func forEachCharacter(of bytes: UnsafeRawBufferPointer, _ body: (UInt32?, Int) -> Bool) {
        var index = 0
        let count = bytes.count
        twoByte.withUnsafeBufferPointer { table in
            while index < count {
                let first = bytes[index]
                if first < 0x80 {
                    guard body(UInt32(first), 1) else { return }
                    index += 1
                    continue
                }
                guard first != 0x80, first != 0xFF, index + 1 < count else {
                    guard body(nil, 1) else { return }
                    index += 1
                    continue
                }
                let second = bytes[index + 1]
                if second >= 0x30, second <= 0x39 {
                    let code = index + 3 < count ? codePoint(first, second, bytes[index + 2], bytes[index + 3]) : nil
                    guard body(code, 4) else { return }
                    index += code == nil ? 1 : 4
                } else {
                    let code = table[Int(first) << 8 | Int(second)]
                    guard body(code == 0 ? nil : code, 2) else { return }
                    index += code == 0 ? 1 : 2
                }
            }
        }
    }

    private func codePoint(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) -> UInt32? {
        guard third >= 0x81, third <= 0xFE, fourth >= 0x30, fourth <= 0x39 else { return nil }
        let place =
            (Int(first) - 0x81) * 12_600 + (Int(second) - 0x30) * 1260 + (Int(third) - 0x81) * 10 + Int(fourth) - 0x30
        if place < fourByte.count { return fourByte[place] == 0 ? nil : fourByte[place] }
        let supplementary = place - 189_000
        guard supplementary >= 0, supplementary < 0x10_0000 else { return nil }
        return UInt32(0x1_0000 + supplementary)
    }
}

/// An iconv descriptor from GB18030 to UTF-32.
private final class Converter {
    private let descriptor: iconv_t

    init?() {
        let opened = iconv_open("UTF-32LE", "GB18030")
        guard opened != iconv_t(bitPattern: -1), let opened else { return nil }
        descriptor = opened
    }

    deinit {
        iconv_close(descriptor)
    }

    func codePoint(of bytes: [UInt8]) -> UInt32? {
        var input = bytes.map { CChar(bitPattern: $0) }
        var output = [UInt32](repeating: 0, count: 4)
        var left = output.count * 4
        let done = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBytes { target in
                var from = source.baseAddress
                var fromLeft = source.count
                var to = target.baseAddress?.assumingMemoryBound(to: CChar.self)
                let result = iconv(descriptor, &from, &fromLeft, &to, &left)
                return result == 0 && fromLeft == 0
            }
        }
        _ = iconv(descriptor, nil, nil, nil, nil)
        guard done, output.count * 4 - left == 4 else { return nil }
        return UInt32(littleEndian: output[0])
    }
}
