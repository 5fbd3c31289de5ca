/// The query of an address, in order, with names and values decoded.
package struct QueryItems: Sendable, Equatable {
    package private(set) var items: [(name: String, value: String)] = []

    package init() {}

    package init(_ query: some StringProtocol) {
        for pair in query.split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            items.append((Self.decoded(sides[0]), sides.count == 2 ? Self.decoded(sides[1]) : ""))
        }
    }

    package static func == (left: QueryItems, right: QueryItems) -> Bool {
        left.items.elementsEqual(right.items) { $0 == $1 }
    }

    /// The first value of that name that is not empty.
    package subscript(name: String) -> String? {
        items.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    package mutating func remove(_ name: String) { items.removeAll { $0.name == name } }

    package func removing(_ names: String...) -> QueryItems {
        var copy = self
        for name in names { copy.remove(name) }
        return copy
    }

    /// With that name once; nil takes it away.
    package func setting(_ name: String, _ value: String?) -> QueryItems {
        var copy = self
        copy.remove(name)
        if let value { copy.items.append((name, value)) }
        return copy
    }

    /// `?a=1&b=2`, or nothing.
    package var suffix: String {
        items.isEmpty
            ? "" : "?" + items.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
    }

    /// Everything but the unreserved characters of RFC 3986 as `%XX`.
    package static func encoded(_ text: some StringProtocol) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.count == 1 ? "%0" + digits : "%" + digits
            }
        }
        return encoded
    }

    /// `+` is a space, `%XX` a byte; what is no UTF-8 then is replaced.
    package static func decoded(_ text: some StringProtocol) -> String { decoded(text, space: 0x20) }

    /// A part of a path, in which `+` stands for itself.
    package static func decodedPath(_ text: some StringProtocol) -> String { decoded(text, space: 0x2B) }

    private static func decoded(_ text: some StringProtocol, space: UInt8) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case 0x2B: bytes.append(space)
            case 0x25:
                guard let high = rest.next(), let low = rest.next() else {
                    return String(decoding: bytes, as: UTF8.self)
                }
                if let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16) {
                    bytes.append(value)
                } else {
                    bytes.append(contentsOf: [0x25, high, low])
                }
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
