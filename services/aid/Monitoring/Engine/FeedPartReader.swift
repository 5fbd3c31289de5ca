import SocialDomain
import Tabular

/// Takes the rows of one part of an extract through the checks, the register and the conditions of the facts.
///
/// Sendable because one thread fills it and others only read it after that.
final class FeedPartReader: TablePartReader, @unchecked Sendable {
    struct Reject {
        let line: UInt32
        let reason: RejectReason
        /// The field's place in the kind, nil where none is meant.
        let field: Int?
    }

    struct Conflict {
        let line: UInt32
        let person: Int
        let isShared: Bool
        let name: String
    }

    /// A condition that failed for a matched row.
    struct Failure {
        let row: Int
        let fact: Int
    }

    private(set) var rowCount = 0
    private(set) var unmatched = 0
    private(set) var rejects: [Reject] = []
    private(set) var conflicts: [Conflict] = []
    private(set) var failures: [Failure] = []
    let matched: MatchedRows
    /// `"key":{…},"values":{…}` of each matched row, where evidence is kept.
    private(set) var evidence: [UInt8] = []

    private let plan: FeedPlan
    private let columns: Int
    private let idColumn: Int
    private let register: Register
    private let table: PersonTable.View
    private let ages: FixedArray<Int16>
    private let hash: KeyedHash
    private let block = 256
    private let idNumbers: UnsafeMutablePointer<Int64>
    private let hashes: UnsafeMutablePointer<UInt64>
    private let values: UnsafeMutablePointer<Int64>
    private let frame: UnsafeMutablePointer<Slot>
    private let mask: UnsafeMutablePointer<UInt64>
    private let arena = ByteArena()

    init(plan: FeedPlan, register: Register, ages: FixedArray<Int16>, hash: KeyedHash, layout: RowLayout) {
        self.plan = plan
        columns = plan.columns
        idColumn = plan.idColumn
        self.register = register
        table = register.table.view
        self.ages = ages
        self.hash = hash
        matched = MatchedRows(layout: layout)
        idNumbers = .allocate(capacity: block)
        hashes = .allocate(capacity: block)
        values = .allocate(capacity: plan.kind.kind.fields.count + 1)
        values.initialize(repeating: 0, count: plan.kind.kind.fields.count + 1)
        frame = .allocate(capacity: 3 + plan.kind.kind.fields.count)
        frame.initialize(repeating: .null, count: 3 + plan.kind.kind.fields.count)
        mask = .allocate(capacity: plan.kind.maskWords)
    }

    deinit {
        idNumbers.deallocate()
        hashes.deallocate()
        values.deallocate()
        frame.deallocate()
        mask.deallocate()
    }

    var identityColumn: Int? { plan.idColumn }

    private enum Broken {
        static let syntax: Int64 = -3
        static let columns: Int64 = -4
    }

    func read(_ batch: TableBatch) {
        rowCount += batch.count
        IdentityNumber.reader.withFastReader { identity in
            let checks = plan.checks.buffer
            let encoding = plan.encoding
            var start = 0
            while start < batch.count {
                let end = min(start + block, batch.count)
                for index in start..<end {
                    let row = batch.rows[index]
                    let place = index &- start
                    if Int(row.cellCount) != columns {
                        idNumbers[place] = row.cellCount < 0 ? Broken.syntax : Broken.columns
                        continue
                    }
                    let idNumber = identity.read(batch.cell(row, idColumn), encoding)
                    idNumbers[place] = idNumber
                    if idNumber > 0 {
                        let value = PersonTable.hash(idNumber)
                        hashes[place] = value
                        table.prefetch(value)
                    }
                }
                // Memory is asked for well before it is looked at: the slots above, then the cards of those who are
                // likely in the register.
                for place in 0..<(end &- start) where idNumbers[place] > 0 {
                    let person = table.likelyPerson(hash: hashes[place])
                    if person >= 0 { table.prefetchCard(of: person) }
                }
                var nobody = 0
                for index in start..<end {
                    let idNumber = idNumbers[index &- start]
                    let row = batch.rows[index]
                    if idNumber < 0 {
                        rejectIdentity(idNumber, row)
                    } else if check(batch, row, checks, encoding) {
                        let person = table.person(of: idNumber, hash: hashes[index &- start])
                        if person < 0 {
                            nobody &+= 1
                        } else {
                            meet(batch, row, person, idNumber)
                        }
                    }
                }
                unmatched &+= nobody
                start = end
            }
        }
    }

