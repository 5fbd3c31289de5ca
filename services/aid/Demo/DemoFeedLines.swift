/// The lines of one extract: rows as the department has them, varied, spoilt and put in its columns.
struct DemoFeedLines {
    let file: DemoFeedFile
    let scale: DemoScale
    let rows: DemoFeedRows
    private let row = DemoRow()

    init(file: DemoFeedFile, scale: DemoScale, rows: DemoFeedRows) {
        self.file = file
        self.scale = scale
        self.rows = rows
    }

    func writeHeader(to output: DemoBytes) {
        if file.beginsWithBlankLine { endLine(output) }
        for (place, heading) in file.headings.enumerated() {
            if place > 0 { output.append(UInt8(ascii: ",")) }
            if file.quotesAll { output.append(UInt8(ascii: "\"")) }
            output.append(text: heading)
            if file.quotesAll { output.append(UInt8(ascii: "\"")) }
        }
        endLine(output)
    }

    /// Fills `row` and tells its shape; of 1000 rows three repeat an earlier one with another amount.
    func make(_ index: Int) -> (row: DemoRow, shape: DemoDirt.Shape, isAfterBlank: Bool) {
        var random = DemoRandom(seed: rows.people.seed, stream: 200 + UInt64(file.kind.rawValue), index: UInt64(index))
        row.clear()
        var source = index
        if random.chance(30) { source = index - min(index, 1 + random.below(30_000)) }
        let subject = rows.fill(row, file: file, index: source, isCorrected: source != index)
        if file.columns.contains(DemoRow.serial) {
            row.set(DemoRow.serial) { $0.append(number: index - file.rows(of: scale).lowerBound + 1) }
        }
        rows.dirt.vary(row, file, subject, rows.people.names, &random)
        let shape = rows.dirt.spoil(row, file, subject, &random)
        return (row, shape, rows.dirt.isOn && random.chance(3))
    }

    func write(_ index: Int, to output: DemoBytes) {
        let (row, shape, isAfterBlank) = make(index)
        if isAfterBlank {
            output.append("  ")
            endLine(output)
        }
        let columns = file.columns
        let last = shape == .missingColumn ? columns.count - 1 : columns.count
        for place in 0..<last {
            if place > 0 { output.append(UInt8(ascii: ",")) }
            row.writeField(columns[place], quotesAll: file.quotesAll, to: output)
        }
        if shape == .extraColumn { output.append(",多余") }
        endLine(output)
    }

    /// A row of a workbook, where dates and amounts are mostly cells of their own kinds.
    func write(_ index: Int, to workbook: DemoWorkbook) throws(DemoFailure) {
        let (row, _, isAfterBlank) = make(index)
        workbook.beginRow(skipping: isAfterBlank ? 1 : 0)
        for (column, field) in file.columns.enumerated() {
            let text = row[field]
            if field == file.kind.dateField, index % 10 != 0, let day = DemoRow.day(of: text) {
                workbook.writeDate(day, column: column)
            } else if field == file.kind.moneyField, let amount = DemoRow.hundredths(of: text) {
                workbook.writeNumber(hundredths: amount, column: column)
            } else if field == file.kind.idField, index % 700 == 350, text.count == 18, text[17] < 0x3A {
                // Typed as a number, and rounded to 15 digits by the spreadsheet.
                workbook.writeNumber(text.prefix(15).reduce(0) { $0 * 10 + Int($1 - 0x30) } * 1000, column: column)
            } else {
                workbook.writeText(text, column: column)
            }
        }
        try workbook.endRow()
    }

    /// The end of the file, which one department forgets to finish.
    func writeEnd(to output: DemoBytes) {
        guard rows.dirt.isOn, file.kind == .medical, file.part.upperBound == 100 else { return }
        output.append("YB999999999,150423198001094128,\"张福生,2026-05-01,100.00,50.00,")
    }

    private func endLine(_ output: DemoBytes) {
        if file.hasCarriageReturns { output.append(UInt8(ascii: "\r")) }
        output.append(UInt8(ascii: "\n"))
    }
}
