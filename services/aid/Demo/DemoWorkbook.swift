import SocialDomain

/// An extract as a workbook of one sheet, streamed.
///
/// Not by way of the writer that people's exports use: that one stamps the time of writing and compresses, and a
/// demonstration has the same bytes everywhere. The parts are stored in the archive as they are (APPNOTE.TXT 4.4.5,
/// method 0).
final class DemoWorkbook {
    private let file: DemoFile
    private var directory: [Entry] = []
    private var offset = 0
    private var open: Entry?
    private var rowNumber = 0

    /// A part of the archive: its name, where it begins, and its checksum and size so far.
    private struct Entry {
        let name: String
        let offset: Int
        var checksum: UInt32 = 0xFFFF_FFFF
        var size = 0
    }

    init(path: String, headings: [String]) throws(DemoFailure) {
        file = try DemoFile(path: path)
        for (name, text) in Self.parts {
            try begin(name)
            file.text.append(text: text)
            try end()
        }
        try begin("xl/worksheets/sheet1.xml")
        file.text.append(Self.xml)
        file.text.append("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>")
        beginRow()
        for (column, heading) in headings.enumerated() {
            Array(heading.utf8).withUnsafeBufferPointer { writeText($0, column: column) }
        }
        try endRow()
    }

    // MARK: Cells

    /// - Parameter skipping: empty rows before this one.
    func beginRow(skipping: Int = 0) {
        rowNumber += 1 + skipping
        file.text.append("<row r=\"")
        file.text.append(number: rowNumber)
        file.text.append("\">")
    }

    func endRow() throws(DemoFailure) {
        file.text.append("</row>\n")
        if file.text.count >= 1 << 20 { try pass() }
    }