    private func rejectIdentity(_ idNumber: Int64, _ row: TableRow) {
        switch idNumber {
        case Broken.syntax: rejects.append(Reject(line: row.line, reason: .syntax, field: nil))
        case Broken.columns: rejects.append(Reject(line: row.line, reason: .columns, field: nil))
        default:
            let field = plan.kind.kind.idField
            let reason: RejectReason = idNumber == Absence.missing ? .missing : .badID
            rejects.append(Reject(line: row.line, reason: reason, field: field))
        }
    }

    // MARK: Checks

    /// Reads the fields that are checked into `values`; false where the row has been rejected.
    @inline(__always)
    private func check(
        _ batch: TableBatch, _ row: TableRow, _ checks: UnsafeBufferPointer<FeedPlan.Check>, _ encoding: TextEncoding
    ) -> Bool {
        for check in checks {
            let cell = batch.cell(row, check.column)
            let value: Int64
            switch check.type {
            case .money: value = CellValues.amount(cell, encoding)
            case .date:
                let date = CellValues.date(cell, encoding)
                value =
                    date > Absence.undated
                    ? Int64(date) &+ Self.dateShift : date == Absence.missingDate ? Absence.missing : Absence.bad
            case .area: value = CellValues.area(cell, encoding)
            case .level: value = CellValues.level(cell, encoding)
            case .text, .name, .idNumber: value = cell.isAbsent(encoding) ? Absence.missing : 0
            }
            if value < 0 {
                if value == Absence.missing, !check.isRequired {
                    values[check.field] = value
                    continue
                }
                reject(row, check, value)
                return false
            }
            values[check.field] = value
        }
        return true
    }

    /// Dates are kept among the values as days above this, so that none is negative: 0001-01-01 is day −719,162.
    private static let dateShift: Int64 = 1_000_000

    @inline(never)
    private func reject(_ row: TableRow, _ check: FeedPlan.Check, _ value: Int64) {
        let reason: RejectReason
        switch (value, check.type) {
        case (Absence.missing, _): reason = .missing
        case (_, .date): reason = .badDate
        case (_, .money): reason = .badAmount
        case (_, .level): reason = .badLevel
        default: reason = .badNumber
        }
        rejects.append(Reject(line: row.line, reason: reason, field: check.field))
    }

    private func date() -> Int32 {
        guard plan.hasDateColumn, plan.kind.readsDate, let field = plan.kind.kind.dateField else {
            return plan.hasDateColumn ? Absence.missingDate : Absence.undated
        }
        let value = values[field]
        return value < 0 ? Absence.missingDate : Int32(value - Self.dateShift)
    }

    // MARK: The register

    /// A row of somebody in the register: in conflict with it, or matched.
    private func meet(_ batch: TableBatch, _ row: TableRow, _ person: Int, _ idNumber: Int64) {
        let isShared = table.cards[person].isShared
        if isShared || nameDiffers(batch, row, person) {
            conflicts.append(
                Conflict(
                    line: row.line, person: person, isShared: isShared,
                    name: plan.nameColumn.map { batch.cell(row, $0).text(plan.encoding) } ?? ""))
            return
        }
        let date = date()
        let record = matched.append()
        record.storeBytes(of: UInt32(truncatingIfNeeded: person), toByteOffset: RowLayout.person, as: UInt32.self)
        record.storeBytes(of: date, toByteOffset: RowLayout.date, as: Int32.self)
        let key = key(batch, row, idNumber)
        record.storeBytes(of: key.low, toByteOffset: RowLayout.hash, as: UInt64.self)
        record.storeBytes(of: key.high, toByteOffset: RowLayout.hash + 8, as: UInt64.self)
        record.storeBytes(of: row.line, toByteOffset: RowLayout.line, as: UInt32.self)
        record.storeBytes(of: RowState.open, toByteOffset: RowLayout.state, as: UInt32.self)
        judge(batch, row, person, date)
        for word in 0..<plan.kind.maskWords {
            record.storeBytes(of: mask[word], toByteOffset: RowLayout.mask + 8 * word, as: UInt64.self)
        }
        for place in 0..<plan.valueFields.count {
            record.storeBytes(
                of: values[plan.valueFields.base[place]], toByteOffset: matched.layout.values + 8 * place,
                as: Int64.self)
        }
        if plan.kind.keepsEvidence { keepEvidence(batch, row, idNumber, record) }
    }

