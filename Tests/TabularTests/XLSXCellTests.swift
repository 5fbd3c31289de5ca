import Tabular
import Testing

struct XLSXCellTests {
    @Test func `whole numbers read without a point`() throws {
        #expect(try XLSXSample.number("42") == "42")
        #expect(try XLSXSample.number("42.0") == "42")
        #expect(try XLSXSample.number("1E3") == "1000")
        #expect(try XLSXSample.number("-7") == "-7")
        #expect(try XLSXSample.number("100") == "100")
        #expect(try XLSXSample.number("007") == "7")
    }

    @Test func `a number reads as the shortest decimal that reads back the same`() throws {
        #expect(try XLSXSample.number("0.30000000000000004") == "0.30000000000000004")
        #expect(try XLSXSample.number("8606.200000000001") == "8606.2")
        #expect(try XLSXSample.number("0.1000") == "0.1")
        #expect(try XLSXSample.number("1698.74") == "1698.74")
        #expect(try XLSXSample.number("-0.5") == "-0.5")
        #expect(try XLSXSample.number(".5") == "0.5")
    }

    @Test func `a number never has an exponent`() throws {
        #expect(try XLSXSample.number("1E+15") == "1000000000000000")
        #expect(try XLSXSample.number("1e-7") == "0.0000001")
        #expect(try XLSXSample.number("1.5E-5") == "0.000015")
        #expect(try XLSXSample.number("1.2345678901234567E+19") == "12345678901234567000")
        #expect(try XLSXSample.number("1e22") == "10000000000000000000000")
        #expect(try XLSXSample.number("5e-324")?.count == 326)
    }

    @Test func `zero has no sign`() throws {
        #expect(try XLSXSample.number("-0") == "0")
        #expect(try XLSXSample.number("-0.0") == "0")
        #expect(try XLSXSample.number("0") == "0")
    }

    @Test func `a number of 16 digits is marked as rounded`() throws {
        #expect(try XLSXSample.cell("<c><v>123456789012345</v></c>")?.hasRoundedDigits == false)
        #expect(try XLSXSample.cell("<c><v>1234567890123456</v></c>")?.hasRoundedDigits == true)
        #expect(try XLSXSample.cell("<c><v>1.50302199001011E+17</v></c>")?.hasRoundedDigits == true)
        #expect(try XLSXSample.number("150302199001011234") == "150302199001011230")
    }

    @Test func `a text of 18 digits is not rounded`() throws {
        let cell = try XLSXSample.cell("<c t=\"inlineStr\"><is><t>150302199001011234</t></is></c>")

        #expect(cell == XLSXCell(text: "150302199001011234", kind: .text))
    }

    @Test func `what a double cannot hold stays as written`() throws {
        #expect(try XLSXSample.cell("<c><v>1e400</v></c>") == XLSXCell(text: "1e400", kind: .text))
        #expect(try XLSXSample.cell("<c><v>nan</v></c>") == XLSXCell(text: "nan", kind: .text))
        #expect(try XLSXSample.cell("<c><v>0x10</v></c>") == XLSXCell(text: "0x10", kind: .text))
    }

    @Test func `booleans read TRUE and FALSE`() throws {
        #expect(try XLSXSample.cell("<c t=\"b\"><v>1</v></c>") == XLSXCell(text: "TRUE", kind: .boolean))
        #expect(try XLSXSample.cell("<c t=\"b\"><v>0</v></c>") == XLSXCell(text: "FALSE", kind: .boolean))
    }

    @Test func `error cells read as their text`() throws {
        #expect(try XLSXSample.cell("<c t=\"e\"><v>#DIV/0!</v></c>") == XLSXCell(text: "#DIV/0!", kind: .error))
    }

    @Test func `a formula reads as its stored result`() throws {
        #expect(try XLSXSample.cell("<c><f>A1*2</f><v>84</v></c>") == XLSXCell(text: "84", kind: .number))
        #expect(try XLSXSample.cell("<c t=\"str\"><f>A1&amp;B1</f><v>甲乙</v></c>")?.text == "甲乙")
        #expect(try XLSXSample.cell("<c><f>A1*2</f></c>") == nil)
    }

    @Test func `inline strings join their runs and skip phonetic readings`() throws {
        let cell = try XLSXSample.cell(
            "<c t=\"inlineStr\"><is><r><rPr><b/></rPr><t>内</t></r><r><t>蒙古</t></r><rPh sb=\"0\" eb=\"1\"><t>ne</t></rPh></is></c>"
        )

        #expect(cell?.text == "内蒙古")
    }

    @Test func `shared strings join their runs and skip phonetic readings`() throws {
        let sample = XLSXSample(
            rows: "<row><c t=\"s\"><v>1</v></c><c t=\"s\"><v>0</v></c></row>",
            sharedStrings: "<si><t xml:space=\"preserve\"> a&amp;b </t></si>"
                + "<si><r><t>呼和</t></r><r><t>浩特</t></r><rPh><t>x</t></rPh><phoneticPr fontId=\"1\"/></si>")

        let rows = try sample.rows()

        #expect(rows == [ReadRow(1, "呼和浩特", " a&b ")])
    }

