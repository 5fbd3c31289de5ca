import ServiceKit
import SocialDomain

/// Reads an indicator's condition for a subject it held for, part by part, into clauses.
struct ConditionReader {
    let rules: PublishedRules
    let subject: SignalSentence.Subject
    let facts: SignalFacts
    /// What was put into words.
    private(set) var clauses: [LocalizedText] = []
    /// The facts that the clauses speak of.
    private(set) var said: Set<String> = []
    /// Whether every part was.
    private(set) var isComplete = true

    init(rules: PublishedRules, subject: SignalSentence.Subject, facts: SignalFacts) {
        self.rules = rules
        self.subject = subject
        self.facts = facts
    }

    mutating func read(_ expression: String) {
        guard let syntax = try? ExpressionParser.parse(expression) else {
            isComplete = false
            return
        }
        let parts: [Int] = if case .all(let parts) = syntax[syntax.root].kind { parts } else { [syntax.root] }
        for part in parts where !read(part, syntax) { isComplete = false }
    }

    private mutating func read(_ part: Int, _ syntax: ExpressionSyntax) -> Bool {
        switch syntax[part].kind {
        case .comparison(let comparison, let left, let right):
            if isNull(right, syntax) || isNull(left, syntax) { return true }
            return readComparison(comparison, left, right, syntax)
        case .call("has", _, _): return true
        default: return false
        }
    }

    private func isNull(_ index: Int, _ syntax: ExpressionSyntax) -> Bool {
        if case .null = syntax[index].kind { true } else { false }
    }

    private mutating func readComparison(
        _ comparison: ExpressionSyntax.Comparison, _ left: Int, _ right: Int, _ syntax: ExpressionSyntax
    ) -> Bool {
        let names = factNames(left, syntax)
        if names.isEmpty { return readProperty(comparison, left, right, syntax) }
        guard factNames(right, syntax).isEmpty, let limit = value(right, syntax), limit.isFinite else { return false }
        let wording = FactWording(rules: rules)
        // Of a sum only the parts that add something are told.
        let parts = names.filter { names.count == 1 || facts[$0]?.number != 0 }
        var figures = parts.map { wording.figure($0, facts[$0] ?? .absent) }
        if let total = value(left, syntax), total.isFinite,
            parts.count > 1 || parts.count == names.count && !isPlain(left, syntax)
        {
            let amount = wording.limit(names[0], total)
            figures.append(
                dividesBySize(left, syntax)
                    ? LocalizedText(zh: "人均 \(amount.zh)", en: "\(amount.en) a member")
                    : LocalizedText(zh: "合计 \(amount.zh)", en: "together \(amount.en)"))
        }
        said.formUnion(names)
        var clause = LocalizedText(
            zh: figures.map(\.zh).joined(separator: "、"), en: figures.map(\.en).joined(separator: ", "))
        let isSaid = names.count == 1 && facts[names[0]] == Int(exactly: limit).map(FactValue.whole)
        if !isTrivial(comparison, limit), !isSaid {
            let line = line(comparison, wording.limit(names[0], limit))
            let source = limitSource(right, syntax)
            clause = LocalizedText(
                zh: clause.zh + "，" + line.zh + source.zh, en: clause.en + ", " + line.en + source.en)
        }
        clauses.append(clause)
        return true
    }

    /// `> 0`, `>= 1`, `== 0`: the figure alone says it.
    private func isTrivial(_ comparison: ExpressionSyntax.Comparison, _ limit: Double) -> Bool {
        switch comparison {
        case .greater, .equal, .notEqual: limit == 0
        case .greaterOrEqual: limit <= 1
        default: false
        }
    }

    private func line(_ comparison: ExpressionSyntax.Comparison, _ limit: LocalizedText) -> LocalizedText {
        switch comparison {
        case .greaterOrEqual: LocalizedText(zh: "达到 \(limit.zh)", en: "at or above \(limit.en)")
        case .greater: LocalizedText(zh: "超过 \(limit.zh)", en: "above \(limit.en)")
        case .less: LocalizedText(zh: "低于 \(limit.zh)", en: "below \(limit.en)")
        case .lessOrEqual: LocalizedText(zh: "不超过 \(limit.zh)", en: "not above \(limit.en)")
        case .equal, .isIn: LocalizedText(zh: "等于 \(limit.zh)", en: "equal to \(limit.en)")
        case .notEqual: LocalizedText(zh: "不等于 \(limit.zh)", en: "not equal to \(limit.en)")
        }
    }

    /// Where a limit that was worked out comes from.
    private func limitSource(_ index: Int, _ syntax: ExpressionSyntax) -> LocalizedText {
        let text = syntax.text(of: index)
        if text.contains("incomePerCapita") {
            return LocalizedText(zh: "（按家庭年收入计算的线）", en: " (a line drawn from the household's yearly income)")
        }
        if text.contains("dibao") {
            return LocalizedText(zh: "（按当地低保标准计算的线）", en: " (a line drawn from the local dibao standard)")
        }
        return LocalizedText(zh: "", en: "")
    }