    private func nameDiffers(_ batch: TableBatch, _ row: TableRow, _ person: Int) -> Bool {
        guard let column = plan.nameColumn else { return false }
        let cell = batch.cell(row, column)
        if plan.encoding == .utf8, table.cards[person].hasName(cell.start, cell.count) { return false }
        let registered = register.names[person]
        if plan.encoding == .utf8,
            UnsafeBufferPointer(start: cell.start, count: cell.count).hasSameBytes(as: registered)
        {
            return false
        }
        return PersonName.differ(cell.text(plan.encoding), from: String(decoding: registered, as: UTF8.self))
    }

    private func key(_ batch: TableBatch, _ row: TableRow, _ idNumber: Int64) -> KeyedHash.Value {
        var state = hash.begin()
        for part in plan.key.buffer {
            switch part.type {
            case .idNumber: state.absorb(UInt64(bitPattern: idNumber))
            case .date, .money, .area, .level: state.absorb(UInt64(bitPattern: values[part.field]))
            case .text, .name:
                arena.reset()
                state.absorb(text(batch, row, part.column))
            }
        }
        return state.finish()
    }

    /// A field's trimmed text as UTF-8, alive until the arena is reset or the batch is left.
    private func text(_ batch: TableBatch, _ row: TableRow, _ column: Int) -> UnsafeBufferPointer<UInt8> {
        let cell = batch.cell(row, column)
        let trimmed = WhiteSpace.trimmed(cell.raw, plan.encoding)
        if plan.encoding == .utf8 || trimmed.allSatisfy({ $0 < 0x80 }) {
            return trimmed.assumingMemoryBound(to: UInt8.self)
        }
        return arena.keep(Array(plan.encoding.decode(trimmed).utf8))
    }

    // MARK: Conditions

    /// Sets the mask's bit of every fact that takes this row in, by date and by condition.
    private func judge(_ batch: TableBatch, _ row: TableRow, _ person: Int, _ date: Int32) {
        for word in 0..<plan.kind.maskWords { mask[word] = 0 }
        var isFramed = false
        for bit in 0..<plan.kind.facts.count {
            let fact = plan.kind.facts.base[bit]
            if date != Absence.undated {
                guard date > fact.after, date <= plan.kind.asOf, date != Absence.missingDate else { continue }
            }
            if fact.condition >= 0 {
                if !isFramed {
                    fillFrame(batch, row, person)
                    isFramed = true
                }
                switch plan.kind.conditions.base[fact.condition].evaluate(frame) {
                case .no: continue
                case .yes: break
                case .failed:
                    failures.append(Failure(row: matched.count - 1, fact: bit))
                    continue
                }
            }
            mask[bit >> 6] |= 1 << UInt64(bit & 63)
        }
    }

    private func fillFrame(_ batch: TableBatch, _ row: TableRow, _ person: Int) {
        arena.reset()
        PersonFrame.fill(frame, register, person, age: Int(ages[person]))
        for asked in plan.conditionFields.buffer {
            let value = values[asked.field]
            let slot: Slot
            switch asked.type {
            case .money, .area: slot = .double(Double(value) / 100)
            case .level: slot = .int(value)
            case .date:
                let day = CalendarDate(dayNumber: Int32(value - Self.dateShift))
                slot = Self.slot(arena.keep(Array(day.description.utf8)))
            case .text, .name: slot = Self.slot(text(batch, row, asked.column))
            case .idNumber: slot = Self.slot(arena.keep(Array(identityText(register.idNumbers[person]).utf8)))
            }
            frame[RuleFrame.Row.firstField + asked.field] = slot
        }
    }