    @Test func `characters that XML excludes come back from their escapes`() throws {
        let cell = try XLSXSample.cell(
            "<c t=\"inlineStr\"><is><t>a_x000D_b_x005F_x0041_ _xD83D__xDE00_ _x0000_</t></is></c>")

        #expect(cell?.text == "a\rb_x0041_ 😀 _x0000_")
    }

    @Test func `references and CDATA sections are texts`() throws {
        let cell = try XLSXSample.cell(
            "<c t=\"inlineStr\"><is><t>&lt;&#x4E2D;&#22269;&gt;<![CDATA[<&>]]><!-- no --></t></is></c>")

        #expect(cell?.text == "<中国><&>")
    }

    @Test func `line ends inside a text read as one LF`() throws {
        let cell = try XLSXSample.cell("<c t=\"inlineStr\"><is><t>a\r\nb\rc</t></is></c>")

        #expect(cell?.text == "a\nb\nc")
    }

    @Test func `ISO date cells read as their date without the time`() throws {
        let cell = try XLSXSample.cell("<c t=\"d\"><v>2026-06-30T12:00:00</v></c>")

        #expect(cell == XLSXCell(text: "2026-06-30", kind: .date))
    }
}

struct XLSXDateTests {
    @Test func `a date reads in the epoch of 1900`() throws {
        #expect(try XLSXSample.date("46203") == XLSXCell(text: "2026-06-30", kind: .date))
        #expect(try XLSXSample.date("1")?.text == "1900-01-01")
        #expect(try XLSXSample.date("59")?.text == "1900-02-28")
        #expect(try XLSXSample.date("61")?.text == "1900-03-01")
        #expect(try XLSXSample.date("2958465")?.text == "9999-12-31")
    }

    @Test func `a date reads in the epoch of 1904`() throws {
        #expect(try XLSXSample.date("0", date1904: true)?.text == "1904-01-01")
        #expect(try XLSXSample.date("44741", date1904: true)?.text == "2026-06-30")
    }

    @Test func `the day that 1900 did not have reads as the date that does not exist`() throws {
        #expect(try XLSXSample.date("60") == XLSXCell(text: "1900-02-29", kind: .date))
    }

    @Test func `the time of a date is dropped`() throws {
        #expect(try XLSXSample.date("46203.99999")?.text == "2026-06-30")
        #expect(try XLSXSample.date("0.5", date1904: true)?.text == "1904-01-01")
    }

    @Test func `numbers that are no day stay numbers`() throws {
        #expect(try XLSXSample.date("0.5") == XLSXCell(text: "0.5", kind: .number))
        #expect(try XLSXSample.date("-1")?.kind == .number)
        #expect(try XLSXSample.date("2958466")?.kind == .number)
        #expect(try XLSXSample.date("1e300")?.kind == .number)
    }

    @Test(arguments: [14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58])
    func `a built-in date format makes a date`(id: Int) throws {
        let cell = try XLSXSample.cell("<c s=\"1\"><v>46203</v></c>", styles: "<xf numFmtId=\"\(id)\"/>")

        #expect(cell?.text == "2026-06-30")
    }

    @Test(arguments: [0, 1, 2, 9, 13, 18, 19, 20, 21, 23, 26, 32, 33, 37, 45, 46, 47, 49, 59])
    func `another built-in format makes none`(id: Int) throws {
        let cell = try XLSXSample.cell("<c s=\"1\"><v>46203</v></c>", styles: "<xf numFmtId=\"\(id)\"/>")

        #expect(cell?.text == "46203")
    }

    @Test(arguments: ["yyyy-mm-dd", "D.M.", "[$-804]yyyy\"年\"m\"月\"d\"日\";@", "YYYY", "\\d d", "[h]:mm d", "0;yy"])
    func `a custom format with y or d makes a date`(code: String) throws {
        let escaped = code.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "&quot;")

        let cell = try XLSXSample.cell(
            "<c s=\"1\"><v>46203</v></c>", formats: "<numFmt numFmtId=\"164\" formatCode=\"\(escaped)\"/>",
            styles: "<xf numFmtId=\"164\"/>")

        #expect(cell?.text == "2026-06-30")
    }

    @Test(arguments: ["0.00", "[Red]0", "\"day\" 0", "0\\d\\y", "h:mm:ss", "#,##0_d", "[dbnum1]General", "\"y"])
    func `a y or d in quotes, brackets or escapes makes none`(code: String) throws {
        let escaped = code.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "&quot;")

        let cell = try XLSXSample.cell(
            "<c s=\"1\"><v>46203</v></c>", formats: "<numFmt numFmtId=\"164\" formatCode=\"\(escaped)\"/>",
            styles: "<xf numFmtId=\"164\"/>")

        #expect(cell?.text == "46203")
    }

    @Test func `a formula's result is a date by its style`() throws {
        let cell = try XLSXSample.cell("<c s=\"1\"><f>TODAY()</f><v>46203</v></c>", styles: "<xf numFmtId=\"14\"/>")

        #expect(cell == XLSXCell(text: "2026-06-30", kind: .date))
    }
}
