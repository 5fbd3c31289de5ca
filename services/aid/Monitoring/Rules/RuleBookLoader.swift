import SocialDomain
import Yams

/// Reads a rules file and refuses what cannot be meant.
struct RuleBookLoader {
    private let kinds: FeedKindCatalogue
    private var reader: RuleFileReader

    private var parameters: [RuleParameter] = []
    private var brokenParameters: Set<String> = []
    private var facts: [FactDefinition] = []
    private var brokenFacts: Set<String> = []
    private var indicators: [Indicator] = []
    private var tiers: [Direction: TierThresholds] = [:]

    static func load(yaml: String, file: String, kinds: FeedKindCatalogue) throws(RuleFileError) -> RuleBook {
        var loader = RuleBookLoader(kinds: kinds, reader: RuleFileReader(file: file, yaml: yaml))
        let root = try loader.reader.root()
        let version = loader.readSections(root)
        try loader.reader.finish()
        let indicators = loader.indicators.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        return RuleBook(
            version: version ?? "", parameters: loader.parameters, facts: loader.facts, indicators: indicators,
            tiers: loader.tiers, kinds: kinds)
    }

    private init(kinds: FeedKindCatalogue, reader: RuleFileReader) {
        self.kinds = kinds
        self.reader = reader
    }

    private func title(_ both: String) -> LocalizedText { LocalizedText(zh: "\(both) ", en: both) }

    private mutating func readSections(_ root: Node) -> String? {
        guard
            let sections = reader.members(
                of: root, called: LocalizedText(zh: "规则文件", en: "the rules file"), required: ["version", "indicators"],
                optional: ["parameters", "facts", "tiers"])
        else { return nil }
        let version = sections["version"].flatMap { reader.text($0, called: title("version")) }
        if let node = sections["parameters"], !reader.isNothing(node) { readParameters(node) }
        if let node = sections["facts"], !reader.isNothing(node) { readFacts(node) }
        var brokenTiers: Set<String> = []
        if let node = sections["tiers"], !reader.isNothing(node) { brokenTiers = readTiers(node) }
        if let node = sections["indicators"] { readIndicators(node, brokenTiers: brokenTiers) }
        return version
    }

    /// Whether a parameter or a fact may be called so.
    private mutating func isName(_ entry: RuleFileReader.Entry) -> Bool {
        if ReservedWord.isName(entry.key) { return true }
        if ReservedWord.all.contains(entry.key) {
            reader.fault(at: entry.keyNode, zh: "“\(entry.key)”是保留字", en: "'\(entry.key)' is a reserved word")
        } else {
            reader.fault(
                at: entry.keyNode, zh: "名称“\(entry.key)”应由拉丁字母、数字和下划线组成，且不以数字开头",
                en: "the name '\(entry.key)' has to be of Latin letters, digits and _, a letter first")
        }
        return false
    }

    // MARK: Parameters

    private mutating func readParameters(_ node: Node) {
        for entry in reader.entries(of: node, called: title("parameters")) ?? [] {
            guard isName(entry), let parameter = parameter(entry) else {
                brokenParameters.insert(entry.key)
                continue
            }
            parameters.append(parameter)
        }
    }

    private mutating func parameter(_ entry: RuleFileReader.Entry) -> RuleParameter? {
        let called = LocalizedText(zh: "参数 \(entry.key) ", en: "the parameter \(entry.key)")
        guard let values = reader.entries(of: entry.value, called: called) else { return nil }
        var defaultValue: Double?
        var byDivision: [(prefix: String, value: Double)] = []
        for value in values {
            let number = reader.decimal(value.value, called: LocalizedText(zh: "参数值", en: "a parameter's value"))
            if value.key == "default" {
                defaultValue = number ?? 0
            } else if (1...12).contains(value.key.utf8.count), value.key.utf8.allSatisfy(ReservedWord.isDigit) {
                byDivision.append((value.key, number ?? 0))
            } else {
                reader.fault(
                    at: value.keyNode, zh: "\(called.zh)的键应为 default 或区划代码的开头数字，不是“\(value.key)”",
                    en: "\(called.en) takes default and the first digits of division codes, not '\(value.key)'")
            }
        }
        guard let defaultValue else {
            reader.fault(at: entry.keyNode, zh: "\(called.zh)缺少 default", en: "\(called.en) lacks 'default'")
            return nil
        }
        byDivision.sort { ($1.prefix.utf8.count, $0.prefix) < ($0.prefix.utf8.count, $1.prefix) }
        return RuleParameter(name: entry.key, defaultValue: defaultValue, byDivision: byDivision)
    }

