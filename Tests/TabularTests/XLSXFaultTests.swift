import Glibc
import Tabular
import Testing

struct XLSXFaultTests {
    private func fault(_ bytes: [UInt8], limits: XLSXLimits = .standard) -> XLSXFault? {
        #expect(throws: XLSXFault.self) { try XLSXSheet(bytes: bytes, limits: limits).readRows() }
    }

    /// What a sheet's part that holds just this is refused for.
    private func defect(sheet xml: String) -> XMLDefect? {
        var sample = XLSXSample(rows: "")
        sample.replace("xl/worksheets/sheet1.xml", by: Array(xml.utf8))
        return fault(sample.bytes)?.defect
    }

    private func defect(rows: String) -> XMLDefect? {
        defect(sheet: "<worksheet><sheetData>\(rows)</sheetData></worksheet>")
    }

    @Test func `an absent file is told by the system's reason`() {
        #expect(throws: XLSXFault.unreadable(code: ENOENT)) { try XLSXSheet(path: "/nonexistent/a.xlsx") }
    }

    @Test func `an empty file is told`() {
        #expect(fault([]) == .emptyFile)
    }

    @Test func `a text is no workbook`() {
        #expect(fault(Array("id_number,name\n".utf8)) == .notAZip)
        #expect(fault(Array("P".utf8)) == .notAZip)
        #expect(fault(Array("PK is not a zip".utf8)) == .notAZip)
    }

    @Test func `a workbook of before 2007 is told`() {
        #expect(
            fault([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + [UInt8](repeating: 0, count: 2000)) == .oldFormat)
    }

    @Test func `a workbook with a password is told`() {
        #expect(throws: XLSXFault.encrypted) { try XLSXSheet(path: fixture("password.xlsx")) }
    }

    @Test func `a zip file with a password is told`() {
        #expect(throws: XLSXFault.encrypted) { try XLSXSheet(path: fixture("zip-password.xlsx")) }
    }

    @Test func `parts packed in a way that workbooks may not use are refused`() {
        #expect(throws: XLSXFault.damaged(part: "_rels/.rels")) { try XLSXSheet(path: fixture("lzma.xlsx")) }
    }

    @Test(arguments: 1...9)
    func `a workbook cut short is told`(tenths: Int) {
        let whole = XLSXSample(rows: "<row><c><v>1</v></c></row>").bytes

        #expect(fault(Array(whole.prefix(whole.count * tenths / 10))) == .truncated)
    }

    @Test func `a workbook whose beginning is missing is damaged`() {
        let whole = XLSXSample(rows: "<row><c><v>1</v></c></row>").bytes

        #expect(fault([0x50, 0x4B, 3, 4] + whole.dropFirst(700)) == .damaged(part: ""))
    }

    @Test func `a wrong checksum is told after the rows`() {
        var bytes = XLSXSample(rows: "<row><c><v>123456</v></c></row>").bytes
        let place = bytes.indices.first { Array(bytes[$0...].prefix(6)) == Array("123456".utf8) }
        if let place { bytes[place] = UInt8(ascii: "9") }

        #expect(fault(bytes) == .damaged(part: "xl/worksheets/sheet1.xml"))
    }

    @Test func `a part that stands twice is refused`() {
        var sample = XLSXSample(rows: "")
        sample.add("xl/worksheets/sheet1.xml", "<worksheet/>")

        #expect(fault(sample.bytes) == .damaged(part: "xl/worksheets/sheet1.xml"))
    }

    @Test func `a zip file that is no workbook is told`() {
        var document = XLSXSample(rows: "")
        document.replace("xl/workbook.xml", by: Array("<document/>".utf8))
        var empty = XLSXSample(rows: "")
        empty.parts = [("readme.txt", [1])]

        #expect(fault(document.bytes) == .missingPart("xl/workbook.xml"))
        #expect(fault(empty.bytes) == .missingPart("xl/workbook.xml"))
    }

    @Test func `a workbook without sheets is told`() {
        #expect(fault(XLSXSample(workbook: "<sheets/>", relationships: []).bytes) == .noSheet(nil))
    }

    @Test func `a sheet without its part is told`() {
        let sample = XLSXSample(
            workbook: "<sheets><sheet name=\"a\" r:id=\"a\"/></sheets>", relationships: [("a", "worksheet", "s.xml")])

        #expect(fault(sample.bytes) == .missingPart("xl/s.xml"))
    }

    @Test func `a zip bomb is refused by its ratio`() throws {
        let sheet = try XLSXSheet(path: fixture("bomb.xlsx"))

        #expect(throws: XLSXFault.zipBomb(.ratio)) { try sheet.readRows() }
    }

    @Test func `each limit refuses what goes over it`() {
        let sample = XLSXSample(
            rows: "<row><c t=\"s\"><v>0</v></c><c r=\"Z1\"><v>1</v></c></row>",
            sharedStrings: "<si><t>abcdefghij</t></si><si><t>b</t></si>"
        ).bytes
        func refused(_ change: (inout XLSXLimits) -> Void) -> XLSXFault? {
            var limits = XLSXLimits.standard
            change(&limits)
            return fault(sample, limits: limits)
        }

        #expect(refused { $0.entries = 3 } == .zipBomb(.entries))
        #expect(refused { $0.directoryBytes = 100 } == .zipBomb(.directoryBytes))
        #expect(refused { $0.unpackedBytes = 500 } == .zipBomb(.unpackedBytes))
        #expect(refused { $0.sharedStrings = 1 } == .zipBomb(.sharedStrings))
        #expect(refused { $0.sharedStringBytes = 5 } == .zipBomb(.sharedStringBytes))
        #expect(refused { $0.textBytes = 5 } == .zipBomb(.textBytes))
        #expect(refused { $0.cells = 25 } == .zipBomb(.cells))
    }

