import Foundation
import Tabular
import Testing

/// A long random run over the readers of CSV, text and workbooks: a command of its own, see Tests/Fuzz.
@Suite(.enabled(if: Fuzz.seconds > 0), .serialized) struct TabularFuzzTests {
    @Test func `changed CSV files read as the plain parser reads them`() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/csv-spectrum/csvs")
        var seeds = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
            [UInt8](try Data(contentsOf: folder.appending(path: $0)))
        }
        seeds += ["\u{FEFF}a,\"b\"\"\r\n\",c\r\n\u{3000}\n,,\n\"d\"e\n\"", "\"\n\"\n\"\"\n\"\"\"\n"].map {
            Array($0.utf8)
        }

        try Fuzz.run("csv", seeds) { bytes, random in
            let sample = try CSVSample(bytes)
            for encoding in [TextEncoding.utf8, .gb18030] {
                if sample.headerFault(encoding) == nil {
                    let records = try sample.dataRecords(encoding)
                    try Fuzz.require(records.map(\.line) == records.map(\.line).sorted(), "lines in order")
                }
            }
            guard TextEncoding.utf8.isValid(bytes) else { return }
            let borders = (0..<random.below(5)).map { _ in random.below(bytes.count + 1) }.sorted()
            let records = try sample.records(columns: 1000, borders: borders)
            try Fuzz.require(records == PlainCSV.records(bytes), "records as the plain parser's, borders \(borders)")
        }
    }

    @Test func `text is valid where its decoding has no replacement character`() throws {
        let seeds =
            ["苏日娜\u{3400}\u{1822}", "a\u{10000}é€", ",\"\r\n"].map { Array($0.utf8) } + [
                [0xCB, 0xD5, 0x81, 0x30, 0x81, 0x30, 0x90, 0x30, 0x81, 0x30, 0xA1, 0xA1, 0x80, 0xFF]
            ]
        // U+FFFD itself, as either encoding spells it, says nothing.
        let spelled: [TextEncoding: [UInt8]] = [.utf8: [0xEF, 0xBF, 0xBD], .gb18030: [0x84, 0x31, 0xA4, 0x37]]

        try Fuzz.run("text", seeds) { bytes, _ in
            for (encoding, replacement) in spelled where bytes.firstRange(of: replacement) == nil {
                let text = bytes.withUnsafeBytes { encoding.decode($0) }
                let isReplaced = text.unicodeScalars.contains("\u{FFFD}")
                try Fuzz.require(encoding.isValid(bytes) != isReplaced, "valid or replaced")
                let trimmed = bytes.withUnsafeBytes { encoding.decode(WhiteSpace.trimmed($0, encoding)) }
                if encoding.isValid(bytes) {
                    let scalars = text.unicodeScalars
                    let from = scalars.firstIndex { !$0.properties.isWhitespace } ?? scalars.endIndex
                    let until = scalars.lastIndex { !$0.properties.isWhitespace }.map { scalars.index(after: $0) }
                    try Fuzz.require(
                        trimmed.utf8.elementsEqual(String(scalars[from..<(until ?? from)]).utf8),
                        "trimmed of white space")
                }
            }
        }
    }

    @Test func `changed workbooks end in rows or in a fault`() throws {
        let sheet =
            "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" s=\"1\"><v>46203.5</v></c></row>"
            + "<row><c t=\"inlineStr\"><is><t xml:space=\"preserve\"> a&amp;&#x82CF;</t></is></c><c t=\"b\"><v>1</v></c>"
            + "<c><f>A1</f><v>1E-3</v></c><c t=\"e\"><v>#N/A</v></c></row><!-- x --><row r=\"9\"><c/></row>"
        let shared = "<si><r><t>甲</t></r><rPh><t>x</t></rPh></si>"
        let styles = "<xf numFmtId=\"0\"/><xf numFmtId=\"14\"/>"
        let whole = XLSXSample(rows: sheet, sharedStrings: shared, styles: styles)

        try Fuzz.run("xlsx", [Array(sheet.utf8), Array(shared.utf8), Array(styles.utf8), whole.bytes]) {
            bytes, random in
            var files = [bytes]
            for part in ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"] {
                var sample = whole
                let old = sample.parts.first { $0.name == part }?.bytes ?? []
                sample.replace(part, by: random.below(2) == 0 ? Fuzz.changed(old, &random) : bytes)
                files.append(sample.bytes)
                sample.replace(
                    part, by: Array("<worksheet><sheetData>".utf8) + bytes + Array("</sheetData></worksheet>".utf8))
                files.append(sample.bytes)
            }
            for file in files {
                do {
                    _ = try XLSXSheet(bytes: file).readRows()
                } catch {
                    try Fuzz.require(error is XLSXFault, "\(error) is a fault of workbooks")
                }
            }
        }
    }
}

extension TextEncoding {
    fileprivate func isValid(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { isValid($0) }
    }
}
