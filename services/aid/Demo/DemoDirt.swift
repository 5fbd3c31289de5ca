/// What goes wrong between a clerk's hand and the file, and the variety that is no fault.
struct DemoDirt: Sendable {
    /// Off in clean data: then only harmless variety, repeated rows and names that differ are left.
    let isOn: Bool

    /// What becomes of a row as a line of text.
    enum Shape {
        case whole
        case extraColumn
        case missingColumn
    }

    // MARK: The register

    /// Two persons of the register with one identity number: the second has that of the one before.
    static func sharesNumber(_ index: Int) -> Bool { index % 1500 == 700 }

    func asRegistered(_ index: Int, people: DemoPeople) -> DemoPerson {
        let person = people.person(at: index)
        guard isOn, Self.sharesNumber(index) else { return person }
        return DemoPerson(
            body: people.person(at: index - 1).body, name: person.name, birthYear: person.birthYear,
            isMale: person.isMale)
    }

    // MARK: Variety that every reader must take

    func vary(
        _ row: DemoRow, _ file: DemoFeedFile, _ subject: DemoFeedRows.Subject, _ names: DemoNames,
        _ random: inout DemoRandom
    ) {
        let (idField, nameField, person) = (file.kind.idField, file.kind.nameField, subject.person)
        let draw = random.below(10_000)
        if draw < 25, person.birthYear < 2000 {
            // The 15 digits of GB 11643-1989: without century and check character.
            row.set(idField) {
                $0.append(number: Int(person.body / 100_000_000_000), width: 6)
                $0.append(number: Int(person.body % 1_000_000_000), width: 9)
            }
        } else if draw % 10 == 9, row[idField].last == UInt8(ascii: "X") {
            let digits = row.copy(idField).dropLast()
            row.set(idField) { texts in
                digits.withUnsafeBufferPointer { texts.append($0) }
                texts.append(UInt8(ascii: "x"))
            }
        }
        let nameDraw = random.below(10_000)
        if nameDraw < 40 {
            row.set(nameField) { _ in }
        } else if nameDraw < 140, subject.isRegistered {
            let other = names.draw(
                &random, isMale: person.isMale, birthYear: person.birthYear,
                family: random.below(3) == 0 ? .mongolian : .han(names.drawSurname(&random)))
            row.set(nameField) { names.write(other, to: $0) }
        } else if person.name.style == .mongolianWithClan, nameDraw % 4 == 0 {
            let dot = DemoDot.allCases[random.below(DemoDot.allCases.count)]
            row.set(nameField) { names.write(person.name, dot: dot, to: $0) }
        }
        guard file.columns.contains(DemoRow.serial) || file.columns.contains(DemoRow.remark) else { return }
        let remark = random.below(1000)
        if remark < 10 {
            row.set(DemoRow.remark) { $0.append("已核实") }
        } else if remark < 13 {
            row.set(DemoRow.remark, quoting: true) { $0.append("见附件,第2页") }
        } else if remark < 15 {
            row.set(DemoRow.remark, quoting: true) { $0.append("家属称\"无异议\"") }
        }
    }

    // MARK: Dirt

    func spoil(
        _ row: DemoRow, _ file: DemoFeedFile, _ subject: DemoFeedRows.Subject, _ random: inout DemoRandom
    ) -> Shape {
        guard isOn else { return .whole }
        let kind = file.kind
        switch random.below(10_000) {
        case 0..<28: spoilNumber(row, kind.idField, subject.person, &random)
        case 28..<42: dressNumber(row, kind.idField, &random)
        case 42..<50: spoilDate(row, kind.dateField, &random)
        case 50..<56: row.set(kind.dateField) { _ in }
        case 56..<96: dressDate(row, kind.dateField, &random)
        case 96..<108: if let field = kind.moneyField { spoilMoney(row, field, &random) }
        case 108..<112: if let field = kind.moneyField { row.set(field) { _ in } }
        case 112..<162: if let field = kind.moneyField { dressMoney(row, field, &random) }
        case 162..<167: if let field = kind.keyField { row.set(field) { _ in } }
        case 167..<172: if let field = kind.keyField { pad(row, field) }
        case 172..<176: return .extraColumn
        case 176..<180: return .missingColumn
        case 180..<184:
            // A closing quote in mid-field breaks the record.
            if let field = kind.freeField { row.set(raw: field, "\"家属称\"无异议\"\"") }
        case 184..<190:
            let field = file.columns.contains(DemoRow.remark) ? DemoRow.remark : kind.freeField
            if let field { row.set(field, quoting: true) { $0.append("第一行\n第二行") } }
        case 190..<193:
            if let field = kind.freeField { row.set(field, quoting: true) { $0.append("病历见附件,\"复\"\r核") } }
        case 193..<196: row.set(kind.nameField) { $0.append("···") }
        case 196..<202:
            let bytes = row.copy(kind.nameField)
            row.set(kind.nameField) { texts in
                texts.append("　")
                bytes.withUnsafeBufferPointer { texts.append($0) }
                texts.append(" ")
            }
        case 202..<212:
            guard kind == .disability else { break }
            switch random.below(4) {
            case 0: row.set(4) { $0.append("五级") }
            case 1: row.set(4) { $0.append("一") }
            case 2: row.set(4) { _ in }
            default: row.set(4) { $0.append("２") }
            }
        default: break
        }
        return .whole
    }

