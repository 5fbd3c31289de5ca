import Foundation
import Testing

@testable import Tabular

struct CSVWriterTests {
    private func written(_ row: [TableValue], forPeople: Bool = false) -> String {
        var writer = CSVWriter(forPeople: forPeople)
        writer.append(row)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func `quotes stand only where they are needed`() {
        #expect(
            written([.text("a b"), .text("a,b"), .text("a\"b"), .text("a\nb"), .text(" ")])
                == "a b,\"a,b\",\"a\"\"b\",\"a\nb\", \n")
    }

    @Test func `a row of one blank text is quoted so that it is a row`() {
        #expect(written([.text("")]) == "\"\"\n")
        #expect(written([.text("\u{3000}")]) == "\"\u{3000}\"\n")
        #expect(written([.empty, .empty]) == ",\n")
    }

    @Test func `values are written in plain characters`() {
        #expect(
            written([
                .integer(-5), .number(1e21), .number(0.1), .number(.nan), .money(fen: -1_234_505),
                .date(dayNumber: 20_634),
            ])
                == "-5,1000000000000000000000,0.1,,-12345.05,2026-06-30\n")
    }

    @Test(arguments: ["=1+1", "+1", "-1", "@a", "\ta", "\ra", "\na", "＝1", "＋", "－", "＠"])
    func `texts that look like formulas are made harmless for people`(text: String) {
        #expect(written([.text(text), .text("b")], forPeople: true).drop { $0 == "\"" }.hasPrefix("'"))
        #expect(!written([.text(text), .text("b")]).contains("'"))
    }

    @Test func `numbers are never changed for people`() {
        #expect(written([.integer(-1), .money(fen: -100), .text("a=b")], forPeople: true) == "-1,-1.00,a=b\n")
    }

    @Test func `line ends and the byte order mark are chosen`() {
        var writer = CSVWriter(lineEnd: .crlf, hasByteOrderMark: true)
        writer.append(["a", "b"])

        #expect(writer.takeBytes() == [0xEF, 0xBB, 0xBF] + Array("a,b\r\n".utf8))
        #expect(writer.bytes == [])
    }
}