    // MARK: Facts

    private mutating func readFacts(_ node: Node) {
        let entries = reader.entries(of: node, called: title("facts")) ?? []
        for entry in entries {
            guard isFactName(entry), let fact = fact(entry, allNames: entries.map(\.key)) else {
                brokenFacts.insert(entry.key)
                continue
            }
            facts.append(fact)
        }
    }

    private mutating func isFactName(_ entry: RuleFileReader.Entry) -> Bool {
        guard isName(entry) else { return false }
        guard !["household", "person", "param"].contains(entry.key) else {
            reader.fault(
                at: entry.keyNode, zh: "事实不能叫“\(entry.key)”，此名称另有用途",
                en: "a fact cannot be called '\(entry.key)': the name is taken")
            return false
        }
        return true
    }

    private mutating func fact(_ entry: RuleFileReader.Entry, allNames: [String]) -> FactDefinition? {
        let called = LocalizedText(zh: "事实 \(entry.key) ", en: "the fact \(entry.key)")
        let before = reader.faults.count
        guard
            let members = reader.members(
                of: entry.value, called: called, required: [],
                optional: ["feed", "count", "sum", "max", "min", "months", "latest", "where"])
        else { return nil }
        let functions = ["count", "sum", "max", "min"].filter { members[$0] != nil }
        guard functions.count == 1, let name = functions.first, let argument = members[name] else {
            reader.fault(
                at: entry.keyNode, zh: "\(called.zh)应有 count、sum、max、min 中的一个",
                en: "\(called.en) needs exactly one of count, sum, max, min")
            return nil
        }
        if name == "count", argument.scalar?.string == "members" {
            for key in ["feed", "months", "latest"] {
                guard let node = members[key] else { continue }
                reader.fault(at: node, zh: "count: members 不能带 \(key)", en: "count: members does not take '\(key)'")
            }
            let scope = RuleFrame.rowScope(of: nil, facts: allNames)
            let condition = members["where"].flatMap { reader.condition($0, in: scope, called: title("where")) }
            guard reader.faults.count == before else { return nil }
            return FactDefinition(
                name: entry.key, source: .members, function: .countMembers, months: nil, latest: false,
                condition: condition, valueType: .int)
        }
        guard let feed = feed(members["feed"], of: called, at: entry.keyNode) else { return nil }
        let kind = kinds.kinds[feed]
        let function = function(name, argument, kind)
        let months = members["months"].flatMap { reader.wholeNumber($0, called: title("months")) }
        let latest = members["latest"].flatMap { reader.bool($0, called: title("latest")) } ?? false
        if kind.dateField == nil, let node = members["months"] ?? (latest ? members["latest"] : nil) {
            reader.fault(
                at: node, zh: "数据 \(kind.name) 没有日期列", en: "the feed \(kind.name) has no date column")
        }
        let scope = RuleFrame.rowScope(of: kind, facts: allNames)
        let condition = members["where"].flatMap { reader.condition($0, in: scope, called: title("where")) }
        guard reader.faults.count == before, let function else { return nil }
        let type = function.field.map { kind.fields[$0].type }
        return FactDefinition(
            name: entry.key, source: .feed(feed), function: function,
            // Dates begin with the year 1: more months than the calendar has keep what all of them keep.
            months: months.map { min($0, 120_000) }, latest: latest, condition: condition,
            valueType: type == .money || type == .area ? .hundredths : .int)
    }