    @Test func `deep XML is refused`() {
        let xml = String(repeating: "<a>", count: 100_000)

        #expect(defect(sheet: "<worksheet>" + xml) == .depth)
    }

    @Test func `entities of the file's own are refused`() {
        let xml = "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;&b;\">]><worksheet>&c;</worksheet>"

        #expect(defect(sheet: xml) == .documentType)
        #expect(defect(rows: "<row><c t=\"str\"><v>&b;</v></c></row>") == .syntax)
    }

    @Test(arguments: [
        "<worksheet>", "", "worksheet", "<worksheet", "<worksheet><sheetData></worksheet>", "<worksheet/><worksheet/>",
        "<worksheet a></worksheet>", "<worksheet a=b/>", "<worksheet a=\"1\" a=\"2\"/>", "<worksheet a=\"<\"/>",
        "<worksheet/>text", "<1/>", "<worksheet><!-- </worksheet>", "<worksheet><![CDATA[ </worksheet>", "</worksheet>",
        "<worksheet a=\"1\"b=\"2\"/>", "<?xml", "<!", "<", "<other/>",
    ])
    func `what is not XML of a sheet is refused`(xml: String) {
        #expect([.syntax, .unfinished].contains(defect(sheet: xml)))
    }

    @Test func `the fault names the part and the line`() {
        var sample = XLSXSample(rows: "")
        sample.replace("xl/worksheets/sheet1.xml", by: Array("<worksheet>\n<sheetData>\n</worksheet>".utf8))

        #expect(fault(sample.bytes) == .malformedXML(part: "xl/worksheets/sheet1.xml", line: 3, .syntax))
    }

    @Test func `a tag without end is refused`() {
        #expect(defect(sheet: "<worksheet a=\"" + String(repeating: "x", count: 3 << 20)) == .tagTooLong)
    }

    @Test func `bytes of another encoding are refused`() {
        var sample = XLSXSample(rows: "")
        let cell: [UInt8] = Array("<worksheet><sheetData><row><c t=\"str\"><v>".utf8) + [0xB9, 0xFA]
        sample.replace(
            "xl/worksheets/sheet1.xml", by: cell + Array("</v></c></row></sheetData></worksheet>".utf8))

        #expect(fault(sample.bytes)?.defect == .encoding)
        #expect(defect(sheet: "<?xml version=\"1.0\" encoding=\"GB18030\"?><worksheet/>") == .encoding)
    }

    @Test(arguments: ["0", "1048577", "99999999999999999999999", "-1", "x", "1.5", ""])
    func `a row number that no sheet has is refused`(number: String) {
        #expect(defect(rows: "<row r=\"\(number)\"><c><v>1</v></c></row>") == .rowNumber)
    }

    @Test func `rows out of order are refused`() {
        #expect(defect(rows: "<row r=\"2\"/><row r=\"2\"/>") == .rowNumber)
        #expect(defect(rows: "<row r=\"1048576\"/><row/>") == .rowNumber)
    }

    @Test(arguments: ["XFE1", "A2", "1", "A", "", "A01x", "ÄA1", "AAAA1", "A99999999999999999999"])
    func `a cell reference that no cell of the row has is refused`(reference: String) {
        #expect(defect(rows: "<row r=\"1\"><c r=\"\(reference)\"><v>1</v></c></row>") == .reference)
    }

    @Test func `a cell given twice is refused`() {
        #expect(defect(rows: "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"A1\"><v>2</v></c></row>") == .reference)
    }

    @Test(arguments: ["0", "-1", "x", "99999999999999999999"])
    func `a shared string that does not exist is refused`(index: String) {
        #expect(defect(rows: "<row><c t=\"s\"><v>\(index)</v></c></row>") == .sharedString)
    }

    @Test func `random bytes end in a fault`() {
        var generator = SplitMix(state: 1)
        for length in [1, 10, 100, 1000, 100_000] {
            let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: generator.next()) }

            #expect(fault(bytes) != nil)
            #expect(fault([0x50, 0x4B, 3, 4] + bytes) != nil)
        }
    }

    @Test func `changed bytes end in rows or in a fault`() {
        let whole = XLSXSample(
            rows: "<row><c t=\"s\"><v>0</v></c><c s=\"1\"><v>46203.5</v></c></row>",
            sharedStrings: "<si><r><t>a</t></r></si>", styles: "<xf numFmtId=\"0\"/><xf numFmtId=\"14\"/>"
        ).bytes
        var generator = SplitMix(state: 2)
        for _ in 0..<500 {
            var bytes = whole
            for _ in 0...generator.below(4) {
                bytes[generator.below(bytes.count)] = UInt8(truncatingIfNeeded: generator.next())
            }
            do {
                _ = try XLSXSheet(bytes: bytes).readRows()
            } catch {
                #expect(error is XLSXFault)
            }
        }
    }

    @Test func `every fault says in both languages what to do`() {
        let faults: [XLSXFault] = [
            .unreadable(code: 2), .changed, .emptyFile, .notAZip, .oldFormat, .truncated, .damaged(part: "a"),
            .encrypted,
            .zipBomb(.ratio), .missingPart("a"), .noSheet("a"), .noSheet(nil),
            .malformedXML(part: "a", line: 1, .syntax),
        ]
        for fault in faults {
            #expect(fault.description.hasSuffix("."))
            #expect(fault.chinese.hasSuffix("。"))
        }
        #expect(
            XLSXFault.encrypted.description
                == "The workbook is protected by a password. Open it, remove the password and save it again.")
    }
}

extension XLSXFault {
    fileprivate var defect: XMLDefect? {
        if case .malformedXML(_, _, let defect) = self { defect } else { nil }
    }
}
