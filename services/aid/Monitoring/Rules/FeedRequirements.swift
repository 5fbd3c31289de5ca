/// Which columns of a feed kind the rules need, and what the lack of one in a row means.
struct FeedRequirements: Hashable, Sendable {
    /// Required as a column and in every row, in the table's order; holds the date column only where that is in the
    /// key or named in `where`.
    let requiredFields: [Int]
    /// A file without the date column is refused.
    let isDateColumnRequired: Bool
    /// Where the file has the date column, it is parsed: an impossible date rejects the row.
    let isDateParsed: Bool
    /// A row without a date is rejected.
    let rejectsAbsentDate: Bool
    /// Indices of the facts that read the kind, in the file's order.
    let facts: [Int]
}

extension RuleBook {
    func requirements(forKind index: Int) -> FeedRequirements {
        let kind = kinds.kinds[index]
        let readers = facts.indices.filter { facts[$0].source == .feed(index) }
        var required: Set<Int> = [kind.idField]
        required.formUnion(kind.key)
        for fact in readers.map({ facts[$0] }) {
            if let field = fact.function.field { required.insert(field) }
            let named = fact.condition?.slots ?? []
            required.formUnion(named.map { $0 - RuleFrame.Row.firstField }.filter { $0 >= 0 })
        }
        let isDateRequired = kind.dateField.map { required.contains($0) } ?? false
        let needsDate = readers.contains { facts[$0].months != nil || facts[$0].latest }
        return FeedRequirements(
            requiredFields: required.sorted(), isDateColumnRequired: isDateRequired || needsDate,
            isDateParsed: kind.dateField != nil && (isDateRequired || !readers.isEmpty),
            rejectsAbsentDate: isDateRequired, facts: readers)
    }
}