    private mutating func feed(_ node: Node?, of called: LocalizedText, at place: Node) -> Int? {
        guard let node else {
            reader.fault(at: place, zh: "\(called.zh)缺少“feed”", en: "\(called.en) lacks 'feed'")
            return nil
        }
        let name = node.scalar?.string ?? ""
        if let index = kinds.kind(named: name) { return index }
        let near = Spelling.nearest(to: name, among: kinds.kinds.map(\.name))
        reader.fault(
            at: node, zh: "没有数据种类“\(name)”" + (near.map { "，是否为 \($0)？" } ?? ""),
            en: "there is no feed '\(name)'" + (near.map { "; did you mean \($0)?" } ?? ""))
        return nil
    }

    private mutating func function(_ name: String, _ argument: Node, _ kind: FeedKind) -> FactFunction? {
        if name == "count" {
            switch reader.choice(argument, called: title("count"), among: ["rows", "persons", "members"]) {
            case "rows": return .countRows
            case "persons": return .countPersons
            default: return nil
            }
        }
        let fieldName = argument.scalar?.string ?? ""
        guard let field = kind.field(named: fieldName) else {
            let near = Spelling.nearest(to: fieldName, among: kind.fields.map(\.name))
            reader.fault(
                at: argument, zh: "数据 \(kind.name) 没有字段“\(fieldName)”" + (near.map { "，是否为 \($0)？" } ?? ""),
                en: "the feed \(kind.name) has no field '\(fieldName)'" + (near.map { "; did you mean \($0)?" } ?? ""))
            return nil
        }
        guard kind.fields[field].type.isNumber else {
            reader.fault(
                at: argument, zh: "\(name) 只能用于金额、面积和等级，\(fieldName) 是 \(kind.fields[field].type.rawValue)",
                en: "\(name) takes money, area and level only; \(fieldName) is \(kind.fields[field].type.rawValue)")
            return nil
        }
        switch name {
        case "sum": return .sum(field)
        case "max": return .max(field)
        default: return .min(field)
        }
    }

    // MARK: Indicators

    private mutating func readIndicators(_ node: Node, brokenTiers: Set<String>) {
        guard let nodes = node.sequence else {
            reader.fault(at: node, zh: "indicators 应为列表", en: "indicators has to be a list")
            return
        }
        let scopes = (household: subjectScope(.household), person: subjectScope(.person))
        var ids: Set<[UInt8]> = []
        var untold = Set(Direction.allCases.filter { tiers[$0] == nil && !brokenTiers.contains($0.rawValue) })
        for node in nodes {
            let keys = ["id", "title", "direction", "scope", "when", "points"]
            guard
                let members = reader.members(
                    of: node, called: LocalizedText(zh: "指标", en: "the indicator"), required: keys)
            else { continue }
            let id = members["id"].flatMap { reader.text($0, called: title("id")) }
            // By code points: Swift's == takes é composed and decomposed for one.
            if let id, let place = members["id"], !ids.insert(Array(id.utf8)).inserted {
                reader.fault(at: place, zh: "指标“\(id)”重复出现", en: "the indicator '\(id)' stands here twice")
            }
            let name = members["title"].flatMap { reader.localizedText($0, called: title("title")) }
            let direction = members["direction"]
                .flatMap {
                    reader.choice($0, called: title("direction"), among: Direction.allCases.map(\.rawValue))
                }
                .flatMap(Direction.init(rawValue:))
            if let direction, let place = members["direction"], untold.remove(direction) != nil {
                reader.fault(
                    at: place, zh: "tiers 中没有 \(direction.rawValue) 的等级",
                    en: "tiers has no thresholds for '\(direction.rawValue)'")
            }
            let scope = members["scope"]
                .flatMap {
                    reader.choice($0, called: title("scope"), among: IndicatorScope.allCases.map(\.rawValue))
                }
                .flatMap(IndicatorScope.init(rawValue:))
            let points = members["points"].flatMap { reader.wholeNumber($0, called: title("points")) }
            guard let scope else { continue }
            let names = scope == .person ? scopes.person : scopes.household
            let condition = members["when"].flatMap { reader.condition($0, in: names, called: title("when")) }
            guard let id, let name, let direction, let points, let condition else { continue }
            add(id, name, direction, scope, condition, points)
        }
    }