    /// Numbers that no reader may take.
    private func spoilNumber(_ row: DemoRow, _ field: Int, _ person: DemoPerson, _ random: inout DemoRandom) {
        let digits = row.copy(field)
        switch random.below(8) {
        case 0: set(row, field, Array(digits.dropLast()))
        case 1: set(row, field, digits + [0x31])
        case 2:
            // The check character of another number.
            var wrong = digits
            wrong[wrong.count - 1] = wrong[wrong.count - 1] == 0x37 ? 0x38 : 0x37
            if wrong.count == 18, digits[17] == 0x37 { wrong[16] = wrong[16] == 0x30 ? 0x31 : 0x30 }
            set(row, field, wrong)
        case 3:
            // A month that does not exist.
            var wrong = digits
            if wrong.count == 18 { wrong.replaceSubrange(10..<12, with: [0x31, 0x33]) }
            set(row, field, wrong.count == 18 ? wrong : [])
        case 4: set(row, field, Array(digits.prefix(6)) + [0x20] + digits.dropFirst(6))
        case 5: set(row, field, [])
        case 6: set(row, field, Array(digits.prefix(6)) + Array("ABCDEFGH".utf8) + digits.suffix(4))
        default: set(row, field, Array("1.50423E+17".utf8))
        }
    }

    /// Numbers that are right, once white space and full width are folded.
    private func dressNumber(_ row: DemoRow, _ field: Int, _ random: inout DemoRandom) {
        let digits = row.copy(field)
        switch random.below(3) {
        case 0: pad(row, field)
        case 1: set(row, field, Array("　".utf8) + digits)
        default:
            // U+FF10 is EF BC 90: each sign of ASCII has its full width 0xFEE0 further on.
            row.set(field) { texts in
                for digit in digits {
                    texts.append(0xEF)
                    texts.append(digit < 0x60 ? 0xBC : 0xBD)
                    texts.append(digit < 0x60 ? digit + 0x60 : digit + 0x20)
                }
            }
        }
    }

    private func spoilDate(_ row: DemoRow, _ field: Int, _ random: inout DemoRandom) {
        switch random.below(6) {
        case 0: row.set(field) { $0.append("2026-02-30") }
        case 1: row.set(field) { $0.append("不详") }
        case 2: row.set(field) { $0.append("2025-13") }
        case 3: row.set(field) { $0.append("2025-1/7") }
        case 4: row.set(field) { $0.append("25-03-04") }
        default: row.set(field) { $0.append("2025-06-01 08:30") }
        }
    }

    private func dressDate(_ row: DemoRow, _ field: Int, _ random: inout DemoRandom) {
        guard let day = DemoRow.day(of: row[field]) else { return }
        let form = DemoDateForm.allCases[random.below(DemoDateForm.allCases.count)]
        row.set(field) { $0.append(day, form) }
    }

    private func spoilMoney(_ row: DemoRow, _ field: Int, _ random: inout DemoRandom) {
        switch random.below(6) {
        case 0: row.set(field) { $0.append("N/A") }
        case 1: row.set(field) { $0.append("1.2.3") }
        case 2: row.set(field) { $0.append("-500") }
        case 3: row.set(field) { $0.append("约3000") }
        case 4: row.set(field) { $0.append("壹仟") }
        default: row.set(field, quoting: true) { $0.append("1,23.50") }
        }
    }

    private func dressMoney(_ row: DemoRow, _ field: Int, _ random: inout DemoRandom) {
        guard let amount = DemoRow.hundredths(of: row[field]) else { return }
        let (yuan, fen) = (amount / 100, amount % 100)
        func grouped(_ texts: DemoBytes) {
            texts.append(grouped: yuan)
            texts.append(UInt8(ascii: "."))
            texts.append(number: fen, width: 2)
        }
        switch random.below(7) {
        case 0: row.set(field, quoting: true) { grouped($0) }
        case 1:
            row.set(field, quoting: true) {
                $0.append("¥")
                grouped($0)
            }
        case 2:
            row.set(field) {
                $0.append("¥ ")
                $0.append(hundredths: amount)
                $0.append("元")
            }
        case 3:
            row.set(field) {
                $0.append(hundredths: amount)
                $0.append("元")
            }
        case 4: row.set(field) { $0.append(number: yuan) }
        case 5:
            row.set(field) {
                $0.append("￥")
                $0.append(hundredths: amount)
            }
        default: pad(row, field)
        }
    }

    private func pad(_ row: DemoRow, _ field: Int) {
        set(row, field, [0x20] + row.copy(field) + Array("　".utf8))
    }

    private func set(_ row: DemoRow, _ field: Int, _ bytes: [UInt8]) {
        row.set(field) { texts in bytes.withUnsafeBufferPointer { texts.append($0) } }
    }
}
