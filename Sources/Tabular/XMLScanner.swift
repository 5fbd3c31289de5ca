import Glibc

/// A pull reader over the tags and texts of an XML document of any length, in bounded memory.
///
/// It reads what parts of workbooks may hold: UTF-8 or UTF-16 without document type declarations (ECMA-376 part 2,
/// 6.1.4). Tags are checked to be balanced; references are resolved in texts that are collected and in attributes.
/// The buffer is unsafe memory of the scanner's own: `position <= end <= capacity` holds throughout, and a tag lies in
/// it whole when it is handed out (`XMLScannerTests`).
final class XMLScanner {
    enum Event {
        /// A start tag; `name` and `attribute` tell of it until the next event. An empty element starts and ends.
        case start
        /// An end tag.
        case end
        /// The document has ended, and every element with it.
        case finish
    }

    static let maximumDepth = 64
    static let maximumTagBytes = 1 << 20

    /// Whether the texts that follow are added to `text`.
    var collectsText = false
    var text: [UInt8] { collected.bytes }
    /// Elements that are open, the one just started included, the one just ended not.
    private(set) var depth = 0

    private let part: String
    private let textLimit: Int
    private let refill: (UnsafeMutableRawBufferPointer) throws(XLSXFault) -> Int
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity = 1 << 17
    private var position = 0
    private var end = 0
    private var isAtEnd = false
    private var linesBefore = 0

    private var nameStart = 0
    private var nameEnd = 0
    private var attributes: [Attribute] = []
    private var openNames: [UInt8] = []
    private var openLengths: [Int] = []
    private var endsEmptyElement = false
    private var hasRoot = false
    private var collected = XMLText()

    private struct Attribute {
        let name: Range<Int>
        let value: Range<Int>
    }

    /// - Parameter read: Fills the buffer with UTF-8, at least one byte, or returns 0 at the end.
    init(
        part: String, textLimit: Int = .max,
        read: @escaping (UnsafeMutableRawBufferPointer) throws(XLSXFault) -> Int
    ) throws(XLSXFault) {
        self.part = part
        self.textLimit = textLimit
        refill = read
        base = .allocate(capacity: capacity)
        if try available(3), base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF { position = 3 }
    }

    deinit {
        base.deallocate()
    }

    func clearText() {
        collected.clear()
    }

    func fault(_ defect: XMLDefect) -> XLSXFault {
        var lines = linesBefore + 1
        for index in 0..<position where base[index] == UInt8(ascii: "\n") { lines += 1 }
        return .malformedXML(part: part, line: lines, defect)
    }

    // MARK: The current start tag

    /// Whether the started element's local name (without prefix) is this one.
    func isNamed(_ name: StaticString) -> Bool {
        nameEnd - nameStart == name.utf8CodeUnitCount
            && memcmp(base + nameStart, name.utf8Start, nameEnd - nameStart) == 0
    }

    /// The bytes of an attribute's value as they stand, or nil where the element has none of this name. Valid until
    /// the next event.
    func attributeBytes(_ name: StaticString) -> UnsafeRawBufferPointer? {
        for attribute in attributes
        where attribute.name.count == name.utf8CodeUnitCount
            && memcmp(base + attribute.name.lowerBound, name.utf8Start, attribute.name.count) == 0
        {
            return UnsafeRawBufferPointer(start: base + attribute.value.lowerBound, count: attribute.value.count)
        }
        return nil
    }

    /// An attribute's value, its references resolved.
    func attribute(_ name: StaticString) throws(XLSXFault) -> String? {
        guard let bytes = attributeBytes(name) else { return nil }
        return try string(bytes)
    }

