/// Passes UTF-8 on as it is and turns UTF-16, told by its first two bytes, into it.
final class UTF16Transcoder {
    private enum Form {
        case unknown
        case utf8
        case utf16(isBigEndian: Bool)
    }

    private let part: String
    private let source: (UnsafeMutableRawBufferPointer) throws(XLSXFault) -> Int
    private var form = Form.unknown
    /// UTF-16 bytes not yet turned; what is left after a turn is less than one character.
    private var pending: [UInt8] = []

    init(part: String, source: @escaping (UnsafeMutableRawBufferPointer) throws(XLSXFault) -> Int) {
        self.part = part
        self.source = source
    }

    /// - Parameter buffer: Holds at least four bytes.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(XLSXFault) -> Int {
        switch form {
        case .utf8:
            return try source(buffer)
        case .unknown:
            var count = 0
            while count < 2 {
                let more = try source(UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
                if more == 0 { break }
                count += more
            }
            form = count < 2 ? .utf8 : Self.form(buffer[0], buffer[1])
            guard case .utf16(let isBigEndian) = form else { return count }
            pending = Array(buffer[..<count])
            return try turn(into: buffer, isBigEndian: isBigEndian)
        case .utf16(let isBigEndian):
            return try turn(into: buffer, isBigEndian: isBigEndian)
        }
    }

    private static func form(_ first: UInt8, _ second: UInt8) -> Form {
        switch (first, second) {
        case (0xFE, 0xFF), (0x00, UInt8(ascii: "<")): .utf16(isBigEndian: true)
        case (0xFF, 0xFE), (UInt8(ascii: "<"), 0x00): .utf16(isBigEndian: false)
        default: .utf8
        }
    }

    private func turn(into buffer: UnsafeMutableRawBufferPointer, isBigEndian: Bool) throws(XLSXFault) -> Int {
        while true {
            let written = try turnPending(into: buffer, isBigEndian: isBigEndian)
            if written > 0 { return written }
            var chunk = [UInt8](repeating: 0, count: 1 << 15)
            let count = try fill(&chunk)
            if count == 0 {
                guard pending.isEmpty else { throw broken }
                return 0
            }
            pending += chunk[..<count]
        }
    }

    private func turnPending(into buffer: UnsafeMutableRawBufferPointer, isBigEndian: Bool) throws(XLSXFault) -> Int {
        func unit(_ at: Int) -> UInt32 {
            let (first, second) = (UInt32(pending[at]), UInt32(pending[at + 1]))
            return isBigEndian ? first << 8 | second : second << 8 | first
        }
        var written = 0
        var index = 0
        while index + 1 < pending.count, written + 4 <= buffer.count {
            var value = unit(index)
            var length = 2
            if value & 0xFC00 == 0xD800 {
                if index + 3 >= pending.count { break }
                let low = unit(index + 2)
                guard low & 0xFC00 == 0xDC00 else { throw broken }
                value = 0x10000 + (value & 0x3FF) << 10 + low & 0x3FF
                length = 4
            }
            guard let scalar = Unicode.Scalar(value), let encoded = UTF8.encode(scalar) else { throw broken }
            for byte in encoded {
                buffer[written] = byte
                written += 1
            }
            index += length
        }
        pending.removeFirst(index)
        return written
    }

    private func fill(_ chunk: inout [UInt8]) throws(XLSXFault) -> Int {
        var fault: XLSXFault?
        let count = chunk.withUnsafeMutableBytes { bytes -> Int in
            do throws(XLSXFault) {
                return try source(bytes)
            } catch {
                fault = error
                return 0
            }
        }
        if let fault { throw fault }
        return count
    }

    private var broken: XLSXFault {
        .malformedXML(part: part, line: 1, .encoding)
    }
}