struct XLSXWriterTests {
    private let folder = NSTemporaryDirectory() + "xlsx-writer-" + UUID().uuidString

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    @Test func `what is written reads back with its kinds`() throws {
        let writer = try XLSXWriter(
            path: folder + "/a.xlsx", sheet: "预警",
            columns: [.init("姓名"), .init("金额"), .init("日期", width: 20), .init("户数")])
        try writer.append([.text("苏和 <&>"), .money(fen: 123_450), .date(dayNumber: 20_634), .integer(7)])
        try writer.append([.empty, .number(0.25), .date(dayNumber: -25_567), .empty])
        try writer.append([])
        try writer.append([.text("x")])
        try writer.close()

        let sheet = try XLSXSheet(path: folder + "/a.xlsx")
        var kinds: [XLSXCell.Kind] = []
        try sheet.forEachRow { line, cells in
            if line == 2 { kinds = cells.map(\.kind) }
            return true
        }

        #expect(sheet.name == "预警")
        #expect(
            try sheet.readRows() == [
                ReadRow(1, "姓名", "金额", "日期", "户数"), ReadRow(2, "苏和 <&>", "1234.5", "2026-06-30", "7"),
                ReadRow(3, "", "0.25", "1900-01-01"), ReadRow(5, "x"),
            ])
        #expect(kinds == [.text, .number, .date, .number])
    }

    @Test(arguments: ["=1+1", "{=1}", "http://example.test", "_x0041_", "a\rb\u{1}", " a ", "\t=1", "😀"])
    func `texts come back as they were`(text: String) throws {
        let writer = try XLSXWriter(path: folder + "/a.xlsx", sheet: "a", columns: [.init("a")])
        try writer.append([.text(text)])
        try writer.close()

        #expect(try XLSXSheet(path: folder + "/a.xlsx").readRows()[1] == ReadRow(2, text))
    }

    @Test func `what a spreadsheet cannot hold as a number or date is a text`() throws {
        let writer = try XLSXWriter(path: folder + "/a.xlsx", sheet: "a", columns: [.init("a")])
        try writer.append([
            .integer(150_302_199_001_011_234), .date(dayNumber: -30_000), .money(fen: .max), .text("\u{0}\u{FFFF}"),
        ])
        try writer.close()

        #expect(
            try XLSXSheet(path: folder + "/a.xlsx").readRows()[1]
                == ReadRow(2, "150302199001011234", "1887-11-12", "92233720368547758.07", "\u{FFFD}\u{FFFD}"))
    }

    @Test func `the header is bold, frozen and filters`() throws {
        let writer = try XLSXWriter(path: folder + "/a.xlsx", sheet: "a", columns: [.init("a"), .init("b", width: 30)])
        try writer.append([.text("x"), .text("y")])
        try writer.close()

        let package = try ZipPackage(source: ZipSource(path: folder + "/a.xlsx"), limits: .standard)
        let part = try package.open(
            "xl/worksheets/sheet1.xml", budget: UnpackBudget(limits: .standard, fileSize: 1 << 20))
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = try bytes.withUnsafeMutableBytes { try part.read(into: $0) }
        let entries = String(decoding: bytes.prefix(count), as: UTF8.self)

        #expect(entries.contains("state=\"frozen\""))
        #expect(entries.contains("<autoFilter ref=\"A1:B2\"/>"))
        #expect(entries.contains("<c r=\"A1\" s=\"1\""))
        #expect(entries.contains("width=\"30.7109375\""))
    }

    @Test func `nothing stays behind of a workbook that is not closed`() throws {
        _ = try XLSXWriter(path: folder + "/a.xlsx", sheet: "a", columns: [.init("a")])

        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
    }

    @Test func `a folder that does not exist is told`() {
        #expect(throws: XLSXWriteFault.cannotWrite(path: "/nonexistent/a.xlsx", code: ENOENT)) {
            try XLSXWriter(path: "/nonexistent/a.xlsx", sheet: "a", columns: [])
        }
    }

    @Test func `a full disk is told`() throws {
        // The device stands for every disk without room.
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/a.xlsx.partial", withDestinationPath: "/dev/full")
        let writer = try XLSXWriter(path: folder + "/a.xlsx", sheet: "a", columns: [.init("a")])

        #expect(throws: XLSXWriteFault.self) { try writer.close() }
        #expect(!FileManager.default.fileExists(atPath: folder + "/a.xlsx"))
    }

    @Test func `names and texts beyond a workbook's limits are refused`() throws {
        #expect(throws: XLSXWriteFault.badSheetName("a/b")) {
            try XLSXWriter(path: folder + "/a.xlsx", sheet: "a/b", columns: [])
        }
        let writer = try XLSXWriter(path: folder + "/b.xlsx", sheet: "a", columns: [])

        #expect(throws: XLSXWriteFault.textTooLong(row: 2)) {
            try writer.append([.text(String(repeating: "x", count: 32_768))])
        }
    }
}

struct CSVDocumentTests {
    @Test func `a document has its header, lines and cells`() throws {
        let path = NSTemporaryDirectory() + "csv-document-" + UUID().uuidString
        try Data("\n 姓名 ,b\n1,\"a\nb\"\n\n\"x\"y,2\n3,4,5".utf8).write(to: URL(fileURLWithPath: path))

        let document = try CSVDocument(path: path)

        #expect(document.header == ["姓名", "b"])
        #expect(
            document.rows == [
                .init(line: 3, cells: ["1", "a\nb"]), .init(line: 6, cells: nil),
                .init(line: 7, cells: ["3", "4", "5"]),
            ])
    }
}
