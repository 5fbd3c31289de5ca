import ServiceKit
import SocialDomain

/// One household in words: who, where, since when, what matters, and why.
struct HouseholdView {
    let story: HouseholdStory
    let rules: PublishedRules
    let divisions: DivisionTree
    let today: CalendarDate
    let words: Words
    var mayAskTraining = false
    /// A closing that was refused stands beside its form.
    var refused: RefusedClosing?

    private var head: HouseholdMember? { story.members.first { $0.relation == "head" } ?? story.members.first }

    var title: String {
        guard let head, !head.name.isEmpty else { return words("household.title.id", ["id": story.id]) }
        return words("household.title", ["name": head.name])
    }

    var lead: String {
        guard story.isRegistered else { return words["household.gone"] }
        return [
            story.id, category, divisions.placeName(ofDigits: story.division),
            story.enrolledOn.map { words("household.since", ["date": Figures.date($0, in: words.language)]) },
        ].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " · ")
    }

    private var category: String {
        HouseholdCategory(rawValue: story.category).map { words[$0.title] } ?? story.category
    }

    func fields() -> Fields {
        var fields: Fields = [
            "householdID": story.id,
            "encodedID": QueryItems.encoded(story.id),
            "alerts": story.alerts.filter { $0.state != "closed" }.map(alert),
            "members": members().fields(),
            "portrait": portrait().map { ["term": $0.0, "meaning": $0.1] as Fields },
            "changes": story.changes.map(change),
        ]
        if story.alerts.allSatisfy({ $0.state == "closed" }) { fields["noAlert"] = words["household.noAlert"] }
        if story.changes.isEmpty { fields["noChange"] = words["household.noChange"] }
        fields["otherEvidence"] = otherEvidence()
        fields["chain"] = RescueView(entries: story.chain, members: story.members, words: words).lines()
        if story.chain.isEmpty { fields["noChain"] = words["chain.none"] }
        fields["training"] = training()
        return fields
    }

    // MARK: - Alerts

    private func alert(_ alert: HouseholdStory.Alert) -> Fields {
        var fields: Fields = [
            "alertID": "\(alert.id)",
            "tierBadge": AlertTerms.badge(alert.tier, words),
            "tierStyle": AlertTerms.tone(ofTier: alert.tier).style,
            "alertTitle": words["household.alert.\(alert.direction)"],
            "alertPoints": words("household.points", ["n": "\(alert.points)"]),
            "alertOpened": words("household.opened", ["date": Figures.day(alert.openedAt, in: words.language)]),
            "signals": alert.signals.map(signal),
        ]
        if alert.state == "cleared" {
            var closing: Fields = ["clearedID": "\(alert.id)"]
            if let refused, refused.alert == alert.id {
                closing["closeFault"] = words[refused.why]
                closing["closeNote"] = refused.note
            }
            fields["cleared"] = closing
        }
        return fields
    }

    private func signal(_ signal: HouseholdStory.Signal) -> Fields {
        let sentence = SignalSentence(rules: rules, subject: subject(signal.subject))
            .sentence(indicator: signal.indicator, facts: signal.facts)
        let indicator = rules.indicator(signal.indicator)
        var fields: Fields = [
            "signalTitle": indicator.map { words[$0.title] } ?? signal.indicator,
            "signalPoints": words("household.points", ["n": "\(signal.points)"]),
            "sentence": sentence[words.language],
            "sentenceTag": words.language.tag,
            "otherSentence": sentence[words.language.other],
            "otherTag": words.language.other.tag,
        ]
        let rows = evidence(signal)
        if !rows.isEmpty {
            fields["evidence"] =
                [
                    "evidenceTitle": words("household.evidence", ["n": "\(rows.count)"]),
                    "evidenceTable": evidenceTable(rows).fields(),
                ] as Fields
        }
        return fields
    }

    private func subject(_ id: String) -> SignalSentence.Subject {
        let person = story.members.first { $0.id == id }
        return SignalSentence.Subject(
            size: story.members.count, incomePerCapita: story.incomePerCapita?.yuan,
            category: HouseholdCategory(rawValue: story.category), settlement: Settlement(rawValue: story.settlement),
            division: story.division, monthsEnrolled: story.enrolledOn.map { $0.fullMonths(until: today) },
            name: person.map { $0.name.isEmpty ? $0.id : $0.name }, age: person?.age(on: today))
    }

    /// The rows that the signal's facts took in: of the person, where it speaks of one.
    private func evidence(_ signal: HouseholdStory.Signal) -> [EvidenceRow] {
        let isPersons = story.members.contains { $0.id == signal.subject }
        return story.evidence.filter { row in
            row.facts.contains { signal.facts[$0] != nil } && (!isPersons || row.person == signal.subject)
        }
    }

    /// Matched rows that no signal stands on.
    private func otherEvidence() -> Fields? {
        let used = Set(story.alerts.flatMap(\.signals).flatMap { evidence($0).map { "\($0.file):\($0.line)" } })
        let rows = story.evidence.filter { !used.contains("\($0.file):\($0.line)") }
        guard !rows.isEmpty else { return nil }
        return [
            "otherTitle": words("household.otherEvidence", ["n": "\(rows.count)"]),
            "otherTable": evidenceTable(rows).fields(),
        ]
    }

    private func evidenceTable(_ rows: [EvidenceRow]) -> Table {
        Table(
            caption: words["household.evidence.caption"],
            columns: [
                .init(words["evidence.feed"]), .init(words["evidence.person"], isShort: true),
                .init(words["evidence.date"], isShort: true), .init(words["evidence.values"]),
                .init(words["evidence.source"]),
            ],
            rows: rows.sorted { ($0.date ?? "", $0.file, $0.line) > ($1.date ?? "", $1.file, $1.line) }.map { row in
                [
                    .init(words[rules.feedTitle(row.feed)]),
                    .init(story.members.first { $0.id == row.person }?.name ?? row.person),
                    .init(row.date.map { Figures.date($0, in: words.language) } ?? "–"),
                    .init(values(row)),
                    .init(words("evidence.line", ["file": row.file, "line": Figures.grouped(row.line)])),
                ]
            })
    }

    private func values(_ row: EvidenceRow) -> String {
        let fields = rules.feeds.first { $0.name == row.feed }?.fields.map(\.name) ?? []
        func place(_ name: String) -> Int { fields.firstIndex(of: name) ?? fields.count }
        // The number, the name and the date have columns of their own.
        let all = row.key.merging(row.values) { _, value in value }.filter { $0.key != "id_number" && $0.key != "name" }
        return all.sorted { (place($0.key), $0.key) < (place($1.key), $1.key) }.compactMap { name, value in
            let title = words[rules.fieldTitle(name, feed: row.feed)]
            switch value {
            case .text(let text): return text == row.date || text.isEmpty ? nil : "\(title) \(text)"
            case .number(let number): return "\(title) \(Figures.amount(number))"
            case .absent: return nil
            }
        }.joined(separator: words["list.comma"])
    }

    // MARK: - People

    private func members() -> Table {
        Table(
            caption: words["household.members"],
            columns: [
                .init(words["column.name"]), .init(words["column.relation"]), .init(words["column.sex"]),
                .init(words["column.age"], isFigure: true), .init(words["column.idNumber"], isFigure: true),
            ],
            rows: story.members.map { member in
                [
                    .init(member.name.isEmpty ? "–" : member.name, note: member.id),
                    .init(Relation(rawValue: member.relation).map { words[$0.title] } ?? member.relation),
                    .init(Sex(rawValue: member.sex).map { words[$0.title] } ?? member.sex),
                    .init(member.age(on: today).map(String.init) ?? "–"),
                    .init(member.idNumber ?? words["household.noNumber"]),
                ]
            },
            emptiness: words["household.noMembers"])
    }

    /// The members for whom training may be asked.
    private func training() -> Fields? {
        guard mayAskTraining, let asked = story.trainingAsked,
            HouseholdCategory(rawValue: story.category)?.isCovered == true
        else { return nil }
        let people = story.members.filter { member in
            !asked.contains(member.id) && member.age(on: today).map(TrainingNeed.ages.contains) == true
        }
        guard !people.isEmpty else { return nil }
        return [
            "people": people.map {
                ["value": $0.id, "name": $0.name.isEmpty ? $0.id : $0.name] as Fields
            }
        ]
    }

    private func portrait() -> [(String, String)] {
        var lines: [(String, String)] = []
        func add(_ key: String, _ value: String?) {
            if let value, !value.isEmpty { lines.append((words[key], value)) }
        }
        add("portrait.category", category)
        add("portrait.settlement", Settlement(rawValue: story.settlement).map { words[$0.title] } ?? story.settlement)
        add("portrait.division", divisions.placeName(ofDigits: story.division))
        add("portrait.size", words("portrait.persons", ["n": "\(story.members.count)"]))
        add("portrait.income", story.incomePerCapita.map { words("portrait.yuan", ["n": Figures.amount($0.yuan)]) })
        add(
            "portrait.enrolled",
            story.enrolledOn.map {
                words(
                    "portrait.months",
                    ["date": Figures.date($0, in: words.language), "n": Figures.grouped($0.fullMonths(until: today))])
            })
        let ages = story.members.compactMap { $0.age(on: today) }
        let (children, elders) = (ages.filter { $0 < 18 }.count, ages.filter { $0 >= 60 }.count)
        if children > 0 { add("portrait.minors", words("portrait.persons", ["n": "\(children)"])) }
        if elders > 0 { add("portrait.elders", words("portrait.persons", ["n": "\(elders)"])) }
        let feeds = Dictionary(grouping: story.evidence, by: \.feed)
        add(
            "portrait.records",
            feeds.keys.sorted().map { feed in
                words("portrait.record", ["feed": words[rules.feedTitle(feed)], "n": "\(feeds[feed]?.count ?? 0)"])
            }.joined(separator: words["list.comma"]))
        return lines
    }

    // MARK: - History

    private func change(_ change: HouseholdStory.Change) -> Fields {
        var fields: Fields = [
            "changeDate": Figures.moment(change.changedAt, in: words.language),
            "changeText": words("change.\(change.change)", ["direction": words["direction.\(change.direction)"]]),
            "changeBadge": AlertTerms.badge(change.tier, words),
            "changePoints": words("household.points", ["n": "\(change.points)"]),
        ]
        fields["changeRun"] = change.run.map {
            ["changeRunHref": "/aid/runs/\($0)", "changeRunName": words("run.name", ["n": "\($0)"])] as Fields
        }
        fields["changeNote"] = change.note
        return fields
    }
}
