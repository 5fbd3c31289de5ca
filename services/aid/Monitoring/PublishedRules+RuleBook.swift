import SocialDomain

extension PublishedRules {
    /// The rules of a file that was read and checked, put into words.
    init(_ book: RuleBook) {
        self.init(
            version: book.version,
            feeds: book.kinds.kinds.map { kind in
                Feed(name: kind.name, title: kind.title, fields: kind.fields.map { ($0.name, $0.title) })
            },
            parameters: book.parameters.map {
                Parameter(name: $0.name, defaultValue: $0.defaultValue, byDivision: $0.byDivision)
            },
            facts: book.facts.map { Fact(name: $0.name, wording: $0.wording(in: book.kinds)) },
            indicators: book.indicators.map {
                Indicator(
                    id: $0.id, title: $0.title, direction: $0.direction.rawValue, scope: $0.scope.rawValue,
                    expression: $0.source, points: $0.points)
            },
            tiers: Direction.allCases.compactMap { direction in
                book.tiers[direction].map {
                    Thresholds(direction: direction.rawValue, red: $0.red, orange: $0.orange, yellow: $0.yellow)
                }
            })
    }
}

extension FactDefinition {
    /// `近12个月医疗费用的个人负担费用合计`: window, feed, field and function.
    fileprivate func wording(in kinds: FeedKindCatalogue) -> LocalizedText {
        guard case .feed(let index) = source else {
            return LocalizedText(zh: "符合条件的家庭成员人数", en: "members who meet the condition")
        }
        let kind = kinds.kinds[index]
        let field = function.field.map { kind.fields[$0].title }
        let what =
            switch function {
            case .countRows: LocalizedText(zh: "记录条数", en: "number of rows of")
            case .countPersons: LocalizedText(zh: "涉及人数", en: "number of persons in")
            case .countMembers: LocalizedText(zh: "成员人数", en: "number of members in")
            case .sum: LocalizedText(zh: "\(field?.zh ?? "")合计", en: "sum of “\(field?.en ?? "")” in")
            case .max: LocalizedText(zh: "\(field?.zh ?? "")最高值", en: "greatest “\(field?.en ?? "")” in")
            case .min: LocalizedText(zh: "\(field?.zh ?? "")最低值", en: "least “\(field?.en ?? "")” in")
            }
        let window =
            months.map { LocalizedText(zh: "近\($0)个月", en: ", last \($0) months") } ?? LocalizedText(zh: "", en: "")
        let rows = LocalizedText(
            zh: (latest ? "（每人最近一条）" : "") + (condition == nil ? "" : "（符合条件的）"),
            en: (latest ? ", each person's latest row" : "")
                + (condition == nil ? "" : ", rows that meet the condition"))
        return LocalizedText(
            zh: "\(window.zh)\(kind.title.zh)\(rows.zh)\(what.zh)",
            en: "\(what.en) \(kind.title.en)\(window.en)\(rows.en)")
    }
}
