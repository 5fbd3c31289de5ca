#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// JSON as it is written (RFC 8259): no spaces, an object's names sorted by their bytes, slashes as they are; the same bytes as
/// Foundation's encoder gives with `sortedKeys` and `withoutEscapingSlashes`, which first builds the document in memory.
///
/// Objects and lists are open until something is written outside of them: an encoder is not told when its container ends. What
/// cannot be written so (a container that is written to after one beside it was begun, two containers for one value) is
/// refused, and so are dates, data, addresses and decimal numbers, which would not look as Foundation's encoder has them.
final class JSONOutput {
    /// An object or a list that was begun.
    struct Container {
        let depth: Int
        fileprivate let number: Int
    }

    /// Where a value is to stand.
    struct Place {
        fileprivate let depth: Int
        fileprivate let start: Int
    }

    private struct Open {
        let isObject: Bool
        let number: Int
        let start: Int
        /// Where each member begins, with its name; of a list none is kept.
        var members: [(name: String, start: Int)] = []
        var isSorted = true
    }

    // Nobody else sees the value while it is written.
    @exclusivity(unchecked) private(set) var bytes: [UInt8] = []
    @exclusivity(unchecked) private var open: [Open] = []
    private var containers = 0
    private var isOutOfOrder = false

    init() {
        bytes.reserveCapacity(1024)
    }

    var place: Place { Place(depth: open.count, start: bytes.count) }

    /// Writes a whole value.
    static func bytes(_ value: some Encodable) throws -> [UInt8] {
        let json = JSONOutput()
        try json.add(value)
        guard !json.isOutOfOrder else {
            throw EncodingError.invalidValue(
                value, .init(codingPath: [], debugDescription: "it writes its containers out of order"))
        }
        return json.bytes
    }

    // MARK: - Containers

    func begin(isObject: Bool, at place: Place) -> Container {
        check(place)
        containers += 1
        open.append(Open(isObject: isObject, number: containers, start: bytes.count))
        return Container(depth: open.count, number: containers)
    }

    /// A value has one place, and nothing else stands there yet.
    func check(_ place: Place) {
        if open.count != place.depth || bytes.count != place.start { isOutOfOrder = true }
    }

    private func isOpen(_ container: Container) -> Bool {
        if open.count >= container.depth, open[container.depth - 1].number == container.number { return true }
        isOutOfOrder = true
        return false
    }

    /// Begins a member of the object, and ends what is open within it.
    func beginMember(_ name: String, of object: Container) {
        guard isOpen(object) else { return }
        end(downTo: object.depth)
        let index = object.depth - 1
        if let last = open[index].members.last, !last.name.utf8.lexicographicallyPrecedes(name.utf8) {
            open[index].isSorted = false
        }
        open[index].members.append((name, bytes.count))
        // The first one's becomes the brace.
        bytes.append(UInt8(ascii: ","))
        add(name)
        bytes.append(UInt8(ascii: ":"))
    }

    func beginElement(of list: Container) {
        guard isOpen(list) else { return }
        end(downTo: list.depth)
        bytes.append(UInt8(ascii: ","))
    }

    /// Ends what is open at greater depths.
    func end(downTo depth: Int) {
        while open.count > depth, let container = open.popLast() {
            if container.isObject, !container.isSorted { sort(container) }
            let (opening, closing) =
                container.isObject ? (UInt8(ascii: "{"), UInt8(ascii: "}")) : (UInt8(ascii: "["), UInt8(ascii: "]"))
            if bytes.count == container.start {
                bytes.append(opening)
            } else {
                bytes[container.start] = opening
            }
            bytes.append(closing)
        }
    }

    /// Of two members with one name, the later stays.
    private func sort(_ object: Open) {
        let members = object.members
        let order = members.indices.sorted {
            members[$0].name == members[$1].name
                ? $0 < $1 : members[$0].name.utf8.lexicographicallyPrecedes(members[$1].name.utf8)
        }
        var sorted: [UInt8] = []
        sorted.reserveCapacity(bytes.count - object.start)
        for (place, index) in order.enumerated() {
            if place + 1 < order.count, members[order[place + 1]].name == members[index].name { continue }
            let end = index + 1 < members.count ? members[index + 1].start : bytes.count
            sorted += bytes[members[index].start..<end]
        }
        bytes.replaceSubrange(object.start..., with: sorted)
    }

    // MARK: - Values

    func add<Value: Encodable>(_ value: Value) throws {
        if Value.self == Date.self || Value.self == Data.self || Value.self == URL.self || Value.self == Decimal.self {
            throw EncodingError.invalidValue(
                value, .init(codingPath: [], debugDescription: "a body says \(Value.self) in a form of its own"))
        }
        let place = place
        try value.encode(to: JSONOutputEncoder(json: self))
        end(downTo: place.depth)
        // A value that says nothing of itself is an object without members.
        if bytes.count == place.start { bytes += "{}".utf8 }
    }

    func addNull() { bytes += "null".utf8 }
    func add(_ value: Bool) { bytes += (value ? "true" : "false").utf8 }

    func add(number value: some FixedWidthInteger) {
        guard let small = Int(exactly: value), (0..<10).contains(small) else {
            bytes += String(value).utf8
            return
        }
        bytes.append(UInt8(ascii: "0") + UInt8(small))
    }

    func add(number value: some BinaryFloatingPoint & CustomStringConvertible) throws {
        guard value.isFinite else {
            throw EncodingError.invalidValue(value, .init(codingPath: [], debugDescription: "JSON has no such number"))
        }
        let text = value.description
        bytes += text.hasSuffix(".0") ? text.utf8.dropLast(2) : text.utf8[...]
    }

    func add(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        defer { bytes.append(UInt8(ascii: "\"")) }
        var text = text
        text.withUTF8 { text in
            guard text.contains(where: Self.isEscaped) else {
                bytes += text
                return
            }
            var plain = 0
            for (index, byte) in text.enumerated() where Self.isEscaped(byte) {
                bytes += text[plain..<index]
                addEscaped(byte)
                plain = index + 1
            }
            bytes += text[plain...]
        }
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private func addEscaped(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
        default:
            bytes += (byte < 0x10 ? "u000" : "u00").utf8
            bytes += String(byte, radix: 16).utf8
        }
    }
}