    private mutating func add(
        _ id: String, _ title: LocalizedText, _ direction: Direction, _ scope: IndicatorScope, _ condition: Program,
        _ points: Int
    ) {
        let firstFact = RuleFrame.Subject.firstParameter + parameters.count
        let named = condition.slots.filter { $0 >= firstFact }.map { $0 - firstFact }
        let used = condition.slots.filter { RuleFrame.Subject.firstParameter..<firstFact ~= $0 }
        indicators.append(
            Indicator(
                id: id, title: title, direction: direction, scope: scope, source: condition.source,
                condition: condition, points: points,
                facts: named.sorted { facts[$0].name.utf8.lexicographicallyPrecedes(facts[$1].name.utf8) },
                registerNames: zip(condition.names, condition.slots).filter { $0.1 < firstFact }.map(\.0),
                parameters: used.map { $0 - RuleFrame.Subject.firstParameter }.sorted()))
    }

    private func subjectScope(_ kind: IndicatorScope) -> ExpressionScope {
        typealias Subject = RuleFrame.Subject
        var scope = ExpressionScope()
        scope.groups["household"] = RuleFrame.household
        switch kind {
        case .person:
            scope.groups["person"] = RuleFrame.person(
                age: Subject.age, sex: Subject.sex, relation: Subject.relation)
        case .household:
            scope.elsewhere["person"] = LocalizedText(
                zh: "范围为 household 的指标中没有 person", en: "unknown name 'person': it is in scope where scope is person")
        }
        var group = ExpressionScope.Group(broken: brokenParameters)
        for (index, parameter) in parameters.enumerated() {
            group.variables[parameter.name] = ExpressionScope.Variable(
                slot: Subject.firstParameter + index, type: .double)
        }
        scope.groups["param"] = group
        let firstFact = Subject.firstParameter + parameters.count
        for (index, fact) in facts.enumerated() {
            var type: ValueType = fact.valueType == .hundredths ? .double : .int
            type.isNullable = fact.isNullable
            scope.variables[fact.name] = ExpressionScope.Variable(slot: firstFact + index, type: type)
        }
        scope.broken = brokenFacts
        return scope
    }

    // MARK: Tiers

    /// Reads the tiers and returns the directions whose thresholds are at fault.
    private mutating func readTiers(_ node: Node) -> Set<String> {
        let known = Direction.allCases.map(\.rawValue)
        guard let members = reader.members(of: node, called: title("tiers"), required: [], optional: known) else {
            return Set(known)
        }
        var broken: Set<String> = []
        for direction in Direction.allCases {
            guard let node = members[direction.rawValue] else { continue }
            if let thresholds = thresholds(node, of: direction) {
                tiers[direction] = thresholds
            } else {
                broken.insert(direction.rawValue)
            }
        }
        return broken
    }

    private mutating func thresholds(_ node: Node, of direction: Direction) -> TierThresholds? {
        let called = LocalizedText(zh: "tiers.\(direction.rawValue) ", en: "tiers.\(direction.rawValue)")
        guard let members = reader.members(of: node, called: called, required: Tier.allCases.map(\.rawValue)) else {
            return nil
        }
        let values = Tier.allCases.map { tier in
            members[tier.rawValue].flatMap { reader.wholeNumber($0, called: title(tier.rawValue)) }
        }
        guard let red = values[0], let orange = values[1], let yellow = values[2] else { return nil }
        guard red > orange, orange > yellow else {
            let place = (orange < red ? members["yellow"] : members["orange"]) ?? node
            reader.fault(
                at: place, zh: "等级阈值应依 red、orange、yellow 递减",
                en: "the thresholds have to descend from red over orange to yellow")
            return nil
        }
        return TierThresholds(red: red, orange: orange, yellow: yellow)
    }
}
