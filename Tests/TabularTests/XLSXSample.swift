import Tabular

/// A workbook put together by hand: parts of a zip file, stored without packing.
struct XLSXSample {
    var parts: [(name: String, bytes: [UInt8])]

    /// A workbook of one sheet named 表 with these rows between the tags of `sheetData`.
    init(
        rows: String, sharedStrings: String? = nil, formats: String = "", styles: String = "<xf numFmtId=\"0\"/>",
        workbookProperties: String = ""
    ) {
        self.init(
            workbook:
                "<workbookPr \(workbookProperties)/><sheets><sheet name=\"表\" sheetId=\"1\" r:id=\"rId1\"/></sheets>",
            relationships: [
                ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "styles", "styles.xml"),
                ("rId3", "sharedStrings", "sharedStrings.xml"),
            ])
        add("xl/worksheets/sheet1.xml", "<worksheet><sheetData>\(rows)</sheetData></worksheet>")
        add(
            "xl/styles.xml",
            "<styleSheet><numFmts>\(formats)</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
                + "<cellXfs>\(styles)</cellXfs></styleSheet>")
        if let sharedStrings { add("xl/sharedStrings.xml", "<sst>\(sharedStrings)</sst>") }
    }

    init(workbook: String, relationships: [(id: String, type: String, target: String)]) {
        parts = []
        add("[Content_Types].xml", "<Types/>")
        add(
            "_rels/.rels",
            "<Relationships><Relationship Id=\"a\" Type=\"http://example.test/officeDocument\" Target=\"xl/workbook.xml\"/>"
                + "</Relationships>")
        add("xl/workbook.xml", "<workbook xmlns:r=\"r\">\(workbook)</workbook>")
        let entries = relationships.map {
            "<Relationship Id=\"\($0.id)\" Type=\"http://example.test/\($0.type)\" Target=\"\($0.target)\"/>"
        }
        add("xl/_rels/workbook.xml.rels", "<Relationships>\(entries.joined())</Relationships>")
    }

    mutating func add(_ name: String, _ xml: String) {
        parts.append((name, Array(xml.utf8)))
    }

    mutating func replace(_ name: String, by bytes: [UInt8]) {
        for index in parts.indices where parts[index].name == name { parts[index].bytes = bytes }
    }

    /// The zip file's bytes.
    var bytes: [UInt8] {
        var zip: [UInt8] = []
        var directory: [UInt8] = []
        func append(_ number: Int, _ count: Int, to target: inout [UInt8]) {
            for place in 0..<count { target.append(UInt8(truncatingIfNeeded: number >> (8 * place))) }
        }
        for (name, bytes) in parts {
            let offset = zip.count
            var header: [UInt8] = []
            append(20, 2, to: &header)
            append(0x0800, 2, to: &header)
            append(0, 2, to: &header)
            append(0x0021_0000, 4, to: &header)
            append(Int(checksum(bytes)), 4, to: &header)
            append(bytes.count, 4, to: &header)
            append(bytes.count, 4, to: &header)
            append(name.utf8.count, 2, to: &header)
            append(0, 2, to: &header)
            zip += [0x50, 0x4B, 3, 4] + header + Array(name.utf8) + bytes
            directory += [0x50, 0x4B, 1, 2]
            append(20, 2, to: &directory)
            directory += header
            append(0, 2, to: &directory)
            append(0, 2, to: &directory)
            append(0, 2, to: &directory)
            append(0, 4, to: &directory)
            append(offset, 4, to: &directory)
            directory += Array(name.utf8)
        }
        let start = zip.count
        zip += directory + [0x50, 0x4B, 5, 6]
        append(0, 4, to: &zip)
        append(parts.count, 2, to: &zip)
        append(parts.count, 2, to: &zip)
        append(directory.count, 4, to: &zip)
        append(start, 4, to: &zip)
        append(0, 2, to: &zip)
        return zip
    }

    /// CRC-32 as zip files have it.
    private func checksum(_ bytes: [UInt8]) -> UInt32 {
        var value: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
        return ~value
    }
}

/// A row as tests compare it.
struct ReadRow: Equatable, CustomStringConvertible {
    let line: Int
    let texts: [String]

    init(_ line: Int, _ texts: String...) {
        self.line = line
        self.texts = texts
    }

    init(line: Int, cells: [XLSXCell]) {
        self.line = line
        texts = cells.map(\.text)
    }

    var description: String { "\(line): \(texts)" }
}

extension XLSXSheet {
    func readRows() throws -> [ReadRow] {
        var rows: [ReadRow] = []
        try forEachRow { line, cells in
            rows.append(ReadRow(line: line, cells: cells))
            return true
        }
        return rows
    }
}

extension XLSXSample {
    func rows(sheet: String? = nil, limits: XLSXLimits = .standard) throws -> [ReadRow] {
        try XLSXSheet(bytes: bytes, sheet: sheet, limits: limits).readRows()
    }

    /// The only cell of a workbook with this one cell.
    static func cell(_ xml: String, formats: String = "", styles: String = "", date1904: Bool = false) throws
        -> XLSXCell?
    {
        let sample = XLSXSample(
            rows: "<row r=\"1\">\(xml)</row>", formats: formats, styles: "<xf numFmtId=\"0\"/>" + styles,
            workbookProperties: date1904 ? "date1904=\"1\"" : "")
        var found: XLSXCell?
        try XLSXSheet(bytes: sample.bytes).forEachRow { _, cells in
            found = cells.last
            return true
        }
        return found
    }

    /// A number cell's text.
    static func number(_ value: String) throws -> String? {
        try cell("<c><v>\(value)</v></c>")?.text
    }

    /// A number cell with a date's built-in format.
    static func date(_ value: String, date1904: Bool = false) throws -> XLSXCell? {
        try cell("<c s=\"1\"><v>\(value)</v></c>", styles: "<xf numFmtId=\"14\"/>", date1904: date1904)
    }
}

/// The path of a file under Tests/Fixtures/xlsx.
func fixture(_ name: String, source: String = #filePath) -> String {
    source.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
        + "/Fixtures/xlsx/" + name
}