    func writeText(_ bytes: UnsafeBufferPointer<UInt8>, column: Int) {
        guard !bytes.isEmpty else { return }
        beginCell(column)
        file.text.append(" t=\"inlineStr\"><is><t xml:space=\"preserve\">")
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "&"): file.text.append("&amp;")
            case UInt8(ascii: "<"): file.text.append("&lt;")
            case UInt8(ascii: ">"): file.text.append("&gt;")
            default: file.text.append(byte)
            }
        }
        file.text.append("</t></is></c>")
    }

    func writeNumber(hundredths: Int, column: Int) {
        beginCell(column)
        file.text.append("><v>")
        file.text.append(hundredths: hundredths)
        file.text.append("</v></c>")
    }

    /// A whole number as it stands, however many digits.
    func writeNumber(_ number: Int, column: Int) {
        beginCell(column)
        file.text.append("><v>")
        file.text.append(number: number)
        file.text.append("</v></c>")
    }

    func writeDate(_ day: CalendarDate, column: Int) {
        beginCell(column)
        // Day 25,569 of a spreadsheet is 1970-01-01.
        file.text.append(" s=\"1\"><v>")
        file.text.append(number: Int(day.dayNumber) + 25_569)
        file.text.append("</v></c>")
    }

    private func beginCell(_ column: Int) {
        file.text.append("<c r=\"")
        file.text.append(UInt8(ascii: "A") + UInt8(column))
        file.text.append(number: rowNumber)
        file.text.append("\"")
    }

    // MARK: The archive

    func close() throws(DemoFailure) {
        file.text.append("</sheetData></worksheet>")
        try end()
        let start = offset
        for entry in directory {
            file.text.append("PK\u{01}\u{02}")
            little(20, bytes: 2)
            writeCommonHeader(entry)
            // Comment, disk and attributes: none.
            little(0, bytes: 2 + 2 + 2)
            little(0, bytes: 4)
            little(entry.offset, bytes: 4)
            file.text.append(text: entry.name)
        }
        let size = file.text.count
        file.text.append("PK\u{05}\u{06}")
        little(0, bytes: 4)
        little(directory.count, bytes: 2)
        little(directory.count, bytes: 2)
        little(size, bytes: 4)
        little(start, bytes: 4)
        little(0, bytes: 2)
        try file.flush()
    }

    private func begin(_ name: String) throws(DemoFailure) {
        let entry = Entry(name: name, offset: offset)
        file.text.append("PK\u{03}\u{04}")
        writeCommonHeader(entry)
        file.text.append(text: name)
        offset += file.text.count
        try file.flush()
        open = entry
    }

    /// Passes on what the open part has got so far.
    private func pass() throws(DemoFailure) {
        guard var entry = open else { return }
        for byte in file.text.contents {
            entry.checksum = Self.table[Int((entry.checksum ^ UInt32(byte)) & 0xFF)] ^ (entry.checksum >> 8)
        }
        entry.size += file.text.count
        offset += file.text.count
        open = entry
        try file.flush()
    }

    private func end() throws(DemoFailure) {
        try pass()
        guard let entry = open else { return }
        directory.append(entry)
        open = nil
        // The checksum and sizes stand before the part, so they are put in afterwards.
        little(Int(~entry.checksum), bytes: 4)
        little(entry.size, bytes: 4)
        little(entry.size, bytes: 4)
        try file.patch(at: entry.offset + 14)
    }

    /// What the part's own header and its line in the directory have in common: from the version needed to the lengths
    /// of name and extra field. The time is 1980-01-01, the earliest there is.
    private func writeCommonHeader(_ entry: Entry) {
        little(20, bytes: 2)
        // Bit 11: names in UTF-8; method 0: stored.
        little(0x0800, bytes: 2)
        little(0, bytes: 2)
        little(0, bytes: 2)
        little(0x21, bytes: 2)
        little(Int(~entry.checksum), bytes: 4)
        little(entry.size, bytes: 4)
        little(entry.size, bytes: 4)
        little(entry.name.utf8.count, bytes: 2)
        little(0, bytes: 2)
    }

    private func little(_ number: Int, bytes: Int) {
        for place in 0..<bytes {
            file.text.append(UInt8(truncatingIfNeeded: number >> (8 * place)))
        }
    }

    /// CRC-32 of a byte (polynomial EDB88320).
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    // MARK: Fixed parts

    private static let xml: StaticString = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    private static let parts: [(name: String, text: String)] = {
        let package = "http://schemas.openxmlformats.org/package/2006"
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        let sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        let type = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        let body = [
            (
                "[Content_Types].xml",
                """
                <Types xmlns="\(package)/content-types"><Default Extension="rels" \
                ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
                <Override PartName="/xl/workbook.xml" ContentType="\(type).sheet.main+xml"/>\
                <Override PartName="/xl/worksheets/sheet1.xml" ContentType="\(type).worksheet+xml"/>\
                <Override PartName="/xl/styles.xml" ContentType="\(type).styles+xml"/></Types>
                """
            ),
            (
                "_rels/.rels",
                """
                <Relationships xmlns="\(package)/relationships"><Relationship Id="rId1" \
                Type="\(office)/officeDocument" Target="xl/workbook.xml"/></Relationships>
                """
            ),
            (
                "xl/workbook.xml",
                """
                <workbook xmlns="\(sheet)" xmlns:r="\(office)"><sheets><sheet name="事故" sheetId="1" r:id="rId1"/>\
                </sheets></workbook>
                """
            ),
            (
                "xl/_rels/workbook.xml.rels",
                """
                <Relationships xmlns="\(package)/relationships"><Relationship Id="rId1" Type="\(office)/worksheet" \
                Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="\(office)/styles" \
                Target="styles.xml"/></Relationships>
                """
            ),
            (
                "xl/styles.xml",
                """
                <styleSheet xmlns="\(sheet)"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>\
                <fills count="2"><fill><patternFill patternType="none"/></fill>\
                <fill><patternFill patternType="gray125"/></fill></fills>\
                <borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>\
                <cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>
                """
            ),
        ]
        return body.map { ($0.0, xml.description + $0.1) }
    }()
}