    /// The value of an attribute with any prefix and this local name, as `r:id`.
    func prefixedAttribute(_ name: StaticString) throws(XLSXFault) -> String? {
        for attribute in attributes {
            let whole = UnsafeRawBufferPointer(start: base + attribute.name.lowerBound, count: attribute.name.count)
            guard let colon = whole.lastIndex(of: UInt8(ascii: ":")) else { continue }
            let local = whole[(colon + 1)...]
            guard local.elementsEqual(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
            else { continue }
            return try string(
                UnsafeRawBufferPointer(start: base + attribute.value.lowerBound, count: attribute.value.count))
        }
        return nil
    }

    private func string(_ bytes: UnsafeRawBufferPointer) throws(XLSXFault) -> String {
        var resolved = XMLText()
        guard resolved.appendResolving(bytes) else { throw fault(.syntax) }
        guard let string = resolved.string else { throw fault(.encoding) }
        return string
    }

    // MARK: Events

    func next() throws(XLSXFault) -> Event {
        if endsEmptyElement {
            endsEmptyElement = false
            popName()
            return .end
        }
        while true {
            guard try readText() else {
                guard hasRoot, depth == 0 else { throw fault(.unfinished) }
                return .finish
            }
            // At a "<".
            guard try available(2) else { throw fault(.unfinished) }
            switch base[position + 1] {
            case UInt8(ascii: "!"): try readDeclaration()
            case UInt8(ascii: "?"): try readInstruction()
            case UInt8(ascii: "/"):
                try readEndTag()
                return .end
            default:
                try readStartTag()
                return .start
            }
        }
    }

    /// Passes over the rest of the element just started; its end has then been read.
    func skipElement() throws(XLSXFault) {
        let outer = depth - 1
        while depth > outer {
            if case .finish = try next() { return }
        }
    }

    /// Reads up to the next "<"; false at the document's end.
    private func readText() throws(XLSXFault) -> Bool {
        while true {
            if position == end {
                guard try fill() else { return false }
            }
            let start = base + position
            let count = end - position
            let isFound = memchr(start, Int32(UInt8(ascii: "<")), count)
            var length = count
            if let isFound { length = isFound.assumingMemoryBound(to: UInt8.self) - start }
            if length > 0 { length = try takeText(length, isWhole: isFound != nil) }
            if isFound != nil { return true }
            if position < end {
                // A reference is cut by the buffer's end.
                guard try available(end - position + 1) else { throw fault(.unfinished) }
            }
        }
    }

    private func takeText(_ length: Int, isWhole: Bool) throws(XLSXFault) -> Int {
        var length = length
        let start = base + position
        if !isWhole, !isAtEnd {
            // The last reference may go on behind the buffer's end; none is longer than this.
            var index = length - 1
            while index >= max(0, length - 16), start[index] != UInt8(ascii: "&") { index -= 1 }
            if index >= max(0, length - 16) {
                if memchr(start + index, Int32(UInt8(ascii: ";")), length - index) == nil { length = index }
            }
        }
        let bytes = UnsafeRawBufferPointer(start: start, count: length)
        if depth == 0 {
            guard bytes.allSatisfy(Self.isSpace) else { throw fault(.syntax) }
        } else if collectsText {
            guard collected.appendResolving(bytes) else { throw fault(.syntax) }
            guard collected.bytes.count <= textLimit else { throw .zipBomb(.textBytes) }
        }
        position += length
        return length
    }

    private func readStartTag() throws(XLSXFault) {
        let close = try findTagEnd()
        let isEmpty = base[close - 1] == UInt8(ascii: "/")
        var index = position + 1
        let last = isEmpty ? close - 1 : close
        let whole = try readName(&index, before: last)
        attributes.removeAll(keepingCapacity: true)
        while true {
            let spaceStart = index
            while index < last, Self.isSpace(base[index]) { index += 1 }
            if index == last { break }
            guard index > spaceStart, attributes.count < 256 else { throw fault(.syntax) }
            let name = try readName(&index, before: last)
            while index < last, Self.isSpace(base[index]) { index += 1 }
            guard index < last, base[index] == UInt8(ascii: "=") else { throw fault(.syntax) }
            index += 1
            while index < last, Self.isSpace(base[index]) { index += 1 }
            guard index < last, base[index] == UInt8(ascii: "\"") || base[index] == UInt8(ascii: "'") else {
                throw fault(.syntax)
            }
            let quote = base[index]
            let valueStart = index + 1
            guard let found = memchr(base + valueStart, Int32(quote), last - valueStart) else { throw fault(.syntax) }
            let valueEnd = found.assumingMemoryBound(to: UInt8.self) - base
            guard memchr(base + valueStart, Int32(UInt8(ascii: "<")), valueEnd - valueStart) == nil else {
                throw fault(.syntax)
            }
            for other in attributes
            where other.name.count == name.count
                && memcmp(base + other.name.lowerBound, base + name.lowerBound, name.count) == 0
            {
                throw fault(.syntax)
            }
            attributes.append(Attribute(name: name, value: valueStart..<valueEnd))
            index = valueEnd + 1
        }
        guard depth > 0 || !hasRoot else { throw fault(.syntax) }
        hasRoot = true
        depth += 1
        guard depth <= Self.maximumDepth else { throw fault(.depth) }
        openNames.append(contentsOf: UnsafeBufferPointer(start: base + whole.lowerBound, count: whole.count))
        openLengths.append(whole.count)
        setLocalName(whole)
        endsEmptyElement = isEmpty
        position = close + 1
    }

    private func readEndTag() throws(XLSXFault) {
        let close = try findTagEnd()
        var index = position + 2
        let name = try readName(&index, before: close)
        while index < close, Self.isSpace(base[index]) { index += 1 }
        guard index == close, let length = openLengths.last, length == name.count else { throw fault(.syntax) }
        let matches = openNames.withUnsafeBufferPointer { names -> Bool in
            guard let all = names.baseAddress else { return false }
            return memcmp(all + (names.count - length), base + name.lowerBound, length) == 0
        }
        guard matches else { throw fault(.syntax) }
        setLocalName(name)
        popName()
        position = close + 1
    }

    private func popName() {
        openNames.removeLast(openLengths.removeLast())
        depth -= 1
    }

    private func setLocalName(_ whole: Range<Int>) {
        nameStart = whole.lowerBound
        nameEnd = whole.upperBound
        if let colon = memchr(base + nameStart, Int32(UInt8(ascii: ":")), whole.count) {
            nameStart = colon.assumingMemoryBound(to: UInt8.self) - base + 1
        }
    }

    private func readName(_ index: inout Int, before last: Int) throws(XLSXFault) -> Range<Int> {
        let start = index
        while index < last, Self.isNameByte(base[index]) { index += 1 }
        guard index > start, !SpreadsheetNumber.isDigit(base[start]), base[start] != UInt8(ascii: "-"),
            base[start] != UInt8(ascii: ".")
        else { throw fault(.syntax) }
        return start..<index
    }

    /// The place of the ">" that ends the tag at `position`, which then lies in the buffer whole.
    private func findTagEnd() throws(XLSXFault) -> Int {
        var offset = 1
        var quote: UInt8 = 0
        while true {
            while position + offset < end {
                let byte = base[position + offset]
                if quote != 0 {
                    if byte == quote { quote = 0 }
                } else if byte == UInt8(ascii: ">") {
                    return position + offset
                } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                    quote = byte
                } else if byte == UInt8(ascii: "<") {
                    throw fault(.syntax)
                }
                offset += 1
            }
            guard offset <= Self.maximumTagBytes else { throw fault(.tagTooLong) }
            guard try available(offset + 1) else { throw fault(.unfinished) }
        }
    }

