#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Takes a `multipart/form-data` body (RFC 7578) apart as it comes in; never keeps more than a header or a boundary.
package struct MultipartParser {
    package enum Event: Equatable {
        case part(name: String, fileName: String?)
        case data([UInt8])
        case endOfPart
        case end
    }

    package enum Fault: Error, Equatable {
        case boundary
        case header
        case truncated
    }

    private enum State {
        case preamble
        case afterBoundary
        case header
        case body
        case epilogue
    }

    /// `CRLF--boundary`
    private let delimiter: [UInt8]
    private var buffer: [UInt8] = [0x0D, 0x0A]
    private var state = State.preamble
    private static let headerLimit = 8 * 1024

    /// - Parameter contentType: The request's, with its boundary of 1 to 70 characters.
    package init(contentType: String) throws(Fault) {
        guard contentType.lowercased().hasPrefix("multipart/form-data"),
            let boundary = Self.parameter("boundary", of: contentType), (1...70).contains(boundary.utf8.count)
        else { throw .boundary }
        delimiter = [0x0D, 0x0A, 0x2D, 0x2D] + Array(boundary.utf8)
    }

    package mutating func take(_ bytes: some Sequence<UInt8>) throws(Fault) -> [Event] {
        buffer.append(contentsOf: bytes)
        var events: [Event] = []
        while try step(&events) {}
        return events
    }

    /// Call when the body is over.
    package func finish() throws(Fault) {
        guard case .epilogue = state else { throw .truncated }
    }

    private mutating func step(_ events: inout [Event]) throws(Fault) -> Bool {
        switch state {
        case .preamble:
            guard let found = find(delimiter) else {
                keepLast(delimiter.count - 1)
                return false
            }
            buffer.removeFirst(found + delimiter.count)
            state = .afterBoundary
            return true
        case .afterBoundary:
            guard buffer.count >= 2 else { return false }
            if buffer[0] == 0x2D, buffer[1] == 0x2D {
                state = .epilogue
                events.append(.end)
                return true
            }
            guard let end = find([0x0D, 0x0A]) else {
                if buffer.count > 256 { throw .boundary }
                return false
            }
            guard buffer[..<end].allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { throw .boundary }
            // The line's end stays: a part without headers begins with an empty line.
            buffer.removeFirst(end)
            state = .header
            return true
        case .header:
            guard let end = find([0x0D, 0x0A, 0x0D, 0x0A]) else {
                if buffer.count > Self.headerLimit { throw .header }
                return false
            }
            if end > Self.headerLimit { throw .header }
            let header = String(decoding: buffer[..<end], as: UTF8.self)
            buffer.removeFirst(end + 4)
            events.append(try Self.part(header))
            state = .body
            return true
        case .body:
            if let found = find(delimiter) {
                if found > 0 { events.append(.data(Array(buffer[..<found]))) }
                events.append(.endOfPart)
                buffer.removeFirst(found + delimiter.count)
                state = .afterBoundary
                return true
            }
            let safe = buffer.count - (delimiter.count - 1)
            if safe > 0 {
                events.append(.data(Array(buffer[..<safe])))
                buffer.removeFirst(safe)
            }
            return false
        case .epilogue:
            buffer.removeAll(keepingCapacity: true)
            return false
        }
    }

    private mutating func keepLast(_ count: Int) {
        if buffer.count > count { buffer.removeFirst(buffer.count - count) }
    }

    private func find(_ pattern: [UInt8]) -> Int? {
        buffer.withUnsafeBytes { bytes in
            pattern.withUnsafeBytes { wanted in
                guard let base = bytes.baseAddress, let first = wanted.first, bytes.count >= wanted.count else {
                    return nil
                }
                var offset = 0
                let last = bytes.count - wanted.count
                while offset <= last,
                    let hit = memchr(base + offset, Int32(first), last - offset + 1)
                {
                    let place = UnsafeRawPointer(hit) - base
                    if let other = wanted.baseAddress, memcmp(hit, other, wanted.count) == 0 { return place }
                    offset = place + 1
                }
                return nil
            }
        }
    }

    private static func part(_ header: String) throws(Fault) -> Event {
        // By bytes: to Character, CR LF is one.
        for line in header.unicodeScalars.split(whereSeparator: { $0 == "\r" || $0 == "\n" }).map(String.init) {
            guard line.lowercased().hasPrefix("content-disposition:") else { continue }
            guard let name = parameter("name", of: line) else { throw .header }
            return .part(name: name, fileName: parameter("filename", of: line))
        }
        throw .header
    }

    /// A parameter of a header, quoted or not. Browsers write `"` in a file name as `%22` and a backslash as itself.
    private static func parameter(_ name: String, of header: String) -> String? {
        var rest = header[...]
        while let semicolon = rest.firstIndex(of: ";") {
            rest = rest[rest.index(after: semicolon)...].drop { $0 == " " || $0 == "\t" }
            guard let equals = rest.firstIndex(of: "=") else { return nil }
            let isWanted = rest[..<equals].lowercased() == name
            rest = rest[rest.index(after: equals)...]
            let value: Substring
            if rest.first == "\"" {
                rest = rest.dropFirst()
                guard let close = rest.firstIndex(of: "\"") else { return nil }
                value = rest[..<close]
                rest = rest[rest.index(after: close)...]
            } else {
                value = rest[..<(rest.firstIndex { $0 == ";" || $0 == " " } ?? rest.endIndex)]
                rest = rest[value.endIndex...]
            }
            if isWanted { return String(value) }
        }
        return nil
    }
}
