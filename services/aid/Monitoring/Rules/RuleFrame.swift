import SocialDomain

/// Where a frame holds what an expression may name.
enum RuleFrame {
    /// The frame of `when`.
    enum Subject {
        static let category = 0
        static let settlement = 1
        static let division = 2
        static let size = 3
        static let incomePerCapita = 4
        static let monthsEnrolled = 5
        static let age = 6
        static let sex = 7
        static let relation = 8
        /// The parameters follow in the file's order, then the facts.
        static let firstParameter = 9
    }

    /// The frame of `where`.
    enum Row {
        static let age = 0
        static let sex = 1
        static let relation = 2
        /// The kind's fields follow.
        static let firstField = 3
    }

    typealias Variable = ExpressionScope.Variable

    static let household = ExpressionScope.Group(
        variables: [
            "category": Variable(slot: Subject.category, type: .text.orNull),
            "settlement": Variable(slot: Subject.settlement, type: .text.orNull),
            "division": Variable(slot: Subject.division, type: .text.orNull),
            "size": Variable(slot: Subject.size, type: .int),
            "incomePerCapita": Variable(slot: Subject.incomePerCapita, type: .double.orNull),
            "monthsEnrolled": Variable(slot: Subject.monthsEnrolled, type: .int),
        ], allowsHas: true)

    static func person(age: Int, sex: Int, relation: Int) -> ExpressionScope.Group {
        ExpressionScope.Group(
            variables: [
                "age": Variable(slot: age, type: .int.orNull),
                "sex": Variable(slot: sex, type: .text.orNull),
                "relation": Variable(slot: relation, type: .text.orNull),
            ], allowsHas: true)
    }

    /// The names of a fact's `where`: the row's own fields, if there is a feed, and `person`.
    static func rowScope(of kind: FeedKind?, facts: [String]) -> ExpressionScope {
        var scope = ExpressionScope()
        scope.groups["person"] = person(age: Row.age, sex: Row.sex, relation: Row.relation)
        for (index, field) in (kind?.fields ?? []).enumerated() {
            scope.variables[field.name] = Variable(slot: Row.firstField + index, type: field.type.valueType)
        }
        for name in facts + ["household", "param"] {
            scope.elsewhere[name] = LocalizedText(
                zh: "where 中不能使用“\(name)”，只能使用该行的字段和 person",
                en: "unknown name '\(name)': where sees the row's own fields and person only")
        }
        return scope
    }
}