    /// A comment or a CDATA section; document types are refused, and with them entities of the file's own.
    private func readDeclaration() throws(XLSXFault) {
        if try starts(with: "<!--") {
            position += 4
            try skip(past: "-->") { (_) throws(XLSXFault) in }
        } else if try starts(with: "<![CDATA["), depth > 0 {
            position += 9
            try skip(past: "]]>") { (bytes) throws(XLSXFault) in
                guard collectsText else { return }
                guard collected.append(bytes) else { throw fault(.syntax) }
                guard collected.bytes.count <= textLimit else { throw .zipBomb(.textBytes) }
            }
        } else if try starts(with: "<!DOCTYPE") {
            throw fault(.documentType)
        } else {
            throw fault(.syntax)
        }
    }

    private func readInstruction() throws(XLSXFault) {
        let isDeclaration = try starts(with: "<?xml ")
        position += 2
        var content: [UInt8] = []
        try skip(past: "?>") { (bytes) throws(XLSXFault) in
            if isDeclaration, content.count < 1000 { content += bytes }
        }
        guard isDeclaration else { return }
        let words = String(decoding: content, as: UTF8.self).lowercased()
        guard let place = words.firstRange(of: "encoding") else { return }
        let name = words[place.upperBound...].split(whereSeparator: { "='\" \t\r\n".contains($0) }).first ?? ""
        // The bytes have been found to be one of these; a declaration of something else belongs to other bytes.
        guard ["utf-8", "utf8", "utf-16", "utf16", "us-ascii", "ascii"].contains(name) else { throw fault(.encoding) }
    }

