import Glibc
import SocialDomain
import Tabular

/// Reads the register's two files by the rules of the extracts.
enum RegisterFiles {
    static let householdFields = [
        "household_id", "division", "settlement", "category", "income_per_capita", "enrolled_on",
    ]
    static let personFields = ["person_id", "household_id", "id_number", "name", "sex", "birth_date", "relation"]
    /// Headings that extracts use for two of them are understood here too.
    static let aliases = ["id_number": FeedFile.idNumberAliases, "name": ["姓名"]]

    /// The files of a folder whose names begin with a word, in the order of their names, bytewise.
    static func files(in folder: String, named prefix: String) throws(MonitoringFailure) -> [FeedFile] {
        let found = try FeedFile.list(folder).filter { $0.isTable && $0.name.hasPrefix(prefix) }
        guard !found.isEmpty else {
            throw .noInput(path: folder, detail: "no file \(prefix).csv or \(prefix).xlsx in it")
        }
        return found
    }

    static func load(folder: String, threads: Int, control: RunControl) throws(MonitoringFailure) -> Register {
        let households = try files(in: folder, named: "households")
        let persons = try files(in: folder, named: "persons")
        var builder = RegisterBuilder()
        var problems: [LineProblem] = []
        var householdPlaces = RowPlaces()
        var personPlaces = RowPlaces()

        for (number, table) in try read(households, householdFields, threads, control) {
            for part in table.parts {
                householdPlaces.append(file: number, firstLine: part.firstLine, lines: part.reader.rows.lines)
                problems += part.reader.rows.problems.map { $0.placed(file: number, firstLine: part.firstLine) }
                builder.append(part.reader.rows.households, texts: part.reader.rows.texts.texts)
            }
        }
        for (number, table) in try read(persons, personFields, threads, control) {
            let file = households.count + number
            for part in table.parts {
                personPlaces.append(file: file, firstLine: part.firstLine, lines: part.reader.rows.lines)
                problems += part.reader.rows.problems.map { $0.placed(file: file, firstLine: part.firstLine) }
                builder.append(part.reader.rows.persons, texts: part.reader.rows.texts.texts)
            }
        }
        let names = (households + persons).map(\.name)
        return try builder.build(personsFile: persons[0].name) { leftHouseholds, leftPersons in
            var left = Set<RowPlace>()
            func leaveOut(_ row: RegisterBuilder.LeftOutRow, _ places: RowPlaces) {
                let place = places[row.row]
                left.insert(place)
                problems.append(
                    LineProblem(
                        place: place, order: 0, reason: row.why == .duplicate ? "duplicate" : "unknown_household",
                        subject: row.id))
            }
            for row in leftHouseholds { leaveOut(row, householdPlaces) }
            for row in leftPersons { leaveOut(row, personPlaces) }
            // A row that is left out is told once, whatever else is wrong with it.
            let told = problems.filter { $0.order == 0 || left.isEmpty || !left.contains($0.place) }
            return told.sorted { ($0.place, $0.order) < ($1.place, $1.order) }.map {
                RegistryProblem(
                    file: names[$0.place.file], line: $0.place.line, reason: $0.reason, subject: $0.subject)
            }
        }
    }

    private static func read(
        _ files: [FeedFile], _ fields: [String], _ threads: Int, _ control: RunControl
    ) throws(MonitoringFailure) -> [(Int, ReadTable<RegisterPartReader>)] {
        let outcomes = try TableParts.read(files, threads: threads, control: control) {
            (table: OpenTable) throws(Refusal) -> @Sendable () -> RegisterPartReader in
            let plan = try RegisterPlan(table: table, fields: fields)
            return { RegisterPartReader(plan: plan) }
        }
        var tables: [(Int, ReadTable<RegisterPartReader>)] = []
        for (number, outcome) in outcomes.enumerated() {
            switch outcome {
            case .read(let table): tables.append((number, table))
            case .refused(let file, let refusal):
                throw .refusedRegister(file: file.name, reason: refusal.reason, field: refusal.field)
            }
        }
        return tables
    }
}

/// A line of one of the register's files, households' before persons'.
private struct RowPlace: Hashable, Comparable {
    let file: Int
    let line: Int

    static func < (left: RowPlace, right: RowPlace) -> Bool {
        (left.file, left.line) < (right.file, right.line)
    }
}

/// Tells the lines of rows by their number among all rows that are in.
private struct RowPlaces {
    private var parts: [(firstRow: Int, file: Int, firstLine: Int, lines: [UInt32])] = []
    private var count = 0

    mutating func append(file: Int, firstLine: Int, lines: [UInt32]) {
        guard !lines.isEmpty else { return }
        parts.append((count, file, firstLine, lines))
        count += lines.count
    }

    subscript(row: Int) -> RowPlace {
        var low = 0
        var high = parts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if parts[middle].firstRow <= row { low = middle } else { high = middle }
        }
        let part = parts[low]
        return RowPlace(file: part.file, line: part.firstLine + Int(part.lines[row - part.firstRow]))
    }
}

private struct LineProblem {
    let place: RowPlace
    /// Within the row; 0 where the row is left out.
    let order: Int
    let reason: String
    let subject: String
}

/// Which column holds which field.
struct RegisterPlan: Sendable {
    let encoding: TextEncoding
    let columnCount: Int
    /// In the order of the fields.
    let columns: [Int]
    let isPersons: Bool

