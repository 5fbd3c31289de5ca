import ServiceKit
import SocialDomain

/// How claims and sheets are shown.
struct ClaimView {
    let words: Words
    let divisions: DivisionTree

    func table(_ claims: [Claim]) -> Table {
        Table(
            caption: words["subsidy.title"],
            columns: [
                .init(words["subsidy.column.class"]), .init(words["subsidy.column.school"], isMinor: true),
                .init(words["subsidy.column.state"], isShort: true),
                .init(words["subsidy.column.amount"], isFigure: true),
                .init(words["subsidy.column.claim"], isMinor: true),
            ],
            rows: claims.map { claim in
                [
                    .init(claim.classTitle, href: ClaimPages.address(claim.id)), .init(claim.schoolName),
                    .init(words[claim.state.title]), .init(claim.total.spoken), .init(claim.id),
                ]
            },
            emptiness: words["subsidy.empty"])
    }

    func tabs(chosen: ClaimState?, counts: [ClaimState: Int]) -> [Fields] {
        let all = counts.values.reduce(0, +)
        let first: Fields = [
            "href": ClaimPages.path, "name": words["subsidy.all"], "count": Figures.grouped(all),
            "isChosen": chosen == nil,
        ]
        return [first]
            + ClaimState.allCases.compactMap { state in
                let count = counts[state] ?? 0
                guard count > 0 || state == chosen else { return nil }
                return [
                    "href": "\(ClaimPages.path)?state=\(state.rawValue)", "name": words[state.title],
                    "count": Figures.grouped(count), "isChosen": state == chosen,
                ]
            }
    }

    func endedClass(_ ended: ClaimStore.EndedClass) -> Fields {
        [
            "id": "\(ended.id)", "title": ended.title,
            "about": words(
                "subsidy.class.about",
                [
                    "school": ended.schoolName, "day": Figures.date(ended.endsOn, in: words.language),
                    "people": "\(ended.people)",
                ]),
        ]
    }

    func lead(_ claim: Claim, on today: CalendarDate) -> String {
        switch claim.state {
        case .noticed:
            let isOver = claim.noticeUntil.map { today > $0 } ?? false
            return words(
                isOver ? "subsidy.lead.noticeOver" : "subsidy.lead.noticed",
                ["day": claim.noticeUntil.map { Figures.date($0, in: words.language) } ?? ""])
        default: return words["subsidy.lead.\(claim.state.rawValue)"]
        }
    }

    func claim(
        _ claim: Claim, kept: [SubsidyLine], now: SubsidySheet?, signals: [AttendanceSignal]
    ) -> Fields {
        let lines = now?.lines ?? kept
        var fields: Fields = [:]
        fields["address"] = ClaimPages.address(claim.id)
        fields["version"] = "\(claim.version)"
        fields["sheet"] = now?.digest ?? claim.digest
        fields["facts"] = facts(claim, total: now?.total ?? claim.total)
        fields["note"] = claim.note.isEmpty ? nil : claim.note
        fields["lines"] = sheet(lines).fields()
        let changes = now.map { SheetChange.between(kept, $0.lines) } ?? claim.changes
        if !changes.isEmpty {
            let names = Dictionary((kept + lines).map { ($0.enrollment, $0.name) }, uniquingKeysWith: { $1 })
            fields["changed"] = changed(changes, names: names).fields()
        }
        fields["changesTitle"] = words[now == nil ? "subsidy.changes.submitted" : "subsidy.changes.now"]
        if !signals.isEmpty {
            fields["signals"] =
                [
                    "list": signals.map { signal in
                        [
                            "text":
                                "\(Figures.date(ClassMinute.day(signal.startsAt), in: words.language)) \(words[signal.sentence])"
                        ] as Fields
                    }
                ] as Fields
        }
        if claim.state == .noticed { fields["noticeHref"] = "/training/notices/\(QueryItems.encoded(claim.id))" }
        return fields
    }