    private func starts(with prefix: StaticString) throws(XLSXFault) -> Bool {
        let count = prefix.utf8CodeUnitCount
        guard try available(count) else { return false }
        return memcmp(base + position, prefix.utf8Start, count) == 0
    }

    /// Hands on what lies before the mark, piece by piece, and stops behind it.
    private func skip(
        past mark: StaticString, _ body: (UnsafeRawBufferPointer) throws(XLSXFault) -> Void
    ) throws(XLSXFault) {
        let count = mark.utf8CodeUnitCount
        while true {
            guard try available(count) else { throw fault(.unfinished) }
            let start = base + position
            if let length = Self.find(mark, in: UnsafeRawBufferPointer(start: start, count: end - position)) {
                try body(UnsafeRawBufferPointer(start: start, count: length))
                position += length + count
                return
            }
            let length = end - position - (count - 1)
            try body(UnsafeRawBufferPointer(start: start, count: length))
            position += length
            guard try available(count) else { throw fault(.unfinished) }
        }
    }

    /// Where a mark that ends in ">" begins.
    private static func find(_ mark: StaticString, in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        let head = mark.utf8CodeUnitCount - 1
        var index = head
        while index < bytes.count, let found = memchr(base + index, Int32(UInt8(ascii: ">")), bytes.count - index) {
            let place = UnsafeRawPointer(found) - base
            if memcmp(base + place - head, mark.utf8Start, head) == 0 { return place - head }
            index = place + 1
        }
        return nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// ASCII's part of XML's names, and anything beyond ASCII.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "-"),
            UInt8(ascii: "."), 0x80...:
            true
        default: false
        }
    }

    // MARK: The buffer

    /// Makes so many bytes lie in the buffer from `position` on; false where the document has fewer.
    private func available(_ count: Int) throws(XLSXFault) -> Bool {
        while end - position < count {
            guard try fill() else { return false }
        }
        return true
    }

    /// Reads more behind what is left from `position` on; false at the document's end.
    private func fill() throws(XLSXFault) -> Bool {
        guard !isAtEnd else { return false }
        if position > 0 {
            for index in 0..<position where base[index] == UInt8(ascii: "\n") { linesBefore += 1 }
            memmove(base, base + position, end - position)
            end -= position
            position = 0
        }
        if end > capacity / 2 {
            let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
            memcpy(larger, base, end)
            base.deallocate()
            base = larger
            capacity *= 2
        }
        let count = try refill(UnsafeMutableRawBufferPointer(start: base + end, count: capacity - end))
        if count == 0 { isAtEnd = true }
        end += count
        return count > 0
    }
}
