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
        var householdLines: [RowPlace] = []
        var personLines: [RowPlace] = []

        for (number, table) in try read(households, householdFields, threads, control) {
            for part in table.parts {
                householdLines += part.reader.lines.map { RowPlace(file: number, line: part.firstLine + Int($0)) }
                problems += part.reader.problems.map { $0.placed(file: number, firstLine: part.firstLine) }
                builder.append(part.reader.households, texts: part.reader.texts.texts)
            }
        }
        for (number, table) in try read(persons, personFields, threads, control) {
            let file = households.count + number
            for part in table.parts {
                personLines += part.reader.lines.map { RowPlace(file: file, line: part.firstLine + Int($0)) }
                problems += part.reader.problems.map { $0.placed(file: file, firstLine: part.firstLine) }
                builder.append(part.reader.persons, texts: part.reader.texts.texts)
            }
        }
        let names = (households + persons).map(\.name)
        let householdIDs = builder.households.ids
        let personIDs = builder.persons.ids
        return try builder.build(personsFile: persons[0].name) { leftHouseholds, leftPersons in
            var left = Set<RowPlace>()
            for (row, _) in leftHouseholds {
                left.insert(householdLines[row])
                problems.append(
                    LineProblem(place: householdLines[row], order: 0, reason: "duplicate", subject: householdIDs[row]))
            }
            for (row, why) in leftPersons {
                left.insert(personLines[row])
                problems.append(
                    LineProblem(
                        place: personLines[row], order: 0,
                        reason: why == .duplicate ? "duplicate" : "unknown_household", subject: personIDs[row]))
            }
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
}

/// Takes in the rows of one part of a register file.
///
/// Sendable because one thread fills it and another reads it only after that.
final class RegisterPartReader: TablePartReader, @unchecked Sendable {
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
    private let plan: RegisterPlan

    init(plan: RegisterPlan) {
        self.plan = plan
    }

    var identityColumn: Int? { plan.isPersons ? plan.columns[2] : nil }

    func read(_ batch: TableBatch) {
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

    private func leaveOut(_ row: TableRow, _ reason: String) {
        problems.append(Problem(line: row.line, order: 0, reason: reason, subject: ""))
    }

    private func addHousehold(_ batch: TableBatch, _ row: TableRow) {
        append(batch, row, 0, to: &households.ids)
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

    private func addPerson(_ batch: TableBatch, _ row: TableRow, _ identity: IdentityNumber.Fast) {
        append(batch, row, 0, to: &persons.ids)
        append(batch, row, 1, to: &persons.households)
        let idNumber = identity.read(batch.cell(row, plan.columns[2]), plan.encoding)
        if idNumber < 0 { tell(row, 2, idNumber == Absence.missing ? "missing" : "bad_id", persons.ids) }
        persons.idNumbers.append(max(idNumber, 0))
        append(batch, row, 3, to: &persons.names)
        persons.sexes.append(number(batch, row, 4))
        let birth = CellValues.date(batch.cell(row, plan.columns[5]), plan.encoding)
        if birth == Absence.badDate { tell(row, 5, "bad_date", persons.ids) }
        persons.birthDates.append(birth == Absence.badDate ? Absence.missingDate : birth)
        persons.relations.append(number(batch, row, 6))
    }

    private func tell(_ row: TableRow, _ order: Int, _ reason: String, _ ids: StringColumn) {
        problems.append(Problem(line: row.line, order: order, reason: reason, subject: ids[ids.count - 1]))
    }

    private func append(_ batch: TableBatch, _ row: TableRow, _ field: Int, to column: inout StringColumn) {
        let trimmed = WhiteSpace.trimmed(batch.cell(row, plan.columns[field]).raw, plan.encoding)
        if plan.encoding == .utf8 {
            column.append(trimmed.assumingMemoryBound(to: UInt8.self))
        } else {
            column.append(plan.encoding.decode(trimmed).utf8)
        }
    }

    private func number(_ batch: TableBatch, _ row: TableRow, _ field: Int) -> UInt32 {
        let trimmed = WhiteSpace.trimmed(batch.cell(row, plan.columns[field]).raw, plan.encoding)
        if plan.encoding == .utf8 { return texts.number(of: trimmed.assumingMemoryBound(to: UInt8.self)) }
        return texts.number(of: plan.encoding.decode(trimmed))
    }
}
