import Tabular
import Testing

struct XLSXSheetTests {
    private func text(_ value: String) -> String { "<is><t>\(value)</t></is>" }

    /// Two sheets whose order in the workbook is not that of their files; the first is hidden.
    private func twoSheets() -> XLSXSample {
        var sample = XLSXSample(
            workbook: "<sheets><sheet name=\"后\" sheetId=\"2\" state=\"hidden\" r:id=\"b\"/>"
                + "<sheet name=\"前\" sheetId=\"1\" r:id=\"a\"/></sheets>",
            relationships: [
                ("a", "worksheet", "worksheets/sheet1.xml"), ("b", "worksheet", "/xl/worksheets/sheet2.xml"),
            ])
        sample.add(
            "xl/worksheets/sheet1.xml", "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>")
        sample.add(
            "xl/worksheets/sheet2.xml", "<worksheet><sheetData><row><c><v>2</v></c></row></sheetData></worksheet>")
        return sample
    }

    @Test func `the first sheet in the workbook's order is read even if it is hidden`() throws {
        let sheet = try XLSXSheet(bytes: twoSheets().bytes)

        #expect(sheet.name == "后")
        #expect(sheet.sheetNames == ["后", "前"])
        #expect(try sheet.readRows() == [ReadRow(1, "2")])
    }

    @Test func `a sheet is found by its name`() throws {
        #expect(try twoSheets().rows(sheet: "前") == [ReadRow(1, "1")])
        #expect(throws: XLSXFault.noSheet("中")) { try XLSXSheet(bytes: twoSheets().bytes, sheet: "中") }
    }

    @Test func `a sheet of charts before the first with cells is passed over`() throws {
        var sample = XLSXSample(
            workbook: "<sheets><sheet name=\"图\" r:id=\"c\"/><sheet name=\"表\" r:id=\"a\"/></sheets>",
            relationships: [("a", "worksheet", "s.xml"), ("c", "chartsheet", "chartsheets/c.xml")])
        sample.add("xl/s.xml", "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>")

        #expect(try XLSXSheet(bytes: sample.bytes).sheetNames == ["表"])
    }

    @Test func `the line is the sheet's row number`() throws {
        let rows = try XLSXSample(rows: "<row r=\"3\"><c><v>1</v></c></row><row r=\"1048576\"><c><v>2</v></c></row>")
            .rows()

        #expect(rows == [ReadRow(3, "1"), ReadRow(1_048_576, "2")])
    }

    @Test func `a row without number follows the one before`() throws {
        let rows = try XLSXSample(
            rows: "<row><c><v>1</v></c></row><row r=\"5\"><c><v>2</v></c></row><row><c><v>3</v></c></row>"
        ).rows()

        #expect(rows == [ReadRow(1, "1"), ReadRow(5, "2"), ReadRow(6, "3")])
    }

    @Test func `cells stand where their references put them`() throws {
        let rows = try XLSXSample(
            rows: "<row r=\"1\"><c r=\"B1\"><v>1</v></c><c><v>2</v></c><c r=\"AA1\"><v>3</v></c></row>"
        ).rows()

        #expect(rows[0].texts.count == 27)
        #expect(rows[0].texts[0...2] == ["", "1", "2"])
        #expect(rows[0].texts[26] == "3")
    }

    @Test func `cells out of order stand where their references put them`() throws {
        let rows = try XLSXSample(rows: "<row r=\"1\"><c r=\"C1\"><v>3</v></c><c r=\"A1\"><v>1</v></c></row>").rows()

        #expect(rows == [ReadRow(1, "1", "", "3")])
    }

    @Test func `rows without any value are blank`() throws {
        let rows = try XLSXSample(
            rows:
                "<row r=\"1\"/><row r=\"2\"><c r=\"A2\" s=\"0\"/></row><row r=\"3\"><c t=\"inlineStr\"><is><t/></is></c></row>"
                + "<row r=\"4\"><c t=\"str\"><f>\"\"</f><v></v></c></row><row r=\"5\"><c><v>1</v></c><c/></row>"
        ).rows()

        #expect(rows == [ReadRow(5, "1")])
    }

    @Test func `a row of white space only has a value`() throws {
        let rows = try XLSXSample(rows: "<row><c t=\"inlineStr\"><is><t> </t></is></c></row>").rows()

        #expect(rows == [ReadRow(1, " ")])
    }

    @Test func `reading stops when the body says so`() throws {
        let sheet = try XLSXSheet(
            bytes: XLSXSample(rows: "<row><c><v>1</v></c></row><row><c><v>2</v></c></row>").bytes)
        var lines: [Int] = []

        try sheet.forEachRow { line, _ in
            lines.append(line)
            return false
        }

        #expect(lines == [1])
    }

    @Test func `a sheet can be read twice`() throws {
        let sheet = try XLSXSheet(bytes: XLSXSample(rows: "<row><c><v>1</v></c></row>").bytes)

        #expect(try sheet.readRows() == [ReadRow(1, "1")])
        #expect(try sheet.readRows() == [ReadRow(1, "1")])
    }

    @Test func `prefixes of elements do not matter`() throws {
        var sample = XLSXSample(rows: "")
        sample.replace(
            "xl/worksheets/sheet1.xml",
            by: Array(
                "<?xml version=\"1.0\" encoding=\"utf-8\"?><x:worksheet xmlns:x=\"m\"><x:sheetData><x:row r=\"2\"><x:c r=\"A2\"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>"
                    .utf8))

        #expect(try sample.rows() == [ReadRow(2, "7")])
    }

    @Test func `elements of the same names elsewhere are no cells`() throws {
        var sample = XLSXSample(rows: "")
        sample.replace(
            "xl/worksheets/sheet1.xml",
            by: Array(
                "<worksheet><extLst><row><c><v>9</v></c></row></extLst><sheetData><row><c><extLst><ext><v>8</v></ext></extLst><v>7</v></c></row></sheetData></worksheet>"
                    .utf8))

        #expect(try sample.rows() == [ReadRow(1, "7")])
    }

    @Test(arguments: [true, false])
    func `parts may be in UTF-16`(isBigEndian: Bool) throws {
        let xml =
            "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-16\"?><worksheet><sheetData><row><c t=\"str\"><v>蒙😀</v></c></row></sheetData></worksheet>"
        var sample = XLSXSample(rows: "")
        sample.replace(
            "xl/worksheets/sheet1.xml",
            by: xml.utf16.flatMap { unit -> [UInt8] in
                let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
                return isBigEndian ? [high, low] : [low, high]
            })

        #expect(try sample.rows() == [ReadRow(1, "蒙😀")])
    }

    @Test func `parts are found whatever the case of their names`() throws {
        var sample = XLSXSample(rows: "<row><c t=\"s\"><v>0</v></c></row>")
        sample.add("xl\\SharedStrings.xml", "<sst><si><t>a</t></si></sst>")

        #expect(try sample.rows() == [ReadRow(1, "a")])
    }

    @Test func `a workbook of openpyxl reads as written`() throws {
        let rows = try XLSXSheet(path: fixture("openpyxl.xlsx")).readRows()

        #expect(
            rows == [
                ReadRow(1, "姓名", "日期", "金额", "在册", "备注"),
                ReadRow(2, "苏和", "2026-06-30", "1234.5", "TRUE"),
                ReadRow(3, "乌兰", "2024-02-29", "0.3", "FALSE", "#N/A"),
                ReadRow(5, "跳过一行", "", "150302199001011200"),
            ])
    }
}