    /// The 18 characters, however the extract wrote them.
    private func identityText(_ idNumber: Int64) -> String {
        CitizenID(body: UInt64(idNumber))?.text ?? ""
    }

    private static func slot(_ text: UnsafeBufferPointer<UInt8>) -> Slot {
        text.baseAddress.map { .text($0, count: text.count) } ?? .null
    }

    // MARK: Evidence

    private func keepEvidence(
        _ batch: TableBatch, _ row: TableRow, _ idNumber: Int64, _ record: UnsafeMutableRawPointer
    ) {
        let start = evidence.count
        var writer = JSONBytes()
        let kind = plan.kind.kind
        let shown = plan.checks.buffer.map { FeedPlan.Field(field: $0.field, column: $0.column, type: $0.type) }
        arena.reset()
        writer.raw("\"key\":{")
        writeFields(shown.filter { kind.key.contains($0.field) }, batch, row, idNumber, &writer)
        writer.raw("},\"values\":{")
        let others = shown.filter { !kind.key.contains($0.field) && $0.field != kind.dateField }
        writeFields(others, batch, row, idNumber, &writer)
        writer.raw("}")
        evidence.append(contentsOf: writer.bytes)
        record.storeBytes(of: UInt32(truncatingIfNeeded: start), toByteOffset: matched.layout.evidence, as: UInt32.self)
        record.storeBytes(
            of: UInt32(truncatingIfNeeded: evidence.count - start), toByteOffset: matched.layout.evidence + 4,
            as: UInt32.self)
    }

    private func writeFields(
        _ fields: [FeedPlan.Field], _ batch: TableBatch, _ row: TableRow, _ idNumber: Int64,
        _ writer: inout JSONBytes
    ) {
        for (place, shown) in fields.enumerated() {
            if place > 0 { writer.raw(",") }
            writer.string(plan.kind.kind.fields[shown.field].name)
            writer.raw(":")
            let value = values[shown.field]
            switch shown.type {
            case .money, .area: writer.hundredths(value)
            case .level: writer.int(value)
            case .date:
                writer.string(value < 0 ? "" : CalendarDate(dayNumber: Int32(value - Self.dateShift)).description)
            case .text, .name: writer.string(text(batch, row, shown.column))
            case .idNumber: writer.string(identityText(idNumber))
            }
        }
    }
}

/// The three values of a person that conditions see first.
enum PersonFrame {
    @inline(__always)
    static func fill(_ frame: UnsafeMutablePointer<Slot>, _ register: Register, _ person: Int, age: Int) {
        frame[0] = age < 0 ? .null : .int(Int64(age))
        frame[1] = register.slot(ofText: register.sexes[person])
        frame[2] = register.slot(ofText: register.relations[person])
    }
}

/// Short texts of one row that must stay where they are while its conditions run.
final class ByteArena {
    private var buffers: [UnsafeMutableBufferPointer<UInt8>] = []
    private var used = 0

    deinit {
        for buffer in buffers { buffer.deallocate() }
    }

    func reset() {
        used = 0
    }

    /// Copies a text; the copy stays until the next reset.
    func keep(_ bytes: [UInt8]) -> UnsafeBufferPointer<UInt8> {
        if used == buffers.count { buffers.append(.allocate(capacity: 64)) }
        if buffers[used].count < bytes.count {
            buffers[used].deallocate()
            buffers[used] = .allocate(capacity: bytes.count)
        }
        let target = buffers[used]
        _ = target.update(fromContentsOf: bytes)
        used += 1
        return UnsafeBufferPointer(rebasing: target[..<bytes.count])
    }
}