    init(table: OpenTable, fields: [String]) throws(Refusal) {
        encoding = table.encoding
        columnCount = table.names.count
        isPersons = fields.count == RegisterFiles.personFields.count
        let places = fields.map { field in
            let headings = [field] + (RegisterFiles.aliases[field] ?? [])
            return table.names.indices.filter { index in
                headings.contains { $0.utf8.elementsEqual(table.names[index].utf8) }
            }
        }
        if let twice = places.firstIndex(where: { $0.count > 1 }) {
            throw Refusal(.duplicateColumn, field: fields[twice])
        }
        if let absent = places.firstIndex(where: \.isEmpty) { throw Refusal(.missingColumn, field: fields[absent]) }
        columns = places.map { $0[0] }
    }

    /// Adds a cell's trimmed text to a column.
    fileprivate func append(_ batch: TableBatch, _ row: TableRow, _ field: Int, to column: inout StringColumn) {
        let trimmed = WhiteSpace.trimmed(batch.cell(row, columns[field]).raw, encoding)
        if encoding == .utf8 {
            column.append(trimmed.assumingMemoryBound(to: UInt8.self))
        } else {
            column.append(encoding.decode(trimmed).utf8)
        }
    }
}

/// Takes in the rows of one part of a register file.
///
/// Sendable because one thread fills it and another reads it only after that.
final class RegisterPartReader: TablePartReader, @unchecked Sendable {
    private(set) var rows: RegisterRows

    init(plan: RegisterPlan) {
        rows = RegisterRows(plan: plan)
    }

    var identityColumn: Int? { rows.plan.isPersons ? rows.plan.columns[2] : nil }

    func read(_ batch: TableBatch) {
        // Taken out for the length of the batch, so that the compiler sees that nobody else reaches them.
        var rows = RegisterRows(plan: rows.plan)
        swap(&rows, &self.rows)
        rows.read(batch)
        swap(&rows, &self.rows)
    }
}

/// The rows of one part of a register file.
struct RegisterRows: Sendable {
    struct Problem {
        let line: UInt32
        let order: Int
        let reason: String
        let subject: String

        fileprivate func placed(file: Int, firstLine: Int) -> LineProblem {
            LineProblem(
                place: RowPlace(file: file, line: firstLine + Int(line)), order: order, reason: reason,
                subject: subject)
        }
    }

    private(set) var households = HouseholdColumns()
    private(set) var persons = PersonColumns()
    private(set) var texts = StringTable()
    /// The line of each row that is in, within the part.
    private(set) var lines: [UInt32] = []
    private(set) var problems: [Problem] = []
    let plan: RegisterPlan

    init(plan: RegisterPlan) {
        self.plan = plan
    }

    mutating func read(_ batch: TableBatch) {
        IdentityNumber.reader.withFastReader { identity in
            for index in 0..<batch.count {
                let row = batch.rows[index]
                guard Int(row.cellCount) == plan.columnCount else {
                    leaveOut(row, row.cellCount < 0 ? "syntax" : "columns")
                    continue
                }
                guard !batch.cell(row, plan.columns[0]).isAbsent(plan.encoding) else {
                    leaveOut(row, "missing")
                    continue
                }
                if plan.isPersons { addPerson(batch, row, identity) } else { addHousehold(batch, row) }
                lines.append(row.line)
            }
        }
    }

    private mutating func leaveOut(_ row: TableRow, _ reason: String) {
        problems.append(Problem(line: row.line, order: 0, reason: reason, subject: ""))
    }

    private mutating func addHousehold(_ batch: TableBatch, _ row: TableRow) {
        plan.append(batch, row, 0, to: &households.ids)
        households.divisions.append(number(batch, row, 1))
        households.settlements.append(number(batch, row, 2))
        households.categories.append(number(batch, row, 3))
        let income = CellValues.amount(batch.cell(row, plan.columns[4]), plan.encoding)
        if income == Absence.bad { tell(row, 4, "bad_amount", households.ids) }
        households.incomes.append(max(income, Absence.missing))
        let enrolled = CellValues.date(batch.cell(row, plan.columns[5]), plan.encoding)
        if enrolled == Absence.badDate { tell(row, 5, "bad_date", households.ids) }
        households.enrolments.append(enrolled == Absence.badDate ? Absence.missingDate : enrolled)
    }

    private mutating func addPerson(_ batch: TableBatch, _ row: TableRow, _ identity: IdentityNumber.Fast) {
        plan.append(batch, row, 0, to: &persons.ids)
        plan.append(batch, row, 1, to: &persons.households)
        let idNumber = identity.read(batch.cell(row, plan.columns[2]), plan.encoding)
        if idNumber < 0 { tell(row, 2, idNumber == Absence.missing ? "missing" : "bad_id", persons.ids) }
        persons.idNumbers.append(max(idNumber, 0))
        plan.append(batch, row, 3, to: &persons.names)
        persons.sexes.append(number(batch, row, 4))
        let birth = CellValues.date(batch.cell(row, plan.columns[5]), plan.encoding)
        if birth == Absence.badDate { tell(row, 5, "bad_date", persons.ids) }
        persons.birthDates.append(birth == Absence.badDate ? Absence.missingDate : birth)
        persons.relations.append(number(batch, row, 6))
    }

    private mutating func tell(_ row: TableRow, _ order: Int, _ reason: String, _ ids: StringColumn) {
        problems.append(Problem(line: row.line, order: order, reason: reason, subject: ids[ids.count - 1]))
    }

    private mutating func number(_ batch: TableBatch, _ row: TableRow, _ field: Int) -> UInt32 {
        let trimmed = WhiteSpace.trimmed(batch.cell(row, plan.columns[field]).raw, plan.encoding)
        if plan.encoding == .utf8 { return texts.number(of: trimmed.assumingMemoryBound(to: UInt8.self)) }
        return texts.number(of: plan.encoding.decode(trimmed))
    }
}
