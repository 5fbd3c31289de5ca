import Testing

@testable import Tabular

struct XMLScannerTests {
    /// The document's events as one line, read in pieces of so many bytes.
    private func events(_ xml: String, piece: Int) throws -> String {
        let bytes = Array(xml.utf8)
        var offset = 0
        let scanner = try XMLScanner(part: "test.xml") { (buffer) throws(XLSXFault) in
            let count = min(piece, buffer.count, bytes.count - offset)
            for index in 0..<count { buffer[index] = bytes[offset + index] }
            offset += count
            return count
        }
        scanner.collectsText = true
        var line = ""
        while true {
            let event = try scanner.next()
            let text = String(decoding: scanner.text, as: UTF8.self)
            line += text.isEmpty ? "" : "'\(text)'"
            scanner.clearText()
            switch event {
            case .start:
                line += try "<\(scanner.depth) \(scanner.isNamed("b") ? "b" : "?") \(scanner.attribute("k") ?? "-")>"
            case .end: line += "</\(scanner.depth)>"
            case .finish: return line
            }
        }
    }

    private let document = """
        \u{FEFF}<?xml version="1.0" encoding="UTF-8"?>
        <!-- before --><a><x:b k='>&quot;"'/>中&#x6587;&amp;<![CDATA[<]]]>x]]>--<?pi >?><b >é</b ></a>
        <!---->
        """

    @Test func `elements, attributes and texts come in their order`() throws {
        #expect(try events(document, piece: 1 << 17) == "<1 ? -><2 b >\"\"></1>'中文&<]x]]>--'<2 b ->'é'</1></0>")
    }

    @Test(arguments: 1...40)
    func `pieces of any length give the same events`(piece: Int) throws {
        #expect(try events(document, piece: piece) == "<1 ? -><2 b >\"\"></1>'中文&<]x]]>--'<2 b ->'é'</1></0>")
    }

    @Test func `texts and tags longer than the buffer come whole`() throws {
        let long = String(repeating: "长", count: 200_000)

        let line = try events("<a k=\"\(long)\">\(long)</a>", piece: 1 << 17)

        #expect(line == "<1 ? \(long)>'\(long)'</0>")
    }
}