    private func facts(_ claim: Claim, total: Money) -> [Fields] {
        var facts = [
            (words["subsidy.column.state"], words[claim.state.title]), (words["subsidy.total"], total.spoken),
            (words["subsidy.column.school"], claim.schoolName),
            (
                words["subsidy.trade"],
                "\(claim.trade) · \(words[(SkillLevel(rawValue: claim.level) ?? .special).title])"
            ),
            (words["subsidy.column.claim"], claim.id),
        ]
        if let year = claim.budgetYear {
            let name = divisions.pathName(ofDigits: claim.budgetDivision)
            facts.append((words["subsidy.budget"], "\(name.isEmpty ? claim.budgetDivision : name) \(year)"))
        }
        if let from = claim.noticeFrom, let until = claim.noticeUntil {
            let language = words.language
            facts.append(
                (words["subsidy.notice"], "\(Figures.date(from, in: language)) – \(Figures.date(until, in: language))"))
        }
        return facts.map { ["term": $0.0, "meaning": $0.1] }
    }

    private func sheet(_ lines: [SubsidyLine]) -> Table {
        Table(
            caption: words["subsidy.sheet"],
            columns: [
                .init(words["subsidy.column.name"]), .init(words["subsidy.column.kind"]),
                .init(words["subsidy.column.evidence"]), .init(words["subsidy.column.amount"], isFigure: true),
            ],
            rows: lines.map { line in
                [
                    .init(line.name, note: "L\(line.learner)"), .init(words[line.kind.title]),
                    .init(evidence(line)), amount(line),
                ]
            },
            emptiness: words["subsidy.sheet.empty"])
    }

    private func amount(_ line: SubsidyLine) -> Table.Cell {
        if let rule = line.refusal {
            var note = rule.rawValue
            if let earlier = line.basis.earlier { note += " · \(earlier.joined(separator: ", "))" }
            return .init(words[rule.title], note: note)
        }
        let parts = [
            line.toLearner > .zero ? words("subsidy.toLearner", ["amount": line.toLearner.spoken]) : nil,
            line.toSchool > .zero ? words("subsidy.toSchool", ["amount": line.toSchool.spoken]) : nil,
        ]
        return .init(line.amount.spoken, note: parts.compactMap(\.self).joined(separator: " · "))
    }

    /// What the amount rests on, in one line.
    private func evidence(_ line: SubsidyLine) -> String {
        let basis = line.basis
        if line.kind == .living {
            return words(
                "subsidy.evidence.living",
                [
                    "days": "\(basis.days)", "paid": "\(basis.daysPaid ?? 0)",
                    "rate": Money(fen: basis.perDay ?? 0).spoken,
                ])
        }
        var parts = [
            words("subsidy.evidence.hours", ["hours": "\(basis.hours)", "held": "\(basis.hoursHeld)"]),
            basis.certificate.map { words("subsidy.evidence.certificate", ["number": $0]) }
                ?? words["subsidy.evidence.noCertificate"],
            basis.groups.isEmpty
                ? words["subsidy.evidence.noGroup"] : basis.groups.map { words[$0.title] }.joined(separator: "、"),
        ]
        if let day = basis.revokedOn {
            parts.append(words("subsidy.evidence.revoked", ["day": Figures.date(day, in: words.language)]))
        }
        if basis.lowIncome == "unchecked" { parts.append(words["subsidy.evidence.unchecked"]) }
        parts.append(words("subsidy.evidence.standard", ["amount": Money(fen: basis.standard).spoken]))
        return parts.joined(separator: " · ")
    }

    private func changed(_ changes: [SheetChange], names: [Int64: String]) -> Table {
        func state(_ fen: Int64?, _ rule: SubsidyRule?) -> String {
            guard let fen else { return words["subsidy.changes.none"] }
            return rule.map { words[$0.title] } ?? Money(fen: fen).spoken
        }
        return Table(
            caption: words["subsidy.changes.now"],
            columns: [
                .init(words["subsidy.column.name"]), .init(words["subsidy.column.kind"]),
                .init(words["subsidy.changes.before"]), .init(words["subsidy.changes.after"]),
            ],
            rows: changes.map { change in
                [
                    .init(names[change.enrollment] ?? ""), .init(words[change.kind.title]),
                    .init(state(change.before, change.beforeRule)),
                    .init(
                        state(change.after, change.afterRule),
                        note: change.isEvidenceOnly ? words["subsidy.changes.evidence"] : nil),
                ]
            })
    }
}