    /// Parts about the household or the person, without facts.
    private mutating func readProperty(
        _ comparison: ExpressionSyntax.Comparison, _ left: Int, _ right: Int, _ syntax: ExpressionSyntax
    ) -> Bool {
        guard case .field(let owner, let property) = syntax[left].kind, case .name(let name) = syntax[owner].kind
        else { return false }
        switch (name, property) {
        case ("person", "age"):
            guard let age = subject.age else { return false }
            clauses.append(LocalizedText(zh: "现年 \(age) 岁", en: "aged \(age)"))
        case ("household", "size"):
            if value(right, syntax) == 0 { return true }
            clauses.append(
                subject.size == 1
                    ? LocalizedText(zh: "家中仅一人", en: "lives alone")
                    : LocalizedText(zh: "家中 \(subject.size) 人", en: "members of the household: \(subject.size)"))
        case ("household", "monthsEnrolled"):
            guard let months = subject.monthsEnrolled else { return false }
            clauses.append(LocalizedText(zh: "已纳入 \(months) 个月", en: "in the register for \(months) months"))
        case ("household", "category"):
            guard let category = subject.category else { return false }
            clauses.append(LocalizedText(zh: "类别为\(category.title.zh)", en: "category: \(category.title.en)"))
        case ("household", "settlement"):
            guard let settlement = subject.settlement else { return false }
            clauses.append(LocalizedText(zh: "\(settlement.title.zh)户", en: "\(settlement.title.en) household"))
        case ("household", "incomePerCapita"):
            guard let income = subject.incomePerCapita else { return false }
            clauses.append(
                LocalizedText(
                    zh: "人均月收入 \(Figures.amount(income)) 元",
                    en: "monthly income a member \(Figures.amount(income)) yuan"))
        default: return false
        }
        return true
    }

    private func isPlain(_ index: Int, _ syntax: ExpressionSyntax) -> Bool {
        if case .name = syntax[index].kind { true } else { false }
    }

    private func dividesBySize(_ index: Int, _ syntax: ExpressionSyntax) -> Bool {
        if case .arithmetic(.over, _, let right) = syntax[index].kind {
            syntax.text(of: right).contains("household.size")
        } else {
            false
        }
    }

    private func factNames(_ index: Int, _ syntax: ExpressionSyntax) -> [String] {
        if case .name(let name) = syntax[index].kind { return facts[name] == nil ? [] : [name] }
        var names: [String] = []
        for child in syntax[index].kind.children {
            for name in factNames(child, syntax) where !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// The number that a part comes to for this subject; nil where it cannot be told from what the pages know.
    private func value(_ index: Int, _ syntax: ExpressionSyntax) -> Double? {
        switch syntax[index].kind {
        case .int(let number): return Double(number)
        case .double(let number): return number
        case .name(let name): return facts[name]?.number
        case .negate(let child): return value(child, syntax).map { -$0 }
        case .call(let name, _, let arguments) where name == "double" || name == "int":
            guard arguments.count == 1, let number = value(arguments[0], syntax) else { return nil }
            return name == "int" ? number.rounded(.towardZero) : number
        case .arithmetic(let operation, let left, let right):
            guard let first = value(left, syntax), let second = value(right, syntax) else { return nil }
            switch operation {
            case .plus: return first + second
            case .minus: return first - second
            case .times: return first * second
            case .over: return first / second
            case .modulo: return nil
            }
        case .choice(let condition, let first, let second):
            guard let holds = holds(condition, syntax) else { return nil }
            return value(holds ? first : second, syntax)
        case .field(let owner, let property):
            guard case .name(let name) = syntax[owner].kind else { return nil }
            switch (name, property) {
            case ("param", _): return rules.value(ofParameter: property, division: subject.division)
            case ("household", "size"): return Double(subject.size)
            case ("household", "incomePerCapita"): return subject.incomePerCapita
            case ("household", "monthsEnrolled"): return subject.monthsEnrolled.map(Double.init)
            case ("person", "age"): return subject.age.map(Double.init)
            default: return nil
            }
        default: return nil
        }
    }

    /// Of conditions inside a figure only the category and the settlement are told.
    private func holds(_ index: Int, _ syntax: ExpressionSyntax) -> Bool? {
        guard case .comparison(let comparison, let left, let right) = syntax[index].kind,
            case .field(_, let property) = syntax[left].kind, case .text(let wanted) = syntax[right].kind
        else { return nil }
        let actual =
            property == "settlement"
            ? subject.settlement?.rawValue : property == "category" ? subject.category?.rawValue : nil
        guard let actual else { return nil }
        return switch comparison {
        case .equal: actual == wanted
        case .notEqual: actual != wanted
        default: nil
        }
    }
}
