import SocialDomain
import Tabular

/// What a run needs of the rows of one feed kind, whatever their file.
struct KindPlan: Sendable {
    /// A fact over this kind's rows, ready to be tried on a row.
    struct RowFact: Sendable {
        /// The fact's place in the rule book.
        let index: Int
        /// Rows are kept whose date is later than this day number.
        let after: Int32
        let isLatest: Bool
        /// Which of `conditions`, −1 for none.
        let condition: Int
        /// Which of `valueFields` it takes, −1 for counts.
        let value: Int
    }

    let kind: FeedKind
    let facts: PinnedArray<RowFact>
    let conditions: PinnedArray<ProgramRunner>
    private let programs: [Program]
    let asOf: Int32
    /// The fields whose values facts take, in the order in which rows store them.
    let valueFields: [Int]
    /// The fields that conditions name.
    let conditionFields: [Int]
    let required: Set<Int>
    let readsDate: Bool
    let requiresDateColumn: Bool
    let keepsEvidence: Bool

    init(kindIndex: Int, rules: RuleBook, kinds: FeedKindCatalogue, asOf: CalendarDate, keepsEvidence: Bool) {
        kind = kinds.kinds[kindIndex]
        self.asOf = asOf.dayNumber
        self.keepsEvidence = keepsEvidence
        let needs = rules.requirements(forKind: kindIndex)
        var valueFields: [Int] = []
        var facts: [RowFact] = []
        var conditions: [Program] = []
        for index in needs.facts {
            let fact = rules.facts[index]
            var value = -1
            switch fact.function {
            case .sum(let field), .max(let field), .min(let field):
                value = valueFields.firstIndex(of: field) ?? valueFields.count
                if !valueFields.contains(field) { valueFields.append(field) }
            default: break
            }
            if let condition = fact.condition { conditions.append(condition) }
            facts.append(
                RowFact(
                    index: index,
                    after: fact.months.map { asOf.adding(months: -$0).dayNumber } ?? Absence.undated,
                    isLatest: fact.latest, condition: fact.condition == nil ? -1 : conditions.count - 1, value: value))
        }
        self.facts = PinnedArray(facts)
        programs = conditions
        self.conditions = PinnedArray(conditions.map(\.runner))
        self.valueFields = valueFields
        conditionFields = Set(needs.facts.flatMap { rules.facts[$0].condition?.slots ?? [] })
            .map { $0 - RuleFrame.Row.firstField }.filter { $0 >= 0 }.sorted()
        required = Set(needs.requiredFields)
        readsDate = needs.isDateParsed
        requiresDateColumn = needs.isDateColumnRequired
    }

    var maskWords: Int { max(1, (facts.count + 63) / 64) }
}

/// How the rows of one file are read: which column is what, and what is checked in which order.
struct FeedPlan: Sendable {
    struct Check: Sendable {
        let column: Int
        let field: Int
        let type: FeedFieldType
        let isRequired: Bool
        /// Whether this is the date by which facts keep rows.
        let isDate: Bool
    }

    /// A field that a matched row is asked for.
    struct Field: Sendable {
        let field: Int
        let column: Int
        let type: FeedFieldType
    }

    let kind: KindPlan
    let encoding: TextEncoding
    let columns: Int
    let idColumn: Int
    let nameColumn: Int?
    let hasDateColumn: Bool
    let checks: PinnedArray<Check>
    /// The fields of the key, those that conditions name, and those that facts take, in the kind's order.
    let key: PinnedArray<Field>
    let conditionFields: PinnedArray<Field>
    let valueFields: PinnedArray<Int>

    init(_ kind: KindPlan, table: OpenTable) throws(Refusal) {
        self.kind = kind
        encoding = table.encoding
        columns = table.names.count
        var places: [Int?] = []
        var duplicated: Refusal?
        for field in kind.kind.fields {
            let found = table.names.indices.filter { index in
                field.isHeading(table.names[index])
            }
            if found.count > 1 { duplicated = duplicated ?? Refusal(.duplicateColumn, field: field.name) }
            places.append(found.first)
        }
        if let duplicated { throw duplicated }
        for (index, field) in kind.kind.fields.enumerated() where places[index] == nil {
            let isDate = index == kind.kind.dateField
            if kind.required.contains(index) || (isDate && kind.requiresDateColumn) {
                throw Refusal(.missingColumn, field: field.name)
            }
        }
        let idField = kind.kind.idField
        guard let id = places[idField] else { throw Refusal(.missingColumn, field: kind.kind.fields[idField].name) }
        idColumn = id
        nameColumn = kind.kind.nameField.flatMap { places[$0] }
        hasDateColumn = kind.kind.dateField.map { places[$0] != nil } ?? false
        var checks: [Check] = []
        for (index, field) in kind.kind.fields.enumerated() where index != idField {
            let isDate = index == kind.kind.dateField
            let isRequired = kind.required.contains(index)
            guard let column = places[index], isRequired || (isDate && kind.readsDate) else { continue }
            checks.append(
                Check(column: column, field: index, type: field.type, isRequired: isRequired, isDate: isDate))
        }
        self.checks = PinnedArray(checks)
        func fields(_ indices: [Int]) -> PinnedArray<Field> {
            PinnedArray(
                indices.compactMap { index in
                    places[index].map { Field(field: index, column: $0, type: kind.kind.fields[index].type) }
                })
        }
        key = fields(kind.kind.key)
        conditionFields = fields(kind.conditionFields)
        valueFields = PinnedArray(kind.valueFields)
    }
}

extension FeedField {
    /// Whether a column with this heading is the field's; compared by code points.
    func isHeading(_ heading: String) -> Bool {
        heading.utf8.elementsEqual(name.utf8) || aliases.contains { $0.utf8.elementsEqual(heading.utf8) }
    }
}

/// Why a row is not used, as rejects.csv tells it.
enum RejectReason: String, Sendable {
    case syntax
    case columns
    case missing
    case badID = "bad_id"
    case badDate = "bad_date"
    case badAmount = "bad_amount"
    case badNumber = "bad_number"
    case badLevel = "bad_level"
}
